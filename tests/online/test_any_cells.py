"""Any cells typed into an online sheet: as read over HTTP they are those of a file with the same values, and are
judged the same."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.intake.online.answer import FIELDS, book_of
from core.intake.online.client import OnlineClient
from sheets_schema.parse import parse
from tests.online.answers import Typed, Value, cells, filed
from tests.online.clocks import StandingClock
from tests.online.filling import MAIN, Online, city_book
from tests.online.test_answer import QUICK, formatted, plain
from tests.sheets_emulator.emulator import Emulator
from tests.workbooks import BookMaker

worked_out = st.sampled_from(
    [
        Typed(12, formula="=6+6"),
        Typed("十二", formula='="十"&"二"'),
        Typed(True, formula="=1=1"),
        Typed("#DIV/0!", formula="=1/0", error=True),
        Typed("#NAME?", formula="=NOSUCH(1)", error=True),
        Typed(46082, "date", "=46081+1"),
    ]
)
HEADERS: dict[tuple[int, int], Typed | Value] = {
    at: cell.text for at, cell in BookMaker().sheets[MAIN].items() if at[0] == 1
}
contents = st.dictionaries(
    st.tuples(st.integers(2, 9), st.integers(1, len(HEADERS))), st.one_of(plain, formatted, worked_out), max_size=60
)


@settings(max_examples=15, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents, st.frozensets(st.integers(2, 12), max_size=3))
def test_any_cells_are_read_and_judged_as_those_of_a_file(
    google: Emulator,
    client: OnlineClient,
    clock: StandingClock,
    tmp_path: Path,
    content: dict[tuple[int, int], Typed | Value],
    hidden: frozenset[int],
) -> None:
    book = city_book("沈阳市", {**HEADERS, **content}, hidden_rows=tuple(sorted(hidden)))
    key = Online(google, client, clock).put(book)
    found = book_of(client.spreadsheet(key, fields=FIELDS, grid=True))
    held = filed(book, tmp_path)
    assert cells(found.sheets[0]) == cells(held.sheets[0])

    assert found == held
    online, file = parse(found), parse(held)
    assert online.errors == file.errors
    assert online.rows == file.rows
