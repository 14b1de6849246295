"""拟创建对象: cases are begun from what the cities sent, and proposed only where everything passes (第七条（二）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from core.errors import Refused
from core.services import cases, intake, review, selection
from core.services.selection import Candidate, Proposed
from core.store import tables
from tests.books import MAIN, applicant
from tests.conftest import one_database
from tests.notices import events, status
from tests.office import SHENFU, SHENYANG, TODAY, Office
from tests.passing import ALL, settle

DAY = date(2026, 5, 28)


@pytest.fixture
def settled(office: Office) -> Office:
    """Four applications that pass, one that lacks a figure; it is 28 May."""
    settle(office, *ALL)
    office.on(DAY)
    return office


def found(office: Office) -> dict[str, Candidate]:
    return {each.name: each for each in selection.candidates(office.app, office.round_id)}


def propose(
    office: Office, selected: Sequence[str] = (), declined: Mapping[str, str] | None = None, **more: Any
) -> Proposed:
    by_name = found(office)
    given: dict[str, Any] = {"day": DAY, "minutes": "虚构纪要〔2026〕3号", "why": "按创建标准择优"} | more
    return selection.propose(
        office.app,
        office.staff,
        office.round_id,
        selected=[by_name[name].application_id for name in selected],
        declined={by_name[name].application_id: why for name, why in (declined or {}).items()},
        **given,
    )


def test_candidates_stand_in_official_order_and_carry_no_score(settled: Office) -> None:
    listed = selection.candidates(settled.app, settled.round_id)
    assert [(each.city, each.name, each.verdict, each.case_id, each.status) for each in listed] == [
        ("沈阳市", "虚构市云帆服务平台", "pass", None, None),
        ("沈阳市", "虚构市望海基地", "pass", None, None),
        ("大连市", "虚构市北辰服务平台", "missing", None, None),
        ("大连市", "虚构市星河服务平台", "pass", None, None),
        ("沈抚示范区", "虚构区安山服务平台", "pass", None, None),
    ]
    assert [(each.number, each.kind, each.operator, each.preferences) for each in listed][:2] == [
        ("PT-001", "platform", "虚构市云帆服务中心", ()),
        ("JD-001", "base", "虚构市望海园区有限公司", ()),
    ]


@one_database
def test_a_national_zone_is_told_beside_the_candidate(opened: Office) -> None:
    opened.put(SHENFU, applicant("platform", "PT-1", "虚构甲", {MAIN: {"国家级高新区": "是"}}))
    opened.take()
    [one] = selection.candidates(opened.app, opened.round_id)
    assert len(one.preferences) == 1


def test_only_creation_applications_that_are_held_are_candidates(opened: Office) -> None:
    made = [
        applicant("platform", f"PT-{number}", f"虚构{number}", application=kind)
        for number, kind in enumerate(["创建申报", "创建申报", "期满验收", "运行复核"])
    ]
    opened.put(SHENFU, *made)
    opened.take()
    assert list(found(opened)) == ["虚构0", "虚构1"]
    opened.put(SHENFU, made[0], *made[2:])
    opened.take()
    assert list(found(opened)) == ["虚构0"]  # nobody has decided yet whether the other is withdrawn
    number = opened.application(SHENFU, "pt-1").id
    intake.decide_withdrawal(opened.app, opened.staff, number, 1, withdrawn=False, why="市里来函")
    assert list(found(opened)) == ["虚构0", "虚构1"]


def test_one_act_begins_every_case_and_enters_both_decisions(settled: Office) -> None:
    made = propose(settled, ALL[:2], {ALL[2]: "同类平台已有布局"})
    assert (len(made.opened), len(made.selected), len(made.declined), made.left) == (5, 2, 1, 2)
    assert made.sentence == (
        "2026年度：受理市级推荐 5 个，2026年5月28日（周四）列为拟创建对象 2 个，不列入 1 个，仍为“已推荐”2 个。"
    )
    by_name = found(settled)
    assert {name: each.status for name, each in by_name.items()} == {
        ALL[0]: "proposed",
        ALL[1]: "proposed",
        ALL[2]: "not_selected",
        ALL[3]: "recommended",
        "虚构市北辰服务平台": "recommended",
    }
    first = by_name[ALL[0]].case_id
    assert first is not None
    # recommended on the day its workbook first came
    assert events(settled, first) == [(1, "recommended", TODAY, None), (2, "selected", DAY, None)]
    kept = settled.row(tables.case_events, case_id=first, number=2)
    assert (kept.document, kept.why) == ("虚构纪要〔2026〕3号", "按创建标准择优")
    turned_down = settled.row(tables.case_events, case_id=by_name[ALL[2]].case_id, number=2)
    assert (turned_down.type, turned_down.why) == ("not_selected", "同类平台已有布局")
    case = settled.row(tables.cases, id=first)
    assert (case.kind, case.category, case.round_id, case.standard_id) == (
        "platform", "综合服务", settled.round_id, "ln-2025-draft",
    )  # fmt: skip
    last = settled.last()
    assert (last.action, last.what) == ("selection.applied", made.sentence.removesuffix("。"))
    assert last.details["selected"] == list(made.selected)


@one_database
def test_recommended_is_never_later_than_the_decision(settled: Office) -> None:
    propose(settled, ALL[:1], day=date(2026, 5, 18))
    number = found(settled)[ALL[0]].case_id
    assert number is not None
    assert [(each[1], each[2]) for each in events(settled, number)] == [
        ("recommended", date(2026, 5, 18)),
        ("selected", date(2026, 5, 18)),
    ]


@one_database
def test_the_rest_is_decided_later_and_new_ones_are_begun_then(settled: Office) -> None:
    propose(settled, ALL[:1])
    made = propose(settled, ALL[1:2])
    assert (made.opened, len(made.selected), made.left) == ((), 1, 3)
    said = settled.refuses(Refused, lambda: propose(settled))
    assert said == "没有新的创建申报，也没有选定或者不选定的对象，无需办理。"


@one_database
def test_cases_can_be_begun_before_anything_is_decided(settled: Office) -> None:
    made = propose(settled, minutes="", why="")
    assert made.sentence == "2026年度：受理市级推荐 5 个，仍为“已推荐”5 个。"


@one_database
def test_everything_that_stands_against_it_is_told_at_once(settled: Office) -> None:
    propose(settled, ALL[:1])
    act = lambda: propose(  # noqa: E731
        settled, [ALL[0], ALL[1], "虚构市北辰服务平台"], {ALL[1]: "两样", ALL[2]: " "}
    )
    assert settled.refuses(Refused, act) == (
        "“虚构市望海基地”既列为拟创建对象又不列入，请只选一种。"
        "“虚构市云帆服务平台”（拟创建对象）已经办理过，请刷新页面后重新选择。"
        "“虚构市北辰服务平台”（缺数据）的审核结论不是“达标”，不能列为拟创建对象；请先在“条件审核”中办完。"
        "请写明“虚构市星河服务平台”不列为拟创建对象的理由。"
    )


@one_database
def test_grounds_and_document_are_asked_for(settled: Office) -> None:
    assert settled.refuses(Refused, lambda: propose(settled, ALL[:1], why=" ")) == "请写明理由，供日后核查。"
    said = settled.refuses(Refused, lambda: propose(settled, ALL[:1], minutes=" "))
    assert said == "请写明审定的依据文件（如会议纪要的文号）。"
    said = settled.refuses(Refused, lambda: propose(settled, ALL[:1], day=date(2026, 5, 29)))
    assert said.endswith("日期2026年5月29日（周五）还没有到，不能提前办理。")


def test_what_is_withdrawn_meanwhile_is_no_candidate(settled: Office) -> None:
    number = found(settled)[ALL[1]].application_id
    settled.put(SHENYANG, applicant("platform", "PT-001", ALL[0]))
    settled.take(SHENYANG)
    act = lambda: selection.propose(  # noqa: E731
        settled.app, settled.staff, settled.round_id, day=DAY, selected=[number], declined={}, minutes="甲", why="乙"
    )
    said = settled.refuses(Refused, act)
    assert said == "所选的申报中有 1 个已撤回、待确认或者不是创建申报，请刷新页面后重新选择。"


def test_a_case_is_called_as_it_was_verified(settled: Office) -> None:
    number = settled.application(SHENYANG, "pt-001").id
    review.verify_value(
        settled.app, settled.staff, number, 1, sheet=MAIN, column="平台（基地）名称", text="虚构核定平台",
        why="与证书不符", evidence="证书",
    )  # fmt: skip
    propose(settled, minutes="", why="")
    assert settled.row(tables.cases, application_id=number).name == "虚构核定平台"


def test_a_case_whose_first_entry_was_voided_is_begun_again(settled: Office) -> None:
    propose(settled, minutes="", why="")
    number = found(settled)[ALL[0]].case_id
    assert number is not None
    cases.void(settled.app, settled.staff, number, 1, 1, "误办")
    assert found(settled)[ALL[0]].status is None
    made = propose(settled, ALL[:1])
    assert (made.opened, made.selected) == ((number,), (number,))
    assert status(settled, number) == "proposed"
