"""A new online sheet holds what the file holds: sheets, headers, limits, drop-downs, words, protection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sheets_schema.help import help_rows, stop_text, window_text, words
from sheets_schema.online import requests_for
from sheets_schema.online_pages import list_ranges
from sheets_schema.online_rules import rule
from sheets_schema.online_tab import note_text
from sheets_schema.schema import Column, Sheet, load
from sheets_schema.template import build_template
from sheets_schema.template_help import HELP_WIDTHS
from sheets_schema.template_look import HEADERS, MARKS, display_width, header_kind
from tests.sheets_schema.online_paper import CONTACT, GUIDE, SERVICE, Json, Paper, kinds
from tests.sheets_schema.template_view import relied_on

PAPER = Paper()
THERE = PAPER.there()
TABS = {sheet["properties"]["title"]: sheet for sheet in THERE["sheets"]}
FILE = relied_on(build_template(year=2026, city="沈阳市", guide=GUIDE, program_version="0.1.0"))
NOTES = {(row.sheet, row.column): note_text(row) for row in help_rows(GUIDE)}
# A message beside a cell and a note hold this much.
MESSAGE, NOTE, CELL = 255, 2000, 50_000


def cell(sheet: str, row: int, column: int) -> Json:
    """A cell as the answer holds it."""
    rows = TABS[sheet]["data"][0]["rowData"]
    values = rows[row].get("values", []) if row < len(rows) else []
    found: Json = values[column] if column < len(values) else {}
    return found


def held(sheet: Sheet, column: Column, row: int) -> Any:
    """The whole cell, words of its rule included."""
    return PAPER.sheet(sheet.name).cells[row, column.index - 1]


def test_the_sheets_are_those_of_the_file_in_its_order() -> None:
    shown = [(title, tab["properties"].get("hidden", False)) for title, tab in TABS.items()]
    assert shown == [(title, state == "hidden") for title, state in FILE["sheets"]]


def test_one_batch_makes_it_whole_and_a_second_one_has_nothing_to_do() -> None:
    fresh = Paper(filled=False)
    plan = fresh.plan()
    assert plan.made
    assert plan.said == ("新建全部 11 张工作表",)
    asked = {"city": "沈阳市", "year": 2026, "guide": GUIDE, "program_version": "0.1.0", "service_account": SERVICE}
    assert requests_for(load(), there=None, **asked) == list(plan.requests)
    assert len(json.dumps({"requests": plan.requests})) < 1_000_000
    assert kinds(plan) == {
        "updateSpreadsheetProperties": 1,
        "updateSheetProperties": 1,
        "addSheet": 10,
        "updateCells": 11,
        "repeatCell": 64,
        "updateDimensionProperties": 136,
        "setDataValidation": 92,
        "addConditionalFormatRule": 21,
        "addProtectedRange": 11,
        "createDeveloperMetadata": 112,
    }
    again = PAPER.plan()
    assert (again.requests, again.said, bool(again)) == ((), (), False)


def test_formulas_and_dates_are_those_of_china() -> None:
    assert THERE["properties"] == {"title": "2026-沈阳市", "locale": "zh_CN", "timeZone": "Asia/Shanghai"}


@pytest.mark.parametrize("sheet", load().sheets, ids=lambda sheet: sheet.name)
def test_headers_are_the_files_each_with_its_note_and_colour(sheet: Sheet) -> None:
    assert PAPER.header(sheet.name) == FILE[sheet.name]["header"][: len(sheet.columns)]
    for column in sheet.columns:
        found = held(sheet, column, 0)
        assert found["note"] == NOTES[sheet.name, column.name]
        kind = header_kind(column if sheet.filled_by == "city" else None)
        color = found["userEnteredFormat"]["backgroundColorStyle"]["rgbColor"]
        assert [round(255 * color.get(one, 0)) for one in ("red", "green", "blue")] == list(
            bytes.fromhex(HEADERS[kind][0][1:])
        )
        assert found["userEnteredFormat"]["wrapStrategy"] == "WRAP"


def test_a_note_says_what_the_file_says_of_a_column() -> None:
    assert cell("平台指标", 0, 10)["note"] == (
        "必填。汇聚的专业服务机构数。\n格式：整数，单位：家，不小于 0\n用于：\n"
        "创建：≥ 40（附件1 服务能力/汇集服务资源情况）\n认定：≥ 80（附件1 服务能力/汇集服务资源情况）"
    )
    assert cell("审核反馈", 0, 2)["note"] == "省里填写。问题在哪个单元格。\n格式：文字"


@pytest.mark.parametrize("sheet", load().city_sheets, ids=lambda sheet: sheet.name)
def test_every_column_holds_its_rule_and_form_down_to_the_last_row(sheet: Sheet) -> None:
    ranges = list_ranges(load())
    rows = TABS[sheet.name]["properties"]["gridProperties"]["rowCount"]
    assert rows == (1000 if sheet.name in ("优质企业名录", "线下活动") else 200)
    for column in sheet.columns:
        wanted = rule(column, column.index - 1, GUIDE, ranges)
        file_form = FILE[sheet.name]["first cells"][column.index - 1][1]
        for row in (1, rows - 1):
            found = held(sheet, column, row)
            assert found["dataValidation"] == wanted
            assert "userEnteredValue" not in found
            form = found["userEnteredFormat"].get("numberFormat", {}).get("pattern", "General")
            assert form == file_form
    assert all("dataValidation" not in cell(sheet.name, 0, column.index - 1) for column in sheet.columns)


def test_limits_are_of_the_files_kinds() -> None:
    found = {
        column.type: (condition["type"], condition["values"][0]["userEnteredValue"], strict, drop_down)
        for sheet in reversed(load().city_sheets)
        for column in reversed(sheet.columns)
        for entry in [held(sheet, column, 1)["dataValidation"]]
        for condition, strict, drop_down in [(entry["condition"], entry["strict"], entry.get("showCustomUi", False))]
    }
    assert found == {
        "id": ("CUSTOM_FORMULA", "=TRUE", False, False),
        "text": ("CUSTOM_FORMULA", "=TRUE", False, False),
        "phone": ("CUSTOM_FORMULA", "=TRUE", False, False),
        "choices": ("CUSTOM_FORMULA", "=TRUE", False, False),
        "choice": ("ONE_OF_RANGE", "='_字典'!$A$2:$A$5", True, True),
        "uscc": ("CUSTOM_FORMULA", "=LEN(G2)=18", False, False),
        "industry_code": ("CUSTOM_FORMULA", "=LEN(C2)=3", True, False),
        "date": ("DATE_ON_OR_AFTER", "1900-01-01", True, False),
        "decimal": ("NUMBER_GREATER_THAN_EQ", "0", True, False),
        "integer": ("CUSTOM_FORMULA", "=AND(ISNUMBER(K2),K2>=0,K2=INT(K2))", True, False),
    }


def test_drop_downs_name_cells_that_hold_the_options() -> None:
    lists = PAPER.texts("_字典")
    assert lists == [[value or "" for value in row] for row in FILE["dictionary"]]
    for sheet in load().city_sheets:
        for column in sheet.columns:
            if column.type != "choice":
                continue
            place = held(sheet, column, 1)["dataValidation"]["condition"]["values"][0]["userEnteredValue"]
            start, end = place.removeprefix("='_字典'!").replace("$", "").split(":")
            at = ord(start[0]) - ord("A")
            options = [row[at] for row in lists[int(start[1:]) - 1 : int(end[1:])]]
            assert tuple(options) == column.options


def test_what_is_said_beside_a_cell_fits_and_says_what_the_file_says() -> None:
    for sheet in load().city_sheets:
        for column in sheet.columns:
            entry = held(sheet, column, 1)["dataValidation"]
            assert 0 < len(entry["inputMessage"]) <= MESSAGE
            # Google has one text for both: refused values show it too.
            first = [stop_text(column)] if entry["strict"] else []
            assert entry["inputMessage"] == window_text(column, GUIDE, first)
            assert len(NOTES[sheet.name, column.name]) <= NOTE


def test_headers_and_our_own_sheets_are_the_service_accounts() -> None:
    found = {title: tab["protectedRanges"] for title, tab in TABS.items()}
    for sheet in load().city_sheets:
        assert [guard["range"] for guard in found.pop(sheet.name)] == [
            {
                "sheetId": PAPER.id(sheet.name),
                "startRowIndex": 0,
                "endRowIndex": 1,
                "startColumnIndex": 0,
                "endColumnIndex": len(sheet.columns),
            }
        ]
    assert {title: [guard["range"] for guard in guards] for title, guards in found.items()} == {
        "填报说明": [{}],  # the sheet of number 0
        "审核反馈": [{"sheetId": PAPER.id("审核反馈")}],
        "_字典": [{"sheetId": PAPER.id("_字典")}],
        "_meta": [{"sheetId": PAPER.id("_meta")}],
    }
    editors = [guard["editors"] for tab in TABS.values() for guard in tab["protectedRanges"]]
    assert editors == [{"users": [SERVICE]}] * 11


def test_colours_ask_the_feedback_as_the_file_does() -> None:
    tab = TABS["平台指标"]
    named = '=COUNTIFS(INDIRECT("\'审核反馈\'!B2:B"),"平台指标",INDIRECT("\'审核反馈\'!C2:C"),ADDRESS(ROW(),COLUMN(),4)'
    level = ",INDIRECT(\"'审核反馈'!E2:E\"),"
    rules = [
        (one["ranges"], one["booleanRule"]["condition"]["values"][0]["userEnteredValue"])
        for one in tab["conditionalFormats"]
    ]
    whole = [{"sheetId": PAPER.id("平台指标")}]
    assert rules == [
        (whole, f'{named}{level}"错误")>0'),
        (whole, f'{named}{level}"缺数据")>0'),
        (whole, f"{named})>0"),
    ]
    colours = [one["booleanRule"]["format"]["backgroundColorStyle"]["rgbColor"] for one in tab["conditionalFormats"]]
    shown = ["#" + bytes(round(255 * color.get(one, 0)) for one in ("red", "green", "blue")).hex() for color in colours]
    assert [shade.upper() for shade in shown] == [back for back, _ in MARKS.values()]
    assert [title for title in TABS if "conditionalFormats" not in TABS[title]] == [
        "填报说明",
        "审核反馈",
        "_字典",
        "_meta",
    ]


def test_it_says_whose_it_is_and_helps_as_the_file_does() -> None:
    assert PAPER.texts("_meta") == FILE["meta"]
    page = [[value or "" for value in row] for row in FILE["help"]]
    while not any(page[-1]):
        page.pop()
    assert PAPER.texts("填报说明") == page
    # A line across the page is not wrapped: it has to find room beside its cell.
    lines = [text for text, *rest in PAPER.texts("填报说明")[1:] if text and not any(rest)]
    assert len(lines) == 2 + len(words()["how"]) + len(load().sheets)
    assert max(map(display_width, lines)) < sum(HELP_WIDTHS.values())


def test_sheets_and_columns_are_marked_with_our_names_for_them() -> None:
    for title, tab in TABS.items():
        assert [(mark["metadataKey"], mark["metadataValue"]) for mark in tab["developerMetadata"]] == [
            ("shifan_sheet", title)
        ]
    for sheet in load().sheets:
        marks = [entry.get("developerMetadata", []) for entry in TABS[sheet.name]["data"][0]["columnMetadata"]]
        assert [[(mark["metadataKey"], mark["metadataValue"]) for mark in one] for one in marks] == [
            *([("shifan_column", column.name)] for column in sheet.columns),
            *([[]] * 4),
        ]
    assert THERE["developerMetadata"] == [{"metadataKey": "shifan_program", "metadataValue": "0.1.0"}]


def test_headers_stay_in_sight() -> None:
    grids = {sheet.name: PAPER.sheet(sheet.name).properties["gridProperties"] for sheet in load().sheets}
    assert {name: grid["frozenRowCount"] for name, grid in grids.items()} == dict.fromkeys(grids, 1)
    assert grids["推荐汇总表"]["frozenColumnCount"] == 1
    assert "frozenColumnCount" not in grids["变更报告"] or grids["变更报告"]["frozenColumnCount"] == 0


def test_nothing_becomes_a_formula() -> None:
    hostile = requests_for(
        load(),
        city="=1+1",
        year=2026,
        guide={("平台指标", "编号"): ["=HYPERLINK(1)"]},
        program_version="=",
        service_account=SERVICE,
        there=None,
    )
    entered = [
        value["userEnteredValue"]
        for request in hostile
        for row in request.get("updateCells", {}).get("rows", ())
        for value in row["values"]
        if "userEnteredValue" in value
    ]
    assert {kind for value in entered for kind in value} == {"stringValue"}
    assert {"stringValue": "=1+1"} in entered
    assert max(len(value["stringValue"]) for value in entered) < CELL


def test_a_contact_fills_in_sorts_and_inserts_rows_but_leaves_the_rest() -> None:
    paper = Paper()
    paper.type("推荐汇总表", 1, 0, "示例-002", "创建申报", "示例市虚构产业基地")
    paper.type("推荐汇总表", 2, 0, "示例-001")
    rows = {"range": {"sheetId": paper.id("推荐汇总表"), "dimension": "ROWS", "startIndex": 1, "endIndex": 3}}
    area = paper.area("推荐汇总表", 1, 0, 199, 23)
    paper.send([{"insertDimension": rows}], CONTACT)
    paper.send(
        [{"sortRange": {"range": area, "sortSpecs": [{"dimensionIndex": 0, "sortOrder": "ASCENDING"}]}}], CONTACT
    )
    paper.type("推荐汇总表", 0, 20, "本市自用")
    assert [row[0] for row in paper.texts("推荐汇总表")] == ["编号", "示例-001", "示例-002"]
    assert paper.header("推荐汇总表")[18:] == ["备注", "", "本市自用"]
    assert not paper.plan()
