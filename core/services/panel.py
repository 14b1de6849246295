"""What scoring rests on, read in one go: the settings, the experts, what is scored, recusals, who scores what.

Read inside a unit of work by whatever decides, and on a reading connection by whatever shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.scoring.recusal import Decision, Expert, Ground, Recusals
from core.scoring.results import Result, result
from core.scoring.settings import ScoringSettings
from core.scoring.settings_document import read
from core.scoring.sheets import Sheet
from core.services.subjects import Scored, scored
from core.standards import loader
from core.standards.rubric import Rubric
from core.store.queries import one
from core.store.tables import (
    assignments,
    experts,
    panel_members,
    recusals,
    rounds,
    score_drafts,
    score_entries,
    scoring_settings,
)

SUBMITTED: Final = "submitted"
REOPENED: Final = "reopened"
NOT_OPEN: Final = "本轮还没有定评审设置，不能打分。请先在“专家评审”的“评审设置”中确定。"
State = Literal["unseen", "open", "submitted", "reopened"]
STATES: Final[Mapping[State, str]] = {
    "unseen": "未开始",
    "open": "评审中",
    "submitted": "已交",
    "reopened": "退回重评",
}


@dataclass(frozen=True, slots=True)
class PanelExpert:
    """An expert of the house. `member`: asked to score in this round. `expert` is what recusal looks at."""

    id: int
    account_id: int | None
    expert: Expert
    note: str
    active: bool
    member: bool
    version: int

    @property
    def code(self) -> str:
        """What stands for the name where names are not shown."""
        return self.expert.code

    @property
    def name(self) -> str:
        """The person's name."""
        return self.expert.name


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who scores what. `number` is that of the newest entry of its sheet (0: none yet); `content` what it holds.

    `cleared_at`: when the expert said at first sight that there is no conflict. An ended one counts for nothing.
    """

    id: int
    application_id: int
    expert_id: int
    code: str
    cleared_at: datetime | None
    ended_at: datetime | None
    end_reason: str
    version: int
    number: int = 0
    kind: str = ""
    content: Mapping[str, Any] = field(default_factory=dict)
    via: str = ""
    at: datetime | None = None

    @property
    def state(self) -> State:
        """How far it is."""
        if self.kind == SUBMITTED:
            return "submitted"
        if self.kind == REOPENED:
            return "reopened"
        return "open" if self.cleared_at else "unseen"

    @property
    def sheet(self) -> Sheet | None:
        """What was handed in, where it counts."""
        return sheet_of(self.code, self.content) if self.kind == SUBMITTED else None


@dataclass(frozen=True, slots=True)
class Panel:
    """The scoring of a round. `settings` None: not decided yet. `locked`: a score has been given.

    `experts` by id, `subjects` by application in official order; `assignments` those that stand, `ended` the others.
    """

    round_id: int
    year: int
    rubric: Rubric
    settings: ScoringSettings | None
    document: str
    settings_version: int
    locked: bool
    experts: Mapping[int, PanelExpert]
    subjects: Mapping[int, Scored]
    recusals: Recusals
    assignments: tuple[Assigned, ...]
    ended: tuple[Assigned, ...]

    @property
    def members(self) -> tuple[PanelExpert, ...]:
        """Who scores in this round, by code."""
        return tuple(each for each in self.experts.values() if each.member and each.active)

    def required(self) -> ScoringSettings:
        """The settings; Refused where they are not decided."""
        if self.settings is None:
            raise Refused(NOT_OPEN)
        return self.settings

    def grounds(self, expert_id: int, application_id: int) -> tuple[Ground, ...]:
        """Why an expert may not score an application; () where nothing is against it."""
        return self.recusals.grounds(self.experts[expert_id].expert, self.subjects[application_id].subject)

    def of(self, application_id: int) -> tuple[Assigned, ...]:
        """The standing assignments of an application, by the expert's code."""
        return tuple(each for each in self.assignments if each.application_id == application_id)

    def counted(self) -> dict[int, tuple[Assigned, ...]]:
        """The standing assignments that count, by application: those of a recused expert do not."""
        found: dict[int, list[Assigned]] = {number: [] for number in self.subjects}
        for each in self.assignments:
            if each.application_id in found and not self.grounds(each.expert_id, each.application_id):
                found[each.application_id].append(each)
        return {number: tuple(some) for number, some in found.items()}

    def results(self) -> dict[int, Result]:
        """What the scores of each application come to, in official order. Refused without settings."""
        self.required()
        return {number: self.result_of(some) for number, some in self.counted().items()}

    def result_of(self, counted: Sequence[Assigned]) -> Result:
        """What the scores of one application come to, out of its assignments that count. Refused without settings."""
        sheets = [sheet for each in counted if (sheet := each.sheet) is not None]
        return result((each.code for each in counted), sheets, self.required())


def panel(app: App, connection: sa.Connection, round_id: int) -> Panel:
    """The scoring of a round as it stands on this connection."""
    row = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    rubric = loader.load(row.standard_id).rubric
    decided = connection.execute(sa.select(scoring_settings).where(scoring_settings.c.round_id == round_id)).first()
    known = _experts(connection, round_id)
    found = _assigned(connection, round_id, known)
    settings = None if decided is None else read(decided.content, rubric)
    return Panel(
        round_id,
        row.year,
        rubric,
        settings,
        "" if decided is None else decided.document,
        0 if decided is None else decided.version,
        is_locked(connection, round_id),
        known,
        scored(app, connection, round_id),
        Recusals(
            same_city=settings is not None and settings.same_city, decisions=_decisions(connection, round_id, known)
        ),
        tuple(each for each in found if each.ended_at is None),
        tuple(each for each in found if each.ended_at is not None),
    )


def is_locked(connection: sa.Connection, round_id: int) -> bool:
    """Whether a score has been given in a round, handed in or only typed: from then on its settings hold."""
    own = sa.select(assignments.c.id).where(assignments.c.round_id == round_id)
    given = sa.select(score_entries.c.assignment_id).where(score_entries.c.assignment_id.in_(own)).limit(1)
    if connection.execute(given).first() is not None:
        return True
    typed = sa.select(score_drafts.c.content).where(score_drafts.c.assignment_id.in_(own))
    return any(row.content.get("scores") for row in connection.execute(typed))


def sheet_of(code: str, content: Mapping[str, Any]) -> Sheet:
    """A stored sheet with its exact numbers."""
    return Sheet(
        code,
        {indicator: Decimal(text) for indicator, text in content.get("scores", {}).items()},
        content.get("comments", {}),
        content.get("counts", {}),
    )


def content_of(sheet: Sheet) -> dict[str, Any]:
    """A sheet as it is stored: numbers as texts, so that none is rounded."""
    return {
        "scores": {indicator: f"{score:f}" for indicator, score in sheet.scores.items()},
        "comments": dict(sheet.comments),
        "counts": dict(sheet.counts),
    }


def _experts(connection: sa.Connection, round_id: int) -> dict[int, PanelExpert]:
    member = sa.select(panel_members.c.expert_id).where(panel_members.c.round_id == round_id)
    asked = set(connection.execute(member).scalars())
    return {
        row.id: PanelExpert(
            row.id,
            row.account_id,
            Expert(row.code, row.name, tuple(row.units), row.city or None, frozenset(row.fields)),
            row.note,
            row.active,
            row.id in asked,
            row.version,
        )
        for row in connection.execute(sa.select(experts).order_by(experts.c.code))
    }


def _decisions(connection: sa.Connection, round_id: int, known: Mapping[int, PanelExpert]) -> list[Decision]:
    query = sa.select(recusals).where(recusals.c.round_id == round_id, recusals.c.ended_at.is_(None))
    return [
        Decision(
            known[row.expert_id].code,
            row.application_id,
            row.kind != "set_aside",
            row.reason,
            declared=row.kind == "declared",
        )
        for row in connection.execute(query.order_by(recusals.c.id))
    ]


def _assigned(connection: sa.Connection, round_id: int, known: Mapping[int, PanelExpert]) -> list[Assigned]:
    own = sa.select(assignments.c.id).where(assignments.c.round_id == round_id)
    newest = (
        sa.select(score_entries.c.assignment_id, sa.func.max(score_entries.c.number).label("number"))
        .where(score_entries.c.assignment_id.in_(own))
        .group_by(score_entries.c.assignment_id)
        .subquery()
    )
    entries = sa.select(score_entries).join(
        newest,
        sa.and_(newest.c.assignment_id == score_entries.c.assignment_id, newest.c.number == score_entries.c.number),
    )
    handed = {row.assignment_id: row for row in connection.execute(entries)}
    found = []
    for row in connection.execute(sa.select(assignments).where(assignments.c.round_id == round_id)):
        entry = handed.get(row.id)
        rest = () if entry is None else (entry.number, entry.kind, entry.content, entry.via, entry.at)
        found.append(
            Assigned(
                row.id, row.application_id, row.expert_id, known[row.expert_id].code,
                row.cleared_at, row.ended_at, row.end_reason, row.version, *rest,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.application_id, one.code, one.id))
