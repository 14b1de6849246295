"""What 工作日历 is given: every day with its source, totals, gaps, overrides, and both ends of a period."""

from __future__ import annotations

from datetime import date

import pytest

from core import views
from core.errors import Refused
from core.services import calendar as service
from core.services.arrangement import read_lines
from tests.office import Office

DOCUMENT = "虚构办发〔2026〕8号"
LINES = "2026-12-18 休 虚构市庆\n2026-12-20 班\n2026-12-21 休\n2027-01-01 至 2027-01-03 休 元旦\n2027-02-07 班 春节"


@pytest.fixture
def entered(opened: Office) -> Office:
    """An office where an arrangement was entered."""
    service.set_overrides(opened.app, opened.admin, read_lines(LINES, DOCUMENT), "按通知")
    return opened


def texts(office: Office, *days: str) -> list[str]:
    held = {one.day: one.text for year in (2026, 2027) for one in views.year_view(office.app, year).days}
    return [held[date.fromisoformat(day)] for day in days]


def test_a_known_year(opened: Office) -> None:
    year = views.year_view(opened.app, 2026)
    assert (len(year.days), year.working, year.resting, year.makeup, year.provisional, year.entered) == (
        365,
        248,
        117,
        6,
        0,
        0,
    )
    assert year.source == "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
    assert {one.source for one in year.days} == {"official"}
    assert texts(opened, "2026-02-14", "2026-10-01", "2026-10-08", "2026-10-11") == [
        "2026年2月14日（周六）　工作日（春节调休上班）　国务院安排",
        "2026年10月1日（周四）　休息（国庆节）　国务院安排",
        "2026年10月8日（周四）　工作日　国务院安排",
        "2026年10月11日（周日）　休息　国务院安排",
    ]
    assert views.year_view(opened.app, 2026) is year


def test_a_year_that_is_not_known(opened: Office) -> None:
    year = views.year_view(opened.app, 2027)
    assert (year.working, year.resting, year.makeup, year.provisional) == (259, 106, 0, 365)
    assert year.source == "2027年的放假安排程序中还没有，先按周一至周五计，暂定"
    assert {one.source for one in year.days} == {"assumed"}
    assert texts(opened, "2027-01-01", "2027-01-04") == [
        "2027年1月1日（周五）　休息（元旦）　按法定节假日推算（暂定）",
        "2027年1月4日（周一）　工作日　按法定节假日推算（暂定）",
    ]


def test_days_that_were_entered_say_so(entered: Office) -> None:
    assert texts(
        entered, "2026-12-18", "2026-12-20", "2026-12-21", "2027-01-01", "2027-01-02", "2027-02-07", "2027-01-04"
    ) == [
        f"2026年12月18日（周五）　休息（虚构市庆）　省厅录入：{DOCUMENT}",
        f"2026年12月20日（周日）　工作日（调休上班）　省厅录入：{DOCUMENT}",
        f"2026年12月21日（周一）　休息（放假）　省厅录入：{DOCUMENT}",
        f"2027年1月1日（周五）　休息（元旦）　省厅录入：{DOCUMENT}",
        f"2027年1月2日（周六）　休息（元旦）　省厅录入：{DOCUMENT}",
        f"2027年2月7日（周日）　工作日（春节调休上班）　省厅录入：{DOCUMENT}",
        "2027年1月4日（周一）　工作日　按法定节假日推算（暂定）",
    ]
    held = {one.day: one for one in views.year_view(entered.app, 2027).days}
    kinds = [held[date(2027, 1, day)].kind for day in (1, 2, 3, 4)] + [held[date(2027, 2, 7)].kind]
    assert kinds == ["holiday", "holiday", "holiday", "workday", "makeup"]
    year = views.year_view(entered.app, 2026)
    assert (year.working, year.makeup, year.entered) == (247, 7, 3)
    assert (views.year_view(entered.app, 2027).provisional, views.year_view(entered.app, 2027).entered) == (361, 4)


def test_what_is_still_open(opened: Office) -> None:
    assert views.gap(opened.app) == "2027年安排尚未公布，涉及日期按暂定计算；公布后请管理员录入。"
    opened.on(date(2027, 5, 20))
    assert views.gap(opened.app) == "2027年、2028年安排尚未公布，涉及日期按暂定计算；公布后请管理员录入。"
    opened.on(date(2025, 5, 20))
    assert views.gap(opened.app) == "2025年和2026年的安排均已确定。"


def test_a_whole_year_entered_is_known(opened: Office) -> None:
    rows = read_lines("2027-01-01 休 元旦\n2027-10-01 至 2027-10-07 休 国庆节\n2027-10-09 班", DOCUMENT)
    done = service.set_overrides(opened.app, opened.admin, rows, "按通知", whole_year=2027)
    year = views.year_view(opened.app, 2027)
    assert (done.entered, done.settled, year.provisional, year.entered, year.source) == (9, 356, 0, 9, DOCUMENT)
    assert texts(opened, "2027-01-04", "2027-01-09") == [
        f"2027年1月4日（周一）　工作日　省厅录入：{DOCUMENT}",
        f"2027年1月9日（周六）　休息　省厅录入：{DOCUMENT}",
    ]
    assert views.gap(opened.app) == "2026年和2027年的安排均已确定。"
    frame = views.overrides_frame(opened.app)
    assert (len(frame), int(frame["ordinary"].sum()), set(frame["year"])) == (365, 356, {2027})


def test_a_holiday_made_a_working_day_is_never_ordinary(opened: Office) -> None:
    service.set_overrides(opened.app, opened.admin, read_lines("2026-10-08 休\n2026-10-07 班", DOCUMENT), "按通知")
    assert views.overrides_frame(opened.app)["ordinary"].tolist() == [False, False]
    held = {one.day.day: one for one in views.year_view(opened.app, 2026).days if one.day.month == 10}
    assert [(held[day].kind, held[day].ordinary) for day in (7, 8, 9)] == [
        ("workday", False),
        ("holiday", False),
        ("workday", True),
    ]


def test_years_offered(opened: Office) -> None:
    assert views.calendar_years(opened.app) == range(2004, 2029)
    opened.on(date(2030, 1, 1))
    assert views.calendar_years(opened.app) == range(2004, 2033)


def test_both_ways_of_counting(entered: Office) -> None:
    found = views.both_ends(entered.app, date(2026, 12, 17), 5)
    assert (found.without_start.end, found.without_start.provisional) == (date(2026, 12, 25), False)
    assert (found.with_start.end, found.with_start.provisional) == (date(2026, 12, 24), False)
    later = views.both_ends(entered.app, date(2026, 12, 31), 2)
    assert (later.without_start.end, later.without_start.provisional) == (date(2027, 1, 5), True)
    assert (later.with_start.end, later.with_start.provisional) == (date(2027, 1, 4), True)
    with pytest.raises(Refused) as caught:
        views.both_ends(entered.app, date(2026, 12, 31), 0)
    assert str(caught.value) == "工作日的天数至少是 1。"


def test_overrides_standing_first_then_those_ended_with_who_and_why(entered: Office) -> None:
    frame = views.overrides_frame(entered.app)
    number = int(frame.loc[frame["日期"] == "2026年12月18日（周五）", "id"].iloc[0])
    at = entered.last().at
    service.end_override(entered.app, entered.admin, number, 1, "文件作废")
    ended = entered.last().at
    frame = views.overrides_frame(entered.app)
    assert list(frame.columns[:6]) == ["日期", "录为", "说明", "文号或文件", "录入", "状态"]
    assert frame["日期"].tolist() == [
        "2026年12月20日（周日）",
        "2026年12月21日（周一）",
        "2027年1月1日（周五）",
        "2027年1月2日（周六）",
        "2027年1月3日（周日）",
        "2027年2月7日（周日）",
        "2026年12月18日（周五）",
    ]
    assert frame.iloc[0].tolist()[:6] == [
        "2026年12月20日（周日）",
        "上班",
        "",
        DOCUMENT,
        f"张主任 {at:%Y-%m-%d %H:%M}",
        "有效",
    ]
    assert frame.iloc[-1].tolist()[:6] == [
        "2026年12月18日（周五）",
        "休息",
        "虚构市庆",
        DOCUMENT,
        f"张主任 {at:%Y-%m-%d %H:%M}",
        f"已终止：张主任 {ended:%Y-%m-%d %H:%M}，文件作废",
    ]
    assert frame["standing"].tolist() == [True] * 6 + [False]
    assert views.overrides_frame(entered.app)["ordinary"].any() == False  # noqa: E712 - numpy's own
