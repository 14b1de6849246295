"""Use cases of 回避: staff decide about a pair, an expert declares or says that there is nothing to declare (第四条).

What bars an expert ends the pair's standing assignment in the same act. Its draft goes; what was handed in stays on
file and counts for nothing.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import required_reason
from core.services.assigning import end_assignment, pair_words
from core.services.own_sheets import Own, own_sheet
from core.services.panel import Assigned, Panel, panel
from core.store.queries import one
from core.store.tables import assignments, recusals
from core.store.unit import Entry, Unit

KINDS: Final = {"pinned": "工作人员定为回避", "declared": "专家本人申请回避", "set_aside": "核对无关"}
_STRANGE: Final = "没有这位专家或者这个申报，请刷新页面后重新选择。"


def pin(app: App, actor: Actor, round_id: int, expert_id: int, application_id: int, reason: str) -> str:
    """Staff decide that an expert may not score an application; gives a sentence. Ends what stood against it."""
    actor.require(Permission.MANAGE_SCORING)
    reason = required_reason(reason)
    with app.unit(actor) as unit:
        known = _pair(app, unit, round_id, expert_id, application_id)
        if _standing(unit, expert_id, application_id, "pinned") is not None:
            raise Refused(f"{pair_words(known, expert_id, application_id)}已经定为回避，无需再办。")
        if (aside := _standing(unit, expert_id, application_id, "set_aside")) is not None:
            unit.execute(recusals.update().where(recusals.c.id == aside.id).values(ended_at=unit.now))
        return _decided(unit, known, expert_id, application_id, "pinned", reason)


def set_aside(app: App, actor: Actor, round_id: int, expert_id: int, application_id: int, reason: str) -> str:
    """Staff looked at a hint: there is no conflict. Gives a sentence; refused where no hint holds."""
    actor.require(Permission.MANAGE_SCORING)
    reason = required_reason(reason)
    with app.unit(actor) as unit:
        known = _pair(app, unit, round_id, expert_id, application_id)
        words = pair_words(known, expert_id, application_id)
        if _standing(unit, expert_id, application_id, "pinned") is not None:
            raise Refused(f"{words}已经定为回避；确实无关的，请先解除回避。")
        if not any(each.hint for each in known.grounds(expert_id, application_id)):
            raise Refused(f"{words}没有需要核对的提示，无需办理。")
        return _decided(unit, known, expert_id, application_id, "set_aside", reason)


def end(app: App, actor: Actor, recusal_id: int, why: str) -> str:
    """Ends a decision, a declaration only at the expert's word, which `why` tells; gives a sentence.

    An assignment that it ended stays ended. Where a hint holds again by this, the pair's assignment ends.
    """
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        row = one(unit.connection, sa.select(recusals).where(recusals.c.id == recusal_id), "没有这条回避，请刷新页面。")
        known = panel(app, unit.connection, row.round_id)
        words = pair_words(known, row.expert_id, row.application_id)
        if row.ended_at is not None:
            raise Refused(f"{words}：“{KINDS[row.kind]}”已经解除，无需再办。")
        unit.execute(recusals.update().where(recusals.c.id == recusal_id).values(ended_at=unit.now))
        what = f"解除“{KINDS[row.kind]}”：{words}"
        ended = _end_barred(unit, panel(app, unit.connection, row.round_id), row.expert_id, row.application_id)
        details = {"kind": row.kind, "expert": row.expert_id, "application": row.application_id, "ended": ended}
        name = _name(known, row.application_id)
        unit.record(
            Entry("recusal.ended", "recusal", recusal_id, name, what + _told(ended), why, row.round_id, None, details)
        )
    return f"{what}{_told(ended)}。"


def declare(app: App, actor: Actor, assignment_id: int, reason: str) -> str:
    """An expert asks to be recused from an own assignment, before the content was seen or after; gives a sentence.

    Refused in the same words where there is no such assignment, where it is somebody else's, and where it has ended.
    """
    actor.require(Permission.SCORE)
    if not reason.strip():
        raise Refused("请写明回避的理由，例如：与申报单位有合作、亲属在该单位任职。")
    with app.unit(actor) as unit:
        own = own_sheet(app, unit.connection, actor, assignment_id)
        known = panel(app, unit.connection, own.round_id)
        expert_id, application_id = own.assigned.expert_id, own.assigned.application_id
        _decided(unit, known, expert_id, application_id, "declared", reason.strip())
    return f"已登记您对“{own.name}”的回避，不再由您评审。"


def clear(app: App, actor: Actor, assignment_id: int) -> None:
    """An expert says at first sight that nothing ties them to an own assignment; from then on its content is shown."""
    actor.require(Permission.SCORE)
    with app.unit(actor) as unit:
        own: Own = own_sheet(app, unit.connection, actor, assignment_id)
        if own.assigned.cleared_at is not None:
            raise Refused(f"您已经声明与“{own.name}”没有利害关系，可以直接评审。")
        unit.execute(
            assignments.update()
            .where(assignments.c.id == assignment_id)
            .values(cleared_at=unit.now, version=assignments.c.version + 1)
        )
        what = f"{own.assigned.code} {actor.name}声明与“{own.name}”没有利害关系"
        unit.record(Entry("recusal.cleared", "assignment", assignment_id, own.name, what, "", own.round_id))


_ACTIONS: Final = {"pinned": "recusal.pinned", "set_aside": "recusal.set_aside", "declared": "recusal.declared"}


def _decided(unit: Unit, known: Panel, expert_id: int, application_id: int, kind: str, reason: str) -> str:
    """Writes a decision and its entry, and ends what it bars."""
    made, ended = write_decision(unit, known, expert_id, application_id, kind, reason)
    what = f"{KINDS[kind]}：{pair_words(known, expert_id, application_id)}{_told(ended)}"
    details = {"expert": expert_id, "application": application_id, "ended": ended}
    name = _name(known, application_id)
    unit.record(Entry(_ACTIONS[kind], "recusal", made, name, what, reason, known.round_id, None, details))
    return f"{what}。"


def write_decision(
    unit: Unit, known: Panel, expert_id: int, application_id: int, kind: str, reason: str
) -> tuple[int, int | None]:
    """Writes a decision without an entry, and ends what it bars; the number of it and of the assignment it ended."""
    made = unit.insert(
        recusals,
        round_id=known.round_id,
        expert_id=expert_id,
        application_id=application_id,
        kind=kind,
        reason=reason,
        who=unit.actor.name,
        at=unit.now,
    )
    ended = None
    if kind != "set_aside" and (held := _assigned(known, expert_id, application_id)) is not None:
        ended = end_assignment(unit, held, f"回避：{reason}")
    return made, ended


def _end_barred(unit: Unit, known: Panel, expert_id: int, application_id: int) -> int | None:
    """Ends the pair's assignment where something bars it now."""
    held = _assigned(known, expert_id, application_id)
    if held is None or application_id not in known.subjects:
        return None
    grounds = known.grounds(expert_id, application_id)
    return end_assignment(unit, held, f"回避：{grounds[0].sentence}") if grounds else None


def _pair(app: App, unit: Unit, round_id: int, expert_id: int, application_id: int) -> Panel:
    known = panel(app, unit.connection, round_id)
    if expert_id not in known.experts or application_id not in known.subjects:
        raise Refused(_STRANGE)
    return known


def _assigned(known: Panel, expert_id: int, application_id: int) -> Assigned | None:
    return next((each for each in known.of(application_id) if each.expert_id == expert_id), None)


def _standing(unit: Unit, expert_id: int, application_id: int, kind: str) -> Any:
    query = sa.select(recusals).where(
        recusals.c.expert_id == expert_id,
        recusals.c.application_id == application_id,
        recusals.c.kind == kind,
        recusals.c.ended_at.is_(None),
    )
    return unit.execute(query).first()


def _name(known: Panel, application_id: int) -> str:
    held = known.subjects.get(application_id)
    return "" if held is None else held.name


def _told(ended: int | None) -> str:
    return "" if ended is None else "；这一项分派随之撤回，已交的评分留存、不计入"
