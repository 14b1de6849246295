"""What people do to their sheets while they are read and answered, by name: nothing is mixed, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.store import tables
from tests.office import DALIAN, SHENYANG
from tests.online.agreeing import DONE, SAME, Feedback, agree, last_run, told
from tests.online.little import Little
from tests.online.online_office import FEEDBACK
from tests.online.schedules import LATE
from tests.online.script import HEAD, READ, WRITE, Moment, Script

FIGURES, SERVED, EXPERTS = "平台指标", "年服务中小企业数（家）", "专家数（人）"
NAME = "2026-大连市"
ACCOUNT = "shifan-sync@shifan-emulated.iam.gserviceaccount.com"
GONE = (
    "找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。"
    f"请核对链接，并在它的“共享”中把 {ACCOUNT} 设为“编辑者”，再重试。"
)
SHUT = (
    "没有权限：这个表格或文件夹没有共享给服务账号，或者只给了查看权限。"
    f"请在它的“共享”中把 {ACCOUNT} 设为“编辑者”，再重试。"
)
BINNED = "已被移到回收站，没有读取。请在 Google 云端硬盘的回收站中还原；不再使用的，请在“在线表格”中重新建立。"
NOT_SENT = "反馈没有送出。"
CHANGED = f"{NAME}：已受理。新增 0 个，修改 1 个，消失 0 个，填报错误 1 处。"
MOVED = f"{NAME}：已受理。新增 0 个，修改 0 个，消失 0 个，填报错误 1 处。"


def delete(little: Little) -> str:
    little.google.delete(little.books[DALIAN])
    return "deleted"


def bin_(little: Little) -> str:
    little.google.trash(little.books[DALIAN])
    return "trashed"


def shut(little: Little) -> str:
    little.google.unshare(little.books[DALIAN], little.google.account.email)
    return "not shared any more"


@pytest.mark.parametrize(
    ("act", "sentence"), [(delete, GONE), (bin_, BINNED), (shut, GONE)], ids=["gone", "bin", "shut"]
)
def test_a_sheet_that_is_out_of_reach_is_told_of_and_the_others_go_on(
    little: Little, act: Callable[[Little], str], sentence: str
) -> None:
    kept = little.google.file(little.books[DALIAN])
    permissions = kept.permissions
    act(little)
    done = little.online.sync()
    assert [(each.city, each.ok) for each in done.outcomes] == [(SHENYANG, True)]
    assert done.problems == (f"{NAME}：{sentence}",)
    assert done.sentence == "同步完毕：1 个在线表格正常，1 个有问题。"
    assert [(book["city"], book["ok"]) for book in last_run(little).books] == [(DALIAN, False), (SHENYANG, True)]
    kept.trashed, kept.permissions = False, permissions
    little.google.state.files[little.books[DALIAN]] = kept
    assert little.online.sync().outcomes[1].added == 2
    agree(little)


@pytest.mark.parametrize(
    ("act", "when", "outcome", "feedback"),
    [
        (delete, Moment(DALIAN, HEAD, 1, True), f"{NAME}：{GONE}", ""),
        (shut, Moment(DALIAN, HEAD, 1, True), f"{NAME}：{SHUT}", ""),
        (delete, Moment(DALIAN, READ, 1, True), DONE[DALIAN], f"{NOT_SENT}{GONE}"),
        (shut, Moment(DALIAN, READ, 1, True), DONE[DALIAN], f"{NOT_SENT}{SHUT}"),
        (delete, Moment(DALIAN, READ, 2, True), DONE[DALIAN], f"{NOT_SENT}{GONE}"),
        (shut, Moment(DALIAN, READ, 2, True), DONE[DALIAN], f"{NOT_SENT}{SHUT}"),
        # its owner may still take it out of the bin: what was typed there is read and answered
        (bin_, Moment(DALIAN, HEAD, 1, True), DONE[DALIAN], DONE[f"{DALIAN} 反馈"]),
        (bin_, Moment(DALIAN, READ, 2, True), DONE[DALIAN], DONE[f"{DALIAN} 反馈"]),
    ],
)
def test_a_sheet_that_goes_in_mid_course(
    little: Little, act: Callable[[Little], str], when: Moment, outcome: str, feedback: str
) -> None:
    kept = little.google.file(little.books[DALIAN])
    permissions = kept.permissions
    Script(little, edits={when: lambda: act(little)})
    assert told(little.online.sync()) == DONE | {DALIAN: outcome, f"{DALIAN} 反馈": feedback}
    kept.trashed, kept.permissions = False, permissions
    little.google.state.files[little.books[DALIAN]] = kept
    script = Script(little)
    little.online.sync()
    agree(little, script)
    taken = [row.subject for row in little.office.entries() if row.action == "intake.taken"]
    assert sorted(taken) == [DALIAN, SHENYANG]


def test_a_header_by_another_name_is_told_of_and_taken_back(little: Little) -> None:
    little.back("taken")
    hand = little.google.contact(little.books[DALIAN])
    hand.rename_header(FIGURES, SERVED, "服务企业数")
    [_, done] = little.online.sync().outcomes
    assert (done.ok, done.sentence) == (
        True,
        f"{NAME}：已受理。新增 0 个，修改 2 个，消失 0 个，填报错误 2 处。",
    )
    lines = [(each["工作表"], each["列"], each["级别"], each["问题"]) for each in little.online.feedback(DALIAN)]
    assert (FIGURES, SERVED, "错误", f"缺少“{SERVED}”这一列。") in lines
    agree(little, cities=(DALIAN,))
    hand.rename_header(FIGURES, "服务企业数", SERVED)
    [_, done] = little.online.sync().outcomes
    assert done.sentence == f"{NAME}：已受理。新增 0 个，修改 2 个，消失 0 个，填报错误 1 处。"
    agree(little)


def test_a_tab_that_is_gone_is_told_of_and_what_was_held_of_it_is_kept_in_the_store(little: Little) -> None:
    little.back("taken")
    hand = little.google.contact(little.books[DALIAN])
    kept = little.google.file(little.books[DALIAN]).book
    hand.delete_tab(FIGURES)
    [_, done] = little.online.sync().outcomes
    assert done.sentence == f"{NAME}：已受理。新增 0 个，修改 2 个，消失 0 个，填报错误 1 处。"
    assert little.online.feedback(DALIAN)[0]["问题"] == f"缺少工作表“{FIGURES}”。"
    agree(little)
    assert kept is not None
    little.google.state.store(little.google.file(little.books[DALIAN]), kept, "the list of versions")
    [_, done] = little.online.sync().outcomes
    assert done.sentence == f"{NAME}：已受理。新增 0 个，修改 2 个，消失 0 个，填报错误 1 处。"
    agree(little)


def test_without_the_first_tab_nothing_is_taken_in(little: Little) -> None:
    little.back("taken")
    before = little.office.dump()["intakes"], little.office.dump()["ledger"]
    little.google.contact(little.books[DALIAN]).rename_tab("推荐汇总表", "汇总")
    [_, done] = little.online.sync().outcomes
    assert (done.ok, done.sentence) == (
        False,
        f"{NAME}：缺少工作表“推荐汇总表”或其中的“编号”列，认不出申报。请用下发的模板填报。",
    )
    assert (little.office.dump()["intakes"], little.office.dump()["ledger"]) == before


def test_without_the_provinces_tab_the_feedback_waits_until_it_is_made_again(little: Little) -> None:
    little.google.contact(little.books[DALIAN], "").delete_tab(FEEDBACK)
    assert told(little.online.sync()) == DONE | {
        f"{DALIAN} 反馈": f"{NOT_SENT}{NAME}：在线表格中没有“审核反馈”页，或该页的表头不完整，反馈没有写入。"
        "请在“在线表格”中修复这个表格，再重新发送反馈。"
    }
    assert [each.state for each in little.online.create(DALIAN)] == ["repaired"]
    script = Script(little)
    assert told(little.online.sync(DALIAN)) == {
        DALIAN: f"{NAME}：{SAME}",
        f"{DALIAN} 反馈": DONE[f"{DALIAN} 反馈"],
    }
    agree(little, script)


def insert(little: Little) -> str:
    little.google.contact(little.books[DALIAN]).insert_row(FIGURES, 2, 2)
    return "rows put in"


def sort(little: Little) -> str:
    little.google.contact(little.books[DALIAN]).sort(FIGURES, "A2:Y9", "A", descending=True)
    return "rows sorted"


def column(little: Little) -> str:
    little.google.contact(little.books[DALIAN], "").insert_column(FIGURES, "C")
    return "a column put in"


@pytest.mark.parametrize(
    "when",
    [Moment(DALIAN, READ, 1, True), Moment(DALIAN, READ, 2), Moment(DALIAN, READ, 2, True), Moment(DALIAN, WRITE, 1)],
    ids=["after reading", "before reading again", "after reading again", "before writing"],
)
@pytest.mark.parametrize(
    ("act", "cell"), [(insert, "L5"), (sort, "L2"), (column, "M3")], ids=["insert", "sort", "column"]
)
def test_feedback_names_the_cell_of_today(
    little: Little, act: Callable[[Little], str], cell: str, when: Moment
) -> None:
    script = Script(little, edits={when: lambda: act(little)})
    assert told(little.online.sync()) == DONE
    assert little.online.feedback(DALIAN)[0]["单元格"] == cell
    assert little.online.place(DALIAN, FIGURES, "PT-002", EXPERTS) == cell
    assert script.broken == []
    assert little.online.sync().outcomes[1].sentence == MOVED
    agree(little, script)
    assert told(little.online.sync()) == Feedback.NONE


@pytest.mark.parametrize(("act", "back"), [(insert, "rows"), (column, "columns")])
def test_what_moved_for_a_moment_only_is_named_again_where_it_stands(
    little: Little, act: Callable[[Little], str], back: str
) -> None:
    """Read and found as it was taken in, the sheet would be left with lines that name the cells of a moment."""
    script = Script(little, edits={Moment(DALIAN, READ, 1, True): lambda: act(little)})
    assert told(little.online.sync()) == DONE
    hand = little.google.contact(little.books[DALIAN], "")
    if back == "rows":
        hand.delete_row(FIGURES, 2, 2)
    else:
        place = {"sheetId": hand.sheet_id(FIGURES), "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
        hand.batch({"deleteDimension": {"range": place}})
    assert told(little.online.sync()) == Feedback.LATER
    agree(little, script)
    assert told(little.online.sync()) == Feedback.NONE


def test_two_contacts_typing(little: Little) -> None:
    """What stood there when the sheet was read is taken in, whole; the rest with the next sync."""
    little.back("taken")

    def types(value: str) -> str:
        little.online.type(DALIAN, FIGURES, "PT-001", SERVED, value)
        return value

    def other() -> str:
        little.online.type(DALIAN, FIGURES, "PT-002", EXPERTS, "60")
        return "60"

    script = Script(little)
    script.edits = {Moment(DALIAN, READ, 1): lambda: types("950"), Moment(DALIAN, WRITE, 1): other}
    [_, done] = little.online.sync().outcomes
    assert (done.sentence, done.feedback_sentence) == (CHANGED, DONE[f"{DALIAN} 反馈"])
    fields = little.office.row(tables.submissions, intake_id=done.intake_id, application_id=3).record["rows"][FIGURES]
    assert fields[0]["fields"][SERVED][1] == "950"
    assert {each["编号"]: each["级别"] for each in little.online.feedback(DALIAN)} == {
        "PT-001": "不达标",
        "PT-002": "错误",
    }
    [_, done] = little.online.sync().outcomes
    assert done.sentence == f"{NAME}：已受理。新增 0 个，修改 1 个，消失 0 个，填报错误 0 处。"
    assert [each["编号"] for each in little.online.feedback(DALIAN)] == ["PT-001"]
    agree(little, script)


def test_columns_in_another_order_are_taken_in_so_that_cells_are_named_where_they_stand(little: Little) -> None:
    little.back("taken")
    column(little)
    script = Script(little)
    assert little.online.sync().outcomes[1].sentence == MOVED
    assert little.online.feedback(DALIAN)[0]["单元格"] == "M3"
    agree(little, script)
    assert told(little.online.sync()) == Feedback.NONE


def test_a_row_that_is_gone_goes_once(little: Little) -> None:
    """By the clock, the same sheet would be taken in every few minutes until somebody decides."""
    little.back("taken")
    little.google.contact(little.books[DALIAN]).delete_row("推荐汇总表", 3)
    [_, done] = little.online.sync().outcomes
    assert done.gone == 1
    before = len(little.office.entries())
    for _ in range(3):
        little.online.sync()
    assert len(little.office.entries()) == before


def test_a_late_change_that_the_city_takes_back_waits_no_more(little: Little) -> None:
    little.back("taken")
    little.office.on(LATE)
    little.online.type(DALIAN, FIGURES, "PT-001", SERVED, "1000")
    [_, late] = little.online.sync().outcomes
    assert late.held
    little.online.type(DALIAN, FIGURES, "PT-001", SERVED, "900")
    [_, again] = little.online.sync().outcomes
    assert again.sentence == (
        f"{NAME}：已过报送截止日，先行登记，待决定是否受理。新增 0 个，修改 0 个，消失 0 个，填报错误 1 处。"
    )
    assert [little.office.row(tables.intakes, id=each.intake_id).state for each in (late, again)] == [
        "declined",
        "held",
    ]
