"""A spreadsheet as the service answers it, as the cells of a book and as the bytes that are kept of it.

The cells come out as those of an xlsx file do (`core.intake.reader`), so that a figure is judged the same wherever
it was typed. One thing differs on purpose: days up to 1900-02-28 are those that the sheet shows; a file counts them
with a 1900-02-29 that never was.

A snapshot is the answer reduced to what is content (values, formulas, the formats that make a number a day, merges,
what is hidden), as canonical JSON without the sheet 审核反馈: same content, same SHA-256, whatever the province wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

from core.errors import FileRefused
from core.intake.feedback import SHEET
from core.intake.online.faults import OnlineFault, say
from core.intake.prescreen import MAX_CELLS, MAX_COLUMN, MAX_ROW
from core.intake.reader import MAX_CELL_TEXT, MAX_TEXT, duration_text, is_filled, moment_text, number_text
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.fold import fold_header
from sheets_schema.layout import cell_name

FIELDS = (
    "properties.title,sheets(properties(sheetId,title,hidden,sheetType,gridProperties(rowCount,columnCount)),merges,"
    "data(startRow,startColumn,rowMetadata(hiddenByFilter,hiddenByUser),"
    "rowData(values(userEnteredValue,effectiveValue,effectiveFormat(numberFormat)))))"
)
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone
SIGNS = {
    "NULL_VALUE": "#NULL!",
    "DIVIDE_BY_ZERO": "#DIV/0!",
    "VALUE": "#VALUE!",
    "REF": "#REF!",
    "NAME": "#NAME?",
    "NUM": "#NUM!",
    "N_A": "#N/A",
}
_OTHER_ERROR = "#ERROR!"
_MOMENTS = ("DATE", "TIME", "DATE_TIME")
_QUOTED = re.compile(r'"[^"]*"|\\.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_START = b'{"properties":{"title":'
# What no text of a file can hold either, and no database takes.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Json = Mapping[str, Any]


def book_of(answer: Json) -> RawBook:
    """The cells of every sheet, 审核反馈 too. Raises FileRefused for a book that is absurdly big, OnlineFault
    (`strange_answer`) for what is no answer about a spreadsheet."""
    try:
        return _Reading(_title(answer)).book(answer)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise OnlineFault("strange_answer") from None


def snapshot(answer: Json) -> bytes:
    """The bytes that are kept of a book that `book_of` reads."""
    kept = {
        "properties": {"title": _title(answer)},
        "sheets": [_kept_sheet(sheet) for sheet in grid_sheets(answer) if not is_feedback(sheet_title(sheet))],
    }
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def is_snapshot(data: bytes) -> bool:
    """Whether bytes that are kept are those of an online sheet, not of a file."""
    return data.startswith(_START)


def taken_book(data: bytes) -> RawBook:
    """The cells of a snapshot: those of `book_of` without 审核反馈."""
    return book_of(json.loads(data))


def is_feedback(title: str) -> bool:
    """Whether a sheet of this title is the province's 审核反馈."""
    return fold_header(title) == fold_header(SHEET)


def grid_sheets(answer: Json) -> Iterator[Json]:
    """The sheets that have cells; charts and the like on sheets of their own are left out."""
    return (each for each in answer.get("sheets", ()) if each["properties"].get("sheetType", "GRID") == "GRID")


def sheet_title(sheet: Json) -> str:
    """The title of a sheet."""
    return _clean(sheet["properties"].get("title", ""))


def cells_of(sheet: Json) -> Iterator[tuple[int, int, Json]]:
    """Row, column (from 1) and content of each cell that is not blank."""
    for block in sheet.get("data", ()):
        top, left = block.get("startRow", 0) + 1, block.get("startColumn", 0) + 1
        for row, line in enumerate(block.get("rowData", ()), start=top):
            for column, cell in enumerate(line.get("values", ()), start=left):
                if cell.get("effectiveValue") or cell.get("userEnteredValue"):
                    yield row, column, cell


def raw_cell(cell: Json) -> RawCell | None:
    """One cell as a file's reader gives it; None where it is blank."""
    entered = cell.get("userEnteredValue") or {}
    typed = entered.get("formulaValue")
    formula = typed is not None
    value = cell.get("effectiveValue") or ({} if formula else entered)
    if "errorValue" in value:
        kind = value["errorValue"].get("type", "")
        if kind == "LOADING":
            return RawCell("no_result", _clean(typed or ""), formula)
        return RawCell("error", SIGNS.get(kind, _OTHER_ERROR), formula)
    if "stringValue" in value:
        text = _clean(value["stringValue"])
        return RawCell("text", text, formula) if is_filled(text) else None
    if "boolValue" in value:
        return RawCell("boolean", "TRUE" if value["boolValue"] else "FALSE", formula)
    if "numberValue" in value:
        return _number(value["numberValue"], _format(cell), formula)
    return RawCell("no_result", _clean(typed or ""), formula) if formula else None


def _number(value: int | float, shown: Json, formula: bool) -> RawCell:
    if not isfinite(value):
        raise ValueError(value)
    if shown.get("type") in _MOMENTS:
        pattern = _QUOTED.sub("", shown.get("pattern", "")).split(";")[0]
        try:
            if _ELAPSED.search(pattern):
                return RawCell("text", duration_text(timedelta(days=value)), formula)
            day, part = divmod(value, 1)
            clock = timedelta(milliseconds=round(part * 86_400_000))
            if day == 0 and not clock.days:
                return RawCell("text", duration_text(clock), formula)
            return RawCell("date", moment_text(EPOCH + timedelta(days=day) + clock), formula)
        except OverflowError:
            pass  # past the calendar's end: a number in a date's clothes
    # the service's numbers are binary floats, though JSON writes them as whole: from 1e15 on digits are lost
    return RawCell("number", number_text(value if abs(value) < 1e15 else float(value)), formula)


def _format(cell: Json) -> Json:
    shown: Json = (cell.get("effectiveFormat") or {}).get("numberFormat") or {}
    return shown


def _title(answer: Json) -> str:
    return _clean(answer["properties"]["title"])


def _clean(text: str) -> str:
    return _NO_TEXT.sub("\ufffd", text)


class _Reading:
    """Reads one book and counts, over all its sheets, what may become too much."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.cells = self.text = 0

    def book(self, answer: Json) -> RawBook:
        return RawBook(self.title, tuple(self._sheet(sheet) for sheet in grid_sheets(answer)))

    def _sheet(self, sheet: Json) -> RawSheet:
        cells: dict[tuple[int, int], RawCell] = {}
        for row, column, content in cells_of(sheet):
            found = raw_cell(content)
            if found is None:
                continue
            self._count(row, column, found)
            cells[row, column] = found
        return RawSheet(
            name=sheet_title(sheet),
            cells=cells,
            hidden=bool(sheet["properties"].get("hidden")),
            hidden_rows=frozenset(_hidden_rows(sheet)),
            merged=tuple(_merged(each) for each in sheet.get("merges", ())),
        )

    def _count(self, row: int, column: int, cell: RawCell) -> None:
        self.cells += 1
        self.text += len(cell.text)
        if row > MAX_ROW or column > MAX_COLUMN:
            where = cell_name(row, column)
            raise self._refused("far_cell", cell=where, rows=f"{MAX_ROW:,}", columns=f"{MAX_COLUMN:,}")
        if self.cells > MAX_CELLS:
            raise self._refused("too_many_cells", limit=f"{MAX_CELLS:,}")
        if self.text > MAX_TEXT or len(cell.text) > MAX_CELL_TEXT:
            raise self._refused("too_much_text")

    def _refused(self, code: str, **values: object) -> FileRefused:
        return FileRefused(self.title, code, say("book", code, **values))


def _hidden_rows(sheet: Json) -> Iterator[int]:
    for block in sheet.get("data", ()):
        for row, known in enumerate(block.get("rowMetadata", ()), start=block.get("startRow", 0) + 1):
            if known.get("hiddenByUser") or known.get("hiddenByFilter"):
                yield row


def _merged(area: Json) -> str:
    first = cell_name(area.get("startRowIndex", 0) + 1, area.get("startColumnIndex", 0) + 1)
    return f"{first}:{cell_name(area['endRowIndex'], area['endColumnIndex'])}"


def _kept_sheet(sheet: Json) -> dict[str, Any]:
    """A sheet in the shape it was answered in, without what is no content: blank cells, formats of texts, widths."""
    rows: dict[int, dict[int, dict[str, Any]]] = {}
    for row, column, cell in cells_of(sheet):
        if raw_cell(cell) is not None:
            rows.setdefault(row, {})[column] = _kept_cell(cell)
    data: dict[str, Any] = {"rowData": [_line(rows.get(row, {})) for row in range(1, max(rows, default=0) + 1)]}
    hidden = set(_hidden_rows(sheet))
    if hidden:
        data["rowMetadata"] = [{"hiddenByUser": True} if row in hidden else {} for row in range(1, max(hidden) + 1)]
    properties = {name: sheet["properties"][name] for name in ("sheetId", "hidden") if name in sheet["properties"]}
    kept: dict[str, Any] = {"properties": properties | {"title": sheet_title(sheet)}, "data": [data]}
    if sheet.get("merges"):
        kept["merges"] = [{name: at for name, at in area.items() if name != "sheetId"} for area in sheet["merges"]]
    return kept


def _line(cells: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {"values": [cells.get(column, {}) for column in range(1, max(cells) + 1)]} if cells else {}


def _kept_cell(cell: Json) -> dict[str, Any]:
    entered = cell.get("userEnteredValue") or {}
    value = dict(cell.get("effectiveValue") or {})
    kept: dict[str, Any] = {}
    if "formulaValue" in entered:
        kept["userEnteredValue"] = {"formulaValue": _clean(entered["formulaValue"])}
    elif not value:
        value = dict(entered)
    if "stringValue" in value:
        value["stringValue"] = _clean(value["stringValue"])
    if "errorValue" in value:
        value["errorValue"] = {"type": value["errorValue"].get("type", "")}  # its message is in somebody's language
    if value:
        kept["effectiveValue"] = value
    shown = _format(cell)
    if "numberValue" in value and shown.get("type") in _MOMENTS:
        kept["effectiveFormat"] = {"numberFormat": {name: shown[name] for name in ("type", "pattern") if name in shown}}
    return kept
