"""What all sheets of the template share: font, tab colours, widths of Chinese text, and a sharp eye on limits."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

FONT = {"font_name": "宋体", "font_size": 11, "font_scheme": "none"}
TABS = {
    "help": "#4A7C59",
    "applicants": "#1F4E79",
    "needed": "#2E75B6",
    "optional": "#A6A6A6",
    "feedback": "#C55A11",
}


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
