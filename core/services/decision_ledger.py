"""Which entries of the ledger concern an application: what the 申报办理卷 rests on, and nothing else changes it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.services.decision_words import Naming, moment
from core.services.scoring_books import BOOK_TAKEN, BOOK_UNDONE
from core.store.tables import intakes, ledger

SETTINGS: Final = "scoring.settings"
SELECTED: Final = "selection.applied"
CONFIRMED: Final = "notice.confirmed"
# acts on many at once, whose subject is something else: their details say whom they concern
_MANY: Final = (SETTINGS, SELECTED, BOOK_TAKEN, BOOK_UNDONE, "assignment.applied", "objection.filed")
_ENDS: Final[Mapping[str, str]] = {
    "review.verified": "review.verified_ended",
    "review.determined": "review.determination_ended",
}


@dataclass(frozen=True, slots=True)
class Traces:
    """What an application has left in the store, by which entries are found.

    `ids`: numbers of things by the kind that the ledger calls them. `made`: entries that rows of it name.
    """

    round_id: int
    city: str
    name: str
    case_id: int | None
    scored: bool
    ids: Mapping[str, Collection[int]]
    made: Collection[int]


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries that concern an application, oldest first."""

    rows: tuple[Any, ...]

    @property
    def newest(self) -> Any:
        """The last of them: what is said holds as of it."""
        return self.rows[-1]

    def one(self, number: int) -> Any:
        """An entry by its number; None where it does not concern the application."""
        return next((row for row in self.rows if row.id == number), None)

    def of(self, action: str, number: int) -> Any:
        """The newest entry of an act on a thing; None where there is none."""
        return next((row for row in reversed(self.rows) if (row.action, row.subject_id) == (action, str(number))), None)

    def last(self, action: str, at: datetime, **details: Any) -> Any:
        """The entry of an act at a moment with these details; None where there is none."""
        found = (row for row in reversed(self.rows) if row.action == action and row.at == at)
        return next((row for row in found if details.items() <= row.details.items()), None)

    def end_of(self, action: str, row: Any, **details: Any) -> str:
        """What became of a 核定值 or 人工认定 that has ended: taken back with a reason, or another in its place."""
        if row.ended_at is None:
            return ""
        taken_back = self.last(_ENDS[action], row.ended_at, **details)
        if taken_back is None:
            return f"{moment(row.ended_at)}改为新的"
        return f"{moment(row.ended_at)}{taken_back.who}取消：{taken_back.why}"


def intakes_since(connection: sa.Connection, round_id: int, city: str, first: int) -> list[int]:
    """The workbooks of a city from the first that brought an application: each has it, or shows that it is gone."""
    query = sa.select(intakes.c.id).where(intakes.c.round_id == round_id, intakes.c.city == city, intakes.c.id >= first)
    return list(connection.execute(query).scalars())


def concerning(connection: sa.Connection, traces: Traces) -> Entries:
    """The entries that concern an application. Exports are not among them: their subject is what was exported."""
    about = [
        sa.and_(ledger.c.subject_kind == kind, ledger.c.subject_id.in_([str(each) for each in sorted(ids)]))
        for kind, ids in traces.ids.items()
        if ids
    ]
    many = sa.and_(ledger.c.round_id == traces.round_id, ledger.c.action.in_(_MANY))
    query = sa.select(ledger).where(sa.or_(*about, ledger.c.id.in_(sorted(traces.made)), many)).order_by(ledger.c.id)
    found: list[Any] = []
    for row in connection.execute(query):
        if _concerns(row, traces) and not _done(row, traces, found):
            found.append(row)
    return Entries(tuple(found))


def _done(row: Any, traces: Traces, before: Sequence[Any]) -> bool:
    """Whether a notice is confirmed in another part, for others, after it was confirmed for this one."""
    if row.action != CONFIRMED or row.id in traces.made:
        return False
    earlier = (each for each in before if (each.action, each.subject_id) == (CONFIRMED, row.subject_id))
    return any(traces.case_id in each.details.get("confirmed", []) for each in earlier)


def _concerns(row: Any, traces: Traces) -> bool:
    if row.id in traces.made:
        return True
    asks = _ASKS.get(row.action)
    return asks(row, traces) if asks else row.action not in _MANY


def _left_for_later(row: Any, traces: Traces) -> bool:
    return [traces.city, traces.name] in row.details.get("later", [])


def _confirmed(row: Any, traces: Traces) -> bool:
    """A notice is confirmed in parts: whom an act confirmed, and whom it left behind."""
    left = [each[0] for each in row.details.get("left", [])]
    return traces.case_id in (*row.details.get("confirmed", []), *left)


def _filed(row: Any, traces: Traces) -> bool:
    return bool({*row.details.get("filed", [])} & set(traces.ids.get("objection", ())))


def _assigned(row: Any, traces: Traces) -> bool:
    """A plan is applied in one act, whose details name every application."""
    return any(str(number) in row.details.get("added", {}) for number in traces.ids["application"])


def _declared(row: Any, traces: Traces) -> bool:
    """A scoring workbook can hold nothing for an application but that its expert is recused."""
    return bool({*row.details.get("recusals", [])} & set(traces.ids["recusal"]))


def _settings(_row: Any, traces: Traces) -> bool:
    return traces.scored


_ASKS: Final[Mapping[str, Callable[[Any, Traces], bool]]] = {
    SETTINGS: _settings,
    SELECTED: _left_for_later,
    "assignment.applied": _assigned,
    BOOK_TAKEN: _declared,
    BOOK_UNDONE: _declared,
    "objection.filed": _filed,
    CONFIRMED: _confirmed,
}


def told(row: Any, named: Naming, personal: Collection[tuple[str, str]]) -> tuple[str, str]:
    """What an entry says and why, as the document may say it: contact data that were verified are left out."""
    if row.action.startswith("review.verified") and (row.details.get("sheet"), row.details.get("column")) in personal:
        verb = "核定" if row.action == "review.verified" else "取消核定"
        return f"{verb}“{row.details['column']}”（个人联系方式，内容略）", ""
    return named.text(row.what), named.text(row.why)
