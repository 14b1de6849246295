"""Questions that several use cases and views ask of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.store.tables import applications, assessments, determinations, intakes, ledger, submissions, verified_values

# what the ledger says of an intake that then counts, and of one that no longer does
_COUNTS: Final = ("intake.taken", "intake.late_accepted")
_UNDONE: Final = "intake.undone"


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


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """Which version of an application is held: a Held without its record."""

    application_id: int
    city: str
    key: str
    version: int
    intake_id: int
    withdrawal: str


def ledger_head(connection: sa.Connection) -> int:
    """The number of the newest ledger entry: read models are true as long as it stays the same."""
    return connection.execute(sa.select(sa.func.max(ledger.c.id))).scalar() or 0


def held_applications(
    connection: sa.Connection,
    round_id: int,
    *,
    city: str | None = None,
    ids: Sequence[int] | None = None,
    known_by: datetime | None = None,
) -> list[Held]:
    """The applications of a round, each with its newest effective version, in the order they first came.

    `known_by`: as they were held at that moment.
    """
    rows, withdrawal = _held(connection, round_id, (submissions.c.record,), city, ids, known_by)
    return [Held(row.id, row.city, row.key, row.version, row.intake_id, row.record, withdrawal(row)) for row in rows]


def held_versions(
    connection: sa.Connection, round_id: int, *, ids: Sequence[int] | None = None, known_by: datetime | None = None
) -> list[HeldVersion]:
    """What `held_applications` gives, without the records, which are long."""
    rows, withdrawal = _held(connection, round_id, (), None, ids, known_by)
    return [HeldVersion(row.id, row.city, row.key, row.version, row.intake_id, withdrawal(row)) for row in rows]


def _held(
    connection: sa.Connection,
    round_id: int,
    columns: Sequence[sa.ColumnElement[Any]],
    city: str | None,
    ids: Sequence[int] | None,
    known_by: datetime | None,
) -> tuple[Sequence[sa.Row[Any]], Callable[[Any], str]]:
    effective = sa.and_(intakes.c.round_id == round_id, _counting(connection, round_id, known_by))
    newest = (
        sa.select(submissions.c.application_id, sa.func.max(submissions.c.intake_id).label("intake_id"))
        .join(intakes, intakes.c.id == submissions.c.intake_id)
        .where(effective)
        .group_by(submissions.c.application_id)
        .subquery()
    )
    query = (
        sa.select(applications, newest.c.intake_id, *columns)
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
    latest = newest_intakes(connection, round_id, known_by)
    decided = None if known_by is None else _decided(connection, round_id, known_by)

    def withdrawal(row: Any) -> str:
        own = row.withdrawal, row.withdrawal_intake_id
        if decided is not None:
            own = decided.get(row.id, ("", 0)) or own
        return _withdrawal(row, latest[row.city], *own)

    return connection.execute(query).all(), withdrawal


def _counting(connection: sa.Connection, round_id: int, known_by: datetime | None) -> sa.ColumnElement[bool]:
    """Which intakes count: now, or at a past moment as the ledger tells."""
    if known_by is None:
        return intakes.c.state == "effective"
    counted: set[int] = set()
    for row in _said(connection, round_id, (*_COUNTS, _UNDONE), known_by):
        (counted.discard if row.action == _UNDONE else counted.add)(int(row.subject_id))
    return intakes.c.id.in_(counted)


def _decided(connection: sa.Connection, round_id: int, known_by: datetime) -> dict[int, tuple[str, int] | None]:
    """What had been decided about rows that disappeared: withdrawn or kept, and the intake it was decided on.

    None where the entry is from before entries told it: then the application's own line tells.
    """
    return {
        int(row.subject_id): (row.details["withdrawal"], row.details["intake"]) if row.details else None
        for row in _said(connection, round_id, ("intake.withdrawal",), known_by)
    }


def _said(connection: sa.Connection, round_id: int, actions: Sequence[str], known_by: datetime) -> Sequence[Any]:
    query = sa.select(ledger.c.subject_id, ledger.c.action, ledger.c.details).where(
        ledger.c.round_id == round_id, ledger.c.action.in_(actions), ledger.c.at <= known_by
    )
    return connection.execute(query.order_by(ledger.c.id)).all()


def text_of(held: Held, column: str) -> str:
    """A text of 推荐汇总表 as typed ('' where empty or wrong)."""
    found = held.record["rows"]["推荐汇总表"][0]["fields"].get(column)
    return "" if found is None or found[3] is None else str(found[3])


def _withdrawal(row: Any, last: Any, decision: str, decided_on: int) -> str:
    if row.intake_id == last.id or row.key in last.unjudged:
        return ""
    # a decision holds until the row comes back and goes again
    decided = decision and decided_on > row.intake_id
    return decision if decided else "pending"


def newest_intakes(connection: sa.Connection, round_id: int, known_by: datetime | None = None) -> dict[str, Any]:
    """The newest effective intake of each city; `known_by`: at that moment."""
    newest = (
        sa.select(sa.func.max(intakes.c.id))
        .where(intakes.c.round_id == round_id, _counting(connection, round_id, known_by))
        .group_by(intakes.c.city)
    )
    return {row.city: row for row in connection.execute(sa.select(intakes).where(intakes.c.id.in_(newest)))}


def newest_assessments(
    connection: sa.Connection, ids: Sequence[int], known_by: datetime | None = None
) -> dict[int, Any]:
    """The newest assessment of each application; `known_by`: at that moment."""
    newest = sa.select(sa.func.max(assessments.c.id)).where(assessments.c.application_id.in_(ids))
    if known_by is not None:
        newest = newest.where(assessments.c.at <= known_by)
    newest = newest.group_by(assessments.c.application_id)
    found = connection.execute(sa.select(assessments).where(assessments.c.id.in_(newest)))
    return {row.application_id: row for row in found}


def standing_verified(
    connection: sa.Connection, ids: Sequence[int], known_by: datetime | None = None
) -> dict[int, list[Any]]:
    """The 核定值 in force, by application; `known_by`: at that moment."""
    return _standing(connection, verified_values, ids, known_by)


def standing_determinations(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """The 人工认定 in force, by application."""
    return _standing(connection, determinations, ids)


def _standing(
    connection: sa.Connection, table: sa.Table, ids: Sequence[int], known_by: datetime | None = None
) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    query = sa.select(table).where(table.c.application_id.in_(ids)).order_by(table.c.id)
    if known_by is None:
        query = query.where(table.c.ended_at.is_(None))
    else:
        query = query.where(table.c.at <= known_by, sa.or_(table.c.ended_at.is_(None), table.c.ended_at > known_by))
    for row in connection.execute(query):
        found.setdefault(row.application_id, []).append(row)
    return found


def one(connection: sa.Connection, query: sa.Select[Any], missing: str) -> Any:
    """The single row of a query; Refused with the sentence where there is none."""
    row = connection.execute(query).first()
    if row is None:
        raise Refused(missing)
    return row
