"""Questions that several use cases and views ask of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.errors import Refused
from core.store.tables import applications, assessments, determinations, intakes, ledger, submissions, verified_values


@dataclass(frozen=True, slots=True)
class Held:
    """What the province holds of one application: its newest effective version and what people did to it."""

    application_id: int
    city: str
    key: str
    version: int
    intake_id: int
    record: dict[str, Any]
    withdrawal: str  # '' in the workbook, 'pending' gone from it, 'withdrawn' or 'kept' as a person decided


def ledger_head(connection: sa.Connection) -> int:
    """The number of the newest ledger entry: read models are true as long as it stays the same."""
    return connection.execute(sa.select(sa.func.max(ledger.c.id))).scalar() or 0


def held_applications(
    connection: sa.Connection, round_id: int, *, city: str | None = None, ids: Sequence[int] | None = None
) -> list[Held]:
    """The applications of a round, each with its newest effective version, in the order they first came."""
    effective = sa.and_(intakes.c.round_id == round_id, intakes.c.state == "effective")
    newest = (
        sa.select(submissions.c.application_id, sa.func.max(submissions.c.intake_id).label("intake_id"))
        .join(intakes, intakes.c.id == submissions.c.intake_id)
        .where(effective)
        .group_by(submissions.c.application_id)
        .subquery()
    )
    query = (
        sa.select(applications, newest.c.intake_id, submissions.c.record)
        .join(newest, newest.c.application_id == applications.c.id)
        .join(
            submissions,
            sa.and_(
                submissions.c.application_id == newest.c.application_id,
                submissions.c.intake_id == newest.c.intake_id,
            ),
        )
        .order_by(applications.c.id)
    )
    if city is not None:
        query = query.where(applications.c.city == city)
    if ids is not None:
        query = query.where(applications.c.id.in_(ids))
    latest = newest_intakes(connection, round_id)
    found = []
    for row in connection.execute(query):
        last = latest[row.city]
        found.append(Held(row.id, row.city, row.key, row.version, row.intake_id, row.record, _withdrawal(row, last)))
    return found


def text_of(held: Held, column: str) -> str:
    """A text of 推荐汇总表 as typed ('' where empty or wrong)."""
    found = held.record["rows"]["推荐汇总表"][0]["fields"].get(column)
    return "" if found is None or found[3] is None else str(found[3])


def _withdrawal(row: Any, last: Any) -> str:
    if row.intake_id == last.id or row.key in last.unjudged:
        return ""
    # a decision holds until the row comes back and goes again
    decided = row.withdrawal and row.withdrawal_intake_id > row.intake_id
    return row.withdrawal if decided else "pending"


def newest_intakes(connection: sa.Connection, round_id: int) -> dict[str, Any]:
    """The newest effective intake of each city."""
    newest = (
        sa.select(sa.func.max(intakes.c.id))
        .where(intakes.c.round_id == round_id, intakes.c.state == "effective")
        .group_by(intakes.c.city)
    )
    return {row.city: row for row in connection.execute(sa.select(intakes).where(intakes.c.id.in_(newest)))}


def newest_assessments(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Any]:
    """The newest assessment of each application."""
    newest = (
        sa.select(sa.func.max(assessments.c.id))
        .where(assessments.c.application_id.in_(ids))
        .group_by(assessments.c.application_id)
    )
    found = connection.execute(sa.select(assessments).where(assessments.c.id.in_(newest)))
    return {row.application_id: row for row in found}


def standing_verified(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The 核定值 in force, by application."""
    return _standing(connection, verified_values, ids)


def standing_determinations(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The 人工认定 in force, by application."""
    return _standing(connection, determinations, ids)


def _standing(connection: sa.Connection, table: sa.Table, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    query = sa.select(table).where(table.c.application_id.in_(ids), table.c.ended_at.is_(None)).order_by(table.c.id)
    for row in connection.execute(query):
        found.setdefault(row.application_id, []).append(row)
    return found


def one(connection: sa.Connection, query: sa.Select[Any], missing: str) -> Any:
    """The single row of a query; Refused with the sentence where there is none."""
    row = connection.execute(query).first()
    if row is None:
        raise Refused(missing)
    return row
