"""Entries of score sheets: handed in, or opened again. Each is written here, so that the ledger can vouch for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.store.tables import score_entries
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
        """One entry. `number` is the next of its assignment; `content` as in core/services/panel.content_of."""
        unit = self._unit
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


def place(row: Mapping[str, Any]) -> tuple[int, int]:
    """Assignment and number of an entry."""
    return row["assignment_id"], row["number"]


def entries_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over entries as the store holds them."""
    plain = [[row[name] for name in STORED] for row in rows]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
