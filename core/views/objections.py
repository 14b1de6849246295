"""Read model of the objections to a notice: what each says, how far it is, whether it stands in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.lifecycle.entries import Entry
from core.lifecycle.replay import State
from core.services.case_files import CaseFile
from core.services.notice_rows import Stage, opening, status_name
from core.services.objection_rows import ARTICLE_12, CHANNELS, FILED, FINDINGS, OPEN, SOURCES, is_late
from core.store import tables
from core.working_days.calendar import Due
from core.working_days.periods import long_day

_CHANGING: Final = ("investigator", "finding", "finding_reason", "answer", "resolved")


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """One objection to one entry. `version` goes back with every act.

    `finding` is a code ('' while it is looked into, upheld, unfounded, voided), `finding_name` its word. `late`: after
    the last day. `on_paper`: no event of its case. `blocks`: the case cannot be confirmed before it is looked into.
    `mark`: two or three words for a badge, '' where there is nothing to mark; `sentence` says what that means.
    """

    id: int
    version: int
    number: str
    case_id: int
    city: str
    name: str
    source: str
    from_name: str
    contact: str
    channel: str
    postmarked: date | None
    received: date
    content: str
    evidence: str
    investigator: str
    finding: str
    finding_name: str
    finding_reason: str
    answer: str
    resolved: date | None
    late: bool
    on_paper: bool
    blocks: bool
    mark: str
    sentence: str
    who: str
    at: datetime

    @property
    def open(self) -> bool:
        """Whether it still has to be looked into."""
        return self.finding == ""


@dataclass(frozen=True, slots=True)
class Place:
    """A case of a notice on the day that is looked at: its history until then, where that leads, what it is called."""

    file: CaseFile
    called: str
    counted: list[Entry]
    state: State


def objection_views(
    connection: sa.Connection,
    notice_id: int,
    stage: Stage,
    due: Due,
    places: Mapping[int, Place],
    known_by: datetime | None,
) -> tuple[ObjectionView, ...]:
    """The objections to a notice by number, as known by a moment or now; `due` is its last day."""
    table = tables.objections
    query = sa.select(table).where(table.c.notice_id == notice_id).order_by(table.c.id)
    if known_by is not None:
        query = query.where(table.c.at <= known_by)
    rows = connection.execute(query).all()
    then = as_known(connection, rows, known_by)
    return tuple(_view(row, then[row.id], stage, due, places[row.case_id]) for row in rows)


def as_known(
    connection: sa.Connection, rows: Sequence[Any], known_by: datetime | None
) -> Mapping[int, Mapping[str, Any]]:
    """What was known of objections by number: as the table has it, or on a past day as the ledger had told by then."""
    if known_by is None or not rows:
        return {row.id: row._mapping for row in rows}
    found: dict[int, dict[str, Any]] = {row.id: {**OPEN, "investigator": ""} for row in rows}
    ledger = tables.ledger
    own = sa.and_(ledger.c.subject_kind == "objection", ledger.c.subject_id.in_([str(row.id) for row in rows]))
    cases = sa.and_(ledger.c.subject_kind == "case", ledger.c.subject_id.in_({str(row.case_id) for row in rows}))
    query = sa.select(ledger.c.details).where(ledger.c.at <= known_by, sa.or_(own, cases)).order_by(ledger.c.id)
    for details in connection.execute(query).scalars():
        for number, values in details.get("objections", {}).items():
            if int(number) in found:
                found[int(number)] |= values
    for values in found.values():
        values["resolved"] = date.fromisoformat(values["resolved"]) if values["resolved"] else None
    return found


def _view(row: Any, then: Mapping[str, Any], stage: Stage, due: Due, place: Place) -> ObjectionView:
    filed = any(one.type == FILED and one.data.get("objection_id") == row.id for one in place.counted)
    late = is_late(row.postmarked, row.received, due.day)
    changing = {name: then[name] for name in _CHANGING}
    running = place.state.status == stage.running
    is_open = changing["finding"] == ""
    mark, sentence = _mark(row, changing["finding"], late, filed, due, place, stage)
    return ObjectionView(
        id=row.id,
        version=row.version,
        number=row.number,
        case_id=row.case_id,
        city=place.file.city,
        name=place.called,
        source=SOURCES[row.source],
        from_name=row.from_name,
        contact=row.contact,
        channel=CHANNELS[row.channel],
        postmarked=row.postmarked,
        received=row.received,
        content=row.content,
        evidence=row.evidence,
        finding_name=FINDINGS[changing["finding"]],
        late=late,
        on_paper=not filed and changing["finding"] != "voided",
        blocks=is_open and filed and running and not late,
        mark=mark,
        sentence=sentence,
        who=row.who,
        at=row.at,
        **changing,
    )


def _mark(row: Any, finding: str, late: bool, filed: bool, due: Due, place: Place, stage: Stage) -> tuple[str, str]:
    if finding == "voided":
        return FINDINGS["voided"], "登记有误，已作废，不作为异议处理。"
    if not filed:
        return _paper_mark(row, place, stage)
    running = place.state.status == stage.running
    if late:
        by = "发信邮戳日" if row.postmarked else "收到日期"
        says = f"{by}晚于公示最后一日{long_day(due.day)}，不妨碍确认"
        return "逾期提出", says + ("；仍可核查，确认之前查实的，同样不予确认。" if running and not finding else "。")
    if running and not finding:
        return "", "在公示期内提出，核查完毕之前不能确认。"
    return "", ""


def _paper_mark(row: Any, place: Place, stage: Stage) -> tuple[str, str]:
    """Of an objection that came when its case had been decided, or was no longer under the notice."""
    if opening(place.counted, row.notice_id) is None:
        return "公示作废后登记", "这次公示已作废，异议登记在案；对象再次公示时请一并核查。"
    done = next((one for one in reversed(place.counted) if one.type == stage.confirms), None)
    if done is None:
        return f"{status_name(place.state.status)}之后登记", f"登记在案，不改变已作的处理；{ARTICLE_12}。"
    if row.received > done.day:
        return "确认之后收到", f"登记在案，不影响{long_day(done.day)}{stage.confirmed}；{ARTICLE_12}。"
    says = (
        f"收到日期不晚于{long_day(done.day)}{stage.confirmed}，但当时没有登记。应当按异议核查的，"
        f"请先在“创建对象”中作废“{stage.confirmed}”，异议随之进入核查；否则登记在案，{ARTICLE_12}。"
    )
    return "确认之后登记", says
