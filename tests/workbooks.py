"""Workbooks for tests: read as the program reads them, or built cell by cell from the schema's own examples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.intake.workbooks import read_books
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.schema import BookSchema, load

BOOK = "2026-沈阳市.xlsx"

Cells = dict[tuple[int, int], RawCell]


def raw_book(path: Path) -> RawBook:
    """The cells of a file, through the program's own reader."""
    [read] = read_books([path])
    assert read.raw is not None, read.problem
    return read.raw


def cell(value: str | RawCell) -> RawCell:
    """A text as a cell; a cell as it is."""
    return RawCell("text", value) if isinstance(value, str) else value


class BookMaker:
    """A book with every sheet, header and example row of the schema, to be changed and then built.

    Rows are addressed by sheet and row number, columns by name; None empties a cell.
    """

    def __init__(self, name: str = BOOK, schema: BookSchema | None = None) -> None:
        self.name = name
        self.schema = schema or load()
        self.sheets: dict[str, Cells] = {}
        for sheet in self.schema.city_sheets:
            cells: Cells = {(1, column.index): RawCell("text", column.name) for column in sheet.columns}
            for column in sheet.columns:
                for row, example in enumerate(column.examples, start=2):
                    if example:
                        cells[row, column.index] = RawCell("text", example)
            self.sheets[sheet.name] = cells

    def put(self, sheet: str, row: int, values: Mapping[str, str | RawCell | None]) -> BookMaker:
        """Changes cells of a row."""
        for name, value in values.items():
            at = (row, self.schema.sheet(sheet).column(name).index)
            if value is None:
                self.sheets[sheet].pop(at, None)
            else:
                self.sheets[sheet][at] = cell(value)
        return self

    def copy_row(self, sheet: str, row: int, to: int, values: Mapping[str, str | RawCell | None]) -> BookMaker:
        """Copies a row further down and changes some of its cells."""
        for (number, at), found in list(self.sheets[sheet].items()):
            if number == row:
                self.sheets[sheet][to, at] = found
        return self.put(sheet, to, values)

    def drop_row(self, sheet: str, row: int) -> BookMaker:
        """Empties a row."""
        self.sheets[sheet] = {at: found for at, found in self.sheets[sheet].items() if at[0] != row}
        return self

    def drop_column(self, sheet: str, name: str) -> BookMaker:
        """Removes a column with its header; the others stay where they are."""
        index = self.schema.sheet(sheet).column(name).index
        self.sheets[sheet] = {at: found for at, found in self.sheets[sheet].items() if at[1] != index}
        return self

    def drop_sheet(self, sheet: str) -> BookMaker:
        """Removes a sheet."""
        del self.sheets[sheet]
        return self

    def add_sheet(self, name: str, rows: list[list[str]]) -> BookMaker:
        """Adds any sheet."""
        self.sheets[name] = {
            (row, at): RawCell("text", text)
            for row, texts in enumerate(rows, start=1)
            for at, text in enumerate(texts, start=1)
            if text
        }
        return self

    def book(self) -> RawBook:
        """The book as received."""
        return RawBook(self.name, tuple(RawSheet(name, cells) for name, cells in self.sheets.items()))
