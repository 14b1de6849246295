"""What a spreadsheet holds. A change is made on a copy of the book, and everything in it is replaced, never altered."""

from __future__ import annotations

import copy
import zlib
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_emulator import grid
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.problems import Json, invalid

MOST_CELLS = 10_000_000
DEFAULT_ROWS, DEFAULT_COLUMNS = 1000, 26


@dataclass
class Sheet:
    """One tab: its properties (a SheetProperties without index), cells by (row, column), and what lies over them."""

    properties: Json
    cells: dict[tuple[int, int], Json] = field(default_factory=dict)
    row_data: dict[int, Json] = field(default_factory=dict)
    column_data: dict[int, Json] = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    rules: list[Json] = field(default_factory=list)
    protected: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)
    basic_filter: Json | None = None

    @property
    def id(self) -> int:
        """The sheetId."""
        return int(self.properties.get("sheetId", 0))

    @property
    def title(self) -> str:
        """The name on the tab."""
        return str(self.properties["title"])

    @property
    def rows(self) -> int:
        """How many rows the grid has."""
        return int(self.properties["gridProperties"]["rowCount"])

    @property
    def columns(self) -> int:
        """How many columns the grid has."""
        return int(self.properties["gridProperties"]["columnCount"])

    @property
    def area(self) -> Area:
        """The whole grid."""
        return Area(self.id, 0, self.rows, 0, self.columns)

    def resize(self, rows: int, columns: int) -> None:
        """Give the grid another size; cells outside are gone."""
        if rows < 1 or columns < 1:
            raise invalid("You can't delete all the rows or columns on the sheet.")
        shrinks = rows < self.rows or columns < self.columns
        size = {"rowCount": rows, "columnCount": columns}
        self.properties = self.properties | {"gridProperties": self.properties["gridProperties"] | size}
        if shrinks:
            self.cells = {at: cell for at, cell in self.cells.items() if at[0] < rows and at[1] < columns}
            self.row_data = {at: data for at, data in self.row_data.items() if at < rows}
            self.column_data = {at: data for at, data in self.column_data.items() if at < columns}

    def put(self, row: int, column: int, cell: Json) -> None:
        """A cell's content; an empty one leaves no trace."""
        if cell:
            self.cells[row, column] = cell
        else:
            self.cells.pop((row, column), None)

    def used(self) -> Area:
        """From A1 to the last row and column that hold a value."""
        places = [at for at, cell in self.cells.items() if "userEnteredValue" in cell]
        bottom = max((row for row, _ in places), default=-1) + 1
        return Area(self.id, 0, bottom, 0, max((column for _, column in places), default=-1) + 1)

    def replica(self) -> Sheet:
        """The same in containers of its own; what they hold is shared."""
        twin = copy.copy(self)
        twin.cells, twin.row_data, twin.column_data = dict(self.cells), dict(self.row_data), dict(self.column_data)
        twin.merges, twin.rules, twin.protected = list(self.merges), list(self.rules), list(self.protected)
        twin.groups = list(self.groups)
        return twin


@dataclass
class Book:
    """A spreadsheet: its properties, tabs in their order, names and developer metadata."""

    id: str
    properties: Json
    sheets: list[Sheet]
    names: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)
    given: int = 0  # ids given away so far

    @property
    def title(self) -> str:
        """The spreadsheet's name, which is the file's."""
        return str(self.properties.get("title", ""))

    def replica(self) -> Book:
        """A copy to work on."""
        twin = copy.copy(self)
        twin.sheets = [sheet.replica() for sheet in self.sheets]
        twin.names, twin.metadata = list(self.names), list(self.metadata)
        return twin

    def next_id(self) -> int:
        """A number that nothing in this book has: the same for the same history, so that tests repeat."""
        self.given += 1
        return zlib.crc32(f"{self.id}/{self.given}".encode()) & 0x7FFFFFFF | 1

    def find(self, sheet_id: Any) -> Sheet | None:
        """A sheet by its id."""
        return next((sheet for sheet in self.sheets if sheet.id == sheet_id), None)

    def sheet(self, sheet_id: Any) -> Sheet:
        """A sheet by its id; refused where there is none."""
        found = self.find(sheet_id)
        if found is None:
            raise invalid(f"No grid with id: {sheet_id}")
        return found

    def titled(self, title: str) -> Sheet | None:
        """A sheet by its name, whatever its case."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def free_title(self, title: str, but: int | None = None) -> str:
        """The name, if no other sheet has it."""
        other = self.titled(title)
        if other is not None and other.id != but:
            raise invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')
        if not title:
            raise invalid("Sheet names cannot be empty.")
        return title

    def range_area(self, given: Json) -> Area:
        """A GridRange on its sheet: bounds that it leaves open are the grid's."""
        sheet = self.sheet(given.get("sheetId", 0))
        bounds = (0, sheet.rows, 0, sheet.columns)
        top, bottom, left, right = (
            int(given.get(name, default)) for name, default in zip(grid.BOUNDS, bounds, strict=True)
        )
        if min(top, left) < 0 or top >= bottom or left >= right:
            raise invalid(f"Invalid range: {top}:{bottom}, {left}:{right}")
        if top >= sheet.rows or left >= sheet.columns:
            raise invalid(self._beyond(sheet, Area(sheet.id, top, bottom, left, right)))
        return Area(sheet.id, top, min(bottom, sheet.rows), left, min(right, sheet.columns))

    def text_area(self, text: str) -> Area:
        """An A1 range, a sheet's name or a named range; bounds that it leaves open are the grid's."""
        title, rest = grid.split(text)
        named = next((each for each in self.names if each["name"].casefold() == rest.casefold()), None)
        if named is not None and title in (None, self.sheet(named["range"]["sheetId"]).title):
            return self.range_area(named["range"])
        span = grid.span(rest)
        if title is None and (span is None or self.titled(text)):
            sheet, span = self.titled(text), grid.Span()
        elif title is not None and not rest:
            sheet, span = self.titled(title), grid.Span()
        else:
            sheet = self.sheets[0] if title is None else self.titled(title)
        if sheet is None or span is None:
            raise invalid(f"Unable to parse range: {text}")
        area = Area(
            sheet.id,
            span.top or 0,
            sheet.rows if span.bottom is None else span.bottom,
            span.left or 0,
            sheet.columns if span.right is None else span.right,
        )
        if area.top >= sheet.rows or area.left >= sheet.columns:
            raise invalid(self._beyond(sheet, area))
        return Area(area.sheet, area.top, min(area.bottom, sheet.rows), area.left, min(area.right, sheet.columns))

    def within(self, sheet: Sheet, area: Area) -> None:
        """Refuse what lies outside the grid."""
        if area.bottom > sheet.rows or area.right > sheet.columns:
            raise invalid(self._beyond(sheet, area))

    @staticmethod
    def _beyond(sheet: Sheet, area: Area) -> str:
        where = grid.a1(sheet.title, area)
        return f"Range ({where}) exceeds grid limits. Max rows: {sheet.rows}, max columns: {sheet.columns}"

    def small_enough(self) -> None:
        """Refuse more cells than a spreadsheet may have."""
        if sum(sheet.rows * sheet.columns for sheet in self.sheets) > MOST_CELLS:
            raise invalid(
                f"This action would increase the number of cells in the workbook above the limit of {MOST_CELLS} cells."
            )


def new_sheet(sheet_id: int, title: str, rows: int = DEFAULT_ROWS, columns: int = DEFAULT_COLUMNS) -> Sheet:
    """An empty tab."""
    size = {"rowCount": rows, "columnCount": columns}
    return Sheet({"sheetId": sheet_id, "title": title, "sheetType": "GRID", "gridProperties": size})


def new_book(book_id: str, title: str) -> Book:
    """A spreadsheet as Google makes one: a single tab Sheet1."""
    properties = {"title": title, "locale": "en_US", "autoRecalc": "ON_CHANGE", "timeZone": "Etc/GMT"}
    return Book(book_id, properties, [new_sheet(0, "Sheet1")])
