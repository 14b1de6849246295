"""Read models of the scoring of a round: what it rests on, who must not score what, and what was decided about it.

Remembered while nothing changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from core.accounts import Role
from core.bootstrap import App
from core.scoring.recusal import Ground
from core.services.panel import Assigned, Panel, PanelExpert, is_locked, panel
from core.services.scoring_settings import SUBJECT
from core.services.subjects import Scored
from core.store.tables import accounts, experts, ledger, recusals
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class Pair:
    """An expert and an application with something against it. `assigned`: what stands all the same, if anything."""

    expert: PanelExpert
    subject: Scored
    grounds: tuple[Ground, ...]
    assigned: Assigned | None

    @property
    def hints(self) -> tuple[Ground, ...]:
        """What a person should look at, where nothing else decides the pair anyway."""
        return self.grounds if all(each.hint for each in self.grounds) else ()

    @property
    def rules(self) -> tuple[Ground, ...]:
        """The grounds of rule: same unit, same city."""
        return tuple(each for each in self.grounds if each.source in ("same_unit", "same_city"))


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that stands about an expert and an application. `subject` None: the application was withdrawn."""

    id: int
    expert: PanelExpert
    subject: Scored | None
    kind: str
    reason: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Who decided the settings that hold now, when and why."""

    who: str
    at: datetime
    why: str


def panel_view(app: App, round_id: int) -> Panel:
    """The scoring of a round as it is now. Remembered: callers change nothing in it.

    Whether the settings are locked is asked anew each time: a score that is only typed writes no entry.
    """

    def ask(connection: sa.Connection) -> Panel:
        return panel(app, connection, round_id)

    seen = remember(app, ("panel", round_id), ask)
    with app.reader.connect() as connection:
        locked = is_locked(connection, round_id)
    return seen if locked == seen.locked else replace(seen, locked=locked)


def pairs(app: App, round_id: int) -> Mapping[tuple[int, int], Pair]:
    """The members of a round and the eligible applications that something is against, by both numbers.

    In official order of the applications, then by code.
    """

    def ask(connection: sa.Connection) -> dict[tuple[int, int], Pair]:
        seen = panel(app, connection, round_id)
        standing = {(each.expert_id, each.application_id): each for each in seen.assignments}
        found = {}
        for subject in seen.subjects.values():
            if subject.eligible:
                for expert in seen.members:
                    key = expert.id, subject.id
                    if grounds := seen.grounds(*key):
                        found[key] = Pair(expert, subject, grounds, standing.get(key))
        return found

    return remember(app, ("panel-pairs", round_id), ask)


def decisions(app: App, round_id: int) -> tuple[Decided, ...]:
    """The decisions of a round that stand, in official order of the applications, then by the expert's code."""

    def ask(connection: sa.Connection) -> tuple[Decided, ...]:
        seen = panel(app, connection, round_id)
        query = sa.select(recusals).where(recusals.c.round_id == round_id, recusals.c.ended_at.is_(None))
        found = [
            Decided(
                row.id, seen.experts[row.expert_id], seen.subjects.get(row.application_id),
                row.kind, row.reason, row.who, row.at,
            )
            for row in connection.execute(query)
        ]  # fmt: skip
        return tuple(sorted(found, key=_official))

    return remember(app, ("panel-decisions", round_id), ask)


def settings_origin(app: App, round_id: int) -> Origin | None:
    """Who decided the settings of a round that hold now; None where the ledger does not tell."""
    table = ledger.c
    query = (
        sa.select(table.who, table.at, table.why)
        .where(table.subject_kind == SUBJECT, table.subject_id == str(round_id))
        .order_by(table.id.desc())
        .limit(1)
    )

    def ask(connection: sa.Connection) -> Origin | None:
        row = connection.execute(query).first()
        return None if row is None else Origin(row.who, row.at, row.why)

    return remember(app, ("scoring-settings-origin", round_id), ask)


def expert_accounts(app: App) -> Mapping[int, tuple[str, int | None]]:
    """The accounts of experts: name and login, and which expert each belongs to (None: nobody yet)."""

    def ask(connection: sa.Connection) -> dict[int, tuple[str, int | None]]:
        query = (
            sa.select(accounts.c.id, accounts.c.name, accounts.c.login, experts.c.id.label("expert_id"))
            .outerjoin(experts, experts.c.account_id == accounts.c.id)
            .where(accounts.c.role == Role.EXPERT.value)
            .order_by(accounts.c.id)
        )
        return {row.id: (f"{row.name}（{row.login}）", row.expert_id) for row in connection.execute(query)}

    return remember(app, ("expert-accounts",), ask)


def _official(one: Decided) -> tuple[bool, tuple[int, str], str]:
    """Those of withdrawn applications last."""
    return one.subject is None, one.subject.order if one.subject else (0, ""), one.expert.code
