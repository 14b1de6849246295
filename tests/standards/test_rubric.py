"""附件3 as data: six indicators, what to look at by kind, the one thing that is counted, and the reasons."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.standards.loader import load
from core.standards.rubric import Rubric

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load("ln-2025-draft").rubric


def test_the_indicators_are_those_of_annex_3_in_its_order(rubric: Rubric) -> None:
    assert [(one.name, one.clause) for one in rubric.indicators] == [
        (name, f"附件3 {name}") for name in ("创建内容", "创新特色", "示范引领", "实施路径", "预期导向", "保障协同")
    ]
    assert rubric.indicator("path").name == rubric.names["path"] == "实施路径"
    with pytest.raises(KeyError):
        rubric.indicator("road")


def test_platforms_and_bases_are_asked_what_the_annex_asks_of_each(rubric: Rubric) -> None:
    counts = {one.code: (len(one.points_for("platform")), len(one.points_for("base"))) for one in rubric.indicators}
    assert counts == {
        "content": (4, 4),
        "innovation": (4, 4),
        "demonstration": (3, 4),
        "path": (5, 4),
        "orientation": (3, 3),
        "assurance": (4, 4),
    }
    only = {point.text: point.kinds for one in rubric.indicators for point in one.points if len(point.kinds) == 1}
    assert only == {
        "梯度培育优质企业有探索、有创造，建立促进专精特新企业成长壮大的机制。": ("base",),
        "写明要完善哪些功能模块。": ("platform",),
    }


def test_what_is_counted_includes_its_number(rubric: Rubric) -> None:
    demands = {one.code: one.demand for one in rubric.indicators if one.demand is not None}
    assert list(demands) == ["innovation"]
    demand = demands["innovation"]
    assert f"{demand.name} {demand.threshold.words} {demand.threshold.amount(DAY)}" == "典型或特色经验做法 不少于 2 条"
    assert [demand.met(count, DAY) for count in (1, 2, 3)] == [False, True, True]


def test_support_among_equals_is_for_bases_and_asks_for_evidence(rubric: Rubric) -> None:
    assert rubric.merits_for("platform") == ()
    assert [(one.code, one.clause) for one in rubric.merits_for("base")] == [
        ("new_quality", "附件2 说明9"),
        ("specialised", "附件2 说明9"),
    ]
    assert all(one.evidence for one in rubric.merits)


def test_reasons_name_no_score_and_no_rank(rubric: Rubric) -> None:
    """第八条: what is answered to an applicant carries no order."""
    assert [one.code for one in rubric.reasons_for("selected") if not one.words] == ["meets", "prefer_zone"]
    assert [one.code for one in rubric.reasons_for("not_selected") if not one.words] == [
        "unmet",
        "below_line",
        "gave_up",
    ]
    assert [len(rubric.reasons_for("selected")), len(rubric.reasons_for("not_selected"))] == [5, 8]
    texts = [one.text for one in (*rubric.reasons, *rubric.merits)]
    assert [text for text in texts if re.search(r"[0-9一二三四五六七八九十]+分|名次|排名|第.名", text)] == []


def test_what_does_not_pass_is_answered_with_its_own_reasons(rubric: Rubric) -> None:
    assert [one.code for one in rubric.reasons if one.fits(met=False)] == ["unmet", "untrue", "gave_up"]
    assert [one.code for one in rubric.reasons if not one.fits(met=True)] == ["unmet"]
    assert {one.code: one.line for one in rubric.reasons if one.line} == {"meets": "reached", "below_line": "below"}


def test_a_preference_is_named_by_its_ground_and_written_with_its_words(rubric: Rubric) -> None:
    assert {one.code: one.ground for one in rubric.reasons if one.ground} == {
        "prefer_zone": "art18",
        "prefer_new_quality": "new_quality",
        "prefer_specialised": "specialised",
    }
    reason = rubric.reason("gave_up")
    assert reason is not None
    assert (reason.written(""), reason.written("来函撤回")) == (
        "申报单位自愿放弃。",
        "申报单位自愿放弃。具体情况：来函撤回",
    )
    assert rubric.reason("liked") is None
