"""The one way in which cases change: inside a unit of work, each entry checked against the whole history.

What is entered late takes its place by its day, and everything after it must still be allowed; so it is with
an entry that is voided. Nothing is written before `save`, and then all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import OPENED, VOIDED, Entry, Identity, fold, free_place, standing
from core.lifecycle.replay import Life, Problem, State, Stopped
from core.lifecycle.table import Transition, load
from core.services.case_files import CaseFile, case_files, events_digest, in_batches
from core.services.counting import Lives, lives
from core.services.projection import write_standings
from core.store.tables import case_events, cases, ledger
from core.store.unit import Unit, came_first
from core.working_days.periods import long_day

_LONGEST: Final = 128  # what the store holds of a document's number
_OWN: Final = {"document", "reason"}  # what an entry has a place of its own for


@dataclass(frozen=True, slots=True)
class New:
    """Something to be entered. `instead_of`: the number of a voided entry in whose place it stands."""

    type: str
    day: date
    data: Mapping[str, Any] = field(default_factory=dict)
    document: str = ""
    why: str = ""
    instead_of: int | None = None


class Casework:
    """The cases that one unit of work changes."""

    def __init__(self, app: App, unit: Unit, ids: Iterable[int] = (), counting: Lives | None = None) -> None:
        self._unit = unit
        self._lives = counting or lives(app)
        self._files = {file.id: file for file in case_files(unit.connection, list(ids))}
        self._made: list[dict[str, Any]] = []
        self._claimed: set[int] = set()

    def file(self, case_id: int) -> CaseFile:
        """A case as it stands in this unit; Refused where there is none."""
        try:
            return self._files[case_id]
        except KeyError:
            raise Refused("没有这个创建对象，请回到列表重新选择。") from None

    def state(self, case_id: int) -> State:
        """Where a case stands in this unit."""
        file = self.file(case_id)
        state = fold(self._lives.of(file.standard_id), file.counted())
        return state.state if isinstance(state, Stopped) else state

    def claim(self, case_id: int, version: int) -> None:
        """Holds a case to the version that the person had in front of them; Stale names who came first.

        That may have been an act on many cases, of which the ledger's subject is another thing: the entries know it.
        """
        file = self.file(case_id)
        name = f"“{file.identity().name}”"
        if file.version != version:
            last = max((one.ledger_id for one in file.entries), default=0)
            raise came_first(name, self._unit.execute(sa.select(ledger).where(ledger.c.id == last)).first())
        self._unit.update_version(cases, cases.c.id == case_id, version, ("case", case_id, name))
        self._claimed.add(case_id)

    def begin(
        self,
        first: Identity,
        *,
        kind: str,
        city: str,
        standard_id: str,
        category: str = "",
        round_id: int | None = None,
        application_id: int | None = None,
    ) -> int:
        """Begins the file of a case and gives its number."""
        values = {
            "kind": kind,
            "category": category,
            "city": city,
            "standard_id": standard_id,
            "round_id": round_id,
            "application_id": application_id,
        }
        made = self._unit.insert(cases, name=first.name, operator=first.operator, uscc=first.uscc, **values)
        self._files[made] = CaseFile(made, kind, category, city, first, standard_id, round_id, application_id, 1)
        self._claimed.add(made)
        return made

    def take_over(
        self,
        case_id: int,
        status: str,
        since: date,
        start: date,
        *,
        document: str,
        why: str,
        known: Mapping[str, str] | None = None,
    ) -> None:
        """Makes the first entry of a case that was there before the program: its status, and what it counts from.

        `known` is what else is known of its past, kept in the entry for those who read it.
        """
        file = self.file(case_id)
        data = {**(known or {}), "status": status, "since": since.isoformat(), "start": start.isoformat()}
        self._append(file, Entry(1, OPENED, max(since, start), 1, self._unit.now, None, data, document, why))

    def enter(self, case_id: int, new: New) -> int:
        """Enters an event and gives its number in the case; Refused with the reason where it may not happen."""
        new = replace(new, document=new.document.strip())
        file = self.file(case_id)
        life = self._lives.of(file.standard_id)
        today = self._unit.now.date()
        if new.day > today:
            raise Refused(f"日期{long_day(new.day)}还没有到，不能提前办理。")
        if len(new.document) > _LONGEST:
            raise Refused(f"文号或文件名称请不超过 {_LONGEST} 个字。")
        number = len(file.entries) + 1
        entered = Entry(number, new.type, new.day, number, self._unit.now, None, dict(new.data), new.document, new.why)
        places = _places(file.entries, new, number)
        for place in places:
            entry, counted = self._placed(life, file, entered._replace(place=place))
            if place == places[-1] or not isinstance(fold(life, counted), Stopped):
                break
        self._refuse_broken(file, counted, number)
        self._append(file, entry)
        return number

    def _placed(self, life: Life, file: CaseFile, entry: Entry) -> tuple[Entry, list[Entry]]:
        """What is entered, with all that the program adds to it, and the history with it in its place."""
        counted = standing([*file.entries, entry])
        at = counted.index(entry)
        before = fold(life, counted[:at])
        row = None if isinstance(before, Stopped) else life.transition(before, entry)
        if isinstance(before, Stopped) or row is None:
            return entry, counted
        self._check(row, entry)
        if row.settled and row.after_deadline and before.due is not None:
            entry = entry._replace(data={**entry.data, "ended": before.due.day.isoformat()})
            counted[at] = entry
        return entry, counted

    def void(self, case_id: int, number: int, why: str) -> Entry:
        """Takes an entry back by a new one and gives the one taken back; what followed must still be allowed."""
        file = self.file(case_id)
        meant = next((one for one in file.counted() if one.number == number), None)
        if meant is None:
            raise Refused("这一条已经作废，或者没有这一条。请刷新页面。")
        entry = Entry(len(file.entries) + 1, VOIDED, meant.day, meant.place, self._unit.now, number, {}, "", why)
        self._refuse_broken(file, standing([*file.entries, entry]), None)
        self._append(file, entry)
        return meant

    def replace(
        self,
        case_id: int,
        number: int,
        *,
        day: date,
        document: str,
        data: Mapping[str, Any],
        why: str,
        reason: str | None = None,
    ) -> Entry:
        """Enters something anew in the place of an entry, which is voided; gives the entry it was.

        `why` it is corrected; `reason` is the entry's own, which stays without one. Only the history with the new
        one in it must hold: between the two nothing stands.
        """
        file = self.file(case_id)
        meant = next((one for one in file.counted() if one.number == number), None)
        if meant is None or meant.type == OPENED:
            raise Refused("这一条已经作废，或者不能更正。请刷新页面。")
        gone = Entry(len(file.entries) + 1, VOIDED, meant.day, meant.place, self._unit.now, number, {}, "", why)
        self._append(file, gone)
        carried = {key: value for key, value in meant.data.items() if key != "ended"}
        own = meant.why if reason is None else reason
        self.enter(case_id, New(meant.type, day, {**carried, **data}, document, own, instead_of=number))
        return meant

    def save(self) -> dict[str, Any]:
        """Writes what was entered, and where the cases stand now; gives what the ledger's details keep of it."""
        touched = sorted({row["case_id"] for row in self._made})
        if self._made:
            self._unit.execute(case_events.insert(), self._made)
        for some in in_batches([each for each in touched if each not in self._claimed]):
            self._unit.execute(cases.update().where(cases.c.id.in_(some)).values(version=cases.c.version + 1))
        write_standings(self._unit, [self._files[each] for each in touched], self._lives)
        return {
            "events": [[row["case_id"], row["number"], row["type"], row["day"].isoformat()] for row in self._made],
            "events_sha256": events_digest(self._made),
        }

    def _append(self, file: CaseFile, entry: Entry) -> None:
        entry = entry._replace(ledger_id=self._unit.ledger_id)
        file.entries.append(entry)
        self._made.append(
            {
                "case_id": file.id,
                "number": entry.number,
                "ledger_id": entry.ledger_id,
                "at": entry.at,
                "type": entry.type,
                "day": entry.day,
                "place": entry.place,
                "voids": entry.voids,
                "document": entry.document,
                "why": entry.why,
                "data": dict(entry.data) or None,
            }
        )

    def _check(self, row: Transition, entry: Entry) -> None:
        """Who may do it, and that what must be given is given."""
        if self._unit.actor.role not in row.who:
            raise Refused(f"您的角色“{self._unit.actor.role.label}”不能办理“{row.name}”。")
        table = load()
        for code in row.given:
            if code == "date":
                continue
            own = {"document": entry.document, "reason": entry.why}
            value = own[code] if code in _OWN else entry.data.get(code)
            missing = not str(value or "").strip() if code in {*_OWN, "evidence"} else code not in entry.data
            if missing:
                raise Refused(f"办理“{row.name}”要写明{table.given[code]}（{row.clause}）。")
        for code in ("occurred", "postmarked"):
            if entry.data.get(code) and date.fromisoformat(entry.data[code]) > entry.day:
                raise Refused(f"{table.given[code]}晚于{long_day(entry.day)}，请核对。")

    def _refuse_broken(self, file: CaseFile, counted: Sequence[Entry], new: int | None) -> None:
        said = broken(self._lives.of(file.standard_id), file, counted, new)
        if said:
            raise Refused(said)


def broken(life: Life, file: CaseFile, counted: Sequence[Entry], new: int | None = None) -> str:
    """Why a history does not hold, in a sentence; '' where it does. `new` is the number of what is entered."""
    state = fold(life, counted)
    if not isinstance(state, Stopped):
        return ""
    problem: Problem = state.problem
    name = file.identity().name
    entry = next(one for one in counted if one.number == problem.index + 1)
    called = life.table.events[entry.type]
    if entry.number == new:
        return f"“{name}”不能办理“{called}”：{problem.sentence}"
    return (
        f"“{name}”{long_day(entry.day)}的“{called}”（第 {entry.number} 条）会因此不成立：{problem.sentence}"
        "请先作废它，再办这一件。"
    )


def _places(entries: Sequence[Entry], new: New, number: int) -> list[int]:
    """Where among the entries of its day something may stand: where it stood before it was voided, else last."""
    if new.instead_of is not None:
        return [next(one.place for one in entries if one.number == new.instead_of)]
    free = free_place(entries, new.type, new.day)
    return [number] if free is None else [free, number]
