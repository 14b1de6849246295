"""Which sheet of a received book is which, and which column stands where (contract §2: compared folded)."""

from __future__ import annotations

from dataclasses import dataclass

from sheets_schema.cells import RawBook, RawSheet
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_header, strip_blanks
from sheets_schema.messages import place, quoted, sentence
from sheets_schema.schema import BookSchema, Sheet

HEADER_ROW = 1


def cell_name(row: int, column: int) -> str:
    """The address of a cell as people see it: (7, 14) is N7. Both are counted from 1."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def column_number(cell: str | None) -> int:
    """The column of an address, counted from 1: 14 of N7; 0 where there is no cell."""
    number = 0
    for letter in (cell or "").rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet of the schema as it stands in the book: `columns` maps a column's name to its number from 1."""

    sheet: Sheet
    raw: RawSheet
    columns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """What was found. `meta` is the hidden sheet of key/value rows, None where the book lacks it."""

    sheets: dict[str, FoundSheet]
    meta: RawSheet | None
    errors: tuple[CellError, ...]


def lay_out(book: RawBook, schema: BookSchema) -> Layout:
    """Finds the sheets and columns; reports missing columns, extra columns and extra sheets, each once.

    That a whole sheet is missing depends on the applicants, so the parser reports it.
    """
    ours = {fold_header(sheet.name): sheet for sheet in schema.sheets}
    beside = {fold_header(name) for name in (schema.dictionary, schema.help)}
    meta: RawSheet | None = None
    found: dict[str, FoundSheet] = {}
    errors: list[CellError] = []
    first_names: dict[str, str] = {}
    for raw in book.sheets:
        folded = fold_header(raw.name)
        if folded in beside or raw.name.startswith(schema.ignored_prefixes):
            continue
        if folded in first_names:
            values = {"sheet": quoted(raw.name), "first": quoted(first_names[folded])}
            errors.append(_extra_sheet(book.name, raw.name, "extra_sheet_twice", values))
        elif folded == fold_header(schema.meta):
            meta = raw
            first_names[folded] = raw.name
        elif folded in ours:
            first_names[folded] = raw.name
            if not raw.cells:
                continue  # without even a header it is no more than a missing sheet
            found[ours[folded].name], wrong = _columns(book.name, raw, ours[folded], schema.left_alone)
            errors.extend(wrong)
        else:
            values = {"sheet": quoted(raw.name), "left_alone": schema.left_alone}
            errors.append(_extra_sheet(book.name, raw.name, "extra_sheet", values))
    return Layout(found, meta, tuple(errors))


def _extra_sheet(book: str, name: str, key: str, values: dict[str, str]) -> CellError:
    message = place(book, name) + sentence(key, **values)
    return CellError(book, name, None, None, None, None, "extra_sheet", message)


def _columns(book: str, raw: RawSheet, sheet: Sheet, left_alone: str) -> tuple[FoundSheet, list[CellError]]:
    known = {fold_header(column.name): column for column in sheet.columns}
    headers = sorted((at, cell.text) for (row, at), cell in raw.cells.items() if row == HEADER_ROW)
    columns: dict[str, int] = {}
    errors: list[CellError] = []
    # The province's own sheet is not the city's to get right.
    watched = sheet.filled_by == "city"
    for at, text in headers:
        column = known.get(fold_header(text))
        if column is not None and column.name not in columns:
            columns[column.name] = at
        elif watched and fold_header(text):
            key = "extra_column" if column is None else "extra_column_twice"
            cell = cell_name(HEADER_ROW, at)
            first = "" if column is None else quoted(column.name)
            said = sentence(key, value=quoted(text), column=first, left_alone=left_alone)
            message = place(book, sheet.name, cell=cell) + said
            shown = strip_blanks(text)
            errors.append(CellError(book, sheet.name, HEADER_ROW, shown, cell, text, "extra_column", message))
    for column in sheet.columns:
        if watched and column.name not in columns and column.required.mode != "never":
            message = place(book, sheet.name, row=HEADER_ROW) + sentence("missing_column", column=quoted(column.name))
            errors.append(CellError(book, sheet.name, HEADER_ROW, column.name, None, None, "missing_column", message))
    return FoundSheet(sheet, raw, columns), errors
