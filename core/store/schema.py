"""Bringing a database to the newest form, by Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from core.errors import Refused

HEAD = "0002"
_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(writer: sa.Engine) -> None:
    """Creates or upgrades the tables; does nothing (and loads nothing) where they are up to date."""
    try:
        with writer.connect() as connection:
            found = _revision(connection)
            connection.rollback()
    except sa.exc.OperationalError as error:
        raise Refused(f"打不开数据库：{error.orig}。请检查 SHIFAN_DATABASE_URL 和数据库是否已启动。") from None
    if found == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with writer.begin() as connection:
        if writer.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7353)"))  # two servers starting at once
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
