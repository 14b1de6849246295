"""Columns, dated values and limits of an edition, and the one place where figures are compared."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple

from core.standards.figures import PERCENT, Exact

Comparison = Literal[">=", ">", "<="]


class Ref(NamedTuple):
    """A column of a sheet; equal to the pair (sheet, column)."""

    sheet: str
    column: str

    def __str__(self) -> str:
        return f"{self.sheet}/{self.column}"


@dataclass(frozen=True, slots=True)
class Dated:
    """A value that holds from a day on, with the document it comes from."""

    since: date
    value: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Values:
    """Dated values, oldest first. Before the first day the first value is used."""

    dated: tuple[Dated, ...]

    def at(self, day: date) -> Dated:
        """The value in force on a day."""
        if len(self.dated) == 1:
            return self.dated[0]
        return self.dated[max(bisect_right([one.since for one in self.dated], day) - 1, 0)]

    def whole(self, day: date) -> int:
        """The value in force on a day, as a whole number (the loader has seen that it is one)."""
        return int(self.at(day).value)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A dated limit and the measure's own word for it (`words`), which says whether the limit is included."""

    comparison: Comparison
    words: str
    unit: str
    values: Values

    def bound(self, day: date) -> Fraction:
        """The limit in force on a day, exact; of a percentage the share (30% -> 3/10)."""
        return _bound(self.values.at(day).value, self.unit)

    def meets(self, value: Exact, day: date) -> bool:
        """Whether an exact value is within the limit."""
        return compare(value, self.comparison, self.bound(day))

    def required(self, day: date) -> str:
        """`>= 40`, `> 20%`, `<= 8 分钟`: contract §3."""
        return f"{self.comparison} {self.amount(day)}"

    def amount(self, day: date) -> str:
        """`40`, `20%`, `8 分钟`."""
        return _amount(self.values.at(day).value, self.unit)

    def margin(self, value: Exact, day: date) -> Fraction | None:
        """(value - limit) / limit, turned round for an upper limit, so that below zero is always short of it."""
        bound = self.bound(day)
        if not bound:
            return None
        margin = Fraction(value) / bound - 1
        return -margin if self.comparison == "<=" else margin


@cache
def _amount(value: Decimal, unit: str) -> str:
    number = f"{value.normalize():f}"
    return number + unit if unit == "%" else f"{number} {unit}".rstrip()


@cache
def _bound(value: Decimal, unit: str) -> Fraction:
    return Fraction(value) / PERCENT if unit == "%" else Fraction(value)


def compare(value: Exact, comparison: Comparison, bound: Exact) -> bool:
    """Exact comparison; the only place where one is made."""
    if comparison == ">":
        return _exact(value) > _exact(bound)
    return _exact(value) >= _exact(bound) if comparison == ">=" else _exact(value) <= _exact(bound)


def _exact(value: Exact) -> int | Fraction:
    return Fraction(value) if isinstance(value, Decimal) else value
