"""A case's life as the public is told of it: the words of the transition table that are public, and nothing else.

What has been decided and is not public yet, as an acceptance that passed, changes nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.lifecycle.entries import OPENED, Entry, Identity, identity
from core.lifecycle.replay import FRESH, Life, Problem
from core.lifecycle.table import Transition, load
from core.publication.registry.model import FormerName, Step
from core.publication.registry.words import words
from core.services.case_files import CaseFile
from core.services.looking_back import Look
from core.working_days.periods import read_day

REVOKED: Final = "revoked"
_CREATED: Final = ("creation_notice", "creation_confirmed")
_EXTENDED: Final = ("creating", "acceptance_failed")
_RECOGNIZED: Final = ("recognition_notice", "recognized")
_PASSED: Final = ("recognized", "review_passed")
_FAILED: Final = ("recognized", "review_failed")
# what a case from before the program brought with it (core/services/cohorts): the row of the table that each day
# stands for, its column and that of its document number
_BEFORE: Final = (
    (_CREATED, "确定为创建对象日期", "确定文号"),
    (_EXTENDED, "延长决定日期", ""),
    (_RECOGNIZED, "认定日期", "认定文号"),
    (_PASSED, "最近一次复核通过日期", ""),
    (_FAILED, "复核未通过日期", ""),
)
# the row that led to the state it was in, and the one whose document number its first entry has
_LED: Final[Mapping[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "creating": (_CREATED, _CREATED),
    "extended": (_EXTENDED, _CREATED),
    "recognized": (_RECOGNIZED, _RECOGNIZED),
    "rectifying": (_FAILED, _RECOGNIZED),
}


@dataclass(slots=True)
class PublicLife:
    """`status`: where the newest public step led, None before there is one. `called`: its names now."""

    called: Identity
    status: str | None = None
    created: date | None = None
    recognized: date | None = None
    revoked: date | None = None


def public_life(life: Life, file: CaseFile, seen: Look) -> tuple[PublicLife, tuple[Step, ...], tuple[FormerName, ...]]:
    """Where a case stands for the public, its steps, and the names that were public before."""
    counted = [one for one in file.counted(seen.known_by) if one.day <= seen.day]
    told, steps, former = PublicLife(file.first), list[Step](), list[FormerName]()
    state, known = FRESH, False
    for index, one in enumerate(counted):
        before = told.called
        if one.data:
            told.called = identity(before, (one,))
        if index == 0 and one.type == OPENED:
            state = life.taken_over(one.data["status"], _day(one, "since") or one.day, _day(one, "start") or one.day)
            told.status, known = state.status, True
            steps += _brought(told, one)
            continue
        row, after = life.transition(state, one), life.advance(state, one)
        if row is None or isinstance(after, Problem):
            break  # use cases prevent it; the state stays as far as the history holds
        if known and before.name != told.called.name:
            former.append(FormerName(before.name, one.day))
        known = known or row.effect == "notice"  # from its first notice on the public knows it by a name
        if row.public:
            told.status = after.status
            steps.append(_step(row, one, before, told.called))
            _note(told, (row.source or "", row.event), one.day)
        state = after
    return told, tuple(steps), tuple(former)


def _step(row: Transition, one: Entry, before: Identity, after: Identity) -> Step:
    document = one.document if row.public in words().documented else ""
    if row.effect != "decide" or before == after:
        return Step(one.day, row.public, document)
    changes = ((words().renamed, before.name, after.name), (words().transferred, before.operator, after.operator))
    said = "，".join(text.format(before=old, after=new) for text, old, new in changes if old != new)
    return Step(one.day, said or row.public, document, names=bool(said))


def _note(told: PublicLife, led_by: tuple[str, str], day: date) -> None:
    """Keeps the days that are asked for by themselves."""
    if led_by[1] == _CREATED[1]:
        told.created = day
    elif led_by[1] == _RECOGNIZED[1]:
        told.recognized = day
    if told.status == REVOKED:
        told.revoked = day


def _brought(told: PublicLife, one: Entry) -> Sequence[Step]:
    """The steps that the first entry of a case from before the program tells of, in the order of their days."""
    led, documented = _LED[one.data["status"]]
    found = []
    for row, day_column, document_column in _BEFORE:
        day = _day(one, day_column) or (_day(one, "since") if row == led else None)
        if day is None:
            continue
        public = load().rows[row][0].public
        document = str(one.data.get(document_column, "")) or (one.document if row == documented else "")
        found.append(Step(day, public, document if public in words().documented else ""))
        _note(told, row, day)
    return sorted(found, key=lambda step: step.day)


def _day(one: Entry, key: str) -> date | None:
    text = one.data.get(key)
    return read_day(text) if isinstance(text, str) else None
