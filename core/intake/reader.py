"""The child process that reads workbooks: `python -m core.intake.reader MEMORY_MB CPU_SECONDS`.

It alone touches what a city sent. It takes books from standard input, one after another: a line of JSON
`{"name": …, "size": …}` and then so many bytes; it answers each with one line of JSON, a book or a refusal (never
pickle: what has read hostile data must not be able to hand its parent code). Whatever goes wrong with it, from
running out of memory to being stopped, is the loss of one book and not of the app.

Cells are read by openpyxl's own worksheet parser, value by value as its normal mode reads them. Left out is what a
normal load does beside that: drawings, charts, rules, merged and linked ranges are built there cell by cell, so
that one hyperlink over A1:XFD1048576 exhausts any machine, and one rule it does not know loses the whole book.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO
from xml.parsers.expat import ExpatError
from xml.parsers.expat.errors import XML_ERROR_NO_MEMORY, codes

from core.errors import FileRefused
from core.intake.package import Package, joined_text, unescape
from core.intake.prescreen import column_number, prescreen
from core.intake.sentences import refused
from core.intake.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Callable

    # One cell as it travels: row, column, kind, text, formula
    Cell = tuple[int, int, str, str, bool]

MAX_TEXT = 5_000_000
MAX_CELL_TEXT = 40_000
_SIGNIFICANT = ".15g"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"


def number_text(value: int | float) -> str:
    """The digits of a number cell. Whole numbers exactly; binary floats at the 15 significant digits that a
    spreadsheet shows, without an exponent below 1e15. From there on the exponent stays, so that a code which a
    number cell has rounded can be told from one that was typed."""
    if isinstance(value, int):
        return str(value)
    text = format(value, _SIGNIFICANT)
    if "e" not in text or abs(value) >= 1e15:
        return text
    mantissa, _, exponent = text.partition("e")
    digits = mantissa.replace(".", "").lstrip("-")
    return ("-" if value < 0 else "") + "0." + "0" * (-int(exponent) - 1) + digits


def moment_text(value: datetime | date) -> str:
    """`YYYY-MM-DD HH:MM:SS`, rounded to the second (binary fractions of a day are never exact)."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a cell has no time zone
    if value.microsecond >= 500_000:
        value += timedelta(seconds=1)
    return f"{value:%Y-%m-%d %H:%M:%S}" if value.year > 999 else value.replace(microsecond=0).isoformat(" ")


def duration_text(value: time | timedelta) -> str:
    """`HH:MM:SS`; hours may exceed 24."""
    if isinstance(value, time):
        return f"{value:%H:%M:%S}"
    seconds = round(value.total_seconds())
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def is_filled(text: str) -> bool:
    """Whether a text is more than blanks and signs that nobody sees: what is not counts as an empty cell."""
    return bool(text.strip().strip(_ZERO_WIDTH).strip())


def _parser_class() -> type:
    """openpyxl's cell parser with our ends; made here because importing openpyxl takes a fifth of a second."""
    from openpyxl.worksheet import _reader as cells
    from openpyxl.xml import DEFUSEDXML
    from openpyxl.xml.functions import iterparse

    if not DEFUSEDXML or not iterparse.__module__.startswith("defusedxml"):
        raise RuntimeError("defusedxml is not in force")

    class CellParser(cells.WorkSheetParser):
        """Rows of filled cells; when they are through, `hidden` and `merged` are known."""

        def __init__(self, source: BinaryIO, package: Package) -> None:
            super().__init__(
                source,
                package.strings,
                data_only=True,
                epoch=package.epoch,
                date_formats=package.date_styles,
                timedelta_formats=package.duration_styles,
            )
            self.merged: list[str] = []
            self._shared: dict[str, str] = {}
            self._blank: str | None = None

        def parse(self) -> Iterator[tuple[int, list[Cell | None]]]:  # type: ignore[override]
            for _, element in iterparse(self.source):
                if element.tag == cells.ROW_TAG:
                    self._blank = None
                    row: Any = self.parse_row(element)
                    element.clear()
                    yield row
                elif element.tag == cells.MERGE_TAG:
                    self.merged = [child.get("ref", "") for child in element]
                    element.clear()

        @property
        def hidden(self) -> list[int]:
            rows = self.row_dimensions.items()
            return [int(row) for row, known in rows if known.get("hidden") in ("1", "true")]

        def parse_cell(self, element: Any) -> Cell | None:  # type: ignore[override]
            address = element.get("r")
            if address and not len(element):  # a styled blank: most cells of a prepared sheet
                self._blank = address
                return None
            if self._blank and not address:  # a cell without an address stands right of the one before
                self.col_counter = column_number(self._blank.rstrip("0123456789"))
            self._blank = None
            stored = formula = inline = None
            for child in element:
                if child.tag == cells.VALUE_TAG:
                    stored = child
                elif child.tag == cells.FORMULA_TAG:
                    formula = child
                elif child.tag == cells.INLINE_STRING:
                    inline = child
            if inline is not None:
                element.remove(inline)  # openpyxl's Text fails on tags it does not know
            found = super().parse_cell(element)
            row, column, kind, value = found["row"], found["column"], found["data_type"], found["value"]
            if formula is not None:
                text = self._formula(formula)
                if stored is None or (not stored.text and element.get("t") != "str"):
                    return row, column, "no_result", text, True
            if inline is not None and value is None:
                kind, value = "s", joined_text(inline)
            if kind == "e" and element.get("t") != "e" and stored is not None:
                kind, value = "n", float(stored.text)  # past the calendar's end: a number in a date's clothes
            return _cell(row, column, kind, value, formula is not None)

        def _formula(self, formula: Any) -> str:
            """The formula as typed; of a shared formula only the first cell carries the text."""
            text, shared = formula.text or "", formula.get("si")
            if shared is not None:
                text = self._shared.setdefault(shared, text) if text else self._shared.get(shared, "")
            return "=" + text

    return CellParser


def _cell(row: int, column: int, kind: str, value: Any, formula: bool) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = unescape(value)
        if kind == "e":
            return row, column, "error", text.strip(), formula
        return (row, column, "text", text, formula) if is_filled(text) else None
    if isinstance(value, bool):
        return row, column, "boolean", "TRUE" if value else "FALSE", formula
    if isinstance(value, int | float):
        return row, column, "number", number_text(value), formula
    if isinstance(value, datetime | date):
        return row, column, "date", moment_text(value), formula
    return row, column, "text", duration_text(value), formula


def read_book(data: bytes, name: str, parser: Callable[[], type]) -> dict[str, Any]:
    """One workbook as JSON: sheets in order, each with its filled cells. Raises FileRefused."""
    source = io.BytesIO(data)
    kind = sniff(source, len(data))
    if kind.code != "ok":
        raise refused(name, kind.code, **dict(kind.values))
    with zipfile.ZipFile(source) as archive:
        package = Package(archive, prescreen(archive, name), name)
        sheets: list[dict[str, Any]] = []
        room = MAX_TEXT
        make = parser()
        for title, state, part in package.sheets:
            cells: list[Cell] = []
            with archive.open(part) as stream:
                rows = make(stream, package)
                for _, row in rows.parse():
                    for cell in row:
                        if cell is None:
                            continue
                        room -= len(cell[3])
                        if room < 0 or len(cell[3]) > MAX_CELL_TEXT:
                            raise refused(name, "too_much_text")
                        cells.append(cell)
            sheets.append(
                {
                    "name": title,
                    "hidden": state in ("hidden", "veryHidden"),
                    "rows": rows.hidden,
                    "merged": rows.merged,
                    "cells": cells,
                }
            )
    return {"sheets": sheets}


def answer(data: bytes, name: str, parser: Callable[[], type]) -> dict[str, Any]:
    """A book or a refusal, as JSON."""
    try:
        return read_book(data, name, parser)
    except FileRefused as no:
        if _starved(no.__cause__):
            raise MemoryError from no
        return {"code": no.code, "sentence": no.sentence}
    except MemoryError:
        raise  # the process may be in any state: let it go
    except Exception as error:
        if _starved(error):
            raise MemoryError from error
        return {"code": "damaged", "sentence": refused(name, "damaged").sentence}


def _starved(error: BaseException | None) -> bool:
    """Whether memory ran out, which zlib, expat and imports say each in its own way: the book is not damaged."""
    if isinstance(error, zlib.error):
        return str(error).startswith("Error -4 ")
    code = getattr(error, "code", None) if isinstance(error, ExpatError | SyntaxError) else None
    return isinstance(error, ImportError) or code == codes[XML_ERROR_NO_MEMORY]


def lean() -> None:
    """Keeps openpyxl's optional helpers out: they triple the start and widen what hostile bytes can reach."""
    for helper in ("numpy", "pandas", "PIL", "lxml"):
        sys.modules[helper] = None  # type: ignore[assignment]


def _cap(memory_mb: int) -> None:
    """Caps the address space. Systems without `resource` (Windows) have only the parent's clock."""
    if sys.platform != "win32":
        import resource

        room = memory_mb * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (room, room))


def _cap_next(cpu_seconds: int) -> None:
    """Allows the next book its own processor time; the parent's clock is the other cap."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + cpu_seconds + 1, hard))


def main() -> None:
    """Reads books until standard input ends."""
    memory_mb, cpu_seconds = int(sys.argv[1]), int(sys.argv[2])
    _cap(memory_mb)
    warnings.simplefilter("ignore")
    lean()
    made: list[type] = []

    def parser() -> type:
        if not made:
            made.append(_parser_class())
        return made[0]

    books, answers = sys.stdin.buffer, sys.stdout.buffer
    while line := books.readline():
        header = json.loads(line)
        data = books.read(header["size"])
        _cap_next(cpu_seconds)
        reply = answer(data, header["name"], parser)
        answers.write(json.dumps(reply, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
