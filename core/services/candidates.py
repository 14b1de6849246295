"""Who can be proposed: every 创建申报 of a round that is held, and how far its case is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.bootstrap import App
from core.lifecycle.entries import Identity
from core.records import APPLICANTS, with_verified
from core.services.case_files import places
from core.standards import loader
from core.standards.edition import Edition
from core.standards.rules import Kind
from core.store.queries import Held, held_applications, newest_assessments, one, standing_verified, text_of
from core.store.tables import cases, intakes, rounds, standings, submissions

CREATION: Final = "创建申报"
WAITING: Final = "recommended"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A 创建申报 that is held. `case_id` and `status` are None before its case is begun; nothing here is a score.

    Texts are as verified (核定值) where they are. `taken`: when it was first taken in. `preferences`: codes of the
    edition's, each with the cell that says so.
    """

    application_id: int
    case_id: int | None
    city: str
    number: str
    name: str
    kind: Kind
    operator: str
    verdict: str
    status: str | None
    preferences: Mapping[str, str]
    uscc: str
    category: str
    taken: datetime

    @property
    def identity(self) -> Identity:
        """What its case is called."""
        return Identity(self.name, self.operator, self.uscc)

    @property
    def waits(self) -> bool:
        """Whether nobody has decided yet whether it is proposed."""
        return self.status in (None, WAITING)


def candidates(app: App, round_id: int) -> list[Candidate]:
    """Every 创建申报 of the round that is held, in official order (第八条). Withdrawn and undecided ones are none."""
    with app.reader.connect() as connection:
        return held_candidates(connection, round_id)


def held_candidates(connection: sa.Connection, round_id: int) -> list[Candidate]:
    """The same on an open connection, for use inside a unit of work."""
    return candidates_and_gone(connection, round_id)[0]


def candidates_and_gone(connection: sa.Connection, round_id: int) -> tuple[list[Candidate], list[str]]:
    """The candidates, and beside them whose row has disappeared from the workbook and is still to be decided on.

    The latter as `沈阳市“甲”`, in official order.
    """
    settings = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    every = [each for each in held_applications(connection, round_id) if text_of(each, "申报类别") == CREATION]
    held = [each for each in every if each.withdrawal in ("", "kept")]
    ids = [each.application_id for each in held]
    judged, verified = newest_assessments(connection, ids), standing_verified(connection, ids)
    begun, taken = _begun(connection, round_id), _taken(connection, round_id)
    edition = loader.load(settings.standard_id)
    found = []
    for each in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(each.application_id, ())}
        record = with_verified(each.record, values) if values else each.record
        case = begun.get(each.application_id)
        assessment = judged.get(each.application_id)
        found.append(
            _candidate(
                Held(each.application_id, each.city, each.key, each.version, each.intake_id, record, each.withdrawal),
                edition,
                (None, None) if case is None else (case.id, case.status),
                "" if assessment is None else assessment.verdict,
                taken[each.application_id],
            )
        )
    gone = sorted(
        (places()[each.city][0], text_of(each, "平台（基地）名称"), each.city)
        for each in every
        if each.withdrawal == "pending"
    )
    found.sort(key=lambda one: (places()[one.city][0], one.name))
    return found, [f"{city}“{name}”" for _, name, city in gone]


def _begun(connection: sa.Connection, round_id: int) -> dict[int, Any]:
    """The cases that have been begun from applications of a round: id and status, by application."""
    query = (
        sa.select(cases.c.id, cases.c.application_id, standings.c.status)
        .join(standings, standings.c.case_id == cases.c.id)
        .where(cases.c.round_id == round_id, cases.c.application_id.is_not(None))
    )
    return {row.application_id: row for row in connection.execute(query)}


def _taken(connection: sa.Connection, round_id: int) -> dict[int, datetime]:
    """When each application of a round was first taken in."""
    query = (
        sa.select(submissions.c.application_id, sa.func.min(intakes.c.taken_at).label("at"))
        .join(intakes, intakes.c.id == submissions.c.intake_id)
        .where(intakes.c.round_id == round_id, intakes.c.state == "effective")
        .group_by(submissions.c.application_id)
    )
    return {row.application_id: row.at for row in connection.execute(query)}


def _candidate(
    held: Held, edition: Edition, case: tuple[int | None, str | None], verdict: str, taken: datetime
) -> Candidate:
    kind = KINDS[text_of(held, "类型")]
    return Candidate(
        held.application_id,
        case[0],
        held.city,
        text_of(held, "编号"),
        text_of(held, "平台（基地）名称"),
        kind,
        text_of(held, "运营主体"),
        verdict,
        case[1],
        {
            each.code: held.record["rows"][APPLICANTS][0]["fields"][each.column.column][0]
            for each in edition.preferences
            if text_of(held, each.column.column) == each.option
        },
        text_of(held, "统一社会信用代码"),
        text_of(held, "平台类别") if kind == "platform" else "",
        taken,
    )
