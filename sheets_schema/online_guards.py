"""Who may change what in an online book, and the marks by which its sheets and columns stay known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sheets_schema.online_places import runs
from sheets_schema.online_steps import Phase, Work
from sheets_schema.online_there import Guard
from sheets_schema.online_words import online_words


def keep_guards(work: Work, headers: Collection[int] | None, editor: str) -> None:
    """Only `editor` changes the headers in these columns; None: anything on the sheet.

    The editor is named each time: a protected range without its own name on it would keep the service account out.
    Protected ranges of the city are left alone.
    """
    texts = online_words()["guard"]
    ours = [guard for guard in work.tab.guards if guard.description in texts.values()]
    right = [guard for guard in ours if _right(guard, headers, editor, work)]
    said = "guard_tab" if headers is None else "guard_header"
    for guard in ours:
        if guard not in right:
            work.add(Phase.GUARDS, "deleteProtectedRange", {"protectedRangeId": guard.id}, said)
    if headers is None:
        if not right:
            _protect(work, {"sheetId": work.tab.id}, texts["tab"], editor, said)
        return
    bare = {at for at in headers if not any(_holds(guard, at) for guard in right)}
    for columns in runs(bare):
        _protect(work, work.area((0, 1), columns), texts["header"], editor, said)


def _right(guard: Guard, headers: Collection[int] | None, editor: str, work: Work) -> bool:
    """Whether it keeps out whom it should, and only from where it should."""
    whole = guard.region.covers(work.tab.rows, work.tab.columns)
    place = whole if headers is None else guard.region.rows == (0, 1)
    return place and not guard.open and guard.editors == {editor.casefold()}


def _holds(guard: Guard, at: int) -> bool:
    start, end = guard.region.columns
    return start <= at and (end is None or at < end)


def _protect(work: Work, area: Mapping[str, int], description: str, editor: str, said: str) -> None:
    made = {
        "range": area,
        "description": description,
        "warningOnly": False,
        "editors": {"users": [editor], "domainUsersCanEdit": False},
    }
    work.add(Phase.GUARDS, "addProtectedRange", {"protectedRange": made}, said)


def keep_marks(work: Work, columns: Mapping[str, int]) -> None:
    """The sheet and each of its columns carry our name for it."""
    keys = online_words()["mark"]
    if work.name not in work.tab.names:
        work.add(Phase.MARKS, *mark(keys["sheet"], work.name, {"sheetId": work.tab.id}), "marks")
    for name, at in columns.items():
        if name not in work.tab.marks.get(at, ()):
            place = {"sheetId": work.tab.id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
            work.add(Phase.MARKS, *mark(keys["column"], name, {"dimensionRange": place}), "marks")


def mark(key: str, value: str, location: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The request for one mark: its kind and body."""
    made = {"metadataKey": key, "metadataValue": value, "location": dict(location), "visibility": "DOCUMENT"}
    return "createDeveloperMetadata", {"developerMetadata": made}
