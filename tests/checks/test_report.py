"""The document of contract §3: shape, order, errors; and its reading on a terminal."""

from __future__ import annotations

import json

from core.checks.report import sort_errors
from core.checks.text import report_text
from sheets_schema.errors import CellError
from tests.checks.building import Sheets, book, check, places, sample


def numbered(kind: str, number: str, cells: dict[str, dict[str, str]] | None = None) -> Sheets:
    """A sample applicant under another 编号."""
    return {sheet: [row | {"编号": number} for row in rows] for sheet, rows in sample(kind, cells).items()}


def test_shape_and_key_order() -> None:
    report = check([book(sample("platform", {"平台指标": {"专家数（人）": "1.5", "服务机构数（家）": "39"}}))])
    assert list(report) == ["standard", "as_of", "applications", "errors"]
    assert (report["standard"], report["as_of"]) == ("ln-2025-draft", "2026-06-30")
    (application,) = report["applications"]
    assert {key: value for key, value in application.items() if key != "findings"} == {
        "city": "沈阳市",
        "id": "PT-001",
        "name": "虚构市云帆中小企业服务平台",
        "kind": "platform",
        "application": "creation",
        "verdict": "missing",
        "preferences": [],
    }
    assert list(application) == ["city", "id", "name", "kind", "application", "verdict", "preferences", "findings"]
    assert application["findings"][12] == {
        "criterion": "annex1.resources",
        "clause": "附件1 服务能力/汇集服务资源情况",
        "verdict": "missing",
        "value": None,
        "required": ">= 40",
        "message": "缺数据，无法判断：“专家数（人）”填写有误（平台指标!L2）。请推荐单位补正后重新报送"
        "（附件1 服务能力/汇集服务资源情况）。",
    }
    (error,) = report["errors"]
    assert list(error) == ["book", "sheet", "row", "column", "cell", "value", "code", "level", "message"]
    assert json.loads(json.dumps(report)) == report


def test_values_on_paper() -> None:
    report = check([book(sample("base"))])
    values = {one["criterion"]: one["value"] for one in report["applications"][0]["findings"]}
    assert (values["annex2.leading_share"], values["annex2.residents"], values["annex2.facilities"]) == (0.7, 120, None)
    assert type(values["annex2.residents"]) is int


def test_applications_by_book_then_row() -> None:
    first = book(numbered("base", "Z-1"), numbered("platform", "A-1"), name="2026-大连市.xlsx")
    report = check([first, book(numbered("base", "M-1", {"推荐汇总表": {"平台（基地）名称": "虚构市另一基地"}}))])
    assert [(one["city"], one["id"]) for one in report["applications"]] == [
        ("大连市", "Z-1"),
        ("大连市", "A-1"),
        ("沈阳市", "M-1"),
    ]
    assert report["errors"] == []


def test_an_unknown_city_stays_as_typed() -> None:
    report = check([book(sample("base"), name="2026-虚构市.xlsx"), book(sample("platform"), name="2026-沈阳.xlsx")])
    assert [one["city"] for one in report["applications"]] == ["虚构市", "沈阳市"]


def test_errors_by_book_sheet_row_and_column() -> None:
    wrong = {
        "平台指标": {"满意用户数（人）": "1001", "专家数（人）": "-1", "服务内容": "创业指导、虚构服务"},
        "推荐汇总表": {"联系电话": "1"},
        "申报材料": {"审计报告": "有"},
    }
    first = book(numbered("platform", "A-1", wrong), numbered("base", "A-2", {"基地指标": {"从业人员数（人）": "x"}}))
    second = book(sample("platform"), name="2026-大连市.xlsx")
    report = check([first, second])
    assert [(error["book"], *place) for error, place in zip(report["errors"], places(report), strict=True)] == [
        ("2026-沈阳市.xlsx", "推荐汇总表", "联系电话", "bad_phone"),
        ("2026-沈阳市.xlsx", "平台指标", "服务内容", "extra_item"),
        ("2026-沈阳市.xlsx", "平台指标", "专家数（人）", "negative"),
        ("2026-沈阳市.xlsx", "平台指标", "满意用户数（人）", "part_exceeds_whole"),
        ("2026-沈阳市.xlsx", "基地指标", "从业人员数（人）", "not_a_number"),
        ("2026-沈阳市.xlsx", "申报材料", "审计报告", "not_in_list"),
        ("2026-大连市.xlsx", "推荐汇总表", "统一社会信用代码", "duplicate_applicant"),
    ]
    assert [one["id"] for one in report["applications"]] == ["A-1", "A-2", "PT-001"]


def test_two_books_of_one_name_keep_their_errors_apart() -> None:
    bad = numbered("platform", "A-1", {"平台指标": {"专家数（人）": "x"}})
    worse = numbered("base", "B-1", {"推荐汇总表": {"联系电话": "x"}})
    assert [place[2] for place in places(check([book(bad), book(worse)]))] == ["not_a_number", "bad_phone"]
    assert [place[2] for place in places(check([book(worse), book(bad)]))] == ["bad_phone", "not_a_number"]


def test_errors_of_baseline_books_are_not_reported_and_they_are_no_duplicates() -> None:
    before = book(sample("base", {"基地指标": {"从业人员数（人）": "x"}}), name="2024-沈阳市.xlsx")
    report = check([book(sample("base", None, "期满验收"))], [before])
    assert report["errors"] == []


def test_columns_are_ordered_as_a_sheet_orders_them() -> None:
    def at(cell: str | None, sheet: str | None = "基地指标", row: int | None = 2) -> CellError:
        return CellError("b", sheet, row, None, cell, None, "negative", "")

    given = [at("AA2"), at("Z2"), at("B2"), at("A3", row=3), at(None, "额外表", None), at(None, row=None)]
    given += [at(None, "_meta", None), at("C2", "推荐汇总表")]
    ordered = [(error.sheet, error.cell) for error in sort_errors(given)]
    assert ordered == [
        ("_meta", None),
        ("推荐汇总表", "C2"),
        ("基地指标", None),
        ("基地指标", "B2"),
        ("基地指标", "Z2"),
        ("基地指标", "AA2"),
        ("基地指标", "A3"),
        ("额外表", None),
    ]


def test_text_for_a_terminal() -> None:
    cells = {"平台指标": {"服务机构数（家）": "1", "专家数（人）": "1", "年线下活动数（场）": "x"}}
    lines = report_text(check([book(sample("platform", cells))])).split("\n")
    assert lines[0] == "标准 ln-2025-draft，以 2026-06-30 为准"
    assert lines[2] == "不达标 ✗  沈阳市 PT-001 虚构市云帆中小企业服务平台"
    assert lines[5] == (
        "    不达标 ✗  “服务机构数（家）”1与“专家数（人）”1合计 2，要求不低于 40，差 38，不达标"
        "（附件1 服务能力/汇集服务资源情况；平台指标!K2、L2）。"
    )
    assert lines[-1] == "共 1 个申报：不达标 ✗ 1；表格错误 1 处。"


def test_text_without_applications() -> None:
    assert report_text({"standard": "s", "as_of": "2026-06-30", "applications": [], "errors": []}).split("\n") == [
        "标准 s，以 2026-06-30 为准",
        "",
        "共 0 个申报：无；表格错误 0 处。",
    ]
