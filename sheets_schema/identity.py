"""Whose workbook it is: city and year from the hidden sheet `_meta`, else from the file name (contract §2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sheets_schema.cells import RawBook, RawSheet
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_header, fold_text, fold_width
from sheets_schema.messages import place, sentence
from sheets_schema.schema import BookSchema
from sheets_schema.values import plain

# `2026-沈阳市.xlsx`; what download folders append (` (1)`, `-副本`) does not belong to the name of the city.
_FILE_NAME = re.compile(r"\s*([0-9]{4})\s*[-_]\s*([\u4e00-\u9fff]+)(?![\u4e00-\u9fff])")
_YEAR = re.compile(r"([0-9]{4})年?")


@dataclass(frozen=True, slots=True)
class Identity:
    """City and year of a book; None where neither `_meta` nor the file name tells."""

    city: str | None
    year: int | None
    version: str | None


def from_file_name(name: str) -> tuple[str | None, int | None]:
    """City and year out of a file name like `2026-沈阳市.xlsx`; (None, None) where it is not of that form."""
    found = _FILE_NAME.match(fold_text(name))
    return (found[2], int(found[1])) if found else (None, None)


def identify(book: RawBook, meta: RawSheet | None, schema: BookSchema) -> tuple[Identity, CellError | None]:
    """Who sent the book. What `_meta` does not say, the file name may; without either: missing_sheet.

    A book that is not of one city and year only says which template it is.
    """
    values = pairs(meta)
    keys = {name: fold_header(key) for name, key in schema.meta_keys.items()}
    version = fold_text(values.get(keys["version"], "")) or None
    if "city" not in keys:
        return Identity(None, None, version), None
    year = _YEAR.fullmatch(fold_width(values.get(keys["year"], "")))
    named_city, named_year = from_file_name(book.name)
    made = Identity(
        city=fold_text(values.get(keys["city"], "")) or named_city,
        year=int(year[1]) if year else named_year,
        version=version,
    )
    if made.city is not None and made.year is not None:
        return made, None
    message = place(book.name, schema.meta) + sentence("missing_meta")
    return made, CellError(book.name, schema.meta, None, None, None, None, "missing_sheet", message)


def pairs(meta: RawSheet | None) -> dict[str, str]:
    """What the hidden sheet says, by folded key; nothing where there is none."""
    if meta is None:
        return {}
    return {
        fold_header(cell.text): plain(meta.cells[row, 2])
        for (row, column), cell in sorted(meta.cells.items(), key=lambda found: found[0])
        if column == 1 and (row, 2) in meta.cells
    }
