"""What can be looked at in the scoring of a store: sheets are as they were handed in, workbooks did what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.services.panel import REOPENED
from core.services.score_entries import DIGEST, ENTRIES, entries_digest
from core.services.scoring_books import BOOK_TAKEN, BOOK_UNDONE, UNDONE
from core.store.tables import assignments, ledger, recusals, score_books, score_entries
from core.upkeep.checks import Looked
from core.upkeep.rows import stream
from core.upkeep.vouched import Vouched

_SHEETS: Final = Vouched(score_entries, ("assignment_id", "number"), ENTRIES, DIGEST, entries_digest, name="评分")


def sheets(_app: App, connection: sa.Connection) -> Looked:
    """Every entry of a sheet is as the ledger has it, numbered without a gap, and only what is in is opened again."""
    looked = _SHEETS.looked(connection)
    table = score_entries.c
    ordered = sa.select(table.assignment_id, table.number, table.kind).order_by(table.assignment_id, table.number)
    for assignment_id, rows in groupby(stream(connection, ordered), lambda row: row.assignment_id):
        looked.problems += _out_of_order(assignment_id, list(rows))
    return looked


def books(_app: App, connection: sa.Connection) -> Looked:
    """Every scoring workbook has the ledger entry that took it in, and what it says it did is there."""
    looked = Looked()
    told = _told(connection)
    for row in stream(connection, sa.select(score_books).order_by(score_books.c.id)):
        looked.count += 1
        name = f"评分工作簿“{row.name}”（第 {row.id} 号）"
        try:
            looked.problems += [f"{name}{said}" for said in _astray(connection, row, told.get(str(row.id), {}))]
        except (KeyError, TypeError, ValueError, AttributeError):
            looked.problems.append(f"{name}的受理情况读不出来")
    return looked


def _out_of_order(assignment_id: int, rows: list[Any]) -> Iterator[str]:
    missing = sorted(set(range(1, rows[-1].number + 1)) - {row.number for row in rows})
    if missing:
        yield f"第 {assignment_id} 号分派的评分第 {'、'.join(map(str, missing))} 条不在了"
    elif rows[0].kind == REOPENED:
        yield f"第 {assignment_id} 号分派的评分还没有提交就退回了"


def _told(connection: sa.Connection) -> dict[str, dict[str, Mapping[str, Any]]]:
    """What the ledger says of workbooks: details by number of the workbook and by action."""
    table = ledger.c
    query = sa.select(table.subject_id, table.action, table.details).where(table.action.in_((BOOK_TAKEN, BOOK_UNDONE)))
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for row in stream(connection, query):
        found.setdefault(row.subject_id, {})[row.action] = row.details
    return found


def _astray(connection: sa.Connection, row: Any, told: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """What a workbook says it did, and the ledger or the other tables do not have so."""
    taken = told.get(BOOK_TAKEN)
    if taken is None:
        yield "：操作留痕没有记下它的受理"
        return
    own = sorted([int(number), entry] for number, (_, entry) in row.changed["entries"].items())
    same = (taken.get("sha256"), taken.get("expert"), taken.get(ENTRIES)) == (row.sha256, row.expert_id, own)
    if not same or sorted(row.changed["recusals"].values()) != taken.get("recusals"):
        yield "与操作留痕记下的受理不符"
    if (row.state == UNDONE) != (BOOK_UNDONE in told):
        yield "是否撤销与操作留痕不符"
    theirs = sa.select(assignments.c.id).where(assignments.c.expert_id == row.expert_id)
    strange = {number for number, _ in own} - set(connection.execute(theirs).scalars())
    declared = sa.select(recusals.c.id).where(recusals.c.expert_id == row.expert_id, recusals.c.kind == "declared")
    if strange or set(row.changed["recusals"].values()) - set(connection.execute(declared).scalars()):
        yield "所办的不是这位专家的评分和回避"
