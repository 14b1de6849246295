"""Objections beside the histories of their cases: what one is, which stand on paper only, and how both keep in step.

An objection is an event of its case where the case is under the notice. One that comes when the case has been
decided is registered on paper: it has no event, and nothing of the case changes by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.lifecycle.entries import Entry
from core.services.casework import Casework, New
from core.services.notice_rows import current_notice, stage_of
from core.store.tables import notices, objections
from core.store.unit import Unit

FILED: Final = "objection_filed"
RESOLVED: Final = "objection_resolved"
SOURCES: Final[Mapping[str, str]] = {"named": "实名（个人）", "unit": "单位", "anonymous": "匿名"}
CHANNELS: Final[Mapping[str, str]] = {
    "letter": "信函",
    "email": "邮件",
    "phone": "电话",
    "visit": "来访",
    "transfer": "转办",
}
# '' while it is looked into; voided: its registration was a mistake
FINDINGS: Final[Mapping[str, str]] = {"": "待核查", "upheld": "属实", "unfounded": "不属实", "voided": "登记已作废"}
ARTICLE_12: Final = "核查属实，并且属于列入严重失信主体名单或者数据、资料弄虚作假的，请在“创建对象”中按第十二条办理"
OPEN: Final[Mapping[str, Any]] = {
    "finding": "",
    "finding_reason": "",
    "answer": "",
    "resolved": None,
    "resolved_number": None,
}
Changes = dict[str, dict[str, Any]]


def under_notice(work: Casework, case_id: int, notice: Any) -> bool:
    """Whether what happens under a notice can still happen to a case."""
    status = stage_of(notice.stage).running
    return work.state(case_id).status == status and current_notice(work.file(case_id)) == notice.id


def is_late(postmarked: date | None, received: date, last: date) -> bool:
    """Whether an objection came after its notice's last day: by its postmark, else by its receipt (contract §5)."""
    return (postmarked or received) > last


def filed_event(row: Any) -> New:
    """The event that an objection is."""
    data = {
        "id": row.number,
        "postmarked": None if row.postmarked is None else row.postmarked.isoformat(),
        "evidence": row.evidence,
        "objection_id": row.id,
    }
    return New(FILED, row.received, data)


def resolved_event(row: Any, *, day: date, upheld: bool, reason: str, answer: str) -> New:
    """The event that its finding is."""
    data = {"id": row.number, "upheld": upheld, "answer": answer, "objection_id": row.id}
    return New(RESOLVED, day, data, "", reason)


def written(unit: Unit, row: Any, **values: Any) -> Changes:
    """Changes an objection, and gives what the ledger's details keep of it under `objections`."""
    unit.execute(
        objections.update().where(objections.c.id == row.id).values(**values, version=objections.c.version + 1)
    )
    return told(row.id, values)


def told(number: int, values: Mapping[str, Any]) -> Changes:
    """The changed values of an objection as the ledger keeps them: what was known on a past day is read from there."""
    return {str(number): {key: text.isoformat() if isinstance(text, date) else text for key, text in values.items()}}


def after_void(unit: Unit, work: Casework, case_id: int, meant: Entry, why: str) -> Changes:
    """Brings objections in step with an entry of their case that was taken back.

    A finding taken back opens its objection again; one whose registration is taken back is voided; and where a
    decision is taken back, objections that came after it, on paper until now, become part of the history.
    """
    table = objections
    held = list(unit.execute(sa.select(table).where(table.c.case_id == case_id).order_by(table.c.id)))
    if meant.type == RESOLVED:
        return _changed(unit, held, "resolved_number", meant.number, dict(OPEN))
    if meant.type == FILED:
        gone = {"finding": "voided", "finding_reason": why, "resolved": unit.now.date()}
        return _changed(unit, held, "filed_number", meant.number, gone)
    changes: Changes = {}
    for row in held:
        changes |= _taken_up(unit, work, row)
    return changes


def _changed(unit: Unit, held: list[Any], column: str, number: int, values: dict[str, Any]) -> Changes:
    row = next((each for each in held if getattr(each, column) == number), None)
    return {} if row is None else written(unit, row, **values)


def _taken_up(unit: Unit, work: Casework, row: Any) -> Changes:
    """Enters into the history what of an objection stands on paper, as far as the history allows."""
    notice = unit.execute(sa.select(notices).where(notices.c.id == row.notice_id)).one()
    if row.finding == "voided" or not under_notice(work, row.case_id, notice):
        return {}
    values: dict[str, Any] = {}
    if row.filed_number is None:
        try:
            values["filed_number"] = work.enter(row.case_id, filed_event(row))
        except Refused:
            # something later in the history stands against it: it stays on paper, where whoever decides sees it
            return {}
    if row.finding and row.resolved_number is None:
        given = {"day": row.resolved, "upheld": row.finding == "upheld"}
        event = resolved_event(row, reason=row.finding_reason, answer=row.answer, **given)
        try:
            values["resolved_number"] = work.enter(row.case_id, event)
        except Refused:
            values |= OPEN  # to be found anew, on a day that the history allows
    return written(unit, row, **values) if values else {}
