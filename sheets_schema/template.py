"""Workbooks to be filled in: data sheets with limits and drop-downs, the province's feedback sheet, the help page.

The same arguments give the same bytes. Every text is written as text, so that nothing becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sheets_schema.help import Guide, words
from sheets_schema.layout import cell_name
from sheets_schema.schema import COHORT, BookSchema, Column, load
from sheets_schema.template_data import DataSheets
from sheets_schema.template_help import write_help
from sheets_schema.template_look import FONT, checked

if TYPE_CHECKING:
    from xlsxwriter import Workbook

COHORT_FILE: Final = "存量对象.xlsx"


def build_template(*, year: int, city: str, guide: Guide, program_version: str) -> bytes:
    """The bytes of `{year}-{city}.xlsx`, the workbook a city gets.

    `guide` gives, by (sheet, column), the lines saying which standard a column feeds. Raises TemplateRefused
    where a text is longer than a spreadsheet takes.
    """
    schema = load()
    keys = schema.meta_keys
    return _built(
        schema,
        guide,
        texts=words(),
        whose={"year": year, "city": city},
        title=f"{year}年{city}推荐数据",
        made=datetime(year, 1, 1),  # noqa: DTZ001 - the format has no time zone
        properties={"shifan_city": city, "shifan_year": str(year)},
        meta={keys["city"]: city, keys["year"]: str(year)},
        program_version=program_version,
    )


def build_cohort_template(program_version: str) -> bytes:
    """The bytes of 存量对象.xlsx, the workbook that objects of former years are brought in with."""
    return _built(
        load(COHORT),
        {},
        texts=words(COHORT),
        whose={},
        title="存量平台（基地）和创建对象",
        made=datetime(2025, 1, 1),  # noqa: DTZ001 - the format has no time zone
        properties={},
        meta={},
        program_version=program_version,
    )


def _built(
    schema: BookSchema,
    guide: Guide,
    *,
    texts: Mapping[str, Any],
    whose: Mapping[str, object],
    title: str,
    made: datetime,
    properties: Mapping[str, str],
    meta: Mapping[str, str],
    program_version: str,
) -> bytes:
    from xlsxwriter import Workbook  # only here: a command that makes no workbook does not pay for it

    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "default_format_properties": dict(FONT), "strings_to_formulas": False})
    # A fixed day, else two runs would differ.
    book.set_properties({"title": title, "subject": "中小企业公共服务示范平台（基地）创建", "created": made})
    # They say whose book it is even where a hidden sheet has been thrown away.
    known = {"shifan_template": schema.version, "shifan_program": program_version}
    for name, value in (dict(properties) | known).items():
        book.set_custom_property(name, value, "text")
    write_help(book, schema, guide, texts, whose)
    names = {column: name for name, columns in drop_downs(schema).items() for column in columns}
    sheets = DataSheets(book, schema, guide, names)
    for sheet in schema.sheets:
        sheets.write(sheet)
    _dictionary(book, schema)
    write_meta(book, schema.meta, dict(meta) | {schema.meta_keys["version"]: schema.version})
    book.close()
    return target.getvalue()


def drop_downs(schema: BookSchema) -> dict[str, list[Column]]:
    """Drop-down lists by the name of their range: the columns with these options, which share one."""
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
    for at, (name, columns) in enumerate(drop_downs(schema).items()):
        sheet.write_string(0, at, name)
        for row, option in enumerate(columns[0].options, start=1):
            sheet.write_string(row, at, option)
        letter = cell_name(1, at + 1).rstrip("1")
        last = len(columns[0].options) + 1
        checked(book.define_name(name, f"='{schema.dictionary}'!${letter}$2:${letter}${last}"), name)


def write_meta(book: Workbook, name: str, values: Mapping[str, str]) -> None:
    """The hidden sheet that says whose workbook it is."""
    sheet = book.add_worksheet(name)
    sheet.hide()
    sheet.protect()
    for row, (key, value) in enumerate(values.items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
