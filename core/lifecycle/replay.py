"""Where a case stands on a day, from its history alone (contract §5). Pure: reads no clock and no store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from core.lifecycle.events import Event, HistoryRefused
from core.lifecycle.table import Lifecycle, Transition, load
from core.lifecycle.terms import Terms
from core.standards.edition import Period
from core.working_days.calendar import Calendar, Due
from core.working_days.periods import long_day

if TYPE_CHECKING:
    from core.lifecycle.entries import Entry

    # what a file tells and what the store holds say in the same words what happened
    Happened: TypeAlias = Event | Entry

Code = Literal["out_of_order", "not_allowed", "objection_open", "too_early"]
CHANGE_OPEN: Final = "change_open"
CHANGE_LATE: Final = "change_reported_late"
OBJECTION_LATE: Final = "objection_late"


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection that is not resolved yet. A late one blocks nothing and is not counted."""

    id: str | None
    late: bool


class State(NamedTuple):
    """All that the next event needs to know of the events before it."""

    status: str | None = None
    since: date | None = None
    last: date | None = None
    start: date | None = None
    due: Due | None = None
    objections: tuple[Objection, ...] = ()
    flags: frozenset[str] = frozenset()

    @property
    def open_objections(self) -> int:
        """Objections in time that are not resolved."""
        return sum(not one.late for one in self.objections)


FRESH: Final = State()


@dataclass(frozen=True, slots=True)
class Problem:
    """An event that may not happen: its index in the history, why (a code of contract §5), and a sentence.

    `message` is the sentence with the event named before it, for those who read a whole history.
    """

    index: int
    code: Code
    message: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Where reading stopped: the state before the event that may not happen."""

    state: State
    problem: Problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day. `provisional`: rests on working days not arranged yet. `overdue`: it is past."""

    code: str
    due: date
    provisional: bool
    overdue: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands on a day; None before its first event."""

    status: str | None
    since: date | None
    open_objections: int
    deadlines: tuple[Deadline, ...]
    flags: tuple[str, ...]
    errors: tuple[Problem, ...]

    def document(self) -> dict[str, Any]:
        """The JSON document of contract §5."""
        return {
            "status": self.status,
            "since": None if self.since is None else self.since.isoformat(),
            "open_objections": self.open_objections,
            "deadlines": [
                {"code": one.code, "due": one.due.isoformat(), "provisional": one.provisional, "overdue": one.overdue}
                for one in self.deadlines
            ],
            "flags": list(self.flags),
            "errors": [{"index": one.index, "code": one.code, "message": one.message} for one in self.errors],
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a status allows; `problem` says why it cannot be done on the day asked for."""

    transition: Transition
    problem: Problem | None


class Life:
    """The rules that histories are read by: the table, an edition's periods and a calendar. Never changes."""

    def __init__(self, periods: Mapping[str, Period], calendar: Calendar, table: Lifecycle | None = None) -> None:
        self.table = table or load()
        self._terms = Terms(periods, calendar)

    def replay(self, events: Iterable[Happened], on: date) -> Standing:
        """The standing on a day. Events after it are left out of account; reading stops at the first problem."""
        state = self.fold(events, on)
        if isinstance(state, Stopped):
            return self.standing(state.state, on, state.problem)
        return self.standing(state, on)

    def fold(self, events: Iterable[Happened], on: date = date.max, start: State = FRESH) -> State | Stopped:
        """The state that the events up to a day lead to, from the beginning or from a state taken over."""
        state = start
        for event in events:
            if event.day > on:
                continue
            after = self.advance(state, event)
            if isinstance(after, Problem):
                return Stopped(state, after)
            state = after
        return state

    def on_working_days(self) -> tuple[str, ...]:
        """The statuses whose deadline moves with the calendar of working days."""
        found = self.table.statuses.items()
        return tuple(code for code, status in found if self._terms.in_working_days(status.periods))

    def taken_over(self, status: str, since: date, start: date) -> State:
        """The state of a case that was there before the program: its period counts from `start`.

        Its history begins on the later of the two days: nothing can be entered before it.
        """
        last = max(since, start)
        due = self._terms.last_day(self.table.statuses[status].periods, start, last)
        return State(status, since, last, start, due)

    def advance(self, state: State, event: Happened) -> State | Problem:
        """The state after one more event, or why it may not happen.

        `HistoryRefused` where the event may happen but lacks what its effect is computed from.
        """
        if state.last is not None and event.day < state.last:
            return self._out_of_order(state, event)
        row = self.transition(state, event)
        if row is None:
            return self._not_allowed(state, event)
        objection = None
        if row.effect == "resolve":
            objection = _meant(state, event)
            if objection is None:
                named = "" if event.id is None else f"编号为“{event.id}”的"
                return self._problem(event, "not_allowed", f"没有{named}尚未处理的异议。")
        elif row.effect == "decide" and CHANGE_OPEN not in state.flags:
            return self._problem(event, "not_allowed", "没有等待决定的变更报告。")
        if row.settled and state.objections and state.open_objections:
            sentence = f"还有{state.open_objections}件异议没有处理完，处理完才能办理（{row.clause}）。"
            return self._problem(event, "objection_open", sentence)
        if row.after_deadline and state.due is not None and event.day <= (event.ended or state.due.day):
            return self._too_early(state, state.due, row, event)
        return self._moved(state, row, event, objection)

    def standing(self, state: State, on: date, problem: Problem | None = None) -> Standing:
        """How a state looks on a day."""
        deadlines: tuple[Deadline, ...] = ()
        if state.due is not None and state.status is not None:
            code = self.table.statuses[state.status].deadline
            deadlines = (Deadline(code, state.due.day, state.due.provisional, on > state.due.day),)
        return Standing(
            status=state.status,
            since=state.since,
            open_objections=state.open_objections,
            deadlines=deadlines,
            flags=tuple(sorted(state.flags)),
            errors=() if problem is None else (problem,),
        )

    def offers(self, state: State, on: date, index: int = 0) -> tuple[Offer, ...]:
        """What the table allows in a state, each with what stands against it on that day."""
        found = []
        for (source, type_), rows in self.table.rows.items():
            if source != state.status:
                continue
            for row in rows:
                conditions = dict(row.when)
                upheld, keep = conditions.get("upheld", False), conditions.get("keep", True)
                after = self.advance(state, Event(index, type_, on, occurred=on, upheld=upheld, keep=keep))
                found.append(Offer(row, after if isinstance(after, Problem) else None))
        return tuple(found)

    def transition(self, state: State, event: Happened) -> Transition | None:
        """The row of the table that an event finds in a state; None where it has none."""
        for row in self.table.rows.get((state.status, event.type), ()):
            for key, value in row.when:
                if getattr(event, key) != value:
                    break
            else:
                return row
        return None

    def _moved(self, state: State, row: Transition, event: Happened, objection: Objection | None) -> State:
        for need in row.needs:
            if getattr(event, need) is None:
                raise HistoryRefused(event.number - 1, f"缺少 {need}。")
        objections, flags = state.objections, state.flags
        if row.effect:
            objections, flags = _affected(state, row, event, objection)
        if row.late_after and event.occurred is not None:
            last = self._terms.last_day((row.late_after,), event.occurred, event.day).day
            flags = flags | {CHANGE_LATE} if event.day > last else flags
        moved = row.to != state.status
        if not moved and not row.restarts:
            return State._make((state.status, state.since, event.day, state.start, state.due, objections, flags))
        status = self.table.statuses[row.to]
        start = state.start if row.keeps_start else event.day
        due = None
        if status.deadline and start is not None:
            days, count_start = (event.days, event.count_start) if row.effect == "notice" else (None, False)
            due = self._terms.last_day(status.periods, start, event.day, days, count_start)
        since = event.day if moved else state.since
        return State._make((row.to, since, event.day, start, due, objections, flags))

    def _problem(self, event: Happened, code: Code, sentence: str) -> Problem:
        named = f"第{event.number}个事件“{self.table.events[event.type]}”"
        return Problem(event.number - 1, code, f"{named}：{sentence}", sentence)

    def _out_of_order(self, state: State, event: Happened) -> Problem:
        assert state.last is not None
        sentence = f"日期{long_day(event.day)}早于前一个事件的{long_day(state.last)}，事件要按发生的先后排列。"
        return self._problem(event, "out_of_order", sentence)

    def _not_allowed(self, state: State, event: Happened) -> Problem:
        can = "、".join(f"“{self.table.events[code]}”" for code in self.table.possible(state.status))
        if state.status is None:
            return self._problem(event, "not_allowed", f"还没有推荐；最先可以办理的是{can}。")
        status = self.table.statuses[state.status]
        if status.ended:
            return self._problem(event, "not_allowed", f"已经是“{status.name}”，不能再办理。")
        return self._problem(event, "not_allowed", f"在“{status.name}”时不能办理；这时可以办理的是{can}。")

    def _too_early(self, state: State, due: Due, row: Transition, event: Happened) -> Problem:
        assert state.status is not None
        name = self.table.deadlines[self.table.statuses[state.status].deadline]
        unsure = "（暂定）" if due.provisional else ""
        sentence = f"{name}是{long_day(due.day)}{unsure}，过了这一天才能办理（{row.clause}）。"
        return self._problem(event, "too_early", sentence)


def replay(events: Iterable[Happened], on: date, calendar: Calendar, periods: Mapping[str, Period]) -> Standing:
    """The standing of one case on a day; for many cases make one `Life` and ask it."""
    return Life(periods, calendar).replay(events, on)


def _meant(state: State, event: Happened) -> Objection | None:
    """The objection that is resolved: the one named, else the oldest in time, else the oldest late one."""
    if event.id is not None:
        return next((one for one in state.objections if one.id == event.id), None)
    return min(state.objections, key=lambda one: one.late, default=None)


def _affected(
    state: State, row: Transition, event: Happened, objection: Objection | None
) -> tuple[tuple[Objection, ...], frozenset[str]]:
    """The objections and flags after an event that has an effect on them."""
    objections, flags = state.objections, state.flags
    match row.effect:
        case "notice":
            return (), flags
        case "file" if state.due is not None:
            late = (event.postmarked or event.day) > state.due.day
            return (*objections, Objection(event.id, late)), flags | {OBJECTION_LATE} if late else flags
        case "resolve":
            return tuple(one for one in objections if one is not objection), flags
        case "report":
            return objections, flags | {CHANGE_OPEN}
        case "decide":
            return objections, flags - {CHANGE_OPEN}
    return objections, flags
