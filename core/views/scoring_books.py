"""Read model of scoring by workbook: who is sent one, and which came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.services.panel import SUBMITTED, PanelExpert, panel
from core.services.scoring_books import BOOK_TAKEN, BOOK_UNDONE, SUBJECT, TAKEN
from core.store.tables import experts, ledger, score_books
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class BookExpert:
    """An expert to whom something is assigned: how much there is to score, and how much of it is in."""

    expert: PanelExpert
    assigned: int
    handed: int

    @property
    def signs_in(self) -> bool:
        """Whether the expert has an account, and may score in the app."""
        return self.expert.account_id is not None


@dataclass(frozen=True, slots=True)
class TakenBook:
    """A workbook that was taken in. `did` says what it did, `why` the reason given with it ('' where none was asked).

    `undone`: when, by whom and why it was taken back; None while it stands.
    """

    id: int
    version: int
    at: datetime
    who: str
    code: str
    name: str
    file: str
    did: str
    why: str
    undone: tuple[datetime, str, str] | None


def book_experts(app: App, round_id: int) -> tuple[BookExpert, ...]:
    """Who scores something in the round: those without an account first, then by code."""

    def ask(connection: sa.Connection) -> tuple[BookExpert, ...]:
        seen = panel(app, connection, round_id)
        counted = [each for some in seen.counted().values() for each in some]
        assigned = Counter(each.expert_id for each in counted)
        handed = Counter(each.expert_id for each in counted if each.kind == SUBMITTED)
        found = [BookExpert(seen.experts[number], count, handed[number]) for number, count in assigned.items()]
        return tuple(sorted(found, key=lambda each: (each.signs_in, each.expert.code)))

    return remember(app, ("scoring book experts", round_id), ask)


def taken_books(app: App, round_id: int) -> tuple[TakenBook, ...]:
    """Every workbook of the round that was taken in, the newest first."""

    def ask(connection: sa.Connection) -> tuple[TakenBook, ...]:
        told = _told(connection, round_id)
        query = sa.select(score_books, experts.c.code, experts.c.name.label("person"))
        query = query.join(experts, experts.c.id == score_books.c.expert_id).where(score_books.c.round_id == round_id)
        return tuple(
            _taken(row, told[str(row.id)]) for row in connection.execute(query.order_by(score_books.c.id.desc()))
        )

    return remember(app, ("scoring books", round_id), ask)


def _told(connection: sa.Connection, round_id: int) -> dict[str, dict[str, Any]]:
    query = sa.select(ledger).where(
        ledger.c.round_id == round_id, ledger.c.subject_kind == SUBJECT, ledger.c.action.in_((BOOK_TAKEN, BOOK_UNDONE))
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.subject_id, {})[row.action] = row
    return found


def _taken(row: Any, told: Mapping[str, Any]) -> TakenBook:
    entry, gone = told[BOOK_TAKEN], told.get(BOOK_UNDONE)
    did = entry.what.rpartition("：")[2]
    undone = None if row.state == TAKEN or gone is None else (gone.at, gone.who, gone.why)
    return TakenBook(row.id, row.version, row.at, row.who, row.code, row.person, row.name, did, entry.why, undone)
