"""Read model of 期限: everything that is due, overdue first, a page at a time however many cases there are.

The deadlines of cases are filtered, counted and paged by the store, in the order of its index of last days;
the few lines from elsewhere are put among them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from itertools import pairwise
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.services.changes import Report
from core.services.counting import lives
from core.services.due import ITEMS, OF_STATUS, Filters
from core.services.looking_back import Look, look, standings_of
from core.store.tables import standings
from core.views.changes import change_reports
from core.views.due_elsewhere import NOTICE_ENDS, Asked, elsewhere
from core.views.due_rows import DueRow, case_row
from core.views.remembering import remember

WINDOWS: Final = (30, 90, 365)
_ORDER: Final = (standings.c.due, standings.c.place, standings.c.name, standings.c.case_id)
_COLUMNS: Final = tuple(
    standings.c[name]
    for name in ("case_id", "kind", "city", "name", "status", "start", "due", "provisional")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of what is asked for are overdue, wait now, end within the windows of days, or later.

    `within` counts by window those that no smaller one holds; `provisional` are among all of them.
    """

    overdue: int
    now: int
    within: tuple[int, ...]
    later: int
    provisional: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.overdue + self.now + sum(self.within) + self.later


def tally(app: App, filters: Filters, on: date | None = None) -> Tally:
    """The counts of everything that the filters ask for, as known on a past day or now."""
    return _tally_and_elsewhere(app, filters, on)[0]


def deadlines(app: App, filters: Filters, rows: slice, on: date | None = None) -> list[DueRow]:
    """One page of them: overdue first, then what waits now, then by day. `rows` is a slice of whole numbers."""
    others = _tally_and_elsewhere(app, filters, on)[1]
    with _asked(app, filters, on) as asked:
        return _page(asked, others, lambda row: row.order, _wanted(asked), rows.start, rows.stop)


def dated(
    app: App, filters: Filters, most: int, between: tuple[date, date] | None = None, on: date | None = None
) -> tuple[list[DueRow], int]:
    """Those with a day, all or `between` two days, in the order of days: at most `most`, and how many there are."""
    counts, others = _tally_and_elsewhere(app, filters, on)
    named = sorted((row for row in others if row.day is not None), key=_by_day)
    count = counts.total - len(others)
    with _asked(app, filters, on) as asked:
        where = _wanted(asked)
        if between is not None:
            first, last = between
            named = [row for row in named if first <= _by_day(row) <= last]
            where.append(standings.c.due.between(first, last))
            query = sa.select(sa.func.count()).select_from(standings).where(*where)
            count = asked.past.execute(query).scalar_one()
        return _page(asked, named, _by_day, where, 0, most), count + len(named)


def _by_day(row: DueRow) -> date:
    return row.day or date.max


@contextmanager
def _asked(app: App, filters: Filters, on: date | None, reports: Sequence[Report] = ()) -> Iterator[Asked]:
    if on is None:
        seen = Look(app.clock.today(), None, lives(app))
        # one connection for both: twenty people at once must not wait for each other's second
        with app.reader.connect() as store:
            yield Asked(store, store, seen, filters, reports)
        return
    with standings_of(app, on) as past, app.reader.connect() as store:
        yield Asked(past, store, look(app, store, on), filters, reports)


def _tally_and_elsewhere(app: App, filters: Filters, on: date | None) -> tuple[Tally, list[DueRow]]:
    wanted = change_reports(app, on) if filters.item("register") else ()
    reports = [each for each in wanted if each.entry is None]

    def ask(_: sa.Connection) -> tuple[Tally, list[DueRow]]:
        with _asked(app, filters, on, reports) as asked:
            others = elsewhere(asked)
            return _counted(asked, others), others

    return remember(app, ("due", filters, on, app.clock.today()), ask)


def _wanted(asked: Asked) -> list[sa.ColumnElement[bool]]:
    """What the filters ask of the deadlines of cases; those of notices are told once a notice."""
    filters, today = asked.filters, asked.seen.day
    found = [standings.c.due.is_not(None), *asked.fitting()]
    if filters.what or filters.who:
        codes = [code for code, item in ITEMS.items() if item.status and filters.item(code)]
        found.append(standings.c.status.in_([ITEMS[code].status for code in codes]))
    else:
        found.append(standings.c.deadline != NOTICE_ENDS)
    if filters.within == "provisional":
        found.append(standings.c.provisional)
    elif filters.within == "now":
        found.append(sa.false())
    elif filters.within == "overdue":
        found.append(standings.c.due < today)
    elif filters.within:
        found.append(standings.c.due <= _after(today, int(filters.within)))
    return found


def _after(today: date, days: int) -> date:
    return today + timedelta(days=min(days, (date.max - today).days))


def _counted(asked: Asked, others: Sequence[DueRow]) -> Tally:
    """Counted by day in the order of the index, which holds all three columns, and summed up here."""
    today, edges = asked.seen.day, [_after(asked.seen.day, days) for days in WINDOWS]
    parts = (standings.c.due, standings.c.deadline, standings.c.provisional)
    query = sa.select(parts[0], parts[2], sa.func.count()).where(*_wanted(asked)).group_by(*parts)
    overdue = later = provisional = 0
    within = [0] * len(WINDOWS)
    for day, open_yet, count in asked.past.execute(query):
        provisional += count if open_yet else 0
        if day < today:
            overdue += count
        elif day > edges[-1]:
            later += count
        else:
            within[bisect_left(edges, day)] += count
    bounds = (0, *(days + 1 for days in WINDOWS))
    ahead = [row.left for row in others if row.state == "ahead" and row.left is not None]
    return Tally(
        overdue + sum(row.state == "overdue" for row in others),
        sum(row.state == "now" for row in others),
        tuple(
            count + sum(low <= left < high for left in ahead)
            for count, (low, high) in zip(within, pairwise(bounds), strict=True)
        ),
        later + sum(left >= bounds[-1] for left in ahead),
        provisional + sum(row.provisional for row in others),
    )


def _page(
    asked: Asked,
    others: Sequence[DueRow],
    key: Callable[[DueRow], Any],
    where: Sequence[sa.ColumnElement[bool]],
    first: int,
    last: int,
) -> list[DueRow]:
    """Lines `first` to `last` of the cases and the others together; both come in the order of `key`.

    Before the page stand at most as many others as there are: reading so many cases earlier is enough, and those
    left out come before all that is put together then.
    """
    ahead = max(0, first - len(others))
    query = sa.select(*_COLUMNS).where(*where).order_by(*_ORDER).offset(ahead).limit(last - ahead)
    found = [case_row(row, OF_STATUS[row.status], asked.seen.day) for row in asked.past.execute(query)]
    if not found:
        return list(others[first:last]) if ahead == 0 else []
    return list(merge(others, found, key=key))[first - ahead : last - ahead]
