"""Read model of how far the scoring of a round is and what came of it. For inside the house only (第八条).

Everything stands by division code and name, experts by code: nothing here is in an order that follows scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.scoring.results import Result, grade, nearest_bound
from core.scoring.settings import ScoringSettings
from core.scoring.severity import Scored as Total
from core.scoring.severity import Severities, Severity, severities
from core.scoring.shown import shown
from core.services.own_sheets import RANGE
from core.services.panel import STATES, SUBMITTED, Assigned, Panel, PanelExpert, State
from core.services.subjects import Scored
from core.store.tables import assignments, score_drafts, score_entries
from core.views.panel import panel_view


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """An expert and an application that the expert is assigned to. `total` is None until the sheet is in.

    `recused`: something speaks against the pair, so nothing of it counts.
    """

    assigned: Assigned
    total: Fraction | None
    recused: bool

    @property
    def code(self) -> str:
        """The expert's code."""
        return self.assigned.code


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """An application: its cells by expert, what they come to, and in which grade ('': none, or not known yet)."""

    subject: Scored
    cells: tuple[ScoreCell, ...]
    result: Result
    grade: str

    @property
    def complete(self) -> bool:
        """Whether no expert is missing; until then it has no score."""
        return self.result.complete


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an expert is: `states` counts the own assignments that count, `missing` names what is not in yet."""

    expert: PanelExpert
    states: Mapping[State, int]
    missing: tuple[str, ...]

    @property
    def assigned(self) -> int:
        """How many applications the expert is to score."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class ScoresView:
    """The scoring of a round. `rows` by application in official order, `progress` by the experts' code.

    An application is among them once it passes its checks, or where somebody is assigned to it.
    """

    panel: Panel
    settings: ScoringSettings
    rows: Mapping[int, ScoreRow]
    progress: tuple[Progress, ...]

    @property
    def states(self) -> dict[State, int]:
        """How many sheets of the whole round are in which state."""
        return {state: sum(one.states[state] for one in self.progress) for state in STATES}

    def recused(self, application_id: int) -> dict[str, str]:
        """Who of this round's experts may not score an application, by code, and the first ground for it."""
        found = ((one, self.panel.grounds(one.id, application_id)) for one in self.panel.members)
        return {one.code: grounds[0].sentence for one, grounds in found if grounds}

    def aggregate_text(self, row: ScoreRow) -> str:
        """An application's score as it is shown: never equal to a bound (pass line, grade) that it is not equal to."""
        value = row.result.total.aggregate
        return "" if value is None else shown(value, nearest_bound(value, self.settings))


@dataclass(frozen=True, slots=True)
class ExpertSeverity:
    """An expert's own scores beside the estimate. `mean` is that of the totals as they were given, never altered."""

    expert: PanelExpert
    mean: Fraction
    severity: Severity


@dataclass(frozen=True, slots=True)
class SeverityView:
    """All experts with a score, by code. `groups`: their codes, one group after the other; see `Severities`."""

    experts: tuple[ExpertSeverity, ...]
    groups: tuple[tuple[str, ...], ...]
    comparable: bool


_RESULTS: Final = "results of scoring"


def scores_view(app: App, round_id: int) -> ScoresView | None:
    """The scoring of a round as it is now; None before its settings are decided. Callers change nothing in it."""
    seen = panel_view(app, round_id)
    if seen.settings is None:
        return None
    held: tuple[Mapping[int, Scored], ScoresView] | None = app.remembered.get(("scores", round_id))
    if held is not None and held[0] is seen.subjects:  # read anew with every change of the panel
        return held[1]
    counted = seen.counted()
    results = _results(app, seen, counted)
    standing: dict[int, list[Assigned]] = {number: [] for number in seen.subjects}
    for each in seen.assignments:
        standing.get(each.application_id, []).append(each)
    rows = {
        number: _row(seen, number, standing[number], results[number])
        for number, subject in seen.subjects.items()
        if subject.eligible or standing[number]
    }
    view = ScoresView(seen, seen.settings, rows, _progress(seen, counted))
    with app.lock:
        app.remembered["scores", round_id] = (seen.subjects, view)
    return view


def severity_view(app: App, round_id: int) -> SeverityView:
    """How severe the experts of a round are, beside what they gave. Empty before the first sheet that counts."""
    view = scores_view(app, round_id)
    if view is None:
        return SeverityView((), (), True)
    held: tuple[ScoresView, SeverityView] | None = app.remembered.get(("severity", round_id))
    if held is not None and held[0] is view:
        return held[1]
    totals = [
        Total(number, code, total)
        for number, row in view.rows.items()
        for code, total in row.result.total.by_expert.items()
    ]
    found = _beside_means(view, totals, severities(totals))
    with app.lock:
        app.remembered["severity", round_id] = (view, found)
    return found


def drafts(app: App, view: ScoresView) -> dict[int, int]:
    """How many sheets each expert (by number) has begun to type and not handed in, of those that count.

    Asked anew each time: a draft is no act, so the ledger does not grow with it.
    """
    newest = (
        sa.select(sa.func.coalesce(sa.func.max(score_entries.c.number), 0))
        .where(score_entries.c.assignment_id == score_drafts.c.assignment_id)
        .scalar_subquery()
    )
    query = (
        sa.select(assignments.c.id, assignments.c.expert_id)
        .join_from(assignments, score_drafts)
        # one from before the newest entry holds no more
        .where(assignments.c.round_id == view.panel.round_id, score_drafts.c.version >= newest * RANGE)
    )
    counted = {cell.assigned.id for row in view.rows.values() for cell in row.cells if not cell.recused}
    with app.reader.connect() as connection:
        return dict(Counter(row.expert_id for row in connection.execute(query) if row.id in counted))


def _results(app: App, seen: Panel, counted: Mapping[int, tuple[Assigned, ...]]) -> dict[int, Result]:
    """What each application comes to, reckoned again only where a sheet was added: of 600 most stay as they are."""
    known: dict[int, tuple[Any, Result]] = app.remembered.get((_RESULTS, seen.round_id), {})
    found = {}
    for number, some in counted.items():
        # entries are added to, never changed, so their numbers say what they hold
        key = (seen.settings_version, tuple((each.id, each.number) for each in some))
        before = known.get(number)
        found[number] = before if before is not None and before[0] == key else (key, seen.result_of(some))
    with app.lock:
        app.remembered[_RESULTS, seen.round_id] = found
    return {number: made for number, (_, made) in found.items()}


def _row(seen: Panel, number: int, standing: list[Assigned], made: Result) -> ScoreRow:
    cells = tuple(
        ScoreCell(each, made.total.by_expert.get(each.code), each.code not in made.assigned)
        for each in sorted(standing, key=lambda one: one.code)
    )
    score = made.total.aggregate
    return ScoreRow(seen.subjects[number], cells, made, "" if score is None else grade(score, seen.required()))


def _progress(seen: Panel, counted: Mapping[int, tuple[Assigned, ...]]) -> tuple[Progress, ...]:
    own: dict[int, list[Assigned]] = {one.id: [] for one in seen.members}
    for some in counted.values():  # in official order, so that what is missing is named in it
        for each in some:
            own.setdefault(each.expert_id, []).append(each)
    found = []
    for number, mine in own.items():
        states: dict[State, int] = dict.fromkeys(STATES, 0)
        for each in mine:
            states[each.state] += 1
        missing = tuple(seen.subjects[each.application_id].name for each in mine if each.state != SUBMITTED)
        found.append(Progress(seen.experts[number], states, missing))
    return tuple(sorted(found, key=lambda one: one.expert.code))


def _beside_means(view: ScoresView, totals: list[Total], made: Severities) -> SeverityView:
    given: dict[str, list[Fraction]] = {}
    for one in totals:
        given.setdefault(one.expert, []).append(one.total)
    experts = {one.code: one for one in view.panel.experts.values()}
    return SeverityView(
        tuple(
            ExpertSeverity(experts[one.expert], sum(given[one.expert], Fraction(0)) / len(given[one.expert]), one)
            for one in made.experts
        ),
        made.groups,
        made.comparable,
    )
