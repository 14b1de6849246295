"""How long the periods of a case last: the edition's figures on the calendar (contract §5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from core.errors import StandardRefused
from core.standards.edition import Period
from core.working_days.calendar import Calendar, Due
from core.working_days.periods import MONTHS, add_months

WORKING_DAYS: Final = "工作日"
_MONTHS: Final = {"年": MONTHS, "月": 1}


class Terms:
    """The last days of periods. Never changes."""

    def __init__(self, periods: Mapping[str, Period], calendar: Calendar) -> None:
        self._periods, self._calendar = periods, calendar
        # Most periods have had one value only: it is looked up once, for replays ask a million times.
        self._fixed = {
            code: int(one.values.dated[0].value) for code, one in periods.items() if len(one.values.dated) == 1
        }
        self._months: dict[tuple[str, ...], int] = {}  # of periods that come to the same whenever they begin
        self._counted: dict[tuple[tuple[str, ...], date], Due] = {}  # their last days: whole lists begin on one day

    def last_day(
        self,
        codes: tuple[str, ...],
        start: date,
        now: date,
        days: int | None = None,
        count_start: bool = False,
    ) -> Due:
        """The last day of some periods one after the other from `start`.

        Months and years are added up and counted once from `start`, never step by step. The first period is as
        long as the edition says for `start`, a later one (an extension) as it says for `now`, the day of the
        event that granted it. `days` replaces the edition's figure where the period is in working days.
        """
        known = self._counted.get((codes, start))
        if known is not None:
            return known
        months = self._months.get(codes, 0)
        if months:
            due = self._counted[codes, start] = Due(add_months(start, months), False)
            return due
        for position, code in enumerate(codes):
            period = self._period(code)
            value = self._fixed.get(code) or period.values.whole(now if position else start)
            if period.unit == WORKING_DAYS:
                if len(codes) > 1:
                    raise StandardRefused(f"标准里“{period.name}”以工作日计，不能与别的期限相加。")
                return self._calendar.last_day(start, days or value, count_start)
            months += value * _MONTHS[period.unit]
        if all(code in self._fixed for code in codes):
            self._months[codes] = months
        return Due(add_months(start, months), False)

    def _period(self, code: str) -> Period:
        try:
            return self._periods[code]
        except KeyError:
            raise StandardRefused(f"标准里没有“{code}”这段期限（edition.toml 的 period）。") from None

    def in_working_days(self, codes: Sequence[str]) -> bool:
        """Whether periods rest on the calendar of working days."""
        return any(self._period(code).unit == WORKING_DAYS for code in codes)
