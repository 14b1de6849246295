"""The emulator's batches and looks: all or none, what an answer carries, what Google's interface does not know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.online.asking import CITY, Asker, cells, refusal
from tests.sheets_emulator.emulator import Emulator

LOOK = (
    "sheets(properties(sheetId,title),merges,data(startRow,rowMetadata(hiddenByUser,hiddenByFilter),"
    "rowData(values(userEnteredValue,effectiveValue,effectiveFormat(numberFormat)))))"
)


@pytest.fixture
def book(google: Emulator) -> str:
    """An empty spreadsheet of the city's."""
    return google.add_book("示例", CITY)


@pytest.fixture
def city(google: Emulator) -> Asker:
    """The city's contact."""
    return Asker(google, CITY)


def bad(message: str) -> tuple[int, str]:
    """A refusal for its content."""
    return 400, message


def test_a_batch_is_applied_whole_or_not_at_all(google: Emulator, city: Asker, book: str) -> None:
    add, gone = {"addSheet": {"properties": {"title": "名单"}}}, {"deleteSheet": {"sheetId": 5}}
    refused = city.batch(book, cells(0, "x"), add, gone)
    assert refusal(refused) == bad("Invalid requests[2].deleteSheet: No grid with id: 5")
    hand = google.contact(book)
    assert (hand.tabs(), hand.rows("Sheet1")) == (["Sheet1"], [])
    replies = city.batch(book, cells(0, "x"), add).json()["replies"]
    assert [list(each) for each in replies] == [[], ["addSheet"]]
    assert (hand.tabs(), hand.rows("Sheet1")) == (["Sheet1", "名单"], [["x"]])


def test_the_answer_of_a_batch_carries_the_cells_after_it(city: Asker, book: str) -> None:
    more = {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True, "responseRanges": ["Sheet1!A2:B3"]}
    answer = city.batch(book, cells(0, "a", "b"), cells(1, "c", "d"), **more).json()
    data = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]
    assert data["startRow"] == 1
    assert [each["formattedValue"] for each in data["rowData"][0]["values"]] == ["c", "d"]
    # a mask does away with responseIncludeGridData and says itself what comes
    path, body = f"/v4/spreadsheets/{book}:batchUpdate", {"requests": [cells(2, "e")], **more}
    masked = city.answer("POST", path, body, fields="updatedSpreadsheet(sheets(data(rowData(values(note)))))")
    assert masked.json() == {
        "updatedSpreadsheet": {"sheets": [{"data": [{"rowData": [{"values": [{}, {}]}, {"values": [{}]}]}]}]}
    }


def test_a_look_tells_formulas_errors_dates_and_what_is_hidden(google: Emulator, city: Asker, book: str) -> None:
    hand = google.contact(book)
    hand.fill("Sheet1", "A1", [["=B1+1", "2", "2026-03-01"], [], ["=1/0", "=NOSUCH(1)", "=AA99", "TRUE"]])
    hand.set("Sheet1", "D1", "=1+1", typed=False)
    hand.hide_row("Sheet1", 2)
    hand.merge("Sheet1", "B5:C6")
    sheet = city.get(f"/v4/spreadsheets/{book}", fields=LOOK, ranges="Sheet1!A1:F6")["sheets"][0]
    assert (sheet["properties"], sheet["merges"]) == (
        {"sheetId": 0, "title": "Sheet1"},
        [{"startRowIndex": 4, "endRowIndex": 6, "startColumnIndex": 1, "endColumnIndex": 3}],
    )
    data = sheet["data"][0]
    assert data["rowMetadata"] == [{}, {"hiddenByUser": True}, {}, {}, {}, {}]
    first, second, third = data["rowData"]
    sum_of, two, date, text = first["values"]
    assert sum_of == {"userEnteredValue": {"formulaValue": "=B1+1"}, "effectiveValue": {"numberValue": 3}}
    assert two["effectiveValue"] == {"numberValue": 2}
    assert date["effectiveValue"] == {"numberValue": 46082}
    assert date["effectiveFormat"]["numberFormat"] == {"type": "DATE", "pattern": "yyyy-mm-dd"}
    assert text["userEnteredValue"] == {"stringValue": "=1+1"}
    assert second == {}
    found = [each.get("effectiveValue") for each in third["values"]]
    errors = [None if each is None else each.get("errorValue", {}).get("type") for each in found]
    assert (errors, found[3]) == (["DIVIDE_BY_ZERO", "NAME", "REF", None], {"boolValue": True})
    assert hand.rows("Sheet1")[2][:3] == ["#DIV/0!", "#NAME?", "#REF!"]


def test_rows_put_in_and_sorted_take_everything_along(google: Emulator, city: Asker, book: str) -> None:
    hand = google.contact(book)
    hand.fill("Sheet1", "A1", [["编号", "数"], ["甲", 3], ["乙", 1], ["丙", "=B2+B3"]])
    place = {"sheetId": 0, "startRowIndex": 1, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 1}
    rule = {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "甲"}]}, "strict": True}
    named = {"namedRange": {"namedRangeId": "n", "name": "first_row", "range": place}}
    mark = {"metadataKey": "row", "visibility": "DOCUMENT"}
    mark["location"] = {"dimensionRange": {"sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}}  # type: ignore[assignment]
    city.batch(
        book,
        {"setDataValidation": {"range": place, "rule": rule}},
        {"addNamedRange": named},
        {"createDeveloperMetadata": {"developerMetadata": mark}},
    )
    hand.insert_row("Sheet1", 1, 2)
    assert hand.rows("Sheet1", "FORMULA")[2:] == [["编号", "数"], ["甲", 3], ["乙", 1], ["丙", "=B4+B5"]]
    look = city.get(
        f"/v4/spreadsheets/{book}", fields="namedRanges(range),sheets(data(rowData(values(dataValidation))))"
    )
    assert look["namedRanges"][0]["range"] == place_at(3)
    assert [bool(row.get("values", [{}])[0]) for row in look["sheets"][0]["data"][0]["rowData"][:5]] == [
        *[False] * 3,
        True,
        False,
    ]
    search = {"dataFilters": [{"developerMetadataLookup": {"metadataKey": "row"}}]}
    found = city.answer("POST", f"/v4/spreadsheets/{book}/developerMetadata:search", search).json()
    where = found["matchedDeveloperMetadata"][0]["developerMetadata"]["location"]["dimensionRange"]
    assert (where["startIndex"], where["endIndex"]) == (3, 4)
    hand.delete_row("Sheet1", 1, 2)
    hand.sort("Sheet1", "A2:B3", "B")
    assert city.rows(book) == [["编号", "数"], ["乙", 1], ["甲", 3], ["丙", 4]]


def place_at(row: int) -> dict[str, int]:
    """The first cell of a row."""
    return {"startRowIndex": row, "endRowIndex": row + 1, "startColumnIndex": 0, "endColumnIndex": 1}


UNKNOWN = "Invalid JSON payload received. Unknown name \"{}\" at '{}': Cannot find field."


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"addSheet": {"propertis": {}}}, UNKNOWN.format("propertis", "requests[0].add_sheet")),
        ({"addShet": {}}, UNKNOWN.format("addShet", "requests[0]")),
        (
            {"mergeCells": {"range": {"sheetId": "first"}}},
            "Invalid value at 'requests[0].merge_cells.range.sheet_id' (TYPE_INT32), \"first\"",
        ),
        (
            {"mergeCells": {"range": {}, "mergeType": "ALL"}},
            "Invalid value at 'requests[0].merge_cells.merge_type' "
            '(type.googleapis.com/google.apps.sheets.v4.merge_type), "ALL"',
        ),
        (
            {"repeatCell": {"range": {}, "cell": {}, "fields": "userEnteredValu"}},
            "Invalid requests[0].repeatCell: Invalid field: userEnteredValu",
        ),
        (
            {"updateCells": {"start": {}, "rows": []}},
            "Invalid requests[0].updateCells: At least one field must be listed in 'fields'. "
            "(Use '*' to indicate all fields.)",
        ),
        (
            {"setDataValidation": {"range": {}, "rule": {"condition": {"type": "NUMBER_BETWEEN", "values": []}}}},
            "Invalid requests[0].setDataValidation: ConditionType 'NUMBER_BETWEEN' requires 2 ConditionValues, "
            "but 0 were supplied.",
        ),
        (
            {"updateSheetProperties": {"properties": {"sheetId": 0, "hidden": True}, "fields": "hidden"}},
            "Invalid requests[0].updateSheetProperties: You can't hide all the sheets in a document.",
        ),
        ({"addChart": {}}, "Invalid requests[0]: the emulator does not do addChart."),
    ],
)
def test_what_google_does_not_take_is_refused(city: Asker, book: str, request_: dict[str, Any], message: str) -> None:
    assert refusal(city.batch(book, request_)) == bad(message)


def test_masks_parameters_and_ranges_that_are_not_there_are_refused(city: Asker, book: str) -> None:
    path = f"/v4/spreadsheets/{book}"
    masked = city.answer("GET", path, fields="sheets(data(rowData(value)))")
    assert refusal(masked) == bad("Request contains an invalid argument.")
    violation = masked.json()["error"]["details"][0]["fieldViolations"][0]
    assert violation["field"] == "sheets.data.rowData.value"
    asked = city.answer("GET", path, includeGridDat="true")
    assert refusal(asked) == bad(
        'Invalid JSON payload received. Unknown name "includeGridDat": Cannot bind query parameter. '
        "Field 'includeGridDat' could not be found in request message."
    )
    assert refusal(city.answer("GET", f"{path}/values/A1001")) == bad(
        "Range (Sheet1!A1001) exceeds grid limits. Max rows: 1000, max columns: 26"
    )
    assert refusal(city.batch(book, cells(1000, "x"))) == bad(
        "Invalid requests[0].updateCells: Attempting to write row: 1000, beyond the last requested row of: 999"
    )
