"""Whatever stands in a cell, the parser answers with a value or an error and never falls over."""

from __future__ import annotations

import string
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_schema.cells import CellKind, RawBook, RawCell, RawSheet
from sheets_schema.errors import ERROR_CODES, WARNING_CODES
from sheets_schema.fold import fold_header, strip_blanks
from sheets_schema.parse import parse
from sheets_schema.schema import Column, load
from sheets_schema.values import read_text, read_value

COLUMNS = [column for sheet in load().city_sheets for column in sheet.columns]
KINDS: tuple[CellKind, ...] = ("text", "number", "date", "boolean", "error", "no_result")
# What breaks readers: formulas, digits of all scripts, exponents, separators, surrogates, long runs of blanks.
PIECES = st.sampled_from(
    (
        *("=1+1", "{x}", "%s", "1e999999999", "-", "０", "①", "٣", "½", "\ud800", "\x00", "\u202e", "𠮷", "，", "、"),
        *("\r\n", "9" * 400, " " * 5000, "(" * 300, "转", "+86", "2020-", "年", "小巨人", "“", "#N/A", "NaN", "E+"),
        *("Infinity", *string.digits),
    )
)
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=8).map("".join))
CELLS = st.builds(RawCell, st.sampled_from(KINDS), TEXTS, st.booleans())


@settings(max_examples=600, deadline=1000)
@given(column=st.sampled_from(COLUMNS), cell=CELLS)
def test_a_cell_is_a_value_or_an_error(column: Column, cell: RawCell) -> None:
    read = read_value(column, cell)
    assert (read.error is None) == (read.message == "")
    assert read.error is None or (read.error in ERROR_CODES and read.value is None)
    kinds = {"integer": int, "decimal": Decimal, "date": date, "choices": tuple}
    assert read.value is None or type(read.value) is kinds.get(column.type, str)
    assert read.empty == (not strip_blanks(cell.text))


@settings(max_examples=300, deadline=1000)
@given(text=TEXTS)
def test_a_free_text_comes_back_as_typed(text: str) -> None:
    read = read_text(load().sheet("推荐汇总表").column("备注"), text)
    assert read.error == "formula_error" or (read.value or "") == strip_blanks(text)


@settings(max_examples=300, deadline=1000)
@given(number=st.one_of(st.integers(0, 10**15), st.decimals(0, 10**9, places=4)))
def test_a_figure_comes_back_exactly(number: int | Decimal) -> None:
    column = load().sheet("基地指标").column("研发投入总额（万元）")
    assert read_text(column, f"{number:,} 万元").value == Decimal(number)
    assert str(read_text(column, str(number)).value) == str(number)


@settings(max_examples=200, deadline=2000)
@given(
    name=TEXTS,
    sheets=st.lists(
        st.builds(
            RawSheet,
            st.one_of(st.sampled_from([sheet.name for sheet in load().sheets] + ["_meta", "_字典"]), TEXTS),
            st.dictionaries(
                st.tuples(st.integers(1, 4), st.integers(1, 5)),
                st.one_of(CELLS, st.sampled_from(COLUMNS).map(lambda column: RawCell("text", column.name))),
                max_size=12,
            ),
        ),
        max_size=6,
    ),
)
def test_a_book_is_parsed_whatever_it_holds(name: str, sheets: list[RawSheet]) -> None:
    parsed = parse(RawBook(name, tuple(sheets)))
    for error in parsed.errors:
        assert error.code in ERROR_CODES + WARNING_CODES
        assert error.message.startswith(f"{name}〔{error.sheet}〕")
        assert error.message.endswith("。")
    known = {fold_header(sheet.name) for sheet in sheets if sheet.cells}
    assert {fold_header(sheet) for sheet in parsed.rows} <= known
