"""Our own template of a kind of document: plain paragraphs on the page of GB/T 9704-2012 that WPS and Word can edit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from core.publication.documents.kinds import HEADING, Kind
from core.publication.docx_parts import (
    BODY_FONT,
    BODY_POINTS,
    HEAD_FONT,
    NUMBER_FONT,
    PAGE_POINTS,
    TABLE_POINTS,
    TITLE_FONT,
    TITLE_POINTS,
    WIDTH_MM,
    add_field,
    mark_row,
    new_document,
    saved,
    set_font,
)

LINE_POINTS: Final = 28.95  # 22 lines a page
_TITLE_LINE: Final = 34
_CHARACTER: Final = BODY_POINTS * 20  # of the body, in twentieths of a point
_TIGHTER: Final = -5  # twentieths of a point between characters: a line holds 28 of them
_CELL_LINE: Final = 20
_NARROWEST: Final = 13  # mm: two characters and the margins of a cell
ANNEX: Final = "附件"


@cache
def template(kind: Kind) -> bytes:
    """The bytes of the template; the same each time."""
    document = new_document(kind.name)
    _page(document)
    _Writer(document).whole(kind)
    return saved(document)


def _page(document: Any) -> None:
    """28 characters a line; page numbers outside: odd pages right, even pages left."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm

    section = document.sections[0]
    section.footer_distance = Mm(27)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)  # lines have a height of their own
    tighter = OxmlElement("w:spacing")
    tighter.set(qn("w:val"), str(_TIGHTER))
    document.styles["Normal"].element.get_or_add_rPr().find(qn("w:sz")).addprevious(tighter)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        _indent(paragraph, right=1, left=1, character=PAGE_POINTS * 20)
        set_font(paragraph.add_run("— "), NUMBER_FONT, PAGE_POINTS)
        add_field(paragraph, "PAGE", NUMBER_FONT, PAGE_POINTS)
        set_font(paragraph.add_run(" —"), NUMBER_FONT, PAGE_POINTS)


class _Writer:
    """Writes one template, paragraph by paragraph."""

    def __init__(self, document: Any) -> None:
        self._document = document

    def whole(self, kind: Kind) -> None:
        """Number, title, body, attachment, signature and day, contact; then the annex on a page of its own."""
        self._when("文号", self._number)
        self._paragraph("{{ 标题 }}", TITLE_FONT, TITLE_POINTS, centred=True, line=_TITLE_LINE)
        self._paragraph("")
        if kind.to:
            self._paragraph("{{ 主送 }}")
        if kind.stage:
            self._paragraph("{%p for 段 in 正文 %}")
            self._paragraph("{{ 段 }}", first=2)
            self._paragraph("{%p endfor %}")
        for text in kind.paragraphs:
            heading = text.startswith(HEADING)
            self._paragraph(text.removeprefix(HEADING), HEAD_FONT if heading else BODY_FONT, first=2, keep=heading)
        self._paragraph("")
        self._paragraph("{{ 附件说明 }}", left=5, first=-3)
        self._paragraph("")
        self._paragraph("{{ 署名 }}", right=2, side="right", keep=True)
        self._paragraph("{{ 日期 }}", right=4, side="right")
        if kind.contact:
            self._paragraph("")
            self._paragraph("（联系单位：{{ 联系单位 }}，联系电话：{{ 联系电话 }}，通讯地址：{{ 通讯地址 }}）", first=2)
        self._annex(kind)

    def _number(self) -> None:
        self._paragraph("{{ 文号 }}", centred=True)
        self._paragraph("")

    def _annex(self, kind: Kind) -> None:
        self._paragraph(ANNEX, HEAD_FONT, new_page=True, keep=True)
        self._paragraph("", keep=True)
        self._paragraph("{{ 附件标题 }}", TITLE_FONT, TITLE_POINTS, centred=True, line=_TITLE_LINE, keep=True)
        self._paragraph("", keep=True)
        self._table(kind)
        if kind.note:
            self._paragraph(kind.note, points=TABLE_POINTS)

    def _when(self, field: str, write: Callable[[], object]) -> None:
        self._paragraph(f"{{%p if {field} %}}")
        write()
        self._paragraph("{%p endif %}")

    def _paragraph(
        self,
        text: str,
        font: str = BODY_FONT,
        points: float = BODY_POINTS,
        *,
        centred: bool = False,
        side: str = "",
        line: float = LINE_POINTS,
        first: int = 0,
        left: int = 0,
        right: int = 0,
        new_page: bool = False,
        keep: bool = False,
    ) -> None:
        """One paragraph; indents in characters, a negative `first` hangs."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        look = paragraph.paragraph_format
        look.space_before = look.space_after = Pt(0)
        look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        look.page_break_before, look.keep_with_next = new_page or None, keep or None
        sides = {"right": WD_ALIGN_PARAGRAPH.RIGHT, "": WD_ALIGN_PARAGRAPH.JUSTIFY if first > 0 else None}
        look.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else sides[side]
        _indent(paragraph, first=first, left=left, right=right, character=_CHARACTER)
        set_font(paragraph.add_run(text), font, points)

    def _table(self, kind: Kind) -> None:
        from docx.enum.table import WD_TABLE_ALIGNMENT
        from docx.shared import Mm

        table = self._document.add_table(rows=4, cols=len(kind.columns), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        head, begin, line, end = table.rows
        mark_row(head, "w:cantSplit")
        mark_row(head, "w:tblHeader")
        mark_row(line, "w:cantSplit")
        for position, column in enumerate(kind.columns):
            _fill(head.cells[position], column.head, HEAD_FONT)
            _fill(line.cells[position], f"{{{{ 行.{column.field} }}}}", BODY_FONT, left=not column.centred)
        _fill(begin.cells[0], "{%tr for 行 in 名单 %}", BODY_FONT, left=True)
        _fill(end.cells[0], "{%tr endfor %}", BODY_FONT, left=True)
        for position, width in enumerate(_widths(kind)):
            for holder in (table.columns[position], *table.columns[position].cells):
                holder.width = Mm(width)


def _widths(kind: Kind) -> list[float]:
    """The columns' widths in mm: their shares of the page, but none so narrow that its header breaks."""
    whole = sum(column.mm for column in kind.columns)
    shares = [column.mm * WIDTH_MM / whole for column in kind.columns]
    lacking = sum(max(0, _NARROWEST - share) for share in shares)
    room = sum(share - _NARROWEST for share in shares if share > _NARROWEST)
    return [share - lacking * (share - _NARROWEST) / room if share > _NARROWEST else _NARROWEST for share in shares]


def _fill(cell: Any, text: str, font: str, *, left: bool = False) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    look = paragraph.paragraph_format
    look.line_spacing_rule, look.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(_CELL_LINE)
    if not left:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(text), font, TABLE_POINTS)


def _indent(paragraph: Any, *, first: int = 0, left: int = 0, right: int = 0, character: int) -> None:
    """Indents in characters, and in twentieths of a point for programs that know no characters."""
    from docx.oxml.ns import qn

    given = {"left": left, "right": right, "firstLine": max(first, 0), "hanging": max(-first, 0)}
    if not any(given.values()):
        return
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    for name, count in given.items():
        if count:
            indent.set(qn(f"w:{name}Chars"), str(count * 100))
            indent.set(qn(f"w:{name}"), str(count * character))
