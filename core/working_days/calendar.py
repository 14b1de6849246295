"""The working days of the State Council's yearly arrangement, with official overrides on top (contract §4).

A day of a year whose arrangement is not known is counted Monday to Friday less the holidays of fixed date, and
is provisional: so is whatever rests on it. An override wins over everything and makes its own day certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from chinese_calendar import constants as official

from core.errors import Refused
from core.working_days.periods import beyond
from core.working_days.statutory import statutory

KNOWN_YEARS: Final = range(min(official.holidays).year, max(official.holidays).year + 1)
SATURDAY: Final = 5
ONE_DAY: Final = timedelta(days=1)

DayKind = Literal["workday", "makeup", "weekend", "holiday"]


@dataclass(frozen=True, slots=True)
class Override:
    """A day that an official document makes a rest day or a working day, whatever the calendar says."""

    day: date
    kind: Literal["rest", "work"]
    document: str


class Working(NamedTuple):
    """Whether a day is a working day, and whether that may still change. Its truth is that of `working`."""

    working: bool
    provisional: bool

    def __bool__(self) -> bool:
        return self.working


@dataclass(frozen=True, slots=True)
class Counted:
    """Working days counted. `provisional` where any day looked at is."""

    start: date
    end: date
    provisional: bool
    working_days: tuple[date, ...]


class Due(NamedTuple):
    """A last day, and whether it rests on days that may still change."""

    day: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day for a calendar view: what it is, what it is called, and who says so."""

    day: date
    working: bool
    provisional: bool
    kind: DayKind
    name: str
    source: str


class Calendar:
    """Working days under a set of overrides. Never changes; where a date has several overrides the last one holds."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self._overrides: Mapping[date, Override] = {one.day: one for one in overrides}
        self._fixed = statutory().fixed
        self._ends: dict[tuple[date, int, bool], Due] = {}

    def is_working_day(self, day: date) -> Working:
        """Whether a day is a working day, and whether that is provisional."""
        override = self._overrides.get(day)
        if override is not None:
            return Working(override.kind == "work", False)
        if day.year in KNOWN_YEARS:
            return Working(
                day in official.workdays or (day.weekday() < SATURDAY and day not in official.holidays), False
            )
        return Working(day.weekday() < SATURDAY and (day.month, day.day) not in self._fixed, True)

    def end_of_period(self, start: date, days: int, count_start: bool = False) -> Counted:
        """The last day of a period of `days` (at least 1) working days.

        `start` itself is counted (where it is a working day) only with `count_start`: 民法典 第二百零一条.
        Refused where the period leaves the calendar.
        """
        if days < 1:
            raise Refused("工作日的天数至少是 1。")
        if days > (date.max - start).days + 1:
            raise beyond()
        found: list[date] = []
        provisional = False
        day = start
        if not count_start:
            day = _next(day)
        while True:
            working, unsure = self.is_working_day(day)
            provisional |= unsure
            if working:
                found.append(day)
                if len(found) == days:
                    return Counted(start, day, provisional, tuple(found))
            day = _next(day)

    def last_day(self, start: date, days: int, count_start: bool = False) -> Due:
        """`end_of_period` without the days counted; remembered, for many cases share one notice."""
        key = (start, days, count_start)
        due = self._ends.get(key)
        if due is None:
            counted = self.end_of_period(start, days, count_start)
            due = self._ends[key] = Due(counted.end, counted.provisional)
        return due

    def count(self, first: date, last: date) -> Counted:
        """The working days from `first` to `last`, both included. Refused where `first` is the later."""
        if first > last:
            raise Refused(f"开始日期 {first} 晚于结束日期 {last}。")
        found: list[date] = []
        provisional = False
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            working, unsure = self.is_working_day(day)
            provisional |= unsure
            if working:
                found.append(day)
        return Counted(first, last, provisional, tuple(found))

    def year_days(self, year: int) -> tuple[CalendarDay, ...]:
        """Every day of a year for a calendar view. `year` is one that `date` knows (1-9999)."""
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return tuple(self._shown(date.fromordinal(ordinal)) for ordinal in range(first, last + 1))

    def _shown(self, day: date) -> CalendarDay:
        working, provisional = self.is_working_day(day)
        override = self._overrides.get(day)
        weekend = day.weekday() >= SATURDAY
        if override is not None:
            kind: DayKind = ("makeup" if weekend else "workday") if working else ("weekend" if weekend else "holiday")
            return CalendarDay(
                day, working, provisional, kind, "调整上班" if working else "调整休息", override.document
            )
        if provisional:
            fixed = self._fixed.get((day.month, day.day))
            if fixed is not None:
                return CalendarDay(day, working, provisional, "holiday", fixed.name, fixed.source)
            return CalendarDay(day, working, provisional, "weekend" if weekend else "workday", "", unknown(day.year))
        if day in official.workdays:
            return CalendarDay(
                day, working, False, "makeup", f"{_named(official.workdays[day])}调休上班", arranged(day.year)
            )
        if day in official.holidays:
            return CalendarDay(day, working, False, "holiday", _named(official.holidays[day]), arranged(day.year))
        return CalendarDay(day, working, False, "weekend" if weekend else "workday", "", arranged(day.year))


def arranged(year: int) -> str:
    """Where the arrangement of a known year comes from."""
    notice = statutory().arrangements.get(year)
    if notice is None:
        return f"国务院办公厅{year}年放假安排"
    published = notice.published
    return f"{notice.document}（{published.year}年{published.month}月{published.day}日）"


def unknown(year: int) -> str:
    """What is said of a year whose arrangement is not known."""
    return f"{year}年的放假安排程序中还没有，先按周一至周五计，暂定"


def _named(english: str) -> str:
    return str(official.Holiday(english).chinese)


def _next(day: date) -> date:
    if day == date.max:
        raise beyond()
    return day + ONE_DAY
