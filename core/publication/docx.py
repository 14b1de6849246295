"""A list as a docx document, on the page of GB/T 9704-2012."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from core.publication.docx_parts import (
    BODY_FONT,
    HEAD_FONT,
    LANDSCAPE_MM,
    NUMBER_FONT,
    PAGE_POINTS,
    TABLE_POINTS,
    TITLE_FONT,
    TITLE_POINTS,
    WIDTH_MM,
    add_field,
    new_document,
    saved,
    set_font,
    turn,
)
from core.publication.docx_xml import TWENTIETHS_PER_MM, Look, RowWriter, run_xml, table_xml
from core.publication.lists import PublicList

_TITLE: Final[Look] = (TITLE_FONT, TITLE_POINTS)
_HEAD: Final[Look] = (HEAD_FONT, TABLE_POINTS)
_CELL: Final[Look] = (BODY_FONT, TABLE_POINTS)
# a title of two lines does not stand on the page's edge alone, and the table begins a line below it
_ROW_SPACE: Final = 50
# on a page laid on its side a title would else leave its last character to a line of its own
_TITLE_INDENT: Final = '<w:ind w:left="1100" w:right="1100"/>'
_TITLE_SPACING: Final = '<w:spacing w:before="0" w:after="360"/>'


def as_docx(listed: PublicList) -> bytes:
    """Title, table with its header on each page, note of order, page numbers. The same list gives the same bytes."""
    document = new_document(listed.title)
    if listed.form.landscape:
        turn(document)
    _page_number(document.sections[0].footer.paragraphs[0])
    return saved(document, _parts(listed))


def list_table(listed: PublicList) -> str:
    """The table of a list as XML."""
    columns = listed.form.columns
    widths = _widths(listed)
    aligned = ["center" if column.centred else "left" for column in columns]
    writer = RowWriter(widths, aligned, _CELL, _HEAD, space=_ROW_SPACE)
    return table_xml(widths, [writer.head(listed.header), *(writer.row(row) for row in listed.rows)])


def _widths(listed: PublicList) -> list[int]:
    """The columns in twentieths of a point: short ones as wide as they need, the others share the rest."""
    columns = listed.form.columns
    whole = LANDSCAPE_MM if listed.form.landscape else WIDTH_MM
    rest = whole - sum(column.mm for column in columns if column.centred)
    shared = sum(column.mm for column in columns if not column.centred)
    wide = [column.mm if column.centred else column.mm * rest / shared for column in columns]
    return [round(each * TWENTIETHS_PER_MM) for each in wide]


def _parts(listed: PublicList) -> Iterator[str]:
    indent = _TITLE_INDENT if listed.form.landscape else ""
    centred = f'<w:pPr><w:keepNext/>{_TITLE_SPACING}{indent}<w:jc w:val="center"/></w:pPr>'
    yield f"<w:p>{centred}{run_xml(listed.title, _TITLE)}</w:p>"
    yield list_table(listed)
    yield f'<w:p><w:pPr><w:spacing w:before="120" w:after="0"/></w:pPr>{run_xml(listed.note, _CELL)}</w:p>'


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run("— "), NUMBER_FONT, PAGE_POINTS)
    add_field(paragraph, "PAGE", NUMBER_FONT, PAGE_POINTS)
    set_font(paragraph.add_run(" —"), NUMBER_FONT, PAGE_POINTS)
