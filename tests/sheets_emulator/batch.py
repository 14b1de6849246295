"""spreadsheets.batchUpdate: every request of a batch, or none."""

from __future__ import annotations

from tests.sheets_emulator import answers, kinds_cells, kinds_grid, kinds_moves, kinds_rules, kinds_sheets
from tests.sheets_emulator.book import Book
from tests.sheets_emulator.masks import Mask, pick
from tests.sheets_emulator.problems import Json, Problem, invalid
from tests.sheets_emulator.protection import Editor
from tests.sheets_emulator.work import KINDS, Work

MODULES = (kinds_cells, kinds_grid, kinds_moves, kinds_rules, kinds_sheets)  # each enters its kinds into KINDS


def update(book: Book, editor: Editor, body: Json, mask: Mask | None = None) -> tuple[Book, Json]:
    """The book after the batch, and the answer. The book that came in is left as it was."""
    requests = body.get("requests") or []
    if not requests:
        raise invalid("Must specify at least one request.")
    work = Work(book.replica(), editor)
    replies = [_one(work, place, request) for place, request in enumerate(requests)]
    mask, masked = mask or Mask(), mask is not None
    answer: Json = pick(mask, {"spreadsheetId": book.id, "replies": replies})
    if body.get("includeSpreadsheetInResponse") and mask.asks("updatedSpreadsheet"):
        ranges, grid_data = body.get("responseRanges") or [], bool(body.get("responseIncludeGridData"))
        below = mask.below("updatedSpreadsheet")
        answer["updatedSpreadsheet"] = answers.spreadsheet(work.book, editor, below, ranges, grid_data or masked)
    return work.book, answer


def _one(work: Work, place: int, request: Json) -> Json:
    if len(request) != 1:
        raise invalid(f"Invalid requests[{place}]: Must specify exactly one request kind.")
    ((name, content),) = request.items()
    if name not in KINDS:
        raise invalid(f"Invalid requests[{place}]: the emulator does not do {name}.")
    try:
        return KINDS[name](work, content)
    except Problem as problem:
        error = problem.body["error"]
        error["message"] = f"Invalid requests[{place}].{name}: {error['message']}"
        raise
