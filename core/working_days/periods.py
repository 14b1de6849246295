"""Months and years after a day, and how a day is read and written. Source: 民法典 第二百零二条; contract §1, §4."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, date
from typing import Final

from core.errors import Refused

MONTHS: Final = 12
SHORTEST: Final = 28
_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WEEKDAYS: Final = "一二三四五六日"


def add_months(day: date, months: int) -> date:
    """The same day of the month, `months` later, or that month's last day where there is none.

    Count from the first day of the whole period, never step by step: 31 January + 1 month + 1 month is not
    31 January + 2 months. Refused beyond the year 9999.
    """
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    if not 1 <= year <= MAXYEAR:
        raise beyond()
    month += 1
    if day.day <= SHORTEST:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """The same day of the year, `years` later; 28 February where 29 February has none."""
    return add_months(day, years * MONTHS)


def beyond() -> Refused:
    """What is raised where a date leaves the calendar."""
    return Refused(f"算出的日期超出了{MAXYEAR}年，无法计算。")


def read_day(text: str) -> date | None:
    """A date written as 2026-06-30 and in no other way; None where it is none, or does not exist."""
    if not _ISO.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def long_day(day: date) -> str:
    """`2026年9月28日（周一）`."""
    return f"{day.year}年{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）"
