"""One cell, typed by its column (contract §2, "Values people really type").

Nothing is guessed: what is not one of the accepted forms is an error that says what to type instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sheets_schema import codes
from sheets_schema.cells import RawCell
from sheets_schema.fold import fold_item, fold_text, fold_width, strip_blanks
from sheets_schema.messages import listed, quoted, sentence
from sheets_schema.rows import Typed
from sheets_schema.schema import Column

ERROR_SIGNS = frozenset(
    [
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#REF!",
        "#VALUE!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
    ]
)

# Digits are told one by one: \d would take the digits of other scripts.
_NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?P<rest>\.[0-9]+)?")
_STORED = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[Ee][+-]?[0-9]{1,3})?")
_LONGEST = 30  # digits of a figure; a spreadsheet keeps 15
_DATES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?)?"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"),
)
_SEPARATORS = re.compile(r"[、､﹑,，﹐;；﹔/／\r\n\u2028\u2029\u0085\v\f]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. Empty: value and error None. In error: its code and a sentence without place.

    `extra` are the items of a list that are not options and do not count, each with its sentence (warnings).
    """

    value: Typed = None
    error: str | None = None
    message: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def empty(self) -> bool:
        """Nothing was typed, or only blanks."""
        return self.value is None and self.error is None


EMPTY = Reading()


def read_value(column: Column, cell: RawCell | None, *, selector: str | None = None) -> Reading:
    """The typed value of a cell: int, Decimal, date, str, a tuple of items, or an error.

    `selector` is the value of the column's `options_by` for this applicant (None: not known).
    """
    if cell is None or not strip_blanks(cell.text):
        return EMPTY
    if cell.kind == "no_result":
        return _wrong(column, cell, "formula_error", "formula_no_result")
    if cell.kind == "error" or fold_width(cell.text).upper() in ERROR_SIGNS:
        return _wrong(column, cell, "formula_error")
    if column.type in ("choice", "choices"):
        return _CHOICES[column.type](column, cell, column.options_for(selector))
    return _READERS[column.type](column, cell)


def read_text(column: Column, text: str, *, selector: str | None = None) -> Reading:
    """As `read_value`, for a text that a person types in the app (核定值)."""
    return read_value(column, RawCell("text", text), selector=selector)


def plain(cell: RawCell) -> str:
    """The text of a cell as people see it: a number without `.0` or exponent, a day without midnight."""
    if cell.kind == "date":
        return cell.text.removesuffix(" 00:00:00")
    if cell.kind == "number" and _STORED.fullmatch(cell.text):
        digits = f"{Decimal(cell.text):f}"
        return digits.rstrip("0").rstrip(".") if "." in digits else digits
    return strip_blanks(cell.text)


def _wrong(column: Column, cell: RawCell, code: str, key: str | None = None, **values: object) -> Reading:
    return Reading(None, code, _about(column, key or code, **({"value": quoted(cell.text)} | values)))


def _about(column: Column, key: str, **values: object) -> str:
    known = {"column": quoted(column.name), "example": column.example, "unit": column.unit}
    return sentence(key, **(known | values))


def _text(_column: Column, cell: RawCell) -> Reading:
    return Reading(plain(cell))


def _number(column: Column, cell: RawCell) -> Reading:
    if cell.kind == "date":
        return _wrong(column, cell, "not_a_number", "not_a_number_date", value=plain(cell))
    number = _stored(cell.text) if cell.kind == "number" else _typed(column, cell) if cell.kind == "text" else None
    if number is None:
        return _wrong(column, cell, "not_a_number")
    if len(number.as_tuple().digits) > _LONGEST or abs(number.adjusted()) > _LONGEST:
        return _wrong(column, cell, "not_a_number", "not_a_number_long")
    if column.type == "integer" and number != number.to_integral_value():
        return _wrong(column, cell, "not_an_integer")
    if number < 0:
        return _wrong(column, cell, "negative")
    return Reading(int(number) if column.type == "integer" else number.copy_abs())


def _stored(text: str) -> Decimal | None:
    """The figure of a number cell; its text may carry an exponent, which nobody typed."""
    return Decimal(text) if _STORED.fullmatch(text) else None


def _typed(column: Column, cell: RawCell) -> Decimal | None:
    """The figure of a text: strict digits, right grouping, at the end the header's own unit."""
    text = fold_width(cell.text).replace("\u2212", "-")
    if column.unit and text.endswith(column.unit):
        text = strip_blanks(text.removesuffix(column.unit))
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    return Decimal(found["sign"] + found["whole"].replace(",", "") + (found["rest"] or ""))


def _date(column: Column, cell: RawCell) -> Reading:
    if cell.kind == "number":
        return _wrong(column, cell, "not_a_date", "not_a_date_number")
    if cell.kind == "boolean":
        return _wrong(column, cell, "not_a_date")
    text = fold_width(cell.text)
    found = next((match for form in _DATES if (match := form.fullmatch(text))), None)
    if found is None:
        return _wrong(column, cell, "not_a_date")
    year, month, day, *time = (int(part) for part in found.groups() if part is not None)
    try:
        made = date(year, month, day)
    except ValueError:
        return _wrong(column, cell, "not_a_date", "not_a_date_impossible")
    if any(part > most for part, most in zip(time, (23, 59, 59), strict=False)):
        return _wrong(column, cell, "not_a_date", "not_a_date_impossible")
    return Reading(made)


def _choice(column: Column, cell: RawCell, options: tuple[str, ...]) -> Reading:
    folded = fold_text(cell.text)
    found = next((option for option in options if fold_text(option) == folded), None)
    if found is None:
        return _wrong(column, cell, "not_in_list", options=listed(options))
    return Reading(found)


def _choices(column: Column, cell: RawCell, options: tuple[str, ...]) -> Reading:
    known = {fold_item(option): option for option in options}
    pieces = [piece for piece in map(strip_blanks, _SEPARATORS.split(cell.text)) if piece]
    if not pieces:
        return _wrong(column, cell, "not_in_list", "not_in_list_nothing", options=listed(options))
    kept: dict[str, None] = {}
    extra: list[tuple[str, str]] = []
    for piece in pieces:
        option = known.get(fold_item(piece))
        if option is not None:
            kept[option] = None
        elif column.outside == "not_in_list":
            return _wrong(column, cell, "not_in_list", "not_in_list_item", item=quoted(piece), options=listed(options))
        else:
            extra.append((piece, _about(column, "extra_item", item=quoted(piece), options=listed(options))))
    return Reading(tuple(kept), extra=tuple(extra))


def _uscc(column: Column, cell: RawCell) -> Reading:
    text = plain(cell) if cell.kind == "number" else cell.text
    if cell.kind == "number" and codes.rounded(cell.text, text):
        return _wrong(column, cell, "bad_uscc", "bad_uscc_rounded")
    code = fold_width(text).upper()
    fault = codes.uscc_fault(code)
    if fault is None:
        return Reading(code)
    key, character = fault
    return _wrong(column, cell, "bad_uscc", key, count=len(code), character=character)


def _phone(column: Column, cell: RawCell) -> Reading:
    if cell.kind == "number":
        mobile = codes.mobile(plain(cell))
        return Reading(mobile) if mobile else _wrong(column, cell, "bad_phone", "bad_phone_number")
    found = codes.phone(fold_width(cell.text)) if cell.kind == "text" else None
    return Reading(found) if found else _wrong(column, cell, "bad_phone")


def _industry_code(column: Column, cell: RawCell) -> Reading:
    code = plain(cell) if cell.kind == "number" else fold_width(cell.text)
    if codes.is_industry_code(code):
        return Reading(code)
    short = cell.kind == "number" and len(code) < codes.INDUSTRY_DIGITS
    return _wrong(column, cell, "bad_industry_code", "bad_industry_code_number" if short else None)


_READERS: dict[str, Callable[[Column, RawCell], Reading]] = {
    "text": _text,
    "id": _text,
    "integer": _number,
    "decimal": _number,
    "date": _date,
    "uscc": _uscc,
    "phone": _phone,
    "industry_code": _industry_code,
}
_CHOICES: dict[str, Callable[[Column, RawCell, tuple[str, ...]], Reading]] = {
    "choice": _choice,
    "choices": _choices,
}
