"""What all templates share, files and online sheets: font, colours, widths of Chinese text, an eye on limits."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from math import ceil
from typing import Final

from sheets_schema.schema import BookSchema, Column, Sheet

FONT = {"font_name": "宋体", "font_size": 11, "font_scheme": "none"}
TABS = {
    "help": "#4A7C59",
    "applicants": "#1F4E79",
    "needed": "#2E75B6",
    "optional": "#A6A6A6",
    "feedback": "#C55A11",
}
# Background and text of a header, by what `header_kind` says.
HEADERS: Final = {
    "always": ("#1F4E79", "#FFFFFF"),
    "sometimes": ("#BDD7EE", "#1F3864"),
    "never": ("#E7E6E6", "#404040"),
}
# Background and text of a cell that 审核反馈 names, by 级别 in this order; '' stands for all other levels.
MARKS: Final = {
    "错误": ("#FFC7CE", "#9C0006"),
    "缺数据": ("#FFC7CE", "#9C0006"),
    "": ("#FFEB9C", "#7F6000"),
}
TEXT_FORM: Final = "@"
DATE_FORM: Final = "yyyy-mm-dd"
TEXT_TYPES: Final = ("text", "id", "choice", "choices", "uscc", "phone", "industry_code")
_WIDTHS = {"text": 16, "id": 12, "date": 13, "choice": 11, "choices": 24, "uscc": 22, "phone": 18}
_ONE_LINE = 16  # columns, up to which a header stands in one line


class TemplateRefused(Exception):
    """The workbook cannot hold what is asked of it: names sheet and column."""


def checked(code: int | None, place: str) -> None:
    """XlsxWriter answers with a non-zero code, writes the file without the thing, and goes on: not here."""
    if code:
        raise TemplateRefused(f"{place}: over a limit of the spreadsheet format (code {code})")


@lru_cache(maxsize=1 << 12)
def display_width(text: str) -> int:
    """Columns that a text takes: two for a Chinese character, one for others."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def column_width(column: Column) -> int:
    """Wide enough for the header (long ones in two lines) and for the data."""
    header = display_width(column.name)
    needed = header + 2 if header <= _ONE_LINE else ceil(header / 2) + 2
    return max(column.width or _WIDTHS.get(column.type, 10), needed)


def header_kind(column: Column | None) -> str:
    """Which of HEADERS: the colour says whether the column must be filled in. None: a sheet that is not filled in."""
    mode = "never" if column is None else column.required.mode
    return mode if mode in ("always", "never") else "sometimes"


def tab_kind(sheet: Sheet) -> str:
    """Which of TABS."""
    if sheet.filled_by == "province":
        return "feedback"
    return {"always": "applicants", "when": "needed"}.get(sheet.needed.mode, "optional")


def frozen_columns(schema: BookSchema, sheet: Sheet) -> int:
    """Columns that stay in sight: up to what names the row."""
    if sheet.key is None and sheet.name == schema.applicants:
        return sheet.column(schema.name_column).index
    return 1 if sheet.key else 0
