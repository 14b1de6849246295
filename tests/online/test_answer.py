"""An online sheet's cells are those that a file with the same values gives; what is kept of it is its content."""

from __future__ import annotations

import copy
import hashlib
import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.errors import FileRefused
from core.intake.online.answer import book_of, is_snapshot, snapshot, taken_book
from core.intake.online.as_workbook import as_workbook
from core.intake.online.faults import OnlineFault
from core.intake.prescreen import MAX_CELLS
from sheets_schema.cells import RawCell
from tests.online.answers import ERRORS, FORMATS, Book, Page, Typed, Value, answer, cells, filed, read

MAIN = "推荐汇总表"
HOSTILE: dict[tuple[int, int], Typed | Value] = {
    (1, 1): "编号",
    (2, 1): "914302007770000018",
    (2, 2): 914302007770000018,
    (2, 3): 914302007770000018.0,
    (2, 4): 1e15,
    (2, 5): 1e15 - 1,
    (2, 6): 1.5e300,
    (2, 7): 1234567890123456,
    (3, 1): "85%",
    (3, 2): Typed(0.85, "percent"),
    (3, 3): "１２３．５",
    (3, 4): "\u00a0\u3000甲\u00a0",
    (3, 5): "\u00a0\u200b",
    (3, 6): "第一行\n第二行",
    (3, 7): "=1+1",
    (3, 8): "𠮷#N/A",
    (4, 1): True,
    (4, 2): Typed(False, formula="=1=2"),
    (4, 3): 0.1,
    (4, 4): 0.30000000000000004,
    (4, 5): 1e-7,
    (4, 6): -0.5,
    (4, 7): 1200.0,
    (4, 8): 0,
    (5, 1): date(2026, 3, 1),
    (5, 2): datetime(2026, 3, 1, 13, 30, 59),  # noqa: DTZ001
    (5, 3): time(13, 30),
    (5, 4): timedelta(hours=30, minutes=5),
    (5, 5): Typed(45000, "month"),
    (5, 6): Typed(3, "marked"),
    (5, 7): Typed(45000, "text"),
    (5, 8): date(9999, 12, 31),
    (5, 9): Typed(3_000_000, "date"),
    (5, 10): date(1850, 1, 2),
    (5, 11): Typed(45000.5, "time"),
    (5, 12): Typed(-0.25, "elapsed"),
    (6, 1): Typed(12, formula="=6+6"),
    (6, 2): Typed("十二", formula='="十"&"二"'),
    (6, 4): Typed(None, formula="=B6"),
    (6, 5): Typed(45000, "date", "=TODAY()"),
    **{(7, at): Typed(sign, formula="=A1/0", error=True) for at, sign in enumerate(ERRORS, start=1)},
}


def test_every_value_is_what_a_file_makes_of_it(tmp_path: Path) -> None:
    merged = ((1, 1, 1, 3), (9, 2, 11, 2))
    pages = (Page(MAIN, HOSTILE, hidden_rows=(3, 9), merged=merged), Page("_meta", {(1, 1): "城市"}, hidden=True))
    book = Book("2026-沈阳市", (*pages, Page("空表", {})))
    found = book_of(answer(book))
    held = filed(book, tmp_path)
    assert cells(found.sheets[0]) == cells(held.sheets[0])
    assert found == held
    assert cells(found.sheets[0])[2, 2] == ("number", "9.1430200777e+17", False)
    assert cells(found.sheets[0])[5, 5] == ("date", "2023-03-15 00:00:00", False)
    assert (3, 5) not in found.sheets[0].cells
    assert found.sheets[0].hidden_rows == {3, 9}
    assert found.sheets[0].merged == ("A1:C1", "B9:B11")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (date(1900, 2, 28), "date", "1900-02-28 00:00:00"),
        (date(1900, 1, 1), "date", "1900-01-01 00:00:00"),
        (date(1899, 12, 31), "date", "1899-12-31 00:00:00"),
        (Typed(0.5, "moment"), "text", "12:00:00"),
        (Typed(0, "date"), "text", "00:00:00"),
        (Typed(-3, "date"), "date", "1899-12-27 00:00:00"),
        (Typed(-800_000, "date"), "number", "-800000"),
    ],
)
def test_days_are_those_that_the_sheet_shows(value: Typed | Value, kind: str, text: str) -> None:
    found = book_of(answer(Book("表", (Page(MAIN, {(1, 1): value}),))))
    assert cells(found.sheets[0]) == {(1, 1): (kind, text, False)}


def one(cell: dict[str, Any]) -> RawCell | None:
    """What becomes of one cell of an answer."""
    sheet = {"properties": {"title": MAIN}, "data": [{"rowData": [{"values": [cell]}]}]}
    return book_of({"properties": {"title": "表"}, "sheets": [sheet]}).sheets[0].cells.get((1, 1))


def test_what_only_an_online_sheet_has() -> None:
    loading = {"errorValue": {"type": "LOADING", "message": "Loading..."}}
    formula = {"formulaValue": '=IMPORTRANGE("a","b")'}
    assert one({"userEnteredValue": formula, "effectiveValue": loading}) == RawCell(
        "no_result", '=IMPORTRANGE("a","b")', True
    )
    assert one({"userEnteredValue": formula, "effectiveValue": {"errorValue": {"type": "ERROR"}}}) == RawCell(
        "error", "#ERROR!", True
    )
    assert one({"userEnteredValue": {"formulaValue": '=""'}, "effectiveValue": {"stringValue": ""}}) is None
    assert one({"userEnteredValue": formula}) == RawCell("no_result", '=IMPORTRANGE("a","b")', True)
    # what a formula of another cell has spilled into this one
    assert one({"effectiveValue": {"numberValue": 7}}) == RawCell("number", "7")
    assert one({"effectiveValue": {"errorValue": {"type": "N_A"}}}) == RawCell("error", "#N/A")
    assert one({"effectiveFormat": {"numberFormat": {"type": "DATE"}}}) is None
    assert one({"effectiveValue": {"numberValue": 2}, "effectiveFormat": {"numberFormat": {"type": "DATE"}}}) == (
        RawCell("date", "1900-01-01 00:00:00")
    )
    assert one({"userEnteredValue": {"stringValue": "甲\x00\ud800"}}) == RawCell("text", "甲\ufffd\ufffd")


def test_blocks_begin_where_they_say_and_charts_are_no_sheets() -> None:
    block = {"startRow": 4, "startColumn": 2, "rowData": [{}, {"values": [{}, {"effectiveValue": {"numberValue": 1}}]}]}
    block["rowMetadata"] = [{"hiddenByFilter": True}, {"hiddenByUser": True}]
    pages = [
        {"properties": {"title": "图", "sheetType": "OBJECT"}},
        {"properties": {"title": MAIN}, "data": [{}, block]},
        {"properties": {"title": "空"}},
    ]
    found = book_of({"properties": {"title": "表"}, "sheets": pages})
    assert [sheet.name for sheet in found.sheets] == [MAIN, "空"]
    assert cells(found.sheets[0]) == {(6, 4): ("number", "1", False)}
    assert found.sheets[0].hidden_rows == {5, 6}


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"properties": {}},
        {"properties": {"title": "表"}, "sheets": [{}]},
        {"properties": {"title": "表"}, "sheets": [{"properties": {"title": MAIN}, "data": "甲"}]},
        {"properties": {"title": "表"}, "sheets": 5},
        {"properties": {"title": 5}},
    ],
)
def test_an_answer_about_something_else_is_a_fault(strange: dict[str, Any]) -> None:
    with pytest.raises(OnlineFault) as fault:
        book_of(strange)
    assert fault.value.code == "strange_answer"


@pytest.mark.parametrize("number", ["NaN", float("nan"), float("inf")])
def test_a_number_that_is_none_is_a_fault(number: object) -> None:
    with pytest.raises(OnlineFault):
        one({"effectiveValue": {"numberValue": number}})


def test_an_absurdly_big_book_is_refused() -> None:
    def refusal(content: dict[tuple[int, int], Typed | Value]) -> tuple[str, str]:
        with pytest.raises(FileRefused) as refused:
            book_of(answer(Book("2026-沈阳市", (Page(MAIN, content),))))
        return refused.value.code, str(refused.value)

    assert refusal({(100_001, 1): 1}) == (
        "far_cell",
        "2026-沈阳市：工作表中 A100001 处有内容，远在填报区域之外（第 100,000 行或第 1,000 列以外），没有读取。"
        "请在表格中删除多余的行和列（选中后整行、整列删除）。",
    )
    assert refusal({(1, 1_001): 1})[0] == "far_cell"
    assert refusal({(1, 1): "甲" * 40_001}) == (
        "too_much_text",
        "2026-沈阳市：表格中的文字过多，超出填报的正常范围，没有读取。请在表格中删除与填报无关的内容。",
    )
    assert refusal({(row, 1): "甲" * 40_000 for row in range(1, 127)})[0] == "too_much_text"
    line = {"values": [{"effectiveValue": {"boolValue": True}}] * 1_000}
    sheet = {"properties": {"title": MAIN}, "data": [{"rowData": [line] * (MAX_CELLS // 1_000) + [line]}]}
    with pytest.raises(FileRefused) as refused:
        book_of({"properties": {"title": "表"}, "sheets": [sheet]})
    assert refused.value.sentence == (
        "表格中有内容的单元格超过 200,000 个，没有读取。请在表格中删除多余的行、列和工作表。"
    )
    blank = {"effectiveFormat": {"numberFormat": {"type": "TEXT", "pattern": "@"}}}
    sheet["data"] = [{"rowData": [{"values": [blank] * 1_000}] * 300}]
    assert book_of({"properties": {"title": "表"}, "sheets": [sheet]}).sheets[0].cells == {}


# Snapshots


def feedback(text: str) -> Page:
    return Page("审核反馈", {(1, 1): "编号", (2, 1): text})


def test_a_snapshot_reads_back_without_the_provinces_sheet() -> None:
    page = Page(MAIN, HOSTILE, hidden_rows=(3, 9), merged=((1, 1, 1, 3),))
    answered = answer(Book("2026-沈阳市", (page, feedback("SY-001"), Page("_meta", {(1, 1): "城市"}, hidden=True))))
    whole = book_of(answered)
    data = snapshot(answered)
    assert is_snapshot(data)
    assert not is_snapshot(b"PK\x03\x04")
    assert taken_book(data).name == whole.name
    assert taken_book(data).sheets == (whole.sheets[0], whole.sheets[2])
    assert snapshot(json.loads(data)) == data


def test_the_same_content_is_the_same_bytes() -> None:
    page = Page(MAIN, HOSTILE)
    first = answer(Book("2026-沈阳市", (page, feedback("SY-001"))))
    again = answer(Book("2026-沈阳市", (Page(MAIN, HOSTILE, extent=(5_000, 60)), feedback("SY-002"))))
    again["sheets"][0]["data"][0]["rowData"][2]["values"].append(
        {"effectiveFormat": {"numberFormat": {"type": "TEXT"}}}
    )
    again["sheets"][0]["data"][0]["rowData"][1]["values"][0]["effectiveFormat"] = {"numberFormat": {"type": "TEXT"}}
    again["sheets"][0]["data"][0]["rowData"][6]["values"][1]["effectiveValue"]["errorValue"]["message"] = "另一句"
    assert snapshot(first) == snapshot(again)
    assert snapshot(dict(reversed(list(first.items())))) == snapshot(first)
    assert len(snapshot(first)) < 6_000


@pytest.mark.parametrize(
    "change",
    [
        {(2, 1): "914302007770000019"},
        {(4, 2): Typed(False, formula="=1=3")},
        {(5, 5): 45000},
        {(8, 1): "新"},
        {(7, 1): Typed("#REF!", formula="=A1/0", error=True)},
    ],
)
def test_other_content_is_other_bytes(change: dict[tuple[int, int], Typed | Value]) -> None:
    plain = answer(Book("表", (Page(MAIN, HOSTILE),)))
    assert snapshot(answer(Book("表", (Page(MAIN, HOSTILE | change),)))) != snapshot(plain)


def test_what_is_hidden_merged_or_named_otherwise_is_other_content() -> None:
    pages = [
        Page(MAIN, HOSTILE),
        Page(MAIN, HOSTILE, hidden_rows=(2,)),
        Page(MAIN, HOSTILE, merged=((1, 1, 1, 2),)),
        Page(MAIN, HOSTILE, hidden=True),
        Page("别名", HOSTILE),
    ]
    books = [Book("表", (page,)) for page in pages] + [Book("别名", (pages[0],))]
    assert len({hashlib.sha256(snapshot(answer(book))).hexdigest() for book in books}) == 6


def test_reading_changes_nothing_of_the_answer() -> None:
    answered = answer(Book("表", (Page(MAIN, HOSTILE), feedback("甲"))))
    before = copy.deepcopy(answered)
    snapshot(answered)
    book_of(answered)
    assert answered == before


# Any values at all; each example is a file and a process, so what fails is shown as it was found
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12) | st.sampled_from(
    ["85%", "１２", "\u00a0", "=1", "'1", "1\n2", "_x000D_", "TRUE", "#N/A", " 甲 ", "2026年3月1日", "1e5", "<&>\"'"]
)
few_digits = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9).map(
    float
)
numbers = st.integers(-(10**20), 10**20) | few_digits | st.integers(0, 5_000).map(float)
days = st.dates(date(1900, 3, 1), date(9999, 12, 31)) | st.dates(date(1700, 1, 1), date(1899, 12, 29))
moments = st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda found: found.replace(microsecond=0))  # noqa: DTZ001
clocks = st.times().map(lambda found: found.replace(microsecond=0))
spans = st.integers(-200_000, 200_000).map(lambda seconds: timedelta(seconds=seconds))
plain = st.one_of(texts, numbers, st.booleans(), days, moments, clocks, spans)
formatted = st.builds(
    Typed, st.integers(61, 60_000) | few_digits.filter(lambda n: n > 61), st.sampled_from(sorted(FORMATS))
)
calculated = st.builds(
    lambda value, formula: Typed(value, formula=formula),
    st.none()
    | numbers
    | st.booleans()
    | texts.filter(lambda text: text and not text.startswith("#") and text.strip() == text),
    st.sampled_from(["=A1", "=SUM(A1:B2)", '=IF(A1="","",1)']),
)
faulty = st.sampled_from(sorted(ERRORS)).map(lambda sign: Typed(sign, formula="=A1/0", error=True))
pages = st.dictionaries(
    st.tuples(st.integers(1, 12), st.integers(1, 9)), st.one_of(plain, formatted, calculated, faulty), max_size=80
)


@settings(max_examples=25, deadline=None, phases=QUICK, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages, st.frozensets(st.integers(1, 14), max_size=3))
def test_any_cells_are_those_of_a_file_with_the_same_values(
    tmp_path: Path, content: dict[tuple[int, int], Typed | Value], hidden: frozenset[int]
) -> None:
    book = Book("2026-沈阳市", (Page(MAIN, content, hidden_rows=tuple(sorted(hidden))),))
    answered = answer(book)
    found = book_of(answered)
    assert found == filed(book, tmp_path)
    data = snapshot(answered)
    assert taken_book(data) == found
    (tmp_path / "shown.xlsx").write_bytes(as_workbook(data))
    assert read(tmp_path / "shown.xlsx", book.title) == found
