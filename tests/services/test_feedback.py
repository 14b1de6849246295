"""The province's answers go back to the city: into its own workbook, or beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.services import intake, review
from core.services.feedback import split_message
from core.store import tables
from tests.books import applicant
from tests.conftest import one_database
from tests.office import DALIAN, SHENYANG, Office, dalian, shenyang
from tests.workbooks import raw_book

BOOK = "2026-大连市.xlsx"
NUMBERS = "平台指标"


def shown(path: Path) -> list[tuple[str, ...]]:
    """The lines of 审核反馈, without their time."""
    cells = next(sheet for sheet in raw_book(path).sheets if sheet.name == "审核反馈").cells
    last = max(row for row, _ in cells)
    return [
        tuple(cell.text if (cell := cells.get((row, column))) else "" for column in range(1, 8))
        for row in range(2, last + 1)
    ]


FAILS = (
    "PT-001",
    NUMBERS,
    "N2",
    "年服务中小企业数（家）",
    "不达标",
    "“年服务中小企业数（家）”为 900，要求不低于 1000，差 100，不达标（附件1 服务成效/服务企业情况；平台指标!N2）。",
    "请核对数据。填写有误的请改正后重新报送；数据属实的不用修改。",
)

WRONG = (
    "PT-002",
    NUMBERS,
    "L3",
    "专家数（人）",
    "错误",
    "“专家数（人）”应填数字，现在是“约50”。",
    "请只填阿拉伯数字，例如 34，不写“约”“万”“+”等字样。",
)


@one_database
def test_what_is_wrong_stands_in_the_citys_workbook(office: Office) -> None:
    lines = shown(office.folder / BOOK)
    assert lines == [WRONG, FAILS]
    row = office.row(tables.intakes, city=DALIAN)
    assert (row.feedback_way, row.feedback_name) == ("in_book", BOOK)
    assert row.feedback_snapshot != row.snapshot
    entry = next(each for each in office.entries() if (each.action, each.subject) == ("intake.feedback", DALIAN))
    assert entry.what == f"向大连市反馈 2 条：{BOOK}：反馈已写入工作簿的“审核反馈”页，共 2 条。"
    assert entry.details == {"way": "in_book", "file": BOOK, "sha256": row.feedback_snapshot, "rows": 2}


def test_feedback_in_a_workbook_is_no_new_version_of_it(office: Office) -> None:
    before = office.dump()
    [done] = office.take(DALIAN)
    assert (done.ok, done.sentence) == (True, f"{BOOK}：与已受理的内容一致，无需重复受理。")
    assert office.dump() == before


@one_database
def test_a_corrected_workbook_has_its_lines_cleared(office: Office) -> None:
    path = office.folder / BOOK
    import openpyxl

    book = openpyxl.load_workbook(path)
    book[NUMBERS]["N2"] = 1000
    book[NUMBERS]["L3"] = 50
    book.save(path)
    [done] = office.take(DALIAN)
    assert (done.changed, done.feedback_way) == (2, "in_book")
    assert done.feedback_sentence == f"{BOOK}：没有需要反馈的问题，已清空工作簿的“审核反馈”页。"
    assert shown(path) == []


@one_database
def test_a_workbook_that_is_open_gets_a_file_beside_it(opened: Office) -> None:
    path = opened.put(DALIAN, *dalian())
    before = path.read_bytes()
    lock = path.with_name(f".~lock.{BOOK}#")
    lock.write_text(",虚构经办,pc,20.05.2026 09:00,file:///x;")
    [done] = opened.take(DALIAN)
    assert (done.ok, done.feedback_way) == (True, "beside")
    assert path.read_bytes() == before
    [beside] = [each for each in opened.folder.iterdir() if "审核反馈" in each.name]
    assert [line[:3] for line in shown(beside)] == [("PT-002", NUMBERS, "L3"), ("PT-001", NUMBERS, "N2")]
    row = opened.row(tables.intakes, city=DALIAN)
    assert (row.feedback_way, row.feedback_name) == ("beside", beside.name)
    # the file beside is nobody's workbook, and the city's own is no new version
    lock.unlink()
    again = opened.dump()
    assert [each.sentence for each in opened.take()] == [f"{BOOK}：与已受理的内容一致，无需重复受理。"]
    assert opened.dump() == again
    [sent] = intake.send_feedback(opened.app, opened.staff, opened.round_id, [DALIAN])
    assert (sent.way, sent.count) == ("in_book", 2)
    assert [line[:3] for line in shown(path)] == [("PT-002", NUMBERS, "L3"), ("PT-001", NUMBERS, "N2")]


@one_database
def test_a_workbook_that_changed_since_gets_a_file_beside_it(office: Office) -> None:
    path = office.put(DALIAN, *dalian(), applicant("platform", "PT-003", "后来添的"))
    before = path.read_bytes()
    [sent] = intake.send_feedback(office.app, office.staff, office.round_id, [DALIAN])
    assert (sent.city, sent.way, sent.count) == (DALIAN, "beside", 2)
    assert sent.sentence.startswith(
        f"{BOOK}：工作簿在读取之后又被改动，反馈没有写入原文件，已另存为旁边的“2026-大连市_审核反馈_"
    )
    assert path.read_bytes() == before


def test_sending_the_same_again_changes_no_file(office: Office) -> None:
    files = {path.name: path.read_bytes() for path in office.folder.iterdir()}
    progress: list[tuple[int, int, str]] = []
    sent = intake.send_feedback(office.app, office.staff, office.round_id, progress=lambda *step: progress.append(step))
    assert [(each.city, each.way, each.count) for each in sent] == [
        ("沈阳市", "unchanged", 0),
        ("大连市", "unchanged", 2),
        ("沈抚示范区", "unchanged", 0),
    ]
    assert progress == [(1, 3, "沈阳市"), (2, 3, "大连市"), (3, 3, "沈抚示范区")]
    assert {path.name: path.read_bytes() for path in office.folder.iterdir()} == files


@one_database
def test_what_people_found_goes_back_too(office: Office) -> None:
    held = office.application(SHENYANG, "pt-001")
    review.determine(
        office.app, office.staff, held.id, 1, criterion="annex1.assurance", verdict="fail", why="没有值班制度"
    )
    [sent] = intake.send_feedback(office.app, office.staff, office.round_id, [SHENYANG])
    assert (sent.way, sent.count) == ("in_book", 1)
    [line] = shown(office.folder / "2026-沈阳市.xlsx")
    assert (line[0], line[4]) == ("PT-001", "不达标")
    assert line[5].endswith("人工认定：不达标，理由：没有值班制度。")


def test_where_feedback_fails_the_intake_stands_and_a_second_run_sends_it(opened: Office) -> None:
    path = opened.put(DALIAN, *dalian())
    # the workbook is open, and the name of a file beside it would be longer than any folder takes
    long = opened.folder / f"大连市{'长' * 74}.xlsx"
    path.rename(long)
    before = long.read_bytes()
    (opened.folder / f".~lock.{long.name}#").write_text(",虚构经办,pc,20.05.2026 09:00,file:///x;")
    [done] = opened.take(DALIAN)
    assert (done.ok, done.intake_id, done.feedback_way) == (True, 1, "")
    assert done.feedback_sentence == (f"反馈没有送出。{long.name}：名称太长。请检查共享文件夹后重试。")
    row = opened.row(tables.intakes, id=1)
    assert (row.state, row.feedback_way) == ("effective", "")
    assert opened.last().action == "intake.taken"
    assert long.read_bytes() == before
    (opened.folder / f".~lock.{long.name}#").unlink()
    [again] = opened.take(DALIAN)
    assert (again.ok, again.intake_id, again.feedback_way) == (True, 1, "in_book")
    assert len(shown(long)) == 2


def test_nothing_goes_back_of_what_is_not_taken_in(office: Office) -> None:
    late = intake.undo(office.app, office.staff, office.row(tables.intakes, city=DALIAN).id, "重来")
    assert late.ok
    assert intake.send_feedback(office.app, office.staff, office.round_id, [DALIAN]) == []


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("a.xlsx〔平台指标〕L3：“约50”不是数字，请填写整数。", ("“约50”不是数字。", "请填写整数。")),
        ("a.xlsx〔平台指标〕L3：不能为空。请填写。", ("不能为空。", "请填写。")),
        ("a.xlsx〔平台指标〕L3：没有这一列", ("没有这一列", "请核对后改正。")),
    ],
)
def test_a_sentence_is_parted_into_problem_and_advice(message: str, parts: tuple[str, str]) -> None:
    assert split_message(message) == parts


@one_database
def test_a_book_with_nothing_wrong_has_no_lines(office: Office) -> None:
    assert shown(office.folder / "2026-沈阳市.xlsx") == []
    assert len(shenyang()) == 2
