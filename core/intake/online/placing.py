"""Where the rows of a book as taken in stand by now: people insert, delete and sort while the province reads.

A row is known by what stands in it, else by its 编号 where that is the only one of its sheet, then and now; a column
by its header. What is not found for certain has no place: a wrong cell would send people to somebody else's figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.intake.feedback import FeedbackRow
from sheets_schema.cells import RawBook, RawSheet
from sheets_schema.fold import fold_header, fold_key, strip_blanks
from sheets_schema.layout import HEADER_ROW, cell_name, column_number
from sheets_schema.schema import load

# column, kind, text: what stands in a row; the columns are those of the book as taken in
Content = tuple[tuple[int, str, str], ...]


_CELL = "[A-Z]{1,3}[1-9][0-9]{0,6}"
_SHEETS = "|".join(re.escape(sheet.name) for sheet in load().sheets)
# how sentences name cells: 平台指标!K2、L2 or 平台指标!K2至K9; 请核对 K2 和 L2
_OF_A_SHEET = re.compile(f"({_SHEETS})!({_CELL}(?:[、至]{_CELL})*)")
_OF_THE_ROW = re.compile(f"(?<=请核对 ){_CELL}(?: 和 {_CELL})?")


def located(taken: RawBook, now: RawBook, rows: Sequence[FeedbackRow]) -> list[FeedbackRow]:
    """The lines of 审核反馈 with the cells of today, in their sentences, too.

    A cell that is nowhere to be found is '', and in a sentence 原 with the one of then.
    """
    known: dict[str, _Moves | None] = {}

    def today(sheet: str, cell: str) -> str:
        if sheet not in known:
            before, after = _sheet(taken, sheet), _sheet(now, sheet)
            known[sheet] = _Moves(before, after, _key(sheet)) if before and after else None
        moves = known[sheet]
        return moves.cell(cell) if moves and cell else ""

    def told(sheet: str, text: str) -> str:
        def cells(of: str, run: str) -> str:
            return re.sub(_CELL, lambda each: today(of, each[0]) or f"原 {each[0]}", run)

        text = _OF_A_SHEET.sub(lambda found: f"{found[1]}!{cells(found[1], found[2])}", text)
        return _OF_THE_ROW.sub(lambda found: cells(sheet, found[0]), text)

    return [
        replace(
            row,
            cell=today(row.sheet, row.cell),
            problem=told(row.sheet, row.problem),
            advice=told(row.sheet, row.advice),
        )
        for row in rows
    ]


class _Moves:
    """Where the columns and rows of one sheet went."""

    def __init__(self, taken: RawSheet, now: RawSheet, key: str) -> None:
        self._columns = _columns(taken, now)
        back = {today: then for then, today in self._columns.items()}
        key_column = next((at for at in _headers(taken).get(fold_header(key), ()) if at in self._columns), 0)
        then = _contents(taken, {column: column for column in self._columns})
        today = _contents(now, back)
        self._rows = _same(then, today)
        ids, ids_now = _single(then, key_column), _single(today, key_column)
        for found, row in ids.items():
            if row not in self._rows and found in ids_now:
                self._rows[row] = ids_now[found]
        self._rows[HEADER_ROW] = HEADER_ROW

    def cell(self, address: str) -> str:
        """The address of today; '' where its row or column is gone or cannot be told."""
        column = self._columns.get(column_number(address))
        row = self._rows.get(int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0))
        return cell_name(row, column) if row and column else ""


def _sheet(book: RawBook, name: str) -> RawSheet | None:
    """The sheet that counts for this name: the first of it, as in reading."""
    return next((sheet for sheet in book.sheets if fold_header(sheet.name) == fold_header(name)), None)


def _key(sheet: str) -> str:
    """The column that identifies the rows of a sheet; '' where it has none or is not of the schema."""
    return next((each.key or "" for each in load().sheets if each.name == sheet), "")


def _headers(sheet: RawSheet) -> dict[str, list[int]]:
    """Columns by folded header, from left to right."""
    found: dict[str, list[int]] = {}
    for (row, column), cell in sorted(sheet.cells.items(), key=lambda item: item[0]):
        if row == HEADER_ROW and fold_header(cell.text):
            found.setdefault(fold_header(cell.text), []).append(column)
    return found


def _columns(taken: RawSheet, now: RawSheet) -> dict[int, int]:
    """Column then → column now. Of a header that stands there more than once the first is the one that is read."""
    then, today = _headers(taken), _headers(now)
    found: dict[int, int] = {}
    for header in then.keys() & today.keys():
        same = len(then[header]) == len(today[header])
        found.update(zip(then[header], today[header], strict=True) if same else ((then[header][0], today[header][0]),))
    return found


def _contents(sheet: RawSheet, columns: Mapping[int, int]) -> dict[int, Content]:
    """What stands in each row that has anything, in the columns that both have, named as they were then."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for (row, column), cell in sheet.cells.items():
        if row > HEADER_ROW and column in columns and strip_blanks(cell.text):
            found.setdefault(row, []).append((columns[column], cell.kind, cell.text))
    return {row: tuple(sorted(cells)) for row, cells in sorted(found.items())}


def _same(then: Mapping[int, Content], today: Mapping[int, Content]) -> dict[int, int]:
    """Rows that hold the same. Equal rows keep their order; where their number is another, first those that stayed."""
    found: dict[int, int] = {}
    places = _by_content(today)
    for content, rows in _by_content(then).items():
        there = places.get(content, [])
        if len(rows) != len(there):
            stayed = set(rows) & set(there)
            found.update(zip(stayed, stayed, strict=True))
            rows, there = ([row for row in each if row not in stayed] for each in (rows, there))
        found.update(zip(rows, there, strict=False))
    return found


def _by_content(contents: Mapping[int, Content]) -> dict[Content, list[int]]:
    found: dict[Content, list[int]] = {}
    for row, content in contents.items():
        found.setdefault(content, []).append(row)
    return found


def _single(contents: Mapping[int, Content], key_column: int) -> dict[str, int]:
    """Rows by their 编号, of those 编号 that stand in one row only."""
    found: dict[str, list[int]] = {}
    for row, content in contents.items():
        for column, _, text in content:
            if column == key_column:
                found.setdefault(fold_key(text), []).append(row)
    return {number: rows[0] for number, rows in found.items() if len(rows) == 1}
