"""Use cases of public notices (第七条（二）、（四）): open one, confirm whom nothing stands against, take one back.

A notice freezes its list when it is published. Whether a case may be confirmed is decided by its history alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.table import load
from core.services.accounts import required_reason
from core.services.casework import Casework, New
from core.services.contacts import Contact
from core.services.creation_figures import Figures, freeze
from core.services.judging import flips_sentence
from core.services.notice_draft import WaitingCase, draft, waiting
from core.services.notice_rows import (
    STAGES,
    Stage,
    frozen_entries,
    frozen_terms,
    hindrance,
    notice_name,
    notice_problems,
    opening,
    stage_of,
    status_name,
    too_early,
)
from core.services.resting import MOVING, rejudge_resting
from core.store.queries import one
from core.store.tables import notice_entries, notices, rounds
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

__all__ = [
    "STAGES",
    "Confirmed",
    "Contact",
    "WaitingCase",
    "confirm",
    "notice_problems",
    "open_notice",
    "waiting",
    "withdraw_notice",
]

_NAMED: Final = 5  # named in a sentence; of more the number is told


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whom an act confirmed, and who stays behind: (case, name, reason) in the order of the list."""

    confirmed: tuple[int, ...]
    left: tuple[tuple[int, str, str], ...]


def open_notice(
    app: App,
    actor: Actor,
    round_id: int,
    stage: str,
    *,
    published: date,
    signed: date,
    contact: Contact,
    case_ids: Sequence[int] | None = None,
    why: str = "",
    days: int | None = None,
) -> int:
    """Publishes a list and gives the number of the notice: `creation` or `recognition`.

    Its period is the edition's, or `days` where that is longer, counted by the rule that the round has chosen.
    Refused as `draft` says. List and text are kept as published.
    """
    actor.require(Permission.RUN_NOTICES)
    with app.unit(actor) as unit:
        made = draft(
            app,
            unit.connection,
            round_id,
            stage,
            published=published,
            signed=signed,
            contact=contact,
            case_ids=case_ids,
            days=days,
        )
        number = unit.insert(
            notices,
            round_id=round_id,
            stage=made.stage.code,
            published=published,
            signed=signed,
            days=made.days,
            count_start=made.count_start,
            contact=made.contact.plain(),
            sha256=made.listed.data_sha256,
            ledger_id=unit.ledger_id,
            who=actor.name,
            at=unit.now,
        )
        unit.execute(
            notice_entries.insert(),
            [
                {"notice_id": number, "position": position, **asdict(each)}
                for position, each in enumerate(made.entries, start=1)
            ],
        )
        work = Casework(app, unit, [each.case_id for each in made.entries])
        for case in made.waiting:
            data = {"days": made.days, "count_start": made.count_start, "notice_id": number}
            work.enter(case.case_id, New("notice_opened", published, data | _corrected(work, case), "", why.strip()))
        name = notice_name(made.stage, made.year, published)
        held = unit.execute(sa.select(notices).where(notices.c.id == number)).one()
        details = work.save() | {
            "notice": frozen_terms(held),
            "entries": len(made.entries),
            "last": made.counted.end.isoformat(),
            "text": made.text.plain(),
        }
        unsure = "（暂定）" if made.counted.provisional else ""
        what = f"公示 {len(made.entries)} 个，{long_day(published)}至{long_day(made.counted.end)}{unsure}"
        unit.record(Entry("notice.opened", "notice", number, name, what, why.strip(), round_id, None, details))
    return number


def confirm(
    app: App, actor: Actor, notice_id: int, version: int, *, day: date, document: str, why: str = ""
) -> Confirmed:
    """Confirms in one act every case of a notice that nothing stands against; asked again, those left before.

    `day` and `document` are those of the confirming document. Refused where nobody can be confirmed, above all
    while the notice runs. A creation object's figures are frozen as its baseline (附件2).
    """
    actor.require(Permission.RUN_NOTICES)
    document = document.strip()
    with app.unit(actor) as unit:
        notice, stage, name = _claimed(unit, notice_id, version)
        if not document:
            raise Refused(f"请写明{stage.confirmed}的文号（{stage.clause}）。")
        if day > unit.now.date():
            raise Refused(f"日期{long_day(day)}还没有到，不能提前确认。")
        entries = frozen_entries(unit.connection, notice_id)
        work = Casework(app, unit, [each.case_id for each in entries])
        figures = Figures(unit.connection, (work.file(each.case_id) for each in entries))
        creation = stage.code == "creation"
        data = {"notice_id": notice_id}
        confirmed, left = [], []
        baselines: list[dict[str, Any]] = []
        for each in entries:
            file = work.file(each.case_id)
            state = work.state(file.id)
            gap = figures.gap(file) if creation else ""
            reason = hindrance(file.counted(), state, stage, notice_id, gap) or too_early(state, day)
            if reason:
                left.append((file.id, file.identity().name, reason))
                continue
            event = work.enter(file.id, New(stage.confirms, day, data, document, why.strip()))
            confirmed.append(file.id)
            row = figures.row(file, event, day) if creation else None
            baselines += [] if row is None else [row]
        if not confirmed:
            raise Refused(_nobody(name, left))
        details = work.save() | {"document": document, "confirmed": confirmed, "left": [list(each) for each in left]}
        freeze(unit, baselines)
        flips = rejudge_resting(app, unit, confirmed) if stage.confirms in MOVING else []
        what = f"{long_day(day)}{stage.confirmed} {len(confirmed)} 个（{document}）"
        behind = sum(work.state(case_id).status == stage.running for case_id, _, _ in left)
        what += (f"，还有 {behind} 个没有确认" if behind else "") + flips_sentence(flips)
        why = why.strip()
        unit.record(Entry("notice.confirmed", "notice", notice_id, name, what, why, notice.round_id, version, details))
    return Confirmed(tuple(confirmed), tuple(left))


def withdraw_notice(app: App, actor: Actor, notice_id: int, version: int, why: str) -> str:
    """Takes a whole notice back that was published with a mistake, and gives a sentence; its cases wait again.

    Refused where something has followed from it on any case: that is taken back first.
    """
    actor.require(Permission.RUN_NOTICES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        notice, stage, name = _claimed(unit, notice_id, version)
        entries = frozen_entries(unit.connection, notice_id)
        work = Casework(app, unit, [each.case_id for each in entries])
        followed, taken_back = [], []
        for each in entries:
            file = work.file(each.case_id)
            counted = file.counted()
            entry = opening(counted, notice_id)
            if entry is None:
                continue
            try:
                work.void(file.id, entry.number, why)
                taken_back.append(file.id)
            except Refused:
                followed.append(f"“{file.identity().name}”{load().events[counted[-1].type]}")
        if followed:
            told = "、".join(followed[:_NAMED]) + ("等" if len(followed) > _NAMED else "")
            raise Refused(
                f"{name}之后，已有 {len(followed)} 个对象办理了别的事项（{told}）。请先逐个作废这些事项，再撤回公示。"
            )
        if not taken_back:
            raise Refused(f"{name}已经撤回，无需再办。")
        details = work.save() | {"withdrawn": taken_back}
        what = f"撤回公示，{len(taken_back)} 个对象回到“{status_name(stage.waiting)}”"
        unit.record(Entry("notice.withdrawn", "notice", notice_id, name, what, why, notice.round_id, version, details))
    return f"{name}：{what}。"


def _claimed(unit: Unit, notice_id: int, version: int) -> tuple[Any, Stage, str]:
    """A notice held to the version that the person had in front of them, its stage and what it is called."""
    query = sa.select(notices, rounds.c.year).join(rounds, rounds.c.id == notices.c.round_id)
    held = one(unit.connection, query.where(notices.c.id == notice_id), "没有这次公示，请回到列表重新选择。")
    stage = stage_of(held.stage)
    name = notice_name(stage, held.year, held.published)
    unit.update_version(notices, notices.c.id == notice_id, version, ("notice", notice_id, name))
    return held, stage, name


def _corrected(work: Casework, case: WaitingCase) -> dict[str, str]:
    """What a case is called from its publication on, where that is not what it was begun with."""
    before = work.file(case.case_id).identity()
    now = {"name": case.name, "operator": case.operator, "uscc": case.uscc}
    return {key: text for key, text in now.items() if text != getattr(before, key)}


def _nobody(name: str, left: Sequence[tuple[int, str, str]]) -> str:
    """Why nobody can be confirmed: the one reason where all share it."""
    reasons = dict.fromkeys(reason for _, _, reason in left)
    if len(reasons) == 1:
        return f"{name}没有可以确认的对象：{next(iter(reasons))}。"
    told = "；".join(f"“{called}”{reason}" for _, called, reason in left[:_NAMED])
    more = f"；另有 {len(left) - _NAMED} 个" if len(left) > _NAMED else ""
    return f"{name}没有可以确认的对象：{told}{more}。"
