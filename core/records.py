"""What a city submitted for one applicant, as a JSON-able record: every typed cell of every sheet, exact.

    {"rows": {sheet: [{"row": 5, "key": "sy-001",
                       "fields": {column: [cell, raw, tag, value, error]}}]}}

`tag` tells the type of `value`: `s` text, `i` whole number, `d` decimal, `t` date (the last three as text),
`l` list of texts, `n` nothing. A sixth element `true` marks a verified value (核定值).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.errors import Refused
from sheets_schema.rows import Field, ParsedBook, Row, Typed
from sheets_schema.schema import Column, load
from sheets_schema.values import read_text

Record = dict[str, Any]
Rows = dict[str, tuple[Row, ...]]

APPLICANTS: Final = "推荐汇总表"
ONE_ROW_SHEETS: Final = (APPLICANTS, "平台指标", "基地指标", "申报材料")
MANY_ROW_SHEETS: Final = ("优质企业名录", "线下活动")

_PLAIN: Final = 5  # elements of a value that is not verified
_READ: Final[dict[str, Callable[[Any], Typed]]] = {
    "n": lambda _: None,
    "s": str,
    "i": int,
    "d": Decimal,
    "t": date.fromisoformat,
    "l": tuple,
}


def applicant_rows(parsed: ParsedBook) -> tuple[Rows, ...]:
    """The rows of each applicant of a book, in the order of 推荐汇总表; further rows of a 编号 are left out.

    A row without a 编号 is an applicant of its own, whose other sheets cannot be found.
    """
    singles = {sheet: parsed.first_rows(sheet) for sheet in ONE_ROW_SHEETS[1:]}
    many: dict[str, dict[str, list[Row]]] = {sheet: {} for sheet in MANY_ROW_SHEETS}
    for sheet, by_key in many.items():
        for row in parsed.rows.get(sheet, ()):
            by_key.setdefault(row.key, []).append(row)
    found: list[Rows] = []
    seen: set[str] = set()
    for row in parsed.rows.get(APPLICANTS, ()):
        if row.key and row.key in seen:
            continue
        seen.add(row.key)
        rows: Rows = {APPLICANTS: (row,)}
        if row.key:
            rows |= {sheet: (by[row.key],) for sheet, by in singles.items() if row.key in by}
            rows |= {sheet: tuple(lines[row.key]) for sheet, lines in many.items() if row.key in lines}
        found.append(rows)
    return tuple(found)


def records_of(parsed: ParsedBook) -> tuple[tuple[str, Record], ...]:
    """(folded 编号, record) of each applicant of a book, those that cannot be judged included."""
    return tuple((rows[APPLICANTS][0].key, to_record(rows)) for rows in applicant_rows(parsed))


def to_record(rows: Mapping[str, Iterable[Row]]) -> Record:
    """The record of an applicant's rows."""
    return {
        "rows": {
            sheet: [
                {
                    "row": row.number,
                    "key": row.key,
                    "fields": {column: _written(field) for column, field in row.fields.items()},
                }
                for row in lines
            ]
            for sheet, lines in rows.items()
        }
    }


def from_record(record: Record) -> Rows:
    """The rows of a record; the inverse of `to_record`."""
    return {
        sheet: tuple(
            Row(
                sheet,
                line["row"],
                line["key"],
                {
                    column: Field(column, w[0], w[1], _READ[w[2]](w[3]), w[4], len(w) > _PLAIN)
                    for column, w in line["fields"].items()
                },
            )
            for line in lines
        )
        for sheet, lines in record["rows"].items()
    }


def with_verified(record: Record, verified: Mapping[tuple[str, str], str]) -> Record:
    """A copy in which 核定值 stand in the place of what was reported: {(sheet, column): text as typed}.

    Only on sheets with one row an applicant. A text that cannot be read is refused with the sentence that a
    city would get; an empty one means that the value is not there.
    """
    sheets = {sheet: list(lines) for sheet, lines in record["rows"].items()}
    again = _reselect(sheets, verified)
    for (sheet, column), text in (dict(verified) | again).items():
        if sheet not in ONE_ROW_SHEETS:
            raise Refused(f"〔{sheet}〕的数据不能逐格核定，请推荐单位改表后重新报送。")
        declared = _column(sheet, column)
        lines = sheets.setdefault(sheet, [{"row": 0, "key": "", "fields": {}}])
        fields = lines[0]["fields"]
        cell, raw = fields.get(column, ["", ""])[:2]
        if (sheet, column) in verified:
            raw = text
        read = read_text(declared, raw, selector=_selector(declared, verified, sheets))
        if read.error is not None and (sheet, column) in verified:
            raise Refused(f"〔{sheet}〕“{column}”的核定值“{text}”不能用：{read.message}")
        field = Field(column, cell, raw, read.value, read.error, verified=(sheet, column) in verified)
        sheets[sheet] = [lines[0] | {"fields": fields | {column: _written(field)}}, *lines[1:]]
    return record | {"rows": sheets}


def _column(sheet: str, column: str) -> Column:
    try:
        return load().sheet(sheet).column(column)
    except KeyError:
        raise Refused(f"〔{sheet}〕没有“{column}”这一列。") from None


def _reselect(
    sheets: Mapping[str, list[dict[str, Any]]], verified: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], str]:
    """Reported lists whose options hang on a verified column: they are read again, as the city typed them."""
    return {
        (sheet, column.name): ""
        for sheet in ONE_ROW_SHEETS
        for column in load().sheet(sheet).columns
        if column.options_of
        and (column.options_sheet, column.options_by) in verified
        and (sheet, column.name) not in verified
        and sheets.get(sheet)
        and column.name in sheets[sheet][0]["fields"]
    }


def _selector(
    column: Column, verified: Mapping[tuple[str, str], str], sheets: Mapping[str, list[dict[str, Any]]]
) -> str | None:
    if not column.options_of:
        return None
    by = (column.options_sheet, column.options_by)
    if by in verified:
        value = read_text(_column(*by), verified[by]).value
    else:
        lines = sheets.get(by[0]) or [{"fields": {}}]
        written = lines[0]["fields"].get(by[1])
        value = None if written is None else _READ[written[2]](written[3])
    return value if isinstance(value, str) else None


def shown(written: list[Any] | None) -> str:
    """What a city typed, for people to read: a date without the midnight that a date cell carries; '' where empty."""
    if written is None:
        return ""
    raw, tag = str(written[1] or ""), written[2]
    return raw.removesuffix(" 00:00:00") if tag == "t" else raw


def masked(field: Field, code: str) -> Field:
    """The field as one in error: its value may not be used."""
    return replace(field, value=None, error=code)


def _written(field: Field) -> list[Any]:
    tag, value = _tagged(field.value)
    made = [field.cell, field.raw, tag, value, field.error]
    return [*made, True] if field.verified else made


def _tagged(value: Typed) -> tuple[str, Any]:
    match value:
        case None:
            return "n", None
        case str():
            return "s", value
        case int():
            return "i", str(value)
        case Decimal():
            return "d", str(value)
        case date():
            return "t", value.isoformat()
        case _:
            return "l", list(value)
