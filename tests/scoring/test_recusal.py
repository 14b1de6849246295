"""Who may not score what, and why: by rule, by declaration, and what a person looks at first."""

from __future__ import annotations

from typing import Any

import pytest

from core.scoring.recusal import Decision, Expert, Recusals, Subject
from core.scoring.units import related_units, same_unit
from tests.scoring.documents import document

PAIRS: list[dict[str, Any]] = document("units.toml")["pair"]
EXPERT = Expert("E01", "张某某", ("虚构大学",), "沈阳市")
SUBJECT = Subject(7, "示例市虚构服务平台", "示例服务有限公司", "大连市")


def _grounds(expert: Expert = EXPERT, subject: Subject = SUBJECT, **how: Any) -> list[tuple[str, str]]:
    recusals = Recusals(same_city=how.pop("same_city", False), **how)
    found = recusals.grounds(expert, subject)
    assert recusals.barred(expert, subject) == bool(found)
    return [(one.source, one.sentence) for one in found]


@pytest.mark.parametrize("pair", PAIRS, ids=["、".join(pair["names"]) for pair in PAIRS])
def test_names_of_units(pair: dict[str, Any]) -> None:
    for one, other in (pair["names"], reversed(pair["names"])):
        related = related_units(one, other) and not same_unit(one, other)
        assert (same_unit(one, other), related) == (pair["is"] == "same", pair["is"] == "related")


def test_strangers_may_score() -> None:
    assert _grounds() == []


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (
            Subject(7, "示例平台", "虚构大学甲市分校"),
            "专家所在单位“虚构大学”就是运营主体“虚构大学甲市分校”，或者是它的分支机构。",
        ),
        (
            Subject(7, "虚构 大学", "示例公司"),
            "专家所在单位“虚构大学”就是平台（基地）“虚构 大学”，或者是它的分支机构。",
        ),
    ],
)
def test_the_own_unit_is_barred_and_nobody_can_set_that_aside(subject: Subject, sentence: str) -> None:
    cleared = Decision("E01", 7, False, "虚构的理由")
    assert _grounds(subject=subject) == [("same_unit", sentence)]
    assert _grounds(subject=subject, decisions=[cleared]) == [("same_unit", sentence)]


def test_any_of_several_units_counts() -> None:
    expert = Expert("E01", "张某某", ("虚构大学", "示例服务有限公司"))
    assert [source for source, _ in _grounds(expert)] == ["same_unit"]


@pytest.mark.parametrize(
    ("same_city", "home", "sources"),
    [
        (True, "大连市", ["same_city"]),
        (True, "大连", ["same_city"]),
        (True, " 辽宁省大连市", ["same_city"]),
        (True, "沈阳市", []),
        (True, None, []),
        (False, "大连市", []),
    ],
)
def test_the_same_city_is_barred_where_the_round_says_so(same_city: bool, home: str | None, sources: list[str]) -> None:
    expert = Expert("E01", "张某某", (), home)
    found = _grounds(expert, same_city=same_city)
    assert found == [(source, "专家与申报同在大连市，按本轮规定回避。") for source in sources]


def test_two_unknown_cities_are_not_the_same() -> None:
    assert _grounds(Expert("E01", "张某某"), Subject(7, "示例平台", "示例公司"), same_city=True) == []


def test_experts_without_a_city_are_named_where_it_matters() -> None:
    experts = [EXPERT, Expert("E02", "李某某"), Expert("E03", "王某某", (), " ")]
    assert Recusals(same_city=True).unplaced(experts) == ("E02", "E03")
    assert Recusals(same_city=False).unplaced(experts) == ()


def test_names_in_what_was_written_are_hints_until_a_person_has_looked() -> None:
    subject = Subject(
        7, "示例平台", "虚构大学科技园", None, frozenset(), {"合作协议或聘书": "聘 张 某某 等，与虚构大学共建"}
    )
    hints = [
        ("related_unit", "专家所在单位“虚构大学”与运营主体“虚构大学科技园”名称相近，请核对有无关系。"),
        ("named", "〔合作协议或聘书〕里有“张某某”，请核对是不是这位专家。"),
        ("named", "〔合作协议或聘书〕里有专家所在单位“虚构大学”，请核对有无关系。"),
    ]
    assert _grounds(subject=subject) == hints
    assert all(one.hint for one in Recusals(same_city=False).grounds(EXPERT, subject))
    looked = Decision("E01", 7, False, "同名，不是同一人")
    assert _grounds(subject=subject, decisions=[looked]) == []
    assert _grounds(subject=subject, decisions=[Decision("E02", 7, False, "别的专家")]) == hints
    assert _grounds(subject=subject, decisions=[looked, Decision("E01", 7, True, "确有合作")]) == [
        ("pinned", "工作人员定为回避：确有合作"),
        *hints,
    ]


def test_a_declaration_holds_whatever_staff_decide() -> None:
    declared = Decision("E01", 7, True, "曾任该单位顾问", declared=True)
    said = ("declared", "专家本人申请回避：曾任该单位顾问")
    assert _grounds(decisions=[declared]) == [said]
    assert _grounds(decisions=[declared, Decision("E01", 7, False, "核对过")]) == [said]
    assert _grounds(decisions=[declared, Decision("E01", 7, False, "本人撤回申请", declared=True)]) == []
    assert _grounds(decisions=[declared], subject=Subject(8, "别的平台", "别的公司")) == []


def test_a_name_of_one_character_is_found_in_no_text() -> None:
    subject = Subject(7, "示例平台", "示例公司", None, frozenset(), {"备注": "张某某"})
    assert _grounds(Expert("E01", "张"), subject) == []
