"""拟创建对象: cases are begun from what the cities sent, and people choose with a reason (第七条（二）)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from core.errors import Refused
from core.services import cases, intake, review, selection
from core.services.candidates import Candidate, candidates
from core.services.selection import Decided
from core.services.selection_rules import Choice, weigh
from core.store import tables
from tests.books import MAIN, applicant
from tests.conftest import one_database
from tests.notices import events, status
from tests.office import SHENFU, SHENYANG, TODAY, Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, assigned, handed_in
from tests.passing import ALL, settle

DAY = date(2026, 5, 28)
BEICHEN = "虚构市北辰服务平台"  # lacks a figure
MEETS = Choice("selected", "meets")
REST = "留待补充材料"


@pytest.fixture
def settled(office: Office) -> Office:
    """Four applications that pass, one that lacks a figure; it is 28 May."""
    settle(office, *ALL)
    office.on(DAY)
    return office


@pytest.fixture
def scored(convened: Office) -> Office:
    """The same; two of them have been scored by both experts, one at 80 and one below the pass line."""
    made = assigned(convened, *((code, name) for name in ALL for code in ("专家02", "专家03")))
    for number, score in zip(made, (80, 80, 50, 50, 70, None, None, None), strict=True):
        if score is not None:
            handed_in(convened, number, score)
    convened.on(DAY)
    return convened


def found(office: Office) -> dict[str, Candidate]:
    return {each.name: each for each in candidates(office.app, office.round_id)}


def decide(office: Office, choices: Mapping[str, Choice], later: Sequence[str] | None = None, **more: Any) -> Decided:
    """Chooses by name; whoever is not named is left for later, unless `later` names these."""
    known = found(office)
    rest = [name for name, each in known.items() if each.waits and name not in choices] if later is None else later
    given: dict[str, Any] = {"day": DAY, "minutes": "虚构纪要〔2026〕3号", "why": "按创建标准择优"} | more
    return selection.decide(
        office.app,
        office.staff,
        office.round_id,
        choices={known[name].application_id: choice for name, choice in choices.items()},
        later=[known[name].application_id for name in rest],
        **({"later_why": REST} if rest else {}) | given,
    )


def refuses(office: Office, choices: Mapping[str, Choice], later: Sequence[str] | None = None, **more: Any) -> str:
    return office.refuses(Refused, lambda: decide(office, choices, later, **more))


def test_candidates_stand_in_official_order_and_carry_no_score(settled: Office) -> None:
    listed = candidates(settled.app, settled.round_id)
    assert [(each.city, each.name, each.verdict, each.case_id, each.status) for each in listed] == [
        ("沈阳市", "虚构市云帆服务平台", "pass", None, None),
        ("沈阳市", "虚构市望海基地", "pass", None, None),
        ("大连市", "虚构市北辰服务平台", "missing", None, None),
        ("大连市", "虚构市星河服务平台", "pass", None, None),
        ("沈抚示范区", "虚构区安山服务平台", "pass", None, None),
    ]
    assert [(each.number, each.kind, each.operator, each.preferences) for each in listed][:2] == [
        ("PT-001", "platform", "虚构市云帆服务中心", {}),
        ("JD-001", "base", "虚构市望海园区有限公司", {}),
    ]


@one_database
def test_a_national_zone_is_told_beside_the_candidate(opened: Office) -> None:
    opened.put(SHENFU, applicant("platform", "PT-1", "虚构甲", {MAIN: {"国家级高新区": "是"}}))
    opened.take()
    [one] = candidates(opened.app, opened.round_id)
    assert list(one.preferences) == ["art18"]


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


def test_one_act_begins_every_case_and_enters_both_decisions_with_their_reasons(settled: Office) -> None:
    made = decide(
        settled,
        {
            YUNFAN: MEETS,
            WANGHAI: MEETS,
            XINGHE: Choice("not_selected", "weak_plan", " 缺少分年度目标 "),
            BEICHEN: Choice("not_selected", "unmet"),
        },
    )
    assert [len(some) for some in (made.opened, made.selected, made.declined, made.later)] == [5, 2, 2, 1]
    assert made.sentence == (
        "2026年度：受理市级推荐 5 个，2026年5月28日（周四）列为拟创建对象 2 个，不列入 2 个，"
        "留待以后 1 个（沈抚示范区“虚构区安山服务平台”）。"
    )
    by_name = found(settled)
    assert {name: each.status for name, each in by_name.items()} == {
        YUNFAN: "proposed",
        WANGHAI: "proposed",
        BEICHEN: "not_selected",
        XINGHE: "not_selected",
        ANSHAN: "recommended",
    }
    first = by_name[YUNFAN].case_id
    assert first is not None
    # recommended on the day its workbook first came
    assert events(settled, first) == [(1, "recommended", TODAY, None), (2, "selected", DAY, None)]
    kept = [settled.row(tables.case_events, case_id=by_name[name].case_id, number=2) for name in (YUNFAN, XINGHE)]
    assert [(row.type, row.document, row.why) for row in kept] == [
        ("selected", "虚构纪要〔2026〕3号", "符合申报条件，达到创建标准，创建方案评价符合要求。"),
        (
            "not_selected",
            "虚构纪要〔2026〕3号",
            "创建方案在某些方面不足，建议完善后再申报。具体情况：缺少分年度目标",
        ),
    ]
    case = settled.row(tables.cases, id=first)
    assert (case.kind, case.category, case.round_id, case.standard_id) == (
        "platform", "综合服务", settled.round_id, "ln-2025-draft",
    )  # fmt: skip
    last = settled.last()
    assert (last.action, last.what) == ("selection.applied", made.sentence.removesuffix("。"))
    assert last.why == "按创建标准择优；留待以后：留待补充材料"
    assert (last.details["selected"], last.details["later"]) == (list(made.selected), [["沈抚示范区", ANSHAN]])
    assert last.details["reasons"][str(by_name[XINGHE].case_id)] == {
        "outcome": "not_selected", "reason": "weak_plan", "words": "缺少分年度目标", "equal": "",
    }  # fmt: skip


def test_nobody_is_forgotten_and_those_left_are_caught_up(settled: Office) -> None:
    said = refuses(settled, {YUNFAN: MEETS}, [WANGHAI])
    assert said == (
        "还有 3 个申报没有选定：大连市“虚构市北辰服务平台”、大连市“虚构市星河服务平台”、"
        "沈抚示范区“虚构区安山服务平台”。请选“列入”或者“不列入”；这次不定的，请留待以后，并写明理由。"
    )
    assert refuses(settled, {YUNFAN: MEETS}, later_why=" ") == "请写明为什么留待以后。"
    decide(settled, {YUNFAN: MEETS})
    made = decide(settled, dict.fromkeys((WANGHAI, XINGHE, ANSHAN), MEETS) | {BEICHEN: Choice("not_selected", "unmet")})
    assert (made.opened, len(made.selected), made.later) == ((), 3, ())
    assert made.sentence == "2026年度：2026年5月28日（周四）列为拟创建对象 3 个，不列入 1 个。"
    assert refuses(settled, {}) == "没有新的创建申报，也没有选定或者不选定的对象，无需办理。"


@one_database
def test_recommended_is_never_later_than_the_decision(settled: Office) -> None:
    decide(settled, {YUNFAN: MEETS}, day=date(2026, 5, 18))
    number = found(settled)[YUNFAN].case_id
    assert number is not None
    assert [(each[1], each[2]) for each in events(settled, number)] == [
        ("recommended", date(2026, 5, 18)),
        ("selected", date(2026, 5, 18)),
    ]


@one_database
def test_cases_can_be_begun_before_anything_is_decided(settled: Office) -> None:
    made = decide(settled, {}, minutes="", why="")
    assert made.sentence == (
        "2026年度：受理市级推荐 5 个，留待以后 5 个（沈阳市“虚构市云帆服务平台”、沈阳市“虚构市望海基地”、"
        "大连市“虚构市北辰服务平台”、大连市“虚构市星河服务平台”、沈抚示范区“虚构区安山服务平台”）。"
    )


@one_database
def test_everything_that_stands_against_it_is_told_at_once(settled: Office) -> None:
    decide(settled, {YUNFAN: MEETS})
    said = refuses(
        settled,
        {
            YUNFAN: MEETS,
            WANGHAI: Choice("selected", "weak_plan"),
            BEICHEN: MEETS,
            XINGHE: Choice("not_selected", "weak_plan", " "),
            ANSHAN: Choice("not_selected", "unmet"),
        },
        [WANGHAI],
    )
    assert said == (
        "沈阳市“虚构市望海基地”已经选定，又留待以后，请只选一种。"
        "沈阳市“虚构市云帆服务平台”（拟创建对象）已经办理过，请刷新页面后重新选择。"
        "大连市“虚构市北辰服务平台”（缺数据）的审核结论不是“达标”，不能列为拟创建对象。"
        "请给沈阳市“虚构市望海基地”选一条列入的理由。"
        "沈抚示范区“虚构区安山服务平台”的审核结论是“达标”，不能用“经审核，不符合申报条件，或者申报材料不全。”，请另选理由。"
        "大连市“虚构市星河服务平台”所选的理由还要写明具体情况。"
    )


@one_database
def test_what_people_have_not_checked_to_the_end_cannot_be_decided(office: Office) -> None:
    office.on(DAY)
    said = refuses(office, {YUNFAN: Choice("not_selected", "gave_up")})
    assert said == (
        "沈阳市“虚构市云帆服务平台”（待认定）的条件审核还没有办完，不能选定。请先在“条件审核”中办完，或者留待以后。"
    )


@one_database
def test_reasons_carry_no_score_and_no_rank(settled: Office) -> None:
    said = refuses(
        settled,
        {
            YUNFAN: Choice("not_selected", "weak_plan", "总体只有７５．５ 分"),
            WANGHAI: Choice("not_selected", "weak_plan", "在全省第三名以后"),
            XINGHE: Choice("not_selected", "weak_plan", "路径部分十分简略，三分之一的任务没有时间表，10分钟演示"),
        },
    )
    assert said == (
        "沈阳市“虚构市云帆服务平台”（75.5 分）、沈阳市“虚构市望海基地”（第三名）的具体情况里有得分或者名次："
        "理由要答复申报单位，不写得分和名次（第八条），请改写。"
    )
    said = refuses(settled, {YUNFAN: MEETS}, why="按得分排名择优")
    assert said == "理由里有“得分”：选定的理由不写得分和名次（第八条），请改写。"


@one_database
def test_preferences_count_among_equals_and_where_they_apply(opened: Office) -> None:
    zone = {MAIN: {"国家级高新区": "是"}}
    made = [applicant("platform", "PT-1", "虚构甲", zone), applicant("base", "JD-1", "虚构乙"),
            applicant("platform", "PT-2", "虚构丙")]  # fmt: skip
    opened.put(SHENFU, *made)
    opened.take()
    settle(opened, "虚构甲", "虚构乙", "虚构丙")
    opened.on(DAY)
    wrong = {
        "虚构甲": Choice("selected", "prefer_zone", equal="一组"),
        "虚构乙": Choice("selected", "prefer_zone", equal="二组"),
        "虚构丙": Choice("selected", "prefer_specialised", "有政策", equal="二组"),
    }
    assert refuses(opened, wrong) == (
        "沈抚示范区“虚构丙”不属于这种情形，不能用“同等条件下，在促进中小企业专精特新发展方面作用突出，优先支持。”、"
        "沈抚示范区“虚构乙”不属于这种情形，不能用“同等条件下，属于国家级高新区，予以倾斜。”，请另选理由。"
        "沈抚示范区“虚构甲”按同等条件优先列入，请把与它同等条件的申报标成同一组。"
    )
    decide(
        opened,
        {
            "虚构甲": Choice("selected", "prefer_zone", equal="一组"),
            "虚构乙": Choice("selected", "prefer_specialised", "出台了政策", equal="一组"),
            "虚构丙": Choice("not_selected", "others_preferred", "同类平台已列入", equal="一组"),
        },
    )
    assert {each.name: each.status for each in found(opened).values()} == {
        "虚构甲": "proposed", "虚构乙": "proposed", "虚构丙": "not_selected",
    }  # fmt: skip


def test_only_what_is_scored_to_the_end_can_be_listed(scored: Office) -> None:
    everybody = dict.fromkeys(ALL, MEETS)
    assert refuses(scored, everybody | {ANSHAN: Choice("not_selected", "below_line")}) == (
        "大连市“虚构市星河服务平台”（还差 1 位专家的评分（专家03），暂不计算得分）的专家评分没有交齐，"
        "不能列为拟创建对象。"
        "沈阳市“虚构市望海基地”没有达到合格线，不能用“符合申报条件，达到创建标准，创建方案评价符合要求。”、"
        "沈抚示范区“虚构区安山服务平台”的评分还没有交齐，不能用“创建方案评价没有达到本年度工作方案规定的要求。”，请另选理由。"
    )
    said = refuses(scored, {YUNFAN: Choice("not_selected", "below_line")})
    assert said.startswith("沈阳市“虚构市云帆服务平台”已经达到合格线，不能用")
    choices = {
        YUNFAN: MEETS,
        WANGHAI: Choice("not_selected", "below_line"),
        XINGHE: Choice("not_selected", "gave_up"),
        BEICHEN: Choice("not_selected", "unmet"),
    }
    made = decide(scored, choices)
    assert (len(made.selected), len(made.declined), len(made.later)) == (1, 3, 1)


def test_people_may_list_whom_the_line_leaves_out_if_they_say_why(scored: Office) -> None:
    decide(scored, {WANGHAI: Choice("selected", "selected_other", "本区域没有同类基地")})
    assert found(scored)[WANGHAI].status == "proposed"


def _quota(office: Office, quota: int, over: str) -> None:
    with office.app.writer.begin() as connection:
        table = tables.recommenders
        connection.execute(table.update().where(table.c.city == SHENYANG).values(quota=quota))
        connection.execute(tables.rounds.update().values(over_quota=over))


@pytest.mark.parametrize("over", ["warn", "refuse"])
@one_database
def test_more_than_the_quota_is_told_or_refused_as_the_round_decided(settled: Office, over: str) -> None:
    _quota(settled, 1, over)
    decide(settled, {YUNFAN: MEETS})
    told = "沈阳市列为拟创建对象 2 个，超过推荐名额 1 个"
    if over == "refuse":
        said = refuses(settled, {WANGHAI: MEETS})
        assert said == f"{told}。本轮次的设置是超出名额不予受理，请减少后再办。"
    else:
        assert decide(settled, {WANGHAI: MEETS}).sentence.endswith(f"）。{told}，请注意。")


@one_database
def test_quotas_are_shown_as_they_fill(settled: Office) -> None:
    _quota(settled, 1, "warn")
    decide(settled, {YUNFAN: MEETS})
    number = found(settled)[WANGHAI].application_id
    with settled.app.reader.connect() as connection:
        seen = weigh(selection.ground_of(settled.app, connection, settled.round_id), {number: MEETS}, ())
    assert [(one.city, one.quota, one.recommended, one.chosen, one.over) for one in seen.quotas] == [
        ("沈阳市", 1, 2, 2, True),
        ("大连市", None, 2, 0, False),
        ("沈抚示范区", None, 1, 0, False),
    ]
    assert [each.name for each in seen.forgotten] == [BEICHEN, XINGHE, ANSHAN]


@one_database
def test_grounds_and_document_are_asked_for(settled: Office) -> None:
    assert refuses(settled, {YUNFAN: MEETS}, why=" ") == "请写明理由，供日后核查。"
    assert refuses(settled, {YUNFAN: MEETS}, minutes=" ") == "请写明审定的依据文件（如会议纪要的文号）。"
    said = refuses(settled, {YUNFAN: MEETS}, day=date(2026, 5, 29))
    assert said.endswith("日期2026年5月29日（周五）还没有到，不能提前办理。")


def test_what_is_withdrawn_meanwhile_is_no_candidate(settled: Office) -> None:
    number = found(settled)[WANGHAI].application_id
    settled.put(SHENYANG, applicant("platform", "PT-001", YUNFAN))
    settled.take(SHENYANG)
    act = lambda: selection.decide(  # noqa: E731
        settled.app, settled.staff, settled.round_id, day=DAY, choices={number: MEETS}, minutes="甲", why="乙"
    )
    said = settled.refuses(Refused, act)
    assert said == "所选的申报中有 1 个已撤回、待确认或者不是创建申报，请刷新页面后重新选择。"


def test_what_may_be_withdrawn_is_named_beside_those_decided(settled: Office) -> None:
    settled.put(SHENYANG, applicant("platform", "PT-001", YUNFAN))
    settled.take(SHENYANG)
    made = decide(settled, {})
    assert made.sentence == (
        "2026年度：受理市级推荐 4 个，留待以后 4 个（沈阳市“虚构市云帆服务平台”、大连市“虚构市北辰服务平台”、"
        "大连市“虚构市星河服务平台”、沈抚示范区“虚构区安山服务平台”）。"
        "从工作簿中消失、还没有确认是否撤回的 1 个不在其中：沈阳市“虚构市望海基地”。"
    )


def test_a_case_is_called_as_it_was_verified(settled: Office) -> None:
    number = settled.application(SHENYANG, "pt-001").id
    review.verify_value(
        settled.app, settled.staff, number, 1, sheet=MAIN, column="平台（基地）名称", text="虚构核定平台",
        why="与证书不符", evidence="证书",
    )  # fmt: skip
    decide(settled, {})
    assert settled.row(tables.cases, application_id=number).name == "虚构核定平台"


def test_a_case_whose_first_entry_was_voided_is_begun_again(settled: Office) -> None:
    decide(settled, {})
    number = found(settled)[YUNFAN].case_id
    assert number is not None
    cases.void(settled.app, settled.staff, number, 1, 1, "误办")
    assert found(settled)[YUNFAN].status is None
    made = decide(settled, {YUNFAN: MEETS})
    assert (made.opened, made.selected) == ((number,), (number,))
    assert status(settled, number) == "proposed"
