"""What our documents share: the page of GB/T 9704-2012, fonts that hold for Chinese, page numbers, fixed times."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from typing import Any, Final

TITLE_FONT, BODY_FONT, HEAD_FONT, NUMBER_FONT = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
TITLE_POINTS, BODY_POINTS, TABLE_POINTS, PAGE_POINTS = 22, 16, 12, 14
WIDTH_MM: Final = 156  # of the type area
LANDSCAPE_MM: Final = 225
ZIP_TIME: Final = (2000, 1, 1, 0, 0, 0)
_NO_XML: Final = ("\ufffe", "\uffff")
_DOCUMENT: Final = "word/document.xml"
_PAGE: Final = b"<w:sectPr"  # the last of a body: the page of its section


def new_document(title: str) -> Any:
    """An empty document on A4 with the margins of the standard (37/35/28/26 mm) and fixed properties."""
    from docx import Document
    from docx.shared import Mm

    from core.publication.xlsx import FIXED_TIME

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = writable(title), "", ""
    properties.created = properties.modified = FIXED_TIME
    set_font(document.styles["Normal"], BODY_FONT, BODY_POINTS)
    return document


def turn(document: Any) -> None:
    """Lays the page of a document on its side: the margins turn with it, the type area is 225 mm wide."""
    from docx.enum.section import WD_ORIENT

    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    margins = page.top_margin, page.right_margin, page.bottom_margin, page.left_margin
    page.right_margin, page.bottom_margin, page.left_margin, page.top_margin = (
        margins[2], margins[1], margins[0], margins[3],
    )  # fmt: skip


def set_font(holder: Any, name: str, points: float) -> None:
    """Name and size, also for East Asian text, which `font.name` alone leaves to the program that opens it."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    holder.font.name, holder.font.size = name, Pt(points)
    holder.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def writable(text: str) -> str:
    """Without the characters that XML cannot hold: control characters, and halves of pairs."""
    return "".join(
        sign
        for sign in text
        if (sign >= " " or sign in "\t\n") and sign not in _NO_XML and not "\ud800" <= sign <= "\udfff"
    )


def mark_row(row: Any, tag: str) -> None:
    """Marks a row of a table: `w:tblHeader` repeats it on each page, `w:cantSplit` keeps it on one."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def add_field(paragraph: Any, code: str, font: str, points: float) -> None:
    """A figure that the program that opens the document fills in: `PAGE`, `NUMPAGES`. It looks like the run in it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run("1")
    set_font(run, font, points)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run._r.addprevious(field)
    field.append(run._r)


def saved(document: Any, body: Iterable[str] = ()) -> bytes:
    """The bytes of a document: the same for the same content, whenever it is made.

    `body` is XML that is added at its end as it is: built into the document's tree first, ten thousand rows would
    take minutes.
    """
    made = io.BytesIO()
    document.save(made)
    return _with_fixed_times(made.getvalue(), "".join(body).encode())


def _with_fixed_times(data: bytes, body: bytes) -> bytes:
    """The same zip with one fixed time on every member, and more in the body of its document."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            content = source.read(member)
            if body and member.filename == _DOCUMENT:
                before, page, after = content.rpartition(_PAGE)
                content = before + body + page + after
            target.writestr(zipfile.ZipInfo(member.filename, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()
