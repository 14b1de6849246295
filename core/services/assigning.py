"""Use cases of 分派: a plan that is looked at and then applied in one act, and single experts by hand.

Nobody who is recused is assigned by any of them, nor anybody of whom the setting asks a city that is not known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.scoring.assignment import Plan, plan
from core.services.accounts import required_reason
from core.services.panel import Assigned, Panel, PanelExpert, panel
from core.store.queries import one
from core.store.tables import assignments, score_drafts
from core.store.unit import Entry, Unit

MOVED: Final = (
    "拟订这个方案以后，专家、回避、审核结论、评审设置或者已有的分派有变动，没有分派。请重新生成方案，核对后再办。"
)
_GONE: Final = "没有这项分派，请刷新页面。"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plan to look at. `unplaced`: experts who are left out until their city is known. `fingerprint`: of all that
    the plan says; `apply_plan` compares it with what it draws itself.
    """

    seed: int
    plan: Plan
    unplaced: tuple[PanelExpert, ...]
    fingerprint: str

    @property
    def count(self) -> int:
        """How many assignments it adds."""
        return sum(len(codes) for codes in self.plan.added.values())


def draw(app: App, round_id: int, seed: int) -> Drawn:
    """The plan for a round by a lot, for what stands now; nothing is written. Refused without settings or experts,
    where nothing is there to be scored, and where a standing assignment is barred.
    """
    with app.reader.connect() as connection:
        return drawn(panel(app, connection, round_id), seed)


def drawn(known: Panel, seed: int) -> Drawn:
    """The same for what is known."""
    settings = known.required()
    subjects = [each.subject for each in known.subjects.values() if each.eligible]
    if not subjects:
        raise Refused("还没有审核达标的创建申报，没有可以分派的。请先办完条件审核。")
    unplaced = unplaced_members(known)
    able = [each.expert for each in known.members if each not in unplaced]
    if not able:
        raise Refused("本轮还没有可以分派的专家。请先在“专家”中登记，并勾选参加本轮的专家。")
    fixed = {each.id: [held.code for held in known.of(each.id)] for each in subjects}
    made = plan(subjects, able, settings.experts, known.recusals.barred, fixed=fixed, seed=seed)
    return Drawn(seed, made, unplaced, _fingerprint(made, seed))


def apply_plan(app: App, actor: Actor, round_id: int, seed: int, fingerprint: str, why: str) -> int:
    """Assigns as a plan says that was looked at, in one act, and gives how many were added.

    Drawn again from what stands now: Stale where it comes out differently.
    """
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        known = panel(app, unit.connection, round_id)
        made = drawn(known, seed)
        if made.fingerprint != fingerprint:
            raise Stale(MOVED)
        if not made.count:
            raise Refused("方案中没有新的分派，无需办理。")
        ids = {each.code: each.id for each in known.experts.values()}
        shared = {"round_id": round_id, "who": actor.name, "at": unit.now, "reason": why}
        unit.execute(
            assignments.insert(),
            [
                {"application_id": number, "expert_id": ids[code], **shared}
                for number, codes in made.plan.added.items()
                for code in codes
            ],
        )
        what = f"{known.year}年度按第 {seed} 签分派 {made.count} 项，涉及 {len(made.plan.added)} 个申报"
        if made.plan.impossible:
            what += f"；{len(made.plan.impossible)} 个申报没有派成"
        details = {"seed": seed, "added": {str(number): list(codes) for number, codes in made.plan.added.items()}}
        unit.record(
            Entry("assignment.applied", "panel", round_id, f"{known.year}年度", what, why, round_id, None, details)
        )
    return made.count


def assign(app: App, actor: Actor, round_id: int, application_id: int, expert_id: int, why: str) -> int:
    """Gives an application one more expert by hand; gives the assignment's number. `against` says who cannot be."""
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        known = panel(app, unit.connection, round_id)
        known.required()
        held = known.subjects.get(application_id)
        if held is None or expert_id not in known.experts:
            raise Refused("没有这个申报或者这位专家，请刷新页面后重新选择。")
        if not held.eligible:
            raise Refused(f"“{held.name}”的审核结论不是“达标”，不评审。请先办完条件审核。")
        if said := against(known, expert_id, application_id):
            raise Refused(f"{pair_words(known, expert_id, application_id)}不能分派：{''.join(said)}")
        shared = {"who": actor.name, "at": unit.now, "reason": why}
        made = unit.insert(assignments, round_id=round_id, application_id=application_id, expert_id=expert_id, **shared)
        what = f"分派{pair_words(known, expert_id, application_id)}"
        unit.record(Entry("assignment.added", "assignment", made, held.name, what, why, round_id))
    return made


def unassign(app: App, actor: Actor, assignment_id: int, version: int, why: str) -> None:
    """Takes an assignment back, with what was typed; refused once its sheet is handed in, which then is given back
    first, or set aside by a recusal.
    """
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        query = sa.select(assignments.c.round_id).where(assignments.c.id == assignment_id)
        known = panel(app, unit.connection, one(unit.connection, query, _GONE).round_id)
        held = next((each for each in (*known.assignments, *known.ended) if each.id == assignment_id), None)
        if held is None:
            raise Refused(_GONE)
        words = pair_words(known, held.expert_id, held.application_id)
        if held.ended_at is not None:
            raise Refused(f"{words}：分派已经撤回，无需再办。")
        name = known.subjects[held.application_id].name if held.application_id in known.subjects else ""
        if held.state == "submitted":
            raise Refused(
                f"{words}：评分已经提交，不能撤回分派。需要重评的，请先退回重评；需要回避的，请在“回避”中定为回避。"
            )
        end_assignment(unit, held, why, version=version, subject=("assignment", assignment_id, f"{words}的分派"))
        unit.record(
            Entry(
                "assignment.ended", "assignment", assignment_id, name, f"撤回分派{words}", why, known.round_id, version
            )
        )


def against(known: Panel, expert_id: int, application_id: int) -> tuple[str, ...]:
    """Everything that keeps an expert from being assigned an application, as sentences; () where nothing does."""
    expert = known.experts[expert_id]
    found = []
    if any(each.expert_id == expert_id for each in known.of(application_id)):
        found.append("已经分派。")
    if not (expert.member and expert.active):
        found.append("不是本轮的评审专家。")
    if expert in unplaced_members(known):
        found.append("没有填所在城市，本轮规定同市专家回避，请先补填。")
    return (*found, *(each.sentence for each in known.grounds(expert_id, application_id)))


def unplaced_members(known: Panel) -> tuple[PanelExpert, ...]:
    """The members whose city has to be known under the round's setting and is not."""
    codes = set(known.recusals.unplaced([each.expert for each in known.members]))
    return tuple(each for each in known.members if each.code in codes)


def end_assignment(
    unit: Unit, held: Assigned, reason: str, *, version: int | None = None, subject: tuple[str, int, str] | None = None
) -> int:
    """Ends an assignment inside a unit and drops what was typed; gives its number. Entries of its sheet stay.

    With `version` and `subject` Stale where somebody came first; without them whatever version it has.
    """
    values: Mapping[str, Any] = {"ended_at": unit.now, "end_reason": reason}
    where = assignments.c.id == held.id
    unit.update_version(assignments, where, version or held.version, subject or ("assignment", held.id, ""), **values)
    unit.execute(score_drafts.delete().where(score_drafts.c.assignment_id == held.id))
    return held.id


def pair_words(known: Panel, expert_id: int, application_id: int) -> str:
    """`专家02 虚构冯某—沈阳市“虚构市云帆服务平台”`."""
    expert, held = known.experts[expert_id], known.subjects.get(application_id)
    what = "（已撤回的申报）" if held is None else f"{held.city}“{held.name}”"
    return f"{expert.code} {expert.name}—{what}"


def _fingerprint(made: Plan, seed: int) -> str:
    said: Sequence[Any] = [
        seed,
        sorted((number, list(codes)) for number, codes in made.assignments.items()),
        sorted((number, list(codes)) for number, codes in made.added.items()),
        sorted(made.loads.items()),
        sorted(made.impossible.items()),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
