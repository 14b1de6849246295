"""Feedback names the cell of today: rows are known by what stands in them, columns by their header."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.intake.feedback import FeedbackRow
from core.intake.online.placing import located
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.layout import cell_name

MAIN, ROSTER, EVENTS, CHANGES = "推荐汇总表", "优质企业名录", "线下活动", "变更报告"
HEADER = ("编号", "平台（基地）名称", "联系人", "备注")
ROWS = (
    ("SY-001", "甲平台", "张三", ""),
    ("SY-002", "乙平台", "李四", "约"),
    ("SY-003", "丙基地", "王五", ""),
)
ROSTER_HEADER = ("编号", "企业名称", "统一社会信用代码", "称号")
ROSTER_ROWS = (
    ("SY-003", "一厂", "1", "高新技术企业"),
    ("SY-003", "二厂", "2", "高新技术企业"),
    ("SY-001", "三厂", "3", "科技型中小企业"),
)

Rows = Sequence[Sequence[str]]


def sheet(name: str, header: Sequence[str], rows: Rows, *, first: int = 2) -> RawSheet:
    """A sheet of texts; `first` is the row that the rows begin in."""
    lines = {1: header} | dict(enumerate(rows, start=first))
    return RawSheet(
        name,
        {(row, at): RawCell("text", text) for row, line in lines.items() for at, text in enumerate(line, 1) if text},
    )


def book(*sheets: RawSheet) -> RawBook:
    return RawBook("2026-沈阳市", sheets)


def cells(taken: RawSheet, now: RawSheet | None, *asked: str) -> list[str]:
    """Where these cells of a sheet are now."""
    rows = [FeedbackRow("SY-00?", taken.name, cell, "列", "错误", "问题", "建议") for cell in asked]
    found = located(book(taken), book(*([now] if now else [])), rows)
    assert [row.sheet for row in found] == [taken.name] * len(asked)
    return [row.cell for row in found]


def main(rows: Rows, header: Sequence[str] = HEADER) -> RawSheet:
    return sheet(MAIN, header, rows)


TAKEN = main(ROWS)
ASKED = ("D2", "D3", "C4")


def test_a_sheet_as_it_was() -> None:
    assert cells(TAKEN, TAKEN, *ASKED) == ["D2", "D3", "C4"]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param([("SY-009", "新", "", ""), *ROWS], ["D3", "D4", "C5"], id="inserted above"),
        pytest.param([ROWS[0], ("", "", "", ""), *ROWS[1:]], ["D2", "D4", "C5"], id="a blank row inserted"),
        pytest.param(ROWS[1:], ["", "D2", "C3"], id="deleted"),
        pytest.param(ROWS[::-1], ["D4", "D3", "C2"], id="sorted"),
        pytest.param([], ["", "", ""], id="all deleted"),
        pytest.param([ROWS[0], (*ROWS[1][:3], "改"), ROWS[2]], ["D2", "D3", "C4"], id="a cell changed"),
        pytest.param([(*ROWS[1][:3], "改"), ROWS[2], ROWS[0]], ["D4", "D2", "C3"], id="changed and moved"),
        pytest.param([ROWS[0], (" sy-002　", *ROWS[1][1:]), ROWS[2]], ["D2", "D3", "C4"], id="an id typed otherwise"),
        pytest.param([ROWS[0], ("SY-007", *ROWS[1][1:]), ROWS[2]], ["D2", "", "C4"], id="another id"),
        pytest.param([(*ROWS[1][:3], "改"), (*ROWS[1][:3], "又")], ["", "", ""], id="changed and its id doubled"),
    ],
)
def test_rows_that_moved(now: Rows, found: list[str]) -> None:
    assert cells(TAKEN, main(now), *ASKED) == found


def test_columns_that_moved() -> None:
    order = (3, 0, 2, 1)
    now = main([[row[at] for at in order] for row in ROWS[::-1]], [HEADER[at] for at in order])
    assert cells(TAKEN, now, *ASKED, "A2", "B3") == ["A4", "A3", "C2", "B4", "D3"]


def test_a_column_that_came_between_is_no_change_of_the_rows() -> None:
    now = main([(row[0], "某", *row[1:]) for row in ROWS[::-1]], (HEADER[0], "自用", *HEADER[1:]))
    assert cells(TAKEN, now, *ASKED) == ["E4", "E3", "D2"]


def test_a_header_typed_otherwise_is_the_same_a_renamed_one_is_not() -> None:
    same = main(ROWS, ("编号", "平台(基地) 名称", "联系人", " 备 注"))
    assert cells(TAKEN, same, "B2", *ASKED) == ["B2", "D2", "D3", "C4"]
    renamed = main(ROWS[::-1], ("编号", "平台（基地）名称", "联系人", "说明"))
    assert cells(TAKEN, renamed, *ASKED, "A3") == ["", "", "C2", "A3"]


def test_without_the_column_of_ids_rows_are_known_by_the_rest() -> None:
    now = main([("改了", *row[1:]) for row in ROWS[::-1]], ("代号", *HEADER[1:]))
    assert cells(TAKEN, now, *ASKED, "A2") == ["D4", "D3", "C2", ""]


def test_no_header_at_all() -> None:
    assert cells(TAKEN, RawSheet(MAIN, {(2, 1): RawCell("text", "SY-001")}), *ASKED) == ["", "", ""]
    assert cells(TAKEN, RawSheet(MAIN, {}), *ASKED) == ["", "", ""]


def test_a_header_row_pushed_down_leaves_no_places() -> None:
    now = sheet(MAIN, ("标题",), [HEADER, *ROWS])
    assert cells(TAKEN, now, *ASKED) == ["", "", ""]


def test_a_removed_tab_and_a_tab_named_otherwise() -> None:
    assert cells(TAKEN, None, *ASKED) == ["", "", ""]
    assert cells(TAKEN, sheet(" 推荐汇总表", HEADER, ROWS[::-1]), *ASKED) == ["D4", "D3", "C2"]


def test_equal_rows_keep_their_order() -> None:
    twice = main([ROWS[0], ROWS[1], ROWS[1]])
    assert cells(twice, main([ROWS[1], ROWS[0], ROWS[1]]), "A3", "A4") == ["A2", "A4"]
    assert cells(twice, main([("新", "", "", ""), ROWS[0], ROWS[1], ROWS[1]]), "A3", "A4") == ["A4", "A5"]
    assert cells(twice, main([ROWS[0], ROWS[1]]), "A3", "A4") == ["A3", ""]
    assert cells(twice, main([ROWS[1], ROWS[0]]), "A3", "A4") == ["A2", ""]
    assert cells(twice, main([ROWS[1], ROWS[0], ROWS[1], ROWS[1]]), "A3", "A4") == ["A2", "A4"]
    assert cells(twice, main([ROWS[0], ROWS[0], ROWS[1]]), "A3", "A4") == ["", "A4"]
    # one of the two was changed: which of them nobody can tell, and its 编号 stood there twice
    assert cells(twice, main([ROWS[0], ROWS[1], (*ROWS[1][:3], "改")]), "A3", "A4") == ["A3", ""]


def test_sheets_with_several_rows_of_one_id() -> None:
    taken = sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS)
    asked = ("D2", "D3", "D4")
    assert cells(taken, sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS[::-1]), *asked) == ["D4", "D3", "D2"]
    changed = (ROSTER_ROWS[2], ("SY-003", "一厂", "1", "改"), ROSTER_ROWS[1])
    assert cells(taken, sheet(ROSTER, ROSTER_HEADER, changed), *asked) == ["", "D4", "D2"]
    alone = (("SY-001", "三厂", "3", "改"), *ROSTER_ROWS[:2])
    assert cells(taken, sheet(ROSTER, ROSTER_HEADER, alone), *asked) == ["D3", "D4", "D2"]


def test_events_are_told_apart_by_their_day_however_it_was_typed() -> None:
    header = ("编号", "活动名称", "活动日期", "参加企业数（家）")

    def events(*days: str) -> RawSheet:
        made = sheet(EVENTS, header, [("SY-001", "对接会", "", "20") for _ in days])
        made.cells.update({(row, 3): RawCell("date", f"{day} 00:00:00") for row, day in enumerate(days, 2)})
        return made

    then = events("2026-01-01", "2026-01-02", "2026-01-03")
    assert cells(then, events("2026-01-03", "2026-01-02", "2026-01-01"), "C2", "D4") == ["C4", "D2"]


def test_rows_without_an_id() -> None:
    nameless = main([("", "甲平台", "张三", ""), ("", "乙平台", "李四", "约")])
    assert cells(nameless, main([("", "乙平台", "李四", "约"), ("", "甲平台", "张三", "")]), "A2", "A3") == ["A3", "A2"]
    assert cells(nameless, main([("", "甲平台", "赵六", ""), ("", "乙平台", "李四", "约")]), "A2", "A3") == ["", "A3"]
    changes = sheet(CHANGES, ("平台（基地）名称", "变更类型", "变更内容"), [("甲", "更名", "一"), ("乙", "合并", "二")])
    now = sheet(CHANGES, ("平台（基地）名称", "变更类型", "变更内容"), [("乙", "合并", "二"), ("甲", "更名", "三")])
    assert cells(changes, now, "B2", "B3") == ["", "B2"]


def test_an_id_that_stands_there_twice_identifies_nothing() -> None:
    doubled = main([ROWS[0], ("SY-001", "另一", "钱七", "")])
    assert cells(doubled, main([("SY-001", "甲平台", "改", ""), ("SY-001", "另一", "钱七", "")]), "A2", "A3") == [
        "",
        "A3",
    ]


def test_headers_and_their_faults_stay_in_the_first_row() -> None:
    twice = main(ROWS, (*HEADER, "备注", "自用"))
    assert cells(twice, twice, "D1", "E1", "F1") == ["D1", "E1", "F1"]
    moved = main(ROWS, ("自用", *HEADER, "备注"))
    assert cells(twice, moved, "D1", "E1", "F1") == ["E1", "F1", "A1"]
    once = main(ROWS, ("自用", *HEADER))
    assert cells(twice, once, "D1", "E1", "F1") == ["E1", "", "A1"]


def test_what_stands_in_no_cell_stays_as_it_is() -> None:
    lines = [
        FeedbackRow("SY-003", "基地指标", "", "编号", "错误", "没有这一行", "请补上"),
        FeedbackRow("", "草稿", "", "", "提醒", "多余的工作表", ""),
        FeedbackRow("", "", "", "", "错误", "缺 _meta", ""),
        FeedbackRow("", "草稿", "A1", "", "提醒", "不在其中", ""),
    ]
    found = located(book(TAKEN), book(TAKEN), lines)
    assert found == [*lines[:3], FeedbackRow("", "草稿", "", "", "提醒", "不在其中", "")]


def test_a_cell_in_a_row_that_was_blank_has_no_place() -> None:
    assert cells(TAKEN, TAKEN, "A9", "Z2") == ["", ""]


names = st.sampled_from(["甲", "乙", "丙", "丁"])
lines = st.tuples(st.sampled_from(["SY-1", "SY-2", "SY-3", ""]), names, names, st.sampled_from(["", "约"]))
some_rows = st.lists(lines.filter(any), max_size=7)


@settings(max_examples=300, deadline=None)
@given(some_rows, some_rows, st.permutations(range(4)), st.data())
def test_a_place_is_never_one_of_another_row(then: Rows, added: Rows, order: list[int], data: st.DataObject) -> None:
    """Whatever is deleted, added, sorted and moved: a cell that is named holds the same row or the same 编号, and
    where all rows are still there, every cell is found."""
    kept = data.draw(st.lists(st.sampled_from(range(len(then))), unique=True)) if then else []
    now = data.draw(st.permutations([then[at] for at in kept] + list(added)))
    taken = main(then)
    today = main([[row[at] for at in order] for row in now], [HEADER[at] for at in order])
    asked = [cell_name(row, column) for row in range(2, len(then) + 2) for column in range(1, 5)]
    found = cells(taken, today, *asked)
    ids = [row[0] for row in then]
    for number, row in enumerate(then):
        places = found[number * 4 : number * 4 + 4]
        here = {int(cell[1:]) for cell in places if cell}
        assert len(here) <= 1
        for column, cell in enumerate(places):
            assert not cell or HEADER[order["ABCD".index(cell[0])]] == HEADER[column]
        if here:
            meets = now[here.pop() - 2]
            assert tuple(meets) == tuple(row) or (ids.count(row[0]) == 1 and meets[0] == row[0] != "")
    everything = [cell for cell in found if cell]
    assert len(everything) == len(set(everything))
    if sorted(kept) == list(range(len(then))):
        assert len(everything) == len(asked)


def test_sentences_name_the_cells_of_today_too() -> None:
    taken = book(main(ROWS), sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS))
    now = book(main((("", "", "", ""), *ROWS[1:])), sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS, first=4))
    texts = (
        ("“D3”不对（附件1；推荐汇总表!C3、D3，优质企业名录!A2至A4）。", "请核对 C3 和 D3 两格，改正填错的一格。"),
        ("“甲”不对（推荐汇总表!C2）。", "请核对 C2 和六项优质企业数。"),
    )
    rows = [FeedbackRow("SY-00?", MAIN, "D3", "备注", "错误", *text) for text in texts]
    assert [(row.problem, row.advice) for row in located(taken, now, rows)] == [
        ("“D3”不对（附件1；推荐汇总表!C3、D3，优质企业名录!A4至A6）。", "请核对 C3 和 D3 两格，改正填错的一格。"),
        ("“甲”不对（推荐汇总表!原 C2）。", "请核对 原 C2 和六项优质企业数。"),
    ]
    later = book(main((ROWS[2], ROWS[1])), sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS))
    assert next(row.advice for row in located(taken, later, rows)) == "请核对 C3 和 D3 两格，改正填错的一格。"
    moved = book(main(ROWS, ("备注", *HEADER[:3])), sheet(ROSTER, ROSTER_HEADER, ROSTER_ROWS))
    assert located(taken, moved, rows)[0].cell == ""
