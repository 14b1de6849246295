"""What an expert reaches: the own sheets, and nothing else.

Who may score what changes by acts only, so it is kept until the ledger tells of one that can have changed it; drafts
are no acts and are read every time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.errors import Refused
from core.scoring.recusal import Decision, Expert, Recusals
from core.scoring.settings import ScoringSettings
from core.scoring.settings_document import read
from core.scoring.typed import Texts, texts_of
from core.services.panel import REOPENED, SUBMITTED, Assigned
from core.services.subjects import Scored, scored
from core.standards import loader
from core.standards.rubric import Rubric
from core.store.queries import ledger_head
from core.store.tables import (
    assignments,
    experts,
    ledger,
    recusals,
    rounds,
    score_drafts,
    score_entries,
    scoring_settings,
)

# one and the same for what is not there, has ended, is barred, or is somebody else's
NOTHING: Final = "没有这份评审，或者它已不由您评审。请回到“我的评审”查看。"
# After each entry the versions of drafts begin a range of their own, so that a window left open from before it is
# out of date and not by chance right again.
RANGE: Final = 1_000_000
# acts on one assignment or one application, which the ledger's entry names: they change nothing of others
_OF_ONE: Final = {
    "assignment": ("score.submitted", "score.reopened", "recusal.cleared"),
    "application": ("review.noted", "review.determined", "review.determination_ended"),
}
_KEPT: Final = 256


@dataclass(frozen=True, slots=True)
class Own:
    """A standing assignment of one's own that nothing bars. `last`: what was handed in last, {} if nothing was.

    `why`: the reason of staff where the sheet was given back. `reference_day`: the round's, None while not set.
    """

    assigned: Assigned
    round_id: int
    year: int
    reference_day: date | None
    subject: Scored
    rubric: Rubric
    settings: ScoringSettings
    settings_version: int
    last: Mapping[str, Any]
    why: str

    @property
    def id(self) -> int:
        """The assignment's number."""
        return self.assigned.id

    @property
    def name(self) -> str:
        """平台（基地）名称."""
        return self.subject.name


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read at a head of the ledger; `subjects` of standing assignments by kind, those that are barred too."""

    head: int
    owns: Mapping[int, Own] = field(default_factory=dict)
    subjects: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: dict.fromkeys(_OF_ONE, ()))


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the boxes. `saved_at` None: nothing has been typed since the last entry."""

    texts: Texts
    version: int
    saved_at: datetime | None


def own_sheets(app: App, connection: sa.Connection, actor: Actor) -> Mapping[int, Own]:
    """The own sheets by assignment: newest round first, within it in official order."""
    head = ledger_head(connection)
    known: dict[int | None, _Known] = app.remembered.setdefault("own sheets", {})
    held = known.get(actor.id)
    if held is None or (held.head != head and _touched(connection, held)):
        held = _read(app, connection, actor, head)
    with app.lock:
        if len(known) >= _KEPT:
            known.clear()
        known[actor.id] = replace(held, head=head)
    return held.owns


def own_sheet(app: App, connection: sa.Connection, actor: Actor, assignment_id: int) -> Own:
    """One of them; Refused with one sentence for everything else."""
    found = own_sheets(app, connection, actor).get(assignment_id)
    if found is None:
        raise Refused(NOTHING)
    return found


def draft_of(connection: sa.Connection, own: Own) -> Draft:
    """The draft of a sheet; a sheet given back begins with what was handed in."""
    return drafts_of(connection, [own])[own.id]


def drafts_of(connection: sa.Connection, owns: Sequence[Own]) -> dict[int, Draft]:
    """The drafts of sheets, by assignment. One from before the newest entry holds no more."""
    query = sa.select(score_drafts).where(score_drafts.c.assignment_id.in_([each.id for each in owns]))
    rows = {row.assignment_id: row for row in connection.execute(query)}
    found = {}
    for each in owns:
        row, first = rows.get(each.id), each.assigned.number * RANGE
        if row is not None and row.version >= first:
            found[each.id] = Draft(texts_of(row.content), row.version, row.saved_at)
        else:
            found[each.id] = Draft(texts_of(each.last), first, None)
    return found


def _touched(connection: sa.Connection, held: _Known) -> bool:
    """Whether any act after an entry of the ledger can have changed what these sheets rest on."""
    elsewhere = [
        sa.and_(
            ledger.c.subject_kind == kind, ledger.c.action.in_(acts), ledger.c.subject_id.not_in(held.subjects[kind])
        )
        for kind, acts in _OF_ONE.items()
    ]
    query = sa.select(ledger.c.id).where(ledger.c.id > held.head, sa.not_(sa.or_(*elsewhere))).limit(1)
    return connection.execute(query).first() is not None


def _read(app: App, connection: sa.Connection, actor: Actor, head: int) -> _Known:
    if actor.id is None:
        return _Known(head)
    mine = sa.and_(experts.c.account_id == actor.id, experts.c.active)
    expert = connection.execute(sa.select(experts).where(mine)).first()
    if expert is None:
        return _Known(head)
    standing = sa.select(assignments).where(assignments.c.expert_id == expert.id, assignments.c.ended_at.is_(None))
    rows = connection.execute(standing).all()
    entries = _entries(connection, [row.id for row in rows])
    decisions = _decisions(connection, expert)
    person = Expert(expert.code, expert.name, tuple(expert.units), expert.city or None, frozenset(expert.fields))
    found: dict[int, Own] = {}
    for each in _rounds(connection, {row.round_id for row in rows}):
        of = {row.application_id: row for row in rows if row.round_id == each.id}
        rubric = loader.load(each.standard_id).rubric
        settings = read(each.content, rubric)
        barring = Recusals(same_city=settings.same_city, decisions=decisions.get(each.id, ()))
        for number, subject in scored(app, connection, each.id, of=list(of)).items():
            if not barring.barred(person, subject.subject):
                row = of[number]
                found[row.id] = _own(row, each, expert.code, subject, rubric, settings, entries.get(row.id, []))
    subjects = {
        "assignment": tuple(str(row.id) for row in rows),
        "application": tuple(str(row.application_id) for row in rows),
    }
    return _Known(head, found, subjects)


def _own(
    row: Any, held: Any, code: str, subject: Scored, rubric: Rubric, settings: ScoringSettings, entries: list[Any]
) -> Own:
    newest = entries[-1] if entries else None
    rest = () if newest is None else (newest.number, newest.kind, newest.content, newest.via, newest.at)
    assigned = Assigned(row.id, row.application_id, row.expert_id, code, row.cleared_at, None, "", row.version, *rest)
    last: Mapping[str, Any] = next((each.content for each in reversed(entries) if each.kind == SUBMITTED), {})
    why = newest.why if newest is not None and newest.kind == REOPENED else ""
    return Own(
        assigned, held.id, held.year, held.reference_day, subject, rubric, settings, held.settings_version, last, why
    )


def _rounds(connection: sa.Connection, ids: set[int]) -> Sequence[Any]:
    """The rounds whose scoring is decided, newest first."""
    query = sa.select(
        rounds.c.id,
        rounds.c.year,
        rounds.c.reference_day,
        rounds.c.standard_id,
        scoring_settings.c.content,
        scoring_settings.c.version.label("settings_version"),
    ).join(scoring_settings, scoring_settings.c.round_id == rounds.c.id)
    return connection.execute(query.where(rounds.c.id.in_(ids)).order_by(rounds.c.year.desc())).all()


def _entries(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    query = sa.select(score_entries).where(score_entries.c.assignment_id.in_(ids)).order_by(score_entries.c.number)
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.assignment_id, []).append(row)
    return found


def _decisions(connection: sa.Connection, expert: Any) -> dict[int, list[Decision]]:
    """What stands of decisions about an expert, by round."""
    query = sa.select(recusals).where(recusals.c.expert_id == expert.id, recusals.c.ended_at.is_(None))
    found: dict[int, list[Decision]] = {}
    for row in connection.execute(query.order_by(recusals.c.id)):
        one = Decision(
            expert.code, row.application_id, row.kind != "set_aside", row.reason, declared=row.kind == "declared"
        )
        found.setdefault(row.round_id, []).append(one)
    return found
