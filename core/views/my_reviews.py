"""Read model of 我的评审: an expert's own sheets, and one of them. Nothing of others but what the round lets be seen.

Whether drafts are there is asked every time: they are in no ledger, so nothing that rests on them is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.scoring.sheets import total
from core.scoring.shown import shown
from core.scoring.typed import SCORES, Texts, read_typed
from core.services.own_sheets import NOTHING, Draft, Own, draft_of, drafts_of, own_sheet, own_sheets
from core.services.panel import STATES, State, panel
from core.standards.rubric import Demand
from core.views.checks import KIND_WORDS
from core.views.review_facts import ReviewFacts, review_facts
from core.views.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Card:
    """One own sheet in the list. `filled` of `asked` indicators have a score; `at`: saved or handed in."""

    id: int
    name: str
    city: str
    kind: str
    state: State
    filled: int
    asked: int
    at: datetime | None

    @property
    def word(self) -> str:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class RoundCards:
    """The own sheets of a round, in official order."""

    year: int
    cards: tuple[Card, ...]

    @property
    def done(self) -> int:
        """How many are handed in."""
        return sum(each.state == "submitted" for each in self.cards)


@dataclass(frozen=True, slots=True)
class Box:
    """What is filled in for one indicator. `count`: what is to be counted, "" where nothing is; `least`: how much."""

    code: str
    name: str
    clause: str
    looks: str
    points: tuple[str, ...]
    weight: str
    scale: str
    count: str
    least: str


@dataclass(frozen=True, slots=True)
class FirstSight:
    """All that is shown before the expert has said that there is no conflict."""

    id: int
    name: str
    operator: str
    city: str
    kind: str


@dataclass(frozen=True, slots=True)
class Others:
    """What another expert gave: by code, never by name; scores by indicator as given, and their total."""

    code: str
    scores: Mapping[str, str]
    total: str


@dataclass(frozen=True, slots=True)
class SheetView:
    """One own sheet in full. `texts`: what stands in the boxes, or what was handed in; `at`: when it was.

    `version` and `settings_version` go back with every act. `why`: why it was given back. `total`: "" until complete.
    `notes` by indicator: what to think of before handing in. `following`: the next own sheet not handed in, 0: none.
    """

    sight: FirstSight
    year: int
    state: State
    boxes: tuple[Box, ...]
    comments: bool
    texts: Texts
    version: int
    settings_version: int
    at: datetime | None
    why: str
    total: str
    notes: Mapping[str, str]
    others: tuple[Others, ...]
    following: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What typed texts come to: `problems` by indicator keep them from being handed in, `notes` do not."""

    problems: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, str]
    total: str


def my_cards(app: App, actor: Actor) -> tuple[RoundCards, ...]:
    """The own sheets of every round, the newest first."""
    actor.require(Permission.SCORE)
    with app.reader.connect() as connection:
        owns = list(own_sheets(app, connection, actor).values())
        drafts = drafts_of(connection, owns)
    years = dict.fromkeys(each.year for each in owns)
    return tuple(
        RoundCards(year, tuple(_card(one, drafts[one.id]) for one in owns if one.year == year)) for year in years
    )


def my_sheet(app: App, actor: Actor, assignment_id: int) -> FirstSight | SheetView:
    """One own sheet: before the question of conflicts is answered its first sight only. Refused as if not there."""
    actor.require(Permission.SCORE)
    with app.reader.connect() as connection:
        own = own_sheet(app, connection, actor, assignment_id)
        if own.assigned.cleared_at is None:
            return _sight(own)
        draft = draft_of(connection, own)
        others = tuple(_others(app, connection, own))
        rest = [each.id for each in own_sheets(app, connection, actor).values() if _left(each) or each is own]
    checked = _checked(app, own, draft.texts)
    place = rest.index(own.id)
    later = [*rest[place + 1 :], *rest[:place]]
    return SheetView(
        sight=_sight(own),
        year=own.year,
        state=own.assigned.state,
        boxes=tuple(_boxes(app, own)),
        comments=own.settings.comments == "each",
        texts=draft.texts,
        version=draft.version,
        settings_version=own.settings_version,
        at=own.assigned.at if own.assigned.state == "submitted" else draft.saved_at,
        why=own.why,
        total=checked.total,
        notes=checked.notes,
        others=others,
        following=later[0] if later else 0,
    )


def my_facts(app: App, actor: Actor, assignment_id: int) -> ReviewFacts:
    """What was reported and judged of the application of an own sheet; Refused before the question is answered."""
    actor.require(Permission.SCORE)
    with app.reader.connect() as connection:
        own = own_sheet(app, connection, actor, assignment_id)
    if own.assigned.cleared_at is None:
        raise Refused(NOTHING)
    return review_facts(app, own.round_id, own.subject.id)


def check_typed(app: App, actor: Actor, assignment_id: int, texts: Mapping[str, Mapping[str, str]]) -> Checked:
    """What an expert has typed on an own sheet comes to."""
    actor.require(Permission.SCORE)
    with app.reader.connect() as connection:
        return _checked(app, own_sheet(app, connection, actor, assignment_id), texts)


def own_waiting(app: App, actor: Actor) -> Iterator[Waiting]:
    """What waits for an expert."""
    if not actor.may(Permission.SCORE):
        return
    for held in my_cards(app, actor)[:1]:  # what is left of former years waits for nobody
        back = sum(each.state == "reopened" for each in held.cards)
        left = len(held.cards) - held.done - back
        yield Waiting(f"个申报退回重评，请修改后再提交（{held.year}年度）", back, "reviews", urgent=True)
        yield Waiting(f"个申报待评审（{held.year}年度，已交 {held.done} / {len(held.cards)}）", left, "reviews")


def _left(own: Own) -> bool:
    return own.assigned.state != "submitted"


def _card(own: Own, draft: Draft) -> Card:
    at = own.assigned.at if own.assigned.state == "submitted" else draft.saved_at
    asked, filled = len(own.rubric.names), len(draft.texts[SCORES]) if own.assigned.cleared_at else 0
    kind = KIND_WORDS[own.subject.kind]
    return Card(own.id, own.name, own.subject.city, kind, own.assigned.state, filled, asked, at)


def _sight(own: Own) -> FirstSight:
    return FirstSight(own.id, own.name, own.subject.subject.operator, own.subject.city, KIND_WORDS[own.subject.kind])


def _boxes(app: App, own: Own) -> Iterator[Box]:
    day = _day(app, own)
    for each in own.rubric.indicators:
        scale, demand = own.settings.scale_of(each.code), each.demand
        yield Box(
            each.code,
            each.name,
            each.clause,
            each.looks,
            each.points_for(own.subject.kind),
            f"{own.settings.weights[each.code].normalize():f}",
            scale.text,
            "" if demand is None else demand.name,
            "" if demand is None else _least(demand, day),
        )


def _day(app: App, own: Own) -> date:
    return own.reference_day or app.clock.today()


def _least(demand: Demand, day: date) -> str:
    return f"{demand.threshold.words} {demand.threshold.amount(day)}"


def _checked(app: App, own: Own, texts: Mapping[str, Mapping[str, str]]) -> Checked:
    typed = read_typed(own.assigned.code, texts, own.settings, own.rubric)
    day, notes = _day(app, own), {}
    for each in own.rubric.indicators:
        count, demand = typed.sheet.counts.get(each.code), each.demand
        if demand is not None and count is not None and count >= 0 and not demand.met(count, day):
            least = _least(demand, day)
            notes[each.code] = f"数出 {count} 条，附件3 要求{least}，请在打分时考虑。不影响提交。"
    return Checked(typed.problems, notes, typed.total)


def _others(app: App, connection: sa.Connection, own: Own) -> Iterator[Others]:
    """What the other experts gave, where the round lets it be seen and the own sheet is in."""
    if own.settings.visibility != "after_own" or own.assigned.state != "submitted":
        return
    whole = panel(app, connection, own.round_id)
    for each in whole.counted()[own.subject.id]:
        sheet = each.sheet
        if sheet is not None and each.expert_id != own.assigned.expert_id:
            scores = {code: f"{score:f}" for code, score in sheet.scores.items()}
            yield Others(each.code, scores, shown(total(sheet, own.settings)))
