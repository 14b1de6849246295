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

Record = dict[str, Any]
Rows = dict[str, tuple[Row, ...]]

APPLICANTS: Final = "推荐汇总表"
ONE_ROW_SHEETS: Final = (APPLICANTS, "平台指标", "基地指标", "申报材料")
MANY_ROW_SHEETS: Final = ("优质企业名录", "线下活动")

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
                {column: _read(column, written) for column, written in line["fields"].items()},
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
    from sheets_schema.schema import load
    from sheets_schema.values import read_text

    sheets = dict(record["rows"])
    for (sheet, column), text in verified.items():
        if sheet not in ONE_ROW_SHEETS:
            raise Refused(f"〔{sheet}〕的数据不能逐格核定，请请推荐单位改表后重新报送。")
        read = read_text(load().sheet(sheet).column(column), text)
        lines = sheets.get(sheet) or [{"row": 0, "key": "", "fields": {}}]
        first = lines[0]
        held = first["fields"].get(column, ["", ""])
        if read.error is not None:
            raise Refused(f"〔{sheet}〕“{column}”的核定值“{text}”不能用：{read.message}")
        field = Field(column, held[0], text, read.value, None, verified=True)
        sheets[sheet] = [first | {"fields": first["fields"] | {column: _written(field)}}, *lines[1:]]
    return record | {"rows": sheets}


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


def _read(column: str, written: list[Any]) -> Field:
    cell, raw, tag, value, error, *verified = written
    return Field(column, cell, raw, _READ[tag](value), error, bool(verified))
