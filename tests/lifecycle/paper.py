"""A case kept by the rules of core/lifecycle/entries alone, without a store: entering, voiding, correcting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from core.lifecycle.entries import OPENED, VOIDED, Entry, fold, free_place, reached, standing
from core.lifecycle.replay import Problem, State, Stopped
from tests.lifecycle.documents import life

EVENING = time(18)


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as an entry keeps them: dates as text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in facts.items()}


@dataclass
class Paper:
    """The entries of a case. What cannot be done gives the problem, and nothing is entered."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def counted(self) -> list[Entry]:
        """What counts, in order."""
        return standing(self.entries)

    @property
    def state(self) -> State:
        """Where the case stands."""
        return reached(life(), self.counted)

    def known(self, on: date) -> State:
        """Where it stood on a day, by what had been entered by its end."""
        return reached(life(), standing(self.entries, datetime.combine(on, time.max)), on)

    def take_over(self, status: str, since: date, start: date) -> None:
        """Begins with a state from before the program."""
        data = {"status": status, "since": since.isoformat(), "start": start.isoformat()}
        day = max(since, start)
        self.entries.append(Entry(1, OPENED, day, 1, datetime.combine(day, EVENING), None, data))

    def enter(
        self, type_: str, day: date, facts: Mapping[str, Any], at: date | None = None, place: int | None = None
    ) -> Problem | None:
        """Enters an event, on the day `at`."""
        number = len(self.entries) + 1
        place = place or free_place(self.entries, type_, day) or number
        entry = Entry(number, type_, day, place, datetime.combine(at or day, EVENING), None, plain(facts))
        counted = standing([*self.entries, entry])
        before = fold(life(), counted[: counted.index(entry)])
        row = None if isinstance(before, Stopped) else life().transition(before, entry)
        if row is not None and row.settled and isinstance(before, State) and before.due is not None:
            entry = entry._replace(data={**entry.data, "ended": before.due.day.isoformat()})
        return self._add(entry)

    def void(self, number: int, at: date) -> Problem | None:
        """Takes entry `number`, which counts, back."""
        return self._add(self._voiding(number, at))

    def correct(self, number: int, day: date, facts: Mapping[str, Any], at: date) -> Problem | None:
        """Enters something anew in the place of entry `number`, which is voided."""
        meant, gone = self.entries[number - 1], self._voiding(number, at)
        self.entries.append(gone)
        carried = {key: value for key, value in meant.data.items() if key != "ended"}
        problem = self.enter(meant.type, day, {**carried, **facts}, at, meant.place)
        if problem is not None:
            self.entries.pop()
        return problem

    def _voiding(self, number: int, at: date) -> Entry:
        [meant] = [one for one in self.counted if one.number == number]
        place = (meant.day, meant.place, datetime.combine(at, EVENING), number)
        return Entry(len(self.entries) + 1, VOIDED, *place)

    def _add(self, entry: Entry) -> Problem | None:
        state = fold(life(), standing([*self.entries, entry]))
        if isinstance(state, Stopped):
            return state.problem
        self.entries.append(entry)
        return None
