"""The days on which a notice may be confirmed: rest days, make-up days, the end of a year not arranged yet.

The days are taken from the notices of 2025-11-04 (for 2026); those of 2027 are not known to the program.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core import views
from core.errors import Refused
from core.services import calendar, cases, notices, rounds
from core.services.arrangement import DayOverride
from core.store import tables
from tests.conftest import one_database
from tests.notices import (
    AFTER,
    CONTACT,
    LAST,
    NAMES,
    confirm,
    entry_states,
    object_to,
    proposed,
    publish,
    resolve,
    status,
)
from tests.office import Office

ONE = timedelta(days=1)


def days(*texts: str) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in texts)


@pytest.mark.parametrize(
    ("published", "count_start", "last", "after"),
    [
        # five plain working days
        (*days("2026-06-01"), False, *days("2026-06-08", "2026-06-09")),
        (*days("2026-06-01"), True, *days("2026-06-05", "2026-06-06")),  # the day after is a Saturday: allowed
        # over the Dragon Boat Festival (Friday 19 June)
        (*days("2026-06-15"), False, *days("2026-06-23", "2026-06-24")),
        (*days("2026-06-15"), True, *days("2026-06-22", "2026-06-23")),
        # before the National Day; Saturday 10 October is worked
        (*days("2026-09-28"), False, *days("2026-10-10", "2026-10-11")),
        (*days("2026-09-28"), True, *days("2026-10-09", "2026-10-10")),
        (*days("2026-09-30"), False, *days("2026-10-13", "2026-10-14")),
        # published on a rest day: Sunday
        (*days("2026-06-07"), False, *days("2026-06-12", "2026-06-13")),
        (*days("2026-06-07"), True, *days("2026-06-12", "2026-06-13")),
    ],
)
@one_database
def test_the_last_day_is_refused_and_the_next_one_allowed(
    office: Office, published: date, count_start: bool, last: date, after: date
) -> None:
    if count_start:
        held = office.row(tables.rounds, id=office.round_id)
        names = ("notice_number", "notice_date", "standard_id", "deadline", "reference_day", "over_quota", "folder")
        kept = {name: getattr(held, name) for name in names}
        rounds.change_round(office.app, office.admin, office.round_id, 1, **kept, count_start=True, why="本年度做法")
    [number] = proposed(office, NAMES[:1])
    notice = publish(office, day=published)
    assert office.row(tables.standings, case_id=number).due == last
    assert after == last + ONE
    before = office.dump()
    for day in (published, last):
        with pytest.raises(Refused, match="过了这一天才能确认"):
            confirm(office, notice, day)
    assert office.dump() == before
    assert confirm(office, notice, after).confirmed == (number,)
    assert office.row(tables.standings, case_id=number).since == after


def test_a_notice_into_a_year_not_arranged_yet_is_provisional(office: Office) -> None:
    [number] = proposed(office, NAMES[:1])
    notice = publish(office, day=date(2026, 12, 28))
    assert office.last().what == "公示 1 个，2026年12月28日（周一）至2027年1月5日（周二）（暂定）"
    refused = (
        "2026年度拟创建对象公示（2026年12月28日）没有可以确认的对象："
        "公示最后一日是2027年1月5日（周二）（暂定），过了这一天才能确认。"
    )
    assert office.refuses(Refused, lambda: confirm(office, notice, date(2027, 1, 5))) == refused
    shown = views.notice_view(office.app, notice)
    assert shown.counted.provisional
    assert shown.warnings == (
        "公示最后一日2027年1月5日（周二）是暂定的：2027年的放假安排还没有录入，"
        "公布后请管理员在“工作日历”中录入，再核对公示文本。",
    )
    # the arrangement makes Monday 4 January a rest day: the last day moves, and the text no longer says it
    row = DayOverride(date(2027, 1, 4), "rest", "虚构发〔2026〕9号", "元旦")
    calendar.set_overrides(office.app, office.admin, [row], "放假通知")
    assert office.row(tables.standings, case_id=number).due == date(2027, 1, 6)
    shown = views.notice_view(office.app, notice)
    assert shown.warnings[-1] == (
        "公示文本写的最后一日是2027年1月5日（周二），按现在的工作日历是2027年1月6日（周三）；"
        "以工作日历为准，请更正公示文本。"
    )
    with pytest.raises(Refused):
        confirm(office, notice, date(2027, 1, 6))
    assert confirm(office, notice, date(2027, 1, 7)).confirmed == (number,)


def test_what_was_confirmed_rightly_stays_when_an_arrangement_comes_later(office: Office) -> None:
    numbers = proposed(office)
    notice = publish(office)
    object_to(office, notice, numbers[0], received=LAST)
    assert confirm(office, notice, AFTER).confirmed == tuple(numbers[1:])
    row = DayOverride(date(2026, 6, 5), "rest", "虚构发〔2026〕9号", "临时放假")
    calendar.set_overrides(office.app, office.admin, [row], "补发通知")
    assert [status(office, each) for each in numbers] == ["creation_notice", "creating", "creating"]
    resolve(office, 1, AFTER)
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER))
    assert "“虚构甲平台”公示最后一日是2026年6月9日（周二），过了这一天才能确认" in said
    assert confirm(office, notice, date(2026, 6, 10)).confirmed == (numbers[0],)


# ---------------------------------------------------------------- a decision taken back


def test_what_stood_on_paper_is_looked_into_when_the_confirmation_is_taken_back(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    timely, late = (
        object_to(office, notice, first, postmarked=day, received=date(2026, 6, 11))[0]
        for day in (date(2026, 6, 5), date(2026, 6, 10))
    )
    said = cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 4, "漏了一件异议")
    assert said == (
        "“虚构甲平台”作废2026年6月9日（周二）的“确定为创建对象”，登记在案的异议随之进入核查；现为“创建公示”。"
    )
    assert [office.row(tables.objections, id=each).filed_number for each in (timely, late)] == [6, 7]
    row = office.row(tables.standings, case_id=first)
    assert (row.open_objections, row.flags) == (1, ",objection_late,")
    assert entry_states(office, notice)[0] == ("open", "还有1件异议没有核查完")
    with pytest.raises(Refused):
        confirm(office, notice, date(2026, 6, 11))
    resolve(office, timely, date(2026, 6, 12))
    assert confirm(office, notice, date(2026, 6, 12)).confirmed == (first,)


@one_database
def test_a_confirmation_taken_back_is_made_again_on_the_same_day(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    [one] = object_to(office, notice, first, postmarked=LAST, received=AFTER)
    version = office.row(tables.cases, id=first).version
    cases.void(office.app, office.staff, first, version, 4, "漏了一件异议")
    resolve(office, one, AFTER)
    # not in the place where it stood: that was before the letter came
    assert confirm(office, notice, AFTER).confirmed == (first,)


@one_database
def test_a_finding_on_paper_becomes_part_of_the_history(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    [one] = object_to(office, notice, first, postmarked=LAST, received=date(2026, 6, 11))
    resolve(office, one, date(2026, 6, 12), upheld=True)
    assert status(office, first) == "creating"
    cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 4, "异议属实")
    assert status(office, first) == "objection_upheld"
    assert office.row(tables.objections, id=one).resolved_number == 7


@one_database
def test_the_first_that_is_upheld_ends_the_case_and_the_others_stay_on_paper(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    [one] = object_to(office, notice, first, postmarked=LAST, received=date(2026, 6, 10))
    resolve(office, one, date(2026, 6, 11), upheld=True)
    [two] = object_to(office, notice, first, postmarked=LAST, received=date(2026, 6, 12))
    cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 4, "异议属实")
    found = [office.row(tables.objections, id=each) for each in (one, two)]
    assert [(each.finding, each.filed_number, each.resolved_number) for each in found] == [
        ("upheld", 6, 7),
        ("", None, None),
    ]
    assert status(office, first) == "objection_upheld"
    shown = views.notice_view(office.app, notice).objections[1]
    assert (shown.on_paper, shown.mark) == (True, "公示异议属实之后登记")


@one_database
def test_a_finding_that_the_history_does_not_allow_is_made_anew(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    [late] = object_to(office, notice, first, received=date(2026, 6, 12))
    confirm(office, notice, date(2026, 6, 13))
    [one] = object_to(office, notice, first, postmarked=LAST, received=date(2026, 6, 10))
    resolve(office, one, date(2026, 6, 11), upheld=True)
    # upheld on that day it would have ended the case before the late objection came
    cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 5, "漏了一件异议")
    found = office.row(tables.objections, id=one)
    assert (found.finding, found.resolved, found.filed_number, found.resolved_number) == ("", None, 7, None)
    assert office.row(tables.objections, id=late).finding == ""
    resolve(office, one, date(2026, 6, 13), upheld=True)
    assert status(office, first) == "objection_upheld"


@one_database
def test_letters_that_come_when_a_case_is_withdrawn(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    day = date(2026, 6, 3)
    office.on(day)
    cases.act(
        office.app,
        office.staff,
        first,
        office.row(tables.cases, id=first).version,
        event="withdrawn",
        day=day,
        why="函",
    )
    [one] = object_to(office, notice, first, received=date(2026, 6, 4))
    assert office.row(tables.objections, id=one).filed_number is None
    cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 4, "撤回函有误")
    assert office.row(tables.objections, id=one).filed_number == 6
    assert office.row(tables.standings, case_id=first).open_objections == 1


def test_letters_about_a_list_that_was_taken_back(office: Office) -> None:
    first, *_ = proposed(office)
    notice = publish(office)
    notices.withdraw_notice(office.app, office.staff, notice, 1, "附件有误")
    [one] = object_to(office, notice, first, received=date(2026, 6, 2))
    assert office.last().what.startswith("登记信函异议 异议2026-1（“虚构甲平台”的这次公示已作废，登记在案）")
    day = date(2026, 6, 4)
    office.on(day)
    asked: dict[str, Any] = {"published": day, "signed": day, "contact": CONTACT}
    warned = views.notice_preview(office.app, office.round_id, "creation", **asked).warnings
    assert warned == ("“虚构甲平台”还有没有核查完的异议：异议2026-1。",)
    publish(office, day=day)
    said = office.refuses(Refused, lambda: object_to(office, notice, first, received=day))
    assert said == "“虚构甲平台”的这次公示已作废，请登记到2026年度拟创建对象公示（2026年6月4日）。"
    resolve(office, one, day)
