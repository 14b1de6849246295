"""Read model of 创建对象: the list a page at a time, asked of the store so that not every case is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.derived import folded
from core.lifecycle.replay import CHANGE_OPEN
from core.lifecycle.table import load
from core.services.looking_back import standings_of
from core.store.tables import case_names, standings
from core.views.remembering import remember

ENDED: Final = "ended"
# How statuses are put together at a glance; a group of one goes by the name of its status.
_GROUPS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "to_select": ("待选定", ("recommended",)),
    "to_publish": ("待公示", ("proposed", "proposed_recognition")),
    "published": ("公示中", ("creation_notice", "recognition_notice")),
    "creation": ("创建期", ("creating", "extended")),
    "recognition": ("已认定", ("recognized",)),
    "rectification": ("整改", ("rectifying",)),
}
DUE: Final[dict[str, str]] = {"": "全部", "overdue": "逾期或期满", "30": "30 天内到期", "90": "90 天内到期"}
OPEN: Final[dict[str, str]] = {"": "全部", "objection": "有异议未处理完", "change": "有变更待决定"}


@dataclass(frozen=True, slots=True)
class Group:
    """Statuses that are looked at together."""

    code: str
    name: str
    statuses: tuple[str, ...]


def groups() -> tuple[Group, ...]:
    """All groups in the order of a life; every status of the table is in one of them."""
    ended = tuple(code for code, status in load().statuses.items() if status.ended)
    return (*(Group(code, *held) for code, held in _GROUPS.items()), Group(ENDED, "已终结", ended))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What the list is asked for; '' is any. `status` is a status or a group, `due` and `open` keys of DUE and OPEN.

    `text` is looked for in present and former names and codes, and in the operator.
    """

    status: str = ""
    kind: str = ""
    city: str = ""
    due: str = ""
    open: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in the list. `deadline` is the code of what `due` is the last day of, '' where there is none.

    `left` counts the days to it, negative where it is past; `hints` are words.
    """

    id: int
    city: str
    name: str
    kind: str
    operator: str
    status: str
    since: date | None
    deadline: str
    due: date | None
    left: int | None
    provisional: bool
    hints: tuple[str, ...]

    @property
    def status_name(self) -> str:
        """The status as staff call it."""
        return load().statuses[self.status].name


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many fit: `total` all that is asked, `by_status` all but the status."""

    total: int
    by_status: Mapping[str, int]

    def of(self, group: Group) -> int:
        """How many are in a group."""
        return sum(self.by_status.get(status, 0) for status in group.statuses)

    @property
    def every(self) -> int:
        """How many there are of any status."""
        return sum(self.by_status.values())


def case_counts(app: App, wanted: CaseFilter, on: date | None = None) -> CaseCounts:
    """How many cases fit, as known on a past day or now."""
    day = on or app.clock.today()
    others = replace(wanted, status="")
    if on is None and not wanted.text:
        found = remember(app, ("case counts", day, others), lambda connection: _counts(connection, others, day))
    else:
        with standings_of(app, on) as connection:
            found = _counts(connection, others, day)
    chosen = _statuses(wanted.status)
    total = sum(count for status, count in found.items() if not chosen or status in chosen)
    return CaseCounts(total, found)


def case_lines(
    app: App, wanted: CaseFilter, on: date | None = None, *, first: int = 0, size: int
) -> tuple[CaseLine, ...]:
    """`size` of the cases that fit, from the one with index `first` on, in official order."""
    day = on or app.clock.today()
    with standings_of(app, on) as connection:
        return tuple(_line(row, day) for row in connection.execute(_page(wanted, day, first, size)))


def _statuses(asked: str) -> tuple[str, ...]:
    """The statuses that a filter means."""
    for group in groups():
        if group.code == asked:
            return group.statuses
    return (asked,) if asked else ()


def _counts(connection: sa.Connection, wanted: CaseFilter, day: date) -> dict[str, int]:
    asked = list(_fitting(wanted, day))
    # grouped by the bare column, SQLite would walk that index and look up every line of the table on the way
    status = sa.func.coalesce(standings.c.status, "") if asked else standings.c.status
    query = sa.select(status, sa.func.count()).where(*asked).group_by(status)
    return {row[0]: row[1] for row in connection.execute(query) if row[0]}


def _page(wanted: CaseFilter, day: date, first: int, size: int) -> sa.Select[Any]:
    """The numbers first, from the index alone, then their lines: pages far behind cost no more than they must."""
    table = standings.c
    order = (table.place, table.name, table.case_id)
    # one that was taken back stands nowhere
    fitting = (*_fitting(wanted, day), table.status.is_not(None))
    numbers = sa.select(table.case_id).where(*fitting).order_by(*order).limit(size).offset(first)
    return sa.select(standings).where(table.case_id.in_(numbers.scalar_subquery())).order_by(*order)


def _fitting(wanted: CaseFilter, day: date) -> Iterator[sa.ColumnElement[bool]]:
    table = standings.c
    chosen = _statuses(wanted.status)
    if chosen:
        yield table.status.in_(chosen) if len(chosen) > 1 else table.status == chosen[0]
    if wanted.kind:
        yield table.kind == wanted.kind
    if wanted.city:
        yield table.city == wanted.city
    if wanted.due == "overdue":
        yield table.due < day
    elif wanted.due:
        yield table.due.between(day, day + timedelta(days=int(wanted.due)))
    if wanted.open == "objection":
        yield table.open_objections > 0
    elif wanted.open:
        yield table.flags.contains(f",{CHANGE_OPEN},", autoescape=True)
    if wanted.text:
        sought = folded(wanted.text)
        # no code has anything but letters and digits: of Chinese words the names alone are asked
        asked = (case_names.c.name, case_names.c.uscc) if sought.isascii() else (case_names.c.name,)
        held = (column.contains(sought, autoescape=True) for column in asked)
        known = sa.select(case_names.c.case_id).where(sa.or_(*held))
        # folding the case of every operator doubles the time; most words have none
        cased = wanted.text.lower() != wanted.text.upper()
        within = table.operator.icontains if cased else table.operator.contains
        yield sa.or_(table.case_id.in_(known), within(wanted.text, autoescape=True))


def _line(row: Any, day: date) -> CaseLine:
    left = None if row.due is None else (row.due - day).days
    told = hints(row.open_objections, [flag for flag in row.flags.split(",") if flag])
    called = (row.case_id, row.city, row.name, row.kind, row.operator)
    return CaseLine(*called, row.status, row.since, row.deadline, row.due, left, row.provisional, told)


def hints(open_objections: int, flags: Sequence[str]) -> tuple[str, ...]:
    """What is to be kept in mind of a case, in words."""
    waiting = (f"{open_objections} 件异议未处理完",) if open_objections else ()
    return (*waiting, *(load().flags[flag] for flag in flags))
