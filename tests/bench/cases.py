"""Where every case stands, out of its entries alone and out of what is kept beside them, from 1,000 cases on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import sqlalchemy as sa

from core.accounts import SYSTEM
from core.bootstrap import App, build
from core.clock import Clock
from core.services.case_files import case_files
from core.services.counting import lives
from core.services.due import Filters
from core.services.notice_rows import STAGES
from core.services.projection import standing_rows, write_standings
from core.settings import Settings, sqlite_url
from core.standards import loader
from core.store.tables import notice_entries, notices, rounds, standings
from core.store.unit import Entry, Unit
from core.upkeep.case_checks import histories
from core.views.cases import CaseFilter, case_counts, case_lines
from core.views.deadlines import deadlines
from tests.bench.figure import Figure, in_turn, seconds
from tests.bench.histories import case_rows, event_rows

SIZES = (1_000, 10_000, 100_000)
DAY = date(2027, 8, 1)  # every entry is of an earlier day
TIMES, CLICKS, LINES, AT_ONCE = 3, 15, 20, 10_000
FIRST_YEAR = 2000
SOUGHT = {
    "a former name": "改名1",
    "a digit": "1",
    "the beginning of codes": "9121",
    "Latin letters": "abc",
    "one number": "0007919",
    "a word that none has": "没有",
}
REPLAY_SECONDS, PAGE_MILLISECONDS = 10, 150


def measure_cases(base: Path) -> Iterator[Figure]:
    """One store that grows; at each size the whole replay, pages of the lists, and a past day looked at."""
    home = base / "home"
    app = build(Settings(home, sqlite_url(home)), Clock(DAY))
    file = str(sa.make_url(app.settings.database_url).database)
    held, before = 0, 0.0
    for size in SIZES:
        entries = fill(app, file, held + 1, size)
        held, named = size, f"{size:,} cases"
        floor, whole = in_turn((partial(_read, file), partial(_replay, app, size)), TIMES)
        yield Figure(f"{named}: sqlite3 reads their {entries:,} entries (floor)", floor, "s")
        yield Figure(f"{named}: every status and deadline of a day", whole, "s", REPLAY_SECONDS)
        yield Figure(f"{named}: the same over floor", whole / floor, "times", 6)
        spent = seconds(partial(_replay, app, size), TIMES, process_time)
        yield Figure(f"{named}: the same, processor time", spent, "s")
        if before:
            yield Figure(f"{named}: the same over that of a tenth of them", spent / before, "times", 12)
        before = spent
        yield from _pages(app, named)
        yield Figure(f"{named}: verify holds what is kept to what it leads to", seconds(partial(_verify, app), 1), "s")
        past = seconds(partial(_look_back, app), 1)
        yield Figure(f"{named}: the list of a past day, asked for first", past, "s")
    app.close()


def _pages(app: App, named: str) -> Iterator[Figure]:
    bare = seconds(partial(_first, app), CLICKS)
    yield Figure(f"{named}: {LINES} lines by their number (floor)", bare * 1000, "ms")
    pages: Mapping[str, Callable[[], Any]] = {
        "the first page of the list": partial(_list, app, CaseFilter()),
        "the last page": partial(_list, app, CaseFilter(), last=True),
        "one status of one city": partial(_list, app, CaseFilter("recognized", city="沈阳市")),
        "overdue": partial(_list, app, CaseFilter(due="overdue")),
        **{f"search for {told}": partial(_search, app, text) for told, text in SOUGHT.items()},
        "a page of deadlines": partial(deadlines, app, Filters(), slice(0, LINES)),
    }
    for name, ask in pages.items():
        page = seconds(partial(_anew, app, ask), CLICKS)
        yield Figure(f"{named}: {name}", page * 1000, "ms", PAGE_MILLISECONDS)
        yield Figure(f"{named}: the same over floor", page / bare, "times")


def fill(app: App, file: str, first: int, last: int) -> int:
    """Adds cases, their entries and where they stand; gives how many entries there are."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executemany(f"INSERT INTO cases VALUES ({_marks(11)})", case_rows(first, last))
        connection.executemany(f"INSERT INTO case_events VALUES ({_marks(11)})", event_rows(first, last))
    with app.unit(SYSTEM) as unit:
        for start in range(first, last + 1, AT_ONCE):
            some = range(start, min(start + AT_ONCE, last + 1))
            write_standings(unit, list(case_files(unit.connection, some)), lives(app))
        _publish(unit, first, last)
        unit.record(Entry("case.recounted", "case", "", "", ""))
    with sqlite3.connect(file) as connection:
        return int(connection.execute("SELECT count(*) FROM case_events").fetchone()[0])


def _publish(unit: Unit, first: int, last: int) -> None:
    """Puts the cases that are under notice into one notice of each stage."""
    table, edition = standings.c, loader.default()
    round_id = unit.insert(rounds, year=FIRST_YEAR + first, standard_id=edition)
    for stage in STAGES.values():
        terms = {"published": DAY, "signed": DAY, "days": 5, "count_start": False, "contact": {}, "sha256": ""}
        known = {"ledger_id": unit.ledger_id, "who": "", "at": unit.now}
        number = unit.insert(notices, round_id=round_id, stage=stage.code, **terms, **known)
        listed = sa.select(
            sa.literal(number),
            table.case_id,
            table.case_id,
            sa.literal(""),
            table.city,
            table.name,
            table.kind,
            table.operator,
        ).where(table.status == stage.running, table.case_id.between(first, last))
        unit.execute(notice_entries.insert().from_select(list(notice_entries.columns.keys()), listed))


def _marks(count: int) -> str:
    return ",".join("?" * count)


def _read(file: str) -> None:
    with sqlite3.connect(file) as connection:
        for table, order in (("cases", "id"), ("case_events", "case_id, number")):
            for _ in connection.execute(f"SELECT * FROM {table} ORDER BY {order}"):
                pass


def _replay(app: App, size: int) -> None:
    with app.reader.connect() as connection:
        rows = standing_rows(connection, lives(app), None, DAY, datetime.combine(DAY, time.max))
        count = sum(row["status"] is not None for row in rows)
    assert count == size, count


def _verify(app: App) -> None:
    with app.reader.connect() as connection:
        looked = histories(app, connection)
    assert not looked.problems, looked.problems[:3]


def _first(app: App) -> None:
    with app.reader.connect() as connection:
        assert len(connection.execute(sa.select(standings).order_by(standings.c.case_id).limit(LINES)).all()) == LINES


def _list(app: App, wanted: CaseFilter, on: date | None = None, *, last: bool = False) -> Any:
    """The counts of a list and one page of it."""
    counts = case_counts(app, wanted, on)
    first = max(0, (counts.total - 1) // LINES * LINES) if last else 0
    return case_lines(app, wanted, first=first, size=LINES, on=on)


def _search(app: App, text: str) -> Any:
    """The counts and the first page of a search, which may find nothing."""
    counts = case_counts(app, CaseFilter(text=text))
    assert len(case_lines(app, CaseFilter(text=text), size=LINES)) == min(LINES, counts.total)
    return counts


def _anew(app: App, ask: Callable[[], Any]) -> None:
    """As after an act of somebody, when nothing that was remembered holds any more."""
    app.remembered.clear()
    assert ask()


def _look_back(app: App) -> None:
    app.clock = Clock(DAY + timedelta(1))
    assert _list(app, CaseFilter(), DAY)
    app.remembered.clear()
