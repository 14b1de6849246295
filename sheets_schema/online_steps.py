"""The steps that bring a spreadsheet to what the schema wants: requests in an order that works, words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

from sheets_schema.online_places import runs
from sheets_schema.online_there import Tab
from sheets_schema.online_words import done

Request = dict[str, Any]
Paint = TypeVar("Paint")


class Phase(IntEnum):
    """Sheets before what leans on them, cells before what shuts them."""

    BOOK = 0
    NAMES = 1
    SHEETS = 2
    SIZE = 3
    CELLS = 4
    LOOK = 5
    RULES = 6
    COLOURS = 7
    GUARDS = 8
    MARKS = 9


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done to a spreadsheet. Nothing to do: it is complete. `said`: each thing once, in Chinese.

    `made`: it is a new one, and everything is put into it.
    """

    requests: tuple[Request, ...]
    said: tuple[str, ...]
    made: bool = False

    def __bool__(self) -> bool:
        return bool(self.requests)


@dataclass(slots=True)
class Steps:
    """Gathers requests; each with the sentence of what it is for."""

    _taken: list[tuple[Phase, Request, str]] = field(default_factory=list)

    def add(self, phase: Phase, kind: str, body: Mapping[str, Any], said: str) -> None:
        """One request more."""
        self._taken.append((phase, {kind: dict(body)}, said))

    def plan(self, made: str = "") -> Plan:
        """All of it in order. `made`: the one sentence that stands for all where the spreadsheet is a new one."""
        ordered = sorted(self._taken, key=lambda step: step[0])
        said = (made,) if made else tuple(dict.fromkeys(said for *_, said in self._taken if said))
        return Plan(tuple(request for _, request, _ in ordered), said, bool(made))


@dataclass(frozen=True, slots=True)
class Work:
    """One sheet being worked on: what is there (nothing where it is `new`), and the steps so far."""

    tab: Tab
    name: str
    new: bool
    steps: Steps

    def add(self, phase: Phase, kind: str, body: Mapping[str, Any], said: str, **values: object) -> None:
        """A request about this sheet. `said`: a sentence of online.toml; of a new sheet only that it is one."""
        text = done("new_tab", tab=self.name) if self.new else done(said, tab=self.name, **values)
        self.steps.add(phase, kind, body, text)

    def area(self, rows: tuple[int, int | None], columns: tuple[int, int | None]) -> dict[str, int]:
        """A GridRange; None: without end."""
        ends = {"startRowIndex": rows[0], "endRowIndex": rows[1]}
        ends |= {"startColumnIndex": columns[0], "endColumnIndex": columns[1]}
        return {"sheetId": self.tab.id} | {end: at for end, at in ends.items() if at is not None}

    def write(self, row: int, cells: Mapping[int, Mapping[str, Any]], fields: str, said: str, **values: object) -> None:
        """Writes cells of one row, by column: neighbours in one request."""
        for start, end in runs(cells):
            body = {
                "range": self.area((row, row + 1), (start, end)),
                "rows": [{"values": [cells[at] for at in range(start, end)]}],
                "fields": fields,
            }
            self.add(Phase.CELLS, "updateCells", body, said, **values)

    def fill(self, rows: Sequence[Sequence[str]], size: tuple[int, int], said: str) -> None:
        """Writes texts from the first cell on over an area of so many rows and columns; the rest of it is emptied."""
        body = {
            "range": self.area((0, size[0]), (0, size[1])),
            "rows": [{"values": [text_cell(text) for text in row]} for row in rows],
            "fields": "userEnteredValue",
        }
        self.add(Phase.CELLS, "updateCells", body, said)

    def look(self, area: Mapping[str, int], look: Mapping[str, Any], fields: str, said: str, **values: object) -> None:
        """Gives every cell of an area this look, as far as `fields` reaches."""
        body = {"range": area, "cell": {"userEnteredFormat": look}, "fields": fields}
        self.add(Phase.LOOK, "repeatCell", body, said, **values)

    def sizes(self, dimension: str, pixels: Mapping[int, int], said: str, **values: object) -> None:
        """Sets heights of rows or widths of columns."""
        for (start, end), size in painted(pixels):
            part = {"sheetId": self.tab.id, "dimension": dimension, "startIndex": start, "endIndex": end}
            body = {"range": part, "properties": {"pixelSize": size}, "fields": "pixelSize"}
            self.add(Phase.LOOK, "updateDimensionProperties", body, said, **values)


def text_cell(text: str) -> dict[str, Any]:
    """A cell that holds a text as text, whatever it begins with; an empty one for ''."""
    return {"userEnteredValue": {"stringValue": text}} if text else {}


def painted(paints: Mapping[int, Paint]) -> list[tuple[tuple[int, int], Paint]]:
    """What to paint, in order, so that each number has its paint: the commonest over all neighbours, then the rest."""
    made: list[tuple[tuple[int, int], Paint]] = []
    for start, end in runs(paints):
        part = [paints[at] for at in range(start, end)]
        common = max(part, key=part.count)
        made.append(((start, end), common))
        for at in range(start, end):
            if paints[at] == common:
                continue
            if made[-1][0][1] == at and made[-1][1] == paints[at] and made[-1][0] != (start, end):
                made[-1] = ((made[-1][0][0], at + 1), paints[at])
            else:
                made.append(((at, at + 1), paints[at]))
    return made
