"""A dossier (申报办理卷) as a docx document: A4, its warning and the page number on every page, no row on two pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from core.publication.docx_parts import (
    BODY_FONT,
    HEAD_FONT,
    NUMBER_FONT,
    TITLE_FONT,
    TITLE_POINTS,
    add_field,
    new_document,
    saved,
    set_font,
)
from core.publication.docx_xml import Look, RowWriter, run_xml, table_xml, twentieths
from core.publication.dossier import Dossier, Line, Section, Table

_SECTION_POINTS, _LINE_POINTS, _CELL_POINTS, _NOTE_POINTS, _HEADER_POINTS = 15, 12, 10.5, 10.5, 9
_GAP: Final = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
# the white space that a line keeps: twentieths of a point before and after it
_SPACE: Final = (60, 40)
_TITLE: Final[Look] = (TITLE_FONT, TITLE_POINTS)
_WARNING: Final[Look] = (HEAD_FONT, _LINE_POINTS)
_SECTION: Final[Look] = (HEAD_FONT, _SECTION_POINTS)
_HEADING: Final[Look] = (HEAD_FONT, _LINE_POINTS)
_LINE: Final[Look] = (BODY_FONT, _LINE_POINTS)
_NOTE: Final[Look] = (BODY_FONT, _NOTE_POINTS)
_HEAD: Final[Look] = (HEAD_FONT, _CELL_POINTS)
_CELL: Final[Look] = (BODY_FONT, _CELL_POINTS)


def as_docx(dossier: Dossier) -> bytes:
    """The document. The same dossier gives the same bytes, whenever and wherever it is made."""
    document = new_document(f"{dossier.title}　{dossier.subject}")
    _header(document, dossier)
    return saved(document, _parts(dossier))


def _parts(dossier: Dossier) -> Iterable[str]:
    yield _paragraph(dossier.warning, _WARNING)
    yield _paragraph(dossier.title, _TITLE, centred=True, level=0)
    yield _paragraph(dossier.subject, _LINE, centred=True)
    for section in dossier.sections:
        yield from _section(section)


def _section(section: Section) -> Iterable[str]:
    yield _paragraph(section.title, _SECTION, level=0)
    for block in section.blocks:
        if isinstance(block, Table):
            yield _table(block)
            yield _GAP
        else:
            yield _line(block)


def _line(line: Line) -> str:
    if line.heading:
        return _paragraph(line.text, _HEADING, level=1)
    return _paragraph(line.text, _NOTE if line.note else _LINE)


def _paragraph(text: str, style: Look, *, centred: bool = False, level: int | None = None) -> str:
    """A paragraph; one with a level of the outline stays with what follows it."""
    keep = "" if level is None else "<w:keepNext/>"
    before, after = _SPACE
    spacing = f'<w:spacing w:before="{before * (1 if level is None else 3)}" w:after="{after}"/>'
    outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
    jc = '<w:jc w:val="center"/>' if centred else ""
    return f"<w:p><w:pPr>{keep}{spacing}{jc}{outline}</w:pPr>{run_xml(text, style)}</w:p>"


def _table(table: Table) -> str:
    widths = twentieths(table.widths)
    labels = frozenset() if table.heads else frozenset(range(0, len(widths), 2))
    aligned = ["right" if column in table.numeric else "left" for column in range(len(widths))]
    writer = RowWriter(widths, aligned, _CELL, _HEAD, labels)
    heads = [writer.head(table.heads)] if table.heads else []
    return table_xml(widths, [*heads, *(writer.row(row) for row in table.rows)])


def _header(document: Any, dossier: Dossier) -> None:
    """On every page: that it is internal, what it is, and which page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = document.sections[0].header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text, field in (
        (f"{dossier.warning}　　{dossier.title}　　第 ", "PAGE"),
        (" 页，共 ", "NUMPAGES"),
        (" 页", ""),
    ):
        set_font(paragraph.add_run(text), NUMBER_FONT, _HEADER_POINTS)
        if field:
            add_field(paragraph, field, NUMBER_FONT, _HEADER_POINTS)
