"""What an expert does with a sheet: keeping what is typed, handing it in; and staff giving it back.

A draft is no act: it is kept in a short transaction of its own and stands in no ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.scoring.typed import LONGEST, PARTS, Texts, read_typed
from core.services.accounts import required_reason
from core.services.own_sheets import Own, draft_of, own_sheet
from core.services.panel import REOPENED, SUBMITTED, content_of
from core.services.score_entries import ScoreEntries, refuse_decided
from core.services.scoring_settings import held_version
from core.services.subjects import scored
from core.store.queries import one
from core.store.tables import assignments, experts, ledger, score_drafts, score_entries
from core.store.unit import Entry, Unit, came_first

APP: Final = "app"
UNREADABLE: Final = "传来的内容不完整，没有保存。请刷新页面后再填。"
CHANGED: Final = "评审设置刚刚改过，请刷新页面，核对满分和打分间隔后再填。"
GONE: Final = "没有这份评审，可能已经撤回分派或改为回避。请刷新页面核对。"


class SheetRefused(Refused):
    """A sheet cannot be handed in: `problems` by indicator, everything at once."""

    def __init__(self, problems: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("".join(one for some in problems.values() for one in some))
        self.problems = problems


def save_draft(
    app: App, actor: Actor, assignment_id: int, content: Mapping[str, Any], version: int, settings_version: int
) -> int:
    """Keeps what an expert has typed so far and gives the draft's new version.

    `content`: texts by indicator under "scores", "comments" and "counts", complete and right or not. `version`:
    that of the draft it was typed on; Stale where another window came first. The same again changes nothing.
    """
    actor.require(Permission.SCORE)
    texts = _texts(content)
    with app.reader.connect() as connection:
        own_sheet(app, connection, actor, assignment_id)  # read before others have to wait for this transaction
    with app.drafting(), app.writer.begin() as connection:
        own = _opened(app, connection, actor, assignment_id, settings_version, texts)
        draft = draft_of(connection, own)
        if draft.texts == texts and draft.saved_at is not None:
            return draft.version
        if draft.version != version:
            raise _another_window(own)
        values = {"content": texts, "saved_at": app.clock.now(), "version": draft.version + 1}
        row = score_drafts.c.assignment_id == assignment_id
        if not connection.execute(score_drafts.update().where(row).values(**values)).rowcount:
            connection.execute(score_drafts.insert().values(assignment_id=assignment_id, **values))
        return draft.version + 1


def submit(
    app: App, actor: Actor, assignment_id: int, content: Mapping[str, Any], version: int, settings_version: int
) -> None:
    """Hands a sheet in; from then on it is locked. SheetRefused says everything that keeps it from being handed in."""
    actor.require(Permission.SCORE)
    texts = _texts(content)
    with app.unit(actor) as unit:
        own = _opened(app, unit.connection, actor, assignment_id, settings_version, texts)
        draft = draft_of(unit.connection, own)
        if draft.version != version and draft.texts != texts:
            raise _another_window(own)
        typed = read_typed(own.assigned.code, texts, own.settings, own.rubric)
        if typed.problems:
            raise SheetRefused(typed.problems)
        entries = ScoreEntries(unit)
        entries.add(assignment_id, own.assigned.number + 1, SUBMITTED, content_of(typed.sheet), APP)
        unit.execute(score_drafts.delete().where(score_drafts.c.assignment_id == assignment_id))
        what = f"提交对{own.subject.city}“{own.name}”的评审。"
        subject = ("assignment", assignment_id, own.name)
        unit.record(Entry("score.submitted", *subject, what, round_id=own.round_id, details=entries.told))


def reopen(app: App, actor: Actor, assignment_id: int, number: int, why: str) -> None:
    """Gives a sheet back to its expert, who begins with what was handed in. `number`: of the entry that was seen."""
    actor.require(Permission.MANAGE_SCORING)
    why = required_reason(why)
    with app.unit(actor) as unit:
        _lock(unit.connection, assignment_id)
        query = sa.select(assignments, experts.c.code).join(experts, experts.c.id == assignments.c.expert_id)
        standing = sa.and_(assignments.c.id == assignment_id, assignments.c.ended_at.is_(None))
        row = one(unit.connection, query.where(standing), GONE)
        subject = scored(app, unit.connection, row.round_id, of=[row.application_id]).get(row.application_id)
        if subject is None:
            raise Refused(GONE)
        named = f"{row.code}对{subject.city}“{subject.name}”的评审"
        newest = _newest(unit, assignment_id)
        if (0 if newest is None else newest.number) != number:
            raise came_first(named, _last_act(unit, newest))
        if newest is None or newest.kind != SUBMITTED:
            raise Refused(f"{named}还没有提交，专家可以直接修改，不用退回。")
        entries = ScoreEntries(unit)
        entries.add(assignment_id, number + 1, REOPENED, {}, APP, why)
        about = ("assignment", assignment_id, subject.name)
        what = f"把{named}退回重评。"
        unit.record(Entry("score.reopened", *about, what, why, round_id=row.round_id, details=entries.told))


def _opened(
    app: App, connection: sa.Connection, actor: Actor, assignment_id: int, settings_version: int, texts: Texts
) -> Own:
    """The own sheet that can be filled in now, under the settings that the expert had in view."""
    _lock(connection, assignment_id)
    own = own_sheet(app, connection, actor, assignment_id)
    refuse_decided(connection, assignment_id)
    if own.assigned.cleared_at is None:
        raise Refused(f"请先说明与“{own.name}”的申报单位有无利害关系，再打分。")
    if own.assigned.kind == SUBMITTED:
        raise Refused(f"“{own.name}”的评审已经提交，不能再改。确需修改的，请与省厅经办联系，由经办退回重评。")
    if {own.settings_version, held_version(connection, own.round_id)} != {settings_version}:
        raise Stale(CHANGED)
    if any(set(part) - set(own.rubric.names) for part in texts.values()):
        raise Refused(UNREADABLE)
    return own


def _lock(connection: sa.Connection, assignment_id: int) -> None:
    """One at a time for a sheet; on SQLite there is one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(assignments.c.id).where(assignments.c.id == assignment_id).with_for_update())


def _texts(content: Mapping[str, Any]) -> Texts:
    """What was typed, without what no database keeps; Refused where it is not from our form."""
    if not isinstance(content, Mapping) or set(content) - set(PARTS):
        raise Refused(UNREADABLE)
    found: Texts = {part: {} for part in PARTS}
    for part, texts in content.items():
        if not isinstance(texts, Mapping):
            raise Refused(UNREADABLE)
        for code, text in texts.items():
            if not isinstance(text, str) or len(text) > LONGEST[part]:
                raise Refused(UNREADABLE)
            if text.strip():
                found[part][str(code)] = text.replace("\0", "").encode("utf-8", "ignore").decode()
    return found


def _another_window(own: Own) -> Stale:
    return Stale(f"“{own.name}”的评审已在另一个窗口改过，这里的改动没有写入。请核对后选用其中一份。")


def _newest(unit: Unit, assignment_id: int) -> Any:
    query = sa.select(score_entries).where(score_entries.c.assignment_id == assignment_id)
    return unit.execute(query.order_by(score_entries.c.number.desc()).limit(1)).first()


def _last_act(unit: Unit, newest: Any) -> Any:
    """Who made the newest entry, as the ledger tells it."""
    return None if newest is None else unit.execute(sa.select(ledger).where(ledger.c.id == newest.ledger_id)).first()
