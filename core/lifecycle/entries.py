"""What the store holds of a case's life, entry by entry, and what stands of it: voided entries do not count.

Entries are never removed. One that was a mistake is voided by a later entry, and what is entered in its place
on the same day stands where it stood. Pure: reads no clock and no store.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from core.lifecycle.events import Event
from core.lifecycle.replay import FRESH, Life, State, Stopped

OPENED: Final = "opened"
VOIDED: Final = "voided"
_DAYS: Final = ("postmarked", "occurred", "ended")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `number` counts from 1 in the case; `place` orders entries of one day; `at` is when it was entered.

    `type` is an event of the transition table, `opened` (a state taken over from before the program; data:
    status, since, start), or `voided`, which takes entry number `voids` back.
    """

    number: int
    type: str
    day: date
    place: int
    at: datetime
    voids: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    why: str = ""
    ledger_id: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """What a case is called: it changes only by a decided change (第十一条)."""

    name: str
    operator: str
    uscc: str


def standing(entries: Sequence[Entry], known_by: datetime | None = None) -> list[Entry]:
    """The entries that count, in the order in which things happened.

    `known_by`: only what had been entered by that moment, and what had been voided by then.
    """
    known = entries if known_by is None else [one for one in entries if one.at <= known_by]
    voided = {one.voids for one in known if one.voids is not None}
    if voided:
        known = [one for one in known if one.voids is None and one.number not in voided]
    if voided or any(after.day < before.day for before, after in pairwise(known)):
        return sorted(known, key=_order)
    return list(known)


def _order(entry: Entry) -> tuple[date, int]:
    return entry.day, entry.place


def free_place(entries: Sequence[Entry], type_: str, day: date) -> int | None:
    """The place of a voided entry of the same event and day that nothing stands in yet: what is entered anew."""
    voided = {one.voids for one in entries if one.voids is not None}
    taken = {one.place for one in entries if one.voids is None and one.number not in voided}
    for one in entries:
        if one.number in voided and one.type == type_ and one.day == day and one.place not in taken:
            return one.place
    return None


def event_of(entry: Entry, index: int) -> Event:
    """The entry as an event of the transition table."""
    data = entry.data
    if not data:
        return Event(index, entry.type, entry.day)
    postmarked, occurred, ended = (date.fromisoformat(data[key]) if data.get(key) else None for key in _DAYS)
    return Event(
        index=index,
        type=entry.type,
        day=entry.day,
        id=data.get("id"),
        postmarked=postmarked,
        occurred=occurred,
        days=data.get("days"),
        count_start=data.get("count_start", False),
        upheld=data.get("upheld", False),
        keep=data.get("keep", True),
        ended=ended,
    )


def fold(life: Life, counted: Sequence[Entry], on: date = date.max) -> State | Stopped:
    """The state that entries lead to; `counted` as `standing` gives them. A problem's index is that in `counted`."""
    start, first = FRESH, 0
    if counted and counted[0].type == OPENED:
        if counted[0].day > on:
            return FRESH
        data = counted[0].data
        start = life.taken_over(data["status"], date.fromisoformat(data["since"]), date.fromisoformat(data["start"]))
        first = 1
    return life.fold((event_of(one, index) for index, one in enumerate(counted[first:], first)), on, start)


def identity(first: Identity, counted: Iterable[Entry], on: date = date.max) -> Identity:
    """What the case is called on a day, from its first names and the changes decided since."""
    found = first
    for one in counted:
        if one.day > on:
            break
        if one.type == "change_decided" and one.data:
            data = one.data
            found = Identity(
                data.get("name") or found.name,
                data.get("operator") or found.operator,
                data.get("uscc") or found.uscc,
            )
    return found
