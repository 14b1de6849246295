"""Requests about the spreadsheet and its tabs."""

from __future__ import annotations

from tests.sheets_emulator import answers, colours
from tests.sheets_emulator.book import Book, Sheet, new_sheet
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.masks import merge
from tests.sheets_emulator.problems import Json, invalid
from tests.sheets_emulator.work import Work, fields, kind

LONGEST_TITLE = 100


@kind
def add_sheet(work: Work, request: Json) -> Json:
    """A new tab."""
    book, given = work.book, colours.both(request.get("properties") or {})
    title = given.get("title")
    if title is None:
        number = len(book.sheets) + 1
        while book.titled(f"Sheet{number}"):
            number += 1
        title = f"Sheet{number}"
    size = given.get("gridProperties") or {}
    sheet_id = _free_id(book, given.get("sheetId"))
    sheet = new_sheet(sheet_id, book.free_title(title), size.get("rowCount", 1000), size.get("columnCount", 26))
    kept = {name: value for name, value in given.items() if name not in ("index", "sheetId", "title")}
    grid = sheet.properties["gridProperties"] | {name: value for name, value in size.items() if value}
    sheet.properties |= kept | {"gridProperties": grid}
    book.sheets.insert(given.get("index", len(book.sheets)), sheet)
    _valid(book, sheet)
    book.small_enough()
    return {"addSheet": {"properties": answers.sheet_properties(book, sheet)}}


@kind
def delete_sheet(work: Work, request: Json) -> Json:
    """A tab and everything on it goes."""
    sheet = work.sheet(request)
    work.editor.deletes_sheet(sheet)
    if not [each for each in work.book.sheets if each is not sheet and not each.properties.get("hidden")]:
        raise invalid("You can't remove all the visible sheets in a document.")
    work.book.sheets.remove(sheet)
    work.book.names = [each for each in work.book.names if each["range"].get("sheetId", 0) != sheet.id]
    work.book.metadata = [each for each in work.book.metadata if _home(each) != sheet.id]
    return {}


@kind
def duplicate_sheet(work: Work, request: Json) -> Json:
    """A copy of a tab in the same spreadsheet."""
    book, source = work.book, work.sheet(request, "sourceSheetId")
    title = request.get("newSheetName") or _copy_title(book, source.title)
    twin = duplicate(source, _free_id(book, request.get("newSheetId")), book.free_title(title))
    for place, each in enumerate(twin.protected):
        twin.protected[place] = each | {"protectedRangeId": book.next_id()}
    book.sheets.insert(request.get("insertSheetIndex", 0), twin)
    book.small_enough()
    return {"duplicateSheet": {"properties": answers.sheet_properties(book, twin)}}


@kind
def update_sheet_properties(work: Work, request: Json) -> Json:
    """Name, place, size, frozen rows and so on of a tab."""
    given, mask = colours.both(request.get("properties") or {}), fields(request, "SheetProperties")
    sheet, book = work.sheet(given), work.book
    if mask.asks("title") or mask.asks("hidden"):
        work.editor.edits_sheet(sheet)
    before = sheet.properties
    now = merge(mask, before, {name: value for name, value in given.items() if name not in ("index", "sheetType")})
    if mask.asks("title"):
        now["title"] = book.free_title(given.get("title", ""), but=sheet.id)
    size = before["gridProperties"] | (now.get("gridProperties") or {})
    asked = {name: value for name, value in size.items() if value and name not in ("rowCount", "columnCount")}
    asked = {name: value for name, value in asked.items() if name in (now.get("gridProperties") or {})}
    same = {name: before["gridProperties"][name] for name in ("rowCount", "columnCount")}
    sheet.properties = now | {"sheetId": sheet.id, "sheetType": "GRID", "gridProperties": same | asked}
    _resize(work, sheet, size["rowCount"], size["columnCount"])
    if "index" in mask.parts:
        old, new = book.sheets.index(sheet), given.get("index", 0)
        book.sheets.pop(old)
        book.sheets.insert(new if new <= old else new - 1, sheet)
    _valid(book, sheet)
    return {}


@kind
def update_spreadsheet_properties(work: Work, request: Json) -> Json:
    """Name, language and time zone of the whole."""
    given, mask = request.get("properties") or {}, fields(request, "SpreadsheetProperties")
    if "title" in mask.parts and not given.get("title"):
        raise invalid("Spreadsheet title cannot be empty.")
    work.book.properties = work.book.properties | merge(mask, work.book.properties, given)
    return {}


def duplicate(source: Sheet, sheet_id: int, title: str) -> Sheet:
    """A copy of a tab under another id and name."""
    twin = source.replica()
    twin.properties = source.properties | {"sheetId": sheet_id, "title": title}
    here = {"sheetId": sheet_id}
    twin.merges = [each | here for each in twin.merges]
    twin.rules = [rule | {"ranges": [each | here for each in rule["ranges"]]} for rule in twin.rules]
    twin.protected = [each | {"range": each["range"] | here} for each in twin.protected]
    if twin.basic_filter:
        twin.basic_filter = twin.basic_filter | {"range": twin.basic_filter["range"] | here}
    return twin


def _copy_title(book: Book, title: str) -> str:
    name, number = f"Copy of {title}", 2
    while book.titled(name):
        name, number = f"Copy of {title} {number}", number + 1
    return name


def _free_id(book: Book, sheet_id: int | None) -> int:
    if sheet_id is None:
        return book.next_id()
    if sheet_id < 0:
        raise invalid("Sheet id must be non-negative.")
    if book.find(sheet_id) is not None:
        raise invalid(f"Sheet with id {sheet_id} already exists.")
    return sheet_id


def _home(metadata: Json) -> int | None:
    location = metadata["location"]
    place = location.get("dimensionRange")
    found: int | None = place.get("sheetId", 0) if place else location.get("sheetId")
    return found


def _resize(work: Work, sheet: Sheet, rows: int, columns: int) -> None:
    gone = []
    if 0 < rows < sheet.rows:
        gone.append(Area(sheet.id, rows, sheet.rows, 0, sheet.columns))
    if 0 < columns < sheet.columns:
        gone.append(Area(sheet.id, 0, sheet.rows, columns, sheet.columns))
    if gone or (rows, columns) != (sheet.rows, sheet.columns):
        work.editor.edits_sheet(sheet)
    work.editor.edits(work.book, gone)
    sheet.resize(rows, columns)
    work.book.small_enough()


def _valid(book: Book, sheet: Sheet) -> None:
    if all(each.properties.get("hidden") for each in book.sheets):
        raise invalid("You can't hide all the sheets in a document.")
    if len(sheet.title) > LONGEST_TITLE:
        raise invalid("The sheet name cannot be greater than 100 characters.")
    size = sheet.properties["gridProperties"]
    if size.get("frozenRowCount", 0) >= sheet.rows:
        raise invalid("You can't freeze all visible rows on the sheet.")
    if size.get("frozenColumnCount", 0) >= sheet.columns:
        raise invalid("You can't freeze all visible columns on the sheet.")
