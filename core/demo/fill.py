"""Puts the invented rows into real workbooks: our own template, filled as a city fills it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.cohorts import SHEET as FORMER
from core.demo.invent import Book, Line
from core.demo.plan import BookCase
from sheets_schema.schema import COHORT, Sheet, load

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def fill(workbook: bytes, book: Book) -> bytes:
    """The workbook with the rows of `book` in the place of what stood there; widths, limits and colours stay.

    Only for workbooks of our own template: openpyxl keeps all that is in those. A city's own is never saved so.
    """
    from openpyxl import load_workbook  # only the demo writes with it

    found = load_workbook(io.BytesIO(workbook))
    for sheet in load().city_sheets:
        if sheet.name in found.sheetnames:
            _write(found[sheet.name], sheet, book.rows.get(sheet.name, ()))
    if book.wrong is not None:
        _spoil(found, book.wrong)
    made = io.BytesIO()
    found.save(made)
    found.close()
    return made.getvalue()


def fill_many(workbook: bytes, city: str, books: Iterable[Book]) -> Iterator[bytes]:
    """The workbooks of several cities out of one template made for `city`: opened once, so quicker than one by one."""
    from openpyxl import load_workbook

    found = load_workbook(io.BytesIO(workbook))
    named = city
    for book in books:
        _rename(found, named, book.city)
        named = book.city
        for sheet in load().city_sheets:
            _write(found[sheet.name], sheet, book.rows.get(sheet.name, ()))
        made = io.BytesIO()
        found.save(made)
        yield made.getvalue()
    found.close()


def fill_former(workbook: bytes, rows: Iterable[Line]) -> bytes:
    """The template of objects of former years with these rows."""
    from openpyxl import load_workbook

    found = load_workbook(io.BytesIO(workbook))
    _write(found[FORMER], load(COHORT).sheet(FORMER), rows)
    made = io.BytesIO()
    found.save(made)
    found.close()
    return made.getvalue()


def _rename(found: Any, before: str, after: str) -> None:
    """Makes a template of one city another's: identity, properties, and the page that speaks to the city."""
    schema = load()
    for name in (schema.meta, schema.help):
        for row in found[name].iter_rows():
            for cell in row:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace(before, after)
    found.properties.title = (found.properties.title or "").replace(before, after)
    for each in found.custom_doc_props.props:
        if each.value == before:
            each.value = after


def _write(target: Worksheet, sheet: Sheet, rows: Iterable[Line]) -> None:
    """Writes the rows from row 2 on and empties what is left below of an earlier version."""
    columns = {str(cell.value): cell.column for cell in target[1] if cell.value is not None}
    last = 1
    for last, row in enumerate(rows, start=2):
        unknown = row.keys() - columns.keys()
        if unknown:
            raise KeyError(f"{sheet.name}: {', '.join(sorted(unknown))}")
        for name, column in columns.items():
            cell = target.cell(last, column)
            cell.value = row.get(name)
            if last > 2 and not cell.has_style:  # below the rows that the template holds ready
                cell.number_format = target.cell(2, column).number_format
    for number in range(last + 1, target.max_row + 1):
        for column in columns.values():
            target.cell(number, column).value = None


def _spoil(found: Any, wrong: BookCase) -> None:
    """What a city did to the workbook as a whole."""
    if wrong.drop_sheet:
        del found[wrong.drop_sheet]
    if wrong.drop_column:
        sheet, name = wrong.drop_column
        column = _columns(found[sheet])[name]
        for row in found[sheet].iter_rows(min_col=column, max_col=column):
            row[0].value = None
    if wrong.add_column:
        sheet, name = wrong.add_column
        column = found[sheet].max_column + 1
        found[sheet].cell(1, column).value = name
        found[sheet].cell(2, column).value = "第 1 名"
    if wrong.add_sheet:
        found.create_sheet(wrong.add_sheet)["A1"] = "市里自用"


def _columns(sheet: Worksheet) -> Mapping[str, int]:
    return {str(cell.value): at for at, cell in enumerate(sheet[1], start=1)}
