"""Read models of synchronising: the newest runs, and what was last seen of each online sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.store.tables import sync_runs

TRIGGERS: dict[str, str] = {"demand": "手动", "schedule": "定时", "command": "命令行"}
STATES: dict[str, str] = {"running": "正在同步", "done": "已完成", "failed": "没有完成"}
# a run that was for one recommender only leaves the others to the runs before it
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class SyncedBook:
    """What a run saw of one online sheet: `sha256` of its content ('' where it could not be read), and a sentence.

    `newest_intake` is the number of the last intake of the round when the run ended.
    """

    city: str
    ok: bool
    sha256: str
    sentence: str
    feedback: str
    at: datetime
    newest_intake: int


@dataclass(frozen=True, slots=True)
class SyncRun:
    """One run of the diary. The figures count requests, every try of them."""

    id: int
    trigger: str
    who: str
    started_at: datetime
    ended_at: datetime | None
    state: str
    sentence: str
    books: tuple[SyncedBook, ...]
    reads: int
    writes: int
    drive: int
    retries: int


def newest_runs(app: App, round_id: int, count: int = 1) -> tuple[SyncRun, ...]:
    """The newest runs of a round, the last one first."""
    query = sa.select(sync_runs).where(sync_runs.c.round_id == round_id).order_by(sync_runs.c.id.desc()).limit(count)
    with app.reader.connect() as connection:
        return tuple(_run(row) for row in connection.execute(query))


def newest_synced(app: App, round_id: int) -> Mapping[str, SyncedBook]:
    """What was last seen of each online sheet, by recommender."""
    found: dict[str, SyncedBook] = {}
    for run in newest_runs(app, round_id, _LOOKED_AT):
        for book in run.books:
            found.setdefault(book.city, book)
    return found


def _run(row: Any) -> SyncRun:
    at = row.ended_at or row.started_at
    books = tuple(
        SyncedBook(
            each["city"], each["ok"], each["sha256"], each["sentence"], each["feedback"], at, each["newest_intake"]
        )
        for each in row.books
    )
    plain = (row.id, row.trigger, row.who, row.started_at, row.ended_at, row.state, row.sentence)
    return SyncRun(*plain, books, row.reads, row.writes, row.drive, row.retries)
