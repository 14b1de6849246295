"""Protected ranges and sheets: who may not edit what lies under them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.sheets_emulator.book import Book, Sheet
from tests.sheets_emulator.grid import Area
from tests.sheets_emulator.problems import PROTECTED, Json, invalid


class Editor:
    """A person at work on a book: what is protected from them."""

    def __init__(self, email: str, owner: bool) -> None:
        self.email = email
        self.owner = owner

    def may(self, protected: Json) -> bool:
        """Whether this person may edit what the protection covers; the owner of the file always may."""
        users = (protected.get("editors") or {}).get("users", ())
        return (
            self.owner or bool(protected.get("warningOnly")) or self.email.lower() in {each.lower() for each in users}
        )

    def against(self, sheet: Sheet) -> Iterator[Json]:
        """The protections of a sheet that hold against this person."""
        return (each for each in sheet.protected if not self.may(each))

    def edits(self, book: Book, areas: Iterable[Area]) -> None:
        """Refuse an edit of cells that someone has protected from this person."""
        for area in areas:
            sheet = book.sheet(area.sheet)
            for each in self.against(sheet):
                if covered(book, each).meets(area) and not _in_holes(book, each, area):
                    raise invalid(PROTECTED)

    def edits_sheet(self, sheet: Sheet) -> None:
        """Refuse a change of the whole sheet (its name, its size) where the whole sheet is protected."""
        if any(is_whole(each) for each in self.against(sheet)):
            raise invalid(PROTECTED)

    def deletes_sheet(self, sheet: Sheet) -> None:
        """Refuse to remove a sheet on which anything is protected."""
        if any(True for _ in self.against(sheet)):
            raise invalid(PROTECTED)

    def inserts(self, book: Book, sheet: Sheet, dimension: str, start: int) -> None:
        """Refuse rows or columns that would come to stand inside something protected."""
        self.edits_sheet(sheet)
        for each in self.against(sheet):
            area = covered(book, each)
            first, last = (area.top, area.bottom) if dimension == "ROWS" else (area.left, area.right)
            whole = _crosses(each, dimension)
            if first < start < last and not whole:
                raise invalid(PROTECTED)


def is_whole(protected: Json) -> bool:
    """Whether the protection covers the sheet as such."""
    return not set(protected["range"]) - {"sheetId"}


def covered(book: Book, protected: Json) -> Area:
    """The cells under a protection."""
    return book.range_area(protected["range"])


def _crosses(protected: Json, dimension: str) -> bool:
    """A range that is open in this direction (whole columns, when rows are put in) grows and keeps nobody out."""
    name = "startRowIndex" if dimension == "ROWS" else "startColumnIndex"
    return name not in protected["range"] and not is_whole(protected)


def _in_holes(book: Book, protected: Json, area: Area) -> bool:
    """Whether every cell of the area lies in a part that the protection leaves open."""
    holes = [book.range_area(each) for each in protected.get("unprotectedRanges", ())]
    if any(hole.holds(area) for hole in holes):
        return True
    if not any(hole.meets(area) for hole in holes):
        return False
    cells = (
        Area(area.sheet, row, row + 1, column, column + 1)
        for row in range(area.top, area.bottom)
        for column in range(area.left, area.right)
    )
    return all(any(hole.holds(cell) for hole in holes) for cell in cells)
