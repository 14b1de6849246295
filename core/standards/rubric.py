"""How a 创建方案 is looked at (附件3), and the reasons for which an application is listed or not, as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.standards.rules import Kind
from core.standards.threshold import Threshold

Outcome = Literal["selected", "not_selected"]
OUTCOMES: tuple[Outcome, ...] = ("selected", "not_selected")
Checks = Literal["pass", "fail", "any"]
CHECKS: tuple[Checks, ...] = ("pass", "fail", "any")
Line = Literal["", "reached", "below"]
LINES: tuple[Line, ...] = ("", "reached", "below")


@dataclass(frozen=True, slots=True)
class Point:
    """One thing to look at, in our own words; asked of `kinds` only."""

    text: str
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Demand:
    """What can be counted in a plan: 典型或特色经验做法 不少于 … 条."""

    name: str
    threshold: Threshold

    def met(self, count: int, day: date) -> bool:
        """Whether so many are enough on a day."""
        return self.threshold.meets(count, day)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of 附件3. `looks` says what it is about. It has no weight: that is the round's to decide."""

    code: str
    name: str
    clause: str
    looks: str
    points: tuple[Point, ...]
    demand: Demand | None

    def points_for(self, kind: Kind) -> tuple[str, ...]:
        """What to look at in a plan of a kind, in the order of the file."""
        return tuple(one.text for one in self.points if kind in one.kinds)


@dataclass(frozen=True, slots=True)
class Merit:
    """A ground for support among equals that people find by `evidence`; it changes no score and no order."""

    code: str
    name: str
    clause: str
    kinds: tuple[Kind, ...]
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an application is listed, or is not. `words`: the person also says what it was in this case.

    `checks`: of what verdict it can be said. `line`: it says that the pass line was reached, or was not. `ground`:
    the preference or merit that it names, which only counts among equals.
    """

    code: str
    of: Outcome
    clause: str
    text: str
    words: bool
    checks: Checks = "pass"
    line: Line = ""
    ground: str = ""

    def fits(self, *, met: bool) -> bool:
        """Whether it can be said of an application whose checks are settled, with this end."""
        return self.checks == "any" or (self.checks == "pass") == met

    def written(self, words: str) -> str:
        """The reason in full, as it is answered to the applicant."""
        return f"{self.text}具体情况：{words}" if words else self.text


@dataclass(frozen=True, slots=True)
class Rubric:
    """All of it, in the order of the file."""

    indicators: tuple[Indicator, ...]
    merits: tuple[Merit, ...]
    reasons: tuple[Reason, ...]

    @property
    def names(self) -> dict[str, str]:
        """The indicators' names by code."""
        return {one.code: one.name for one in self.indicators}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of what carries rules out: indicators and merits."""
        return (*(one.code for one in self.indicators), *(one.code for one in self.merits))

    def indicator(self, code: str) -> Indicator:
        """An indicator by its code; KeyError where there is none."""
        for one in self.indicators:
            if one.code == code:
                return one
        raise KeyError(code)

    def merits_for(self, kind: Kind) -> tuple[Merit, ...]:
        """The grounds for support that a kind can have."""
        return tuple(one for one in self.merits if kind in one.kinds)

    def reason(self, code: str) -> Reason | None:
        """A reason by its code; None where there is none."""
        return next((one for one in self.reasons if one.code == code), None)

    def reasons_for(self, outcome: Outcome) -> tuple[Reason, ...]:
        """The reasons that an outcome can have."""
        return tuple(one for one in self.reasons if one.of == outcome)
