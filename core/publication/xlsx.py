"""A list as an xlsx workbook, print-ready on A4."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from core.publication.lists import HEADER, ORDER_NOTE, PublicList, widths

# written into the file, so that the same list gives the same bytes
FIXED_TIME = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDEST = (8, 14, 46, 8, 38)


def as_xlsx(listed: PublicList) -> bytes:
    """Title, header repeated on each page, lines, note of order, page numbers. Every cell is text, never a formula."""
    import xlsxwriter

    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.set_properties({"title": listed.title, "created": FIXED_TIME})
    sheet = book.add_worksheet("名单")
    base = {"font_name": "仿宋", "font_size": 12, "valign": "vcenter", "text_wrap": True}
    title = book.add_format(base | {"font_name": "方正小标宋简体", "font_size": 16, "align": "center"})
    head = book.add_format(base | {"font_name": "黑体", "align": "center", "border": 1})
    centred = book.add_format(base | {"align": "center", "border": 1})
    left = book.add_format(base | {"border": 1})
    note = book.add_format(base)
    last = len(HEADER) - 1
    sheet.merge_range(0, 0, 0, last, "", title)
    sheet.write_string(0, 0, listed.title, title)
    sheet.set_row(0, 48)
    for column, (text, width) in enumerate(zip(HEADER, widths(listed, _WIDEST), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, text, head)
    for number, row in enumerate(listed.rows, start=2):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text, left if column in (2, last) else centred)
    end = len(listed.rows) + 2
    sheet.merge_range(end, 0, end, last, "", note)
    sheet.write_string(end, 0, ORDER_NOTE, note)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.8, right=0.8)
    sheet.center_horizontally()
    sheet.set_footer("&C— &P —")
    book.close()
    return made.getvalue()
