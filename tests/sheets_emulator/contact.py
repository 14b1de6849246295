"""A person who works on a spreadsheet by hand: what they do goes through the same doors as every request of theirs."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from tests.sheets_emulator import grid
from tests.sheets_emulator.calls import Call
from tests.sheets_emulator.problems import Json

if TYPE_CHECKING:
    from tests.sheets_emulator.emulator import Emulator


class Contact:
    """Edits of one person in one spreadsheet; rows are counted from 1 as on the screen, columns are letters.

    A refusal is a problems.Problem; over HTTP it is a urllib.error.HTTPError.
    """

    def __init__(self, emulator: Emulator, book_id: str, email: str, over_http: bool) -> None:
        self.emulator, self.book_id, self.email = emulator, book_id, email
        self._token = emulator.token(email) if over_http else ""

    def ask(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """Any request of this person; `path` comes after the spreadsheet's id."""
        whole = f"/v4/spreadsheets/{self.book_id}{urllib.parse.quote(path, safe='/:')}"
        if not self._token:
            call = Call(self.email, method, whole, {name: [value] for name, value in query.items()}, body)
            return self.emulator.answer(call)
        request = urllib.request.Request(
            f"{self.emulator.url}{whole}?{urllib.parse.urlencode(query)}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def batch(self, *requests: Json) -> Json:
        """A batchUpdate."""
        answer: Json = self.ask("POST", ":batchUpdate", {"requests": list(requests)})
        return answer

    # looking

    def tabs(self) -> list[str]:
        """The names of the tabs."""
        answer = self.ask("GET", "", fields="sheets(properties(title))")
        return [each["properties"]["title"] for each in answer["sheets"]]

    def rows(self, tab: str, how: str = "FORMATTED_VALUE") -> list[list[Any]]:
        """Everything on a tab as it is seen, blanks at the end left out."""
        answer = self.ask("GET", f"/values/{grid.quoted(tab)}", valueRenderOption=how)
        found: list[list[Any]] = answer.get("values", [])
        return found

    def cell(self, tab: str, place: str) -> str:
        """One cell as it is seen."""
        found = self.ask("GET", f"/values/{grid.quoted(tab)}!{place}").get("values", [[""]])
        return str(found[0][0])

    def sheet_id(self, tab: str) -> int:
        """The id of a tab."""
        answer = self.ask("GET", "", fields="sheets(properties(title,sheetId))")
        return int(
            next(each["properties"]["sheetId"] for each in answer["sheets"] if each["properties"]["title"] == tab)
        )

    # typing

    def set(self, tab: str, place: str, value: Any, *, typed: bool = True) -> None:
        """Type into a cell; `typed=False` keeps a text as it is."""
        self.fill(tab, place, [[value]], typed=typed)

    def fill(self, tab: str, place: str, rows: list[list[Any]], *, typed: bool = True) -> None:
        """Type a block from a cell on."""
        how = "USER_ENTERED" if typed else "RAW"
        where = f"{grid.quoted(tab)}!{place}"
        data = {"valueInputOption": how, "data": [{"range": where, "values": rows}]}
        self.ask("POST", "/values:batchUpdate", data)

    def rename_header(self, tab: str, old: str, new: str) -> None:
        """Another word at the head of a column."""
        for down, row in enumerate(self.rows(tab)):
            if old in row:
                self.set(tab, f"{grid.letters(row.index(old))}{down + 1}", new, typed=False)
                return
        raise KeyError(old)

    # rows

    def _rows(self, tab: str, row: int, count: int = 1) -> Json:
        return {"sheetId": self.sheet_id(tab), "dimension": "ROWS", "startIndex": row - 1, "endIndex": row - 1 + count}

    def insert_row(self, tab: str, row: int, count: int = 1) -> None:
        """Empty rows before this one."""
        self.batch({"insertDimension": {"range": self._rows(tab, row, count), "inheritFromBefore": row > 1}})

    def delete_row(self, tab: str, row: int, count: int = 1) -> None:
        """Rows from this one on go."""
        self.batch({"deleteDimension": {"range": self._rows(tab, row, count)}})

    def hide_row(self, tab: str, row: int, hidden: bool = True) -> None:
        """A row out of sight."""
        place, set_to = self._rows(tab, row), {"hiddenByUser": hidden}
        self.batch({"updateDimensionProperties": {"range": place, "properties": set_to, "fields": "hiddenByUser"}})

    def insert_column(self, tab: str, letter: str) -> None:
        """An empty column before this one."""
        at = grid.column(letter)
        place = {"sheetId": self.sheet_id(tab), "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        self.batch({"insertDimension": {"range": place, "inheritFromBefore": at > 0}})

    def _range(self, tab: str, text: str) -> Json:
        span = grid.span(text) or grid.Span()
        bounds = zip(grid.BOUNDS, (span.top, span.bottom, span.left, span.right), strict=True)
        return {"sheetId": self.sheet_id(tab)} | {name: value for name, value in bounds if value is not None}

    def sort(self, tab: str, area: str, by: str, *, descending: bool = False) -> None:
        """The rows of an area (A2:F40) by a column."""
        order = "DESCENDING" if descending else "ASCENDING"
        spec = {"dimensionIndex": grid.column(by), "sortOrder": order}
        self.batch({"sortRange": {"range": self._range(tab, area), "sortSpecs": [spec]}})

    def merge(self, tab: str, area: str) -> None:
        """One cell of many."""
        self.batch({"mergeCells": {"range": self._range(tab, area), "mergeType": "MERGE_ALL"}})

    def filter_out(self, tab: str, area: str, by: str, *values: str) -> None:
        """Filter an area: rows with these values in a column are not seen."""
        spec = {"columnIndex": grid.column(by), "filterCriteria": {"hiddenValues": list(values)}}
        self.batch({"setBasicFilter": {"filter": {"range": self._range(tab, area), "filterSpecs": [spec]}}})

    # tabs

    def add_tab(self, tab: str) -> None:
        """A new tab at the end."""
        self.batch({"addSheet": {"properties": {"title": tab}}})

    def rename_tab(self, old: str, new: str) -> None:
        """Another name for a tab."""
        properties = {"sheetId": self.sheet_id(old), "title": new}
        self.batch({"updateSheetProperties": {"properties": properties, "fields": "title"}})

    def delete_tab(self, tab: str) -> None:
        """A tab goes."""
        self.batch({"deleteSheet": {"sheetId": self.sheet_id(tab)}})
