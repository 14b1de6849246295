"""What a spreadsheet looks like in an answer: only what is asked for, without zeros and blanks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.sheets_emulator import cells, grid, theme
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.formulas import Worth
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.masks import Mask, pick
from tests.sheets_emulator.problems import Json
from tests.sheets_emulator.protection import Editor

PIXELS = {"ROWS": 21, "COLUMNS": 100}


def proto(value: Any) -> Any:
    """Without what a proto3 message does not carry: zero numbers, false, empty texts and lists."""
    if isinstance(value, dict):
        return {name: proto(each) for name, each in value.items() if not _zero(each)}
    if isinstance(value, list):
        return [proto(each) for each in value]
    return value


def _zero(value: Any) -> bool:
    return value is None or value is False or value == "" or value == [] or (value == 0 and not isinstance(value, bool))


def spreadsheet(book: Book, editor: Editor, mask: Mask, ranges: list[str], grid_data: bool) -> Json:
    """A Spreadsheet. Where the request has a fields mask, includeGridData says nothing: `grid_data` is then true."""
    answer: Json = {}
    if mask.asks("spreadsheetId"):
        answer["spreadsheetId"] = book.id
    if mask.asks("properties"):
        answer["properties"] = pick(mask.below("properties"), theme.DEFAULTS | book.properties)
    if mask.asks("sheets"):
        answer["sheets"] = _sheets(book, editor, mask.below("sheets"), ranges, grid_data)
    if mask.asks("namedRanges") and book.names:
        answer["namedRanges"] = pick(mask.below("namedRanges"), [proto_range(each) for each in book.names])
    if mask.asks("spreadsheetUrl"):
        answer["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{book.id}/edit"
    own = [each for each in book.metadata if each["location"].get("spreadsheet")]
    if mask.asks("developerMetadata") and own:
        answer["developerMetadata"] = pick(mask.below("developerMetadata"), own)
    return answer


def proto_range(holder: Json) -> Json:
    """What holds a range, with the range's sheet left out where it is 0."""
    return {**holder, "range": whole_range(holder["range"])}


def whole_range(given: Json) -> Json:
    """A GridRange: the sheet's id is left out where it is 0, the bounds are all told."""
    return {name: value for name, value in given.items() if name != "sheetId" or value}


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """SheetProperties; id and index are told though they be 0."""
    known = sheet.properties
    first: Json = {"sheetId": sheet.id, "title": sheet.title, "index": book.sheets.index(sheet)}
    rest = {name: value for name, value in known.items() if name not in first}
    kept: Json = proto(rest)
    return first | kept


def _sheets(book: Book, editor: Editor, mask: Mask, ranges: list[str], grid_data: bool) -> list[Json]:
    areas: dict[int, list[Area]] = {}
    for text in ranges:
        area = book.text_area(text)
        areas.setdefault(area.sheet, []).append(area)
    worth = Worth(book)
    wants_data = grid_data and mask.asks("data")
    return [
        _sheet(book, sheet, editor, mask, areas.get(sheet.id, [sheet.area]) if wants_data else [], worth)
        for sheet in book.sheets
        if not ranges or sheet.id in areas
    ]


def _sheet(book: Book, sheet: Sheet, editor: Editor, mask: Mask, areas: list[Area], worth: Worth) -> Json:
    answer: Json = {}
    if mask.asks("properties"):
        answer["properties"] = pick(mask.below("properties"), sheet_properties(book, sheet))
    if areas:
        below = mask.below("data")
        marks = _marks(book, sheet) if below.asks("rowMetadata") or below.asks("columnMetadata") else {}
        answer["data"] = [grid_answer(sheet, area, below, worth, marks) for area in areas]
    lists: dict[str, Callable[[], list[Json]]] = {
        "merges": lambda: [whole_range(each) for each in sheet.merges],
        "conditionalFormats": lambda: [rule_answer(rule) for rule in sheet.rules],
        "protectedRanges": lambda: [protected_answer(each, editor) for each in sheet.protected],
        "developerMetadata": lambda: _own_metadata(book, sheet.id),
        "rowGroups": lambda: groups(sheet, "ROWS"),
        "columnGroups": lambda: groups(sheet, "COLUMNS"),
    }
    for name, make in lists.items():
        if mask.asks(name) and (found := make()):
            answer[name] = pick(mask.below(name), found)
    if mask.asks("basicFilter") and sheet.basic_filter is not None:
        found_filter = sheet.basic_filter | {"range": whole_range(sheet.basic_filter["range"])}
        answer["basicFilter"] = pick(mask.below("basicFilter"), found_filter)
    return answer


def _own_metadata(book: Book, id: int) -> list[Json]:
    return [each for each in book.metadata if each["location"].get("sheetId") == id]


def groups(sheet: Sheet, dimension: str) -> list[Json]:
    """The DimensionGroups of a sheet."""
    found = [each for each in sheet.groups if each["range"]["dimension"] == dimension]
    return [{**each, "range": whole_range(each["range"])} for each in found]


def rule_answer(rule: Json) -> Json:
    """A ConditionalFormatRule."""
    return {**rule, "ranges": [whole_range(each) for each in rule["ranges"]]}


def protected_answer(protected: Json, editor: Editor) -> Json:
    """A ProtectedRange; its editors are told only to those who may edit it."""
    may = editor.may(protected)
    shown = {name: value for name, value in proto_range(protected).items() if name != "editors" or may}
    kept: Json = proto(shown)
    return kept | ({"requestingUserCanEdit": True} if may else {}) | {"range": shown["range"]}


def _marks(book: Book, sheet: Sheet) -> dict[str, dict[int, Json]]:
    """Developer metadata of rows and columns, as DimensionProperties carry them."""
    found: dict[str, dict[int, Json]] = {"ROWS": {}, "COLUMNS": {}}
    id = sheet.id
    for each in book.metadata:
        place = each["location"].get("dimensionRange")
        if place is not None and place["sheetId"] == id:
            held = found[place["dimension"]].setdefault(place["startIndex"], {"developerMetadata": []})
            held["developerMetadata"].append(each)
    return found


def grid_answer(sheet: Sheet, area: Area, mask: Mask, worth: Worth, marks: dict[str, dict[int, Json]]) -> Json:
    """A GridData: rows up to the last that holds anything, in each row cells up to the last that does."""
    answer: Json = {}
    if area.top and mask.asks("startRow"):
        answer["startRow"] = area.top
    if area.left and mask.asks("startColumn"):
        answer["startColumn"] = area.left
    if mask.asks("rowData"):
        found = _rows(sheet, area, mask.below("rowData"), worth)
        if found:
            answer["rowData"] = found
    if mask.asks("rowMetadata"):
        rows = _with(sheet.row_data, marks["ROWS"])
        answer["rowMetadata"] = _dimension(rows, area.top, area.bottom, "ROWS", mask.below("rowMetadata"))
    if mask.asks("columnMetadata"):
        below = mask.below("columnMetadata")
        columns = _with(sheet.column_data, marks["COLUMNS"])
        answer["columnMetadata"] = _dimension(columns, area.left, area.right, "COLUMNS", below)
    return answer


def _with(data: dict[int, Json], marks: dict[int, Json]) -> dict[int, Json]:
    return {place: data.get(place, {}) | marks.get(place, {}) for place in data.keys() | marks.keys()}


def _dimension(data: dict[int, Json], start: int, end: int, dimension: str, mask: Mask) -> list[Json]:
    plain = {"pixelSize": PIXELS[dimension]}
    usual = pick(mask, plain)
    return [pick(mask, plain | proto(data[place])) if place in data else usual for place in range(start, end)]


def _rows(sheet: Sheet, area: Area, mask: Mask, worth: Worth) -> list[Json]:
    below = mask.below("values")
    rows: dict[int, dict[int, Json]] = {}
    look, id = Look(below, worth), sheet.id
    for (row, column), cell in sheet.cells.items():
        if area.top <= row < area.bottom and area.left <= column < area.right:
            rows.setdefault(row - area.top, {})[column - area.left] = look.cell(id, row, column, cell)
    answer: list[Json] = [{} for _ in range(max(rows, default=-1) + 1)]
    if mask.asks("values"):
        for row, found in rows.items():
            answer[row] = {"values": [found.get(column, {}) for column in range(max(found) + 1)]}
    return answer


class Look:
    """CellData as a mask asks for it. Most cells of a sheet are blank and look alike: each look is made once."""

    def __init__(self, mask: Mask, worth: Worth) -> None:
        self._worth = worth
        self._value, self._effective, self._shown = map(
            mask.asks, ("userEnteredValue", "effectiveValue", "formattedValue")
        )
        names = ("userEnteredFormat", "effectiveFormat", "hyperlink", "note", "textFormatRuns", "dataValidation")
        below = {name: mask.below(name) for name in names if mask.asks(name)}
        self._form, self._whole_form = below.pop("userEnteredFormat", None), below.pop("effectiveFormat", None)
        self._others = below
        self._blank: dict[int, Json] = {}
        self._forms: dict[tuple[int, ...], Json] = {}  # by where the parts lie in memory: nobody changes them in place

    def cell(self, sheet_id: int, row: int, column: int, cell: Json) -> Json:
        """A CellData."""
        entered = cell.get("userEnteredValue")
        if entered is None:
            if id(cell) not in self._blank:
                self._blank[id(cell)] = self._dressed({}, cell)
            return self._blank[id(cell)]
        answer: Json = {}
        effective = self._worth.of(sheet_id, row, column) if "formulaValue" in entered else entered
        if self._value:
            answer["userEnteredValue"] = entered
        if self._effective:
            answer["effectiveValue"] = effective
        if self._shown:
            answer["formattedValue"] = cells.shown(effective, cell)
        return self._dressed(answer, cell)

    def _dressed(self, answer: Json, cell: Json) -> Json:
        """With the format of the cell, its note and its rule."""
        form = cell.get("userEnteredFormat")
        if form and self._form is not None:
            answer["userEnteredFormat"] = pick(self._form, form)
        if self._whole_form is not None and (shown := self._effective_format(self._whole_form, form or {})):
            answer["effectiveFormat"] = shown
        for name, mask in self._others.items():
            if name in cell:
                answer[name] = pick(mask, cell[name])
        return answer

    def _effective_format(self, mask: Mask, form: Json) -> Json:
        alike = (form.get(name) for name in mask.parts) if mask.parts else (form or None,)
        place = tuple(0 if part is None else id(part) for part in alike)
        known = self._forms.get(place)
        if known is None:
            known = self._forms[place] = pick(mask, theme.effective(form))
        return known


def a1(book: Book, area: Area) -> str:
    """A range as an answer names it."""
    return grid.a1(book.sheet(area.sheet).title, area)
