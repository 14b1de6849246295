"""Real workbooks of cities: the program's own template, filled with openpyxl as a person would fill it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from core.standards import loader
from sheets_schema.template import build_template
from sheets_schema.template_data import READY_ROWS
from tests.checks.building import Sheets, sample

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell

YEAR = 2026
MAIN = "推荐汇总表"
__all__ = ["MAIN", "YEAR", "Sheets", "applicant", "filled", "sample", "template"]


@cache
def template(city: str, year: int = YEAR) -> bytes:
    """The empty workbook of a city."""
    guide = loader.load("ln-2025-draft").guide(date(year, 12, 31))
    return build_template(year=year, city=city, guide=guide, program_version="test")


def applicant(
    kind: str,
    number: str,
    name: str,
    cells: Mapping[str, Mapping[str, str]] | None = None,
    application: str = "创建申报",
) -> Sheets:
    """The sheets of one applicant that passes every computed criterion, with some cells changed ("" empties one)."""
    made = sample(kind, cells, application)
    for rows in made.values():
        for row in rows:
            row["编号"] = number
    made[MAIN][0]["平台（基地）名称"] = name
    return made


def filled(
    city: str,
    *applicants: Sheets,
    year: int = YEAR,
    drop: tuple[str, ...] = (),
    rename: Mapping[str, str] | None = None,
) -> bytes:
    """The workbook of a city with the rows of some applicants; `drop` leaves whole sheets out, `rename` renames some.

    The same arguments give the same bytes within a run.
    """
    text = json.dumps([city, applicants, year, drop, dict(rename or {})], ensure_ascii=False, sort_keys=True)
    return _filled(text)


@cache
def _filled(text: str) -> bytes:
    city, applicants, year, drop, rename = json.loads(text)
    rows = {name: [row for each in applicants for row in each.get(name, ())] for each in applicants for name in each}
    # opening takes as long as all the rest: where only cells are filled in, they are emptied again for the next
    again = not drop and not rename and all(len(each) <= READY_ROWS for each in rows.values())
    book = _open(city, year) if again else _open.__wrapped__(city, year)
    entered: list[Cell] = []
    for name, wanted in rows.items():
        heads = {cell.value: cell.column for cell in book[name][1]}
        for number, row in enumerate(wanted, start=2):
            for column, value in row.items():
                if value:
                    entered.append(book[name].cell(number, heads[column]))
                    entered[-1].value = value
    for name in drop:
        del book[name]
    for old, new in rename.items():
        book[old].title = new
    target = io.BytesIO()
    book.save(target)
    for cell in entered:
        cell.value = None
    return target.getvalue()


@cache
def _open(city: str, year: int) -> Workbook:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(template(city, year)))
