"""The history of a case as people read it: every entry with who made it and what became of it, and the periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.lifecycle.entries import OPENED, Entry, Identity, identity, reached
from core.lifecycle.replay import CHANGE_LATE, FRESH, Life, State
from core.lifecycle.table import load
from core.services.case_files import CaseFile, in_batches
from core.services.cases import OF_A_NOTICE
from core.services.casework import broken
from core.store.tables import ledger
from core.working_days.periods import long_day, read_day

TAKEN_OVER: Final = "按存量资料建档"
# what entries carry beside what the transition table names
_MORE: Final[Mapping[str, str]] = {
    "name": "新名称",
    "operator": "新运营主体",
    "uscc": "新统一社会信用代码",
    "change": "变更类型",
    "opinion": "市级意见",
    "answer": "答复",
    "ended": "公示最后一日",
    "since": "状态起始日",
    "start": "期限起算日",
}
_CHOICES: Final[Mapping[tuple[str, bool], str]] = {
    ("keep", True): "保留",
    ("keep", False): "撤销",
    ("upheld", True): "属实",
    ("upheld", False): "不属实",
    ("count_start", True): "计入",
    ("count_start", False): "不计入",
}


@dataclass(frozen=True, slots=True)
class Voided:
    """Who took an entry back, when and why; `by` is the entry that stands in its place, None where none does."""

    who: str
    at: datetime
    why: str
    by: int | None


@dataclass(frozen=True, slots=True)
class PastEntry:
    """One entry. `name` is what staff call it, `details` what was given with it, by name.

    `late`: a change or an objection that came after its last day. `corrects`: the entry in whose place it stands.
    `stands_against`: why it cannot be voided, '' where it can. `correctable`: it may be entered anew on its page.
    """

    number: int
    type: str
    day: date
    name: str
    document: str
    why: str
    details: tuple[tuple[str, str], ...]
    data: Mapping[str, Any]
    given: tuple[str, ...]
    who: str
    at: datetime
    late: bool
    corrects: int | None
    voided: Voided | None
    stands_against: str
    correctable: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A status that lasted from `start` to `end`; None: it lasts still."""

    status: str
    name: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Former:
    """What a case was called until a change was decided: `until` is that day, `document` its number."""

    called: Identity
    until: date
    document: str


@dataclass(frozen=True, slots=True)
class Past:
    """All that happened to a case, as far as it was known."""

    entries: tuple[PastEntry, ...]
    bands: tuple[Band, ...]
    former: tuple[Former, ...]


def past(connection: sa.Connection, life: Life, file: CaseFile, known_by: datetime | None = None) -> Past:
    """The history of a case by what was known at a moment, oldest first; voided entries stand where they stood."""
    known = [one for one in file.entries if known_by is None or one.at <= known_by]
    counted = file.counted(known_by)
    states = _states(life, counted)
    who = _people(connection, {one.ledger_id for one in known})
    voiding = {one.voids: one for one in known if one.voids is not None}
    standing_at = {one.number: index for index, one in enumerate(counted)}
    replacing = _replacing(known, voiding)
    shown = []
    for one in sorted((each for each in known if each.voids is None), key=_order):
        index = standing_at.get(one.number)
        gone = voiding.get(one.number)
        before, after = (FRESH, FRESH) if index is None else (states[index], states[index + 1])
        name, given = _called(life, one, before, counts=index is not None)
        voided = None if gone is None else Voided(who[gone.ledger_id], gone.at, gone.why, replacing.get(one.number))
        told = PastEntry(
            number=one.number,
            type=one.type,
            day=one.day,
            name=name,
            document=one.document,
            why=one.why,
            details=_details(one),
            data=one.data,
            given=given,
            who=who[one.ledger_id],
            at=one.at,
            late=index is not None and _late(life, one, before, after),
            corrects=next((number for number, by in replacing.items() if by == one.number), None),
            voided=voided,
            stands_against="" if index is None else broken(life, file, [each for each in counted if each is not one]),
            correctable=index is not None and one.type not in (OPENED, *OF_A_NOTICE),
        )
        shown.append(told)
    return Past(tuple(shown), _bands(counted, states), _former(file, counted))


def _order(entry: Entry) -> tuple[bool, date, int, int]:
    return entry.type != OPENED, entry.day, entry.place, entry.number


def _states(life: Life, counted: Sequence[Entry]) -> list[State]:
    """The state before the first entry and after each; where a history does not hold, it stays as far as it did."""
    return [FRESH, *(reached(life, counted[: length + 1]) for length in range(len(counted)))]


def _people(connection: sa.Connection, ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in in_batches(sorted(ids)):
        found |= {
            row.id: row.who
            for row in connection.execute(sa.select(ledger.c.id, ledger.c.who).where(ledger.c.id.in_(some)))
        }
    return found


def _replacing(known: Sequence[Entry], voiding: Mapping[int, Entry]) -> dict[int, int]:
    """Voided entry -> the one that was entered in its place by the same act."""
    found = {}
    for number, gone in voiding.items():
        # the same act may enter something else besides, as an objection that was on paper until now
        same = (one for one in known if one.voids is None and one.ledger_id == gone.ledger_id)
        by = next((one.number for one in same if one.place == gone.place), None)
        if by is not None:
            found[number] = by
    return found


def _called(life: Life, one: Entry, before: State, *, counts: bool) -> tuple[str, tuple[str, ...]]:
    """What staff call an entry, and what the table asks to be given with it."""
    if one.type == OPENED:
        return TAKEN_OVER, ()
    row = life.transition(before, one) if counts else None
    return (load().events[one.type], ()) if row is None else (row.name, row.given)


def _late(life: Life, one: Entry, before: State, after: State) -> bool:
    if one.type == "objection_filed":
        return len(after.objections) > len(before.objections) and after.objections[-1].late
    if one.type == "change_reported":
        # the flag stays once it is set: whether this one set it shows without it
        alone = life.advance(before._replace(flags=frozenset()), one)
        return isinstance(alone, State) and CHANGE_LATE in alone.flags
    return False


def _details(one: Entry) -> tuple[tuple[str, str], ...]:
    """What was given with an entry, by name; what only the program uses is left out."""
    names = {**load().given, **_MORE}
    found = []
    for key, value in one.data.items():
        if key == "status":
            found.append(("状态", load().statuses[value].name))
        elif key in names and value not in (None, ""):
            found.append((names[key], _text(key, value)))
        elif not key.isascii():
            found.append((key, _text(key, value)))  # known of the time before the program, by the sheet's own names
    return tuple(found)


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _CHOICES.get((key, value), "是" if value else "否")
    day = read_day(value) if isinstance(value, str) else None
    return str(value) if day is None else long_day(day)


def _bands(counted: Sequence[Entry], states: Sequence[State]) -> tuple[Band, ...]:
    found: list[Band] = []
    for one, state in zip(counted, states[1:], strict=True):
        if state.status is None or (found and found[-1].status == state.status):
            continue
        start = state.since or one.day
        if found:
            found[-1] = Band(found[-1].status, found[-1].name, found[-1].start, start)
        found.append(Band(state.status, load().statuses[state.status].name, start, None))
    return tuple(found)


def _former(file: CaseFile, counted: Sequence[Entry]) -> tuple[Former, ...]:
    """What it was called before each renaming."""
    found = []
    for length, one in enumerate(counted):
        before, after = (identity(file.first, counted[:upto]) for upto in (length, length + 1))
        if before != after:
            found.append(Former(before, one.day, one.document))
    return tuple(found)
