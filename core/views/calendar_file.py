"""The deadlines of 期限 as a calendar file: to download, and behind private addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.publication.ics import DueDay, as_ics
from core.services.due import KIND_WORDS, Filters
from core.store.tables import feeds, ledger
from core.views.deadlines import dated
from core.views.due_rows import DueRow
from core.views.remembering import remember
from core.working_days.periods import long_day

MOST: Final = 2000  # days in one file: calendars of telephones hold no more
NAME: Final = "示范创建期限"
_REMIND, _REMIND_SHORT = 7, 1  # days before; of periods that are only some working days long


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """The file, how many days are in it, and how many of those asked for are not."""

    content: bytes
    days: int
    left_out: int


@dataclass(frozen=True, slots=True)
class FeedView:
    """A private address that stands: what it is of, and since when. What it reads nobody can be told again."""

    id: int
    words: str
    made_at: datetime


def own_feeds(app: App, actor: Actor) -> list[FeedView]:
    """The addresses of a person that have not been ended, newest first."""
    query = sa.select(feeds).where(feeds.c.account_id == actor.id, feeds.c.ended_at.is_(None))
    with app.reader.connect() as connection:
        rows = connection.execute(query.order_by(feeds.c.id.desc())).all()
    return [FeedView(row.id, Filters.read(row.query).words, row.made_at) for row in rows]


def calendar_file(app: App, filters: Filters, most: int = MOST) -> CalendarFile:
    """Everything with a day that the filters ask for. The same ledger gives the same bytes on the same day."""

    def ask(connection: sa.Connection) -> CalendarFile:
        rows, count = dated(app, filters, most)
        first = connection.execute(sa.select(ledger.c.hash).order_by(ledger.c.id).limit(1)).scalar_one()
        newest = connection.execute(sa.select(ledger.c.at).order_by(ledger.c.id.desc()).limit(1)).scalar_one()
        name = f"{NAME}（{filters.words}）" if filters.query else NAME
        content = as_ics(name, [_day(row) for row in rows], newest, f"{first[:12]}.shifan")
        return CalendarFile(content, len(rows), count - len(rows))

    return remember(app, ("calendar file", filters, most, app.clock.today()), ask)


def _day(row: DueRow) -> DueDay:
    assert row.day is not None
    lines = [f"谁办：{row.acts}"]
    if row.city:
        lines.append(f"推荐单位：{row.city}")
    if row.kind:
        lines.append(f"类型：{KIND_WORDS[row.kind]}")
    if row.since is not None:
        lines.append(f"起算：{long_day(row.since)}")
    if row.clause:
        lines.append(f"依据：{row.clause}")
    lines += [row.note] if row.note else []
    if row.provisional:
        lines.append("这一天是暂定的：涉及的放假安排还没有公布。")
    title = f"{row.name}：{row.subject}{'（暂定）' if row.provisional else ''}"
    return DueDay(row.key, row.day, title, "\n".join(lines), _REMIND_SHORT if row.what == "notice" else _REMIND)
