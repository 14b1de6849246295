"""Where cases stood on a past day, by what was known then: what had been entered, voided and arranged by its end.

The answer is a small store of its own with the tables `standings` and `case_names`, filled by replaying every
case, so that pages ask it what they ask of today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from secrets import token_hex
from threading import Lock
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.services.case_files import bare_files
from core.services.counting import Lives, lives, overrides_known
from core.services.projection import names_of, standing_row
from core.store.tables import case_names, ledger, standings
from core.working_days.calendar import Calendar

KEPT: Final = 2  # past days held at a time
AT_ONCE: Final = 5000  # rows written at a time
_replaying = Lock()


@dataclass(frozen=True, slots=True)
class Look:
    """From when one looks: the day, the moment by which things had to be known (None: now), and the rules by then."""

    day: date
    known_by: datetime | None
    lives: Lives


@dataclass(frozen=True, slots=True)
class _Held:
    """A past day in memory: the last ledger entry by then, and the store; it lives as long as `keeper` is open."""

    head: int
    engine: sa.Engine
    keeper: sa.Connection


def look(app: App, connection: sa.Connection, on: date | None) -> Look:
    """How to read histories on a past day; today without one."""
    if on is None:
        return Look(app.clock.today(), None, lives(app))
    moment = datetime.combine(on, time.max)
    return Look(on, moment, Lives(Calendar(overrides_known(connection, moment))))


@contextmanager
def standings_of(app: App, on: date | None) -> Iterator[sa.Connection]:
    """A connection whose `standings` and `case_names` are those of a past day; today's without one.

    The first to ask for a day waits for the replay of every case; the last few days are kept.
    """
    if on is None:
        with app.reader.connect() as connection:
            yield connection
        return
    with _replaying:
        # opened before another day can push this one out
        connection = _past(app, on).engine.connect()
    with connection:
        yield connection


def _past(app: App, on: date) -> _Held:
    with app.reader.connect() as connection:
        seen = look(app, connection, on)
        # what is entered later changes nothing of what was known then
        newest = sa.select(ledger.c.id).where(ledger.c.at <= seen.known_by).order_by(ledger.c.id.desc()).limit(1)
        head = connection.execute(newest).scalar() or 0
        days: dict[date, _Held] = app.remembered.setdefault("past", {})
        held = days.pop(on, None)
        if held is not None and held.head != head:
            held.keeper.close()
            held = None
        days[on] = held or _replay(connection, seen, head)
        while len(days) > KEPT:
            days.pop(next(iter(days))).keeper.close()
        return days[on]


def _replay(connection: sa.Connection, seen: Look, head: int) -> _Held:
    name = f"file:past-{token_hex(8)}?mode=memory&cache=shared&uri=true"
    engine = sa.create_engine(f"sqlite:///{name}", poolclass=sa.NullPool, connect_args={"check_same_thread": False})
    keeper = engine.connect()
    tables = (standings, case_names)
    for table in tables:
        keeper.execute(sa.schema.CreateTable(table))
    lines = _lines(connection, seen)
    while some := list(islice(lines, AT_ONCE)):
        _insert(keeper, standings, (row for row, _ in some))
        _insert(keeper, case_names, (name for _, names in some for name in names))
    # indexes are made faster of what is there already
    for index in (index for table in tables for index in table.indexes):
        index.create(keeper)
    keeper.commit()
    return _Held(head, engine, keeper)


def _insert(keeper: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds rows as SQLite itself takes them: a hundred thousand are many to be looked at one by one."""
    columns = [(column.name, isinstance(column.type, sa.Date)) for column in table.columns]
    values = [
        tuple(value.isoformat() if dated and (value := row[name]) else row[name] for name, dated in columns)
        for row in rows
    ]
    keeper.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({','.join('?' * len(columns))})", values)


def _lines(connection: sa.Connection, seen: Look) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The lines of every case that was known: where it stood, and its names."""
    for file in bare_files(connection, known_by=seen.known_by):
        if seen.known_by is None or file.entries:
            yield standing_row(file, seen.lives, seen.day), names_of(file)
