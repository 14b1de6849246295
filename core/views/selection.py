"""Read model of what can be proposed: the 创建申报 of a round, how far each is, and what people choose by.

Rests on nothing that is not in the ledger: sheets that are only typed do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.table import load
from core.scoring.results import MARKS
from core.services.candidates import Candidate
from core.services.selection import ground_with
from core.services.selection_rules import Ground, Quota, quotas, reasons_open_to
from core.services.subjects import PASS
from core.standards import loader
from core.standards.edition import Edition
from core.standards.rubric import Outcome
from core.store.queries import one
from core.store.tables import rounds
from core.views.remembering import remember
from core.views.scores import ScoreRow, ScoresView, scores_view

UNSCORED, INCOMPLETE, REACHED, BELOW, UNGRADED, COMPLETE = (
    *("未评审", "评分未齐", "达到合格线", "未达到合格线", "未列入等次", "已评齐"),
)


@dataclass(frozen=True, slots=True)
class Support:
    """A ground on which equals may be preferred. `evidence`: the cell that says so, or what people look for.

    `found`: whether the application's own cell says so already; else people find it from the evidence.
    """

    code: str
    clause: str
    name: str
    evidence: str
    found: bool


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A candidate. `score` (two places) and `marks` are for the house only; `gap` says what the scores lack.

    `reasons`: the codes of the reasons that it can be given, by outcome; none of an outcome it cannot have.
    """

    candidate: Candidate
    group: str
    score: str
    gap: str
    marks: tuple[str, ...]
    supports: tuple[Support, ...]
    reasons: Mapping[Outcome, tuple[str, ...]]

    @property
    def id(self) -> int:
        """The application's number."""
        return self.candidate.application_id


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The candidates in official order; `waiting` counts those that nobody has decided on, `passing` those of them
    that may be listed now, `fresh` those whose case is not begun yet. `scored`: the round decided about scoring.
    `ground`: what a choice is made on.
    """

    rows: tuple[SelectionRow, ...]
    ground: Ground
    quotas: tuple[Quota, ...]
    waiting: int
    passing: int
    fresh: int
    scored: bool


def selection_view(app: App, round_id: int) -> SelectionView:
    """The candidates of a round as they are now. Remembered: callers change nothing in it."""

    def ask(connection: sa.Connection) -> SelectionView:
        scores = scores_view(app, round_id)
        results = None if scores is None else {number: row.result for number, row in scores.rows.items()}
        ground = ground_with(connection, round_id, results)
        standard = one(connection, sa.select(rounds.c.standard_id).where(rounds.c.id == round_id), "").standard_id
        edition = loader.load(standard)
        rows = tuple(_row(ground, scores, edition, each) for each in ground.candidates.values())
        waiting = [row for row in rows if row.candidate.waits]
        return SelectionView(
            rows,
            ground,
            tuple(quotas(ground, {})),
            len(waiting),
            sum(bool(row.reasons["selected"]) for row in waiting),
            sum(row.candidate.status is None for row in rows),
            scores is not None,
        )

    return remember(app, ("selection", round_id), ask)


def status_word(each: Candidate) -> str:
    """Where its case stands; one that is not begun has been taken in, and no more."""
    return load().statuses[each.status].name if each.status else "已受理，未选定"


def _row(ground: Ground, scores: ScoresView | None, edition: Edition, each: Candidate) -> SelectionRow:
    scored = None if scores is None or each.verdict != PASS else scores.rows.get(each.application_id)
    return SelectionRow(
        each,
        _group(scores, scored),
        "" if scores is None or scored is None else scores.aggregate_text(scored),
        "" if scored is None else scored.result.gap,
        () if scored is None else tuple(MARKS[mark] for mark in scored.result.marks),
        _supports(edition, each),
        {outcome: tuple(one.code for one in reasons) for outcome, reasons in reasons_open_to(ground, each).items()},
    )


def _group(scores: ScoresView | None, scored: ScoreRow | None) -> str:
    """What people choose within: the pass line, or the grade where the round has some."""
    if scores is None or scored is None:
        return UNSCORED
    if not scored.complete:
        return INCOMPLETE
    if scores.settings.grades:
        return scored.grade or UNGRADED
    return COMPLETE if scored.result.passed is None else REACHED if scored.result.passed else BELOW


def _supports(edition: Edition, each: Candidate) -> tuple[Support, ...]:
    held = [
        Support(
            one.code,
            one.clause,
            one.column.column,
            f"{one.column.sheet}{cell}“{one.column.column}”：{one.option}",
            True,
        )
        for one in edition.preferences
        if (cell := each.preferences.get(one.code)) is not None
    ]
    sought = [
        Support(one.code, one.clause, one.name, one.evidence, False) for one in edition.rubric.merits_for(each.kind)
    ]
    return (*held, *sought)
