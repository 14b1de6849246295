"""An online sheet as it was received, as an xlsx file that a person can open: read again, it is the same book.

Texts stay texts. A formula is written as one only where every spreadsheet program understands it; another would be
repaired away on opening, so its cell holds the result and a note the formula. Nothing is calculated anew on opening:
what is shown is what was received.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.intake.online.answer import EPOCH, SIGNS, Json, cells_of, grid_sheets, raw_cell, sheet_title, taken_book
from core.intake.surgery import clean_text
from sheets_schema.cells import RawCell

_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - the same in every file, so that the same content makes the same bytes
_STYLES = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss", "text": "@"}
_LONGEST_NAME = 31
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_KNOWN = re.compile(
    "ABS|AND|AVERAGE|CEILING|CONCATENATE|COUNT|COUNTA|COUNTBLANK|COUNTIFS?|DATE|DATEVALUE|DAY|EXACT|FIND|FLOOR|IF|IFERROR"
    "|INDEX|INT|ISBLANK|ISERROR|ISNA|ISNUMBER|ISTEXT|LEFT|LEN|LOWER|MATCH|MAX|MEDIAN|MID|MIN|MOD|MONTH|NA|NOT|NOW|OR"
    "|PRODUCT|REPT|RIGHT|ROUND|ROUNDDOWN|ROUNDUP|SEARCH|SUBSTITUTE|SUM|SUMIFS?|SUMPRODUCT|TEXT|TODAY|TRIM|UPPER|VALUE"
    "|VLOOKUP|YEAR"
)
_STRING = re.compile(r'"[^"]*"')
_CALL = re.compile(r"([\w.]+)\(")
# Numbers, cells, ranges with both ends, operators, brackets and commas: what is left of a formula besides calls.
_PLAIN = re.compile(
    r"(?:\$?[A-Z]{1,3}\$?[1-9][0-9]{0,5}|[0-9]++(?:\.[0-9]++)?|[-+*/^&=<>%(), ]|(?<=[0-9]):(?=\$?[A-Z]))*+"
)
_SIGNS_ALONE = frozenset(f"={sign}" for sign in SIGNS.values())
_LONGEST_FORMULA, _LONGEST_NOTE = 2_000, 1_000
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Stored(float):
    """A number that is written with the digits it came with; `float` alone would round them."""

    def __new__(cls, text: str) -> _Stored:
        return super().__new__(cls, text)

    def __init__(self, text: str) -> None:
        self._text = text

    def __format__(self, _spec: str) -> str:
        return self._text


def as_workbook(data: bytes) -> bytes:
    """The xlsx of a snapshot; the same snapshot gives the same bytes.

    Differs from what was received where a file cannot follow: names of sheets over 31 characters or with `[]:*?/\\`,
    texts over 32,767 characters, 1899-12-31 (a text), signs of errors that files do not know (a text), and a formula
    without a result that programs read differently (its text).
    """
    import xlsxwriter  # only where somebody opens what was received

    answer = json.loads(data)
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": taken_book(data).name, "created": _MADE})
    book.set_calc_mode("manual")
    sheets = list(grid_sheets(answer))
    names = _names(sheet_title(sheet) for sheet in sheets)
    shown = [book.add_worksheet(name) for name in names]
    styles = {name: book.add_format({"num_format": code}) for name, code in _STYLES.items()}
    for sheet, page in zip(sheets, shown, strict=True):
        _Page(page, styles).fill(sheet)
    seen = next((at for at, sheet in enumerate(sheets) if not sheet["properties"].get("hidden")), 0)
    if shown:
        shown[seen].activate()
        shown[seen].set_first_sheet()
    for at, sheet in enumerate(sheets):
        if at != seen and sheet["properties"].get("hidden"):
            shown[at].hide()
    book.close()
    return target.getvalue()


class _Page:
    """One sheet being written."""

    def __init__(self, page: Any, styles: Mapping[str, Any]) -> None:
        self._page, self._styles = page, styles

    def fill(self, sheet: Json) -> None:
        """Merges first: they blank the cells they cover."""
        for area in sheet.get("merges", ()):
            at = [area.get("startRowIndex", 0), area.get("startColumnIndex", 0)]
            self._page.merge_range(*at, area["endRowIndex"] - 1, area["endColumnIndex"] - 1, "")
        for row, column, cell in cells_of(sheet):
            found = raw_cell(cell)
            if found is not None:
                formula = (cell.get("userEnteredValue") or {}).get("formulaValue", "")
                self._put(row - 1, column - 1, found, formula)
        for block in sheet.get("data", ()):
            for row, known in enumerate(block.get("rowMetadata", ())):
                if known.get("hiddenByUser"):
                    self._page.set_row(row, None, None, {"hidden": True})

    def _put(self, row: int, column: int, cell: RawCell, formula: str) -> None:
        value, style = self._value(cell)
        if cell.kind == "error" and cell.text in SIGNS.values() and not formula:
            formula = f"={cell.text}"
        if _is_plain(formula) or formula in _SIGNS_ALONE:
            stored = _escaped(value) if isinstance(value, str) else value
            self._page.write_formula(row, column, formula, style, stored)
            return
        if isinstance(value, bool):
            self._page.write_boolean(row, column, value, style)
        elif isinstance(value, str):
            self._page.write_string(row, column, formula if cell.kind == "no_result" else value, style)
        else:
            self._page.write_number(row, column, value, style)
        if formula:
            self._page.write_comment(row, column, f"公式：{clean_text(formula)}"[:_LONGEST_NOTE])

    def _value(self, cell: RawCell) -> tuple[str | bool | float, Any]:
        if cell.kind == "number":
            return _Stored(cell.text), None
        if cell.kind == "boolean":
            return cell.text == "TRUE", None
        if cell.kind == "date":
            serial = _serial(datetime.fromisoformat(cell.text))
            style = "day" if cell.text.endswith(" 00:00:00") else "moment"
            if serial is not None:
                return serial, self._styles[style]
        if cell.kind == "no_result":
            return "", None
        return clean_text(cell.text), self._styles["text"] if cell.kind == "text" else None


def _serial(moment: datetime) -> float | None:
    """The number that a file shows as this moment; None for the one day that no number of a file shows."""
    passed = moment - EPOCH
    if passed.days == 1:
        return None
    days = passed.days - 1 if 1 < passed.days <= 60 else passed.days
    return days + passed.seconds / 86_400


def _is_plain(formula: str) -> bool:
    """Whether every program reads this formula the same: known functions, cells of its own sheet, closed ranges."""
    if not formula.startswith("=") or len(formula) > _LONGEST_FORMULA:
        return False
    bare = _STRING.sub("0", formula[1:].upper())
    known = all(map(_KNOWN.fullmatch, _CALL.findall(bare)))
    return known and bool(bare) and bool(_PLAIN.fullmatch(_CALL.sub("(", bare)))


def _escaped(text: str) -> str:
    """A text as the result of a formula; the library escapes those of plain cells itself."""
    return _LOOKS_ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def _names(titles: Iterable[str]) -> list[str]:
    """Names that a file takes: short enough, without its forbidden signs, none twice."""
    made: list[str] = []
    for title in titles:
        plain = _NOT_IN_A_NAME.sub("_", title).strip("'") or "_"
        name, number = plain[:_LONGEST_NAME], 2
        while name.casefold() in {each.casefold() for each in made}:
            tail = f"_{number}"
            name, number = plain[: _LONGEST_NAME - len(tail)] + tail, number + 1
        made.append(name)
    return made
