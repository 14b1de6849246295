"""Paragraphs and tables out of a docx document's main part, streamed: nothing is built from what strangers wrote."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from core.errors import Refused

_MOST_CELLS: Final = 400_000
_DEPTH: Final = 200
_BREAKS: Final = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}


class _Reader:
    """Gathers what expat tells. A line is a paragraph outside tables (one cell), or a row of the outermost table."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] = []
        self._text: list[str] = []
        self._tables = self._depth = self._cells = 0
        self._reading = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        """An element begins."""
        self._depth += 1
        if self._depth > _DEPTH:
            raise Refused("文档的内部结构过于复杂，没有读取。")
        name = tag.rpartition(":")[2]
        if name == "tbl":
            self._tables += 1
        elif name == "tr" and self._tables == 1:
            self._row = []
        elif name == "tc" and self._tables == 1:
            self._cell = []
        elif name == "p":
            self._text = []
        elif name in _BREAKS:
            self._text.append(_BREAKS[name])
        self._reading = name == "t"

    def end(self, tag: str) -> None:
        """An element ends."""
        self._depth -= 1
        self._reading = False
        name = tag.rpartition(":")[2]
        if name == "tbl":
            self._tables -= 1
        elif name == "tr" and self._tables == 1 and self._row is not None:
            self._line(self._row)
        elif name == "tc" and self._tables == 1 and self._row is not None:
            self._row.append("\n".join(self._cell))
        elif name == "p":
            text = "".join(self._text)
            if self._tables:
                self._cell.append(text)
            else:
                self._line([text])

    def text(self, data: str) -> None:
        """Characters."""
        if self._reading:
            self._text.append(data)

    def _line(self, cells: list[str]) -> None:
        self._cells += len(cells)
        if self._cells > _MOST_CELLS:
            raise Refused("文档里的表格过大，没有读取。")
        self.lines.append(cells)


def read_document(content: bytes) -> list[list[str]]:
    """The lines of `word/document.xml`: a paragraph is a line of one cell, a row of a table one of several.

    Refused where it is no such document or goes beyond all measure. Which parts of an archive may be unpacked at
    all is looked at before.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as broken:
        raise Refused("文档已损坏，没有办法读取。") from broken
    return reader.lines
