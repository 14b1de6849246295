"""Objects of former years, out of 存量对象.xlsx: who they are, where they stand, and the days their clocks run from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core.applications import KINDS
from core.standards.rules import Kind
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_key
from sheets_schema.layout import HEADER_ROW, column_number
from sheets_schema.messages import place, quoted, sentence
from sheets_schema.rows import Field, ParsedBook, Row

CohortStatus = Literal["creating", "extended", "recognized", "rectifying"]

SHEET: Final = "存量对象"
STATUSES: Final[Mapping[str, CohortStatus]] = {
    "创建期": "creating",
    "延长创建期": "extended",
    "已认定": "recognized",
    "整改期": "rectifying",
}
_NAME: Final = "平台（基地）名称"
_EXTENDED: Final = "延长决定日期"
# The days of a life in their order. The extension comes after its creation; the others may fall on one day.
_DAYS: Final = ("确定为创建对象日期", _EXTENDED, "认定日期", "最近一次复核通过日期", "复核未通过日期")
# Characters that a text may have, as typed and as compared: longer is no name or number but something pasted.
_LONGEST: Final[Mapping[str, int]] = {_NAME: 100, "运营主体": 100, "确定文号": 100, "认定文号": 100, "备注": 2000}


@dataclass(frozen=True, slots=True)
class CohortRow:
    """One object. `row` is the sheet's own row number; what the row does not say is None.

    By `status`: creating has `confirmed`, extended also `extended`, recognized has `recognized` (the next review
    counts from `review_passed` where given), rectifying also `review_failed`. `category` is a platform's only.
    """

    row: int
    city: str
    kind: Kind
    category: str | None
    name: str
    operator: str | None
    uscc: str | None
    status: CohortStatus
    confirmed: date | None
    confirmed_document: str | None
    extended: date | None
    recognized: date | None
    recognized_document: str | None
    review_passed: date | None
    review_failed: date | None
    note: str | None


def read_cohort(parsed: ParsedBook, today: date) -> tuple[tuple[CohortRow, ...], tuple[CellError, ...]]:
    """The objects of a book parsed with `load(COHORT)`, and everything wrong with it, warnings included.

    `today` is the day of import; no date may be later. A row with an error is not among the objects, and none is
    where the sheet lacks a column that is needed. Errors are ordered by row, then from left to right.
    """
    rows = parsed.rows.get(SHEET, ())
    errors = [*parsed.errors, *(found for row in rows for found in _days(parsed.name, row, today))]
    errors += _duplicates(parsed.name, rows)
    errors += (found for row in rows for found in _too_long(parsed.name, row))
    errors.sort(key=lambda error: (error.sheet != SHEET, error.row or 0, column_number(error.cell)))
    wrong = {error.row or HEADER_ROW for error in errors if error.level == "error"}
    usable = () if HEADER_ROW in wrong else tuple(_object(row) for row in rows if row.number not in wrong)
    return usable, tuple(errors)


def _days(book: str, row: Row, today: date) -> Iterator[CellError]:
    """in_future and bad_order; a day that is wrong by itself is left out of the order."""
    before: tuple[Field, date] | None = None
    for column in _DAYS:
        day = _day(row, column)
        if day is None:
            continue
        field = row.fields[column]
        if day > today:
            said = sentence("in_future", column=column, day=day, today=today)
            yield _error(book, row, field, "in_future", said)
            continue
        if before is not None:
            said = _order(field, day, *before)
            if said:
                yield _error(book, row, field, "bad_order", said)
        before = field, day


def _order(field: Field, day: date, earlier: Field, earlier_day: date) -> str:
    """What is wrong with the order of two days; '' where nothing is."""
    after = field.column == _EXTENDED
    if day > earlier_day or (day == earlier_day and not after):
        return ""
    return sentence(
        "bad_order_after" if after else "bad_order_not_before",
        column=field.column,
        day=day,
        cell=field.cell,
        earlier=earlier.column,
        earlier_day=earlier_day,
        earlier_cell=earlier.cell,
    )


def _duplicates(book: str, rows: tuple[Row, ...]) -> Iterator[CellError]:
    """Each further row of the same 类型 and name, whatever else it says."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        kind, name = _text(row, "类型"), _text(row, _NAME)
        if kind is None or name is None:
            continue
        seen = first.setdefault((kind, fold_key(name)), row.number)
        if seen != row.number:
            said = sentence("duplicate_object", value=quoted(name), first=seen, kind=kind)
            yield _error(book, row, row.fields[_NAME], "duplicate_applicant", said)


def _too_long(book: str, row: Row) -> Iterator[CellError]:
    """Texts that no cell of ours has a place for."""
    for column, most in _LONGEST.items():
        text = _text(row, column)
        count = 0 if text is None else max(len(text), len(fold_key(text)))
        if count > most:
            said = sentence("too_long", column=column, count=count, most=most)
            yield _error(book, row, row.fields[column], "too_long", said)


def _error(book: str, row: Row, field: Field, code: str, said: str) -> CellError:
    message = place(book, SHEET, cell=field.cell) + said
    return CellError(book, SHEET, row.number, field.column, field.cell, field.raw, code, message)


def _object(row: Row) -> CohortRow:
    kind = KINDS[_needed(row, "类型")]
    return CohortRow(
        row=row.number,
        city=_needed(row, "推荐单位"),
        kind=kind,
        category=_text(row, "平台类别") if kind == "platform" else None,
        name=_needed(row, _NAME),
        operator=_text(row, "运营主体"),
        uscc=_text(row, "统一社会信用代码"),
        status=STATUSES[_needed(row, "目前状态")],
        confirmed=_day(row, "确定为创建对象日期"),
        confirmed_document=_text(row, "确定文号"),
        extended=_day(row, _EXTENDED),
        recognized=_day(row, "认定日期"),
        recognized_document=_text(row, "认定文号"),
        review_passed=_day(row, "最近一次复核通过日期"),
        review_failed=_day(row, "复核未通过日期"),
        note=_text(row, "备注"),
    )


def _text(row: Row, column: str) -> str | None:
    value = row.value(column)
    return value if isinstance(value, str) else None


def _needed(row: Row, column: str) -> str:
    """A text that a row without errors has."""
    return str(row.value(column))


def _day(row: Row, column: str) -> date | None:
    value = row.value(column)
    return value if isinstance(value, date) else None
