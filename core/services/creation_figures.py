"""The figures of an application, frozen when its case is confirmed as a creation object (附件2：与创建时相比)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.records import with_verified
from core.services.case_files import CaseFile, in_batches
from core.store.queries import Held, held_applications, one, standing_verified
from core.store.tables import case_baselines, rounds
from core.store.unit import Unit

_GONE: Final = {"pending": "申报已从工作簿中消失，待确认是否撤回", "withdrawn": "申报已确认撤回"}


class Figures:
    """What the applications behind some cases say now, with 核定值 in their places."""

    def __init__(self, connection: sa.Connection, files: Iterable[CaseFile]) -> None:
        self._held: dict[int, Held] = {}
        self._rounds: dict[int, Any] = {}
        self._verified: dict[int, list[Any]] = {}
        by_round: dict[int, list[int]] = {}
        for file in files:
            if file.round_id is not None and file.application_id is not None:
                by_round.setdefault(file.round_id, []).append(file.application_id)
        for round_id, ids in by_round.items():
            query = sa.select(rounds).where(rounds.c.id == round_id)
            self._rounds[round_id] = one(connection, query, "没有这个年度轮次。")
            for some in in_batches(ids):
                held = held_applications(connection, round_id, ids=some)
                self._held |= {each.application_id: each for each in held}
                self._verified |= standing_verified(connection, some)

    def gap(self, file: CaseFile) -> str:
        """Why there are no figures to freeze; '' where there are, or where the case has no application."""
        if file.application_id is None:
            return ""
        held = self._held.get(file.application_id)
        return "申报材料已撤销受理" if held is None else _GONE.get(held.withdrawal, "")

    def row(self, file: CaseFile, number: int, today: date) -> dict[str, Any] | None:
        """The row that freezes them, of the confirming event `number`; None for a case without an application."""
        if file.application_id is None or file.round_id is None:
            return None
        held, settings = self._held[file.application_id], self._rounds[file.round_id]
        values = {(row.sheet, row.column): row.value for row in self._verified.get(file.application_id, ())}
        return {
            "case_id": file.id,
            "number": number,
            "application_id": file.application_id,
            "standard_id": settings.standard_id,
            "as_of": settings.reference_day or settings.deadline or today,
            "record": with_verified(held.record, values) if values else held.record,
        }


def freeze(unit: Unit, rows: Sequence[dict[str, Any]]) -> None:
    """Writes frozen figures; they are never changed."""
    if rows:
        unit.execute(case_baselines.insert(), list(rows))
