"""What the store holds of the scoring of one application: settings, experts, who was asked, recused, what they gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.scoring.recusal import Decision, Expert, Ground, Recusals
from core.scoring.results import Result, result
from core.scoring.settings import ScoringSettings
from core.scoring.settings_document import read
from core.services.decision_data import About
from core.services.panel import SUBMITTED, sheet_of
from core.services.subjects import Scored, scored
from core.standards import loader
from core.standards.rubric import Rubric
from core.store.tables import assignments, experts, recusals, rounds, score_entries, scoring_settings


@dataclass(frozen=True, slots=True)
class Asked:
    """An assignment with every entry of its sheet, oldest first. `grounds`: why it does not count, () where it does."""

    row: Any
    code: str
    entries: tuple[Any, ...]
    grounds: tuple[Ground, ...]

    @property
    def stands(self) -> bool:
        """Whether it has not ended."""
        return self.row.ended_at is None

    @property
    def counts(self) -> bool:
        """Whether its sheet counts."""
        return self.stands and not self.grounds

    @property
    def held(self) -> Any:
        """The entry that holds; None where nothing was handed in, or it was given back."""
        newest = self.entries[-1] if self.entries else None
        return newest if newest is not None and newest.kind == SUBMITTED else None


@dataclass(frozen=True, slots=True)
class Scoring:
    """The scoring of one application. `subject` None: it is not one that is scored. `result` None without settings."""

    subject: Scored | None
    rubric: Rubric
    settings: ScoringSettings | None
    document: str
    asked: tuple[Asked, ...]
    recused: tuple[Any, ...]
    result: Result | None

    @property
    def experts(self) -> set[int]:
        """Everybody who was asked or recused."""
        return {each.row.expert_id for each in self.asked} | {row.expert_id for row in self.recused}


def scoring_of(app: App, connection: sa.Connection, seen: About) -> Scoring:
    """The scoring of an application as it stands on this connection, and how it came to be."""
    standard = connection.execute(sa.select(rounds.c.standard_id).where(rounds.c.id == seen.round_id)).scalar_one()
    rubric = loader.load(standard).rubric
    decided = connection.execute(
        sa.select(scoring_settings).where(scoring_settings.c.round_id == seen.round_id)
    ).first()
    settings = None if decided is None else read(decided.content, rubric)
    subject = scored(app, connection, seen.round_id, of=[seen.id]).get(seen.id)
    recused = connection.execute(
        sa.select(recusals).where(recusals.c.application_id == seen.id).order_by(recusals.c.id)
    ).all()
    asked = _asked(connection, seen.id, subject, settings, recused)
    counted = [each for each in asked if each.counts]
    sheets = [sheet_of(each.code, each.held.content) for each in counted if each.held is not None]
    made = None if settings is None or subject is None else result((each.code for each in counted), sheets, settings)
    document = "" if decided is None else decided.document
    return Scoring(subject, rubric, settings, document, asked, tuple(recused), made)


def _asked(
    connection: sa.Connection,
    number: int,
    subject: Scored | None,
    settings: ScoringSettings | None,
    recused: Sequence[Any],
) -> tuple[Asked, ...]:
    rows = connection.execute(
        sa.select(assignments).where(assignments.c.application_id == number).order_by(assignments.c.id)
    ).all()
    entries: dict[int, list[Any]] = {row.id: [] for row in rows}
    query = sa.select(score_entries).where(score_entries.c.assignment_id.in_(entries))
    for entry in connection.execute(query.order_by(score_entries.c.assignment_id, score_entries.c.number)):
        entries[entry.assignment_id].append(entry)
    wanted = {row.expert_id for row in (*rows, *recused)}
    people = {row.id: row for row in connection.execute(sa.select(experts).where(experts.c.id.in_(wanted)))}
    barring = Recusals(same_city=settings is not None and settings.same_city, decisions=_decisions(recused, people))
    found = []
    for row in rows:
        each = people[row.expert_id]
        person = Expert(each.code, each.name, tuple(each.units), each.city or None, frozenset(each.fields))
        grounds = () if subject is None or row.ended_at is not None else barring.grounds(person, subject.subject)
        found.append(Asked(row, each.code, tuple(entries[row.id]), grounds))
    return tuple(sorted(found, key=lambda one: (one.code, one.row.id)))


def _decisions(recused: Sequence[Any], people: Mapping[int, Any]) -> list[Decision]:
    return [
        Decision(
            people[row.expert_id].code,
            row.application_id,
            row.kind != "set_aside",
            row.reason,
            declared=row.kind == "declared",
        )
        for row in recused
        if row.ended_at is None
    ]
