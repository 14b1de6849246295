"""What is due beside the deadlines of single cases: notices, objections, reported changes, the round, the calendar.

There are few of them, so they are read whole and put among the pages of cases (core/views/deadlines.py).
Whatever asks where cases stand asks `past`, which is another store on a past day; the rest is read as known then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.lifecycle.replay import CHANGE_OPEN
from core.services.case_files import in_batches, places
from core.services.changes import Report
from core.services.due import Filters, clause_of
from core.services.looking_back import Look
from core.services.notice_rows import STAGES, notice_name
from core.store import tables
from core.store.tables import case_events, notice_entries, notices, objections, standings
from core.views.due_rows import DueRow, case_link, due_row, notice_link
from core.views.objections import as_known

NOTICE_ENDS: Final = "notice_ends"
_COLUMNS: Final = tuple(
    standings.c[name]
    for name in ("case_id", "kind", "city", "name", "status", "start", "due", "provisional", "open_objections")
)
_CLAUSES: Final = {stage.running: stage.clause for stage in STAGES.values()}
_NAMED: Final = 3  # recommenders told by name


@dataclass(frozen=True, slots=True)
class Asked:
    """Where to read, from which day, and what is asked for; `reports` came in workbooks and are not entered yet."""

    past: sa.Connection
    store: sa.Connection
    seen: Look
    filters: Filters
    reports: Sequence[Report] = ()

    def fitting(self) -> list[sa.ColumnElement[bool]]:
        """What the filters ask of a line of `standings`."""
        wanted = {standings.c.city: self.filters.city, standings.c.kind: self.filters.kind}
        return [column == value for column, value in wanted.items() if value]

    def known(self, column: sa.ColumnElement[Any]) -> Sequence[sa.ColumnElement[bool]]:
        """What had been written by then."""
        return () if self.seen.known_by is None else (column <= self.seen.known_by,)

    def standing(self, *where: sa.ColumnElement[bool]) -> dict[int, Any]:
        """Where the cases stand that fit the filters."""
        query = sa.select(*_COLUMNS).where(*where, *self.fitting())
        return {row.case_id: row for row in self.past.execute(query)}


def elsewhere(asked: Asked) -> list[DueRow]:
    """All of them that the filters ask for, in their order."""
    filters = asked.filters
    sources = {
        "notice": _notices,
        "objection": _objections,
        "register": _unregistered,
        "change": _changes,
        "report": _reports,
        "reference": _references,
        "arrangement": _arrangements,
    }
    found = (row for what, read in sources.items() if filters.item(what) for row in read(asked))
    return sorted((row for row in found if _within(row, filters.within)), key=lambda row: row.order)


def _within(row: DueRow, within: str) -> bool:
    if within == "provisional":
        return row.provisional
    if within in ("overdue", "now"):
        return row.state == within
    return not within or row.state != "ahead" or (row.left is not None and row.left <= int(within))


def _notices(asked: Asked) -> Iterator[DueRow]:
    """A line a notice, whose cases have one last day; a line a case where it stands in no notice of ours."""
    # by status, which has an index
    waiting = asked.standing(standings.c.status.in_(list(_CLAUSES)))
    titles = _titles(asked, waiting)
    held: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for case_id, row in waiting.items():
        if case_id in titles:
            held[titles[case_id]].append(row)
        else:
            alone = (f"case-{case_id}-notice", row.name, row.due, asked.seen.day, case_link(case_id))
            yield due_row("notice", *alone, city=row.city, kind=row.kind, **_of_notice(row, row.open_objections))
    for (number, title), rows in held.items():
        cities, kinds = ({row.city for row in rows}, {row.kind for row in rows})
        yield due_row(
            "notice",
            f"notice-{number}",
            f"{title}，{len(rows)} 个",
            max(row.due for row in rows),
            asked.seen.day,
            notice_link(number),
            city=cities.pop() if len(cities) == 1 else "",
            kind=kinds.pop() if len(kinds) == 1 else "",
            **_of_notice(rows[0], sum(row.open_objections for row in rows)),
        )


def _of_notice(row: Any, unsettled: int) -> dict[str, Any]:
    """What the line of a notice says by any of its cases: the days of all of them are the same."""
    return {
        "since": row.start,
        "past": "now",
        "provisional": row.provisional,
        "clause": _CLAUSES[row.status],
        "note": f"还有 {unsettled} 件异议没有处理完" if unsettled else "",
    }


def _titles(asked: Asked, waiting: Iterable[int]) -> dict[int, tuple[int, str]]:
    """The newest notice that each case stands in, and what it is called: before another, one must be taken back."""
    rounds = tables.rounds
    found: dict[int, tuple[int, str]] = {}
    for some in in_batches(sorted(waiting)):
        query = (
            sa.select(notice_entries.c.case_id, notices.c.id, notices.c.stage, notices.c.published, rounds.c.year)
            .join(notices, notices.c.id == notice_entries.c.notice_id)
            .join(rounds, rounds.c.id == notices.c.round_id)
            .where(notice_entries.c.case_id.in_(some), *asked.known(notices.c.at))
            .order_by(notices.c.id)
        )
        for row in asked.store.execute(query):
            found[row.case_id] = (row.id, notice_name(STAGES[row.stage], row.year, row.published))
    return found


def _objections(asked: Asked) -> Iterator[DueRow]:
    """Every objection that is not settled: no day is set for it, but nothing can be confirmed before."""
    seen = asked.seen
    query = sa.select(objections).order_by(objections.c.received, objections.c.id)
    if seen.known_by is None:
        query = query.where(objections.c.finding == "")
    rows = asked.store.execute(query.where(*asked.known(objections.c.at))).all()
    then = as_known(asked.store, rows, seen.known_by)
    rows = [row for row in rows if then[row.id]["finding"] == ""]
    cases: dict[int, Any] = {}
    for some in in_batches(sorted({row.case_id for row in rows})):
        cases |= asked.standing(standings.c.case_id.in_(some))
    for row in rows:
        case = cases.get(row.case_id)
        if case is not None:
            investigator = then[row.id]["investigator"]
            by = f"核查人：{investigator}" if investigator else "还没有指定核查人"
            yield due_row(
                "objection",
                f"objection-{row.id}",
                case.name,
                None,
                seen.day,
                notice_link(row.notice_id, ("objection", str(row.id))),
                city=case.city,
                kind=case.kind,
                since=row.received,
                clause=clause_of(case.status, "objection_resolved"),
                note=f"{row.number}，{by}",
            )


def _unregistered(asked: Asked) -> Iterator[DueRow]:
    """Every change report of a city's workbook that has not been entered on its case."""
    for each in () if asked.filters.kind else asked.reports:
        if asked.filters.city in ("", each.city):
            yield due_row(
                "register",
                f"report-{each.id}",
                each.case_name or each.name,
                None,
                asked.seen.day,
                ("cases", (("view", "reports"),)),
                city=each.city,
                since=each.reported,
                clause=clause_of("recognized", "change_reported"),
                note=f"{each.change}，{'' if each.case_id else '还没有对上创建对象，'}市级意见：{each.opinion}",
            )


def _changes(asked: Asked) -> Iterator[DueRow]:
    """Every case with a reported change that waits for a decision: no day is set for that either."""
    held = asked.standing(standings.c.flags.contains(f",{CHANGE_OPEN},", autoescape=True))
    reported: dict[int, date] = {}
    voiding = case_events.alias()
    voided = sa.exists().where(
        voiding.c.case_id == case_events.c.case_id,
        voiding.c.voids == case_events.c.number,
        *asked.known(voiding.c.at),
    )
    for some in in_batches(sorted(held)):
        query = (
            sa.select(case_events.c.case_id, sa.func.max(case_events.c.day))
            .where(case_events.c.case_id.in_(some), case_events.c.type == "change_reported", ~voided)
            .where(*asked.known(case_events.c.at), case_events.c.day <= asked.seen.day)
            .group_by(case_events.c.case_id)
        )
        reported |= {row[0]: row[1] for row in asked.store.execute(query)}
    for case_id, case in held.items():
        yield due_row(
            "change",
            f"change-{case_id}",
            case.name,
            None,
            asked.seen.day,
            case_link(case_id),
            city=case.city,
            kind=case.kind,
            since=reported.get(case_id),
            clause=clause_of(case.status, "change_decided"),
        )


def _reports(asked: Asked) -> Iterator[DueRow]:
    """The day by which recommendations are to come, while some are missing and nothing has been proposed yet."""
    wanted = asked.filters.city
    for year, number, day, _ in [] if asked.filters.kind else _rounds(asked):
        missing = _missing(asked, number)
        if day is None or not missing or (wanted and wanted not in missing):
            continue
        named = "、".join(missing) if len(missing) <= _NAMED else f"{len(missing)} 个推荐单位"
        yield due_row(
            "report",
            f"round-{number}-report",
            f"{year}年度轮次",
            day,
            asked.seen.day,
            ("intake", (("year", str(year)),)),
            city=wanted or (missing[0] if len(missing) == 1 else ""),
            clause=clause_of(None, "recommended"),
            note=f"还没有报送：{named}",
        )


def _references(asked: Asked) -> Iterator[DueRow]:
    """The day that figures are judged on, until it has come: nothing is late after it."""
    for year, number, _, day in [] if asked.filters.kind or asked.filters.city else _rounds(asked):
        if day is not None and day >= asked.seen.day:
            link = ("round", (("year", str(year)),))
            note, key = "运营年限和标准的数值按这一天计算", f"round-{number}-reference"
            yield due_row("reference", key, f"{year}年度轮次", day, asked.seen.day, link, note=note)


def _arrangements(asked: Asked) -> Iterator[DueRow]:
    """This year and the next, while nobody has entered its rest days: to be there before the year begins."""
    today = asked.seen.day
    for year in () if asked.filters.kind or asked.filters.city else (today.year, today.year + 1):
        if any(one.provisional for one in asked.seen.lives.calendar.year_days(year)):
            note = "国务院办公厅公布后由管理员录入；录入之前，涉及的期限都是暂定"
            last, link = date(year - 1, 12, 31), ("calendar", (("of", str(year)),))
            yield due_row("arrangement", f"arrangement-{year}", f"{year}年", last, today, link, note=note)


def _rounds(asked: Asked) -> list[tuple[int, int, date | None, date | None]]:
    """Rounds from which nothing has been proposed yet: year, number, last day of reporting, day of reference.

    On a past day as the ledger says that they were set.
    """
    table, ledger, cases = tables.rounds, tables.ledger, tables.cases
    if asked.seen.known_by is None:
        proposed = sa.exists().where(cases.c.round_id == table.c.id, cases.c.application_id.is_not(None))
        query = sa.select(table.c.year, table.c.id, table.c.deadline, table.c.reference_day).where(~proposed)
        return [(row[0], row[1], row[2], row[3]) for row in asked.store.execute(query.order_by(table.c.year))]
    acts = ledger.c.action.in_(("round.opened", "round.changed", "selection.applied"))
    said = sa.select(ledger.c.action, ledger.c.round_id, ledger.c.details).where(acts, *asked.known(ledger.c.at))
    years = {row.id: row.year for row in asked.store.execute(sa.select(table.c.id, table.c.year))}
    found: dict[int, tuple[int, int, date | None, date | None]] = {}
    for row in asked.store.execute(said.order_by(ledger.c.id)):
        if row.action == "selection.applied":
            found.pop(row.round_id, None)
        else:
            day, reference = (_day(row.details.get(name)) for name in ("deadline", "reference_day"))
            found[row.round_id] = (years[row.round_id], row.round_id, day, reference)
    return [found[number] for number in sorted(found, key=lambda number: years[number])]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _missing(asked: Asked, round_id: int) -> list[str]:
    """The recommenders that take part and of which nothing has been received, in official order."""
    table, intakes = tables.recommenders, tables.intakes
    counts = [intakes.c.state != "undone"] if asked.seen.known_by is None else asked.known(intakes.c.taken_at)
    sent = set(asked.store.execute(sa.select(intakes.c.city).where(intakes.c.round_id == round_id, *counts)).scalars())
    asked_of = sa.select(table.c.city).where(table.c.round_id == round_id, table.c.taking_part)
    return sorted(set(asked.store.execute(asked_of).scalars()) - sent, key=lambda city: places()[city])
