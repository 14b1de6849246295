"""What the store holds of a case's life, entry by entry, and what stands of it: voided entries do not count.

Entries are never removed. One that was a mistake is voided by a later entry, and what is entered in its place
on the same day stands where it stood. Pure: reads no clock and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from core.lifecycle.replay import FRESH, Life, State, Stopped

OPENED: Final = "opened"
VOIDED: Final = "voided"
NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
# what a case is called changes by a decided change; and a list goes out with the names that its city corrected
_RENAMING: Final = ("change_decided", "notice_opened")
_CALLED: Final = frozenset(("name", "operator", "uscc"))


class Entry(NamedTuple):
    """One entry. `number` counts from 1 in the case; `place` orders entries of one day; `at` is when it was entered.

    `type` is an event of the transition table, `opened` (a state taken over from before the program; data:
    status, since, start), or `voided`, which takes entry number `voids` back. What the replay asks of an event
    is read from `data` when it is asked for, and most of it never is: a tuple, for a hundred thousand cases have
    a million of them.
    """

    number: int
    type: str
    day: date
    place: int
    at: datetime
    voids: int | None = None
    data: Mapping[str, Any] = NOTHING
    document: str = ""
    why: str = ""
    ledger_id: int = 0

    @property
    def id(self) -> str | None:
        """The number that people cite an objection by."""
        found: str | None = self.data.get("id")
        return found

    @property
    def postmarked(self) -> date | None:
        """The day of an objection's postmark."""
        return self._day("postmarked")

    @property
    def occurred(self) -> date | None:
        """The day on which a reported change happened."""
        return self._day("occurred")

    @property
    def ended(self) -> date | None:
        """The notice's last day as it was when the case was confirmed."""
        return self._day("ended")

    @property
    def days(self) -> int | None:
        """The working days of a notice; None for the edition's own."""
        found: int | None = self.data.get("days")
        return found

    @property
    def count_start(self) -> bool:
        """Whether a notice counts its first day."""
        return bool(self.data.get("count_start", False))

    @property
    def upheld(self) -> bool:
        """Whether an objection was found true."""
        return bool(self.data.get("upheld", False))

    @property
    def keep(self) -> bool:
        """Whether a changed case stays what it is."""
        return bool(self.data.get("keep", True))

    def _day(self, key: str) -> date | None:
        text = self.data.get(key)
        return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Identity:
    """What a case is called: once a list is out it changes only by a decided change (第十一条)."""

    name: str
    operator: str
    uscc: str


def standing(entries: Sequence[Entry], known_by: datetime | None = None) -> list[Entry]:
    """The entries that count, in the order in which things happened.

    `known_by`: only what had been entered by that moment, and what had been voided by then.
    """
    known = list(entries) if known_by is None else [one for one in entries if one.at <= known_by]
    voided = {one.voids for one in known if one.voids is not None}
    if voided:
        known = [one for one in known if one.voids is None and one.number not in voided]
    days = [one.day for one in known]
    if voided or days != sorted(days):
        known.sort(key=_order)
    return known


def _order(entry: Entry) -> tuple[bool, date, int]:
    return entry.type != OPENED, entry.day, entry.place  # nothing comes before a state taken over


def free_place(entries: Sequence[Entry], type_: str, day: date) -> int | None:
    """The place of a voided entry of the same event and day that nothing stands in yet: what is entered anew."""
    voided = {one.voids for one in entries if one.voids is not None}
    taken = {one.place for one in entries if one.voids is None and one.number not in voided}
    for one in entries:
        if one.number in voided and one.type == type_ and one.day == day and one.place not in taken:
            return one.place
    return None


def fold(life: Life, counted: Sequence[Entry], on: date = date.max) -> State | Stopped:
    """The state that entries lead to; `counted` as `standing` gives them. A problem's index is the number less 1."""
    if not counted or counted[0].type != OPENED:
        return life.fold(counted, on)
    if counted[0].day > on:
        return FRESH
    data = counted[0].data
    start = life.taken_over(data["status"], date.fromisoformat(data["since"]), date.fromisoformat(data["start"]))
    return life.fold(counted[1:], on, start)


def reached(life: Life, counted: Sequence[Entry], on: date = date.max) -> State:
    """The same where a history that does not hold, which use cases prevent, counts as far as it does."""
    state = fold(life, counted, on)
    return state.state if isinstance(state, Stopped) else state


def identities(first: Identity, counted: Iterable[Entry], on: date = date.max) -> list[Identity]:
    """What the case was called up to a day, oldest first: its first names and what changed them since."""
    found = [first]
    for one in counted:
        if one.type in _RENAMING and not _CALLED.isdisjoint(one.data) and one.day <= on:
            data, now = one.data, found[-1]
            called = (data.get("name") or now.name, data.get("operator") or now.operator, data.get("uscc") or now.uscc)
            found.append(Identity(*called))
    return found


def identity(first: Identity, counted: Iterable[Entry], on: date = date.max) -> Identity:
    """What the case is called on a day."""
    return identities(first, counted, on)[-1]
