"""The workbook a city gets."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sheets_schema.help import help_rows
from sheets_schema.parse import parse
from sheets_schema.schema import load
from sheets_schema.template import build_template
from sheets_schema.template_data import LAST_ROW, READY_ROWS
from sheets_schema.template_look import TemplateRefused, checked, display_width
from tests.sheets_schema.template_view import fill, opened, relied_on
from tests.workbooks import raw_book

GUIDE = {
    ("平台指标", "服务机构数（家）"): [
        "创建：≥ 40（附件1 服务能力/汇集服务资源情况）",
        "认定：≥ 80（附件1 服务能力/汇集服务资源情况）",
    ]
}
BUILT = build_template(year=2026, city="沈阳市", guide=GUIDE, program_version="0.1.0")
VIEW = relied_on(BUILT)


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert build_template(year=2026, city="沈阳市", guide=GUIDE, program_version="0.1.0") == BUILT
    assert build_template(year=2026, city="大连市", guide=GUIDE, program_version="0.1.0") != BUILT


def test_sheets_stand_in_the_contracts_order_with_ours_hidden_at_the_end() -> None:
    assert VIEW["sheets"] == [
        ("填报说明", "visible"),
        *((sheet.name, "visible") for sheet in load().sheets),
        ("_字典", "hidden"),
        ("_meta", "hidden"),
    ]


def test_the_book_says_whose_it_is_twice() -> None:
    assert VIEW["meta"] == [["城市", "沈阳市"], ["年度", "2026"], ["模板版本", "1"]]
    assert VIEW["properties"] == {
        "shifan_city": "沈阳市",
        "shifan_year": "2026",
        "shifan_template": "1",
        "shifan_program": "0.1.0",
    }


@pytest.mark.parametrize("sheet", load().sheets, ids=lambda sheet: sheet.name)
def test_headers_are_locked_and_data_cells_open(sheet) -> None:  # type: ignore[no-untyped-def]
    found = VIEW[sheet.name]
    city = sheet.filled_by == "city"
    width = len(sheet.columns)
    assert found["header"][:width] == [column.name for column in sheet.columns]
    assert found["header cells"] == [True] * width
    assert [locked for locked, _ in found["first cells"]] == [not city] * width
    assert found["far cells"] == found["first cells"]
    assert (found["beside"], found["password"]) == (not city, None)
    # In the file, an option that is False is allowed.
    assert found["protected"] == {
        "sheet": True,
        "insertRows": not city,
        "deleteRows": not city,
        "formatColumns": False,
        "sort": not city,
        "autoFilter": not city,
    }


def test_programs_find_the_first_rows_ready_made() -> None:
    book = opened(BUILT)
    for sheet in load().city_sheets:
        for row in (2, READY_ROWS + 1):
            cells = [book[sheet.name].cell(row, column.index) for column in sheet.columns]
            assert [cell.protection.locked for cell in cells] == [False] * len(cells)
        assert book[sheet.name].max_row == READY_ROWS + 1


def test_codes_lists_and_texts_are_text_cells_and_figures_are_not() -> None:
    forms = {
        column.type: form
        for sheet in load().city_sheets
        for column, (_, form) in zip(sheet.columns, VIEW[sheet.name]["first cells"], strict=True)
    }
    assert forms == {
        **dict.fromkeys(("id", "text", "choice", "choices", "uscc", "phone", "industry_code"), "@"),
        **dict.fromkeys(("integer", "decimal"), "General"),
        "date": "yyyy-mm-dd",
    }


def test_every_column_has_its_limit_and_its_words() -> None:
    for sheet in load().city_sheets:
        by_place = {found[0]: found for found in VIEW[sheet.name]["validations"]}
        assert len(by_place) == len(sheet.columns)
    places = {found[0]: found for found in VIEW["平台指标"]["validations"]}
    assert places[f"K2:K{LAST_ROW}"] == (
        "K2:K1000",
        "whole",
        "greaterThanOrEqual",
        "stop",
        "0",
        "请核对后重新填写",
        "“服务机构数（家）”应填不小于 0 的整数，只填阿拉伯数字，例如 66。",
        "服务机构数（家）",
        "汇聚的专业服务机构数。\n用于：\n创建：≥ 40（附件1 服务能力/汇集服务资源情况）\n"
        "认定：≥ 80（附件1 服务能力/汇集服务资源情况）",
        True,
        True,
    )


def test_drop_downs_hold_the_options() -> None:
    lists = {column[0]: [value for value in column[1:] if value] for column in zip(*VIEW["dictionary"], strict=True)}
    book = opened(BUILT)
    for sheet in load().city_sheets:
        kinds = {found[0]: (found[1], found[4]) for found in VIEW[sheet.name]["validations"]}
        for column in sheet.columns:
            letter = book[sheet.name].cell(1, column.index).column_letter
            kind, formula = kinds[f"{letter}2:{letter}{LAST_ROW}"]
            assert (kind == "list") == (column.type == "choice")
            if kind == "list":
                assert tuple(lists[formula]) == column.options
                place = VIEW["names"][formula]
                assert [cell.value for (cell,) in book["_字典"][place.split("!")[1].replace("$", "")]] == list(
                    column.options
                )


def test_a_cell_named_in_the_feedback_is_coloured() -> None:
    named = '审核反馈!$B$2:$B$1000,"平台指标",审核反馈!$C$2:$C$1000,ADDRESS(ROW(),COLUMN(),4)'
    assert VIEW["平台指标"]["colours"] == [
        ["A1:U1000", f'COUNTIFS({named},审核反馈!$E$2:$E$1000,"错误")>0', "FFFFC7CE"],
        ["A1:U1000", f'COUNTIFS({named},审核反馈!$E$2:$E$1000,"缺数据")>0', "FFFFC7CE"],
        ["A1:U1000", f"COUNTIFS({named})>0", "FFFFEB9C"],
    ]
    assert VIEW["审核反馈"]["colours"] == []


def test_the_help_page_explains_every_column_and_shows_an_example_row() -> None:
    texts = [[value or "" for value in row] for row in VIEW["help"]]
    assert texts[0][0] == "2026年中小企业公共服务示范平台（基地）推荐数据填报说明（沈阳市）"
    listed = [row for row in texts if row[0] in {sheet.name for sheet in load().sheets}]
    assert [tuple(row) for row in listed] == [
        (row.sheet, row.column, row.what, row.required, row.format, "\n".join(row.standards), row.example)
        for row in help_rows(GUIDE)
    ]


def test_no_text_becomes_a_formula_and_no_part_carries_the_time_of_making() -> None:
    hostile = build_template(
        year=2026, city="=1+1", guide={("平台指标", "编号"): ["=HYPERLINK(1)"]}, program_version="="
    )
    book = opened(hostile)
    assert [cell.coordinate for sheet in book for row in sheet for cell in row if cell.data_type == "f"] == []
    with zipfile.ZipFile(io.BytesIO(BUILT)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_an_empty_template_has_only_applicants_to_miss(tmp_path: Path) -> None:
    path = tmp_path / "给沈阳.xlsx"
    path.write_bytes(BUILT)
    parsed = parse(raw_book(path))
    assert (parsed.city, parsed.year, parsed.template_version, parsed.errors) == ("沈阳市", 2026, "1", ())
    assert {sheet: len(rows) for sheet, rows in parsed.rows.items()} == {sheet.name: 0 for sheet in load().city_sheets}


def test_a_template_filled_with_the_examples_is_right(tmp_path: Path) -> None:
    path = tmp_path / "2026-沈阳市.xlsx"
    fill(BUILT, path)
    parsed = parse(raw_book(path))
    assert parsed.errors == ()
    assert [row.value("平台（基地）名称") for row in parsed.rows["推荐汇总表"]] == [
        "示例市虚构中小企业服务平台",
        "示例市虚构产业基地",
    ]


def test_what_the_format_would_drop_in_silence_is_refused() -> None:
    checked(0, "平台指标: 编号")
    checked(None, "平台指标: 编号")
    with pytest.raises(TemplateRefused, match=r"^平台指标: 编号: over a limit of the spreadsheet format \(code -2\)$"):
        checked(-2, "平台指标: 编号")


def test_a_chinese_character_is_two_wide() -> None:
    assert display_width("编号（N7）") == 10
