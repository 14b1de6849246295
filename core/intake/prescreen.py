"""Looks through the parts of a workbook before anything is built from them (research: spreadsheets §5).

A few kilobytes can ask for gigabytes: by what a zip unpacks to, by entities, by one cell in the last corner of
a sheet, by styled blanks without end. Parts are streamed through expat, which builds nothing, and left at the
first sign. What comes out says which parts may be parsed; the reader parses no others.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from core.errors import FileRefused
from core.intake.sentences import refused

MEGABYTE = 1024 * 1024
MAX_UNPACKED = 100 * MEGABYTE
MAX_XML = 32 * MEGABYTE
MAX_RATIO = 400
RATIO_FROM = 4 * MEGABYTE
MAX_ROW = 100_000
MAX_COLUMN = 1_000
MAX_CELLS = 200_000
MAX_STRINGS = 200_000
MAX_ROWS = 400_000
MAX_ELEMENTS = 1_200_000
MAX_DEPTH = 64

_PARSED_ROOTS = frozenset({"worksheet", "sst", "styleSheet", "workbook", "Relationships"})
_CHUNK = 1 << 16
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,9})\Z")


@dataclass(frozen=True, slots=True)
class Screened:
    """The parts that may be parsed: name in the zip → local name of its root element."""

    roots: dict[str, str]


class _PrologueOver(Exception):
    """The first element has come and the part is none that is parsed: nothing more to look at."""


def prescreen(archive: zipfile.ZipFile, name: str) -> Screened:
    """Looks through an open workbook; `name` is its file name for the sentence. Raises FileRefused."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(set(names)) != len(names):
        raise refused(name, "damaged")  # two parts of one name: programs differ in which of them they show
    total = sum(member.file_size for member in members)
    markup = sum(member.file_size for member in members if _is_markup(member.filename))
    if total > MAX_UNPACKED or markup > MAX_XML:
        raise refused(name, "zip_bomb", limit=(MAX_UNPACKED if total > MAX_UNPACKED else MAX_XML) // MEGABYTE)
    for member in members:
        if member.file_size > RATIO_FROM and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise refused(name, "bad_ratio", limit=MAX_RATIO)
    screen = _Screen(name)
    roots: dict[str, str] = {}
    for member in members:
        if _is_markup(member.filename):
            root = screen.look(archive, member)
            if root is not None:
                roots[member.filename] = root
    return Screened(roots)


def column_number(letters: str) -> int:
    """`A` → 1, `Z` → 26, `AA` → 27; case does not matter."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _is_markup(part: str) -> bool:
    return part.lower().endswith((".xml", ".rels"))


class _Screen:
    """Streams one part after another; counts cells and elements over all of them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cells = self.rows = self.elements = self.strings = 0
        self.depth = self.row = self.column = 0
        self.root: str | None = None

    def look(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str | None:
        """Streams one part. The local name of its root where it is one that is parsed, else None."""
        self.root, self.depth, self.row, self.column = None, 0, 0, 0
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            with archive.open(member) as source:
                while chunk := source.read(_CHUNK):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except _PrologueOver:
            return None
        except (expat.ExpatError, LookupError, ValueError) as broken:
            if self.root is None and not member.filename.lower().endswith(".rels"):
                return None  # never parsed here; WPS and others write parts of their own
            raise refused(self.name, "damaged") from broken
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as broken:
            raise refused(self.name, "damaged") from broken
        return self.root

    def _doctype(self, *_: object) -> None:
        raise refused(self.name, "entities")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            raise refused(self.name, "too_complex")
        if self.root is None:
            self._open_root(tag, attributes)
        elif self.root == "worksheet":
            local = tag.rpartition(":")[2]
            if local == "c":
                self._cell(attributes.get("r"))
            elif local == "row":
                self.rows += 1
                if self.rows > MAX_ROWS:
                    raise refused(self.name, "too_complex")
                self.row = self._row_number(attributes.get("r"))
                self.column = 0
        elif self.root == "sst" and tag.rpartition(":")[2] == "si":
            self.strings += 1
            if self.strings > MAX_STRINGS:
                raise refused(self.name, "too_much_text")

    def _end(self, _: str) -> None:
        self.depth -= 1

    def _open_root(self, tag: str, attributes: dict[str, str]) -> None:
        self.root = tag.rpartition(":")[2]
        if self.root not in _PARSED_ROOTS:
            raise _PrologueOver
        if _STRICT in attributes.values():
            raise refused(self.name, "strict_format")

    def _row_number(self, text: str | None) -> int:
        if text is None:
            return self.row + 1
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else MAX_ROW + 1

    def _cell(self, address: str | None) -> None:
        self.cells += 1
        if self.cells > MAX_CELLS:
            raise refused(self.name, "too_many_cells", limit=f"{MAX_CELLS:,}")
        row, column = self.row, self.column + 1
        if address is not None:
            found = _ADDRESS.match(address)
            if found is None:
                raise refused(self.name, "damaged")
            row, column = int(found[2]), column_number(found[1])
        self.column = column
        if max(row, self.row) > MAX_ROW or column > MAX_COLUMN:
            raise self._far(address or f"第 {self.row} 行第 {column} 列")

    def _far(self, cell: str) -> FileRefused:
        return refused(self.name, "far_cell", cell=cell, rows=f"{MAX_ROW:,}", columns=f"{MAX_COLUMN:,}")
