"""What the parser makes of the cells: typed fields that still know their cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sheets_schema.errors import CellError

Typed = str | int | Decimal | date | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Field:
    """One cell of a known column, typed.

    `raw` is the text as received. `value` is None where the cell is empty (`error` None) or in error
    (`error` is its code): both mean `missing` to a criterion, never zero.
    `verified` marks a value that the province put in the place of the reported one (核定值).
    """

    column: str
    cell: str
    raw: str
    value: Typed
    error: str | None = None
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` is the sheet's own row number, `key` the 编号 folded for comparison ('' if empty)."""

    sheet: str
    number: int
    key: str
    fields: dict[str, Field]

    def value(self, column: str) -> Typed:
        """The typed value of a column; None where empty, in error, or the column is absent."""
        found = self.fields.get(column)
        return None if found is None else found.value


@dataclass(frozen=True, slots=True)
class ParsedBook:
    """One workbook, parsed. `rows` holds, by sheet name, the rows in sheet order (wholly empty rows left out).

    Rows that repeat a 编号 stay in `rows`; only the first of them is judged (`first_rows`).
    """

    name: str
    city: str | None
    year: int | None
    template_version: str | None
    rows: dict[str, tuple[Row, ...]]
    errors: tuple[CellError, ...] = field(default=())

    def first_rows(self, sheet: str) -> dict[str, Row]:
        """The first row of each 编号 on a sheet that has one row an applicant."""
        found: dict[str, Row] = {}
        for row in self.rows.get(sheet, ()):
            if row.key:
                found.setdefault(row.key, row)
        return found

    def rows_of(self, sheet: str, key: str) -> tuple[Row, ...]:
        """All rows of one 编号 on a sheet that may have several."""
        return tuple(row for row in self.rows.get(sheet, ()) if row.key == key)
