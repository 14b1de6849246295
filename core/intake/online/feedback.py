"""审核反馈 of an online sheet: written in one step, looked at in the answer to that very step.

Others type while this runs. Sheets cannot be locked and have no versions, so the book is read again just before, each
line gets the cell where its row stands by then, and the answer to the write shows whether that was still true. Only
the province's own sheet is ever written, and always with the same cells: made twice it is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final, Literal, Protocol

from core.errors import Refused
from core.intake.feedback import COLUMNS, FeedbackRow
from core.intake.online.answer import FIELDS, Json, book_of, grid_sheets, is_feedback, sheet_title
from core.intake.online.faults import OnlineFault, say
from core.intake.online.placing import located
from core.intake.reader import is_filled
from sheets_schema.cells import RawBook
from sheets_schema.fold import fold_header
from sheets_schema.layout import HEADER_ROW

TRIES: Final = 3
Way = Literal["in_book", "unchanged"]
Line = tuple[str, ...]


class Sheets(Protocol):
    """What writing needs of the client."""

    def spreadsheet(self, id: str, *, fields: str, grid: bool) -> dict[str, Any]:
        """A spreadsheet with its cells. One read."""

    def batch_update(
        self, id: str, requests: Sequence[Json], *, idempotent: bool, fields: str, grid: bool
    ) -> dict[str, Any]:
        """Changes it, and gives it as it is after the change. One write."""


def write_feedback(
    client: Sheets, spreadsheet_id: str, taken: RawBook, rows: Sequence[FeedbackRow], now: datetime
) -> tuple[Way, bool]:
    """Puts the lines into 审核反馈; whether they name other cells than those taken in. One read; one write, unless
    rows move meanwhile.

    `taken` is the book as taken in, whose cells the lines name. Lines that differ from those that stand there by
    their time only are no change. Raises Refused where there is no sheet to write to, where the rows do not come to
    rest, and for every fault of the connection.
    """
    answer: Json = client.spreadsheet(spreadsheet_id, fields=FIELDS, grid=True)
    for tries in range(TRIES + 1):
        book = book_of(answer)
        sheet = _FeedbackSheet(answer, book)
        today = located(taken, book, rows)
        lines = [row.texts(now) for row in today]
        if sheet.says(lines):
            return "in_book" if tries else "unchanged", [row.cell for row in today] != [row.cell for row in rows]
        if tries < TRIES:
            reply = client.batch_update(
                spreadsheet_id,
                sheet.requests(lines),
                idempotent=True,
                fields=f"updatedSpreadsheet({FIELDS})",
                grid=True,
            )
            answer = reply.get("updatedSpreadsheet")  # type: ignore[assignment]
            if not answer:
                raise OnlineFault("strange_answer")
    raise Refused(f"{book.name}：{say('feedback', 'moving', count=TRIES)}")


class _FeedbackSheet:
    """审核反馈 as an answer shows it. Raises Refused where it is missing or its header lacks a column."""

    def __init__(self, answer: Json, book: RawBook) -> None:
        pairs = zip(grid_sheets(answer), book.sheets, strict=True)
        found = next(((each["properties"], raw) for each, raw in pairs if is_feedback(sheet_title(each))), None)
        if found is None:
            raise Refused(f"{book.name}：{say('feedback', 'no_sheet')}")
        properties, sheet = found
        headers: dict[str, int] = {}
        for (row, column), cell in sorted(sheet.cells.items(), key=lambda item: item[0]):
            if row == HEADER_ROW:
                headers.setdefault(fold_header(cell.text), column)
        if any(fold_header(name) not in headers for name in COLUMNS):
            raise Refused(f"{book.name}：{say('feedback', 'no_sheet')}")
        self._cells = sheet.cells
        self._places = [headers[fold_header(name)] for name in COLUMNS]
        self._id = properties.get("sheetId", 0)
        self._rows = properties["gridProperties"]["rowCount"]

    def says(self, lines: Sequence[Line]) -> bool:
        """Whether these lines stand there, whenever they were written; empty rows do not count."""
        wanted = [_seen(line[:-1]) for line in lines]
        return self._shown() == [line for line in wanted if any(line)]

    def requests(self, lines: Sequence[Line]) -> list[dict[str, Any]]:
        """What replaces everything below the header by these lines."""
        needed = HEADER_ROW + len(lines)
        made: list[dict[str, Any]] = []
        if needed > self._rows:
            grown = {"sheetId": self._id, "gridProperties": {"rowCount": needed}}
            made.append({"updateSheetProperties": {"properties": grown, "fields": "gridProperties.rowCount"}})
        for columns in _runs(self._places):
            at = [self._places.index(column) for column in columns]
            cells = [{"values": [_cell(line[place]) for place in at]} for line in lines]
            area = {
                "sheetId": self._id,
                "startRowIndex": HEADER_ROW,
                "endRowIndex": max(needed, self._rows),
                "startColumnIndex": columns[0] - 1,
                "endColumnIndex": columns[-1],
            }
            # rows of the area without cells of their own here are emptied
            made.append({"updateCells": {"range": area, "rows": cells, "fields": "userEnteredValue"}})
        return made

    def _shown(self) -> list[Line]:
        cells = self._cells
        rows = sorted({row for row, _ in cells if row > HEADER_ROW})
        lines = [
            _seen(tuple(cells[row, at].text if (row, at) in cells else "" for at in self._places[:-1])) for row in rows
        ]
        return [line for line in lines if any(line)]


def _seen(line: Line) -> Line:
    """A line as reading gives it back: what is only blanks is nothing."""
    return tuple(text if is_filled(text) else "" for text in line)


def _runs(columns: Sequence[int]) -> list[list[int]]:
    """Columns that lie side by side, together."""
    ordered = enumerate(sorted(columns))
    return [[column for _, column in run] for _, run in groupby(ordered, key=lambda each: each[1] - each[0])]


def _cell(text: str) -> dict[str, Any]:
    """A text as a text, whatever it begins with."""
    return {"userEnteredValue": {"stringValue": text}} if is_filled(text) else {}
