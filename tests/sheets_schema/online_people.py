"""People at work in an online sheet, at random: what they can do to it, with rights to all of it or without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from sheets_schema.schema import load
from tests.sheets_schema.online_paper import CONTACT, SERVICE, Json, Paper

FEW = ("推荐汇总表", "线下活动", "审核反馈")
SMALL = replace(load(), sheets=tuple(sheet for sheet in load().sheets if sheet.name in FEW))
PAGES = (SMALL.help, SMALL.dictionary, SMALL.meta)
ROWS = 12


@dataclass(frozen=True)
class Act:
    """One thing done: by whom, what (a name in ACTS), to which sheet, row and column, with which text or value."""

    who: str
    what: str
    pick: int
    row: int
    column: int
    text: str
    value: Json

    def request(self, book: Paper) -> Json:
        """The request for it, as the book is by then."""
        return ACTS[self.what](Hand(book, self))


@dataclass(frozen=True)
class Hand:
    """An act in a book."""

    book: Paper
    act: Act

    @property
    def any(self) -> int:
        """The sheet meant, among all."""
        sheets = self.book.book.sheets
        return sheets[self.act.pick % len(sheets)].id

    @property
    def city(self) -> int:
        """The sheet meant, among those whose data are the city's."""
        found = [each.id for each in self.book.book.sheets if each.title not in (*PAGES, FEW[-1])] or [self.any]
        return found[self.act.pick % len(found)]

    @property
    def page(self) -> int:
        """The sheet meant, among the province's pages."""
        found = [each.id for each in self.book.book.sheets if each.title in PAGES] or [self.any]
        return found[self.act.pick % len(found)]

    def area(self, tab: int, row: int, column: int, down: int = 1, right: int = 1) -> Json:
        """A range of cells."""
        ends = {"startRowIndex": row, "endRowIndex": row + down}
        return {"sheetId": tab} | ends | {"startColumnIndex": column, "endColumnIndex": column + right}

    def span(self, dimension: str, count: int = 1) -> Json:
        """Rows or columns of a city's sheet."""
        start = self.act.row if dimension == "ROWS" else self.act.column
        return {"sheetId": self.city, "dimension": dimension, "startIndex": start, "endIndex": start + count}

    def write(self, where: Json, value: Json | None) -> Json:
        """Types a value into a cell; None empties it."""
        cell = {"userEnteredValue": value} if value else {}
        return {"updateCells": {"range": where, "rows": [{"values": [cell]}], "fields": "userEnteredValue"}}

    def sheet(self, fields: str, **found: Any) -> Json:
        """Changes a sheet as such."""
        return {"updateSheetProperties": {"properties": {"sheetId": self.any, **found}, "fields": fields}}

    def form(self) -> Json:
        """Makes figures of some cells."""
        look = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER"}}}
        where = self.area(self.city, self.act.row, self.act.column, 4)
        return {"repeatCell": {"range": where, "cell": look, "fields": "userEnteredFormat.numberFormat"}}

    def note(self) -> Json:
        """Writes a note on a header."""
        where = self.area(self.city, 0, self.act.column)
        rows = [{"values": [{"note": self.act.text}]}]
        return {"updateCells": {"range": where, "rows": rows, "fields": "note"}}

    def sort(self) -> Json:
        """Sorts part of the rows."""
        specs = [{"dimensionIndex": self.act.column % 5}]
        return {"sortRange": {"range": self.area(self.city, 1, 0, 9, 5), "sortSpecs": specs}}

    def guard(self, **changed: Any) -> Json:
        """Takes a protection away, or changes it."""
        held = self.book.book.sheet(self.any).protected
        found = {"protectedRangeId": held[0]["protectedRangeId"] if held else 0}
        if not changed:
            return {"deleteProtectedRange": found}
        return {"updateProtectedRange": {"protectedRange": found | changed, "fields": ",".join(changed)}}

    def forget(self) -> Json:
        """Removes our marks on one column."""
        columns = SMALL.sheets[0].columns
        lookup = {"metadataValue": columns[self.act.column % len(columns)].name}
        return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


ACTS: dict[str, Callable[[Hand], Json]] = {
    "type": lambda hand: hand.write(hand.area(hand.city, hand.act.row, hand.act.column), hand.act.value),
    "type more": lambda hand: hand.write(hand.area(hand.city, hand.act.row, hand.act.column // 2), hand.act.value),
    "empty": lambda hand: hand.write(hand.area(hand.city, hand.act.row, hand.act.column), None),
    "head": lambda hand: hand.write(
        hand.area(hand.any, 0, hand.act.column), {"stringValue": hand.act.text} if hand.act.text else None
    ),
    "note": Hand.note,
    "page": lambda hand: hand.write(hand.area(hand.page, hand.act.row % 3, hand.act.column % 2), hand.act.value),
    "insert": lambda hand: {"insertDimension": {"range": hand.span("ROWS", 2)}},
    "delete": lambda hand: {"deleteDimension": {"range": hand.span("ROWS")}},
    "more": lambda hand: {"appendDimension": {"sheetId": hand.city, "dimension": "ROWS", "length": hand.act.row}},
    "column in": lambda hand: {"insertDimension": {"range": hand.span("COLUMNS")}},
    "column out": lambda hand: {"deleteDimension": {"range": hand.span("COLUMNS")}},
    "column away": lambda hand: {"moveDimension": {"source": hand.span("COLUMNS"), "destinationIndex": hand.act.pick}},
    "sort": Hand.sort,
    "unrule": lambda hand: {"setDataValidation": {"range": hand.area(hand.city, hand.act.row, hand.act.column, 3, 2)}},
    "form": Hand.form,
    "uncolour": lambda hand: {"deleteConditionalFormatRule": {"sheetId": hand.city, "index": hand.act.row % 3}},
    "name": lambda hand: hand.sheet("title", title=hand.act.text or "甲"),
    "our name": lambda hand: hand.sheet("title", title=FEW[hand.act.row % 3]),
    "add": lambda hand: {"addSheet": {"properties": {"title": FEW[hand.act.row % 3]}}},
    "remove": lambda hand: {"deleteSheet": {"sheetId": hand.any}},
    "hide": lambda hand: hand.sheet("hidden", hidden=bool(hand.act.row % 2)),
    "thaw": lambda hand: hand.sheet(
        "gridProperties.frozenRowCount", gridProperties={"frozenRowCount": hand.act.row % 2}
    ),
    "unguard": Hand.guard,
    "let in": lambda hand: hand.guard(editors={"users": [SERVICE, CONTACT]}),
    "forget": Hand.forget,
    "copy": lambda hand: {"duplicateSheet": {"sourceSheetId": hand.city, "newSheetName": f"抄{hand.act.column}"}},
}

_texts = st.text(alphabet="是否平台=1.０ 约\n“”,'", max_size=6)
_values: st.SearchStrategy[Json] = st.one_of(
    _texts.filter(bool).map(lambda text: {"stringValue": text}),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda number: {"numberValue": number}),
    st.booleans().map(lambda truth: {"boolValue": truth}),
    st.just({"formulaValue": "=A2"}),
)
# What matters most is done most often: typing, and what is done to headers.
_OFTEN = ("type", "type more", "head", "head", "head", "column out", "column away", "name")
acts = st.builds(
    Act,
    who=st.sampled_from([CONTACT, SERVICE]),
    what=st.sampled_from([*sorted(ACTS), *_OFTEN]),
    pick=st.integers(0, 30),
    row=st.integers(1, ROWS - 1),
    column=st.integers(0, 24),
    text=_texts,
    value=_values,
)
