"""Which sheet and which column of a spreadsheet is which of ours, however people have named and moved them.

The header says it first, as to everybody who reads the book. Where it says nothing of ours, the mark on the sheet or
column does: it stays when a name is changed. What has neither is the city's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sheets_schema.fold import fold_header
from sheets_schema.online_there import Tab, There
from sheets_schema.schema import BookSchema, Sheet


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a sheet by name: `found` under their header, `renamed` known by their mark alone, `added` to be
    put where nothing stands. Numbers from 0."""

    found: Mapping[str, int]
    renamed: Mapping[str, int]
    added: Mapping[str, int]

    @property
    def all(self) -> dict[str, int]:
        """Where each stands once the headers are right."""
        return {**self.found, **self.renamed, **self.added}


def names_of(schema: BookSchema) -> tuple[str, ...]:
    """All sheets of a book in their order: the help page, the data, and the two hidden ones."""
    return (schema.help, *(sheet.name for sheet in schema.sheets), schema.dictionary, schema.meta)


def find_tabs(schema: BookSchema, there: There) -> dict[str, Tab]:
    """The sheets by our names; those that are not there are left out.

    A mark goes before a name, which anybody can change; but a sheet without a mark of its own (a copy has that of
    another) that bears one of our names is taken for it, for so does whoever reads the book.
    """
    wanted = names_of(schema)
    folded = {fold_header(name): name for name in wanted}
    titles = [(tab, folded.get(fold_header(tab.title))) for tab in there.tabs]
    found: dict[str, Tab] = {}

    def claim(claims: Iterable[tuple[str | None, Tab]]) -> None:
        for name, tab in claims:
            if name is not None and name not in found and all(tab is not other for other in found.values()):
                found[name] = tab

    claim((name, tab) for tab, name in titles if name in tab.names)
    claim((name, tab) for tab, name in titles if not tab.names)
    claim((name, tab) for tab, name in titles if all(each in found for each in tab.names))
    claim((name, tab) for tab, _ in titles for name in wanted if name in tab.names)
    claim((name, tab) for tab, name in titles)
    return found


def find_columns(sheet: Sheet, tab: Tab) -> Columns:
    """Where the columns stand, and where those that are missing are to be put: right of everything that is there."""
    by_header: dict[str, list[int]] = {}
    for at in range(tab.columns):
        if header := fold_header(tab.text(0, at)):
            by_header.setdefault(header, []).append(at)
    found: dict[str, int] = {}
    for column in sheet.columns:
        if places := by_header.get(fold_header(column.name)):
            found[column.name] = _best(column.name, places, tab)
    renamed: dict[str, int] = {}
    for column in sheet.columns:
        taken = {*found.values(), *renamed.values()}
        places = [at for at, names in tab.marks.items() if column.name in names and at not in taken]
        if column.name not in found and places:
            renamed[column.name] = _fullest(places, tab)
    missing = [column.name for column in sheet.columns if column.name not in found and column.name not in renamed]
    used = {at for _, at in tab.filled} | {*found.values(), *renamed.values()}
    free = 1 + max(used, default=-1)
    return Columns(found, renamed, {name: free + at for at, name in enumerate(missing)})


def _best(name: str, places: list[int], tab: Tab) -> int:
    """Of several columns with one header the one that is marked so, else the first, which readers take."""
    return next((at for at in places if name in tab.marks.get(at, ())), places[0])


def _fullest(places: Iterable[int], tab: Tab) -> int:
    """A mark may be on two columns when one was copied: the one with more in it."""
    filled = [at for row, at in tab.filled if row]
    return max(sorted(places), key=filled.count)


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbours together: [1, 2, 3, 7] are (1, 4) and (7, 8)."""
    made: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if made and made[-1][1] == number:
            made[-1] = (made[-1][0], number + 1)
        else:
            made.append((number, number + 1))
    return made
