"""The request that puts rows or columns elsewhere: taken along is all that is in them, their marks and their size."""

from __future__ import annotations

from tests.sheets_emulator import shifting
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.work import Work, kind


@kind
def move_dimension(work: Work, request: Json) -> Json:
    """Put in at the destination, filled, and taken out where it was: what lies over the sheet grows and shrinks.

    Formulas that point at what is moved are not followed.
    """
    sheet, dimension, start, end = work.dimension(request.get("source") or {})
    rows, count = dimension == "ROWS", end - start
    target, size = request.get("destinationIndex", 0), sheet.rows if rows else sheet.columns
    if end > size or not 0 <= target <= size:
        raise invalid("The source or destination of the move is outside the grid.")
    if start <= target <= end:
        return {}
    band = Area(sheet.id, start, end, 0, sheet.columns) if rows else Area(sheet.id, 0, sheet.rows, start, end)
    work.editor.edits(work.book, [band])
    work.editor.inserts(work.book, sheet, dimension, target)
    shifting.insert(work.book, sheet, dimension, target, count)
    source = start + count if target <= start else start
    for (row, column), cell in list(sheet.cells.items()):
        place = (row if rows else column) - source
        if 0 <= place < count:
            if rows:
                sheet.put(target + place, column, cell)
            else:
                sheet.put(row, target + place, cell)
    data = sheet.row_data if rows else sheet.column_data
    for place in range(count):
        if source + place in data:
            data[target + place] = data[source + place]
    work.book.metadata = [_along(each, sheet.id, dimension, source, count, target) for each in work.book.metadata]
    shifting.delete(work.book, sheet, dimension, source, source + count)
    return {}


def _along(mark: Json, sheet: int, dimension: str, source: int, count: int, target: int) -> Json:
    place = mark["location"].get("dimensionRange")
    if not place or (place["sheetId"], place["dimension"]) != (sheet, dimension):
        return mark
    at = place["startIndex"] - source
    if not 0 <= at < count:
        return mark
    now = place | {"startIndex": target + at, "endIndex": target + at + 1}
    return mark | {"location": mark["location"] | {"dimensionRange": now}}
