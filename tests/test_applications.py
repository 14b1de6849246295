"""From parsed books to applications: order, identity, records, verified values, what does not fit together."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.applications import Application, assemble, assemble_one, duplicate_applicants
from core.errors import Refused
from core.records import applicant_rows, from_record, records_of, with_verified
from sheets_schema.errors import CellError
from tests.checks.building import AS_OF, applicants, book, edition, sample

NAMES = "平台（基地）名称"


def record(kind: str, cells: dict[str, dict[str, str]] | None = None, **rows: list[dict[str, str]]) -> dict[str, Any]:
    """The record of one sample applicant, as the store would give it back."""
    sheets = sample(kind, cells) | rows
    ((_, made),) = records_of(book(sheets))
    return json.loads(json.dumps(made, ensure_ascii=False))


def made_of(held: dict[str, Any]) -> tuple[Application, tuple[CellError, ...]]:
    """The application of a record and its errors."""
    application, errors = assemble_one(held, edition(), AS_OF, book="2026-沈阳市.xlsx", city="沈阳")
    assert application is not None
    return application, errors


def numbered(kind: str, number: str, **first: str) -> dict[str, list[dict[str, str]]]:
    """A sample applicant under another 编号."""
    sheets = sample(kind, {"推荐汇总表": first})
    return {sheet: [row | {"编号": number} for row in rows] for sheet, rows in sheets.items()}


def test_applications_keep_the_order_of_the_rows() -> None:
    parsed = book(numbered("base", "B-2"), numbered("platform", "A-1"), numbered("base", "B-1"))
    assert [one.id for one in applicants(parsed)] == ["B-2", "A-1", "B-1"]


def test_what_an_application_knows_of_itself() -> None:
    (one,) = applicants(book(sample("platform", {"推荐汇总表": {"国家级高新区": "是"}}, "延期验收")))
    assert (one.book, one.city, one.year, one.id, one.key) == ("2026-沈阳市.xlsx", "沈阳市", 2026, "PT-001", "pt-001")
    assert (one.name, one.kind, one.application, one.stage) == (
        "虚构市云帆中小企业服务平台",
        "platform",
        "second_acceptance",
        "recognition",
    )
    assert (one.uscc, one.operator, one.category) == ("12210100MB0000001P", "虚构市云帆服务中心", "综合服务")
    assert one.high_tech_zone is True


@pytest.mark.parametrize("column", ["申报类别", "类型"])
@pytest.mark.parametrize("typed", ["", "什么"])
def test_a_row_that_cannot_be_judged_is_not_among_the_applications(column: str, typed: str) -> None:
    parsed = book(numbered("base", "B-1"), numbered("platform", "A-1") | {"推荐汇总表": [bad_row(column, typed)]})
    assert [one.id for one in applicants(parsed)] == ["B-1"]
    assert [key for key, _ in records_of(parsed)] == ["b-1", "a-1"]


def bad_row(column: str, typed: str) -> dict[str, str]:
    """The row of an applicant whose kind or type cannot be told."""
    return sample("platform")["推荐汇总表"][0] | {"编号": "A-1", column: typed}


def test_only_the_first_row_of_an_id_is_judged() -> None:
    first, second = numbered("platform", "A-1"), numbered("platform", " ａ-1 ")
    second["推荐汇总表"][0][NAMES] = "虚构市另一平台"
    assert [one.name for one in applicants(book(first, second))] == ["虚构市云帆中小企业服务平台"]


def test_a_row_without_id_is_an_application_without_id_whose_sheets_are_not_found() -> None:
    sheets = sample("platform", {"推荐汇总表": {"编号": ""}})
    sheets["推荐汇总表"].append(sheets["推荐汇总表"][0] | {NAMES: "虚构市另一平台"})
    first, second = applicants(book(sheets))
    assert [(one.id, one.name) for one in (first, second)] == [
        (None, "虚构市云帆中小企业服务平台"),
        (None, "虚构市另一平台"),
    ]
    assert first.look(("平台指标", "专家数（人）")).gap == "absent"


def test_a_record_survives_the_store_exactly() -> None:
    sheets = sample("base", {"基地指标": {"占地面积（亩）": "500.10", "产业基金数（只）": "一只"}})
    sheets["优质企业名录"] = [{"编号": "JD-001", "企业名称": "虚构一厂", "称号": "高新技术企业、瞪羚企业"}]
    parsed = book(sheets)
    (rows,) = applicant_rows(parsed)
    ((key, held),) = records_of(parsed)
    assert key == "jd-001"
    assert from_record(json.loads(json.dumps(held))) == rows
    assert held["rows"]["基地指标"][0]["fields"]["占地面积（亩）"] == ["J2", "500.10", "d", "500.10", None]
    assert held["rows"]["基地指标"][0]["fields"]["产业基金数（只）"] == ["Y2", "一只", "n", None, "not_a_number"]
    assert held["rows"]["推荐汇总表"][0]["fields"]["开始运营日期"][2:4] == ["t", "2015-05-06"]
    assert held["rows"]["优质企业名录"][0]["fields"]["称号"][2:4] == ["l", ["高新技术企业"]]


def test_a_record_and_its_book_make_the_same_application() -> None:
    parsed = book(sample("base"))
    (from_book,), errors = assemble(parsed, edition(), AS_OF)
    ((_, held),) = records_of(parsed)
    (again, errors_again) = assemble_one(held, edition(), AS_OF, book=parsed.name, city="沈阳", year=2026)
    assert (again, errors_again) == (from_book, errors)


def test_a_verified_value_wins_and_keeps_what_was_reported_elsewhere() -> None:
    held = record("platform", {"平台指标": {"专家数（人）": "约50"}})
    before = json.dumps(held)
    verified = with_verified(held, {("平台指标", "专家数（人）"): "１，200 人"})
    assert json.dumps(held) == before
    application, errors = made_of(verified)
    field = application.fields["平台指标", "专家数（人）"]
    assert (field.value, field.raw, field.cell, field.error, field.verified) == (1200, "１，200 人", "L2", None, True)
    assert errors == ()


def test_a_verified_value_settles_what_did_not_fit_together() -> None:
    held = record("platform", {"平台指标": {"满意用户数（人）": "1001"}})
    _, errors = made_of(held)
    assert [error.code for error in errors] == ["part_exceeds_whole"]
    application, errors = made_of(with_verified(held, {("平台指标", "满意用户数（人）"): "1000"}))
    assert errors == ()
    assert application.look(("平台指标", "满意用户数（人）")).value == 1000


def test_a_verified_value_may_also_break_something() -> None:
    held = record("platform")
    application, errors = made_of(with_verified(held, {("平台指标", "满意度评价用户数（人）"): "0"}))
    assert [error.code for error in errors] == ["part_exceeds_whole", "zero_denominator"]
    assert application.fields["平台指标", "满意度评价用户数（人）"].error == "zero_denominator"


def test_a_verified_count_stands_against_rows() -> None:
    events = [{"编号": "PT-001", "活动名称": "虚构会", "活动日期": "2025-09-01", "参加企业数（家）": "20"}]
    held = record("platform", None, 线下活动=events)
    column = ("平台指标", "年线下活动数（场）")
    application, errors = made_of(held)
    assert (application.look(column).value, [error.code for error in errors]) == (1, ["events_mismatch"])
    application, errors = made_of(with_verified(held, {column: "12"}))
    assert (application.look(column).value, errors) == (12, ())


def test_a_verified_category_reads_the_service_items_again() -> None:
    held = record("platform", {"推荐汇总表": {"平台类别": "专业服务"}})
    assert made_of(held)[0].look(("平台指标", "服务内容")).value == ()
    application, _ = made_of(with_verified(held, {("推荐汇总表", "平台类别"): "综合服务"}))
    items = application.fields["平台指标", "服务内容"]
    assert items.value == ("创业指导", "管理咨询", "人才培养", "市场拓展", "投融资", "诉求受理")
    assert items.verified is False


def test_verified_items_are_read_by_the_category_that_counts() -> None:
    held = record("platform", {"推荐汇总表": {"平台类别": "专业服务"}})
    application, _ = made_of(with_verified(held, {("平台指标", "服务内容"): "创业指导、计量校准"}))
    assert application.look(("平台指标", "服务内容")).value == ("计量校准",)


def test_a_verified_value_on_a_sheet_that_the_city_left_out() -> None:
    sheets = sample("platform")
    del sheets["平台指标"]
    ((_, held),) = records_of(book(sheets))
    application, _ = made_of(with_verified(held, {("平台指标", "专家数（人）"): "60"}))
    assert application.look(("平台指标", "专家数（人）")) == (60, (), "")


def test_an_emptied_verified_value_is_missing() -> None:
    application, _ = made_of(with_verified(record("platform"), {("平台指标", "专家数（人）"): ""}))
    assert application.look(("平台指标", "专家数（人）")) == (None, ("平台指标!L2",), "empty")


@pytest.mark.parametrize(
    ("place", "text", "said"),
    [
        (("优质企业名录", "称号"), "高新技术企业", "〔优质企业名录〕的数据不能逐格核定，请推荐单位改表后重新报送。"),
        (("平台指标", "没有的列"), "1", "〔平台指标〕没有“没有的列”这一列。"),
    ],
)
def test_verified_values_that_cannot_be(place: tuple[str, str], text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        with_verified(record("platform"), {place: text})
    assert str(refused.value) == said


def test_a_verified_value_that_cannot_be_read_says_what_to_type() -> None:
    with pytest.raises(Refused) as refused:
        with_verified(record("platform"), {("平台指标", "专家数（人）"): "约50"})
    assert str(refused.value).startswith("〔平台指标〕“专家数（人）”的核定值“约50”不能用：")


@pytest.mark.parametrize(
    ("kind", "cells", "said"),
    [
        (
            "platform",
            {"平台指标": {"满意用户数（人）": "1,001"}},
            "2026-沈阳市.xlsx〔平台指标〕T2：“满意用户数（人）”（1001）大于“满意度评价用户数（人）”（1000），"
            "部分不能大于总数；请核对 T2 和 S2 两格，改正填错的一格。",
        ),
        (
            "base",
            {"基地指标": {"高新技术企业数（家）": "180"}},
            "2026-沈阳市.xlsx〔基地指标〕K2：六项优质企业数合计 205，大于“基地企业数（家）”（200）；"
            "一家企业只计入最高的一项称号，请核对 K2 和六项优质企业数。",
        ),
        (
            "base",
            {"基地指标": {"运营主体服务性收入（万元）": "0", "运营主体总收入（万元）": "0.0"}},
            "2026-沈阳市.xlsx〔基地指标〕AC2：“运营主体总收入（万元）”填的是 0，"
            "运营管理和服务能力要用它作分母，无法计算；请填写实际数。",
        ),
    ],
)
def test_sentences_of_what_does_not_fit_together(kind: str, cells: dict[str, dict[str, str]], said: str) -> None:
    _, errors = assemble(book(sample(kind, cells)), edition(), AS_OF)
    assert [error.message for error in errors] == [said]


def test_sentences_of_figures_that_differ_from_their_rows() -> None:
    events = [{"编号": "PT-001", "活动名称": "虚构会", "活动日期": "2025-09-01", "参加企业数（家）": "20"}]
    _, errors = assemble(book(sample("platform") | {"线下活动": events}), edition(), AS_OF)
    assert [error.message for error in errors] == [
        "2026-沈阳市.xlsx〔平台指标〕U2：“年线下活动数（场）”填的是 30，按〔线下活动〕逐场计算是 1"
        "（参加企业不足 20 家的不算），审核以逐场计算为准；请核对后改一致，或把这一格留空。"
    ]
    six = ["制造业单项冠军", "专精特新“小巨人”", "专精特新中小", "科技型中小", "创新型中小"]
    cells = {f"{one}企业数（家）": "" for one in six}
    titled = [{"编号": "JD-001", "企业名称": "虚构一厂", "称号": "高新技术企业"}]
    _, errors = assemble(book(sample("base", {"基地指标": cells}) | {"优质企业名录": titled}), edition(), AS_OF)
    assert [error.message for error in errors] == [
        "2026-沈阳市.xlsx〔基地指标〕Q2：“高新技术企业数（家）”填的是 5，按〔优质企业名录〕计算是 1"
        "（一家企业只按最高的称号计一次），审核以名录为准；请核对后改一致，或把这一格留空。"
    ]


def test_relations_are_only_reported_for_what_is_judged() -> None:
    wrong = {"平台指标": {"满意用户数（人）": "1001"}}
    unjudged = sample("platform", wrong, "什么")
    unknown = {"平台指标": [sample("platform", wrong)["平台指标"][0] | {"编号": "PT-999"}]}
    assert assemble(book(unjudged, unknown), edition(), AS_OF)[1] == ()


def test_the_same_applicant_twice_over_books() -> None:
    first = book(numbered("platform", "A-1"), name="2026-沈阳市.xlsx")
    second = book(
        numbered("platform", "B-1", **{NAMES: " 虚构市云帆中小企业服务平台 "}),
        numbered("platform", "B-2", **{NAMES: "虚构市另一平台"}),
        numbered("platform", "B-3"),
        name="2026-大连市.xlsx",
    )
    errors = duplicate_applicants([*applicants(first), *applicants(second)])
    assert [(at, one.book, one.cell, one.code, one.value) for at, one in errors] == [
        (1, "2026-大连市.xlsx", "G2", "duplicate_applicant", "12210100MB0000001P"),
        (3, "2026-大连市.xlsx", "G4", "duplicate_applicant", "12210100MB0000001P"),
    ]
    assert errors[0][1].message == (
        "2026-大连市.xlsx〔推荐汇总表〕G2：与“2026-沈阳市.xlsx”中编号“A-1”的申报重复：统一社会信用代码、类型和名称都相同；"
        "请与推荐单位核对，只保留一行。"
    )


def test_a_platform_and_a_base_of_one_operator_are_two() -> None:
    same = {"统一社会信用代码": "91210100MA0000003N", NAMES: "虚构市望海产业基地"}
    made = applicants(book(numbered("platform", "A-1", **same), numbered("base", "B-1", **same)))
    assert duplicate_applicants(made) == ()
