"""What is wrong with the cells of an uploaded workbook, as a table."""

from __future__ import annotations

from collections.abc import Sequence

from pages._parts.tables import page_of, show_table
from sheets_schema.errors import CellError

PAGE = 50
LEVELS = {"error": "✗ 须改正", "warning": "请核对"}


def show_errors(errors: Sequence[CellError], key: str) -> None:
    """Each with its cell, what stands there, and what to type instead."""
    rows = page_of(len(errors), size=PAGE, key=key)
    show_table(
        ["单元格", "列", "现在填的", "级别", "问题和改法"],
        [
            [error.cell or error.sheet, error.column or "", _short(error.value), LEVELS[error.level], _said(error)]
            for error in errors[rows]
        ],
        nowrap=["单元格", "级别"],
    )


def _short(value: str | None) -> str:
    text = value or ""
    return text if len(text) <= PAGE else f"{text[:PAGE]}…"


def _said(error: CellError) -> str:
    """The sentence without its place, which has a column of its own."""
    return error.message.removeprefix(f"{error.book}〔{error.sheet}〕").partition("：")[2]
