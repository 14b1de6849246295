"""Workbooks of objects of former years for tests: as cells, or as a file filled in by a person."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache

import openpyxl

from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.schema import COHORT, load
from sheets_schema.template import COHORT_FILE, build_cohort_template
from tests.workbooks import cell

SHEET = "存量对象"
_template = cache(build_cohort_template)
NAME = "平台（基地）名称"
# What a row says of who it is; the rest is its status and days.
WHO = {"推荐单位": "沈阳市", NAME: "虚构市云帆中小企业服务平台", "类型": "平台"}

Values = Mapping[str, str | RawCell]


def cohort_book(*rows: Values, name: str = COHORT_FILE) -> RawBook:
    """The book with these rows, the first in row 2."""
    columns = load(COHORT).sheet(SHEET).columns
    cells = {(1, column.index): RawCell("text", column.name) for column in columns}
    for number, row in enumerate(rows, start=2):
        for column, value in row.items():
            cells[number, load(COHORT).sheet(SHEET).column(column).index] = cell(value)
    return RawBook(name, (RawSheet(SHEET, cells),))


def cohort_file(*rows: Mapping[str, object]) -> bytes:
    """The template with these rows; a date as a date cell, a text as text."""
    book = openpyxl.load_workbook(io.BytesIO(_template("test")))
    for number, row in enumerate(rows, start=2):
        for column, value in row.items():
            book[SHEET].cell(number, load(COHORT).sheet(SHEET).column(column).index).value = value  # type: ignore[assignment]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
