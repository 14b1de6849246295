"""Use cases of 创建对象: what may be entered on one case, corrected, voided and noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import OPENED
from core.lifecycle.entries import Entry as CaseEntry
from core.lifecycle.table import load
from core.services.accounts import required_reason
from core.services.casework import Casework, New
from core.store.tables import case_notes, objections
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

# What is entered on one case by itself; the rest comes from selection, notices and objections.
SINGLE: Final = (
    "acceptance_passed",
    "acceptance_failed",
    "review_passed",
    "review_failed",
    "change_reported",
    "change_decided",
    "dishonesty_found",
    "withdrawn",
)


def act(
    app: App,
    actor: Actor,
    case_id: int,
    version: int,
    *,
    event: str,
    day: date,
    document: str = "",
    why: str = "",
    data: Mapping[str, Any] | None = None,
) -> str:
    """Enters one event on a case and gives a sentence saying where it stands now.

    `data` holds what the transition table asks for besides day, document number and reason (evidence, occurred,
    keep; for a decided change also the new name, operator, uscc). Refused with what stands against it.
    """
    actor.require(Permission.ACT_ON_CASES)
    if event not in SINGLE:
        raise Refused(f"“{load().events.get(event, event)}”不在这里办理。")
    why = why.strip()
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        number = work.enter(case_id, New(event, day, data or {}, document, why))
        return _recorded(unit, work, case_id, number, why, f"{long_day(day)}{load().events[event]}", version)


def void(app: App, actor: Actor, case_id: int, version: int, number: int, why: str) -> str:
    """Voids a mistaken entry by a new one; Refused where something that followed would no longer be allowed."""
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        meant = work.void(case_id, number, why)
        _taken_back(unit, case_id, meant)
        return _recorded(unit, work, case_id, number, why, f"作废{long_day(meant.day)}的“{_called(meant)}”", version)


def correct(
    app: App,
    actor: Actor,
    case_id: int,
    version: int,
    number: int,
    *,
    day: date,
    document: str,
    data: Mapping[str, Any],
    why: str,
) -> str:
    """Voids an entry and enters it anew in its place, in one act: another day, document number or data."""
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        meant = work.replace(case_id, number, day=day, document=document, data=data, why=why)
        what = f"更正{long_day(meant.day)}的“{_called(meant)}”"
        if day != meant.day:
            what += f"，日期改为{long_day(day)}"
        return _recorded(unit, work, case_id, number, why, what, version)


def add_note(app: App, actor: Actor, case_id: int, *, text: str, document: str = "") -> None:
    """Adds a note to a case: a document received or sent, a telephone call. Changes nothing else."""
    actor.require(Permission.ACT_ON_CASES)
    text, document = text.strip(), document.strip()
    if not text:
        raise Refused("请写明要记的内容。")
    with app.unit(actor) as unit:
        file = Casework(app, unit, [case_id]).file(case_id)
        unit.insert(case_notes, case_id=case_id, text=text, document=document, who=actor.name, at=unit.now)
        name = file.identity().name
        what = f"“{name}”备注：{text}" + (f"（{document}）" if document else "")
        unit.record(Entry("case.noted", "case", case_id, name, what, "", file.round_id))


def _recorded(unit: Unit, work: Casework, case_id: int, number: int, why: str, what: str, version: int) -> str:
    details = work.save()
    file, state = work.file(case_id), work.state(case_id)
    name = file.identity().name
    status = load().statuses[state.status].name if state.status else "（没有记载）"
    sentence = f"“{name}”{what}；现为“{status}”"
    details |= {"number": number, "status": state.status}
    unit.record(Entry("case.acted", "case", case_id, name, sentence, why, file.round_id, version, details))
    return f"{sentence}。"


def _called(entry: CaseEntry) -> str:
    return "按存量资料建档" if entry.type == OPENED else load().events[entry.type]


def _taken_back(unit: Unit, case_id: int, meant: CaseEntry) -> None:
    """Opens an objection again whose outcome is voided."""
    if meant.type == "objection_resolved":
        outcome = sa.and_(objections.c.case_id == case_id, objections.c.resolved_number == meant.number)
        blank = {"finding": "", "finding_reason": "", "answer": "", "resolved": None, "resolved_number": None}
        unit.execute(objections.update().where(outcome).values(**blank, version=objections.c.version + 1))
