"""变更报告: rows of the workbook become reports, reports become entries of cases; nothing is lost or entered twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core import views
from core.errors import Refused, Stale
from core.services import cases, changes, intake
from core.services.changes import Report
from core.store import tables
from tests.begun import taken_over
from tests.office import DALIAN, SHENYANG, TODAY, Office, shenyang

SHEET = "变更报告"
NAME = "虚构甲平台"
UNKNOWN = "名称相符的（曾用名也查过）。请核对；已更名的，请先办理变更。"


def row(name: str = NAME, **changed: str) -> dict[str, str]:
    """A row as a city types it."""
    made = {
        "平台（基地）名称": name,
        "变更类型": "更名",
        "变更发生日期": "2026-01-12",
        "向市级报告日期": "2026-04-12",
        "变更内容": "更名为虚构乙平台",
        "市级意见": "保留",
    }
    return made | changed


def send(office: Office, *rows: dict[str, str], city: str = SHENYANG) -> intake.Outcome:
    """Takes a city's workbook in with these change reports."""
    office.put(city, *shenyang(), {SHEET: list(rows)})
    [done] = office.take(city)
    assert done.ok, done.sentence
    return done


def begun(office: Office, name: str = NAME, since: date = date(2024, 3, 1), city: str = SHENYANG) -> int:
    return taken_over(office.app, office.staff, "creating", since, name, city=city)


def told(office: Office, as_of: date | None = None) -> list[tuple[Any, ...]]:
    return [(each.name, each.change, each.case_id, each.entry) for each in views.change_reports(office.app, as_of)]


def only(office: Office) -> Report:
    [found] = views.change_reports(office.app)
    return found


def test_rows_that_can_be_read_are_kept_and_told(opened: Office) -> None:
    wrong = row("虚构丙平台", 变更发生日期="去年底")
    opened.put(SHENYANG, *shenyang(), {SHEET: [row(), wrong]})
    [seen] = intake.preview(opened.app, opened.round_id)
    assert (len(seen.reports), len(seen.new_reports), seen.error_count) == (1, 1, 1)
    [done] = opened.take(SHENYANG)
    assert done.sentence == (
        "2026-沈阳市.xlsx：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 1 处，变更报告 1 件。"
    )
    taken = next(each for each in opened.entries() if each.action == "intake.taken")
    assert taken.what == "受理沈阳市“2026-沈阳市.xlsx”：新增 2 个，修改 0 个，消失 0 个，填报错误 1 处，变更报告 1 件"
    found = only(opened)
    assert (found.city, found.row, found.name, found.change, found.opinion) == (SHENYANG, 2, NAME, "更名", "保留")
    assert (found.occurred, found.reported, found.content) == (date(2026, 1, 12), date(2026, 4, 12), "更名为虚构乙平台")
    assert (
        found.sentence
        == "沈阳市的创建对象中没有与“虚构甲平台”名称相符的（曾用名也查过）。请核对；已更名的，请先办理变更。"
    )


def test_a_workbook_in_which_only_a_report_changed_is_a_new_version(opened: Office) -> None:
    send(opened, row())
    opened.put(SHENYANG, *shenyang(), {SHEET: [row(), row("虚构丙平台")]})
    [seen] = intake.preview(opened.app, opened.round_id)
    assert (seen.changes, [each.name for each in seen.new_reports], seen.gone_reports) == (True, ["虚构丙平台"], [])
    assert opened.take(SHENYANG)[0].sentence == (
        "2026-沈阳市.xlsx：已受理。新增 0 个，修改 0 个，消失 0 个，填报错误 0 处，变更报告 2 件（新 1 件）。"
    )
    opened.put(SHENYANG, *shenyang(), {SHEET: [row("虚构丙平台"), row()]})
    [seen] = intake.preview(opened.app, opened.round_id)
    assert not seen.changes  # the same two, sorted
    opened.put(SHENYANG, *shenyang())
    [seen] = intake.preview(opened.app, opened.round_id)
    assert (seen.changes, len(seen.gone_reports)) == (True, 2)


def test_the_newest_effective_workbook_counts_and_undoing_brings_the_former_back(opened: Office) -> None:
    send(opened, row())
    done = send(opened, row("虚构丙平台"))
    assert [each[0] for each in told(opened)] == ["虚构丙平台"]
    assert done.intake_id is not None
    intake.undo(opened.app, opened.staff, done.intake_id, "误受理")
    assert [each[0] for each in told(opened)] == [NAME]
    opened.on(date(2026, 6, 20))  # after the deadline: kept waiting
    opened.put(SHENYANG, *shenyang(), {SHEET: [row("虚构丁平台")]})
    [late] = opened.take(SHENYANG)
    assert late.held
    assert [each[0] for each in told(opened)] == [NAME]
    intake.accept_held(opened.app, opened.staff, late.intake_id or 0, "情况特殊")
    assert [each[0] for each in told(opened)] == ["虚构丁平台"]


@pytest.mark.parametrize(
    ("reported", "due", "late"), [("2026-04-12", date(2026, 4, 12), False), ("2026-04-13", date(2026, 4, 12), True)]
)
def test_a_report_is_late_after_the_edition_s_period(opened: Office, reported: str, due: date, late: bool) -> None:
    number = begun(opened)
    send(opened, row(向市级报告日期=reported))
    assert (only(opened).due, only(opened).late, only(opened).case_id) == (due, late, number)
    changes.register(opened.app, opened.staff, only(opened).id, number)
    assert ("change_reported_late" in opened.row(tables.standings, case_id=number).flags) == late


def test_a_report_is_entered_on_its_case_once(opened: Office) -> None:
    number = begun(opened)
    send(opened, row())
    report = only(opened)
    said = changes.register(opened.app, opened.staff, report.id, number)
    what = "更名，2026年1月12日（周一）发生，2026年4月12日（周日）报告，市级意见保留"
    assert said == f"“{NAME}”登记变更报告：{what}。"
    entry = opened.row(tables.case_events, case_id=number, number=2)
    assert (entry.type, entry.day) == ("change_reported", date(2026, 4, 12))
    assert entry.data == {
        "occurred": "2026-01-12", "evidence": "更名为虚构乙平台", "report_id": report.id, "change": "更名",
        "opinion": "保留",
    }  # fmt: skip
    assert (opened.last().action, opened.last().subject_id) == ("change.registered", str(number))
    assert opened.row(tables.standings, case_id=number).flags == ",change_open,"
    assert only(opened).entry == 2
    assert opened.refuses(Stale, lambda: changes.register(opened.app, opened.second, report.id, number)) == (
        f"沈阳市“{NAME}”的这件变更报告已登记在“{NAME}”名下，不用再登记。"
    )


def test_the_same_row_sent_again_is_the_same_report(opened: Office) -> None:
    number = begun(opened)
    send(opened, row())
    changes.register(opened.app, opened.staff, only(opened).id, number)
    send(opened, row("虚构丙平台"), row(变更内容="更名为虚构乙服务平台"))
    first, second = views.change_reports(opened.app)
    assert (first.name, first.entry, first.altered) == ("虚构丙平台", None, False)
    assert (second.name, second.entry, second.altered) == (NAME, 2, True)
    cases.void(opened.app, opened.staff, number, 2, 2, "登记有误")
    assert [each.entry for each in views.change_reports(opened.app)] == [None, None]
    changes.register(opened.app, opened.staff, second.id, number)
    assert [each.entry for each in views.change_reports(opened.app)] == [None, 4]


def test_another_case_than_its_name_tells_needs_a_ground_and_the_same_city(opened: Office) -> None:
    number, elsewhere = begun(opened, "虚构丁平台"), begun(opened, "虚构戊平台", city=DALIAN)
    send(opened, row())
    report = only(opened)
    assert opened.refuses(Refused, lambda: changes.register(opened.app, opened.staff, report.id, number, " ")) == (
        f"变更报告写的是“{NAME}”，要登记到“虚构丁平台”名下，请写明依据。"
    )
    assert opened.refuses(Refused, lambda: changes.register(opened.app, opened.staff, report.id, elsewhere, "x")) == (
        "变更报告是沈阳市报送的，“虚构戊平台”属于大连市，不能登记到它名下。请核对。"
    )
    changes.register(opened.app, opened.staff, report.id, number, "市里来函说明")
    assert (only(opened).case_id, only(opened).case_name, only(opened).sentence) == (number, "虚构丁平台", "")
    assert opened.last().why == "市里来函说明"


def test_all_that_can_be_entered_are_in_one_act_and_the_others_say_why(opened: Office) -> None:
    first, second = begun(opened), begun(opened, "虚构丙平台", date(2026, 5, 6))
    send(opened, row(), row("虚构丙平台"), row("虚构无名平台"), row(向市级报告日期="2026-03-01", 变更类型="重组"))
    ids = [each.id for each in views.change_reports(opened.app)]
    before = len(opened.entries())
    done = changes.register_all(opened.app, opened.staff, [*ids, 999], "批量登记")
    assert len(opened.entries()) == before + 1
    assert sorted(each[1] for each in done.done) == [first, first]
    assert done.sentence == "登记变更报告 2 件，3 件没有登记。"
    assert {name: sentence for _, name, sentence in done.left} == {
        "虚构丙平台": "“虚构丙平台”不能办理“报告重大变更”：日期2026年4月12日（周日）早于前一个事件的"
        "2026年5月6日（周三），事件要按发生的先后排列。",
        "虚构无名平台": f"沈阳市的创建对象中没有与“虚构无名平台”{UNKNOWN}",
        "": "这件变更报告已不在市里最近受理的工作簿中，请刷新页面后再办。",
    }
    assert {name: entry for name, _, _, entry in told(opened) if entry is None} == {
        "虚构丙平台": None,
        "虚构无名平台": None,
    }
    assert opened.row(tables.standings, case_id=second).flags == ""
    left = [each.id for each in views.change_reports(opened.app) if each.entry is None]
    said = opened.refuses(Refused, lambda: changes.register_all(opened.app, opened.staff, left))
    assert said.startswith("没有可以登记的变更报告：“虚构丙平台”不能办理“报告重大变更”：")


def test_two_rows_that_are_the_same_are_entered_once(opened: Office) -> None:
    begun(opened)
    send(opened, row(), row())
    ids = [each.id for each in views.change_reports(opened.app)]
    done = changes.register_all(opened.app, opened.staff, ids)
    assert (len(done.done), len(done.left)) == (1, 1)
    assert [each.entry for each in views.change_reports(opened.app)] == [2, 2]


def test_a_past_day_shows_what_was_known_then(opened: Office) -> None:
    number = begun(opened)
    send(opened, row())
    opened.on(date(2026, 5, 22))
    changes.register(opened.app, opened.staff, only(opened).id, number)
    opened.on(date(2026, 5, 25))
    done = send(opened, row("虚构丙平台"))
    opened.on(date(2026, 5, 28))
    intake.undo(opened.app, opened.staff, done.intake_id or 0, "误受理")
    assert told(opened, date(2026, 5, 19)) == []
    assert told(opened, TODAY) == [(NAME, "更名", number, None)]
    assert told(opened, date(2026, 5, 22)) == [(NAME, "更名", number, 2)]
    assert told(opened, date(2026, 5, 25)) == [("虚构丙平台", "更名", None, None)]
    assert told(opened, date(2026, 5, 28)) == told(opened) == [(NAME, "更名", number, 2)]
