"""Use cases of 变更报告 (第十一条): what cities reported in their workbooks, entered on the case it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.lifecycle.terms import Terms
from core.services.case_files import in_batches, places
from core.services.casework import Casework, New
from core.services.change_rows import REGISTERED, EnteredReport, HeldReport, Identity, entered_reports, held_reports
from core.services.looking_back import look, standings_of
from core.services.matching import Match, Wanted, match
from core.standards import loader
from core.store.tables import cases, standings
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

LATE_AFTER = "change_report"  # the edition's period for reporting


@dataclass(frozen=True, slots=True)
class Report:
    """One change report as people see it.

    `due`: the last day to report in time; `late`: it was reported after it. `case_id`: the case it was entered on,
    else the one it is about by its name; None with a `sentence` why. `entry`: the number of its entry in the case,
    None while it is open. `altered`: the city has changed its row since it was entered.
    """

    id: int
    round_id: int
    year: int
    city: str
    row: int
    name: str
    change: str
    occurred: date
    reported: date
    content: str
    opinion: str
    due: date
    late: bool
    case_id: int | None
    case_name: str
    sentence: str
    entry: int | None
    altered: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """What an act entered: (report, case) of each; and what it left: (report, name, why)."""

    done: tuple[tuple[int, int], ...]
    left: tuple[tuple[int, str, str], ...]
    sentence: str


def reports(app: App, as_of: date | None = None) -> tuple[Report, ...]:
    """Every change report that is held, in official order of cities, then by the day it was reported.

    `as_of`: as was known at the end of a past day.
    """
    with app.reader.connect() as connection, standings_of(app, as_of) as standing:
        seen = look(app, connection, as_of)
        held = held_reports(connection, seen.known_by)
        entered = entered_reports(connection, seen.known_by)
        matched = match(standing, [Wanted(each.city, each.report.name) for each in held])
        ids = {each.case_id for each in matched if each.case_id is not None}
        ids |= {each.case_id for each in entered.values()}
        standards = _column(connection, cases.c.id, cases.c.standard_id, ids)
        names = _column(standing, standings.c.case_id, standings.c.name, ids)
        found = [
            _report(each, entered.get(each.identity), one, standards, names, seen.lives.calendar)
            for each, one in zip(held, matched, strict=True)
        ]
    return tuple(sorted(found, key=lambda each: (places()[each.city][0], each.reported, each.row, each.id)))


def register(app: App, actor: Actor, report_id: int, case_id: int, why: str = "") -> str:
    """Enters a report on a case, dated the day it was reported, and gives a sentence.

    Where the case is not the one that its name tells, `why` says on what ground. Refused where it is entered
    already, no longer stands in the city's workbook, or may not happen to the case.
    """
    actor.require(Permission.ACT_ON_CASES)
    why = why.strip()
    with app.unit(actor) as unit:
        held, entered = _looked_up(unit)
        each = _waiting(held, entered, report_id)
        work = Casework(app, unit, [case_id])
        file = work.file(case_id)
        name = file.identity().name
        if file.city != each.city:
            raise Refused(f"变更报告是{each.city}报送的，“{name}”属于{file.city}，不能登记到它名下。请核对。")
        [meant] = match(unit.connection, [Wanted(each.city, each.report.name)])
        if meant.case_id != case_id and not why:
            raise Refused(f"变更报告写的是“{each.report.name}”，要登记到“{name}”名下，请写明依据。")
        _enter(work, each, case_id, why)
        what = f"“{name}”登记变更报告：{_told(each)}"
        details = work.save() | {"reports": [[report_id, case_id]]}
        unit.record(Entry(REGISTERED, "case", case_id, name, what, why, each.round_id, None, details))
    return f"{what}。"


def register_all(app: App, actor: Actor, ids: Sequence[int], why: str = "") -> Registered:
    """Enters in one act every report of some whose case is known and allows it; tells why the others are left.

    Refused where none can be entered.
    """
    actor.require(Permission.ACT_ON_CASES)
    why = why.strip()
    with app.unit(actor) as unit:
        held, entered = _looked_up(unit)
        asked = [each for number in dict.fromkeys(ids) if (each := held.get(number)) is not None]
        meant = match(unit.connection, [Wanted(each.city, each.report.name) for each in asked])
        cases_of = {each.id: one for each, one in zip(asked, meant, strict=True)}
        work = Casework(app, unit, [one.case_id for one in meant if one.case_id is not None])
        done: list[tuple[int, int]] = []
        left: list[tuple[int, str, str]] = []
        for number in dict.fromkeys(ids):
            try:
                each = _waiting(held, entered, number)
                case_id = cases_of[number].case_id
                if case_id is None:
                    raise Refused(cases_of[number].sentence)
                entered[each.identity] = _enter(work, each, case_id, why)
                done.append((number, case_id))
            except Refused as refused:
                name = held[number].report.name if number in held else ""
                left.append((number, name, str(refused)))
        if not done:
            raise Refused("没有可以登记的变更报告：" + "".join(sentence for _, _, sentence in left))
        rest = f"，{len(left)} 件没有登记" if left else ""
        what = f"登记变更报告 {len(done)} 件{rest}"
        details = work.save() | {"reports": [list(each) for each in done], "left": [list(each) for each in left]}
        unit.record(Entry(REGISTERED, "change", "", "变更报告", what, why, None, None, details))
    return Registered(tuple(done), tuple(left), f"{what}。")


def _enter(work: Casework, each: HeldReport, case_id: int, why: str) -> EnteredReport:
    report = each.report
    data = {
        "occurred": report.occurred.isoformat(),
        "evidence": report.content,
        "report_id": each.id,
        "change": report.change,
        "opinion": report.opinion,
    }
    number = work.enter(case_id, New("change_reported", report.reported, data, "", why))
    return EnteredReport(case_id, work.file(case_id).identity().name, number, report)


def _looked_up(unit: Unit) -> tuple[dict[int, HeldReport], dict[Identity, EnteredReport]]:
    return {each.id: each for each in held_reports(unit.connection)}, entered_reports(unit.connection)


def _waiting(held: Mapping[int, HeldReport], entered: Mapping[Identity, EnteredReport], report_id: int) -> HeldReport:
    each = held.get(report_id)
    if each is None:
        raise Stale("这件变更报告已不在市里最近受理的工作簿中，请刷新页面后再办。")
    already = entered.get(each.identity)
    if already is not None:
        raise Stale(f"{each.city}“{each.report.name}”的这件变更报告已登记在“{already.case_name}”名下，不用再登记。")
    return each


def _told(each: HeldReport) -> str:
    report = each.report
    return (
        f"{report.change}，{long_day(report.occurred)}发生，{long_day(report.reported)}报告，市级意见{report.opinion}"
    )


def _report(
    each: HeldReport,
    entered: EnteredReport | None,
    meant: Match,
    standards: Mapping[int, str],
    names: Mapping[int, str],
    calendar: Any,
) -> Report:
    case_id = meant.case_id if entered is None else entered.case_id
    report = each.report
    edition = loader.load(standards.get(case_id or 0, each.standard_id))
    due = Terms(edition.periods, calendar).last_day((LATE_AFTER,), report.occurred, report.reported).day
    return Report(
        each.id,
        each.round_id,
        each.year,
        each.city,
        report.row,
        report.name,
        report.change,
        report.occurred,
        report.reported,
        report.content,
        report.opinion,
        due,
        report.reported > due,
        case_id,
        names.get(case_id or 0, ""),
        "" if entered is not None else meant.sentence,
        None if entered is None else entered.number,
        entered is not None and (entered.report.content, entered.report.opinion) != (report.content, report.opinion),
    )


def _column(connection: sa.Connection, key: sa.Column[int], column: sa.Column[str], ids: set[int]) -> dict[int, str]:
    return {
        number: text
        for some in in_batches(sorted(ids))
        for number, text in connection.execute(sa.select(key, column).where(key.in_(some)))
    }
