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
from core.services.case_files import places
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
# Up to FEW that hold the text sought are known by their numbers; of more, SQLite looks for a page among the NEAR first
# or last lines before it goes through all.
FEW: Final = 1000
NEAR: Final = 3000
_ORDER: Final = (standings.c.place, standings.c.name, standings.c.case_id)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """What is remembered of a question: how many there are, and the numbers of all that hold its text if few do."""

    by_status: Mapping[str, int]
    few: Sequence[int] | None


def case_counts(app: App, wanted: CaseFilter, on: date | None = None) -> CaseCounts:
    """How many cases fit, as known on a past day or now."""
    return _counted(_found(app, wanted, on), wanted)


def case_lines(
    app: App, wanted: CaseFilter, on: date | None = None, *, first: int = 0, size: int
) -> tuple[CaseLine, ...]:
    """`size` of the cases that fit, from the one with index `first` on, in official order."""
    day = on or app.clock.today()
    found = _found(app, wanted, on)
    total = _counted(found, wanted).total
    # as many lines as there are for the page, and how many come before them, or after them where that is less
    some = min(size, total - first)
    if some <= 0:
        return ()
    last = total - first - some
    fitting = list(_fitting(wanted, day))
    with standings_of(app, on) as connection:
        numbers: Sequence[int] = ()
        if found.few is not None:
            fitting.append(standings.c.case_id.in_(found.few))
        elif wanted.text and not _lite(connection):
            fitting.append(_holds(connection, wanted.text, standings.c.case_id, standings.c.operator))
        elif wanted.text:
            near = _near(connection, fitting, wanted.text, backwards=last < first)
            numbers = connection.execute(near.limit(some).offset(min(first, last))).scalars().all()
            # what is reckoned with is not looked up by its index: the lines would have to be sorted then
            fitting.append((standings.c.case_id + 0).in_(_holders(connection, wanted.text)))
        if len(numbers) < some:
            every = _standing(standings.c.case_id).where(*fitting).order_by(*_ORDER)
            numbers = connection.execute(every.limit(some).offset(first)).scalars().all()
        rows = connection.execute(sa.select(standings).where(standings.c.case_id.in_(numbers)).order_by(*_ORDER))
        return tuple(_line(row, day) for row in rows)


def _found(app: App, wanted: CaseFilter, on: date | None) -> _Found:
    """Asked once for a page and its counts, whatever status is chosen."""
    day, others = on or app.clock.today(), replace(wanted, status="")
    key = ("cases", on, day, others)
    if on is None:
        return remember(app, key, lambda connection: _find(connection, others, day))
    with standings_of(app, on) as past:
        return remember(app, key, lambda _: _find(past, others, day))


def _counted(found: _Found, wanted: CaseFilter) -> CaseCounts:
    chosen = _statuses(wanted.status)
    total = sum(count for status, count in found.by_status.items() if not chosen or status in chosen)
    return CaseCounts(total, found.by_status)


def _statuses(asked: str) -> tuple[str, ...]:
    """The statuses that a filter means."""
    for group in groups():
        if group.code == asked:
            return group.statuses
    return (asked,) if asked else ()


def _find(connection: sa.Connection, wanted: CaseFilter, day: date) -> _Found:
    few: Sequence[int] | None = None
    if wanted.text:
        some = _holders(connection, wanted.text).limit(FEW + 1)
        numbers = connection.execute(some).scalars().all()
        few = numbers if len(numbers) <= FEW else None
    asked = list(_fitting(wanted, day))
    if few is not None:
        asked.append(standings.c.case_id.in_(few))
    elif wanted.text:
        asked.append(_holds(connection, wanted.text, standings.c.case_id, standings.c.operator))
    # grouped by the bare column, SQLite would walk that index and look up every line of the table on the way
    status = sa.func.coalesce(standings.c.status, "") if asked else standings.c.status
    query = sa.select(status, sa.func.count()).where(*asked).group_by(status)
    return _Found({row[0]: row[1] for row in connection.execute(query) if row[0]}, few)


def _standing(*asked: Any) -> sa.Select[Any]:
    """Without those that were taken back: they stand nowhere."""
    return sa.select(*asked).where(standings.c.status.is_not(None))


def _near(
    connection: sa.Connection, fitting: Sequence[sa.ColumnElement[bool]], text: str, *, backwards: bool
) -> sa.Select[Any]:
    """Those of the first lines that hold the text, or of the last lines from the end."""

    def ordered(columns: Any) -> list[sa.ColumnElement[Any]]:
        order = [columns[each.name] for each in _ORDER]
        return [each.desc() for each in order] if backwards else order

    lines = _standing(standings).where(*fitting).order_by(*ordered(standings.c)).limit(NEAR).subquery()
    held = _holds(connection, text, lines.c.case_id, lines.c.operator)
    return sa.select(lines.c.case_id).where(held).order_by(*ordered(lines.c))


def _holders(connection: sa.Connection, text: str) -> sa.CompoundSelect[Any]:
    """Cases that hold a text, some more than once: two plain walks, the fastest where few do."""
    operated = _operated(connection, text, standings.c.operator)
    named = sa.select(case_names.c.case_id).where(_named(text))
    return named.union_all(sa.select(standings.c.case_id).where(operated))


def _holds(
    connection: sa.Connection, text: str, case_id: sa.ColumnElement[int], operator: sa.ColumnElement[str]
) -> sa.ColumnElement[bool]:
    """That a case holds a text: the fastest where many do. SQLite is quick to look up each, PostgreSQL to find all."""
    named: sa.ColumnElement[bool] = case_id.in_(sa.select(case_names.c.case_id).where(_named(text)))
    if _lite(connection):
        named = sa.exists().where(case_names.c.case_id == case_id, _named(text))
    return sa.or_(_operated(connection, text, operator), named)


def _named(text: str) -> sa.ColumnElement[bool]:
    """That a name or code of any time holds a text."""
    sought = folded(text)
    # no code has anything but letters and digits: of Chinese words the names alone are asked
    asked = (case_names.c.name, case_names.c.uscc) if sought.isascii() else (case_names.c.name,)
    return sa.or_(*(column.contains(sought, autoescape=True) for column in asked))


def _operated(connection: sa.Connection, text: str, operator: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    # SQLite's LIKE takes upper and lower case for the same: folding every operator first would double the time
    within = operator.contains if _lite(connection) else operator.icontains
    return within(text, autoescape=True)


def _lite(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _fitting(wanted: CaseFilter, day: date) -> Iterator[sa.ColumnElement[bool]]:
    """Everything that is asked but the text."""
    table = standings.c
    chosen = _statuses(wanted.status)
    if chosen:
        yield table.status.in_(chosen) if len(chosen) > 1 else table.status == chosen[0]
    if wanted.kind:
        yield table.kind == wanted.kind
    if wanted.city:
        yield table.city == wanted.city
        # the lines are indexed by where their city stands in official order
        if wanted.city in places():
            yield table.place == places()[wanted.city][0]
    if wanted.due == "overdue":
        yield table.due < day
    elif wanted.due:
        yield table.due.between(day, day + timedelta(days=int(wanted.due)))
    if wanted.open == "objection":
        yield table.open_objections > 0
    elif wanted.open:
        yield table.flags.contains(f",{CHANGE_OPEN},", autoescape=True)


def _line(row: Any, day: date) -> CaseLine:
    left = None if row.due is None else (row.due - day).days
    told = hints(row.open_objections, [flag for flag in row.flags.split(",") if flag])
    called = (row.case_id, row.city, row.name, row.kind, row.operator)
    return CaseLine(*called, row.status, row.since, row.deadline, row.due, left, row.provisional, told)


def hints(open_objections: int, flags: Sequence[str]) -> tuple[str, ...]:
    """What is to be kept in mind of a case, in words."""
    waiting = (f"{open_objections} 件异议未处理完",) if open_objections else ()
    return (*waiting, *(load().flags[flag] for flag in flags))
