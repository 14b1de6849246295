"""A list as a docx document, on the page of GB/T 9704-2012."""

from __future__ import annotations

from typing import Any, Final

from core.publication.docx_parts import (
    BODY_FONT,
    HEAD_FONT,
    NUMBER_FONT,
    PAGE_POINTS,
    TABLE_POINTS,
    TITLE_FONT,
    TITLE_POINTS,
    add_field,
    mark_row,
    new_document,
    saved,
    set_font,
    writable,
)
from core.publication.lists import HEADER, ORDER_NOTE, PublicList

_COLUMN_MM: Final = (14, 24, 58, 14, 46)  # adds up to the width of the type area


def as_docx(listed: PublicList) -> bytes:
    """Title, table with its header on each page, note of order, page numbers. The same list gives the same bytes."""
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    document = new_document(listed.title)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(title.add_run(listed.title), TITLE_FONT, TITLE_POINTS)
    table = document.add_table(rows=1, cols=len(HEADER), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, HEADER, strict=True):
        _fill(cell, text, HEAD_FONT, centred=True)
    mark_row(table.rows[0], "w:tblHeader")
    for row in listed.rows:
        line = table.add_row()
        mark_row(line, "w:cantSplit")
        for column, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            _fill(cell, text, BODY_FONT, centred=column not in (2, 4))
    for row_ in table.rows:
        for cell, width in zip(row_.cells, _COLUMN_MM, strict=True):
            cell.width = Mm(width)
    set_font(document.add_paragraph().add_run(ORDER_NOTE), BODY_FONT, TABLE_POINTS)
    _page_number(document.sections[0].footer.paragraphs[0])
    return saved(document)


def _fill(cell: Any, text: str, font: str, *, centred: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(writable(text)), font, TABLE_POINTS)


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run("— "), NUMBER_FONT, PAGE_POINTS)
    add_field(paragraph, "PAGE", NUMBER_FONT, PAGE_POINTS)
    set_font(paragraph.add_run(" —"), NUMBER_FONT, PAGE_POINTS)
