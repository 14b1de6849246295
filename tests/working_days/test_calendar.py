"""The calendar: held to a second library day by day, to totals, to worked cases; overrides and the unknown."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.working_days.calendar import KNOWN_YEARS, Calendar, CalendarDay, Counted, Due, Override, Working

CASES = Path(__file__).parent.parent / "cases" / "working_days"
PERIODS: list[dict[str, Any]] = tomllib.loads((CASES / "periods.toml").read_text("utf-8"))["period"]
YEARS: list[dict[str, int]] = tomllib.loads((CASES / "years.toml").read_text("utf-8"))["year"]
UNKNOWN = KNOWN_YEARS.stop
"""The first year whose arrangement is not known; moves on when the library learns one more."""


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


def next_monday(day: date) -> date:
    return day + timedelta((7 - day.weekday()) % 7)


@pytest.mark.parametrize("year", range(2018, 2027))
def test_every_day_is_as_the_other_library_has_it(year: int) -> None:
    other = holidays.country_holidays("CN", years=year)
    calendar = Calendar()
    for day in days_of(year):
        assert (day, calendar.is_working_day(day)) == (day, Working(other.is_working_day(day), False))


@pytest.mark.parametrize("row", YEARS, ids=lambda row: str(row["year"]))
def test_totals_of_a_year(row: dict[str, int]) -> None:
    days = Calendar().year_days(row["year"])
    assert [one.day for one in days] == days_of(row["year"])
    assert {
        "year": row["year"],
        "working": sum(one.working for one in days),
        "rest_weekdays": sum(one.day.weekday() < 5 and not one.working for one in days),
        "makeup": sum(one.kind == "makeup" for one in days),
    } == row
    assert all(one.day.weekday() >= 5 for one in days if one.kind == "makeup")


@pytest.mark.parametrize("row", PERIODS, ids=lambda row: row["name"])
def test_periods_of_working_days(row: dict[str, Any]) -> None:
    calendar, start, days = Calendar(), row["start"], row["days"]
    plain, day = 0, start
    while plain < days:
        day += timedelta(1)
        plain += day.weekday() < 5
    for count_start, key in ((True, "first"), (False, "after")):
        counted = calendar.end_of_period(start, days, count_start)
        assert (counted.start, counted.end, counted.provisional) == (start, row[key], False)
        assert len(counted.working_days) == days
        assert counted.working_days[-1] == row[key]
        assert calendar.last_day(start, days, count_start) == Due(row[key], False)
    assert day == row["monday_to_friday"]


def test_the_days_counted_are_listed() -> None:
    assert Calendar().end_of_period(date(2026, 9, 28), 5) == Counted(
        date(2026, 9, 28),
        date(2026, 10, 10),
        False,
        (date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)),
    )
    assert Calendar().count(date(2026, 9, 30), date(2026, 10, 10)) == Counted(
        date(2026, 9, 30),
        date(2026, 10, 10),
        False,
        (date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)),
    )


def test_eighteen_in_a_hundred_of_this_years_periods_end_elsewhere_by_monday_to_friday() -> None:
    calendar, wrong, published = Calendar(), 0, 0
    for day in days_of(2026)[:350]:
        if not calendar.is_working_day(day):
            continue
        published += 1
        end, left = day, 5
        while left:
            end += timedelta(1)
            left -= end.weekday() < 5
        wrong += calendar.last_day(day, 5) != Due(end, False)
    assert (published, wrong) == (237, 43)


def test_a_year_without_arrangement_has_only_the_fixed_holidays_and_is_provisional() -> None:
    calendar = Calendar()
    fixed = {date(UNKNOWN, month, day) for month, day in ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))}
    for day in days_of(UNKNOWN):
        assert calendar.is_working_day(day) == Working(day.weekday() < 5 and day not in fixed, True)
    for day in (date(KNOWN_YEARS.start - 1, 5, 8), date(1, 1, 2), date.max):
        assert calendar.is_working_day(day) == Working(day.weekday() < 5, True)


def test_what_touches_an_unknown_day_is_provisional() -> None:
    calendar, last = Calendar(), date(UNKNOWN - 1, 12, 31)
    day = last - timedelta(9)
    assert not calendar.count(day, last).provisional
    known = len(calendar.count(day + timedelta(1), last).working_days)
    assert not calendar.end_of_period(day, known).provisional
    assert calendar.end_of_period(day, known + 1).provisional
    assert calendar.last_day(day, known + 1).provisional
    new_year = last + timedelta(1)
    assert calendar.count(last, new_year).provisional
    # A rest day that was passed over counts as touched, though no working day counted is provisional.
    assert calendar.count(new_year, new_year) == Counted(new_year, new_year, True, ())
    # The start is not looked at when it is not counted.
    before = date(KNOWN_YEARS.start - 1, 12, 31)
    assert not calendar.end_of_period(before, 1).provisional
    assert calendar.end_of_period(before, 1, count_start=True).provisional


def test_an_override_wins_and_makes_its_own_day_certain() -> None:
    monday, saturday = date(2026, 9, 28), date(2026, 9, 26)
    unknown_monday = next_monday(date(UNKNOWN, 3, 1))
    calendar = Calendar(
        [
            Override(monday, "rest", "虚构发〔2026〕1号"),
            Override(saturday, "work", "虚构发〔2026〕1号"),
            Override(unknown_monday, "rest", "虚构发〔2026〕2号"),
        ]
    )
    assert calendar.is_working_day(monday) == Working(False, False)
    assert calendar.is_working_day(saturday) == Working(True, False)
    assert calendar.is_working_day(unknown_monday) == Working(False, False)
    assert calendar.is_working_day(unknown_monday + timedelta(1)) == Working(True, True)
    assert calendar.last_day(date(2026, 9, 24), 3) == Due(date(2026, 9, 30), False)
    assert Calendar().last_day(date(2026, 9, 24), 3) == Due(date(2026, 9, 30), False)
    assert calendar.count(saturday, monday).working_days == (saturday,)
    assert Calendar().count(saturday, monday).working_days == (monday,)
    assert not calendar.count(unknown_monday, unknown_monday).provisional
    assert calendar.count(unknown_monday, unknown_monday + timedelta(1)).provisional


def test_the_last_of_several_overrides_of_a_day_holds() -> None:
    day = date(2026, 9, 28)
    rest, work = Override(day, "rest", "虚构发〔2026〕1号"), Override(day, "work", "虚构发〔2026〕3号")
    assert Calendar([rest, work]).is_working_day(day) == Working(True, False)
    assert Calendar([work, rest]).is_working_day(day) == Working(False, False)


def test_the_truth_of_the_answer_is_whether_people_work() -> None:
    assert not Calendar().is_working_day(date(2026, 10, 1))
    assert Calendar().is_working_day(date(2026, 10, 10))


def test_what_cannot_be_counted_is_refused() -> None:
    calendar = Calendar()
    for start, days, count_start, sentence in (
        (date(2026, 1, 1), 0, True, "工作日的天数至少是 1。"),
        (date(2026, 1, 1), -5, False, "工作日的天数至少是 1。"),
        (date(2026, 1, 1), 10**12, False, "算出的日期超出了9999年，无法计算。"),
        (date(9999, 12, 27), 10, False, "算出的日期超出了9999年，无法计算。"),
        (date(9999, 12, 30), 2, False, "算出的日期超出了9999年，无法计算。"),
        (date.max, 1, False, "算出的日期超出了9999年，无法计算。"),
        (date.max, 2, True, "算出的日期超出了9999年，无法计算。"),
    ):
        with pytest.raises(Refused) as refused:
            calendar.end_of_period(start, days, count_start)
        assert (start, days, str(refused.value)) == (start, days, sentence)
    with pytest.raises(Refused) as refused:
        calendar.count(date(2026, 1, 2), date(2026, 1, 1))
    assert str(refused.value) == "开始日期 2026-01-02 晚于结束日期 2026-01-01。"
    assert calendar.end_of_period(date.max, 1, count_start=True).end == date.max
    assert calendar.count(date.max, date.max).working_days == (date.max,)


def test_a_day_in_the_calendar_says_what_it_is_and_who_says_so() -> None:
    notice = "国务院办公厅关于2026年部分节假日安排的通知（2025年11月4日）"
    overrides = [
        Override(date(2026, 3, 2), "rest", "虚构发〔2026〕1号"),
        Override(date(2026, 3, 3), "work", "虚构发〔2026〕1号"),
        Override(date(2026, 3, 7), "work", "虚构发〔2026〕1号"),
        Override(date(2026, 3, 8), "rest", "虚构发〔2026〕1号"),
    ]
    days = {one.day: one for one in Calendar(overrides).year_days(2026)}
    for shown in (
        CalendarDay(date(2026, 2, 14), True, False, "makeup", "春节调休上班", notice),
        CalendarDay(date(2026, 2, 17), False, False, "holiday", "春节", notice),
        CalendarDay(date(2026, 3, 1), False, False, "weekend", "", notice),
        CalendarDay(date(2026, 3, 2), False, False, "holiday", "调整休息", "虚构发〔2026〕1号"),
        CalendarDay(date(2026, 3, 3), True, False, "workday", "调整上班", "虚构发〔2026〕1号"),
        CalendarDay(date(2026, 3, 4), True, False, "workday", "", notice),
        CalendarDay(date(2026, 3, 7), True, False, "makeup", "调整上班", "虚构发〔2026〕1号"),
        CalendarDay(date(2026, 3, 8), False, False, "weekend", "调整休息", "虚构发〔2026〕1号"),
    ):
        assert days[shown.day] == shown
    gap = f"{UNKNOWN}年的放假安排程序中还没有，先按周一至周五计，暂定"
    unknown = {one.day: one for one in Calendar().year_days(UNKNOWN)}
    may_day = date(UNKNOWN, 5, 1)
    assert unknown[may_day] == CalendarDay(may_day, False, True, "holiday", "劳动节", "全国年节及纪念日放假办法")
    monday = next_monday(date(UNKNOWN, 3, 1))
    assert unknown[monday] == CalendarDay(monday, True, True, "workday", "", gap)
    sunday = monday - timedelta(1)
    assert unknown[sunday] == CalendarDay(sunday, False, True, "weekend", "", gap)
    assert Calendar().year_days(2019)[0].source == "国务院办公厅2019年放假安排"
    for year in KNOWN_YEARS:
        assert all(one.name for one in Calendar().year_days(year) if one.kind in ("holiday", "makeup"))


@given(
    st.dates(date(2003, 12, 1), date(2030, 12, 31)),
    st.integers(1, 60),
    st.booleans(),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.sampled_from(["rest", "work"]), max_size=30),
)
def test_a_period_holds_as_many_working_days_as_asked(
    start: date, days: int, count_start: bool, overrides: dict[date, Any]
) -> None:
    calendar = Calendar(Override(day, kind, "虚构发〔2026〕1号") for day, kind in overrides.items())
    counted = calendar.end_of_period(start, days, count_start)
    first = start if count_start else start + timedelta(1)
    again = calendar.count(first, counted.end)
    assert len(counted.working_days) == days
    assert (counted.working_days, counted.provisional) == (again.working_days, again.provisional)
    assert calendar.is_working_day(counted.end).working
    assert calendar.last_day(start, days, count_start) == Due(counted.end, counted.provisional)
    assert calendar.last_day(start, days, count_start) == Due(counted.end, counted.provisional)
