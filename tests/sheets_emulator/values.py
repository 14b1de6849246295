"""spreadsheets.values: reading and writing plain values in A1 ranges."""

from __future__ import annotations

from typing import Any

from tests.sheets_emulator import answers, cells, shifting
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.formulas import Worth
from tests.sheets_emulator.grid import Area, letters
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.protection import Editor

RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
DIMENSIONS = ("ROWS", "COLUMNS")
INPUT = ("RAW", "USER_ENTERED")
TOUCHED = ("userEnteredValue", "textFormatRuns", "hyperlink")  # what writing a value replaces


def _choice(options: Json, name: str, known: tuple[str, ...], default: str = "") -> str:
    value = options.get(name) or default
    if value not in known:
        if not value:
            raise invalid(f"'{name}' is required but not specified")
        raise invalid(f"Invalid value at '{name}' (TYPE_ENUM), \"{value}\"")
    return str(value)


def read(book: Book, area: Area, options: Json) -> Json:
    """A ValueRange: blank cells at the end of a row and blank rows at the end are left out."""
    render = _choice(options, "valueRenderOption", RENDER, "FORMATTED_VALUE")
    dates = _choice(options, "dateTimeRenderOption", DATES, "SERIAL_NUMBER")
    dimension = _choice(options, "majorDimension", DIMENSIONS, "ROWS")
    sheet, worth = book.sheet(area.sheet), Worth(book)
    lines: dict[int, dict[int, Any]] = {}
    for (row, column), cell in sheet.cells.items():
        if area.top <= row < area.bottom and area.left <= column < area.right:
            value = cells.plain(worth.of(sheet.id, row, column), cell, render, dates)
            if value != "":
                line, place = row - area.top, column - area.left
                if dimension == "COLUMNS":
                    line, place = place, line
                lines.setdefault(line, {})[place] = value
    answer: Json = {"range": answers.a1(book, area), "majorDimension": dimension}
    if lines:
        answer["values"] = [_padded(lines.get(line, {})) for line in range(max(lines) + 1)]
    return answer


def _padded(line: dict[int, Any]) -> list[Any]:
    return [line.get(place, "") for place in range(max(line, default=-1) + 1)]


def _lines(data: Json) -> list[list[Any]]:
    given: list[list[Any]] = data.get("values", [])
    if (data.get("majorDimension") or "ROWS") == "COLUMNS":
        height = max((len(line) for line in given), default=0)
        return [[line[row] if row < len(line) else None for line in given] for row in range(height)]
    return given


def write(book: Book, editor: Editor, area: Area, data: Json, options: Json, *, grow: bool = False) -> Json:
    """Write a ValueRange from the first cell of a range on; None leaves a cell as it is."""
    how = _choice(options, "valueInputOption", INPUT)
    lines, sheet = _lines(data), book.sheet(area.sheet)
    height, width = len(lines), max((len(line) for line in lines), default=0)
    answer: Json = {"spreadsheetId": book.id}
    if not (height and width):
        return answer | {"updatedRange": answers.a1(book, area)}
    touched = Area(sheet.id, area.top, area.top + height, area.left, area.left + width)
    if not grow:
        _inside(book, area, touched)
        book.within(sheet, touched)
    editor.edits(book, [touched])
    written = set()
    for down, line in enumerate(lines):
        for along, value in enumerate(line):
            if value is not None:
                _put(sheet, area.top + down, area.left + along, value, how)
                written.add((down, along))
    answer |= {"updatedRange": answers.a1(book, touched), "updatedRows": len({row for row, _ in written})}
    answer |= {"updatedColumns": len({column for _, column in written}), "updatedCells": len(written)}
    if str(options.get("includeValuesInResponse", "")).lower() == "true":
        shown = {
            "valueRenderOption": options.get("responseValueRenderOption"),
            "dateTimeRenderOption": options.get("responseDateTimeRenderOption"),
        }
        answer["updatedData"] = read(book, touched, shown)
    return answer


def _inside(book: Book, area: Area, touched: Area) -> None:
    one = (area.bottom - area.top, area.right - area.left) == (1, 1)
    if one or area.holds(touched):
        return
    where = answers.a1(book, area)
    if touched.bottom > area.bottom:
        raise invalid(f"Requested writing within range [{where}], but tried writing to row [{area.bottom + 1}]")
    column = letters(area.right)
    raise invalid(f"Requested writing within range [{where}], but tried writing to column [{column}]")


def _put(sheet: Sheet, row: int, column: int, value: Any, how: str) -> None:
    old = sheet.cells.get((row, column), {})
    cell = {name: each for name, each in old.items() if name not in TOUCHED}
    entered, form = cells.raw(value), None
    if how == "USER_ENTERED":
        entered, form = cells.typed(value, cells.number_format(old))
    if entered is not None:
        cell["userEnteredValue"] = entered
    if form is not None and not cells.number_format(old):
        cell["userEnteredFormat"] = cell.get("userEnteredFormat", {}) | {"numberFormat": form}
    sheet.put(row, column, cell)


def clear(book: Book, editor: Editor, area: Area) -> str:
    """Take the values of a range away; formats, notes and rules stay. The range as it is told."""
    editor.edits(book, [area])
    sheet = book.sheet(area.sheet)
    for row, column in list(sheet.cells):
        if area.holds(Area(sheet.id, row, row + 1, column, column + 1)):
            cell = sheet.cells[row, column]
            sheet.put(row, column, {name: each for name, each in cell.items() if name not in TOUCHED})
    return answers.a1(book, area)


def append(book: Book, editor: Editor, area: Area, data: Json, options: Json) -> Json:
    """Write below the table that the range touches; the grid grows where it has to."""
    lines, sheet = _lines(data), book.sheet(area.sheet)
    height, width = len(lines), max((len(line) for line in lines), default=0)
    table = _table(sheet, area)
    top, left = (table.bottom, table.left) if table else (area.top, area.left)
    if options.get("insertDataOption") == "INSERT_ROWS" and height:
        editor.inserts(book, sheet, "ROWS", top)
        shifting.insert(book, sheet, "ROWS", top, height)
    sheet.resize(max(sheet.rows, top + height), max(sheet.columns, left + width))
    place = Area(sheet.id, top, top + max(height, 1), left, left + max(width, 1))
    updates = write(book, editor, place, data, options, grow=True)
    answer: Json = {"spreadsheetId": book.id}
    if table:
        answer["tableRange"] = answers.a1(book, table)
    return answer | {"updates": updates}


def _table(sheet: Sheet, area: Area) -> Area | None:
    """The last block of filled cells that the range touches: cells that meet at a side or a corner belong together."""
    filled = {at for at, cell in sheet.cells.items() if "userEnteredValue" in cell}
    blocks = []
    while filled:
        edge = [filled.pop()]
        block = list(edge)
        while edge:
            row, column = edge.pop()
            for down in (-1, 0, 1):
                for along in (-1, 0, 1):
                    place = (row + down, column + along)
                    if place in filled:
                        filled.remove(place)
                        edge.append(place)
                        block.append(place)
        rows, columns = [row for row, _ in block], [column for _, column in block]
        blocks.append(Area(sheet.id, min(rows), max(rows) + 1, min(columns), max(columns) + 1))
    touching = [block for block in blocks if block.meets(area)]
    return max(touching, key=lambda block: (block.bottom, block.right), default=None)
