"""Whatever people do to an online sheet, in whatever order: one repair makes it complete, and no data changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets_emulator.problems import Problem
from tests.sheets_schema.online_paper import Json, Paper
from tests.sheets_schema.online_people import PAGES, ROWS, SMALL, Act, acts

WHOLE = Paper(SMALL).short(ROWS)
OURS = {WHOLE.id(name) for name in PAGES}


def data(book: Paper) -> dict[int, dict[tuple[int, int], Json]]:
    """What stands in row 2 and below of every sheet but the province's pages, by the sheet's number."""
    return {
        sheet.id: {
            place: cell["userEnteredValue"]
            for place, cell in sheet.cells.items()
            if place[0] > 0 and "userEnteredValue" in cell
        }
        for sheet in book.book.sheets
        if sheet.id not in OURS
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(acts, min_size=4, max_size=14))
def test_one_repair_is_enough_and_touches_no_data(done: list[Act]) -> None:
    book = Paper(SMALL, filled=False)
    book.book = WHOLE.book
    for act in done:
        try:
            book.send([act.request(book)], act.who)
        except Problem:
            continue  # protected, or not possible there
    before = data(book)
    sizes = {sheet.id: (sheet.rows, sheet.columns) for sheet in book.book.sheets}
    plan = book.fix()
    assert book.plan().requests == ()
    after = data(book)
    assert {tab: after[tab] for tab in before} == before
    for sheet in book.book.sheets:
        rows, columns = sizes.get(sheet.id, (0, 0))
        assert sheet.rows >= rows
        assert sheet.columns >= columns
    assert len(plan.said) == len(set(plan.said))
