"""The plan of the fictional rounds as TOML files give it: words, ranges, cases made on purpose, and the past."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

Ref = tuple[str, str]
FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Case:
    """One applicant made on purpose: where, what is changed in it, and what is done to its rows."""

    city: str
    kind: str
    type: str
    set: dict[Ref, Any] = field(default_factory=dict)
    baseline: dict[Ref, Any] = field(default_factory=dict)
    no_baseline: bool = False
    correct: bool = False
    rows: bool = False
    drop: str = ""
    repeat: str = ""
    also_by: str = ""


@dataclass(frozen=True, slots=True)
class BookCase:
    """What is wrong with a city's workbook as a whole; pairs are (sheet, column) or (sheet, 编号)."""

    drop_sheet: str
    drop_column: Ref | None
    add_column: Ref | None
    add_sheet: str
    stray: Ref | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything of the rounds that is data."""

    main: dict[str, Any]
    figures: dict[str, Any]
    cases: tuple[Case, ...]
    books: dict[str, BookCase]
    past: dict[str, Any]
    story: tuple[dict[str, Any], ...]
    scoring: dict[str, Any]

    @property
    def year(self) -> int:
        """The year of the round that is under way."""
        return int(self.main["year"])

    @property
    def earlier_year(self) -> int:
        """The year of the round with the figures at creation."""
        return int(self.main["earlier_year"])

    @property
    def last(self) -> Plan:
        """The plan of last year's round: applicants without problems, otherwise as this one."""
        return replace(self, main=self.main | self.past["plan"], cases=(), books={})

    def day(self, name: str, today: date) -> date:
        """A day of the round's story, counted from the day on which the demo is made."""
        return today + timedelta(days=int(self.main["days"][name]))

    def first_day(self, today: date) -> date:
        """The day that the story begins on, however long ago its dated parts are."""
        earlier: date = self.main["earlier_day"]
        return min(earlier, today + timedelta(days=int(self.story[0]["day"])))

    def place(self, name: str) -> Any:
        """Who plays which part in the folder."""
        return self.main["folder"][name]


@cache
def load_plan() -> Plan:
    """The plan, read once."""
    cases = _toml("cases.toml")
    return Plan(
        main=_toml("round.toml"),
        figures=_toml("figures.toml"),
        cases=tuple(_case(row) for row in cases["case"]),
        books={row["city"]: _book(row) for row in cases["book"]},
        past=_toml("past.toml"),
        story=tuple(_toml("story.toml")["step"]),
        scoring=_toml("scoring.toml"),
    )


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text("utf-8"))


def _case(row: dict[str, Any]) -> Case:
    city, kind, type_ = row["at"]
    return Case(
        city=city,
        kind=kind,
        type=type_,
        set=_refs(row.get("set", {})),
        baseline=_refs(row.get("baseline", {})),
        no_baseline=row.get("no_baseline", False),
        correct=row.get("correct", False),
        rows=row.get("rows", False),
        drop=row.get("drop", ""),
        repeat=row.get("repeat", ""),
        also_by=row.get("also_by", ""),
    )


def _book(row: dict[str, Any]) -> BookCase:
    return BookCase(
        drop_sheet=row.get("drop_sheet", ""),
        drop_column=_pair(row.get("drop_column")),
        add_column=_pair(row.get("add_column")),
        add_sheet=row.get("add_sheet", ""),
        stray=_pair(row.get("stray")),
    )


def _pair(value: list[str] | None) -> Ref | None:
    return None if value is None else (value[0], value[1])


def _refs(values: dict[str, Any]) -> dict[Ref, Any]:
    return {(sheet, column): value for name, value in values.items() for sheet, _, column in [name.partition("/")]}
