"""Brings a backup back into an empty store: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from core.errors import FileRefused, Refused
from core.intake.snapshots import SnapshotStore
from core.settings import Settings
from core.store import schema
from core.store.engine import open_engines
from core.store.tables import metadata
from core.upkeep.archive import Backup, Manifest, newer, open_backup
from core.upkeep.rows import load


def restore(settings: Settings, file: Path) -> Manifest:
    """Fills the store that `settings` names, SQLite or PostgreSQL, with a backup made on either.

    The whole file is looked through first. Then come the bytes received, where the same bytes twice are one file,
    and last the tables in one transaction: cut short, it is done again from the start. Raises Refused where the
    file is foreign or damaged, or where the store holds anything.
    """
    with open_backup(file) as held:
        if held.manifest.revision not in schema.revisions():
            raise newer(file, held.manifest.program)
        settings.home.mkdir(parents=True, exist_ok=True)
        writer, reader = open_engines(settings.database_url)
        try:
            found = schema.current(writer)
            with writer.connect() as connection:
                _refuse_filled(connection, found, settings)
            snapshots = SnapshotStore(settings.snapshots)
            for sha256 in held.manifest.snapshots:
                snapshots.keep(held.snapshot(sha256), sha256)
            with writer.begin() as connection:
                _fill(connection, held, file, settings)
        except sa.exc.DBAPIError as error:
            raise Refused(
                f"数据库写不进去，没有恢复任何内容。请检查数据库用户的权限和磁盘空间。数据库的原话：{error.orig}"
            ) from error
        finally:
            writer.dispose()
            reader.dispose()
        return held.manifest


def _refuse_filled(connection: sa.Connection, form: str | None, settings: Settings) -> None:
    """Refuses a store in which anything stands, and one that is not ours."""
    there = set(sa.inspect(connection).get_table_names()) & set(metadata.tables)
    tables = [table for table in metadata.sorted_tables if table.name in there]
    empty = not any(
        connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() for table in tables
    )
    if empty and (form in schema.revisions() if form else not there):
        return
    url = sa.make_url(settings.database_url)
    place = f"数据库 {url.database}" if url.get_backend_name() == "postgresql" else str(url.database)
    raise Refused(
        f"{place} 里已经有数据，没有恢复任何内容。要恢复到别处，请把 SHIFAN_HOME 设为新的文件夹，"
        "用 PostgreSQL 的另建一个空库。如果是上一次恢复中途被停止，请先用 shifan verify 核对，完好就是已经恢复了。"
    )


def _fill(connection: sa.Connection, held: Backup, file: Path, settings: Settings) -> None:
    found, wanted = schema.revision(connection), held.manifest.revision
    _refuse_filled(connection, found, settings)
    if found not in (None, wanted):
        schema.migrate(connection)  # so that its tables are those that this program knows how to take away
        _take_away(connection)
    schema.migrate(connection, wanted)
    member = ""
    try:
        with _references_at_the_end(connection):
            for table in held.manifest.tables:
                member = table.member
                load(connection, table.name, table.columns, held.lines(table))
    except (KeyError, ValueError, sa.exc.SQLAlchemyError) as error:
        raise FileRefused(
            str(file), "unfit", f"备份中的 {member} 写不进这个数据库，没有恢复任何内容。请换一份备份。"
        ) from error
    schema.migrate(connection)
    _set_sequences(connection)


def _take_away(connection: sa.Connection) -> None:
    """Removes the tables of an empty store, and on PostgreSQL the functions that their triggers call."""
    functions: list[str] = []
    if connection.dialect.name == "postgresql":
        of_triggers = sa.text(
            "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger WHERE NOT tgisinternal "
            "AND tgrelid IN (SELECT to_regclass(name) FROM unnest(CAST(:names AS text[])) AS name)"
        )
        functions = list(connection.execute(of_triggers, {"names": list(metadata.tables)}).scalars())
    metadata.drop_all(connection)
    connection.execute(sa.text("DROP TABLE alembic_version"))
    for function in functions:
        connection.execute(sa.text(f"DROP FUNCTION {function}"))


@contextmanager
def _references_at_the_end(connection: sa.Connection) -> Iterator[None]:
    """Holds references against rows when all are in, so that a row may refer to one that comes after it."""
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        yield
        if connection.execute(sa.text("PRAGMA foreign_key_check")).first():
            raise ValueError("a reference leads nowhere")
        return
    keys = [
        (name, key["name"])
        for (_, name), found in sa.inspect(connection).get_multi_foreign_keys().items()
        for key in found
        if name in metadata.tables
    ]
    alter = "ALTER TABLE {} ALTER CONSTRAINT {} {}"
    for table, key in keys:
        connection.execute(sa.text(alter.format(table, key, "DEFERRABLE INITIALLY DEFERRED")))
    yield
    connection.execute(sa.text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, key in keys:
        connection.execute(sa.text(alter.format(table, key, "NOT DEFERRABLE")))


def _set_sequences(connection: sa.Connection) -> None:
    """Lets PostgreSQL count on from the rows that came with their numbers."""
    if connection.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        for column in table.primary_key.columns:
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            if connection.execute(sa.select(sequence)).scalar() is not None:
                last = sa.func.max(column)
                connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(last, 1), last.is_not(None))))
