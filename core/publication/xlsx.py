"""A list as an xlsx workbook, print-ready on A4."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Final

from core.publication.lists import PublicList

# written into the file, so that the same list gives the same bytes
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
SHEET: Final = "名单"
# pixels: of a Chinese character of 12 points, and of a digit of the font that widths are counted in
_SIGN, _DIGIT = 16, 7
_LINE_POINTS, _ROW_POINTS, _HIGHEST = 16, 5, 409
_TOP: Final = 2  # lines above the table's rows: title and header


def as_xlsx(listed: PublicList) -> bytes:
    """Title, header repeated on each page, lines, note of order, page numbers. Every cell is text, never a formula."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"title": listed.title, "created": FIXED_TIME})
    sheet = book.add_worksheet(SHEET)
    base = {"font_name": "仿宋", "font_size": 12, "valign": "vcenter", "text_wrap": True}
    title = book.add_format(base | {"font_name": "方正小标宋简体", "font_size": 16, "align": "center"})
    head = book.add_format(base | {"font_name": "黑体", "align": "center", "border": 1})
    centred = book.add_format(base | {"align": "center", "border": 1})
    left = book.add_format(base | {"border": 1})
    note = book.add_format(base)
    columns, rows = listed.form.columns, listed.rows
    last, end = len(columns) - 1, len(rows) + _TOP
    sheet.merge_range(0, 0, 0, last, "", title)
    sheet.write_string(0, 0, listed.title, title)
    sheet.set_row(0, 48)
    by_column = list(zip(*rows, strict=True)) or list(repeat((), len(columns)))
    widths = [_width((column.head, *cells), column.most) for column, cells in zip(columns, by_column, strict=True)]
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(1, at, column.head, head)
    # a program that opens the sheet does not make room by itself for what is broken into lines
    sheet.set_default_row(_LINE_POINTS + _ROW_POINTS)
    broken = [(at, _signs(width)) for at, width in enumerate(widths) if _breaks(by_column[at], _signs(width))]
    formats = [centred if column.centred else left for column in columns]
    write = sheet.write_string
    for number, row in enumerate(rows, start=_TOP):
        lines = max((_lines(row[at], signs) for at, signs in broken), default=1)
        if lines > 1:
            sheet.set_row(number, min(_HIGHEST, lines * _LINE_POINTS + _ROW_POINTS))
        for at, text in enumerate(row):
            write(number, at, text, formats[at])
    sheet.merge_range(end, 0, end, last, "", note)
    sheet.write_string(end, 0, listed.note, note)
    sheet.repeat_rows(1)
    sheet.freeze_panes(_TOP, 0)
    sheet.set_paper(9)
    if listed.form.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, end, last)
    sheet.set_margins(left=0.6, right=0.6)
    sheet.center_horizontally()
    sheet.set_footer("&C— &P —")
    book.close()
    return made.getvalue()


def _width(cells: Sequence[str], most: int) -> int:
    """A column's width in digits of the book's own font: as wide as its longest text needs, no wider than `most`."""
    return min(most, math.ceil(max(map(len, cells)) * _SIGN / _DIGIT) + 1)


def _signs(width: int) -> int:
    """How many Chinese characters stand on a line of a column."""
    return max(1, (width * _DIGIT - _DIGIT) // _SIGN)


def _breaks(cells: Sequence[str], signs: int) -> bool:
    """Whether a column has a text that stands on more than one line."""
    return max(map(len, cells), default=0) > signs or any("\n" in cell for cell in cells)


def _lines(text: str, signs: int) -> int:
    """On how many lines a text stands; every sign counts as a wide one."""
    if "\n" in text:
        return sum(max(1, -(-len(line) // signs)) for line in text.split("\n"))
    return -(-len(text) // signs)
