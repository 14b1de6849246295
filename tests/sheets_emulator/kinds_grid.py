"""Requests about rows and columns: putting in, taking out, hiding, sizes, merging, sorting, filtering."""

from __future__ import annotations

from typing import Any

from tests.sheets_emulator import answers, cells, shifting
from tests.sheets_emulator.book import Sheet
from tests.sheets_emulator.formulas import Worth
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.masks import merge
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.work import Work, fields, kind

INHERITED = ("userEnteredFormat", "dataValidation")


@kind
def insert_dimension(work: Work, request: Json) -> Json:
    """Empty rows or columns; they take formats and rules from the ones before or after."""
    sheet, dimension, start, end = work.dimension(request.get("range") or {})
    before = bool(request.get("inheritFromBefore"))
    size = sheet.rows if dimension == "ROWS" else sheet.columns
    if start > size or (start == size and not before):
        raise invalid(f"range.startIndex[{start}] is too large for sheet: {sheet.title}")
    if before and start == 0:
        raise invalid("inheritFromBefore cannot be true when inserting at the first index.")
    work.editor.inserts(work.book, sheet, dimension, start)
    shifting.insert(work.book, sheet, dimension, start, end - start)
    _inherit(sheet, dimension, start, end, start - 1 if before else end)
    return {}


def _inherit(sheet: Sheet, dimension: str, start: int, end: int, source: int) -> None:
    for (row, column), cell in list(sheet.cells.items()):
        kept = {name: cell[name] for name in INHERITED if name in cell}
        if (row if dimension == "ROWS" else column) == source and kept:
            for place in range(start, end):
                sheet.put(*((place, column) if dimension == "ROWS" else (row, place)), kept)


@kind
def delete_dimension(work: Work, request: Json) -> Json:
    """Rows or columns and what stands in them."""
    sheet, dimension, start, end = work.dimension(request.get("range") or {})
    size = sheet.rows if dimension == "ROWS" else sheet.columns
    if start >= size:
        raise invalid(f"Cannot delete a {dimension[:-1].lower()} that doesn't exist. Tried to delete index {start}")
    end = min(end, size)
    work.editor.edits_sheet(sheet)
    work.editor.edits(work.book, [_band(sheet, dimension, start, end)])
    shifting.delete(work.book, sheet, dimension, start, end)
    return {}


def _band(sheet: Sheet, dimension: str, start: int, end: int) -> Area:
    if dimension == "ROWS":
        return Area(sheet.id, start, end, 0, sheet.columns)
    return Area(sheet.id, 0, sheet.rows, start, end)


@kind
def append_dimension(work: Work, request: Json) -> Json:
    """Rows or columns at the end of the grid."""
    sheet, length = work.sheet(request), request.get("length", 0)
    if length < 1 or request.get("dimension") not in ("ROWS", "COLUMNS"):
        raise invalid("length and dimension are required")
    work.editor.edits_sheet(sheet)
    rows = request["dimension"] == "ROWS"
    sheet.resize(sheet.rows + (length if rows else 0), sheet.columns + (0 if rows else length))
    work.book.small_enough()
    return {}


@kind
def update_dimension_properties(work: Work, request: Json) -> Json:
    """Height, width or hidden for each of some rows or columns."""
    sheet, dimension, start, end = work.dimension(request.get("range") or {})
    work.editor.edits_sheet(sheet)
    mask, given = fields(request, "DimensionProperties"), request.get("properties") or {}
    data = sheet.row_data if dimension == "ROWS" else sheet.column_data
    for place in range(start, min(end, sheet.rows if dimension == "ROWS" else sheet.columns)):
        now = answers.proto(merge(mask, data.get(place, {}), given))
        if now:
            data[place] = now
        else:
            data.pop(place, None)
    return {}


@kind
def auto_resize_dimensions(work: Work, request: Json) -> Json:
    """Columns as wide as their longest text: seven pixels a sign, fourteen for a wide one."""
    sheet, dimension, start, end = work.dimension(request.get("dimensions") or {})
    if dimension == "ROWS":
        for place in range(start, end):
            data = {name: value for name, value in sheet.row_data.get(place, {}).items() if name != "pixelSize"}
            sheet.row_data[place] = data
        return {}
    worth = Worth(work.book)
    widest: dict[int, int] = {}
    for (row, column), cell in sheet.cells.items():
        if start <= column < end:
            text = cells.shown(worth.of(sheet.id, row, column), cell)
            pixels = 6 + sum(14 if ord(sign) > 0x2E7F else 7 for sign in text)
            widest[column] = max(widest.get(column, 0), pixels)
    for column, pixels in widest.items():
        sheet.column_data[column] = sheet.column_data.get(column, {}) | {"pixelSize": pixels}
    return {}


@kind
def merge_cells(work: Work, request: Json) -> Json:
    """One cell of many: all, a row at a time or a column at a time. Only the first cell keeps its value."""
    area = work.editable(request.get("range"))
    sheet = work.book.sheet(area.sheet)
    _unmerge(work, sheet, area)
    how = request.get("mergeType", "MERGE_ALL")
    parts = [area]
    if how == "MERGE_ROWS":
        parts = [Area(area.sheet, row, row + 1, area.left, area.right) for row in range(area.top, area.bottom)]
    elif how == "MERGE_COLUMNS":
        parts = [Area(area.sheet, area.top, area.bottom, at, at + 1) for at in range(area.left, area.right)]
    for part in parts:
        if (part.bottom - part.top) * (part.right - part.left) < 2:
            continue
        sheet.merges.append(part.json())
        for row, column in list(sheet.cells):
            if (row, column) != (part.top, part.left) and part.holds(Area(sheet.id, row, row + 1, column, column + 1)):
                cell = sheet.cells[row, column]
                sheet.put(row, column, {name: each for name, each in cell.items() if name != "userEnteredValue"})
    return {}


@kind
def unmerge_cells(work: Work, request: Json) -> Json:
    """Single cells again."""
    area = work.editable(request.get("range"))
    _unmerge(work, work.book.sheet(area.sheet), area)
    return {}


def _unmerge(work: Work, sheet: Sheet, area: Area) -> None:
    met = [each for each in sheet.merges if work.book.range_area(each).meets(area)]
    if not all(area.holds(work.book.range_area(each)) for each in met):
        raise invalid("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [each for each in sheet.merges if each not in met]


def _order(value: Json | None) -> tuple[int, Any]:
    """Numbers, texts, truth, errors; blanks are put last by the caller."""
    ((kind_of, found),) = (value or {}).items()
    if kind_of == "numberValue":
        return 0, found
    if kind_of == "stringValue":
        return 1, found.casefold()
    return (2, found) if kind_of == "boolValue" else (3, found["type"])


@kind
def sort_range(work: Work, request: Json) -> Json:
    """The rows of a range in another order; each takes along everything in its cells."""
    area = work.editable(request.get("range"))
    sheet, worth = work.book.sheet(area.sheet), Worth(work.book)
    for each in sheet.merges:
        merged = work.book.range_area(each)
        if merged.meets(area) and merged.bottom - merged.top > 1:
            raise invalid("You can't sort a range that contains vertically merged cells.")
    order = list(range(area.top, area.bottom))
    for spec in reversed(request.get("sortSpecs", [])):
        column = spec.get("dimensionIndex", 0)
        if not area.left <= column < area.right:
            raise invalid(f"dimensionIndex {column} is not in the range.")
        filled = [row for row in order if worth.of(sheet.id, row, column) is not None]
        down = spec.get("sortOrder", "ASCENDING") == "DESCENDING"
        known = {row: _order(worth.of(sheet.id, row, column)) for row in filled}
        blank = [row for row in order if row not in known]
        order = sorted(filled, key=known.__getitem__, reverse=down) + blank
    before = {
        at: cell for at, cell in sheet.cells.items() if area.holds(Area(sheet.id, at[0], at[0] + 1, at[1], at[1] + 1))
    }
    for at in before:
        del sheet.cells[at]
    places = {row: area.top + place for place, row in enumerate(order)}
    for (row, column), cell in before.items():
        sheet.cells[places[row], column] = cell
    return {}


@kind
def set_basic_filter(work: Work, request: Json) -> Json:
    """A filter over a range; rows that it hides are told as hiddenByFilter."""
    given = request.get("filter") or {}
    area = work.area(given.get("range") or {})
    sheet = work.book.sheet(area.sheet)
    work.editor.edits_sheet(sheet)
    sheet.basic_filter = given | {"range": area.json()}
    _filter(work, sheet, area, given)
    return {}


def _filter(work: Work, sheet: Sheet, area: Area, given: Json) -> None:
    worth = Worth(work.book)
    hidden = {int(place): each.get("hiddenValues", []) for place, each in (given.get("criteria") or {}).items()}
    for spec in given.get("filterSpecs", []):
        values = (spec.get("filterCriteria") or {}).get("hiddenValues", [])
        hidden[spec.get("columnIndex", 0)] = values
    for row in range(area.top + 1, area.bottom):
        out = any(
            cells.shown(worth.of(sheet.id, row, column), sheet.cells.get((row, column))) in values
            for column, values in hidden.items()
        )
        data = {name: each for name, each in sheet.row_data.get(row, {}).items() if name != "hiddenByFilter"}
        if out:
            sheet.row_data[row] = data | {"hiddenByFilter": True}
        elif row in sheet.row_data:
            sheet.row_data[row] = data


@kind
def clear_basic_filter(work: Work, request: Json) -> Json:
    """No filter any more."""
    sheet = work.sheet(request)
    work.editor.edits_sheet(sheet)
    sheet.basic_filter = None
    _filter(work, sheet, sheet.area, {})
    return {}


@kind
def add_dimension_group(work: Work, request: Json) -> Json:
    """Rows or columns that fold together."""
    sheet, dimension, start, end = work.dimension(request.get("range") or {})
    place = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}
    sheet.groups.append({"range": place, "depth": 1})
    control = {"rowGroupControlAfter" if dimension == "ROWS" else "columnGroupControlAfter": True}
    sheet.properties = sheet.properties | {"gridProperties": sheet.properties["gridProperties"] | control}
    return {"addDimensionGroup": {"dimensionGroups": answers.groups(sheet, dimension)}}


@kind
def delete_dimension_group(work: Work, request: Json) -> Json:
    """The same rows or columns no longer fold."""
    sheet, dimension, start, end = work.dimension(request.get("range") or {})
    place = {"sheetId": sheet.id, "dimension": dimension, "startIndex": start, "endIndex": end}
    if all(each["range"] != place for each in sheet.groups):
        raise invalid("Cannot delete a group that does not exist.")
    sheet.groups = [each for each in sheet.groups if each["range"] != place]
    left = answers.groups(sheet, dimension)
    return {"deleteDimensionGroup": {"dimensionGroups": left} if left else {}}
