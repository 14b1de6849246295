"""One cell: what was typed, what it is worth, how it is shown. A cell is a CellData that nobody changes in place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tests.sheets_emulator import formats
from tests.sheets_emulator.problems import Json, invalid

SETTABLE = ("userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns", "hyperlink")
LONGEST = 50_000
NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?(?:[eE][-+]?\d+)?(%)?")
ERRORS = {
    "#NULL!": "NULL_VALUE",
    "#DIV/0!": "DIVIDE_BY_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "N_A",
    "#ERROR!": "ERROR",
}
DATE_FORMS = (
    (re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"), (1, 2, 3), "yyyy-mm-dd"),
    (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})"), (1, 2, 3), "yyyy/m/d"),
    (re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), (1, 2, 3), 'yyyy"年"m"月"d"日"'),
    (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})"), (3, 1, 2), "m/d/yyyy"),
    (re.compile(r"(\d{1,2})[-/](\d{1,2})"), (0, 1, 2), "m/d"),
)
TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def value_of(cell: Json | None) -> Json | None:
    """The ExtendedValue that was entered."""
    return None if cell is None else cell.get("userEnteredValue")


def raw(value: Any) -> Json | None:
    """A JSON value as RAW takes it: text stays text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return {"numberValue": value}
    if isinstance(value, str):
        _fits(value)
        return {"stringValue": value}
    raise invalid("Invalid values[0][0]: " + ("struct_value" if isinstance(value, dict) else "list_value"))


def typed(value: Any, number_format: Json | None) -> tuple[Json | None, Json | None]:
    """A JSON value as USER_ENTERED takes it, and the number format that typing brings with it."""
    if not isinstance(value, str) or value == "":
        return raw(value), None
    _fits(value)
    if value.startswith("=") and len(value) > 1:
        return {"formulaValue": value}, None
    if (number_format or {}).get("type") == "TEXT":
        return {"stringValue": value}, None
    if value.startswith("'"):
        return {"stringValue": value[1:]}, None
    text = value.strip()
    if text.upper() in ("TRUE", "FALSE"):
        return {"boolValue": text.upper() == "TRUE"}, None
    if text.upper() in ERRORS:
        return {"formulaValue": "=" + text.upper()}, None
    if (number := _number(text)) is not None:
        return number
    if (date := _date(text)) is not None:
        return date
    return {"stringValue": value}, None


def _fits(text: str) -> None:
    if len(text) > LONGEST:
        raise invalid(f"Your input contains more than the maximum of {LONGEST} characters in a single cell.")


def _number(text: str) -> tuple[Json, Json | None] | None:
    found = NUMBER.fullmatch(text)
    if not found or not re.search(r"\d", text):
        return None
    number = float(text.rstrip("%").replace(",", ""))
    whole = int(number) if number == int(number) and abs(number) < 1e15 else number
    if found[1]:
        kind = {"type": "PERCENT", "pattern": "0.00%" if "." in text else "0%"}
        return {"numberValue": round(number / 100, 12)}, kind
    if "," in text:
        return {"numberValue": whole}, {"type": "NUMBER", "pattern": "#,##0.00" if "." in text else "#,##0"}
    if "e" in text.lower():
        return {"numberValue": whole}, {"type": "SCIENTIFIC", "pattern": "0.00E+00"}
    return {"numberValue": whole}, None


def _date(text: str) -> tuple[Json, Json] | None:
    day, _, clock = text.partition(" ")
    for form, places, pattern in DATE_FORMS:
        if not (found := form.fullmatch(day)):
            continue
        year, month, date = (int(found[place]) if place else datetime.now(UTC).year for place in places)
        try:
            serial: float = (datetime(year, month, date, tzinfo=UTC) - formats.EPOCH).days
        except ValueError:
            return None
        if not clock:
            return {"numberValue": serial}, {"type": "DATE", "pattern": pattern}
        if (part := _time(clock.strip())) is not None:
            return {"numberValue": serial + part}, {"type": "DATE_TIME", "pattern": pattern + " h:mm:ss"}
        return None
    if (part := _time(text)) is not None:
        return {"numberValue": part}, {"type": "TIME", "pattern": "h:mm:ss" if text.count(":") == 2 else "h:mm"}
    return None


def _time(text: str) -> float | None:
    found = TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    return (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)) / 86400


def checked(value: Json) -> Json | None:
    """An ExtendedValue as a request gives it; an empty text clears the cell."""
    if len(value) > 1:
        raise invalid("Only one of the fields of an ExtendedValue may be set.")
    if "errorValue" in value:
        raise invalid("User entered errors are not supported.")
    if "formulaValue" in value and not str(value["formulaValue"]).startswith("="):
        raise invalid(f'Formula values must start with "=": {value["formulaValue"]}')
    for text in (value.get("stringValue"), value.get("formulaValue")):
        if text is not None:
            _fits(text)
    return None if value == {} or value.get("stringValue") == "" else value


def number_format(cell: Json | None) -> Json:
    """The number format of a cell, empty where it has none."""
    found = ((cell or {}).get("userEnteredFormat") or {}).get("numberFormat")
    return found if isinstance(found, dict) else {}


def shown(effective: Json | None, cell: Json | None) -> str:
    """The text a person sees."""
    if effective is None:
        return ""
    ((kind, value),) = effective.items()
    if kind == "stringValue":
        return str(value)
    if kind == "boolValue":
        return "TRUE" if value else "FALSE"
    if kind == "errorValue":
        return next(text for text, name in ERRORS.items() if name == value["type"])
    form = number_format(cell)
    return formats.shown(value, form.get("type", ""), form.get("pattern", ""))


def plain(effective: Json | None, cell: Json | None, render: str, dates: str) -> Any:
    """A value as `values` answers give it, by valueRenderOption and dateTimeRenderOption."""
    entered = value_of(cell)
    if render == "FORMULA" and entered and "formulaValue" in entered:
        return entered["formulaValue"]
    if effective is None:
        return ""
    ((kind, value),) = effective.items()
    is_date = kind == "numberValue" and number_format(cell).get("type") in formats.DATES
    if render == "FORMATTED_VALUE" or kind == "errorValue" or (is_date and dates == "FORMATTED_STRING"):
        return shown(effective, cell)
    return value
