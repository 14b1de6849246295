"""Taking workbooks in: seen first, taken in whole, undone whole; nothing that came is lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from core.errors import Refused, Stale
from core.intake.difference import CellChange, Entry
from core.services import intake
from core.services.intake import Outcome
from core.services.judging import Flip
from core.store import tables
from tests.books import MAIN, Sheets, applicant
from tests.conftest import one_database
from tests.office import DALIAN, DEADLINE, SHENYANG, Office, better, dalian, shenyang

BOOK = "2026-沈阳市.xlsx"
LATE = DEADLINE + timedelta(days=1)
SAME = f"{BOOK}：与已受理的内容一致，无需重复受理。"


def test_a_workbook_is_taken_in_whole(opened: Office) -> None:
    path = opened.put(SHENYANG, *shenyang())
    received = path.read_bytes()
    sha256 = hashlib.sha256(received).hexdigest()
    [seen] = intake.preview(opened.app, opened.round_id)
    assert seen.difference is not None
    assert (seen.city, seen.file_name, seen.sha256, seen.based_on) == (SHENYANG, BOOK, sha256, None)
    assert seen.difference.added == (Entry("pt-001", "虚构市云帆服务平台"), Entry("jd-001", "虚构市望海基地"))
    assert (seen.application_count, seen.late, seen.over_quota, seen.problem, seen.errors) == (
        2,
        False,
        False,
        None,
        (),
    )
    progress: list[tuple[int, int, str]] = []
    [done] = opened.take(progress=lambda *step: progress.append(step), expected={SHENYANG: sha256}, why="首次报送")
    assert done == Outcome(
        SHENYANG,
        True,
        f"{BOOK}：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 0 处。",
        BOOK,
        intake_id=1,
        added=2,
        feedback_way="unchanged",
        feedback_sentence=f"{BOOK}：反馈内容与工作簿中已有的一致，没有改动文件。",
    )
    assert path.read_bytes() == received
    assert opened.app.snapshots.read(sha256) == received
    row = opened.row(tables.intakes, id=1)
    assert (row.snapshot, row.size, row.state, row.errors, row.unjudged) == (sha256, len(received), "effective", [], [])
    assert [opened.judged(SHENYANG, key).verdict for key in ("pt-001", "jd-001")] == ["review", "review"]
    taken, sent = opened.entries()[-2:]
    assert (taken.action, taken.what, taken.why, taken.based_on, taken.who) == (
        "intake.taken",
        f"受理沈阳市“{BOOK}”：新增 2 个，修改 0 个，消失 0 个，填报错误 0 处",
        "首次报送",
        None,
        "李经办",
    )
    assert (sent.action, sent.what) == (
        "intake.feedback",
        f"向沈阳市反馈 0 条：{BOOK}：反馈内容与工作簿中已有的一致，没有改动文件。",
    )


def test_what_has_not_changed_is_not_taken_in_again(office: Office) -> None:
    before = office.dump()
    assert office.take(SHENYANG) == [Outcome(SHENYANG, True, SAME, BOOK, intake_id=1)]
    assert office.dump() == before


def test_a_workbook_saved_anew_with_the_same_content_is_no_new_version(office: Office) -> None:
    # a blank row in between, and a figure typed another way
    rows = shenyang()
    rows[0]["平台指标"][0]["年服务中小企业数（家）"] = " 5,000 家"
    path = office.put(SHENYANG, *rows)
    assert office.take(SHENYANG) == [Outcome(SHENYANG, True, SAME, BOOK, intake_id=1)]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert office.row(tables.intakes, id=1).feedback_snapshot == sha256
    assert office.app.snapshots.read(sha256) == path.read_bytes()
    entry = office.last()
    assert (entry.action, entry.what) == ("intake.same", f"沈阳市“{BOOK}”重新保存过，内容与已受理的一致")
    before = office.dump()
    assert office.take(SHENYANG) == [Outcome(SHENYANG, True, SAME, BOOK, intake_id=1)]
    assert office.dump() == before


def test_a_corrected_workbook_shows_its_difference_and_what_turned(office: Office) -> None:
    office.put(DALIAN, *better())
    [seen] = intake.preview(office.app, office.round_id, [DALIAN])
    assert seen.difference is not None
    assert seen.difference.changed == (
        CellChange("pt-001", "虚构市星河服务平台", "平台指标", "", "年服务中小企业数（家）", "900", "1000"),
        CellChange("pt-002", "虚构市北辰服务平台", "平台指标", "", "专家数（人）", "约50", "50"),
    )
    assert (seen.difference.added, seen.difference.gone, seen.difference.unchanged) == ((), (), ())
    [done] = office.take(DALIAN)
    first, second = (office.application(DALIAN, key).id for key in ("pt-001", "pt-002"))
    assert (done.added, done.changed, done.gone, done.errors) == (0, 2, 0, 0)
    assert done.flips == (
        Flip(first, DALIAN, "虚构市星河服务平台", "annex1.served", "fail", "pass"),
        Flip(first, DALIAN, "虚构市星河服务平台", "overall", "fail", "review"),
        Flip(second, DALIAN, "虚构市北辰服务平台", "annex1.resources", "missing", "pass"),
        Flip(second, DALIAN, "虚构市北辰服务平台", "overall", "missing", "review"),
    )
    assert office.entries()[-2].what == (
        "受理大连市“2026-大连市.xlsx”：新增 0 个，修改 2 个，消失 0 个，填报错误 0 处；2 个申报的审核结论因此改变"
    )
    assert office.row(tables.intakes, id=done.intake_id).state == "effective"


def test_undoing_brings_back_what_was_held(office: Office) -> None:
    old = {key: office.verdicts(DALIAN, key) for key in ("pt-001", "pt-002")}
    office.put(DALIAN, *better())
    [done] = office.take(DALIAN)
    assert done.intake_id is not None
    assert {key: office.verdicts(DALIAN, key) for key in old} != old
    act = lambda why="报错了文件": intake.undo(office.app, office.staff, done.intake_id or 0, why)  # noqa: E731
    assert office.refuses(Refused, lambda: act(" ")) == "请写明理由，供日后核查。"
    back = act()
    assert (back.ok, back.sentence) == (True, "已撤销，大连市恢复到此前的内容。")
    assert [(flip.criterion, flip.before, flip.after) for flip in back.flips] == [
        ("annex1.served", "pass", "fail"),
        ("overall", "review", "fail"),
        ("annex1.resources", "pass", "missing"),
        ("overall", "review", "missing"),
    ]
    assert {key: office.verdicts(DALIAN, key) for key in old} == old
    entry = office.last()
    assert (entry.what, entry.why) == (
        "撤销受理大连市“2026-大连市.xlsx”，恢复到此前的内容；2 个申报的审核结论因此改变",
        "报错了文件",
    )
    assert office.refuses(Stale, act) == "大连市的这次受理已不在有效状态，请刷新页面。"
    [again] = intake.preview(office.app, office.round_id, [DALIAN])
    assert again.difference is not None
    assert len(again.difference.changed) == 2


def test_only_the_newest_is_undone_and_the_first_leaves_nothing(office: Office) -> None:
    office.put(DALIAN, *better())
    [done] = office.take(DALIAN)
    first = office.row(tables.intakes, city=DALIAN, feedback_way="in_book", id=2).id
    undo = lambda number: intake.undo(office.app, office.staff, number, "重来")  # noqa: E731
    assert office.refuses(Refused, lambda: undo(first)) == "大连市在这之后又受理过，请先撤销后一次。"
    assert office.refuses(Refused, lambda: undo(99)) == "没有这次受理。"
    undo(done.intake_id)
    undo(first)
    [seen] = intake.preview(office.app, office.round_id, [DALIAN])
    assert seen.difference is not None
    assert (seen.based_on, len(seen.difference.added)) == (None, 2)
    [again] = office.take(DALIAN)
    assert (again.added, again.changed) == (2, 0)
    assert office.application(DALIAN, "pt-001").id == 3  # the same applicant keeps its number


@one_database
def test_what_was_seen_is_what_is_taken_in(office: Office) -> None:
    office.put(DALIAN, *better())
    [seen] = intake.preview(office.app, office.round_id, [DALIAN])
    office.put(DALIAN, *better(), applicant("platform", "PT-003", "后来添的"))
    sentence = "2026-大连市.xlsx：您查看差异之后，这个文件又有变化。请重新查看差异再受理。"
    before = office.dump()
    [done] = office.take(DALIAN, expected={DALIAN: seen.sha256})
    assert (done.ok, done.sentence, done.intake_id) == (False, sentence, None)
    [done] = office.take(DALIAN, expected={})
    assert (done.ok, done.sentence) == (False, sentence)
    assert office.dump() == before


# ---------------------------------------------------------------- after the deadline


def late(office: Office, *rows: Sheets) -> Outcome:
    office.on(LATE)
    office.put(DALIAN, *(rows or better()))
    [done] = office.take(DALIAN)
    return done


@one_database
def test_on_the_deadline_a_workbook_is_in_time(office: Office) -> None:
    office.on(DEADLINE)
    office.put(DALIAN, *better())
    [done] = office.take(DALIAN)
    assert (done.ok, done.held) == (True, False)


def test_a_late_workbook_waits_and_changes_nothing(office: Office) -> None:
    old = office.verdicts(DALIAN, "pt-001")
    done = late(office)
    assert done == Outcome(
        DALIAN,
        True,
        "2026-大连市.xlsx：已过报送截止日，先行登记，待决定是否受理。新增 0 个，修改 2 个，消失 0 个，填报错误 0 处。",
        "2026-大连市.xlsx",
        intake_id=4,
        held=True,
        changed=2,
    )
    row = office.row(tables.intakes, id=4)
    assert (row.state, row.feedback_way) == ("held", "")
    assert len(office.app.snapshots.read(row.snapshot)) == row.size
    assert office.verdicts(DALIAN, "pt-001") == old
    assert office.last().what == (
        "收到逾期报送，待定大连市“2026-大连市.xlsx”：新增 0 个，修改 2 个，消失 0 个，填报错误 0 处"
    )
    again = office.dump()
    [same] = office.take(DALIAN)
    assert (same.ok, same.held, same.intake_id, same.sentence) == (
        True,
        True,
        4,
        "2026-大连市.xlsx：逾期报送的内容已登记，待决定是否受理。",
    )
    assert office.dump() == again


def test_a_late_workbook_is_accepted_with_a_reason(office: Office) -> None:
    done = late(office)
    accept = lambda why="省厅同意延期": intake.accept_held(office.app, office.staff, done.intake_id or 0, why)  # noqa: E731
    assert office.refuses(Refused, lambda: accept("")) == "请写明理由，供日后核查。"
    taken = accept()
    assert (taken.ok, taken.sentence) == (True, "已同意受理大连市逾期报送的内容。")
    assert [flip.after for flip in taken.flips if flip.criterion == "overall"] == ["review", "review"]
    assert office.row(tables.intakes, id=4).state == "effective"
    assert office.verdicts(DALIAN, "pt-001")["annex1.served"] == "pass"
    assert taken.feedback_way == "unchanged"  # sent all the same: there is nothing new to tell
    entry = next(row for row in office.entries() if row.action == "intake.late_accepted")
    assert (entry.action, entry.what, entry.why) == (
        "intake.late_accepted",
        "同意逾期受理大连市“2026-大连市.xlsx”；2 个申报的审核结论因此改变",
        "省厅同意延期",
    )
    gone = "大连市的这次报送已有人处理，请刷新页面。"
    assert office.refuses(Stale, accept) == gone
    decline = lambda: intake.decline_held(office.app, office.staff, done.intake_id or 0, "不行")  # noqa: E731
    assert office.refuses(Stale, decline) == gone


def test_a_late_workbook_is_declined_and_kept(office: Office) -> None:
    old = office.verdicts(DALIAN, "pt-001")
    done = late(office)
    decline = lambda why="逾期": intake.decline_held(office.app, office.staff, done.intake_id or 0, why)  # noqa: E731
    assert office.refuses(Refused, lambda: decline("")) == "请写明理由，供日后核查。"
    assert decline().sentence == "已决定不受理大连市逾期报送的内容。"
    row = office.row(tables.intakes, id=4)
    assert row.state == "declined"
    assert hashlib.sha256(office.app.snapshots.read(row.snapshot)).hexdigest() == row.snapshot
    assert office.verdicts(DALIAN, "pt-001") == old
    assert office.last().what == "不予受理大连市逾期报送的“2026-大连市.xlsx”"


def test_a_newer_late_workbook_takes_the_place_of_the_one_that_waits(office: Office) -> None:
    late(office)
    done = late(office, *better(), applicant("platform", "PT-003", "虚构市长风服务平台"))
    assert (done.held, done.intake_id, done.added) == (True, 5, 1)
    assert [office.row(tables.intakes, id=number).state for number in (1, 4, 5)] == ["effective", "declined", "held"]


# ---------------------------------------------------------------- rows that disappear


def without(office: Office) -> int:
    """沈阳市 sends its workbook without the base; the base's number."""
    office.put(SHENYANG, shenyang()[0])
    [done] = office.take(SHENYANG)
    assert (done.gone, done.sentence) == (1, f"{BOOK}：已受理。新增 0 个，修改 0 个，消失 1 个，填报错误 0 处。")
    return int(office.application(SHENYANG, "jd-001").id)


def state(office: Office, number: int) -> str:
    from core.store.queries import held_applications

    with office.app.reader.connect() as connection:
        [held] = held_applications(connection, office.round_id, ids=[number])
    return held.withdrawal


def decide(office: Office, number: int, version: int = 1, *, withdrawn: bool, why: str = "市里来函") -> None:
    intake.decide_withdrawal(office.app, office.staff, number, version, withdrawn=withdrawn, why=why)


@pytest.mark.parametrize(
    ("withdrawn", "after", "what"),
    [(True, "withdrawn", "确认撤回"), (False, "kept", "保留申报（工作簿中已无此行，仍按上次报送内容审核）")],
)
def test_a_row_that_is_gone_waits_for_a_person(office: Office, withdrawn: bool, after: str, what: str) -> None:
    number = without(office)
    assert state(office, number) == "pending"
    assert office.judged(SHENYANG, "jd-001").verdict == "review"
    assert office.refuses(Refused, lambda: decide(office, number, withdrawn=withdrawn, why="")) == (
        "请写明理由，供日后核查。"
    )
    decide(office, number, withdrawn=withdrawn)
    assert state(office, number) == after
    entry = office.last()
    assert (entry.what, entry.why, entry.subject) == (what, "市里来函", "沈阳市 jd-001")
    assert office.refuses(Stale, lambda: decide(office, number, withdrawn=False)) == (
        f"沈阳市“jd-001”已由李经办于{entry.at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )
    # a decision holds over a next version that lacks the row too, and ends when the row comes back and goes again
    office.put(SHENYANG, applicant("platform", "PT-001", "虚构市云帆服务平台（更名）"))
    office.take(SHENYANG)
    assert state(office, number) == after
    office.put(SHENYANG, *shenyang())
    [back] = office.take(SHENYANG)
    assert (back.added, back.gone) == ((1, 0) if withdrawn else (0, 0))
    assert state(office, number) == ""
    office.put(SHENYANG, shenyang()[0])
    office.take(SHENYANG)
    assert state(office, number) == "pending"


def test_a_row_that_is_gone_goes_once(office: Office) -> None:
    without(office)
    [again] = office.take(SHENYANG)
    assert again.sentence == f"{BOOK}：与已受理的内容一致，无需重复受理。"
    assert [entry.action for entry in office.entries()].count("intake.taken") == 4


def test_a_row_that_comes_back_as_it_was_is_there_again(office: Office) -> None:
    number = without(office)
    office.put(SHENYANG, *shenyang())
    [back] = office.take(SHENYANG)
    assert back.sentence == f"{BOOK}：已受理。新增 0 个，修改 0 个，消失 0 个，填报错误 0 处。"
    assert state(office, number) == ""


def test_a_row_that_is_there_needs_no_decision(office: Office) -> None:
    number = office.application(SHENYANG, "jd-001").id
    assert office.refuses(Stale, lambda: decide(office, number, withdrawn=True)) == (
        "这个申报仍在市里报送的工作簿中，不需要确认撤回。"
    )
    assert office.refuses(Refused, lambda: decide(office, 99, withdrawn=True)) == "没有这个申报。"


def test_every_row_of_a_workbook_may_be_gone(office: Office) -> None:
    office.put(SHENYANG)
    [done] = office.take(SHENYANG)
    assert (done.ok, done.added, done.changed, done.gone) == (True, 0, 0, 2)
    assert office.row(tables.applications, city=SHENYANG, key="pt-001").withdrawal == ""


def test_a_row_that_cannot_be_judged_is_not_gone(office: Office) -> None:
    rows = shenyang()
    rows[1][MAIN][0]["申报类别"] = "创建"
    office.put(SHENYANG, *rows)
    [done] = office.take(SHENYANG)
    assert (done.sentence, done.feedback_way) == (
        f"{BOOK}：已受理。新增 0 个，修改 0 个，消失 0 个，填报错误 1 处。",
        "in_book",
    )
    number = office.application(SHENYANG, "jd-001").id
    assert office.row(tables.intakes, id=done.intake_id).unjudged == ["jd-001"]
    assert (state(office, number), office.judged(SHENYANG, "jd-001").verdict) == ("", "review")


# ---------------------------------------------------------------- rows that stand elsewhere


def test_sorted_rows_are_taken_in_so_that_feedback_names_the_new_cells(office: Office) -> None:
    first, second = dalian()
    office.put(DALIAN, second, first)
    [done] = office.take(DALIAN)
    assert (done.ok, done.intake_id, done.added, done.changed, done.gone) == (True, 4, 0, 0, 0)
    assert office.row(tables.intakes, id=4).state == "effective"
    assert done.feedback_way == "in_book"


def test_sorted_rows_after_the_deadline_are_nothing_to_decide_on(office: Office) -> None:
    first, second = dalian()
    office.on(LATE)
    office.put(DALIAN, second, first)
    [done] = office.take(DALIAN)
    assert (done.ok, done.held, done.sentence) == (
        True,
        False,
        "2026-大连市.xlsx：与已受理的内容一致，无需重复受理。",
    )
