"""Places in a sheet: A1 notation, column letters, rectangles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.sheets_emulator.problems import Json

A1 = re.compile(r"\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?(?::\$?([A-Za-z]{1,3})?\$?([1-9]\d*)?)?")
R1C1 = re.compile(r"R([1-9]\d*)C([1-9]\d*)(?::R([1-9]\d*)C([1-9]\d*))?")
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
BOUNDS = ("startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex")


def letters(column: int) -> str:
    """0 -> A, 26 -> AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def column(name: str) -> int:
    """A -> 0, AA -> 26."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


@dataclass(frozen=True)
class Area:
    """A rectangle of a sheet, counted from 0; bottom and right are the first that no longer belong to it."""

    sheet: int
    top: int
    bottom: int
    left: int
    right: int

    def meets(self, other: Area) -> bool:
        """Whether the two share a cell."""
        return (
            self.sheet == other.sheet
            and self.top < other.bottom
            and other.top < self.bottom
            and self.left < other.right
            and other.left < self.right
        )

    def holds(self, other: Area) -> bool:
        """Whether the other lies wholly inside."""
        return (
            self.sheet == other.sheet
            and self.top <= other.top
            and other.bottom <= self.bottom
            and self.left <= other.left
            and other.right <= self.right
        )

    def json(self) -> Json:
        """As a GridRange."""
        return {"sheetId": self.sheet} | dict(zip(BOUNDS, (self.top, self.bottom, self.left, self.right), strict=True))


@dataclass(frozen=True)
class Span:
    """What an A1 text names: each bound None where it names none."""

    top: int | None = None
    bottom: int | None = None
    left: int | None = None
    right: int | None = None


def quoted(title: str) -> str:
    """A sheet's name as it stands before the `!` of a range."""
    return title if PLAIN.fullmatch(title) and span(title) is None else "'" + title.replace("'", "''") + "'"


def split(text: str) -> tuple[str | None, str]:
    """The sheet's name (None where there is none) and what follows the `!`."""
    if text.startswith("'"):
        end = re.match(r"'((?:[^']|'')*)'(?:!(.*))?$", text, re.S)
        if end:
            return end[1].replace("''", "'"), end[2] or ""
    name, mark, rest = text.rpartition("!")
    return (name, rest) if mark else (None, text)


def span(text: str) -> Span | None:
    """An A1 or R1C1 text without a sheet's name; None where it is neither."""
    if found := R1C1.fullmatch(text):
        numbers = [int(part) - 1 if part else None for part in found.groups()]
        return _ordered(numbers[0], numbers[2] if found[3] else numbers[0], numbers[1], numbers[3] or numbers[1])
    found = A1.fullmatch(text)
    if not found or not text:
        return None
    first, top, last, bottom = found.groups()
    if ":" not in text:
        if not (first and top):
            return None
        last, bottom = first, top
    elif not (first or top) or not (last or bottom):
        return None
    return _ordered(
        int(top) - 1 if top else None,
        int(bottom) - 1 if bottom else None,
        column(first) if first else None,
        column(last) if last else None,
    )


def _ordered(top: int | None, bottom: int | None, left: int | None, right: int | None) -> Span:
    if top is not None and bottom is not None and top > bottom:
        top, bottom = bottom, top
    if left is not None and right is not None and left > right:
        left, right = right, left
    return Span(top, None if bottom is None else bottom + 1, left, None if right is None else right + 1)


def a1(title: str, area: Area) -> str:
    """`Sheet1!A1:D2`."""
    start = f"{letters(area.left)}{area.top + 1}"
    end = f"{letters(area.right - 1)}{area.bottom}"
    return f"{quoted(title)}!{start if start == end else start + ':' + end}"
