"""What contacts do to their sheets while they are at it, chosen at random; each tells what it did.

A contact who may not do something is refused as a person is, and then nothing has happened. What would keep a sheet
from being taken in at all (a header by another name, a tab gone) can be put right again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tests.online.little import Little
from tests.online.online_office import FEEDBACK, MAILS
from tests.sheets_emulator import grid
from tests.sheets_emulator.book import Sheet
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.problems import Json, Problem, sheets

MAIN = "推荐汇总表"
TABS = (MAIN, "平台指标", "平台指标", "基地指标", "优质企业名录", "线下活动", "申报材料")
VALUES = (
    *("900", "1000", "0", "-5", "12.5", "12.5%", "1,200", "约50", "五十", "0012", "1e3", "99999999999999999999"),
    *("2026-05-01", "2025/3/8", "2025年3月8日", "明年", "TRUE", "是", "否", "无", "  ", "　", "　50　", "平台", "基地"),
    *(
        "=1/0",
        "=40+2",
        "=A2",
        "=不存在(1)",
        "'0100",
        "PT-001",
        "pt-002",
        "PT-009",
        "JD-001",
        "甲\n乙",
        "😀",
        "长" * 300,
    ),
)


class Hands:
    """The contacts of all cities. `heal` puts right what has to be before a sheet can be taken in."""

    def __init__(self, little: Little) -> None:
        self.little = little
        self.undone: dict[str, list[Callable[[], object]]] = {}

    def edit(self, city: str, rng: Random) -> str:
        """One edit of a sheet of this city; what was done."""
        does = rng.choices(*zip(*_EDITS, strict=True))[0]
        edit = Edit(self, city, rng.choice(TABS), rng)
        try:
            done = does(edit)
        except Problem as problem:
            done = f"{does.__name__.strip('_')} {edit.tab}: {problem.code}"
        return f"{city} {done}"

    def heal(self) -> None:
        """Every sheet can be taken in again."""
        for steps in self.undone.values():
            while steps:
                steps.pop()()


@dataclass
class Edit:
    """One edit about to be made."""

    hands: Hands
    city: str
    tab: str
    rng: Random
    book_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.book_id = self.hands.little.books[self.city]

    def contact(self, *, owner: bool = False) -> Contact:
        """Whoever fills in the sheet, or its owner, who may do more."""
        return self.hands.little.google.contact(self.book_id, "" if owner else MAILS[self.city])

    def afterwards(self, step: Callable[[], object]) -> None:
        """What puts this right."""
        self.hands.undone.setdefault(self.city, []).append(step)

    @property
    def sheet(self) -> Sheet:
        """The tab as it stands; a Problem where it is gone."""
        file = self.hands.little.google.state.files.get(self.book_id)
        found = file and file.book and file.book.titled(self.tab)
        if not found:
            raise sheets(404, "no such tab")
        return found

    def column(self) -> int:
        """A column with a header."""
        return self.rng.choice(list(heads(self.sheet).values()) or [0])

    def row(self) -> int:
        """A row to do something with, as people count: one that is filled in, now and then the one below."""
        found = rows(self.sheet)
        below = (found[-1] if found else 0) + 2
        return self.rng.choice([*(row + 1 for row in found), *(row + 1 for row in found), below])

    def name(self, text: str) -> str:
        """A name that nothing has yet."""
        return f"{text}{self.rng.randrange(10**9)}"


def heads(sheet: Sheet) -> dict[str, int]:
    """The columns of a tab by their headers; of two with the same the first."""
    found: dict[str, int] = {}
    for (_, column), cell in sorted(
        (each for each in sheet.cells.items() if each[0][0] == 0), key=lambda each: each[0]
    ):
        if "stringValue" in cell.get("userEnteredValue", {}):
            found.setdefault(cell["userEnteredValue"]["stringValue"], column)
    return found


def rows(sheet: Sheet) -> list[int]:
    """The rows of a tab that hold anything: 1 is the first below the header."""
    return sorted({row for (row, _), cell in sheet.cells.items() if row and "userEnteredValue" in cell})


def _type(edit: Edit) -> str:
    place, value = f"{grid.letters(edit.column())}{edit.row()}", edit.rng.choice(VALUES)
    typed = edit.rng.random() < 0.8
    edit.contact().set(edit.tab, place, value, typed=typed)
    return f"type {edit.tab}!{place} {value[:20]!r} typed={typed}"


def _number(edit: Edit) -> str:
    """Another 编号, or none."""
    place = f"{grid.letters(heads(edit.sheet).get('编号', 0))}{edit.row()}"
    value = edit.rng.choice(["PT-001", "PT-002", "JD-001", "PT-003", "pt－001", ""])
    edit.contact().set(edit.tab, place, value)
    return f"number {edit.tab}!{place} {value!r}"


def _clear(edit: Edit) -> str:
    place = f"{grid.letters(edit.column())}{edit.row()}"
    edit.contact().set(edit.tab, place, "")
    return f"clear {edit.tab}!{place}"


def _insert(edit: Edit) -> str:
    row, count = edit.row(), edit.rng.choice([1, 1, 1, 3])
    edit.contact().insert_row(edit.tab, row, count)
    return f"insert {edit.tab} {row} x{count}"


def _delete(edit: Edit) -> str:
    row = edit.row()
    edit.contact().delete_row(edit.tab, row)
    return f"delete {edit.tab} {row}"


def _sort(edit: Edit) -> str:
    sheet = edit.sheet
    area = f"A2:{grid.letters(sheet.columns - 1)}{sheet.rows}"
    by, falling = grid.letters(edit.column()), edit.rng.random() < 0.6
    edit.contact().sort(edit.tab, area, by, descending=falling)
    return f"sort {edit.tab} {area} by {by} falling={falling}"


def _double(edit: Edit) -> str:
    """A row once more, below the others."""
    found = rows(edit.sheet)
    if not found:
        return "double nothing"
    row = edit.rng.choice(found)
    line = edit.contact().rows(edit.tab, "FORMULA")[row]
    edit.contact().fill(edit.tab, f"A{found[-1] + 2}", [line], typed=False)
    return f"double {edit.tab} {row + 1}"


def _hide(edit: Edit) -> str:
    row, hidden = edit.row(), edit.rng.random() < 0.7
    edit.contact().hide_row(edit.tab, row, hidden)
    return f"hide {edit.tab} {row} {hidden}"


def _filter(edit: Edit) -> str:
    sheet = edit.sheet
    area = f"A1:{grid.letters(sheet.columns - 1)}{sheet.rows}"
    edit.contact().filter_out(edit.tab, area, "A", "PT-001")
    return f"filter {edit.tab} {area}"


def _merge(edit: Edit) -> str:
    row = edit.row()
    area = f"C{row}:D{row}"
    edit.contact().merge(edit.tab, area)
    return f"merge {edit.tab} {area}"


def _move_column(edit: Edit) -> str:
    sheet = edit.sheet
    at, to = (edit.rng.randrange(sheet.columns) for _ in range(2))
    place = {"sheetId": sheet.id, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    edit.contact(owner=True).batch({"moveDimension": {"source": place, "destinationIndex": to}})
    return f"move column {edit.tab} {grid.letters(at)} to {grid.letters(to)}"


def _add_column(edit: Edit) -> str:
    letter = grid.letters(edit.rng.randrange(edit.sheet.columns))
    hand = edit.contact(owner=True)
    hand.insert_column(edit.tab, letter)
    if edit.rng.random() < 0.5:
        hand.fill(edit.tab, f"{letter}1", [[edit.name("市内备注")], ["见附件"]], typed=False)
    return f"add column {edit.tab} {letter}"


def _head(edit: Edit) -> str:
    """Another header over a column."""
    old = edit.rng.choice([head for head in heads(edit.sheet) if not head.startswith(("改名", "市内备注"))] or [""])
    if not old:
        return "rename nothing"
    tab, hand, new = edit.tab, edit.contact(owner=True), edit.name("改名")
    hand.rename_header(tab, old, new)
    edit.afterwards(lambda: hand.rename_header(tab, new, old))
    return f"rename header {tab} {old} to {new}"


def _tab(edit: Edit) -> str:
    """Another name for a tab."""
    old, hand, new = edit.tab, edit.contact(owner=True), edit.name("页")
    edit.contact().rename_tab(edit.sheet.title, new)
    edit.afterwards(lambda: hand.rename_tab(new, old))
    return f"rename tab {old} to {new}"


def _drop_tab(edit: Edit) -> str:
    """A tab goes, and comes back out of the service's list of earlier versions."""
    state, lost = edit.hands.little.google.state, edit.sheet
    hand = edit.contact(owner=edit.rng.random() < 0.5)
    at = hand.tabs().index(edit.tab)
    hand.delete_tab(edit.tab)

    def restored() -> None:
        file = state.files[edit.book_id]
        assert file.book is not None
        state.store(file, replace(file.book, sheets=[*file.book.sheets[:at], lost, *file.book.sheets[at:]]), file.owner)

    edit.afterwards(restored)
    return f"delete tab {edit.tab} as {hand.email}"


def _add_tab(edit: Edit) -> str:
    tab, hand, value = edit.name("草稿"), edit.contact(), edit.rng.choice(VALUES)
    hand.batch({"addSheet": {"properties": {"title": tab, "gridProperties": {"rowCount": 4, "columnCount": 3}}}})
    hand.set(tab, "B3", value)
    return f"add tab {tab} {value[:20]!r}"


def _copy_tab(edit: Edit) -> str:
    name = edit.name(edit.tab)
    edit.contact().batch({"duplicateSheet": {"sourceSheetId": edit.sheet.id, "newSheetName": name}})
    return f"copy tab {edit.tab} to {name}"


def _look(edit: Edit) -> str:
    """What changes no content: a colour and a note."""
    area = {"sheetId": edit.sheet.id, "startRowIndex": 1, "endRowIndex": 3, "startColumnIndex": 1, "endColumnIndex": 3}
    cell: Json = {"userEnteredFormat": {"backgroundColor": {"red": 1}}, "note": "请核对"}
    fields = "userEnteredFormat.backgroundColor,note"
    edit.contact().batch({"repeatCell": {"range": area, "cell": cell, "fields": fields}})
    return f"look {edit.tab}"


def _province(edit: Edit) -> str:
    """Into the province's sheet, which is protected."""
    place = edit.rng.choice(["A2", "C2", "J5", "A1", "B9"])
    edit.contact().set(FEEDBACK, place, "已改")
    return f"type {FEEDBACK}!{place}"


_EDITS: Sequence[tuple[Callable[[Edit], str], int]] = (
    (_type, 30),
    (_clear, 6),
    (_number, 6),
    (_insert, 12),
    (_delete, 8),
    (_sort, 10),
    (_double, 4),
    (_hide, 3),
    (_filter, 2),
    (_merge, 2),
    (_move_column, 6),
    (_add_column, 3),
    (_head, 3),
    (_tab, 2),
    (_drop_tab, 1),
    (_add_tab, 1),
    (_copy_tab, 1),
    (_look, 2),
    (_province, 1),
)
