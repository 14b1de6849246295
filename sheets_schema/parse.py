"""A received book, typed: fields that know their cell, and everything wrong with it that needs no edition.

What depends on an edition's figures or on verified values (parts and wholes, zero denominators, roster and
events, the same applicant twice) is judged in `core`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sheets_schema import messages
from sheets_schema.cells import RawBook, RawCell
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_key, strip_blanks
from sheets_schema.identity import identify
from sheets_schema.layout import HEADER_ROW, FoundSheet, Layout, cell_name, column_number, lay_out
from sheets_schema.messages import place, quoted, sentence
from sheets_schema.rows import Field, ParsedBook, Row
from sheets_schema.schema import BookSchema, Column, Rule, Sheet, load
from sheets_schema.values import Reading, plain, read_value


def parse(book: RawBook, schema: BookSchema | None = None) -> ParsedBook:
    """Types every cell of the known columns and reports all errors at once; never raises on what a city typed.

    `errors` are in the order of the schema's sheets, then by row, then from left to right.
    """
    return _Parser(book, schema or load()).run()


class _Parser:
    def __init__(self, book: RawBook, schema: BookSchema) -> None:
        self.book, self.schema = book, schema
        self.layout: Layout = lay_out(book, schema)
        self.errors: list[CellError] = list(self.layout.errors)
        self.rows: dict[str, tuple[Row, ...]] = {}
        self.applicants: dict[str, Row] = {}
        self.listed: dict[str, frozenset[str]] = {}

    def run(self) -> ParsedBook:
        identity, unknown = identify(self.book, self.layout.meta, self.schema)
        if unknown:
            self.errors.append(unknown)
        # The applicants first: their rows decide what the other sheets may hold.
        for sheet in sorted(self.schema.city_sheets, key=lambda sheet: sheet.name != self.schema.applicants):
            found = self.layout.sheets.get(sheet.name)
            if found is None:
                continue
            self.rows[sheet.name] = tuple(self._read(found))
            if sheet.name == self.schema.applicants:
                self.applicants = _first(self.rows[sheet.name])
        self.listed = {name: frozenset(row.key for row in rows) for name, rows in self.rows.items()}
        for name, rows in self.rows.items():
            found = self.layout.sheets[name]
            self._required(found, rows)
            self._keys(found, rows)
        self._missing()
        return ParsedBook(
            name=self.book.name,
            city=identity.city,
            year=identity.year,
            template_version=identity.version,
            rows={sheet.name: self.rows[sheet.name] for sheet in self.schema.sheets if sheet.name in self.rows},
            errors=tuple(sorted(self.errors, key=self._order)),
        )

    # Reading

    def _read(self, found: FoundSheet) -> Iterator[Row]:
        """The rows of a sheet, wholly empty ones left out; reports what is wrong with single cells."""
        by_row: dict[int, dict[str, RawCell]] = {}
        names = {at: name for name, at in found.columns.items()}
        for (row, at), cell in found.raw.cells.items():
            if row > HEADER_ROW and at in names and strip_blanks(cell.text):
                by_row.setdefault(row, {})[names[at]] = cell
        for number in sorted(by_row):
            yield self._row(found, number, by_row[number])

    def _row(self, found: FoundSheet, number: int, cells: Mapping[str, RawCell]) -> Row:
        sheet = found.sheet
        fields: dict[str, Field] = {}
        key = ""
        for column in sheet.columns:
            if column.name not in found.columns:
                continue
            at = cell_name(number, found.columns[column.name])
            cell = cells.get(column.name)
            reading = read_value(column, cell, selector=self._selector(column, key))
            if cell is not None and column.forbidden.mode != "never":
                reading = _expected(column, cell, reading, fields)
            raw = "" if cell is None else cell.text
            fields[column.name] = Field(column.name, at, raw, reading.value, reading.error)
            if column.name == sheet.key and reading.value is not None:
                key = fold_key(str(reading.value))
            if reading.error:
                self._report(sheet, number, column, at, raw, reading.error, reading.message)
            for item, message in reading.extra:
                self._report(sheet, number, column, at, item, "extra_item", message)
        return Row(sheet.name, number, key, fields)

    def _selector(self, column: Column, key: str) -> str | None:
        """What the applicant's row says in the column that decides on the options."""
        applicant = self.applicants.get(key) if column.options_of else None
        value = applicant.value(column.options_by) if applicant else None
        return value if isinstance(value, str) else None

    # Rules over rows and sheets

    def _required(self, found: FoundSheet, rows: tuple[Row, ...]) -> None:
        for row in rows:
            for name, field in row.fields.items():
                column = found.sheet.column(name)
                if field.raw and strip_blanks(field.raw):
                    continue
                if self._needed(column.required, row):
                    options = column.options_for(self._selector(column, row.key))
                    message = messages.missing_required(column, options)
                    self._report(found.sheet, row.number, column, field.cell, None, "missing_required", message)

    def _needed(self, rule: Rule, row: Row) -> bool:
        if rule.mode == "unless_rows":
            return not row.key or row.key not in self.listed.get(rule.sheet or "", ())
        asked = self.applicants.get(row.key) if rule.sheet else row
        return rule.decides(asked.value(rule.column) if asked and rule.column else None)

    def _keys(self, found: FoundSheet, rows: tuple[Row, ...]) -> None:
        """duplicate_id and unknown_id."""
        sheet = found.sheet
        if sheet.key is None:
            return
        master = self.layout.sheets.get(self.schema.applicants)
        known = sheet.name == self.schema.applicants or master is None or sheet.key not in master.columns
        column = sheet.column(sheet.key)
        first: dict[str, int] = {}
        for row in rows:
            if not row.key:
                continue
            field = row.fields[sheet.key]
            seen = first.setdefault(row.key, row.number)
            shown = quoted(str(field.value))
            if sheet.unique_key and seen != row.number:
                message = sentence("duplicate_id", value=shown, first=seen)
                self._report(sheet, row.number, column, field.cell, field.raw, "duplicate_id", message)
            if not known and row.key not in self.applicants:
                message = sentence("unknown_id", value=shown)
                self._report(sheet, row.number, column, field.cell, field.raw, "unknown_id", message)

    def _missing(self) -> None:
        """missing_sheet and missing_row."""
        recommended = self.rows.get(self.schema.applicants, ())
        for sheet in self.schema.city_sheets:
            found = self.layout.sheets.get(sheet.name)
            if found is None:
                if sheet.needed.mode == "always" or any(self._asks(sheet, row) for row in recommended):
                    message = place(self.book.name, sheet.name) + sentence("missing_sheet", sheet=sheet.name)
                    self.errors.append(
                        CellError(self.book.name, sheet.name, None, None, None, None, "missing_sheet", message)
                    )
            elif sheet.key is not None and sheet.key in found.columns:
                self._missing_rows(sheet)

    def _missing_rows(self, sheet: Sheet) -> None:
        home = self.schema.sheet(self.schema.applicants)
        for key, row in self.applicants.items():
            judged = all(row.value(name) is not None for name in self.schema.judged_by)
            if not judged or not self._asks(sheet, row) or key in self.listed[sheet.name]:
                continue
            typed = row.fields[home.key or ""].raw
            named = row.value(self.schema.name_column)
            said = sentence("missing_row", value=quoted(typed), name=quoted(str(named or "名称未填")))
            message = place(self.book.name, sheet.name) + said
            self.errors.append(
                CellError(self.book.name, sheet.name, None, sheet.key, None, typed, "missing_row", message)
            )

    def _asks(self, sheet: Sheet, row: Row) -> bool:
        """Whether the applicant of `row` needs a row on `sheet`."""
        rule = sheet.needed
        return rule.mode != "always" and rule.decides(row.value(rule.column) if rule.column else None)

    # Reporting

    def _report(
        self, sheet: Sheet, row: int, column: Column, cell: str, value: str | None, code: str, message: str
    ) -> None:
        where = place(self.book.name, sheet.name, cell=cell)
        self.errors.append(CellError(self.book.name, sheet.name, row, column.name, cell, value, code, where + message))

    def _order(self, error: CellError) -> tuple[int, int, int]:
        """Sheet, row, column; what stands in no cell comes first on its row, what is no sheet of ours last."""
        names = [self.schema.meta, *(sheet.name for sheet in self.schema.sheets)]
        at = names.index(error.sheet) if error.sheet in names else len(names)
        return at, error.row or 0, column_number(error.cell)


def _expected(column: Column, cell: RawCell, reading: Reading, fields: Mapping[str, Field]) -> Reading:
    """What stands in a cell that another of the row forbids is told as that, and no other fault of it."""
    rule = column.forbidden
    state = fields[rule.column].value if rule.column in fields else None
    if not rule.decides(state):
        return reading
    said = {"column": quoted(column.name), "value": quoted(plain(cell)), "by": rule.column, "state": state}
    return Reading(None, "not_expected", sentence("not_expected", **said))


def _first(rows: tuple[Row, ...]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        if row.key:
            found.setdefault(row.key, row)
    return found
