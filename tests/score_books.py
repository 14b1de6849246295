"""Scoring workbooks for tests: made by the program, filled in as a person fills them in, with openpyxl."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl

from core.scoring.workbook import asked_of
from core.services import scoring_books
from core.services.score_book_files import Terms
from core.services.score_book_reading import BookPreview
from sheets_schema.scoring_schema import column_name, scoring_schema
from tests.office import TODAY, Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, seen

SCORES = "评分"
RECUSAL = column_name("recusal")
NUMBERS = {YUNFAN: "沈阳市-PT-001", WANGHAI: "沈阳市-JD-001", XINGHE: "大连市-PT-001", ANSHAN: "沈抚示范区-PT-001"}
Row = Mapping[str, Any]


def columns(office: Office) -> list[str]:
    """The columns of 评分, from left to right."""
    known = seen(office)
    asked = asked_of(known.required(), known.rubric, TODAY)
    return [column.name for column in scoring_schema(asked).sheets[0].columns]


def scores(office: Office, score: float | str | None, **changes: Any) -> dict[str, Any]:
    """One score for every indicator; a change names an indicator, or `count`, `recusal`."""
    named = {code: f"{name}（分）" for code, name in seen(office).rubric.names.items()}
    named |= {"count": "典型或特色经验做法（条）", "recusal": RECUSAL}
    even = dict.fromkeys((one for one in columns(office) if one.endswith("（分）")), score)
    return even | {named[key]: value for key, value in changes.items()}


def expert_id(office: Office, code: str) -> int:
    """An expert's number in the store."""
    return next(each.id for each in seen(office).experts.values() if each.code == code)


def made(office: Office, code: str, terms: Terms | None = None) -> tuple[str, bytes]:
    """The empty workbook of an expert and its name."""
    return scoring_books.build_book(office.app, office.staff, office.round_id, expert_id(office, code), terms)


def filled(data: bytes, rows: Mapping[str, Row]) -> bytes:
    """A workbook in which rows, by 申报编号 or name of the application, are filled in; None empties a cell."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book[SCORES]
    heads = {cell.value: cell.column for cell in sheet[1]}
    places = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    for name, values in rows.items():
        for column, value in values.items():
            sheet.cell(places[NUMBERS.get(name, name)], heads[column]).value = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def book(office: Office, code: str, rows: Mapping[str, Row]) -> tuple[str, bytes]:
    """The workbook of an expert with rows filled in, under its name."""
    name, data = made(office, code)
    return name, filled(data, rows)


def look(office: Office, name: str, data: bytes) -> BookPreview:
    """What taking it in would do."""
    return scoring_books.preview(office.app, office.staff, office.round_id, name, data)


def take(office: Office, name: str, data: bytes, why: str = "") -> BookPreview:
    """Takes it in, after a look."""
    based_on = look(office, name, data).based_on
    return scoring_books.take_in(office.app, office.staff, office.round_id, name, data, based_on, why)
