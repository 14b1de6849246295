"""Entries of score sheets: handed in, or opened again. Each is written here, so that the ledger can vouch for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.services.candidates import WAITING
from core.store.tables import assignments, cases, score_entries, standings
from core.store.unit import Unit

# in the details of a ledger entry: which entries it made, and their digest; never a score
ENTRIES: Final = "scores"
DIGEST: Final = "scores_sha256"
STORED: Final = ("assignment_id", "number", "kind", "content", "via", "why", "who", "ledger_id")


class ScoreEntries:
    """The entries that one act adds; `told` goes into the details of its ledger entry."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._rows: list[dict[str, Any]] = []

    def add(
        self, assignment_id: int, number: int, kind: str, content: Mapping[str, Any], via: str, why: str = ""
    ) -> None:
        """One entry. `number` is the next of its assignment; `content` as in core/services/panel.content_of.

        Refused once the selection has been applied to its application: what was decided on stays as it was.
        """
        unit = self._unit
        refuse_decided(unit.connection, assignment_id)
        row = {
            "assignment_id": assignment_id, "number": number, "kind": kind, "content": dict(content), "via": via,
            "why": why, "who": unit.actor.name, "at": unit.now, "ledger_id": unit.ledger_id,
        }  # fmt: skip
        unit.execute(score_entries.insert().values(**row))
        self._rows.append(row)

    @property
    def told(self) -> dict[str, Any]:
        """Which entries there are, and their digest."""
        rows = sorted(self._rows, key=place)
        return {ENTRIES: [list(place(row)) for row in rows], DIGEST: entries_digest(rows)}


def refuse_decided(connection: sa.Connection, assignment_id: int) -> None:
    """Refused where the application of an assignment has been selected or not: from then on its scores hold."""
    query = (
        sa.select(standings.c.name)
        .join(cases, cases.c.id == standings.c.case_id)
        .join(assignments, assignments.c.application_id == cases.c.application_id)
        .where(assignments.c.id == assignment_id, standings.c.status != WAITING)
    )
    decided = connection.execute(query).first()
    if decided is not None:
        raise Refused(
            f"“{decided.name}”已经登记选定结果，评分从此不能改动。"
            "确需改动的，请与省厅经办联系，先在“创建对象”中作废选定的那一条。"
        )


def place(row: Mapping[str, Any]) -> tuple[int, int]:
    """Assignment and number of an entry."""
    return row["assignment_id"], row["number"]


def entries_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over entries as the store holds them."""
    plain = [[row[name] for name in STORED] for row in rows]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
