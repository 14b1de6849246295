"""What must be true after any sync in which nothing went wrong any more, and what the little office is told then."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.services.online_sync import SyncResult
from core.store import tables
from tests.office import DALIAN, SHENYANG
from tests.online.little import CITIES, Little
from tests.online.script import Script
from tests.online.standing import Reader, apart, feedback_wrong, held, ledger_wrong, newest

SAME = "与已受理的内容一致，无需重复受理。"
DONE = {
    SHENYANG: "2026-沈阳市：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 0 处。",
    f"{SHENYANG} 反馈": "2026-沈阳市：反馈内容与在线表格中已有的一致，没有改动。",
    DALIAN: "2026-大连市：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 1 处。",
    f"{DALIAN} 反馈": "2026-大连市：反馈已写入在线表格的“审核反馈”页，共 2 条。",
}


class Feedback:
    """What is told where the data was taken in before."""

    LATER = DONE | {SHENYANG: f"2026-沈阳市：{SAME}", f"{SHENYANG} 反馈": "", DALIAN: f"2026-大连市：{SAME}"}
    NONE = LATER | {f"{DALIAN} 反馈": ""}


def told(done: SyncResult) -> dict[str, str]:
    """Both sentences about each city."""
    found: dict[str, str] = {}
    for each in done.outcomes:
        found |= {each.city: each.sentence, f"{each.city} 反馈": each.feedback_sentence}
    return found


def last_run(little: Little) -> Any:
    """The newest line of the diary."""
    query = sa.select(tables.sync_runs).order_by(tables.sync_runs.c.id.desc()).limit(1)
    with little.office.app.reader.connect() as connection:
        return connection.execute(query).one()


def agree(little: Little, script: Script | None = None, cities: tuple[str, ...] = CITIES) -> None:
    """What is held is what the sheets say, each sheet carries the answer once, and nothing of theirs was touched."""
    reader, found = Reader(little.office), newest(little.office, "effective")
    wrong = [*(script.broken if script else ()), *ledger_wrong(little.office)]
    for city in cities:
        book = little.google.file(little.books[city]).book
        assert book is not None
        said, kept = reader.said(book), held(little.office, found[city])
        if said != kept:
            wrong.append(apart(said, kept))
        wrong += feedback_wrong(little.office, found[city], book)
    assert wrong == []
    assert little.office.dump()["sync_leases"] == []
    assert last_run(little).state == "done"
