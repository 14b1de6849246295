"""Experts: on file once, with a code that stays, and asked to score in a round or not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from core.accounts import Role
from core.errors import Refused, Stale
from core.services import accounts, experts
from core.services.experts import ELSEWHERE, Person, fields
from core.services.panel import PanelExpert
from core.services.subjects import BASES
from tests.office import PASSWORD, Office
from tests.panels import WANGHAI, YUNFAN, assigned, handed_in, seen

JIANG = Person("虚构蒋某", ("虚构第三大学", "虚构协会"), "鞍山市", ("数字化转型", BASES), "教授")


def of(office: Office, code: str) -> PanelExpert:
    return next(each for each in seen(office).experts.values() if each.code == code)


def change(office: Office, code: str, person: Person, *, version: int = 1, active: bool = True, why: str = "x") -> None:
    number = of(office, code).id
    experts.change(office.app, office.staff, number, version, person, active=active, why=why)


def members(office: Office) -> set[int]:
    return {each.id for each in seen(office).experts.values() if each.member}


def set_panel(office: Office, before: Collection[int], chosen: Collection[int]) -> None:
    experts.set_panel(office.app, office.second, office.round_id, before, chosen, "人员调整")


def test_an_expert_gets_the_next_code_and_is_no_member_yet(convened: Office) -> None:
    assert experts.add(convened.app, convened.staff, JIANG) == "专家05"
    made = of(convened, "专家05")
    assert (made.name, made.expert.units, made.expert.city) == ("虚构蒋某", ("虚构第三大学", "虚构协会"), "鞍山市")
    assert (made.expert.fields, made.note, made.member, made.active) == (
        frozenset({"数字化转型", BASES}), "教授", False, True,
    )  # fmt: skip
    entry = convened.last()
    assert (entry.action, entry.subject, entry.what) == ("expert.added", "虚构蒋某", "登记专家 专家05 虚构蒋某")
    assert entry.details == {
        "code": "专家05", "name": "虚构蒋某", "units": ["虚构第三大学", "虚构协会"], "city": "鞍山市",
        "fields": ["数字化转型", BASES], "note": "教授", "account_id": None,
    }  # fmt: skip


def test_the_first_expert_of_all_is_number_one(office: Office) -> None:
    assert experts.add(office.app, office.staff, JIANG) == "专家01"
    assert experts.add(office.app, office.staff, Person("虚构沈某", ("虚构第四大学",), ELSEWHERE)) == "专家02"


def test_what_is_missing_or_strange_is_told_at_once(office: Office) -> None:
    def refused(person: Person) -> str:
        return office.refuses(Refused, lambda: experts.add(office.app, office.staff, person))

    assert refused(Person(" ", (" ",), "虚构市", ("算命",))) == (
        "请填写姓名。请填写所在单位，一行一个；判断是否需要回避要用。"
        "所在城市“虚构市”不在可选的范围内，请重新选择。“算命”不在可选的领域内，请重新选择。"
    )
    assert refused(Person("甲" * 65, ("虚构第三大学",))) == "姓名最多 64 个字。"


def test_every_service_and_the_bases_can_be_known() -> None:
    assert fields()[-1] == BASES
    assert {"数字化转型", "创业指导"} <= set(fields())
    assert len(set(fields())) == len(fields())


def test_nobody_is_on_file_twice_and_an_account_is_one_persons(convened: Office) -> None:
    def refused(person: Person) -> str:
        return convened.refuses(Refused, lambda: experts.add(convened.app, convened.staff, person))

    again = Person("虚构冯某", (" 虚构第一大学 ", "虚构协会"))
    assert refused(again) == "专家02 虚构冯某（虚构第一大学）已经登记，请不要重复登记。"
    taken = Person("虚构蒋某", ("虚构第三大学",), account_id=convened.expert.id)
    assert refused(taken) == "账户“wang”已经对应 专家01 王专家，请另选一个。"
    wrong = "只能对应“评审专家”角色的账户，请重新选择。"
    assert refused(Person("虚构蒋某", ("虚构第三大学",), account_id=convened.staff.id)) == wrong
    assert refused(Person("虚构蒋某", ("虚构第三大学",), account_id=999)) == wrong


def test_an_expert_is_linked_with_an_account_and_what_changed_is_kept(convened: Office) -> None:
    accounts.create_account(
        convened.app, convened.admin, login="feng", name="冯专家", role=Role.EXPERT, password=PASSWORD
    )
    number = accounts.actor_of(convened.app, accounts.sign_in(convened.app, login="feng", password=PASSWORD))
    assert number is not None
    change(convened, "专家02", Person("虚构冯某", ("虚构第一大学",), "鞍山市", account_id=number.id), why="已开通账户")
    assert of(convened, "专家02").account_id == number.id
    entry = convened.last()
    assert (entry.what, entry.why) == ("修改专家 专家02 虚构冯某：所在城市、账户", "已开通账户")
    assert entry.details == {"city": ["大连市", "鞍山市"], "account_id": [None, number.id]}
    same = Person("虚构冯某", ("虚构第一大学",), "鞍山市", account_id=number.id)
    assert convened.refuses(Refused, lambda: change(convened, "专家02", same, version=2)) == "没有改动，无需保存。"
    late = convened.refuses(Stale, lambda: change(convened, "专家02", JIANG))
    assert late.startswith("专家“虚构冯某”已由李经办于2026-05-20 ")


def test_who_has_something_to_score_is_not_stopped(convened: Office) -> None:
    one, _ = assigned(convened, ("专家02", YUNFAN), ("专家02", WANGHAI))
    feng = Person("虚构冯某", ("虚构第一大学",), "大连市")
    handed_in(convened, one, 80)
    sentence = convened.refuses(Refused, lambda: change(convened, "专家02", feng, active=False))
    assert sentence == "专家02 虚构冯某还有 1 项评审没有交，不能停用。请先在“分派”中撤回。"
    change(convened, "专家03", Person("虚构陈某", ("虚构第二大学",)), active=False)
    assert [each.code for each in seen(convened).members] == ["专家01", "专家02", "专家04"]


def test_who_scores_in_a_round_is_changed_in_one_act(convened: Office) -> None:
    before = members(convened)
    experts.add(convened.app, convened.staff, JIANG)
    five, three = of(convened, "专家05").id, of(convened, "专家03").id
    set_panel(convened, before, before - {three} | {five})
    assert [each.code for each in seen(convened).members] == ["专家01", "专家02", "专家04", "专家05"]
    entry = convened.last()
    assert entry.what == "2026年度评审专家增加 1 位：专家05 虚构蒋某；减少 1 位：专家03 虚构陈某"
    assert (entry.who, entry.round_id, entry.details) == (
        "赵经办", convened.round_id, {"added": [five], "gone": [three]},
    )  # fmt: skip
    assert convened.refuses(Stale, lambda: set_panel(convened, before, before)) == (
        "本轮的评审专家已有变动，您的改动没有写入。请刷新页面，核对后再办。"
    )
    now = members(convened)
    assert convened.refuses(Refused, lambda: set_panel(convened, now, now)) == "本轮的评审专家没有改动，无需保存。"


def test_who_has_applications_stays_and_they_are_named(convened: Office) -> None:
    now = members(convened)
    one, _ = assigned(convened, ("专家02", YUNFAN), ("专家02", WANGHAI))
    handed_in(convened, one, 80)
    assert convened.refuses(Refused, lambda: set_panel(convened, now, now - {of(convened, "专家02").id})) == (
        f"专家02 虚构冯某还有 2 项分派：“{YUNFAN}”、“{WANGHAI}”。请先在“分派”中撤回，再调整评审专家。"
    )


def test_only_those_on_file_and_in_use_are_asked(convened: Office) -> None:
    now = members(convened)
    refused: Any = convened.refuses(Refused, lambda: set_panel(convened, now, now | {999}))
    assert refused == "所选的专家中有没有登记的，请刷新页面后重新选择。"
    three = of(convened, "专家03").id
    set_panel(convened, now, now - {three})
    change(convened, "专家03", Person("虚构陈某", ("虚构第二大学",)), active=False)
    assert convened.refuses(Refused, lambda: set_panel(convened, now - {three}, now)) == (
        "专家03 虚构陈某已停用，不能参加本轮评审。"
    )
