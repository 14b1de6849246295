"""Replaces the rows of one sheet inside a workbook's bytes; every other part stays as it is, byte for byte.

Saving a city's workbook with any spreadsheet library loses what the library does not know: WPS cell images, extended
validations, rich text, and the stored result of every formula. So the one sheet part is cut open where its rows
lie and closed again, and the zip is written anew around it with all other members copied.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape

from core.errors import FileRefused
from core.intake.package import Package, unescape
from core.intake.prescreen import column_number, prescreen

_MAX_TEXT = 32_767
_UTF8_NAME = 0x800
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NO_TEXT = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


class NoSuchSheet(Exception):
    """The workbook has no sheet of that name, or its header lacks a column."""


class Altered(Exception):
    """The workbook or the sheet part is built in a way that cannot be rewritten safely."""


@dataclass(slots=True)
class _Cell:
    column: int
    style: str | None
    kind: str
    text: str = ""
    formula: bool = False


@dataclass(slots=True)
class _Part:
    """Where things lie in the bytes of a sheet part; rows are (number, cells)."""

    prefix: str = ""
    dimension: tuple[int, int] | None = None
    second_row: int | None = None
    data_end: int | None = None
    columns: list[tuple[int, int, str]] = field(default_factory=list)
    rows: list[tuple[int, list[_Cell]]] = field(default_factory=list)


class Workbook:
    """The bytes of a workbook, opened for the rewriting of one sheet. Raises NoSuchSheet, Altered."""

    def __init__(self, data: bytes, sheet: str, columns: Sequence[str]) -> None:
        self._data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                package = Package(archive, prescreen(archive, ""), "")
                wanted = _folded(sheet)
                self.part = next((part for name, _, part in package.sheets if _folded(name) == wanted), "")
                if not self.part:
                    raise NoSuchSheet
                self._old = archive.read(self.part)
                self._strings = package.strings
        except (FileRefused, zipfile.BadZipFile, zlib.error) as broken:
            raise Altered from broken
        self._scanned = _scan(self._old)
        header = {
            _folded(self._text(cell)): cell.column
            for number, cells in self._scanned.rows[:1]
            for cell in cells
            if number == 1
        }
        if any(_folded(column) not in header for column in columns):
            raise NoSuchSheet
        self._places = [header[_folded(column)] for column in columns]

    def rows(self) -> list[tuple[str, ...]]:
        """The texts below the header, in the order of the columns asked for; empty rows left out."""
        found = []
        for _, cells in self._scanned.rows[1:]:
            texts = {cell.column: self._text(cell) for cell in cells}
            line = tuple(texts.get(place, "") for place in self._places)
            if any(line):
                found.append(line)
        return found

    def with_rows(self, rows: Sequence[Sequence[str]]) -> bytes:
        """The workbook with the rows below the header replaced by these texts, in the order of the columns.

        Row 1, widths, protection and rules stay; each column keeps the style its cells had.
        """
        if any(cell.formula for _, cells in self._scanned.rows[1:] for cell in cells):
            raise Altered  # the calculation chain names these cells
        return _rezipped(self._data, self.part, self._cut(rows))

    def _text(self, cell: _Cell) -> str:
        if cell.kind != "s":
            return unescape(cell.text)
        index = int(cell.text) if cell.text.isdigit() else -1
        return unescape(self._strings[index]) if 0 <= index < len(self._strings) else ""

    def _cut(self, rows: Sequence[Sequence[str]]) -> bytes:
        part, old = self._scanned, self._old
        end = part.data_end
        if end is None:
            raise Altered
        start = end if part.second_row is None else part.second_row
        styles = [self._style(place) for place in self._places]
        order = sorted(range(len(self._places)), key=lambda index: self._places[index])
        made = []
        for number, row in enumerate(rows, start=2):
            cells = "".join(
                _cell_markup(part.prefix, self._places[index], number, styles[index], row[index])
                for index in order
                if row[index]
            )
            made.append(f'<{part.prefix}row r="{number}">{cells}</{part.prefix}row>')
        new = old[:start] + "".join(made).encode() + old[end:]
        if part.dimension is not None:  # it lies before the rows, so their bytes have not moved it
            last = max(self._places + [cell.column for _, cells in part.rows[:1] for cell in cells])
            reference = f"A1:{column_letters(last)}{max(1, len(rows) + 1)}"
            at, to = part.dimension
            element, changed = re.subn(
                rb"""(\sref=)(["'])[^"']*\2""", rb"\1\2" + reference.encode() + rb"\2", new[at:to]
            )
            if changed != 1:
                raise Altered
            new = new[:at] + element + new[to:]
        return new

    def _style(self, column: int) -> str | None:
        """Of the cells that were there, else of the column as a whole."""
        for _, cells in self._scanned.rows[1:]:
            for cell in cells:
                if cell.column == column and cell.style is not None:
                    return cell.style
        return next((style for low, high, style in self._scanned.columns if low <= column <= high), None)


def column_letters(number: int) -> str:
    """1 → `A`, 26 → `Z`, 27 → `AA`."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def clean_text(text: str) -> str:
    """A text as a cell can hold it: line breaks as one sign, no control signs, at most 32,767 characters."""
    text = _NO_TEXT.sub("\ufffd", _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _markup(text: str) -> str:
    """A clean text as the content of an element; what looks like an escape of the standard is escaped by it."""
    return escape(_LOOKS_ESCAPED.sub("_x005F_", text))


def _cell_markup(prefix: str, column: int, row: int, style: str | None, text: str) -> str:
    styled = "" if style is None else f' s="{style}"'
    reference = f"{column_letters(column)}{row}"
    content = f'<{prefix}is><{prefix}t xml:space="preserve">{_markup(text)}</{prefix}t></{prefix}is>'
    return f'<{prefix}c r="{reference}"{styled} t="inlineStr">{content}</{prefix}c>'


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()


def _scan(data: bytes) -> _Part:
    """Finds the places to cut at. Offsets are of bytes, so only UTF-8 parts are taken."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise Altered
    declared = re.match(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["']([\w-]+)["']""", data)
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Altered
    scan = _Scan()
    try:
        scan.parser.Parse(data, True)
    except expat.ExpatError as broken:
        raise Altered from broken
    part = scan.part
    if part.dimension is not None:
        start = part.dimension[0]
        part.dimension = (start, data.index(b">", start) + 1)
    numbers = [number for number, _ in part.rows]
    if numbers != sorted(set(numbers)):
        raise Altered
    return part


class _Scan:
    """Walks through a sheet part with expat, which tells the byte each element begins at."""

    def __init__(self) -> None:
        self.part = _Part()
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self._path: list[str] = []

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._path.append(name)
        part = self.part
        match self._path[1:]:
            case ["sheetData"]:
                part.prefix = tag.removesuffix("sheetData")
            case ["dimension"]:
                part.dimension = (self.parser.CurrentByteIndex, 0)
            case ["cols", "col"] if "style" in attributes:
                span = int(attributes.get("min", "0")), int(attributes.get("max", "0"))
                part.columns.append((*span, attributes["style"]))
            case ["sheetData", "row"]:
                number = int(attributes.get("r", part.rows[-1][0] + 1 if part.rows else 1))
                if part.rows and part.second_row is None:
                    part.second_row = self.parser.CurrentByteIndex
                part.rows.append((number, []))
            case ["sheetData", "row", "c"]:
                cells = part.rows[-1][1]
                letters = re.match(r"[A-Za-z]+", attributes.get("r", ""))
                before = cells[-1].column if cells else 0
                column = column_number(letters[0]) if letters else before + 1
                cells.append(_Cell(column, attributes.get("s"), attributes.get("t", "n")))
            case ["sheetData", "row", "c", "f"]:
                part.rows[-1][1][-1].formula = True

    def _end(self, _: str) -> None:
        if self._path[1:] == ["sheetData"]:
            self.part.data_end = self.parser.CurrentByteIndex
        self._path.pop()

    def _characters(self, text: str) -> None:
        inside = self._path[4:]
        if inside and inside[-1] in ("v", "t") and "rPh" not in inside and self._path[1] == "sheetData":
            self.part.rows[-1][1][-1].text += text


def _rezipped(data: bytes, part: str, new: bytes) -> bytes:
    """The zip with one member's content replaced; order, names, dates, compression and extras stay."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as made:
        made.comment = source.comment
        for member in source.infolist():
            if not member.filename.isascii() and not member.flag_bits & _UTF8_NAME:
                raise Altered  # a name in some code page would not come out as it went in
            content = new if member.filename == part else source.read(member)
            made.writestr(_like(member), content, compress_type=member.compress_type)
    result = target.getvalue()
    _prove(data, result, part)
    return result


def _like(member: zipfile.ZipInfo) -> zipfile.ZipInfo:
    copy = zipfile.ZipInfo(member.filename, member.date_time)
    copy.compress_type, copy.comment, copy.extra = member.compress_type, member.comment, member.extra
    copy.create_system, copy.create_version = member.create_system, member.create_version
    copy.external_attr, copy.internal_attr = member.external_attr, member.internal_attr
    return copy


def _prove(before: bytes, after: bytes, part: str) -> None:
    """Every member but one holds what it held; the new zip reads back whole."""
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        names = [member.filename for member in old.infolist()]
        if names != [member.filename for member in new.infolist()] or new.testzip() is not None:
            raise Altered
        for name in names:
            if name != part and (old.getinfo(name).CRC, old.getinfo(name).file_size) != (
                new.getinfo(name).CRC,
                new.getinfo(name).file_size,
            ):
                raise Altered
