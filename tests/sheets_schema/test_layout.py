"""Sheets and columns: found however they stand, missing or too many told once."""

from __future__ import annotations

import pytest

from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.layout import cell_name
from sheets_schema.parse import parse
from tests.workbooks import BOOK, BookMaker


@pytest.mark.parametrize(
    ("row", "column", "name"), [(7, 14, "N7"), (1, 1, "A1"), (2, 26, "Z2"), (3, 27, "AA3"), (9, 703, "AAA9")]
)
def test_addresses(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name


def places(book: RawBook) -> list[tuple[str | None, int | None, str | None, str | None, str | None, str]]:
    return [(e.sheet, e.row, e.column, e.cell, e.value, e.code) for e in parse(book).errors]


def test_the_example_book_is_right() -> None:
    assert parse(BookMaker().book()).errors == ()


def test_columns_may_stand_in_any_order() -> None:
    made = BookMaker()
    cells = made.sheets["平台指标"]
    made.sheets["平台指标"] = {(row, 22 - at): found for (row, at), found in cells.items()}
    parsed = parse(made.book())
    assert parsed.errors == ()
    [row] = parsed.rows["平台指标"]
    assert (row.key, row.fields["编号"].cell, row.fields["服务机构数（家）"].cell) == ("示例-001", "U2", "K2")


def test_headers_and_sheet_names_are_compared_folded() -> None:
    made = BookMaker()
    made.sheets[" 基地 指标"] = made.sheets.pop("基地指标")
    made.sheets[" 基地 指标"][1, 15] = RawCell("text", '专精特新 "小巨人"\n企业数(家)')
    assert parse(made.book()).errors == ()


def test_a_missing_column_is_told_once_and_nothing_on_top() -> None:
    made = BookMaker().drop_column("平台指标", "专家数（人）").drop_column("平台指标", "移动端入口")
    errors = parse(made.book()).errors
    assert [(e.row, e.column, e.cell, e.value, e.code) for e in errors] == [
        (1, "移动端入口", None, None, "missing_column"),
        (1, "专家数（人）", None, None, "missing_column"),
    ]
    assert errors[1].message == (
        "2026-沈阳市.xlsx〔平台指标〕第1行：缺少“专家数（人）”这一列，请在第 1 行补上这个表头，再填写各行。"
    )


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("推荐汇总表", "备注"),
        ("推荐汇总表", "国家级高新区"),
        ("基地指标", "上年服务活动数（场）"),
        ("优质企业名录", "统一社会信用代码"),
    ],
)
def test_a_column_that_is_always_optional_may_be_absent(sheet: str, column: str) -> None:
    assert parse(BookMaker().drop_column(sheet, column).book()).errors == ()


def test_extra_columns_are_told_once_each_and_left_alone() -> None:
    made = BookMaker()
    cells = made.sheets["平台指标"]
    cells[1, 23], cells[2, 23] = RawCell("text", "自评 得分"), RawCell("text", "约90")
    cells[1, 24] = RawCell("text", "专家数(人)")
    cells[1, 25] = RawCell("text", " ")
    cells[2, 26] = RawCell("text", "没有表头的内容")
    errors = parse(made.book()).errors
    assert [(e.row, e.column, e.cell, e.value, e.code, e.level) for e in errors] == [
        (1, "自评 得分", "W1", "自评 得分", "extra_column", "warning"),
        (1, "专家数(人)", "X1", "专家数(人)", "extra_column", "warning"),
    ]
    assert [e.message for e in errors] == [
        "2026-沈阳市.xlsx〔平台指标〕W1：“自评 得分”不是模板中的列，不参加审核，内容原样保留；"
        "如果本来要填的是模板中的某一列，请把表头改成模板的写法。",
        "2026-沈阳市.xlsx〔平台指标〕X1：表头“专家数(人)”与前面的“专家数（人）”重复，只看前面一列，"
        "请把内容并到前面一列，并删去这一列。",
    ]


def test_extra_sheets_are_told_once_each_and_ours_not_at_all() -> None:
    made = BookMaker().add_sheet("Sheet1", [["随手记"]]).add_sheet("平台 指标", [["编号"]])
    for ours in ("_meta", "_字典", "填报说明", "审核反馈", "WpsReserved_CellImgList"):
        made.add_sheet(ours, [["城市", "沈阳市"]])
    errors = parse(made.book()).errors
    assert [(e.sheet, e.row, e.cell, e.value, e.code) for e in errors] == [
        ("Sheet1", None, None, None, "extra_sheet"),
        ("平台 指标", None, None, None, "extra_sheet"),
    ]
    assert [e.message for e in errors] == [
        "2026-沈阳市.xlsx〔Sheet1〕：“Sheet1”不是模板中的工作表，不参加审核，内容原样保留；"
        "如果本来要填的是模板中的某张表，请把表名改成模板的写法。",
        "2026-沈阳市.xlsx〔平台 指标〕：工作表“平台 指标”与前面的“平台指标”重复，只看前面一张，"
        "请把内容并到前面一张，并删去这一张。",
    ]


def test_missing_sheets_are_told_where_they_are_needed() -> None:
    whole = BookMaker().drop_sheet("平台指标").drop_sheet("基地指标").drop_sheet("申报材料")
    assert places(whole.book()) == [
        ("平台指标", None, None, None, None, "missing_sheet"),
        ("基地指标", None, None, None, None, "missing_sheet"),
        ("申报材料", None, None, None, None, "missing_sheet"),
    ]
    assert parse(whole.book()).errors[0].message == (
        "2026-沈阳市.xlsx〔平台指标〕：缺少工作表“平台指标”，请从模板中补回这张表并填写。"
    )
    only_platform = BookMaker().drop_row("推荐汇总表", 3).drop_sheet("基地指标").drop_sheet("申报材料")
    assert places(only_platform.drop_sheet("优质企业名录").book()) == []


def test_a_sheet_without_even_a_header_is_missing() -> None:
    made = BookMaker()
    made.sheets["平台指标"] = {}
    made.sheets["变更报告"] = {}
    assert places(made.book()) == [("平台指标", None, None, None, None, "missing_sheet")]


def test_without_the_applicants_nothing_is_unknown() -> None:
    assert places(BookMaker().drop_sheet("推荐汇总表").book()) == [
        ("推荐汇总表", None, None, None, None, "missing_sheet")
    ]
    assert places(BookMaker().drop_column("推荐汇总表", "编号").book()) == [
        ("推荐汇总表", 1, "编号", None, None, "missing_column")
    ]


def test_a_book_without_sheets() -> None:
    assert places(RawBook(BOOK)) == [("推荐汇总表", None, None, None, None, "missing_sheet")]
    assert places(RawBook(BOOK, (RawSheet("推荐汇总表", {(5, 5): RawCell("text", "乱")}),)))[0] == (
        "推荐汇总表",
        1,
        "编号",
        None,
        None,
        "missing_column",
    )
