"""What an online sheet looks like: the look of the file's sheets in Google's words."""

from __future__ import annotations

from math import ceil
from typing import Any, Final

from sheets_schema.online_rules import color
from sheets_schema.schema import Column
from sheets_schema.template_look import DATE_FORM, HEADERS, TEXT_FORM, TEXT_TYPES, column_width, header_kind

_CHARACTER: Final = 7.5  # pixels a narrow character takes
_POINT: Final = 4 / 3  # pixels
_EDGE: Final = {"style": "SOLID", "colorStyle": {"rgbColor": color("#8EA9DB")}}
_FAINT: Final = {"style": "SOLID", "colorStyle": {"rgbColor": color("#BFBFBF")}}
_SIDES: Final = ("top", "bottom", "left", "right")
_CENTER: Final = {"horizontalAlignment": "CENTER"}


def header_look(column: Column | None) -> dict[str, Any]:
    """The header of a column; None: of a sheet that is not filled in by cities."""
    back, front = HEADERS[header_kind(column)]
    return {
        **_filled(back),
        **_CENTER,
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
        "borders": dict.fromkeys(_SIDES, _EDGE),
        "textFormat": {"bold": True, "foregroundColorStyle": {"rgbColor": color(front)}},
    }


def cell_look(column: Column) -> dict[str, Any]:
    """The cells below it. Codes are text before anybody types them, else their zeros in front are gone."""
    look: dict[str, Any] = {"verticalAlignment": "MIDDLE"}
    if form := cell_form(column):
        look["numberFormat"] = form
    if column.type in ("choice", "date", "industry_code"):
        look |= _CENTER
    if column.type in ("text", "choices"):
        look |= {"verticalAlignment": "TOP", "wrapStrategy": "WRAP"}
    return look


def cell_form(column: Column) -> dict[str, str] | None:
    """The number format that the cells of a column need before they are filled; None where any will do."""
    if column.type in TEXT_TYPES:
        return {"type": "TEXT", "pattern": TEXT_FORM}
    return {"type": "DATE", "pattern": DATE_FORM} if column.type == "date" else None


def page_look(kind: str) -> dict[str, Any]:
    """A line of the help page, by its kind."""
    table: dict[str, Any] = {
        "wrapStrategy": "WRAP",
        "verticalAlignment": "MIDDLE",
        "borders": dict.fromkeys(_SIDES, _FAINT),
    }
    match kind:
        case "title":
            return {"verticalAlignment": "MIDDLE", "textFormat": {"bold": True, "fontSize": 16}}
        case "section":
            blue = {"foregroundColorStyle": {"rgbColor": color("#1F4E79")}}
            return {"verticalAlignment": "MIDDLE", "textFormat": {"bold": True} | blue}
        case "head":
            return table | _filled("#DDEBF7") | _CENTER | {"textFormat": {"bold": True}}
        case "cell":
            return table
        case _:
            return {"verticalAlignment": "MIDDLE"}


def _filled(sign: str) -> dict[str, Any]:
    return {"backgroundColorStyle": {"rgbColor": color(sign)}}


def wide(column: Column) -> int:
    """Pixels of a column."""
    return pixels_wide(column_width(column))


def pixels_wide(characters: float) -> int:
    """Pixels that so many narrow characters take."""
    return ceil(characters * _CHARACTER)


def pixels_high(points: float) -> int:
    """Pixels of so many points."""
    return ceil(points * _POINT)
