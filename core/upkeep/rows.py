"""Rows of the store as lines of text that either database gives and takes, exactly as they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.store.tables import metadata

# signing in again is little to ask, and a stolen backup must open no session; nobody synchronises in a backup
UNSAVED = ("sessions", "sync_leases")
AT_ONCE = 500


def saved_tables() -> list[sa.Table]:
    """The tables a backup holds, those that others refer to first."""
    return [table for table in metadata.sorted_tables if table.name not in UNSAVED]


@contextmanager
def one_moment(app: App) -> Iterator[sa.Connection]:
    """A connection on which all that is read is of one moment, whatever others write meanwhile."""
    with app.reader.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def stream(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    """The rows of a query, of which only a few are in memory at a time."""
    return iter(connection.execute(query, execution_options={"yield_per": AT_ONCE}))


def lines_of(connection: sa.Connection, table: sa.Table) -> Iterator[bytes]:
    """Each row as a JSON array and a line feed, by primary key.

    What is JSON in the store is taken as the text it is: so null in the column and null in the JSON stay two
    things, and no figure or key is written otherwise than it was.
    """
    columns = [
        sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, sa.JSON) else column
        for column in table.columns
    ]
    for row in stream(connection, sa.select(*columns).order_by(*_order(connection, table))):
        yield json.dumps(list(row), ensure_ascii=False, separators=(",", ":"), default=_plain).encode() + b"\n"


def _order(connection: sa.Connection, table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """The primary key; texts by code point, as SQLite has it, so that both databases give the same bytes."""
    as_sqlite = connection.dialect.name == "postgresql"
    return [
        sa.collate(column, "C") if as_sqlite and isinstance(column.type, sa.String) else column
        for column in table.primary_key.columns
    ]


def _plain(value: object) -> str:
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    raise TypeError(f"no portable form of {type(value)}")


def load(connection: sa.Connection, name: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """Adds rows as `lines_of` gave them to a table, which may be of an older form than this program's."""
    types = {found["name"]: found["type"] for found in sa.inspect(connection).get_columns(name)}
    places, read = {}, []
    for column in columns:
        # not the column's own name, which SQLAlchemy keeps for itself
        places[column], reader = _place(f"v_{column}", types[column], connection.dialect.name)
        read.append((f"v_{column}", reader))
    statement = sa.table(name, *map(sa.column, columns)).insert().values(places)
    ahead = iter(lines)
    while some := list(islice(ahead, AT_ONCE)):
        connection.execute(statement, [_values(read, line) for line in some])


def _values(read: Sequence[tuple[str, Callable[[Any], Any]]], line: bytes) -> dict[str, Any]:
    values = zip(read, json.loads(line), strict=True)
    return {key: None if value is None else reader(value) for (key, reader), value in values}


def _place(key: str, kind: sa.types.TypeEngine[Any], dialect: str) -> tuple[Any, Callable[[Any], Any]]:
    """What stands for a value in the statement, and how it is read from its portable form."""
    if isinstance(kind, sa.JSON):
        text = sa.bindparam(key, type_=sa.Text)
        # SQLite keeps JSON as text, and a cast would make a number of it
        return (sa.cast(text, kind) if dialect == "postgresql" else text), str
    if isinstance(kind, sa.DateTime):
        return sa.bindparam(key, type_=kind), datetime.fromisoformat
    if isinstance(kind, sa.Date):
        return sa.bindparam(key, type_=kind), date.fromisoformat
    return sa.bindparam(key, type_=kind), lambda value: value
