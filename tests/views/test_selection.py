"""Read model of who can be listed: what people choose by, in official order; it forgets nothing that changes."""

from __future__ import annotations

import pytest

from core.services import scoring
from core.services.candidates import candidates
from core.views.selection import SelectionRow, SelectionView, selection_view, status_word
from tests.books import MAIN, applicant
from tests.chosen import chosen
from tests.notices import SELECTED
from tests.office import SHENFU, Office
from tests.panels import DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, convene, handed_in
from tests.passing import ALL, settle
from tests.settled import settled

GRADES = [{"name": "优秀", "from": "80"}, {"name": "良好", "from": "60"}]


def counts(seen: SelectionView) -> tuple[int, int, int, int]:
    return len(seen.rows), seen.waiting, seen.passing, seen.fresh


def rows(office: Office) -> dict[str, SelectionRow]:
    return {row.candidate.name: row for row in selection_view(office.app, office.round_id).rows}


def test_it_counts_who_waits_and_who_may_be_listed(office: Office) -> None:
    assert counts(selection_view(office.app, office.round_id)) == (5, 5, 0, 5)
    for each in candidates(office.app, office.round_id):
        if each.verdict == "review":
            settled(office.app, office.staff, each.application_id)
    seen = selection_view(office.app, office.round_id)
    assert (counts(seen), seen.scored) == ((5, 5, 3, 5), False)
    assert {status_word(row.candidate) for row in seen.rows} == {"已受理，未选定"}
    office.on(SELECTED)
    first, other, *_ = [row.id for row in seen.rows if row.candidate.verdict == "pass"]
    chosen(office.app, office.staff, office.round_id, SELECTED, [first], {other: "重复建设"})
    seen = selection_view(office.app, office.round_id)
    assert counts(seen) == (5, 3, 1, 0)
    told = [(status_word(row.candidate), row.candidate.waits) for row in seen.rows if row.id in (first, other)]
    assert told == [("拟创建对象", False), ("未入选", False)]
    assert [(one.city, one.chosen) for one in seen.quotas] == [("沈阳市", 1), ("大连市", 0), ("沈抚示范区", 0)]


@pytest.mark.parametrize(
    ("own", "groups"),
    [
        ({}, ["达到合格线", "未达到合格线", "未评审", "评分未齐", "评分未齐"]),
        ({"pass_line": None}, ["已评齐", "已评齐", "未评审", "评分未齐", "评分未齐"]),
        ({"grades": GRADES}, ["优秀", "未列入等次", "未评审", "评分未齐", "评分未齐"]),
    ],
)
def test_people_choose_within_the_groups_that_the_round_decided(
    office: Office, own: dict[str, object], groups: list[str]
) -> None:
    convene(office, DECIDED | own)
    made = assigned(office, *((code, name) for name in (YUNFAN, WANGHAI, XINGHE) for code in ("专家02", "专家03")))
    for number, score in zip(made[:5], (80, 90, 40, 70, 70), strict=True):
        handed_in(office, number, score)
    found = rows(office)
    assert [row.group for row in found.values()] == groups
    assert [row.score for row in found.values()] == ["85.00", "55.00", "", "", ""]
    assert found[WANGHAI].marks == ("最高分与最低分相差较大",)
    assert found[XINGHE].gap == "还差 1 位专家的评分（专家03），暂不计算得分。"
    assert found[XINGHE].reasons["selected"] == ()


def test_reasons_that_can_be_given_follow_the_checks_and_the_line(office: Office) -> None:
    convene(office)
    made = assigned(office, *((code, name) for name in (YUNFAN, WANGHAI) for code in ("专家02", "专家03")))
    for number, score in zip(made, (80, 80, 40, 40), strict=True):
        handed_in(office, number, score)
    found = rows(office)
    reached, below, missing = (found[name].reasons for name in (YUNFAN, WANGHAI, "虚构市北辰服务平台"))
    assert reached["selected"] == ("meets", "selected_other")
    assert below["selected"] == ("prefer_new_quality", "prefer_specialised", "selected_other")
    assert ("below_line" in reached["not_selected"], below["not_selected"][0]) == (False, "below_line")
    assert missing == {"selected": (), "not_selected": ("unmet", "untrue", "gave_up")}


def test_grounds_among_equals_are_told_with_their_evidence(opened: Office) -> None:
    zone = applicant("platform", "PT-1", "虚构甲", {MAIN: {"国家级高新区": "是"}})
    opened.put(SHENFU, zone, applicant("base", "JD-1", "虚构乙"), applicant("platform", "PT-2", "虚构丙"))
    opened.take()
    settle(opened, "虚构甲", "虚构乙", "虚构丙")
    found = rows(opened)
    [own] = found["虚构甲"].supports
    assert (own.clause, own.name, own.found) == ("第十八条", "国家级高新区", True)
    assert own.evidence.startswith("推荐汇总表")
    assert own.evidence.endswith("“国家级高新区”：是")
    assert [(one.clause, one.found) for one in found["虚构乙"].supports] == [("附件2 说明9", False)] * 2
    assert found["虚构丙"].supports == ()


def test_what_is_only_typed_changes_nothing(convened: Office) -> None:
    [one] = assigned(convened, ("专家01", YUNFAN))
    assert {name for name in ALL if rows(convened)[name].group == "评分未齐"} == set(ALL)
    typed = {"scores": {"path": "90"}, "comments": {}, "counts": {}}
    scoring.save_draft(convened.app, convened.expert, one, typed, 0, 1)
    assert rows(convened)[YUNFAN].score == ""
