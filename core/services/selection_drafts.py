"""Drafts of the selection: what somebody proposes to list, worked on until it is applied. Shared ones can be compared.

No acts: nothing holds before `selection.decide`, so nothing of it is in the ledger, as with drafts of score sheets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.services.selection import LONGEST
from core.services.selection_rules import Choice
from core.standards.rubric import OUTCOMES
from core.store.tables import accounts, rounds, selection_drafts

EQUALS: Final = ("甲组", "乙组", "丙组", "丁组", "戊组", "己组")  # names of groups of equals
MOST: Final = 20  # drafts of one person in a round
_LONGEST_NAME: Final = 32
_GONE: Final = "没有这份选定方案，可能已经删除或者不再共享。请刷新页面。"


@dataclass(frozen=True, slots=True)
class Picked:
    """What a draft says of an application; any of it may still be open ("")."""

    outcome: str = ""
    reason: str = ""
    words: str = ""
    equal: str = ""

    @property
    def choice(self) -> Choice | None:
        """The choice that it comes to; None while the outcome is open."""
        if self.outcome not in OUTCOMES:
            return None
        return Choice(self.outcome, self.reason, self.words, self.equal)


def plain(one: Picked) -> dict[str, str]:
    """As the store and the browser have it."""
    return {"outcome": one.outcome, "reason": one.reason, "words": one.words, "equal": one.equal}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft with whose it is. `own`: by the person who asked, who alone changes it."""

    id: int
    name: str
    owner: str
    own: bool
    shared: bool
    at: datetime
    version: int
    picked: Mapping[int, Picked]

    def choices(self) -> dict[int, Choice]:
        """Everything that it decides."""
        return {number: choice for number, one in self.picked.items() if (choice := one.choice) is not None}


@dataclass(frozen=True, slots=True)
class Difference:
    """What two drafts say otherwise of one application."""

    application_id: int
    first: Picked
    second: Picked


def drafts(app: App, actor: Actor, round_id: int) -> tuple[Draft, ...]:
    """The person's own drafts of a round and those that others share, the own ones first, then by their number."""
    actor.require(Permission.READ_SCORES)
    with app.reader.connect() as connection:
        rows = connection.execute(_query(actor).where(selection_drafts.c.round_id == round_id)).all()
    found = [_draft(row, actor) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.own, one.id)))


def save(
    app: App,
    actor: Actor,
    round_id: int,
    picked: Mapping[int, Picked],
    *,
    draft_id: int | None = None,
    version: int = 0,
    name: str = "",
) -> Draft:
    """Keeps what somebody picks, in a new draft or in an own one that still has the version; Stale where not.

    The same again changes nothing. A new draft without a name is numbered.
    """
    actor.require(Permission.ACT_ON_CASES)
    content = _content(picked)
    with app.drafting(), app.writer.begin() as connection:
        if draft_id is not None:
            held = _one(connection, actor, draft_id, own=True)
            if held.picked == {int(number): Picked(**one) for number, one in content.items()}:
                return held
            _update(connection, app, held, version, content=content)
            return _one(connection, actor, draft_id, own=True)
        if connection.execute(sa.select(rounds.c.id).where(rounds.c.id == round_id)).first() is None:
            raise Refused("没有这个年度轮次。")
        made = _insert(connection, app, actor, round_id, content, name)
        return _one(connection, actor, made, own=True)


def change(app: App, actor: Actor, draft_id: int, version: int, *, name: str, shared: bool) -> Draft:
    """Renames an own draft, shares it with the house, or ends that."""
    actor.require(Permission.ACT_ON_CASES)
    with app.drafting(), app.writer.begin() as connection:
        held = _one(connection, actor, draft_id, own=True)
        _update(connection, app, held, version, name=_name(name), shared=shared)
        return _one(connection, actor, draft_id, own=True)


def copy(app: App, actor: Actor, draft_id: int, name: str = "") -> Draft:
    """Makes an own draft of what stands in another that one may see."""
    actor.require(Permission.ACT_ON_CASES)
    with app.drafting(), app.writer.begin() as connection:
        held = _one(connection, actor, draft_id, own=False)
        round_id = connection.execute(
            sa.select(selection_drafts.c.round_id).where(selection_drafts.c.id == draft_id)
        ).scalar_one()
        made = _insert(connection, app, actor, round_id, _content(held.picked), name)
        return _one(connection, actor, made, own=True)


def discard(app: App, actor: Actor, draft_id: int, version: int) -> None:
    """Removes an own draft; what was applied from it stands in the ledger."""
    actor.require(Permission.ACT_ON_CASES)
    table = selection_drafts
    with app.drafting(), app.writer.begin() as connection:
        held = _one(connection, actor, draft_id, own=True)
        gone = connection.execute(table.delete().where(table.c.id == draft_id, table.c.version == version))
        if not gone.rowcount:
            raise _elsewhere(held)


def compare(app: App, actor: Actor, first: int, second: int) -> tuple[Difference, ...]:
    """Where two drafts of a round that one may see say otherwise, by application."""
    actor.require(Permission.READ_SCORES)
    with app.reader.connect() as connection:
        one, other = (_one(connection, actor, number, own=False) for number in (first, second))
    none = Picked()
    every = (
        Difference(number, one.picked.get(number, none), other.picked.get(number, none))
        for number in sorted({*one.picked, *other.picked})
    )
    return tuple(each for each in every if each.first != each.second)


def _query(actor: Actor) -> sa.Select[Any]:
    """What a person may see: the own ones and the shared ones."""
    table = selection_drafts
    query = sa.select(table, accounts.c.name.label("owner")).join(accounts, accounts.c.id == table.c.owner_id)
    return query.where(sa.or_(table.c.owner_id == actor.id, table.c.shared))


def _one(connection: sa.Connection, actor: Actor, draft_id: int, *, own: bool) -> Draft:
    row = connection.execute(_query(actor).where(selection_drafts.c.id == draft_id)).first()
    if row is None:
        raise Refused(_GONE)
    found = _draft(row, actor)
    if own and not found.own:
        raise Refused(f"“{found.name}”是{found.owner}的方案，只能查看。要在它上面改，请先复制一份。")
    return found


def _draft(row: Any, actor: Actor) -> Draft:
    picked = {int(number): Picked(**one) for number, one in row.content.items()}
    return Draft(row.id, row.name, row.owner, row.owner_id == actor.id, row.shared, row.at, row.version, picked)


def _insert(
    connection: sa.Connection, app: App, actor: Actor, round_id: int, content: Mapping[str, Any], name: str
) -> int:
    table = selection_drafts
    query = sa.select(table.c.name).where(table.c.round_id == round_id, table.c.owner_id == actor.id)
    names = set(connection.execute(query).scalars())
    if len(names) >= MOST:
        raise Refused(f"您在本轮次已有 {len(names)} 份选定方案，请先删去不用的。")
    if not name.strip():
        name = next(text for number in range(1, MOST + 1) if (text := f"方案{number}") not in names)
    values = {"round_id": round_id, "owner_id": actor.id, "name": _name(name), "content": dict(content)}
    key = connection.execute(table.insert().values(**values, at=app.clock.now())).inserted_primary_key
    return int(key[0]) if key else 0


def _update(connection: sa.Connection, app: App, held: Draft, version: int, **values: Any) -> None:
    table = selection_drafts
    row = sa.and_(table.c.id == held.id, table.c.version == version)
    done = connection.execute(table.update().where(row).values(**values, at=app.clock.now(), version=version + 1))
    if not done.rowcount:
        raise _elsewhere(held)


def _elsewhere(held: Draft) -> Stale:
    return Stale(f"“{held.name}”已在别的窗口改动，刚才的改动没有存上。请刷新页面，在最新的方案上再改。")


def _name(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise Refused("请给方案起个名称。")
    if len(text) > _LONGEST_NAME:
        raise Refused(f"方案的名称请不超过 {_LONGEST_NAME} 个字。")
    return text


def _content(picked: Mapping[int, Picked]) -> dict[str, dict[str, str]]:
    """What is kept: what is open everywhere is left out; a reason without an outcome is none."""
    found = {}
    for number, one in picked.items():
        if len(one.words) > LONGEST:
            raise Refused(f"具体情况请不超过 {LONGEST} 个字。")
        outcome = one.outcome if one.outcome in OUTCOMES else ""
        kept = Picked(
            outcome, one.reason if outcome else "", one.words.strip(), one.equal if one.equal in EQUALS else ""
        )
        if kept != Picked():
            found[str(number)] = plain(kept)
    return found
