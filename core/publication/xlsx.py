"""A list as an xlsx workbook, print-ready on A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import repeat
from typing import Final

from core.publication.lists import PublicList

# written into the file, so that the same list gives the same bytes
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
SHEET: Final = "名单"
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
    for at, (column, cells) in enumerate(zip(columns, by_column, strict=True)):
        sheet.set_column(at, at, _width((column.head, *cells), column.most))
        sheet.write_string(1, at, column.head, head)
    formats = [centred if column.centred else left for column in columns]
    write = sheet.write_string
    for number, row in enumerate(rows, start=_TOP):
        for at, text in enumerate(row):
            write(number, at, text, formats[at])
    sheet.merge_range(end, 0, end, last, "", note)
    sheet.write_string(end, 0, listed.note, note)
    sheet.repeat_rows(1)
    sheet.freeze_panes(_TOP, 0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, end, last)
    sheet.set_margins(left=0.8, right=0.8)
    sheet.center_horizontally()
    sheet.set_footer("&C— &P —")
    book.close()
    return made.getvalue()


def _width(cells: Sequence[str], most: int) -> int:
    """A column's width in half-width characters: as wide as its widest cell, no wider than `most`."""
    if max(map(len, cells)) + 2 >= most:  # most often, and told without looking at every sign
        return most
    return min(most, max(map(_half_widths, cells)) + 2)


def _half_widths(text: str) -> int:
    return sum(2 if ord(sign) > 255 else 1 for sign in text)
