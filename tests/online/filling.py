"""The same book put into a folder and into an online sheet, and what each source then is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from core.intake.feedback import COLUMNS
from core.intake.folder_source import FolderSource
from core.intake.online.client import OnlineClient
from core.intake.online.clock import OnlineClock
from core.intake.online.source import OnlineBook, OnlineSource
from core.intake.source import BookWanted, Source, Terms
from core.standards import loader
from tests.online.answers import FORMATS, Book, Page, Typed, Value, serial, typed, xlsx
from tests.sheets_emulator.emulator import Emulator

YEAR, CITIES = 2026, ("沈阳市", "大连市", "鞍山市")
MAIN, FEEDBACK = "推荐汇总表", "审核反馈"

Cells = Mapping[tuple[int, int], Typed | Value]


def city_book(city: str, cells: Cells, **page: Any) -> Book:
    """A book of a city with these cells on 推荐汇总表; `page` is what else a Page takes."""
    meta = {(1, 1): "城市", (1, 2): city, (2, 1): "年度", (2, 2): str(YEAR)}
    head = {(1, at): name for at, name in enumerate(COLUMNS, start=1)}
    pages = (Page(MAIN, cells, **page), Page(FEEDBACK, head), Page("_meta", meta, hidden=True))
    return Book(f"{YEAR}-{city}", pages)


def terms() -> Terms:
    """What new books are made with."""
    return Terms(loader.load("ln-2025-draft").guide(date(YEAR, 12, 31)), "test")


@dataclass
class InFolder:
    """Books of cities as files. A file that is saved anew holds what it is given, and no more."""

    folder: Path
    remembered: dict[Any, Any] = field(default_factory=dict)
    kind = "folder"

    def source(self) -> Source:
        """As the program makes it for each piece of work."""
        return FolderSource(self.folder, YEAR, CITIES, self.remembered, Lock())

    def put(self, book: Book) -> str:
        """A book, in place of what was there; its key."""
        path = self.folder / f"{book.title}.xlsx"
        path.write_bytes(xlsx(book))
        return str(path)

    def remove(self, key: str) -> None:
        """Gone."""
        Path(key).unlink()

    def bytes_of(self, key: str) -> bytes:
        """Everything there is of a book."""
        return Path(key).read_bytes()


@dataclass
class Online:
    """Books of cities as online sheets of an emulated service."""

    google: Emulator
    client: OnlineClient
    clock: OnlineClock
    remembered: dict[Any, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    kind = "online"

    def source(self) -> OnlineSource:
        """As the program makes it for each piece of work."""
        books = [OnlineBook(title.removeprefix(f"{YEAR}-"), id, title) for title, id in self.ids.items()]
        return OnlineSource(self.client, books, YEAR, self.remembered, Lock(), clock=self.clock)

    def put(self, book: Book) -> str:
        """A book made, or its cells in place of those that were there: by hand of its owner, through no client."""
        known = self.ids.get(book.title)
        id = known or self.google.add_book(book.title)
        self.ids[book.title] = id
        hand = self.google.contact(id)
        if known is None:
            pages = [{"addSheet": {"properties": _properties(at, page)}} for at, page in enumerate(book.pages)]
            hand.batch(*pages, {"deleteSheet": {"sheetId": hand.sheet_id(hand.tabs()[0])}})
        for at, page in enumerate(book.pages):
            if known is None or page.title != FEEDBACK:
                hand.batch(*_content(at, page))
        return id

    def remove(self, key: str) -> None:
        """Gone."""
        self.google.delete(key)

    def bytes_of(self, key: str) -> bytes:
        """Everything there is of a book."""
        hand = self.google.contact(key)
        return repr(hand.ask("GET", "", includeGridData="true")).encode()


Place = InFolder | Online


def wanted(city: str, key: str = "") -> BookWanted:
    """A book of a city that is to be made."""
    return BookWanted(city, YEAR, f"{YEAR}-{city}", key=key)


def changed(book: Book, cells: Mapping[tuple[int, int], Typed | Value | None]) -> Book:
    """The book with some cells of 推荐汇总表 changed; None empties one."""
    main = book.pages[0]
    both = {at: value for at, value in {**main.cells, **cells}.items() if value is not None}
    return replace(book, pages=(replace(main, cells=both), *book.pages[1:]))


def _properties(at: int, page: Page) -> dict[str, Any]:
    rows, columns = page.extent
    grid = {"rowCount": rows, "columnCount": columns}
    return {"sheetId": at + 100, "title": page.title, "hidden": page.hidden, "gridProperties": grid}


def _content(at: int, page: Page) -> list[dict[str, Any]]:
    """What makes the cells, the merges and the hidden rows of a page what they are to be."""
    rows, columns = page.extent
    whole = {"sheetId": at + 100, "startRowIndex": 0, "endRowIndex": rows, "startColumnIndex": 0}
    whole["endColumnIndex"] = columns
    last = max((row for row, _ in page.cells), default=0)
    lines = [
        {"values": [_cell(page.cells.get((row, column))) for column in range(1, columns + 1)]}
        for row in range(1, last + 1)
    ]
    made: list[dict[str, Any]] = [
        {"unmergeCells": {"range": whole}},
        {"updateCells": {"range": whole, "rows": lines, "fields": "userEnteredValue,userEnteredFormat.numberFormat"}},
    ]
    for top, left, bottom, right in page.merged:
        area = {"sheetId": at + 100, "startRowIndex": top - 1, "endRowIndex": bottom}
        area |= {"startColumnIndex": left - 1, "endColumnIndex": right}
        made.append({"mergeCells": {"range": area, "mergeType": "MERGE_ALL"}})
    for row in page.hidden_rows:
        place = {"sheetId": at + 100, "dimension": "ROWS", "startIndex": row - 1, "endIndex": row}
        hide = {"range": place, "properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
        made.append({"updateDimensionProperties": hide})
    return made


def _cell(found: Typed | Value | None) -> dict[str, Any]:
    if found is None:
        return {}
    cell = typed(found)
    made: dict[str, Any] = {}
    if cell.shown:
        kind, pattern = FORMATS[cell.shown]
        made["userEnteredFormat"] = {"numberFormat": {"type": kind, "pattern": pattern}}
    if cell.formula:
        return made | {"userEnteredValue": {"formulaValue": cell.formula}}
    assert cell.value is not None
    value = serial(cell.value)
    name = {bool: "boolValue", str: "stringValue"}.get(type(value), "numberValue")
    return made | {"userEnteredValue": {name: value}}
