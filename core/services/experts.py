"""Use cases of experts: who they are, over all rounds, and who of them scores in a round."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission, Role
from core.bootstrap import App
from core.errors import Refused, Stale
from core.services.accounts import required_reason
from core.services.panel import SUBMITTED, Panel, panel
from core.services.subjects import BASES
from core.standards.recommenders import recommenders
from core.store.queries import one
from core.store.tables import accounts, assignments, experts, panel_members, score_entries
from core.store.unit import Entry, Unit
from sheets_schema.schema import load

CODE: Final = "专家"
ELSEWHERE: Final = "辽宁省外"
_SHEET, _COLUMN = "平台指标", "服务内容"
_LONGEST_NAME: Final = 64
_NAMED: Final = 5  # told by name in a sentence; of more the number is told


@dataclass(frozen=True, slots=True)
class Person:
    """Who an expert is: the name, where the person works and has posts, the city ("" where not known), what the
    person knows (of `fields()`), a note, and the account that the person signs in with (None: scores by workbook).
    """

    name: str
    units: tuple[str, ...]
    city: str = ""
    fields: tuple[str, ...] = ()
    note: str = ""
    account_id: int | None = None

    def values(self) -> dict[str, Any]:
        """The columns of its row."""
        return {
            "name": self.name,
            "units": list(self.units),
            "city": self.city,
            "fields": list(self.fields),
            "note": self.note,
            "account_id": self.account_id,
        }


@cache
def fields() -> tuple[str, ...]:
    """What an expert may know: the services of platforms, and bases."""
    return (*load().sheet(_SHEET).column(_COLUMN).options, BASES)


def cities() -> tuple[str, ...]:
    """Where an expert may be: with a recommender, or elsewhere."""
    return (*(each.name for each in recommenders()), ELSEWHERE)


def add(app: App, actor: Actor, person: Person) -> str:
    """Puts an expert on file and gives the code that stands for the name. Refused: no name or unit, somebody on
    file already, an account that is not an expert's or belongs to another expert.
    """
    actor.require(Permission.MANAGE_SCORING)
    person = _checked(person)
    with app.unit(actor) as unit:
        _refuse_twice(unit, person, None)
        code = _next_code(unit)
        made = unit.insert(experts, code=code, version=1, **person.values())
        details = person.values() | {"code": code}
        unit.record(
            Entry("expert.added", "expert", made, person.name, f"登记专家 {code} {person.name}", details=details)
        )
    return code


def change(app: App, actor: Actor, expert_id: int, version: int, person: Person, *, active: bool, why: str) -> None:
    """Changes what is known of an expert. `active` False: not to be asked any more; refused while the expert has
    something to score. What was assigned stays, also where the change is a ground against it.
    """
    actor.require(Permission.MANAGE_SCORING)
    why, person = required_reason(why), _checked(person)
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(experts).where(experts.c.id == expert_id), "没有这位专家，请刷新页面。")
        _refuse_twice(unit, person, expert_id)
        if not active and (open_ := _open_count(unit, expert_id)):
            raise Refused(f"{held.code} {held.name}还有 {open_} 项评审没有交，不能停用。请先在“分派”中撤回。")
        name = ("expert", expert_id, f"专家“{held.name}”")
        after = person.values() | {"active": active}
        unit.update_version(experts, experts.c.id == expert_id, version, name, **after)
        before = {key: getattr(held, key) for key in after}
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        if not changed:
            raise Refused("没有改动，无需保存。")
        told = "、".join(_WORDS[key] for key in changed)
        what = f"修改专家 {held.code} {person.name}：{told}"
        unit.record(Entry("expert.changed", "expert", expert_id, person.name, what, why, None, version, changed))


def set_panel(
    app: App, actor: Actor, round_id: int, before: Collection[int], chosen: Collection[int], why: str
) -> None:
    """Says who scores in a round. `before`: who did when the person began, by id; Stale where that has changed.

    Refused: nobody new and nobody gone, somebody who is not asked any more, and taking away somebody who still has
    applications to score or has scored some; they are named.
    """
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        known = panel(app, unit.connection, round_id)
        now = {each.id for each in known.experts.values() if each.member}
        if now != set(before):
            raise Stale("本轮的评审专家已有变动，您的改动没有写入。请刷新页面，核对后再办。")
        added, gone = sorted(set(chosen) - now), sorted(now - set(chosen))
        if not added and not gone:
            raise Refused("本轮的评审专家没有改动，无需保存。")
        _refuse_strangers(known, added)
        _refuse_busy(known, gone)
        if added:
            unit.execute(panel_members.insert(), [{"round_id": round_id, "expert_id": number} for number in added])
        if gone:
            of_round = panel_members.c.round_id == round_id
            unit.execute(panel_members.delete().where(of_round, panel_members.c.expert_id.in_(gone)))
        parts = [
            f"{word} {len(some)} 位：{_some([_named(known, number) for number in some])}"
            for word, some in (("增加", added), ("减少", gone))
            if some
        ]
        what = f"{known.year}年度评审专家{'；'.join(parts)}"
        details = {"added": added, "gone": gone}
        unit.record(Entry("panel.changed", "panel", round_id, f"{known.year}年度", what, why, round_id, None, details))


_WORDS: Final[Mapping[str, str]] = {
    "name": "姓名",
    "units": "单位",
    "city": "所在城市",
    "fields": "熟悉的领域",
    "note": "备注",
    "account_id": "账户",
    "active": "是否在用",
}


def _checked(person: Person) -> Person:
    """The person with blanks taken off; Refused with everything that is missing."""
    units = tuple(dict.fromkeys(text for each in person.units if (text := each.strip())))
    made = Person(
        person.name.strip(),
        units,
        person.city,
        tuple(each for each in fields() if each in person.fields),
        person.note.strip(),
        person.account_id,
    )
    strange = [each for each in person.fields if each not in fields()]
    problems = [
        "" if made.name else "请填写姓名。",
        f"姓名最多 {_LONGEST_NAME} 个字。" if len(made.name) > _LONGEST_NAME else "",
        "" if units else "请填写所在单位，一行一个；判断是否需要回避要用。",
        "" if made.city in ("", *cities()) else f"所在城市“{made.city}”不在可选的范围内，请重新选择。",
        f"“{strange[0]}”不在可选的领域内，请重新选择。" if strange else "",
    ]
    if any(problems):
        raise Refused("".join(problems))
    return made


def _refuse_twice(unit: Unit, person: Person, expert_id: int | None) -> None:
    """Nobody is on file twice, and nobody signs in for two."""
    others = [row for row in unit.execute(sa.select(experts)) if row.id != expert_id]
    for row in others:
        if row.name == person.name and set(row.units) & set(person.units):
            raise Refused(f"{row.code} {row.name}（{'、'.join(row.units)}）已经登记，请不要重复登记。")
    if person.account_id is None:
        return
    held = unit.execute(sa.select(accounts).where(accounts.c.id == person.account_id)).first()
    if held is None or held.role != Role.EXPERT.value:
        raise Refused("只能对应“评审专家”角色的账户，请重新选择。")
    for row in others:
        if row.account_id == person.account_id:
            raise Refused(f"账户“{held.login}”已经对应 {row.code} {row.name}，请另选一个。")


def _next_code(unit: Unit) -> str:
    """The next running number; one writer at a time, so nobody else takes it."""
    taken = unit.execute(sa.select(experts.c.code)).scalars()
    numbers = [int(text) for each in taken if (text := each.removeprefix(CODE)).isdecimal()]
    return f"{CODE}{max(numbers, default=0) + 1:02d}"


def _open_count(unit: Unit, expert_id: int) -> int:
    """How many standing assignments of an expert, in any round, wait for a sheet."""
    newest = (
        sa.select(score_entries.c.kind)
        .where(score_entries.c.assignment_id == assignments.c.id)
        .order_by(score_entries.c.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = sa.select(sa.func.count()).where(
        assignments.c.expert_id == expert_id,
        assignments.c.ended_at.is_(None),
        sa.func.coalesce(newest, "") != SUBMITTED,
    )
    return int(unit.execute(query).scalar_one())


def _refuse_strangers(known: Panel, added: Sequence[int]) -> None:
    if [number for number in added if number not in known.experts]:
        raise Refused("所选的专家中有没有登记的，请刷新页面后重新选择。")
    stopped = [_named(known, number) for number in added if not known.experts[number].active]
    if stopped:
        raise Refused(f"{_some(stopped)}已停用，不能参加本轮评审。")


def _refuse_busy(known: Panel, gone: Sequence[int]) -> None:
    problems = []
    for number in gone:
        held = [each for each in known.assignments if each.expert_id == number]
        names = [known.subjects[each.application_id].name for each in held if each.application_id in known.subjects]
        if held:
            which = _some([f"“{name}”" for name in names])
            problems.append(f"{_named(known, number)}还有 {len(held)} 项分派{f'：{which}' if which else ''}。")
    if problems:
        raise Refused("".join(problems) + "请先在“分派”中撤回，再调整评审专家。")


def _named(known: Panel, number: int) -> str:
    return f"{known.experts[number].code} {known.experts[number].name}"


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:_NAMED]) + (f"等 {len(names)} 个" if len(names) > _NAMED else "")
