"""Read model of 存量建档: the imports there have been, and which were taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from core.bootstrap import App
from core.services.cohort_books import IMPORTED, SUBJECT, TAKEN_BACK
from core.store.tables import ledger
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class CohortImport:
    """One import; `id` is its ledger entry. `ended_at`: when it was taken back, None while it stands."""

    id: int
    at: datetime
    who: str
    file: str
    count: int
    why: str
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""


def cohort_imports(app: App) -> tuple[CohortImport, ...]:
    """Every import, the newest first."""
    return remember(app, ("cohort imports",), _imports)


def _imports(connection: sa.Connection) -> tuple[CohortImport, ...]:
    table = ledger.c
    objects = table.details["count"].as_integer().label("objects")
    query = sa.select(table.id, table.at, table.who, table.action, table.subject_id, table.subject, table.why, objects)
    query = query.where(table.action.in_((IMPORTED, TAKEN_BACK)), table.subject_kind == SUBJECT)
    rows = connection.execute(query.order_by(table.id.desc())).all()
    ended = {int(row.subject_id): row for row in rows if row.action == TAKEN_BACK}
    found = []
    for row in rows:
        if row.action == IMPORTED:
            told = (row.id, row.at, row.who, row.subject, row.objects, row.why)
            gone = ended.get(row.id)
            found.append(CohortImport(*told, *(() if gone is None else (gone.at, gone.who, gone.why))))
    return tuple(found)
