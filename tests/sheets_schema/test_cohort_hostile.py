"""Whatever stands in the workbook of former years, it is read or told, and what is read is whole."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cohorts import CohortRow, read_cohort
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.errors import COHORT_CODES, ERROR_CODES, WARNING_CODES
from sheets_schema.parse import parse
from sheets_schema.schema import COHORT, load
from tests.cohorts import SHEET
from tests.sheets_schema.test_hostile import CELLS, TEXTS

COLUMNS = load(COHORT).sheet(SHEET).columns
TODAY = date(2026, 6, 30)
# Right values often enough for whole rows to come about; days around today and in the first and last of all years.
DAYS = st.one_of(
    st.integers(-3, 3).map(lambda days: TODAY + timedelta(days)),
    st.dates(),
).map(lambda day: RawCell("text", day.isoformat()))
RIGHT = {
    column.name: st.sampled_from(column.options).map(lambda text: RawCell("text", text))
    if column.options
    else DAYS
    if column.type == "date"
    else TEXTS.map(lambda text: RawCell("text", text))
    for column in COLUMNS
}
ROWS = st.fixed_dictionaries({}, optional={name: st.one_of(right, right, CELLS) for name, right in RIGHT.items()})


def whole(row: CohortRow) -> bool:
    """Whether the row has the days of its status, in their order, and none of another."""
    days = [row.confirmed, row.extended, row.recognized, row.review_passed, row.review_failed]
    needed, empty = {
        "creating": ([0], [1, 2, 3, 4]),
        "extended": ([0, 1], [2, 3, 4]),
        "recognized": ([2], [4]),
        "rectifying": ([2, 4], []),
    }[row.status]
    known = [day for day in days if day is not None]
    return (
        all(days[at] is not None for at in needed)
        and all(days[at] is None for at in empty)
        and known == sorted(known)
        and all(day <= TODAY for day in known)
        and bool(row.city and row.name)
    )


@settings(max_examples=400, deadline=2000)
@given(name=TEXTS, rows=st.lists(ROWS, max_size=4), headers=st.permutations(COLUMNS))
def test_rows_are_whole_or_told(name: str, rows: list[dict[str, RawCell]], headers: list[object]) -> None:
    places = {getattr(column, "name", ""): at for at, column in enumerate(headers, start=1)}
    cells = {(1, at): RawCell("text", header) for header, at in places.items()}
    for number, row in enumerate(rows, start=2):
        cells |= {(number, places[column]): cell for column, cell in row.items()}
    read, errors = read_cohort(parse(RawBook(name, (RawSheet(SHEET, cells),)), load(COHORT)), TODAY)
    wrong = {error.row for error in errors}
    assert [row for row in read if not whole(row) or row.row in wrong] == []
    assert len({(row.kind, row.name) for row in read}) == len(read)
    for error in errors:
        assert error.code in ERROR_CODES + COHORT_CODES + WARNING_CODES
        assert error.message.startswith(f"{name}〔{SHEET}〕{error.cell}：")
        assert error.message.endswith("。")


@settings(max_examples=200, deadline=2000)
@given(
    sheets=st.lists(
        st.builds(
            RawSheet,
            st.one_of(st.sampled_from([SHEET, "_meta", "_字典", "填报说明"]), TEXTS),
            st.dictionaries(
                st.tuples(st.integers(1, 4), st.integers(1, 5)),
                st.one_of(CELLS, st.sampled_from(COLUMNS).map(lambda column: RawCell("text", column.name))),
                max_size=12,
            ),
        ),
        max_size=4,
    )
)
def test_a_book_is_read_whatever_it_holds(sheets: list[RawSheet]) -> None:
    read, errors = read_cohort(parse(RawBook("存量对象.xlsx", tuple(sheets)), load(COHORT)), TODAY)
    assert [row for row in read if not whole(row)] == []
    assert [error for error in errors if not error.message.endswith("。")] == []
