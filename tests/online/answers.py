"""The same values as an online sheet answers them and as a file holds them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from core.intake.workbooks import read_books
from sheets_schema.cells import RawBook, RawSheet

EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
FORMATS = {
    "date": ("DATE", "yyyy-mm-dd"),
    "moment": ("DATE_TIME", "yyyy-mm-dd hh:mm:ss"),
    "time": ("TIME", "hh:mm:ss"),
    "elapsed": ("TIME", "[h]:mm:ss"),
    "month": ("DATE", 'm"月"'),
    "percent": ("PERCENT", "0.00%"),
    "text": ("TEXT", "@"),
    "count": ("NUMBER", "#,##0"),
    "marked": ("NUMBER", '0"分（m）"'),
}
ERRORS = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
}

Value = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True)
class Typed:
    """A value in a cell. `shown` is a name of FORMATS, `formula` what calculates the value ('' where it was typed).

    `value` None with a formula: nothing has been calculated. `error` makes the value a sign.
    """

    value: Value | None
    shown: str = ""
    formula: str = ""
    error: bool = False


@dataclass(frozen=True)
class Page:
    """One sheet: cells by (row, column) from 1, rows that are hidden, merged areas as (row, column, row, column)."""

    title: str
    cells: Mapping[tuple[int, int], Typed | Value]
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    extent: tuple[int, int] = (200, 40)


@dataclass(frozen=True)
class Book:
    """A book to be answered and to be filed."""

    title: str
    pages: tuple[Page, ...] = field(default=())


def typed(value: Typed | Value) -> Typed:
    """A plain value as a cell."""
    if isinstance(value, Typed):
        return value
    shown = {datetime: "moment", date: "date", time: "time", timedelta: "elapsed"}.get(type(value), "")
    return Typed(value, shown)


def serial(value: Value) -> int | float | str | bool:
    """A day or a time as the number that both kinds of sheets hold; other values as they are."""
    if isinstance(value, datetime):
        return (value - EPOCH) / timedelta(days=1)
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day) - EPOCH).days  # noqa: DTZ001
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / timedelta(days=1)
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return value


def answer(book: Book) -> dict[str, Any]:
    """The answer to a GET with cells. It went through JSON, as one does."""
    sheets = [_sheet(number, page) for number, page in enumerate(book.pages)]
    made: dict[str, Any] = json.loads(json.dumps({"properties": {"title": book.title}, "sheets": sheets}))
    return made


def filed(book: Book, folder: Path) -> RawBook:
    """The same book as an xlsx file, read by the program's own reader; of the name of the online one."""
    path = folder / "book.xlsx"
    path.write_bytes(xlsx(book))
    return read(path, book.title)


def read(path: Path, title: str) -> RawBook:
    """A file through the program's own reader, under another name."""
    [found] = read_books([path])
    assert found.raw is not None, found.problem
    return RawBook(title, found.raw.sheets)


def cells(sheet: RawSheet) -> dict[tuple[int, int], tuple[str, str, bool]]:
    """The cells of a sheet, to be compared at a glance."""
    return {at: (cell.kind, cell.text, cell.formula) for at, cell in sheet.cells.items()}


def _sheet(number: int, page: Page) -> dict[str, Any]:
    rows, columns = page.extent
    last = max((row for row, _ in page.cells), default=0)
    lines = []
    for row in range(1, last + 1):
        found = {column: value for (at, column), value in page.cells.items() if at == row}
        lines.append({"values": [_cell(found.get(column)) for column in range(1, max(found, default=0) + 1)]})
    hidden = [{"hiddenByUser": True} if row in page.hidden_rows else {} for row in range(1, rows + 1)]
    made: dict[str, Any] = {
        "properties": {
            "sheetId": number * 11,
            "title": page.title,
            "sheetType": "GRID",
            "gridProperties": {"rowCount": rows, "columnCount": columns},
        },
        "data": [{"rowData": lines, "rowMetadata": hidden}],
    }
    if page.hidden:
        made["properties"]["hidden"] = True
    if page.merged:
        made["merges"] = [_area(number * 11, *area) for area in page.merged]
    return made


def _area(sheet: int, top: int, left: int, bottom: int, right: int) -> dict[str, int]:
    corners = {"startRowIndex": top - 1, "endRowIndex": bottom, "startColumnIndex": left - 1, "endColumnIndex": right}
    return {"sheetId": sheet, **corners}


def _cell(found: Typed | Value | None) -> dict[str, Any]:
    if found is None:
        return {}
    cell = typed(found)
    made: dict[str, Any] = {}
    if cell.shown:
        kind, pattern = FORMATS[cell.shown]
        made["effectiveFormat"] = {"numberFormat": {"type": kind, "pattern": pattern}}
    if cell.value is not None:
        value = serial(cell.value)
        if cell.error:
            made["effectiveValue"] = {"errorValue": {"type": ERRORS[str(value)], "message": "Function … said so."}}
        else:
            name = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
            made["effectiveValue"] = {name: value}
    made["userEnteredValue"] = {"formulaValue": cell.formula} if cell.formula else made["effectiveValue"]
    return made


class _AsWritten(float):
    """Written as spreadsheet programs write it; the library rounds to 16 digits and shuns exponents."""

    def __format__(self, _spec: str) -> str:
        return f"{float(self)!r}".upper() if abs(self) >= 1e15 else f"{float(self):.17g}"


def xlsx(book: Book) -> bytes:
    """The same book as the bytes of a file. Days are those that the sheets show, so none before 1900-03-01."""
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    styles = {name: made.add_format({"num_format": pattern}) for name, (_, pattern) in FORMATS.items()}
    for page in book.pages:
        sheet = made.add_worksheet(page.title)
        for top, left, bottom, right in page.merged:
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
        for (row, column), value in page.cells.items():
            _write(sheet, row - 1, column - 1, typed(value), styles)
        for row in page.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        if page.hidden:
            sheet.hide()
    made.close()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Typed, styles: Mapping[str, Any]) -> None:
    value = None if cell.value is None else serial(cell.value)
    style = styles.get(cell.shown)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if cell.formula:
        stored = "" if value is None else _AsWritten(float(value)) if number else value
        wrote = sheet.write_formula(row, column, cell.formula, style, stored)
    elif isinstance(value, bool):
        wrote = sheet.write_boolean(row, column, value, style)
    elif isinstance(value, str):
        wrote = sheet.write_string(row, column, value, style)
    else:
        assert value is not None
        wrote = sheet.write_number(row, column, _AsWritten(value), style)
    assert wrote == 0
