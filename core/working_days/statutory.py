"""What is known of holidays besides the yearly calendar: those on fixed days of the year, and checked notices."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from core.errors import StandardRefused
from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("statutory.toml")
LEAP: Final = "2000-"


@dataclass(frozen=True, slots=True)
class FixedHoliday:
    """A holiday that falls on the same day of every year, and the law it comes from."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The State Council's notice for a year, where somebody has held it against the calendar."""

    document: str
    published: date


@dataclass(frozen=True, slots=True)
class Statutory:
    """`fixed` by (month, day), `arrangements` by year."""

    fixed: dict[tuple[int, int], FixedHoliday]
    arrangements: dict[int, Arrangement]


@cache
def statutory() -> Statutory:
    """What the data file beside this one says, read once."""
    return read(FILE.read_bytes())


def read(content: bytes) -> Statutory:
    """The same from the bytes of a file; `StandardRefused` names file, key and reason."""
    try:
        top = Table(tomllib.loads(content.decode(), parse_float=Decimal), FILE.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardRefused(f"标准文件 {FILE.name}：不是正确的 TOML（{error}）。") from error
    fixed: dict[tuple[int, int], FixedHoliday] = {}
    for table in top.tables("holiday"):
        holiday = FixedHoliday(table.text("name"), table.text("source"))
        for text in table.texts("days"):
            day = _day(text)
            if day is None:
                table.refuse("days", f"“{text}”不是一个日子，请写成“05-01”的样子")
            if (day.month, day.day) in fixed:
                table.refuse("days", f"“{text}”写了两次")
            fixed[day.month, day.day] = holiday
        table.done()
    arrangements: dict[int, Arrangement] = {}
    for table in top.tables("arrangement"):
        year = table.whole("year")
        if year in arrangements:
            table.refuse("year", f"{year}年写了两次")
        arrangements[year] = Arrangement(table.text("document"), table.day("published"))
        table.done()
    top.done()
    return Statutory(fixed, arrangements)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(LEAP + text) if len(text) == len("05-01") else None
    except ValueError:
        return None
