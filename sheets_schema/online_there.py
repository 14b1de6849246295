"""A spreadsheet of Google's as it stands now: its answer, turned into what the plan asks about.

Rows and columns are counted from 0 here, as there. In an answer, what is zero, false or empty may be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sheets_schema.online_words import online_words

_MARKS = "developerMetadata(metadataKey,metadataValue)"
# What a plan needs of a spreadsheet: the `fields` to ask for, together with the cells of all sheets.
FIELDS: Final = (
    f"properties(title,locale,timeZone),{_MARKS},"
    "sheets("
    "properties(sheetId,title,index,hidden,gridProperties(rowCount,columnCount,frozenRowCount)),"
    "protectedRanges(protectedRangeId,range,description,warningOnly,unprotectedRanges,editors),"
    f"conditionalFormats,{_MARKS},"
    f"data(startRow,startColumn,columnMetadata({_MARKS}),rowData(values("
    "userEnteredValue,note,dataValidation(condition,strict),userEnteredFormat(numberFormat(type))))))"
)

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Region:
    """Rows and columns from the first up to, not with, the second; None: without end."""

    rows: tuple[int, int | None]
    columns: tuple[int, int | None]

    @classmethod
    def of(cls, found: Answer) -> Region:
        """From a GridRange."""
        return cls(
            (found.get("startRowIndex", 0), found.get("endRowIndex")),
            (found.get("startColumnIndex", 0), found.get("endColumnIndex")),
        )

    def covers(self, rows: int, columns: int) -> bool:
        """Whether all of the first `rows` and `columns` lie within."""
        return _reaches(self.rows, rows) and _reaches(self.columns, columns)


def _reaches(part: tuple[int, int | None], until: int) -> bool:
    return part[0] == 0 and (part[1] is None or part[1] >= until)


@dataclass(frozen=True, slots=True)
class Guard:
    """A protected range. `editors`: who may change it, in small letters; `open`: it keeps fewer people out than
    these (a mere warning, a whole domain or group, parts left out)."""

    id: int
    description: str
    region: Region
    editors: frozenset[str]
    open: bool

    @classmethod
    def of(cls, found: Answer) -> Guard:
        """From a ProtectedRange."""
        editors = found.get("editors", {})
        return cls(
            id=found.get("protectedRangeId", 0),
            description=found.get("description", ""),
            region=Region.of(found.get("range", {})),
            editors=frozenset(user.casefold() for user in editors.get("users", ())),
            open=any(
                (
                    found.get("warningOnly"),
                    found.get("unprotectedRanges"),
                    editors.get("domainUsersCanEdit"),
                    editors.get("groups"),
                )
            ),
        )


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet. `names`: which of ours it is marked as; `marks`: the same of its columns; `cells`: by (row, column)."""

    id: int
    title: str
    rows: int
    columns: int
    hidden: bool = False
    frozen: int = 0
    names: frozenset[str] = frozenset()
    marks: Mapping[int, frozenset[str]] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    rules: tuple[Answer, ...] = ()
    cells: Mapping[tuple[int, int], Answer] = field(default_factory=dict)

    def text(self, row: int, column: int) -> str:
        """What somebody entered there; '' where nothing."""
        return entered(self.cells.get((row, column), {}))

    @property
    def filled(self) -> dict[tuple[int, int], str]:
        """All cells in which something stands."""
        return {place: text for place, cell in self.cells.items() if (text := entered(cell))}


@dataclass(frozen=True, slots=True)
class There:
    """The spreadsheet. `program`: whether it is marked as made by us."""

    locale: str
    time_zone: str
    program: bool
    tabs: tuple[Tab, ...]

    @property
    def fresh(self) -> bool:
        """Whether it is as Google makes it: one sheet, nothing in it, no mark of ours."""
        return len(self.tabs) == 1 and not (self.program or self.tabs[0].names or self.tabs[0].filled)


def entered(cell: Answer) -> str:
    """The text of what was entered in a cell: digits of a number, a formula as it was typed."""
    for kind, value in cell.get("userEnteredValue", {}).items():
        if kind == "boolValue":
            return "TRUE" if value else "FALSE"
        if kind == "numberValue":
            return str(int(value)) if float(value).is_integer() else str(value)
        return str(value)
    return ""


def there_of(answer: Answer | None) -> There:
    """From the answer to a GET with FIELDS. None: a spreadsheet of which nothing is known but that it is new."""
    answer = answer or {"sheets": [{"properties": {"sheetId": 0}}]}
    properties = answer.get("properties", {})
    return There(
        locale=properties.get("locale", ""),
        time_zone=properties.get("timeZone", ""),
        program=bool(_named(answer, "program")),
        tabs=tuple(_tab(sheet) for sheet in answer.get("sheets", ())),
    )


def _named(found: Answer, kind: str) -> frozenset[str]:
    key = online_words()["mark"][kind]
    marks = found.get("developerMetadata", ())
    return frozenset(mark.get("metadataValue", "") for mark in marks if mark.get("metadataKey") == key)


def _tab(sheet: Answer) -> Tab:
    properties = sheet.get("properties", {})
    grid = properties.get("gridProperties", {})
    blocks = sheet.get("data", ())
    return Tab(
        id=properties.get("sheetId", 0),
        title=properties.get("title", ""),
        rows=grid.get("rowCount", 0),
        columns=grid.get("columnCount", 0),
        hidden=properties.get("hidden", False),
        frozen=grid.get("frozenRowCount", 0),
        names=_named(sheet, "sheet"),
        marks=dict(_marks(blocks)),
        guards=tuple(Guard.of(found) for found in sheet.get("protectedRanges", ())),
        rules=tuple(sheet.get("conditionalFormats", ())),
        cells=dict(_cells(blocks)),
    )


def _marks(blocks: Iterable[Answer]) -> Iterator[tuple[int, frozenset[str]]]:
    for block in blocks:
        for at, found in enumerate(block.get("columnMetadata", ()), start=block.get("startColumn", 0)):
            if names := _named(found, "column"):
                yield at, names


def _cells(blocks: Iterable[Answer]) -> Iterator[tuple[tuple[int, int], Answer]]:
    for block in blocks:
        for row, found in enumerate(block.get("rowData", ()), start=block.get("startRow", 0)):
            for column, cell in enumerate(found.get("values", ()), start=block.get("startColumn", 0)):
                if cell:
                    yield (row, column), cell
