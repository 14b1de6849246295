"""The workbook a city gets: data sheets with limits and drop-downs, the province's feedback sheet, the help page.

The same arguments give the same bytes. Every text is written as text, so that nothing becomes a formula.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from sheets_schema.help import Guide
from sheets_schema.layout import cell_name
from sheets_schema.schema import BookSchema, Column, load
from sheets_schema.template_data import DataSheets
from sheets_schema.template_help import write_help
from sheets_schema.template_look import FONT, checked

if TYPE_CHECKING:
    from xlsxwriter import Workbook


def build_template(*, year: int, city: str, guide: Guide, program_version: str) -> bytes:
    """The bytes of `{year}-{city}.xlsx`.

    `guide` gives, by (sheet, column), the lines saying which standard a column feeds. Raises TemplateRefused
    where a text is longer than a spreadsheet takes.
    """
    from xlsxwriter import Workbook  # only here: a command that makes no workbook does not pay for it

    schema = load()
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "default_format_properties": dict(FONT), "strings_to_formulas": False})
    _identity(book, schema, year, city, program_version)
    write_help(book, schema, guide, year=year, city=city)
    names = {column: name for name, columns in _lists(schema).items() for column in columns}
    sheets = DataSheets(book, schema, guide, names)
    for sheet in schema.sheets:
        sheets.write(sheet)
    _dictionary(book, schema)
    _meta(book, schema, year, city)
    book.close()
    return target.getvalue()


def _identity(book: Workbook, schema: BookSchema, year: int, city: str, program_version: str) -> None:
    """Document properties: they say whose book it is even where a hidden sheet has been thrown away."""
    book.set_properties(
        {
            "title": f"{year}年{city}推荐数据",
            "subject": "中小企业公共服务示范平台（基地）创建",
            # A fixed day, else two runs would differ.
            "created": datetime(year, 1, 1),  # noqa: DTZ001 - the format has no time zone
        }
    )
    for name, value in (
        ("shifan_city", city),
        ("shifan_year", str(year)),
        ("shifan_template", schema.version),
        ("shifan_program", program_version),
    ):
        book.set_custom_property(name, value, "text")


def _lists(schema: BookSchema) -> dict[str, list[Column]]:
    """Drop-down lists by the name of their range; columns with the same options share one."""
    by_options: dict[tuple[str, ...], list[Column]] = {}
    for sheet in schema.city_sheets:
        for column in sheet.columns:
            if column.type == "choice":
                by_options.setdefault(column.options, []).append(column)
    return {"选项_" + "".join(c for c in columns[0].name if c.isalnum()): columns for columns in by_options.values()}


def _dictionary(book: Workbook, schema: BookSchema) -> None:
    """The hidden sheet behind the drop-downs, one column a list."""
    sheet = book.add_worksheet(schema.dictionary)
    sheet.hide()
    sheet.protect()
    for at, (name, columns) in enumerate(_lists(schema).items()):
        sheet.write_string(0, at, name)
        for row, option in enumerate(columns[0].options, start=1):
            sheet.write_string(row, at, option)
        letter = cell_name(1, at + 1).rstrip("1")
        last = len(columns[0].options) + 1
        checked(book.define_name(name, f"='{schema.dictionary}'!${letter}$2:${letter}${last}"), name)


def _meta(book: Workbook, schema: BookSchema, year: int, city: str) -> None:
    sheet = book.add_worksheet(schema.meta)
    sheet.hide()
    sheet.protect()
    keys = schema.meta_keys
    for row, (key, value) in enumerate(
        ((keys["city"], city), (keys["year"], str(year)), (keys["version"], schema.version))
    ):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
