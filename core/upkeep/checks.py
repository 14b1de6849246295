"""What can be looked at in a store that is meant to be right: each check gives what it saw and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.store.tables import APPEND_ONLY, intakes, ledger, metadata, rounds, score_books
from core.store.unit import entry_hash
from core.upkeep.rows import stream

_ACTS = {"update": "修改", "delete": "删除", "insert": "替换"}


@dataclass(slots=True)
class Looked:
    """How many things were looked at, and a sentence for each that is wrong."""

    count: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its Chinese name and the measure word of what it looks at; all read the same moment of the store."""

    name: str
    unit: str
    look: Callable[[App, sa.Connection], Looked]


def tables(_app: App, connection: sa.Connection) -> Looked:
    """Every table can be read, and what SQLite itself can say of its file."""
    looked = Looked()
    for table in metadata.sorted_tables:
        looked.count += 1
        connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    if connection.dialect.name == "sqlite":
        said = connection.execute(sa.text("PRAGMA integrity_check")).scalars()
        if any(line != "ok" for line in said):
            looked.problems.append("数据库文件有损坏。请停止服务，用最近的备份恢复到新的文件夹")
        for name in sorted(set(connection.execute(sa.text("PRAGMA foreign_key_check")).scalars())):
            looked.problems.append(f"表 {name} 中有的行所指的内容不存在")
    return looked


def guards(_app: App, connection: sa.Connection) -> Looked:
    """The triggers that refuse changes of what is only ever added to are there and in force."""
    looked = Looked()
    there = _guards_of_sqlite(connection) if connection.dialect.name == "sqlite" else _guards_of_postgresql(connection)
    for table in APPEND_ONLY:
        looked.count += 1
        missing = [word for act, word in _ACTS.items() if (table, act) not in there]
        if missing:
            looked.problems.append(f"表 {table} 不许{'、'.join(missing)}的触发器不在了或已停用")
    return looked


def _guards_of_sqlite(connection: sa.Connection) -> set[tuple[str, str]]:
    query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
    found = {(row.tbl_name, row.name) for row in connection.execute(sa.text(query))}
    return {(table, act) for table in APPEND_ONLY for act in _ACTS if (table, f"{table}_no_{act}") in found}


def _guards_of_postgresql(connection: sa.Connection) -> set[tuple[str, str]]:
    # bits of tgtype: 8 DELETE, 16 UPDATE, 32 TRUNCATE; replacing a row is an UPDATE there
    query = (
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE c.oid = to_regclass(c.relname) AND t.tgname = c.relname || '_append_only' AND t.tgenabled IN ('O', 'A') "
        "AND t.tgtype & 56 = 56 AND p.proname = 'refuse_change'"
    )
    return {(table, act) for table in connection.execute(sa.text(query)).scalars() for act in _ACTS}


def ledger_chain(_app: App, connection: sa.Connection) -> Looked:
    """The ledger counts from 1 without a gap, and each entry has the hash of itself and the one before it."""
    looked, previous, last = Looked(), "", 0
    for row in stream(connection, sa.select(ledger).order_by(ledger.c.id)):
        columns = dict(row._mapping)
        digest = columns.pop("hash")
        if row.id != last + 1:
            gap = f"第 {last + 1} 条" if row.id == last + 2 else f"第 {last + 1} 至 {row.id - 1} 条"
            looked.problems.append(f"{gap}不在了")
        elif digest != entry_hash(columns, previous):
            looked.problems.append(f"第 {row.id} 条与它的校验值不符，内容改动过")
        looked.count += 1
        previous, last = digest, row.id
    return looked


def received(app: App, connection: sa.Connection) -> Looked:
    """The bytes of every workbook received are kept as they came; those after a feedback only where they are kept."""
    looked, seen = Looked(), set()
    for sha256, whose in _workbooks(app, connection):
        if sha256 in seen:
            continue
        seen.add(sha256)
        looked.count += 1
        try:
            app.snapshots.read(sha256)
        except Refused as refused:
            looked.problems.append(f"{whose}：{refused}".rstrip("。"))
    return looked


def _workbooks(app: App, connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """The hash of each workbook received, and what people know it by: of cities, of former years, of experts."""
    query = (
        sa.select(intakes.c.id, rounds.c.year, intakes.c.file_name, intakes.c.snapshot, intakes.c.feedback_snapshot)
        .join(rounds, rounds.c.id == intakes.c.round_id)
        .order_by(intakes.c.id)
    )
    for row in stream(connection, query):
        later = row.feedback_snapshot
        for sha256 in (row.snapshot, *([later] if later and app.snapshots.has(later) else [])):
            yield sha256, f"{row.year}年度 {row.file_name}（第 {row.id} 次受理）"
    brought = sa.select(ledger.c.id, ledger.c.subject, ledger.c.details["sha256"].as_string().label("sha256"))
    whole = brought.where(ledger.c.action == "cohort.imported", ledger.c.subject_kind == "cohort")
    for row in stream(connection, whole.order_by(ledger.c.id)):
        if row.sha256 is None:
            continue  # a ledger that was meddled with, which its own check tells
        yield row.sha256, f"存量建档 {row.subject}（操作留痕第 {row.id} 条）"
    for row in stream(connection, sa.select(score_books).order_by(score_books.c.id)):
        yield row.sha256, f"评分工作簿 {row.name}（第 {row.id} 号）"


def grounds(_app: App, connection: sa.Connection) -> Looked:
    """Whatever names the ledger entry that it came with names one that is there."""
    looked = Looked()
    for table in metadata.sorted_tables:
        if "ledger_id" not in table.columns:
            continue
        looked.count += connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        key = list(table.primary_key.columns)
        query = (
            sa.select(table.c.ledger_id, *key)
            .join(ledger, ledger.c.id == table.c.ledger_id, isouter=True)
            .where(ledger.c.id.is_(None))
            .order_by(*key)
        )
        for number, *place in stream(connection, query):
            row = "-".join(map(str, place))
            looked.problems.append(f"表 {table.name} 第 {row} 号所依据的操作留痕第 {number} 条不在了")
    return looked
