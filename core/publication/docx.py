"""A list as a docx document, on the page of GB/T 9704-2012 (A4, margins 37/35/28/26 mm)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from core.publication.lists import HEADER, ORDER_NOTE, PublicList

_TITLE_FONT, _BODY_FONT, _HEAD_FONT, _NUMBER_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
_TITLE_POINTS, _BODY_POINTS, _TABLE_POINTS, _PAGE_POINTS = 22, 16, 12, 14
_COLUMN_MM = (14, 24, 58, 14, 46)  # adds up to the width of the type area, 156 mm
ZIP_TIME = (2000, 1, 1, 0, 0, 0)


def as_docx(listed: PublicList) -> bytes:
    """Title, table with its header on each page, note of order, page numbers. The same list gives the same bytes."""
    from docx import Document
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    from core.publication.xlsx import FIXED_TIME

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = listed.title, "", ""
    properties.created = properties.modified = FIXED_TIME
    _font(document.styles["Normal"], _BODY_FONT, _BODY_POINTS)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(title.add_run(listed.title), _TITLE_FONT, _TITLE_POINTS)
    table = document.add_table(rows=1, cols=len(HEADER), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, HEADER, strict=True):
        _fill(cell, text, _HEAD_FONT, centred=True)
    _mark(table.rows[0], "w:tblHeader")
    for row in listed.rows:
        line = table.add_row()
        _mark(line, "w:cantSplit")
        for column, (cell, text) in enumerate(zip(line.cells, row, strict=True)):
            _fill(cell, text, _BODY_FONT, centred=column not in (2, 4))
    for row_ in table.rows:
        for cell, width in zip(row_.cells, _COLUMN_MM, strict=True):
            cell.width = Mm(width)
    _font(document.add_paragraph().add_run(ORDER_NOTE), _BODY_FONT, _TABLE_POINTS)
    _page_number(section.footer.paragraphs[0])
    made = io.BytesIO()
    document.save(made)
    return _with_fixed_times(made.getvalue())


def _font(holder: Any, name: str, points: int) -> None:
    """Name and size, also for East Asian text, which `font.name` alone leaves to the program that opens it."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    holder.font.name, holder.font.size = name, Pt(points)
    holder.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _fill(cell: Any, text: str, font: str, *, centred: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(_writable(text)), font, _TABLE_POINTS)


def _writable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


def _mark(row: Any, tag: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _page_number(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run("— "), _NUMBER_FONT, _PAGE_POINTS)
    run = paragraph.add_run()
    _font(run, _NUMBER_FONT, _PAGE_POINTS)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
    _font(paragraph.add_run(" —"), _NUMBER_FONT, _PAGE_POINTS)


def _with_fixed_times(data: bytes) -> bytes:
    """The same zip with one fixed time on every member."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            target.writestr(zipfile.ZipInfo(member.filename, ZIP_TIME), source.read(member), zipfile.ZIP_DEFLATED)
    return made.getvalue()
