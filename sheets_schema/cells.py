"""The cells of a workbook as received, before anybody interprets them.

A reader of any source (xlsx file, online sheet) turns a book into these; the parser reads nothing else.
Everything is text, so that a book can travel between processes as JSON and no number passes through a
binary float on its way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["text", "number", "date", "boolean", "error", "no_result"]


@dataclass(frozen=True, slots=True)
class RawCell:
    """One filled cell.

    `text` is the text typed; of a number its digits (at most 15 significant ones where the file holds a
    binary float, as the spreadsheet shows them; whole numbers exactly as stored); of a date
    `YYYY-MM-DD HH:MM:SS`; of a boolean `TRUE`/`FALSE`; of an error its sign (`#DIV/0!`); of a formula
    without a stored result the formula itself (kind `no_result`).
    """

    kind: CellKind
    text: str
    formula: bool = False


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One sheet: filled cells by (row, column), both counted from 1. Blank cells are absent."""

    name: str
    cells: dict[tuple[int, int], RawCell]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawBook:
    """One workbook: `name` is its file name (or title), as people know it."""

    name: str
    sheets: tuple[RawSheet, ...] = field(default=())
