"""The calls of the Sheets interface, once it is known who asks and for what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sheets_emulator import answers, batch, values
from tests.sheets_emulator.book import Book
from tests.sheets_emulator.calls import Call, route
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.kinds_rules import metadata_filter
from tests.sheets_emulator.kinds_sheets import duplicate
from tests.sheets_emulator.masks import Mask
from tests.sheets_emulator.problems import Json, invalid, sheets
from tests.sheets_emulator.protection import Editor
from tests.sheets_emulator.state import File, State
from tests.sheets_emulator.work import Work

READING = "majorDimension valueRenderOption dateTimeRenderOption"
WRITING = "valueInputOption includeValuesInResponse responseValueRenderOption responseDateTimeRenderOption"
OPTIONS = (*READING.split(), *WRITING.split(), "insertDataOption")


def _editor(state: State, file: File, user: str) -> Editor:
    return Editor(user, owner=state.role(file, user) == "owner")


def _read(state: State, call: Call) -> tuple[Book, Editor]:
    file, book = state.spreadsheet(call.part(0), call.user, "reader")
    return book, _editor(state, file, call.user)


def _change(state: State, call: Call, change: Callable[[Book, Editor], tuple[Book, Any]]) -> Any:
    file, book = state.spreadsheet(call.part(0), call.user, "writer")
    changed, answer = change(book, _editor(state, file, call.user))
    state.store(file, changed, call.user)
    return answer


def _options(call: Call) -> Json:
    found = {name: call.option(name) for name in OPTIONS if call.option(name)}
    body = call.body if isinstance(call.body, dict) else {}
    return {name: body[name] for name in OPTIONS if body.get(name)} | found


@route("POST", "/v4/spreadsheets", takes="Spreadsheet", gives="Spreadsheet", query="")
def create(state: State, call: Call) -> Any:
    """A new spreadsheet of the caller's own."""
    given = call.body
    title = (given.get("properties") or {}).get("title") or "Untitled spreadsheet"
    file = state.make(call.user, title)
    if file.book is None:
        raise sheets(500, "Internal error encountered.")
    editor, book = Editor(call.user, owner=True), file.book
    requests: list[Json] = [{"addSheet": {"properties": each["properties"]}} for each in given.get("sheets", [])]
    try:
        if requests:
            book = book.replica()
            book.sheets[0].properties |= {"sheetId": -1, "title": "\0"}
            book, _ = batch.update(book, editor, {"requests": [*requests, {"deleteSheet": {"sheetId": -1}}]})
        if kept := {name: each for name, each in (given.get("properties") or {}).items() if name != "title"}:
            book = book.replica()
            book.properties = book.properties | kept
    except BaseException:
        del state.files[file.id]
        raise
    file.book = book
    return answers.spreadsheet(book, editor, call.mask or Mask(), [], False)


@route(
    "GET",
    "/v4/spreadsheets/{}",
    gives="Spreadsheet",
    query="ranges includeGridData excludeTablesInBandedRanges commentsViewMode",
)
def get(state: State, call: Call) -> Any:
    """A spreadsheet, with its cells where they are asked for."""
    book, editor = _read(state, call)
    data = call.mask is not None or call.flag("includeGridData")
    return answers.spreadsheet(book, editor, call.mask or Mask(), call.options("ranges"), data)


@route(
    "POST",
    "/v4/spreadsheets/{}:getByDataFilter",
    takes="GetSpreadsheetByDataFilterRequest",
    gives="Spreadsheet",
    query="",
)
def get_by_data_filter(state: State, call: Call) -> Any:
    """The same for data filters."""
    book, editor = _read(state, call)
    texts = [answers.a1(book, each) for each in _filtered(book, editor, call.body.get("dataFilters", []))]
    data = call.mask is not None or bool(call.body.get("includeGridData"))
    return answers.spreadsheet(book, editor, call.mask or Mask(), texts, data)


def _filtered(book: Book, editor: Editor, filters: list[Json]) -> list[Area]:
    found = []
    for each in filters:
        if "a1Range" in each:
            found.append(book.text_area(each["a1Range"]))
        elif "gridRange" in each:
            found.append(book.range_area(each["gridRange"]))
        else:
            meant = metadata_filter(Work(book, editor), each)
            found += [_metadata_area(book, one) for one in book.metadata if meant(one)]
    return found


def _metadata_area(book: Book, metadata: Json) -> Area:
    location = metadata["location"]
    place = location.get("dimensionRange")
    if place is None:
        return book.sheet(location["sheetId"]).area if "sheetId" in location else book.sheets[0].area
    axis = "Row" if place["dimension"] == "ROWS" else "Column"
    bounds = {f"start{axis}Index": place["startIndex"], f"end{axis}Index": place["endIndex"]}
    return book.range_area({"sheetId": place["sheetId"]} | bounds)


@route(
    "POST",
    "/v4/spreadsheets/{}:batchUpdate",
    takes="BatchUpdateSpreadsheetRequest",
    gives="BatchUpdateSpreadsheetResponse",
    query="",
)
def batch_update(state: State, call: Call) -> Any:
    """Several changes, all or none."""
    return _change(state, call, lambda book, editor: batch.update(book, editor, call.body, call.mask))


@route(
    "GET",
    "/v4/spreadsheets/{}/values:batchGet",
    gives="BatchGetValuesResponse",
    query="ranges " + READING,
)
def values_batch_get(state: State, call: Call) -> Any:
    """The values of several ranges."""
    book, _ = _read(state, call)
    found = [values.read(book, book.text_area(text), _options(call)) for text in call.options("ranges")]
    return {"spreadsheetId": book.id, "valueRanges": found}


@route("POST", "/v4/spreadsheets/{}/values:batchGetByDataFilter", takes="BatchGetValuesByDataFilterRequest", query="")
def values_batch_get_by_data_filter(state: State, call: Call) -> Any:
    """The same for data filters."""
    book, editor = _read(state, call)
    found = [
        {"valueRange": values.read(book, area, _options(call)), "dataFilters": [each]}
        for each in call.body.get("dataFilters", [])
        for area in _filtered(book, editor, [each])
    ]
    return {"spreadsheetId": book.id, "valueRanges": found}


@route(
    "POST",
    "/v4/spreadsheets/{}/values:batchUpdate",
    takes="BatchUpdateValuesRequest",
    gives="BatchUpdateValuesResponse",
    query="",
)
def values_batch_update(state: State, call: Call) -> Any:
    """Values of several ranges, all or none."""

    def change(book: Book, editor: Editor) -> tuple[Book, Json]:
        book = book.replica()
        done = [
            values.write(book, editor, book.text_area(data.get("range", "")), data, _options(call))
            for data in call.body.get("data", [])
        ]
        areas = [book.text_area(each["updatedRange"]) for each in done]
        totals = {
            "totalUpdatedRows": len({(each.sheet, row) for each in areas for row in range(each.top, each.bottom)}),
            "totalUpdatedColumns": len({(each.sheet, at) for each in areas for at in range(each.left, each.right)}),
            "totalUpdatedCells": sum(each.get("updatedCells", 0) for each in done),
            "totalUpdatedSheets": len({each.sheet for each in areas}),
        }
        return book, {"spreadsheetId": book.id} | totals | {"responses": done}

    return _change(state, call, change)


@route("POST", "/v4/spreadsheets/{}/values:batchClear", takes="BatchClearValuesRequest", query="")
def values_batch_clear(state: State, call: Call) -> Any:
    """Blank ranges."""

    def change(book: Book, editor: Editor) -> tuple[Book, Json]:
        book = book.replica()
        done = [values.clear(book, editor, book.text_area(text)) for text in call.body.get("ranges", [])]
        return book, {"spreadsheetId": book.id, "clearedRanges": done}

    return _change(state, call, change)


@route(
    "GET",
    "/v4/spreadsheets/{}/values/{}",
    gives="ValueRange",
    query=READING,
)
def values_get(state: State, call: Call) -> Any:
    """The values of a range."""
    book, _ = _read(state, call)
    return values.read(book, book.text_area(call.part(1)), _options(call))


@route(
    "PUT",
    "/v4/spreadsheets/{}/values/{}",
    takes="ValueRange",
    gives="UpdateValuesResponse",
    query=WRITING,
)
def values_update(state: State, call: Call) -> Any:
    """Values into a range."""

    def change(book: Book, editor: Editor) -> tuple[Book, Json]:
        book = book.replica()
        return book, values.write(book, editor, book.text_area(call.part(1)), call.body, _options(call))

    return _change(state, call, change)


@route(
    "POST",
    "/v4/spreadsheets/{}/values/{}:append",
    takes="ValueRange",
    gives="AppendValuesResponse",
    query=WRITING + " insertDataOption",
)
def values_append(state: State, call: Call) -> Any:
    """Values below a table."""

    def change(book: Book, editor: Editor) -> tuple[Book, Json]:
        book = book.replica()
        return book, values.append(book, editor, book.text_area(call.part(1)), call.body, _options(call))

    return _change(state, call, change)


@route("POST", "/v4/spreadsheets/{}/values/{}:clear", takes="ClearValuesRequest", query="")
def values_clear(state: State, call: Call) -> Any:
    """A blank range."""

    def change(book: Book, editor: Editor) -> tuple[Book, Json]:
        book = book.replica()
        return book, {
            "spreadsheetId": book.id,
            "clearedRange": values.clear(book, editor, book.text_area(call.part(1))),
        }

    return _change(state, call, change)


@route(
    "POST",
    "/v4/spreadsheets/{}/sheets/{}:copyTo",
    takes="CopySheetToAnotherSpreadsheetRequest",
    gives="SheetProperties",
    query="",
)
def copy_to(state: State, call: Call) -> Any:
    """A copy of a tab into another spreadsheet."""
    source, _ = _read(state, call)
    wanted = call.part(1)
    sheet = source.sheet(int(wanted) if wanted.isdigit() else wanted)
    file, book = state.spreadsheet(call.body.get("destinationSpreadsheetId", ""), call.user, "writer")
    book = book.replica()
    title, number = f"Copy of {sheet.title}", 2
    while book.titled(title):
        title, number = f"Copy of {sheet.title} {number}", number + 1
    twin = duplicate(sheet, book.next_id(), title)
    book.sheets.append(twin)
    book.small_enough()
    state.store(file, book, call.user)
    return answers.sheet_properties(book, twin)


@route("GET", "/v4/spreadsheets/{}/developerMetadata/{}")
def metadata_get(state: State, call: Call) -> Any:
    """One piece of developer metadata."""
    book, _ = _read(state, call)
    for each in book.metadata:
        if str(each["metadataId"]) == call.part(1):
            return each
    raise sheets(404, "Requested entity was not found.")


@route("POST", "/v4/spreadsheets/{}/developerMetadata:search", takes="SearchDeveloperMetadataRequest", query="")
def metadata_search(state: State, call: Call) -> Any:
    """All that data filters find."""
    book, editor = _read(state, call)
    filters = call.body.get("dataFilters", [])
    if not filters:
        raise invalid("Must specify at least one data filter.")
    found = []
    for each in book.metadata:
        met = [one for one in filters if metadata_filter(Work(book, editor), one)(each)]
        if met:
            found.append({"developerMetadata": each, "dataFilters": met})
    return {"matchedDeveloperMetadata": found} if found else {}
