"""What a request of a batch works on, and the table of the kinds of request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sheets_emulator import colours
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.interface import unknown
from tests.sheets_emulator.masks import Mask, parse
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.protection import Editor


@dataclass
class Work:
    """A copy of the book, and who works on it."""

    book: Book
    editor: Editor

    def area(self, given: Json | None) -> Area:
        """A GridRange that a request names."""
        if given is None:
            raise invalid("range is required")
        return self.book.range_area(given)

    def editable(self, given: Json | None) -> Area:
        """The same for cells that are to be changed."""
        area = self.area(given)
        self.editor.edits(self.book, [area])
        return area

    def sheet(self, given: Json, name: str = "sheetId") -> Sheet:
        """The sheet that a request names."""
        return self.book.sheet(given.get(name, 0))

    def dimension(self, given: Json) -> tuple[Sheet, str, int, int]:
        """A DimensionRange: sheet, ROWS or COLUMNS, start and end."""
        sheet = self.sheet(given)
        dimension = given.get("dimension", "")
        if dimension not in ("ROWS", "COLUMNS"):
            raise invalid("No dimension specified.")
        size = sheet.rows if dimension == "ROWS" else sheet.columns
        start, end = int(given.get("startIndex", 0)), int(given.get("endIndex", size))
        if start < 0 or end <= start:
            raise invalid(f"range[{start}..{end}] is not valid")
        return sheet, dimension, start, end


Kind = Callable[[Work, Json], Json]
KINDS: dict[str, Kind] = {}


def kind(run: Kind) -> Kind:
    """Enter a function as the kind of request that it is named after: `add_sheet` is `addSheet`."""
    first, *rest = run.__name__.split("_")
    KINDS[first + "".join(word.capitalize() for word in rest)] = run
    return run


def fields(request: Json, message: str) -> Mask:
    """The mask of a request that sets something in a message of this kind."""
    text: Any = request.get("fields")
    if not text:
        raise invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    mask = parse(text)
    if path := unknown(message, mask):
        raise invalid(f"Invalid field: {path}")
    return colours.mask(mask)
