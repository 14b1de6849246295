"""Use cases of 创建对象: what may be entered on one case, corrected, voided and noted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import OPENED
from core.lifecycle.entries import Entry as CaseEntry
from core.lifecycle.table import load
from core.services.accounts import required_reason
from core.services.baselines import keep_with
from core.services.casework import Casework, New
from core.services.grounds import given, refuse_groundless, resting
from core.services.judging import flips_sentence
from core.services.objection_rows import Changes, after_void
from core.services.resting import MOVING, rejudge_resting
from core.store.tables import case_notes
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

# What stands beside its history in tables of a notice: voided here, but entered anew only where notices are.
OF_A_NOTICE: Final = ("notice_opened", "objection_filed", "objection_resolved")
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
    keep; for a reported change also its kind and the city's opinion, for a decided one the new name, operator,
    uscc). Acceptance and review rest on the application handed in for it, and pass only where that passes
    (第七条（三）、第十条). Refused with what stands against it.
    """
    actor.require(Permission.ACT_ON_CASES)
    if event not in SINGLE:
        raise Refused(f"“{load().events.get(event, event)}”不在这里办理。")
    why = why.strip()
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        file = work.file(case_id)
        rests = resting(app, unit, file, event, day)
        carried = given(event, data or {})
        if rests is not None and rests.application is not None:
            carried["application_id"] = rests.application.application_id
        number = work.enter(case_id, New(event, day, carried, document, why))
        refuse_groundless(file, rests)
        what = f"{long_day(day)}{load().events[event]}"
        return _recorded(app, unit, work, case_id, number, event, why, what, version)


def void(app: App, actor: Actor, case_id: int, version: int, number: int, why: str) -> str:
    """Voids a mistaken entry by a new one; Refused where something that followed would no longer be allowed."""
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        meant = work.void(case_id, number, why)
        changes = after_void(unit, work, case_id, meant, why)
        what = f"作废{long_day(meant.day)}的“{_called(meant)}”"
        if any("filed_number" in values for values in changes.values()):
            what += "，登记在案的异议随之进入核查"
        return _recorded(app, unit, work, case_id, number, meant.type, why, what, version, changes)


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
    reason: str | None = None,
) -> str:
    """Voids an entry and enters it anew in its place, in one act: another day, document number, reason or data.

    `why` it is corrected; `reason` is the entry's own, which stays as it was without one.
    """
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        work.claim(case_id, version)
        file = work.file(case_id)
        event = next((one.type for one in file.counted() if one.number == number), "")
        if event in OF_A_NOTICE:
            raise Refused(f"“{load().events[event]}”不在这里更正，请作废后在“公示与异议”中重新办理。")
        kept = None if reason is None else reason.strip()
        meant = work.replace(case_id, number, day=day, document=document, data=given(event, data), why=why, reason=kept)
        refuse_groundless(file)
        keep_with(unit.connection, case_id, number, len(file.entries))
        what = f"更正{long_day(meant.day)}的“{_called(meant)}”"
        if day != meant.day:
            what += f"，日期改为{long_day(day)}"
        return _recorded(app, unit, work, case_id, number, meant.type, why, what, version)


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


def _recorded(
    app: App,
    unit: Unit,
    work: Casework,
    case_id: int,
    number: int,
    event: str,
    why: str,
    what: str,
    version: int,
    objections: Changes | None = None,
) -> str:
    details = work.save() | ({"objections": objections} if objections else {})
    flips = rejudge_resting(app, unit, [case_id]) if event in MOVING else []
    file, state = work.file(case_id), work.state(case_id)
    name = file.identity().name
    status = load().statuses[state.status].name if state.status else "（没有记载）"
    sentence = f"“{name}”{what}；现为“{status}”{flips_sentence(flips)}"
    details |= {"number": number, "status": state.status}
    unit.record(Entry("case.acted", "case", case_id, name, sentence, why, file.round_id, version, details))
    return f"{sentence}。"


def _called(entry: CaseEntry) -> str:
    return "按存量资料建档" if entry.type == OPENED else load().events[entry.type]
