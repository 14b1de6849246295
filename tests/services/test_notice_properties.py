"""Any sequence of acts under a notice, the clock going on: nobody is confirmed early or over an open objection.

A plain second writing beside the services says what should happen; both must agree, in what they refuse as well.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from chinese_calendar import is_workday
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.services import cases, objections
from core.store import tables
from tests.notices import NAMES, confirm, events, object_to, problems, proposed, publish, resolve, status
from tests.office import Office, Worlds

FIRST = date(2026, 9, 21)  # before the Mid-Autumn Festival, with a worked Sunday behind it and the National Day ahead
PERIOD = 5
ONE = timedelta(days=1)
homes = count()


@dataclass
class Letter:
    """An objection as plainly as can be."""

    id: int
    case: int
    late: bool
    on_paper: bool
    received: date
    found: Literal["", "upheld", "unfounded", "voided"] = ""


@dataclass
class Plain:
    """What should be so: by hand, from the contract alone."""

    last: date
    status: dict[int, str]
    since: dict[int, date]
    letters: list[Letter] = field(default_factory=list)

    def blocked(self, case: int) -> bool:
        mine = [one for one in self.letters if one.case == case]
        return any(one.found == "" and not one.late and not one.on_paper for one in mine)

    def can_be(self, case: int, day: date) -> bool:
        under = self.status[case] == "creation_notice" and not self.blocked(case)
        return under and day > self.last and day >= self.since[case]


def last_day(first: date) -> date:
    day, left = first, PERIOD
    while left:
        day += ONE
        left -= is_workday(day)
    return day


ACTS = ("wait", "wait", "file", "file", "resolve", "resolve", "confirm", "confirm", "take back", "void")
steps = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 99), st.integers(0, 12), st.booleans()), min_size=15, max_size=30
)


class Play:
    """Acts one after the other on a real store, each held against the plain writing."""

    def __init__(self, office: Office, seen: Counter[str]) -> None:
        self.office, self.seen = office, seen
        self.cases = proposed(office, NAMES[:2])
        self.notice = publish(office, day=FIRST)
        self.day = FIRST
        self.plain = Plain(
            last_day(FIRST), dict.fromkeys(self.cases, "creation_notice"), dict.fromkeys(self.cases, FIRST)
        )

    def act(self, kind: str, pick: int, days: int, yes: bool) -> None:
        """One act, and then everything must be as the plain writing has it."""
        match kind:
            case "wait":
                self.day += timedelta(days if yes else days // 3)
                self.office.on(self.day)
            case "file":
                self.file(self.cases[pick % len(self.cases)], days, yes)
            case "resolve":
                self.resolve(pick, days, yes and pick % 2 == 0)
            case "confirm":
                self.confirm(self.day - timedelta(days if yes else 0))
            case "void":
                self.void(pick)
            case "take back":
                self.take_back(self.cases[pick % len(self.cases)])
        assert {each: status(self.office, each) for each in self.cases} == self.plain.status

    def file(self, case: int, back: int, posted: bool) -> None:
        """A letter that came today or some days ago, posted before."""
        received = max(FIRST, self.day - timedelta(back // 3))
        postmarked = received - timedelta(back // 2) if posted else None
        [made] = object_to(self.office, self.notice, case, received=received, postmarked=postmarked)
        under = self.plain.status[case] == "creation_notice"
        late = (postmarked or received) > self.plain.last
        self.plain.letters.append(Letter(made, case, late, not under, received))
        self.seen["late" if late else "on paper" if not under else "in time"] += 1
        if under:
            self.happened(case, received)

    def resolve(self, pick: int, back: int, upheld: bool) -> None:
        """A finding on one that is open, today or some days ago."""
        waits = [one for one in self.plain.letters if one.found == ""]
        if not waits:
            return
        letter = waits[pick % len(waits)]
        day = max(letter.received, self.day - timedelta(back // 4))
        under = self.plain.status[letter.case] == "creation_notice" and not letter.on_paper
        if under and upheld and day < self.plain.since[letter.case]:
            day = self.day  # another thing has happened since: it would have come too late
        resolve(self.office, letter.id, day, upheld=upheld)
        letter.found = "upheld" if upheld else "unfounded"
        self.seen[letter.found] += 1
        if under:
            self.happened(letter.case, day)
            if upheld:
                self.plain.status[letter.case] = "objection_upheld"

    def confirm(self, day: date) -> None:
        """All of the notice, by a document of today or of some days ago."""
        expected = tuple(each for each in self.cases if self.plain.can_be(each, day))
        if not expected:
            with pytest.raises(Refused):
                confirm(self.office, self.notice, self.day, day=day)
            self.seen["refused"] += 1
            return
        assert confirm(self.office, self.notice, self.day, day=day).confirmed == expected
        self.seen["confirmed"] += len(expected)
        for case in expected:
            self.plain.status[case] = "creating"
            self.happened(case, day)

    def void(self, pick: int) -> None:
        """The registration of an open one."""
        waits = [one for one in self.plain.letters if one.found == ""]
        if not waits:
            return
        letter = waits[pick % len(waits)]
        version = self.office.row(tables.objections, id=letter.id).version
        objections.void(self.office.app, self.office.staff, letter.id, version, "登记错了")
        letter.found = "voided"
        self.recount(letter.case)

    def take_back(self, case: int) -> None:
        """The confirmation of a case; what came meanwhile on paper is then looked into."""
        if self.plain.status[case] != "creating":
            return
        number = max(number for number, kind, _, _ in self.history(case) if kind == "creation_confirmed")
        version = self.office.row(tables.cases, id=case).version
        cases.void(self.office.app, self.office.staff, case, version, number, "办错了")
        self.seen["taken back"] += 1
        self.plain.status[case] = "creation_notice"
        for letter in (one for one in self.plain.letters if one.case == case and one.found != "voided"):
            held = self.office.row(tables.objections, id=letter.id)
            if self.plain.status[case] != "creation_notice":
                continue
            assert held.filed_number is not None
            letter.on_paper = False
            if held.finding == "":
                letter.found = ""
            if letter.found == "upheld":
                self.plain.status[case] = "objection_upheld"
        self.recount(case)

    def history(self, case: int) -> list[tuple[int, str, date, int | None]]:
        """Every entry of a case that counts."""
        told = events(self.office, case)
        voided = {each[3] for each in told}
        return [each for each in told if each[3] is None and each[0] not in voided]

    def happened(self, case: int, day: date) -> None:
        """Nothing can be entered before what has happened and ended the notice."""
        self.plain.since[case] = max(self.plain.since[case], day)

    def recount(self, case: int) -> None:
        self.plain.since[case] = max(day for _, _, day, _ in self.history(case))


# the same examples each time: the test below asks that they get far enough
@settings(max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps)
def run(worlds: Worlds, folder: Path, seen: Counter[str], made: list[tuple[Any, ...]]) -> None:
    office = worlds.office("sqlite", "opened", folder / str(next(homes)))
    try:
        play = Play(office, seen)
        for step in made:
            play.act(*step)
        assert problems(office) == []
    finally:
        office.app.close()


def test_nobody_is_confirmed_early_or_over_an_open_objection(worlds: Worlds, tmp_path: Path) -> None:
    seen: Counter[str] = Counter()
    run(worlds, tmp_path, seen)
    assert {"late", "in time", "on paper", "upheld", "unfounded", "refused", "confirmed", "taken back"} <= set(seen)
