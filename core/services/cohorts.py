"""Use cases of 存量建档: objects of former years come in from one workbook, all of them or none, and can be taken back.

From then on each is a case like any other: its clock runs from the days that the workbook gave.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.cohorts import CohortRow
from core.errors import Refused, Stale
from core.lifecycle.entries import OPENED, Identity
from core.services.accounts import required_reason
from core.services.case_files import CaseFile
from core.services.casework import Casework
from core.services.cohort_books import (
    IMPORTED,
    SUBJECT,
    TAKEN_BACK,
    CohortPreview,
    Opening,
    conflicts,
    imported_before,
    preview,
)
from core.standards import loader
from core.store.queries import one
from core.store.tables import case_events, case_notes, ledger
from core.store.unit import Entry, Unit

_NAMED: Final = 5  # how many a sentence names
# What the first entry keeps of a case's past, by the names that the workbook's columns have.
_PAST: Final = {
    "confirmed": "确定为创建对象日期",
    "confirmed_document": "确定文号",
    "extended": "延长决定日期",
    "recognized": "认定日期",
    "recognized_document": "认定文号",
    "review_passed": "最近一次复核通过日期",
    "review_failed": "复核未通过日期",
}

__all__ = ["CohortPreview", "CohortResult", "import_cohort", "preview", "take_back"]


@dataclass(frozen=True, slots=True)
class CohortResult:
    """An import: the ledger entry it is known by, how many objects, and a sentence for people."""

    ledger_id: int
    count: int
    sentence: str


def import_cohort(
    app: App, actor: Actor, data: bytes, name: str, *, expected_sha256: str, why: str, others: bool = False
) -> CohortResult:
    """Begins a case for every row of a workbook, in one act. Refused while anything in it is wrong or known already.

    `expected_sha256` is of the bytes that the person saw in the preview; Stale where they are others. `others`: the
    person says that the rows in doubt are other objects than the cases they resemble.
    """
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    if hashlib.sha256(data).hexdigest() != expected_sha256:
        raise Stale("这个工作簿不是您核对过的那一个，没有建档。请重新上传并核对。")
    seen = preview(app, data, name)
    _refuse(seen, others=others)
    app.snapshots.keep(data, seen.sha256)
    with app.unit(actor) as unit:
        # somebody may have brought in the same objects since they were compared
        rows = [each.row for each in seen.rows]
        known = conflicts(unit.connection, rows)
        before = imported_before(unit.connection, seen.sha256)
        _refuse(replace(seen, conflicts=known, before=before), others=others)
        work = Casework(app, unit)
        numbers = [_begin(work, each, why) for each in seen.rows]
        _note(unit, numbers, rows)
        what = f"按“{seen.name}”为 {len(rows)} 个存量对象建档：{seen.counts()}"
        details = {"sha256": seen.sha256, "file": seen.name, "count": len(rows), **work.save()}
        number = unit.record(Entry(IMPORTED, SUBJECT, unit.ledger_id, seen.name, what, why, details=details))
    return CohortResult(number, len(rows), f"已为 {len(rows)} 个存量对象建档：{seen.counts()}。期限从填写的日期起算。")


def take_back(app: App, actor: Actor, ledger_id: int, why: str) -> CohortResult:
    """Takes a whole import back by voiding the first entry of each of its cases; they then stand nowhere.

    Refused, with their names, while anything counts on one of them that came after.
    """
    actor.require(Permission.ACT_ON_CASES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        query = sa.select(ledger).where(
            ledger.c.id == ledger_id, ledger.c.action == IMPORTED, ledger.c.subject_kind == SUBJECT
        )
        done = one(unit.connection, query, "没有这次建档。")
        table = case_events.c
        ids = unit.execute(sa.select(table.case_id).where(table.ledger_id == ledger_id, table.type == OPENED))
        numbers = list(ids.scalars())
        work = Casework(app, unit, numbers)
        files = [file for number in numbers if _opened(file := work.file(number), ledger_id)]
        if not files:
            raise Stale(f"“{done.subject}”的这次建档已经撤销，请刷新页面。")
        followed = [file.identity().name for file in files if len(file.counted()) > 1]
        if followed:
            raise Refused(
                f"{_list(followed)}建档之后又有办理，不能整批撤销。请先在“创建对象”中作废那些办理；"
                "只是个别填错的，在“创建对象”中单独作废它的建档，改好后另行上传。"
            )
        for file in files:
            work.void(file.id, file.counted()[0].number, why)
        what = f"撤销按“{done.subject}”的建档，{len(files)} 个对象不再列为创建对象"
        details = {"count": len(files), **work.save()}
        number = unit.record(Entry(TAKEN_BACK, SUBJECT, ledger_id, done.subject, what, why, details=details))
    return CohortResult(number, len(files), f"已撤销，{len(files)} 个对象不再列为创建对象；工作簿改好后可以重新建档。")


def _refuse(seen: CohortPreview, *, others: bool) -> None:
    obstacle = seen.obstacle(others=others)
    if obstacle:
        raise Refused(obstacle)


def _begin(work: Casework, opening: Opening, why: str) -> int:
    """Begins the case of one row and gives its number."""
    row = opening.row
    number = work.begin(
        Identity(row.name, row.operator or "", row.uscc or ""),
        kind=row.kind,
        city=row.city,
        standard_id=loader.default(),
        category=row.category or "",
    )
    own = "confirmed_document" if row.status in ("creating", "extended") else "recognized_document"
    document = getattr(row, own) or ""
    work.take_over(number, row.status, opening.since, opening.start, document=document, why=why, known=_past(row, own))
    return number


def _past(row: CohortRow, own: str) -> dict[str, str]:
    """What the row says of the years before, days as ISO dates; `own` is left out, for the entry has a place for it."""
    given = {column: getattr(row, name) for name, column in _PAST.items() if name != own}
    return {
        column: value.isoformat() if isinstance(value, date) else value
        for column, value in given.items()
        if value is not None
    }


def _note(unit: Unit, numbers: Sequence[int], rows: Sequence[CohortRow]) -> None:
    """What a row says in 备注 becomes a note of its case."""
    found = [
        {"case_id": number, "document": "", "text": row.note, "who": unit.actor.name, "at": unit.now}
        for number, row in zip(numbers, rows, strict=True)
        if row.note
    ]
    if found:
        unit.execute(case_notes.insert(), found)


def _opened(file: CaseFile, ledger_id: int) -> bool:
    """Whether a case still stands on the entry that this import made."""
    return any(one.type == OPENED and one.ledger_id == ledger_id for one in file.counted()[:1])


def _list(names: Sequence[str]) -> str:
    shown = "、".join(f"“{name}”" for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown}等 {len(names)} 个对象"
