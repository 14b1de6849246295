"""A dossier (申报办理卷) as a docx document: A4, its warning and the page number on every page, no row on two pages.

Text and tables are written as XML at once: asking for them cell by cell takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from core.publication.docx_parts import (
    BODY_FONT,
    HEAD_FONT,
    NUMBER_FONT,
    TITLE_FONT,
    TITLE_POINTS,
    WIDTH_MM,
    add_field,
    new_document,
    saved,
    set_font,
    writable,
)
from core.publication.dossier import Dossier, Line, Section, Table

_SECTION_POINTS, _LINE_POINTS, _CELL_POINTS, _NOTE_POINTS, _HEADER_POINTS = 15, 12, 10.5, 10.5, 9
_TWENTIETHS_PER_MM: Final = 1440 / 25.4
_GAP: Final = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="120" w:lineRule="exact"/></w:pPr></w:p>'
# the white space that a line keeps: twentieths of a point before and after it
_SPACE: Final = (60, 40)
_Style = tuple[str, float]  # font, points
_TITLE: Final[_Style] = (TITLE_FONT, TITLE_POINTS)
_WARNING: Final[_Style] = (HEAD_FONT, _LINE_POINTS)
_SECTION: Final[_Style] = (HEAD_FONT, _SECTION_POINTS)
_HEADING: Final[_Style] = (HEAD_FONT, _LINE_POINTS)
_LINE: Final[_Style] = (BODY_FONT, _LINE_POINTS)
_NOTE: Final[_Style] = (BODY_FONT, _NOTE_POINTS)
_HEAD: Final[_Style] = (HEAD_FONT, _CELL_POINTS)
_CELL: Final[_Style] = (BODY_FONT, _CELL_POINTS)


def as_docx(dossier: Dossier) -> bytes:
    """The document. The same dossier gives the same bytes, whenever and wherever it is made."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = new_document(f"{dossier.title}　{dossier.subject}")
    body = document.element.body
    text = "".join(_parts(dossier))
    made = parse_xml(f"<w:body {nsdecls('w')}>{text}</w:body>")
    for element in list(made):
        body.insert(len(body) - 1, element)  # the last is the section's page
    _header(document, dossier)
    return saved(document)


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


def _paragraph(text: str, style: _Style, *, centred: bool = False, level: int | None = None) -> str:
    """A paragraph; one with a level of the outline stays with what follows it."""
    keep = "" if level is None else "<w:keepNext/>"
    before, after = _SPACE
    spacing = f'<w:spacing w:before="{before * (1 if level is None else 3)}" w:after="{after}"/>'
    outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
    jc = '<w:jc w:val="center"/>' if centred else ""
    return f"<w:p><w:pPr>{keep}{spacing}{jc}{outline}</w:pPr>{_run(text, style)}</w:p>"


def _run(text: str, style: _Style) -> str:
    return f"<w:r>{_look(style)}{_text(text)}</w:r>"


def _look(style: _Style) -> str:
    """Font and size, of a run or of the mark that ends a paragraph: an empty cell is no higher than a full one."""
    font, points = style
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    return f'<w:rPr>{fonts}<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/></w:rPr>'


def _text(text: str) -> str:
    """The characters of a run: a line's end and a tab are elements of their own."""
    lines = []
    for line in writable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t"))
        lines.append("<w:tab/>".join(parts))
    return "<w:br/>".join(lines)


def _table(table: Table) -> str:
    widths = _twentieths(table.widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = (
        f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    right = frozenset(table.numeric)
    rows = [_row(table.heads, widths, frozenset(range(len(widths))), right, head=True)] if table.heads else []
    labels = frozenset() if table.heads else frozenset(range(0, len(widths), 2))
    rows += [_row(row, widths, labels, right) for row in table.rows]
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _row(
    row: Sequence[str], widths: Sequence[int], labels: frozenset[int], right: frozenset[int], *, head: bool = False
) -> str:
    marks = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    cells = []
    for column, (text, width) in enumerate(zip(row, widths, strict=True)):
        jc = "center" if head else "right" if column in right else "left"
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:spacing w:before="20" w:after="20"/><w:jc w:val="{jc}"/>{_look(_CELL)}</w:pPr>'
            f"{_run(text, _HEAD if column in labels else _CELL)}</w:p></w:tc>"
        )
    return f"<w:tr>{marks}{''.join(cells)}</w:tr>"


def _twentieths(widths: Sequence[float]) -> list[int]:
    """The columns' widths, together that of the type area."""
    whole = sum(widths)
    return [round(WIDTH_MM * width / whole * _TWENTIETHS_PER_MM) for width in widths]


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
