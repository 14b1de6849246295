"""Rows and columns put in and taken out: everything that stands further down or to the right moves along."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.sheets_emulator import formulas, grid
from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.problems import Json, invalid

Move = Callable[[int], int | None]  # where a row or column goes; None where it is gone
BOUNDS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}


def insert(book: Book, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """Put in empty rows or columns before the one that starts at `start`."""
    rows = dimension == "ROWS"
    sheet.resize(sheet.rows + (count if rows else 0), sheet.columns + (0 if rows else count))
    book.small_enough()
    _apply(book, sheet, dimension, lambda place: place if place < start else place + count)


def delete(book: Book, sheet: Sheet, dimension: str, start: int, end: int) -> None:
    """Take out rows or columns from `start` up to and without `end`."""
    rows = dimension == "ROWS"
    if end - start >= (sheet.rows if rows else sheet.columns):
        raise invalid(f"You can't delete all the {dimension.lower()} on the sheet.")
    gone = end - start
    _apply(
        book,
        sheet,
        dimension,
        lambda place: place if place < start else (None if place < end else place - gone),
    )
    sheet.resize(sheet.rows - (gone if rows else 0), sheet.columns - (0 if rows else gone))


def _apply(book: Book, sheet: Sheet, dimension: str, move: Move) -> None:
    rows = dimension == "ROWS"
    kept = {}
    for (row, column), cell in sheet.cells.items():
        place = move(row if rows else column)
        if place is not None:
            kept[(place, column) if rows else (row, place)] = cell
    sheet.cells = kept
    data = {place: each for at, each in (sheet.row_data if rows else sheet.column_data).items()
            if (place := move(at)) is not None}  # fmt: skip
    if rows:
        sheet.row_data = data
    else:
        sheet.column_data = data
    _lift(book, sheet, dimension, move)
    for each in book.sheets:
        for at, cell in list(each.cells.items()):
            entered = cell.get("userEnteredValue") or {}
            if "formulaValue" in entered:
                formula = _rewritten(book, each, sheet, dimension, move, entered["formulaValue"])
                each.cells[at] = cell | {"userEnteredValue": {"formulaValue": formula}}


def _lift(book: Book, sheet: Sheet, dimension: str, move: Move) -> None:
    """Move every range that lies over the sheet; one that has lost all its rows or columns is gone."""

    def moved(ranges: Json) -> Json | None:
        if ranges.get("sheetId", 0) != sheet.id:
            return ranges
        return shifted(ranges, dimension, move)

    sheet.merges = [now for each in sheet.merges if (now := moved(each)) is not None and _many(now)]
    rules = []
    for rule in sheet.rules:
        ranges = [now for each in rule["ranges"] if (now := moved(each)) is not None]
        if ranges:
            rules.append(rule | {"ranges": ranges})
    sheet.rules = rules
    kept = []
    for each in sheet.protected:
        now = moved(each["range"])
        if now is not None:
            holes = [hole for one in each.get("unprotectedRanges", ()) if (hole := moved(one)) is not None]
            kept.append(each | {"range": now} | ({"unprotectedRanges": holes} if holes else {}))
    sheet.protected = kept
    if sheet.basic_filter is not None:
        now = moved(sheet.basic_filter["range"])
        sheet.basic_filter = None if now is None else sheet.basic_filter | {"range": now}
    book.names = [each | {"range": now} for each in book.names if (now := moved(each["range"])) is not None]
    book.metadata = [now for each in book.metadata if (now := _metadata(each, sheet, dimension, move)) is not None]


def _metadata(each: Json, sheet: Sheet, dimension: str, move: Move) -> Json | None:
    place = each["location"].get("dimensionRange")
    if not place or place.get("sheetId", 0) != sheet.id or place["dimension"] != dimension:
        return each
    start = move(place.get("startIndex", 0))
    if start is None:
        return None
    return each | {
        "location": each["location"] | {"dimensionRange": place | {"startIndex": start, "endIndex": start + 1}}
    }


def _many(merge: Json) -> bool:
    rows = int(merge["endRowIndex"]) - int(merge["startRowIndex"])
    return rows * (int(merge["endColumnIndex"]) - int(merge["startColumnIndex"])) > 1


def shifted(given: Json, dimension: str, move: Move) -> Json | None:
    """A GridRange after rows or columns have moved; None where nothing of it is left."""
    first, last = BOUNDS[dimension]
    result = dict(given)
    start, end = given.get(first), given.get(last)
    if start is not None:
        place = start
        while (now := move(place)) is None:
            place += 1
            if end is not None and place >= end:
                return None
        result[first] = now
    if end is not None:
        place = end - 1
        while (now := move(place)) is None:
            place -= 1
            if place < (start or 0):
                return None
        result[last] = now + 1
    return result


def _rewritten(book: Book, home: Sheet, sheet: Sheet, dimension: str, move: Move, formula: str) -> str:
    def again(found: re.Match[str]) -> str:
        title, rest = grid.split(found[0])
        target = home if title is None else book.titled(title)
        if target is not sheet:
            return found[0]
        ends = [_end(each, dimension, move) for each in rest.split(":")]
        if None in ends:
            return "#REF!"
        return found[0].removesuffix(rest) + ":".join(str(each) for each in ends)

    return re.sub(formulas.REFERENCE, again, formula)


def relative(formula: str, down: int, along: int) -> str:
    """A formula copied to another cell: references move along, but for what a `$` holds."""

    def moved(found: re.Match[str]) -> str:
        _, rest = grid.split(found[0])
        ends = [re.fullmatch(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)", each) for each in rest.split(":")]
        new = []
        for end in ends:
            if end is None:
                return found[0]
            column, row = grid.column(end[2]) + (0 if end[1] else along), int(end[4]) + (0 if end[3] else down)
            if column < 0 or row < 1:
                return "#REF!"
            new.append(f"{end[1]}{grid.letters(column)}{end[3]}{row}")
        return found[0].removesuffix(rest) + ":".join(new)

    return re.sub(formulas.REFERENCE, moved, formula)


def _end(text: str, dimension: str, move: Move) -> str | None:
    found = re.fullmatch(r"(\$?)([A-Za-z]{1,3})(\$?)(\d+)", text)
    if found is None:
        return text
    letters, number = found[2], found[4]
    if dimension == "ROWS":
        place = move(int(number) - 1)
        if place is None:
            return None
        number = str(place + 1)
    else:
        place = move(grid.column(letters))
        if place is None:
            return None
        letters = grid.letters(place)
    return f"{found[1]}{letters}{found[3]}{number}"
