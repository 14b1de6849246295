"""Text and tables of a document as XML at once: asking python-docx for them cell by cell takes ten times as long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final
from xml.sax.saxutils import escape

from core.publication.docx_parts import WIDTH_MM, writable

TWENTIETHS_PER_MM: Final = 1440 / 25.4
Look = tuple[str, float]  # font, points


def look_xml(look: Look) -> str:
    """Font and size, of a run or of the mark that ends a paragraph: an empty cell is no higher than a full one."""
    font, points = look
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}" w:cs="{font}"/>'
    return f'<w:rPr>{fonts}<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/></w:rPr>'


def run_xml(text: str, look: Look) -> str:
    """A run of text."""
    return f"<w:r>{look_xml(look)}{text_xml(text)}</w:r>"


def text_xml(text: str) -> str:
    """The characters of a run: a line's end and a tab are elements of their own."""
    if text.isalnum():  # most are, and need no more looking at
        return f'<w:t xml:space="preserve">{text}</w:t>'
    lines = []
    for line in writable(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        parts = (f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else "" for part in line.split("\t"))
        lines.append("<w:tab/>".join(parts))
    return "<w:br/>".join(lines)


def table_xml(widths: Sequence[int], rows: Iterable[str]) -> str:
    """A table with its grid, centred on the page; `widths` in twentieths of a point."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = (
        f'<w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        '<w:tblLayout w:type="fixed"/></w:tblPr>'
    )
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


class RowWriter:
    """Writes the rows of a table: all but their texts is made once. A row stays on one page, a head on every page."""

    def __init__(
        self,
        widths: Sequence[int],
        aligned: Sequence[str],
        cell: Look,
        head: Look,
        heads: Collection[int] = (),
        space: int = 20,
    ) -> None:
        """`aligned`: left, center or right for each column; `heads`: columns whose cells look like heads.

        `space` stands before and after each text, in twentieths of a point.
        """
        looks = [head if column in heads else cell for column in range(len(widths))]
        self._cells = [_cell(*each, cell, space) for each in zip(widths, aligned, looks, strict=True)]
        self._heads = [_cell(width, "center", head, cell, space) for width in widths]

    def row(self, texts: Iterable[str]) -> str:
        """A line of the table."""
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_filled(self._cells, texts)}</w:tr>"

    def head(self, texts: Iterable[str]) -> str:
        """The line of heads, repeated on each page."""
        return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{_filled(self._heads, texts)}</w:tr>"


_CELL_END: Final = "</w:r></w:p></w:tc>"


def _cell(width: int, align: str, look: Look, mark: Look, space: int) -> str:
    """What comes before the text of a cell."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="{space}" w:after="{space}"/><w:jc w:val="{align}"/>{look_xml(mark)}</w:pPr>'
        f"<w:r>{look_xml(look)}"
    )


def _filled(cells: Sequence[str], texts: Iterable[str]) -> str:
    return "".join(f"{cell}{text_xml(text)}{_CELL_END}" for cell, text in zip(cells, texts, strict=True))


def twentieths(widths: Sequence[float]) -> list[int]:
    """The columns' widths, together that of the type area."""
    whole = sum(widths)
    return [round(WIDTH_MM * width / whole * TWENTIETHS_PER_MM) for width in widths]
