"""Bringing a database to the newest form, by Alembic."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from core.errors import Refused

HEAD = "0006"
_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(writer: sa.Engine) -> None:
    """Creates or upgrades the tables; does nothing (and loads nothing) where they are up to date."""
    if current(writer) == HEAD:
        return
    with writer.begin() as connection:
        migrate(connection)


def current(engine: sa.Engine) -> str | None:
    """The revision of a store, None where it has no tables yet. Refused where the database cannot be opened."""
    try:
        with engine.connect() as connection:
            return revision(connection)
    except sa.exc.OperationalError as error:
        raise Refused(f"打不开数据库：{error.orig}。请检查 SHIFAN_DATABASE_URL 和数据库是否已启动。") from None


def revision(connection: sa.Connection) -> str | None:
    """The revision of a store, on a connection that is open already."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Brings the tables forward to a revision, inside the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.set_main_option("path_separator", "os")
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(7353)"))  # two servers starting at once
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def revisions() -> frozenset[str]:
    """Every form of the tables that this program knows, the oldest to the newest."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions())
