"""Read model of what can be proposed: the 创建申报 of a round, how far each is, and what people choose by.

Rests on nothing that is not in the ledger: sheets that are only typed do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.table import load
from core.scoring.results import MARKS, Result, grade
from core.scoring.settings import ScoringSettings
from core.scoring.shown import shown
from core.services.candidates import Candidate
from core.services.panel import panel
from core.services.selection import ground_of
from core.services.selection_rules import Quota, quotas, reasons_open_to
from core.services.subjects import PASS
from core.standards import loader
from core.standards.edition import Edition
from core.standards.rubric import Outcome, Rubric
from core.store.queries import one
from core.store.tables import rounds
from core.views.remembering import remember

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
    """

    rows: tuple[SelectionRow, ...]
    rubric: Rubric
    quotas: tuple[Quota, ...]
    waiting: int
    passing: int
    fresh: int
    scored: bool


def selection_view(app: App, round_id: int) -> SelectionView:
    """The candidates of a round as they are now. Remembered: callers change nothing in it."""

    def ask(connection: sa.Connection) -> SelectionView:
        ground, settings = ground_of(app, connection, round_id), panel(app, connection, round_id).settings
        standard = one(connection, sa.select(rounds.c.standard_id).where(rounds.c.id == round_id), "").standard_id
        edition = loader.load(standard)
        rows = []
        for number, each in ground.candidates.items():
            result = None if ground.results is None or each.verdict != PASS else ground.results.get(number)
            open_to = reasons_open_to(ground, each)
            rows.append(
                SelectionRow(
                    each,
                    _group(result, settings),
                    _score(result, settings),
                    "" if result is None else result.gap,
                    () if result is None else tuple(MARKS[mark] for mark in result.marks),
                    _supports(edition, each),
                    {outcome: tuple(one.code for one in reasons) for outcome, reasons in open_to.items()},
                )
            )
        waiting = [row for row in rows if row.candidate.waits]
        return SelectionView(
            tuple(rows),
            ground.rubric,
            tuple(quotas(ground, {})),
            len(waiting),
            sum(bool(row.reasons["selected"]) for row in waiting),
            sum(row.candidate.status is None for row in rows),
            settings is not None,
        )

    return remember(app, ("selection", round_id), ask)


def status_word(each: Candidate) -> str:
    """Where its case stands; one that is not begun has been taken in, and no more."""
    return load().statuses[each.status].name if each.status else "已受理，未选定"


def _group(result: Result | None, settings: ScoringSettings | None) -> str:
    """What people choose within: the pass line, or the grade where the round has some."""
    if result is None or settings is None:
        return UNSCORED
    if result.total.aggregate is None:
        return INCOMPLETE
    if settings.grades:
        return grade(result.total.aggregate, settings) or UNGRADED
    return COMPLETE if result.passed is None else REACHED if result.passed else BELOW


def _score(result: Result | None, settings: ScoringSettings | None) -> str:
    if result is None or settings is None or result.total.aggregate is None:
        return ""
    return shown(result.total.aggregate, settings.pass_line)


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
