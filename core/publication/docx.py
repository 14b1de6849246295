"""A list as a docx document, on the page of GB/T 9704-2012."""

from __future__ import annotations

from collections.abc import Iterator
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
    new_document,
    saved,
    set_font,
)
from core.publication.docx_xml import Look, RowWriter, run_xml, table_xml, twentieths
from core.publication.lists import PublicList

_TITLE: Final[Look] = (TITLE_FONT, TITLE_POINTS)
_HEAD: Final[Look] = (HEAD_FONT, TABLE_POINTS)
_CELL: Final[Look] = (BODY_FONT, TABLE_POINTS)
# a title of two lines does not stand on the page's edge alone, and the table begins a line below it
_TITLE_SPACING: Final = '<w:spacing w:before="0" w:after="360"/>'


def as_docx(listed: PublicList) -> bytes:
    """Title, table with its header on each page, note of order, page numbers. The same list gives the same bytes."""
    document = new_document(listed.title)
    _page_number(document.sections[0].footer.paragraphs[0])
    return saved(document, _parts(listed))


def list_table(listed: PublicList) -> str:
    """The table of a list as XML."""
    columns = listed.form.columns
    widths = twentieths([column.mm for column in columns])
    aligned = ["center" if column.centred else "left" for column in columns]
    writer = RowWriter(widths, aligned, _CELL, _HEAD)
    return table_xml(widths, [writer.head(listed.header), *(writer.row(row) for row in listed.rows)])


def _parts(listed: PublicList) -> Iterator[str]:
    centred = f'<w:pPr><w:keepNext/>{_TITLE_SPACING}<w:jc w:val="center"/></w:pPr>'
    yield f"<w:p>{centred}{run_xml(listed.title, _TITLE)}</w:p>"
    yield list_table(listed)
    yield f'<w:p><w:pPr><w:spacing w:before="120" w:after="0"/></w:pPr>{run_xml(listed.note, _CELL)}</w:p>'


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run("— "), NUMBER_FONT, PAGE_POINTS)
    add_field(paragraph, "PAGE", NUMBER_FONT, PAGE_POINTS)
    set_font(paragraph.add_run(" —"), NUMBER_FONT, PAGE_POINTS)
