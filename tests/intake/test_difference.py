"""What taking in a workbook would change, applicant by applicant and value by value."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.intake.difference import CellChange, Difference, Entry, LineChange, difference, number_of
from core.intake.workbooks import read_books
from core.records import records_of
from sheets_schema.parse import parse
from tests import books

ROSTER, EVENTS, SUMMARY, FIGURES = "优质企业名录", "线下活动", "推荐汇总表", "平台指标"


def text(raw: str, cell: str = "A2") -> list[Any]:
    return [cell, raw, "text", raw.strip() or None, None]


def number(raw: str, value: str | None, error: str | None = None) -> list[Any]:
    return ["N7", raw, "int", value, error]


def row(at: int, **fields: list[Any]) -> dict[str, Any]:
    return {"row": at, "key": "sy-001", "fields": fields}


def record(name: str = "示例平台", **rows: list[dict[str, Any]]) -> dict[str, Any]:
    summary = {"row": 2, "key": "sy-001", "fields": {"编号": text("SY-001"), "平台（基地）名称": text(name, "C2")}}
    return {"rows": {SUMMARY: [summary], **rows}}


def test_nothing_changed() -> None:
    held = {"sy-001": record(平台指标=[row(7, 专家数=number("1200", "1200"))])}
    new = {"sy-001": record(平台指标=[row(31, 专家数=number("1,200", "1200"))])}
    found = difference(held, new)
    assert found == Difference((), (), (), (), ("sy-001",))
    assert found.empty


def test_applicants_come_go_and_change() -> None:
    held = {"sy-001": record("甲"), "sy-002": record("乙"), "sy-003": record("丙")}
    new = {"sy-004": record("丁"), "sy-003": record("丙"), "sy-001": record("甲（新名）")}
    found = difference(held, new)
    assert found == Difference(
        added=(Entry("sy-004", "丁"),),
        changed=(CellChange("sy-001", "甲（新名）", SUMMARY, "", "平台（基地）名称", "甲", "甲（新名）"),),
        lines=(),
        gone=(Entry("sy-002", "乙"),),
        unchanged=("sy-003",),
    )
    assert not found.empty


def test_values_are_shown_as_typed_empty_ones_as_nothing() -> None:
    held = {
        "sy-001": record(
            平台指标=[row(7, 甲=number("约1000", None, "not_a_number"), 乙=number("39", "39"), 丁=number("", None))]
        )
    }
    new = {
        "sy-001": record(
            平台指标=[row(7, 甲=number("1000家", "1000"), 丙=number("8", "8"), 丁=number("  ", None))],
        )
    }
    assert difference(held, new).changed == (
        CellChange("sy-001", "示例平台", FIGURES, "", "甲", "约1000", "1000家"),
        CellChange("sy-001", "示例平台", FIGURES, "", "丙", "", "8"),
        CellChange("sy-001", "示例平台", FIGURES, "", "乙", "39", ""),
    )


def test_a_wrong_value_typed_another_way_is_a_change() -> None:
    held = {"sy-001": record(平台指标=[row(7, 甲=number("约1000", None, "not_a_number"))])}
    same = {"sy-001": record(平台指标=[row(9, 甲=number(" 约1000 ", None, "not_a_number"))])}
    other = {"sy-001": record(平台指标=[row(7, 甲=number("约1001", None, "not_a_number"))])}
    assert difference(held, same).empty
    assert difference(held, other).changed == (CellChange("sy-001", "示例平台", FIGURES, "", "甲", "约1000", "约1001"),)


def test_a_sheet_that_came_or_went_is_told_value_by_value() -> None:
    figures = {"sy-001": record(平台指标=[row(7, 甲=number("8", "8"))])}
    without = {"sy-001": record()}
    assert difference(without, figures).changed == (CellChange("sy-001", "示例平台", FIGURES, "", "甲", "", "8"),)
    assert difference(figures, without).changed == (CellChange("sy-001", "示例平台", FIGURES, "", "甲", "8", ""),)


def firm(at: int, name: str, code: str, title: str) -> dict[str, Any]:
    return row(at, 编号=text("SY-001"), 企业名称=text(name), 统一社会信用代码=text(code), 称号=text(title))


def test_roster_rows_are_matched_by_name_and_code_not_by_place() -> None:
    held = [
        firm(2, "甲厂", "A", "高新技术企业"),
        firm(3, "乙厂", "B", "高新技术企业"),
        firm(4, "丙厂", "", "高新技术企业"),
    ]
    new = [
        firm(2, "丙厂", "C", "高新技术企业"),
        firm(3, "丁厂", "D", "科技型中小企业"),
        firm(9, "甲厂（更名）", "A", "高新技术企业"),
    ]
    found = difference({"sy-001": record(**{ROSTER: held})}, {"sy-001": record(**{ROSTER: new})})
    assert found.changed == (
        CellChange("sy-001", "示例平台", ROSTER, "丙厂", "统一社会信用代码", "", "C"),
        CellChange("sy-001", "示例平台", ROSTER, "甲厂（更名）", "企业名称", "甲厂", "甲厂（更名）"),
    )
    assert found.lines == (
        LineChange("sy-001", "示例平台", ROSTER, "removed", "企业名称：乙厂；统一社会信用代码：B；称号：高新技术企业"),
        LineChange("sy-001", "示例平台", ROSTER, "added", "企业名称：丁厂；统一社会信用代码：D；称号：科技型中小企业"),
    )


def event(at: int, name: str, day: str, firms: str) -> dict[str, Any]:
    return row(
        at, 活动名称=text(name), 活动日期=["C2", day, "date", day, None], **{"参加企业数（家）": number(firms, firms)}
    )


def test_events_of_one_name_are_told_apart_by_their_day() -> None:
    held = [event(2, "政策宣讲", "2025-03-01", "30"), event(3, "政策宣讲", "2025-06-01", "25")]
    new = [event(2, "政策宣讲", "2025-06-01", "26"), event(3, "政策宣讲", "2025-03-01", "30")]
    found = difference({"sy-001": record(**{EVENTS: held})}, {"sy-001": record(**{EVENTS: new})})
    assert found.changed == (CellChange("sy-001", "示例平台", EVENTS, "政策宣讲", "参加企业数（家）", "25", "26"),)
    assert found.lines == ()


def test_rows_alike_are_counted() -> None:
    held = [event(2, "政策宣讲", "2025-03-01", "30")] * 3
    new = [event(2, "政策宣讲", "2025-03-01", "30")] * 2
    found = difference({"sy-001": record(**{EVENTS: held})}, {"sy-001": record(**{EVENTS: new})})
    assert found.lines == (
        LineChange(
            "sy-001", "示例平台", EVENTS, "removed", "活动名称：政策宣讲；活动日期：2025-03-01；参加企业数（家）：30"
        ),
    )


def test_a_verified_value_is_compared_like_any_other() -> None:
    held = {"sy-001": record(平台指标=[row(7, 甲=[*number("39", "39"), True])])}
    new = {"sy-001": record(平台指标=[row(7, 甲=number("40", "40"))])}
    assert difference(held, held).empty
    assert difference(held, new).changed == (CellChange("sy-001", "示例平台", FIGURES, "", "甲", "39", "40"),)


def test_the_number_is_told_as_typed() -> None:
    assert number_of(record()) == "SY-001"
    assert number_of({"rows": {}}) == ""


def test_workbooks_read_parsed_and_compared(tmp_path: Path) -> None:
    def records(*applicants: books.Sheets) -> dict[str, dict[str, Any]]:
        path = tmp_path / "2026-沈阳市.xlsx"
        path.write_bytes(books.filled("沈阳市", *applicants))
        read = read_books([path])[0]
        assert read.raw is not None
        return dict(records_of(parse(read.raw)))

    held = records(books.applicant("platform", "SY-001", "甲平台"), books.applicant("base", "SY-002", "乙基地"))
    new = records(
        books.applicant("base", "SY-003", "丙基地"),
        books.applicant("platform", "sy-001 ", "甲平台", {FIGURES: {"专家数（人）": "1，200人"}}),
    )
    found = difference(held, new)
    before = held["sy-001"]["rows"][FIGURES][0]["fields"]["专家数（人）"][1]
    assert found.added == (Entry("sy-003", "丙基地"),)
    assert found.gone == (Entry("sy-002", "乙基地"),)
    assert found.changed == (CellChange("sy-001", "甲平台", FIGURES, "", "专家数（人）", before, "1，200人"),)
    assert found.lines == ()


def test_a_date_is_shown_without_the_midnight_of_its_cell() -> None:
    def held(raw: str, value: str) -> dict[str, object]:
        field = ["K2", raw, "t", value, None]
        return {"rows": {"推荐汇总表": [{"row": 2, "key": "a", "fields": {"开始运营日期": field}}]}}

    found = difference({"a": held("2020-03-01", "2020-03-01")}, {"a": held("2021-03-01 00:00:00", "2021-03-01")})
    assert [(each.old, each.new) for each in found.changed] == [("2020-03-01", "2021-03-01")]
