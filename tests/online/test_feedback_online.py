"""Feedback finds its rows while people insert, delete and sort, writes the province's sheet only, and is proved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from core.clock import SHANGHAI
from core.errors import Refused
from core.intake.feedback import COLUMNS, FeedbackRow
from core.intake.online.client import OnlineClient
from core.intake.online.source import OnlineSource, OnlineWritten
from core.intake.source import Taken
from tests.online.answers import Typed, Value, xlsx
from tests.online.clocks import StandingClock
from tests.online.filling import FEEDBACK, MAIN, Online, changed, city_book
from tests.online.refusals import fault, refusal
from tests.sheets_emulator import faults
from tests.sheets_emulator.calls import Call
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.emulator import Emulator

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=SHANGHAI)
NAME = "2026-沈阳市"
PEOPLE = ("张三", "李四", "王五", "赵六", "钱七")
ROWS: dict[tuple[int, int], Typed | Value] = {(1, 1): "编号", (1, 2): "平台（基地）名称", (1, 3): "联系人"} | {
    (row, at): value
    for row, who in enumerate(PEOPLE, start=2)
    for at, value in enumerate((f"SY-{row - 1:03}", f"{who}平台", who), start=1)
}
LINES = tuple(
    FeedbackRow(f"SY-{row - 1:03}", MAIN, f"C{row}", "联系人", "错误", f"{who}不对", "请改正")
    for row, who in enumerate(PEOPLE, start=2)
)
WRITE = ":batchUpdate$"


class Told:
    """One city's sheet as it was taken in, and the feedback that answers it."""

    def __init__(self, google: Emulator, client: OnlineClient, clock: StandingClock) -> None:
        self.google, self.client = google, client
        self.place = Online(google, client, clock)
        self.book = city_book("沈阳市", ROWS)
        self.key = self.place.put(self.book)
        [self.taken] = self.source().read(self.source().books())
        self.hand = google.contact(self.key)
        google.reset_counts()

    def source(self) -> OnlineSource:
        return self.place.source()

    def write(self, *lines: FeedbackRow, data: bytes | None = None) -> OnlineWritten:
        """Sends the feedback."""
        taken = Taken(self.taken.sha256, lambda: self.taken.data if data is None else data)
        return self.source().write_feedback(self.key, taken, lines or LINES, NOW)

    def cells(self) -> dict[str, str]:
        """Which cell 审核反馈 names, by 编号."""
        head, *rows = self.hand.rows(FEEDBACK)
        assert tuple(head) == COLUMNS
        return {row[0]: row[2] for row in rows}

    def stands(self) -> dict[str, str]:
        """Where the rows of 推荐汇总表 really stand, by 编号."""
        rows = self.hand.rows(MAIN)
        at = rows[0].index("联系人")
        return {row[0]: f"{'ABCDEFG'[at]}{number}" for number, row in enumerate(rows, 1) if number > 1 and any(row[:1])}

    def count(self, kind: str) -> int:
        return self.google.counts()[kind]


@pytest.fixture
def told(google: Emulator, client: OnlineClient, clock: StandingClock) -> Told:
    """A sheet with five rows."""
    return Told(google, client, clock)


def test_one_read_and_one_write(told: Told) -> None:
    assert told.write() == OnlineWritten(
        "in_book", NAME, told.taken.sha256, f"{NAME}：反馈已写入在线表格的“审核反馈”页，共 5 条。"
    )
    assert told.cells() == told.stands()
    assert (told.count("read"), told.count("write"), told.count("drive")) == (1, 1, 0)


MOVES: dict[str, Callable[[Contact], object]] = {
    "a row inserted": lambda hand: hand.insert_row(MAIN, 3),
    "several inserted": lambda hand: hand.insert_row(MAIN, 2, 7),
    "sorted": lambda hand: hand.sort(MAIN, "A2:C6", "A", descending=True),
    "a column inserted": lambda hand: hand.insert_column(MAIN, "B"),
    "sorted and inserted": lambda hand: (hand.sort(MAIN, "A2:C6", "C"), hand.insert_row(MAIN, 4)),
}


@pytest.mark.parametrize("how", MOVES)
def test_rows_moved_before_the_reading(told: Told, how: str) -> None:
    MOVES[how](told.hand)
    assert told.write().way == "in_book"
    assert told.cells() == told.stands()
    assert (told.count("read"), told.count("write")) == (1, 1)


@pytest.mark.parametrize("how", MOVES)
def test_rows_moved_between_the_reading_and_the_write(told: Told, how: str) -> None:
    told.google.hook(lambda _: MOVES[how](told.hand), path=WRITE, user=told.google.account.email)
    assert told.write().way == "in_book"
    assert told.cells() == told.stands()
    assert (told.count("read"), told.count("write")) == (1, 2)


def test_rows_that_move_again_and_again_come_to_rest(told: Told) -> None:
    plan = told.google.hook(
        lambda _: told.hand.insert_row(MAIN, 2), path=WRITE, user=told.google.account.email, times=2
    )
    assert told.write().way == "in_book"
    assert (plan.hits, told.count("write")) == (2, 3)
    assert told.cells() == told.stands() == {f"SY-{at:03}": f"C{at + 3}" for at in range(1, 6)}


def test_rows_that_never_rest(told: Told) -> None:
    told.google.hook(lambda _: told.hand.insert_row(MAIN, 2), path=WRITE, user=told.google.account.email, times=None)
    assert refusal(told.write) == (
        f"{NAME}：写入反馈时表格中的行一直在变动，试了 3 次，“审核反馈”页所写的单元格仍可能对不上。请稍后重新发送反馈。"
    )
    assert told.count("write") == 3
    told.google.heal()
    assert told.write().way == "in_book"
    assert told.cells() == told.stands()


def test_deleted_rows_and_changed_ones(told: Told) -> None:
    told.hand.delete_row(MAIN, 2)
    told.hand.set(MAIN, "C2", "李四五")
    told.hand.set(MAIN, "A4", "SY-999")
    told.hand.set(MAIN, "C4", "赵六七")
    told.write()
    assert told.cells() == {"SY-001": "", "SY-002": "C2", "SY-003": "C3", "SY-004": "", "SY-005": "C5"}


def test_a_header_renamed_and_a_tab_removed(told: Told) -> None:
    told.hand.rename_header(MAIN, "联系人", "联络员")
    told.write()
    assert set(told.cells().values()) == {""}
    told.hand.rename_header(MAIN, "联络员", "联系人")
    told.write()
    assert told.cells() == told.stands()
    told.hand.delete_tab(MAIN)
    assert told.write().way == "in_book"
    assert set(told.cells().values()) == {""}


def test_nobody_elses_cells_are_touched_while_two_type(told: Told) -> None:
    def type_away(_: Call) -> None:
        told.hand.set(MAIN, "C2", "张三丰")
        told.hand.set(MAIN, "D9", "另一人写的")

    told.google.hook(type_away, path=WRITE, user=told.google.account.email)
    before = told.hand.rows("_meta")
    told.write()
    rows = told.hand.rows(MAIN)
    assert rows[1] == ["SY-001", "张三平台", "张三丰"]
    assert rows[8] == ["", "", "", "另一人写的"]
    assert rows[2:6] == [[f"SY-{at:03}", f"{who}平台", who] for at, who in enumerate(PEOPLE[1:], start=2)]
    assert told.hand.rows("_meta") == before
    assert told.cells() == told.stands()
    [(kinds)] = {each.requests for each in told.google.log if each.kind == "write"}
    assert kinds == ("updateCells",)


def test_what_stood_there_before_goes_and_the_sheet_grows(told: Told) -> None:
    told.hand.fill(FEEDBACK, "A2", [["旧", "旧", "", "", "", "", "", "旧"]] * 150)
    told.hand.set(FEEDBACK, "J5", "省厅自己的批注")
    told.write(LINES[0])
    rows = told.hand.rows(FEEDBACK)
    assert rows[1] == ["SY-001", MAIN, "C2", "联系人", "错误", "张三不对", "请改正", "2026-03-02 10:30"]
    assert [row for row in rows[2:] if any(row[:8])] == []
    assert rows[4][9] == "省厅自己的批注"
    many = [FeedbackRow(f"第{at}", "", "", "", "提醒", "问题", "") for at in range(500)]
    told.write(*many)
    assert [row[0] for row in told.hand.rows(FEEDBACK)[1:]] == [f"第{at}" for at in range(500)]
    told.write(*many[:499])
    assert len(told.hand.rows(FEEDBACK)) == 500


def test_texts_are_texts(told: Told) -> None:
    row = FeedbackRow("007", MAIN, "C2", "=列", "错误", "=HYPERLINK(1)", "'1\x01", NOW)
    told.write(row)
    entered = told.hand.rows(FEEDBACK, "FORMULA")[1]
    assert entered == ["007", MAIN, "C2", "=列", "错误", "=HYPERLINK(1)", "'1", "2026-03-02 10:30"]
    answer = told.hand.ask("GET", "", includeGridData="true", ranges=FEEDBACK)
    cells = answer["sheets"][0]["data"][0]["rowData"][1]["values"][:8]
    assert {tuple(cell["userEnteredValue"]) for cell in cells} == {("stringValue",)}


def test_columns_of_the_sheet_in_another_order(told: Told) -> None:
    order = ("问题", "省厅批注", "编号", "工作表", "单元格", "列", "反馈时间", "处理建议", "级别")
    told.hand.fill(FEEDBACK, "A1", [list(order), ["", "留着"]])
    told.write(LINES[0])
    head, row = told.hand.rows(FEEDBACK)
    assert dict(zip(head, row, strict=True)) == {
        **dict(zip(COLUMNS, LINES[0].texts(NOW), strict=True)),
        "省厅批注": "留着",
    }
    told.google.reset_counts()
    assert told.write(LINES[0]).way == "unchanged"
    assert told.count("write") == 0


MISSING = (
    f"{NAME}：在线表格中没有“审核反馈”页，或该页的表头不完整，反馈没有写入。"
    "请在“在线表格”中修复这个表格，再重新发送反馈。"
)


def test_without_the_sheet_or_its_header_a_sentence_says_what_to_do(told: Told) -> None:
    told.hand.set(FEEDBACK, "F1", "")
    assert refusal(told.write) == MISSING
    told.hand.delete_tab(FEEDBACK)
    assert refusal(told.write) == MISSING
    assert told.count("write") == 0


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        (faults.status(503), True),
        (faults.status(500), False),
        (faults.html(502), True),
        (faults.drop(), True),
        (faults.drop(), False),
        (faults.status(429), False),
        (faults.garbage(), True),
    ],
)
def test_a_fault_in_the_middle_doubles_nothing(told: Told, outcome: faults.Outcome, after: bool) -> None:
    told.google.fail(outcome, after=after, path=WRITE, times=1)
    if outcome.kind == "body" and outcome.code == 200:
        assert fault(told.write)[0] == "strange_answer"
    assert told.write().way in ("in_book", "unchanged")
    assert told.cells() == told.stands()
    assert len(told.hand.rows(FEEDBACK)) == 6


def test_rows_move_between_a_write_whose_answer_was_lost_and_its_repetition(told: Told) -> None:
    told.google.fail(faults.drop(), after=True, path=WRITE, times=1)
    told.google.hook(lambda _: told.hand.insert_row(MAIN, 2), path=WRITE, skip=1, user=told.google.account.email)
    told.write()
    assert told.cells() == told.stands() == {f"SY-{at:03}": f"C{at + 2}" for at in range(1, 6)}


def test_a_fault_to_the_end_is_a_sentence(told: Told) -> None:
    told.google.fail(faults.status(429), times=None, kind="read")
    assert fault(told.write)[0] == "quota"
    told.google.heal()
    told.google.delete(told.key)
    assert fault(told.write)[0] == "not_found"


def test_another_who_writes_feedback_at_the_same_time(told: Told) -> None:
    """Theirs is not the answer to this book; the next run sees it and puts its own there, whole."""
    told.google.hook(
        lambda _: told.hand.fill(FEEDBACK, "A2", [["别人", "", "", "", "错误", "另一条", "", "2026"]]),
        path=WRITE,
        after=True,
        user=told.google.account.email,
    )
    told.write()
    told.google.reset_counts()
    assert told.write().way == "in_book"
    assert told.cells() == told.stands()


def test_a_city_that_has_changed_over_from_the_folder_since(told: Told) -> None:
    moved = {(2, at): ROWS[6, at] for at in (1, 2, 3)} | {(6, at): ROWS[2, at] for at in (1, 2, 3)}
    told.place.put(changed(told.book, moved))
    told.write(data=xlsx(told.book))
    assert told.cells() == told.stands()
    assert told.write(data=b"not a workbook").way == "in_book"
    assert set(told.cells().values()) == {""}


def test_what_was_taken_in_is_needed_only_for_cells(told: Told) -> None:
    def lost() -> bytes:
        raise Refused("存档中找不到收到时的原件。")

    taken = Taken(told.taken.sha256, lost)
    line = FeedbackRow("SY-001", MAIN, "", "编号", "错误", "没有这一行", "请补上")
    assert told.source().write_feedback(told.key, taken, [line], NOW).way == "in_book"
    assert refusal(lambda: told.source().write_feedback(told.key, taken, LINES, NOW)) == "存档中找不到收到时的原件。"


def test_a_book_grown_absurdly_big_since(told: Told) -> None:
    told.hand.set(MAIN, "C2", "甲" * 40_001, typed=False)
    assert refusal(told.write) == (
        f"{NAME}：表格中的文字过多，超出填报的正常范围，没有读取。请在表格中删除与填报无关的内容。"
    )
    assert told.count("write") == 0
