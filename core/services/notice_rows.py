"""What a public notice is to the program: its two stages, its frozen list, and which notice a case is under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused
from core.lifecycle.entries import Entry
from core.lifecycle.replay import State
from core.lifecycle.table import load
from core.publication.lists import ListedObject, PublicList
from core.services.case_files import CaseFile
from core.store.tables import case_events, ledger, notice_entries, notices, rounds
from core.working_days.calendar import Due
from core.working_days.periods import long_day

OPENED: Final = "notice_opened"


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the two notices of 第七条: what a case is before, while and after it is held.

    `waiting` and `running` are statuses, `confirms` the event that ends it well, `listed` the kind of its list.
    """

    code: str
    name: str
    confirmed: str
    clause: str
    waiting: str
    running: str
    confirms: str
    listed: str


STAGES: Final[Mapping[str, Stage]] = {
    one.code: one
    for one in (
        Stage(
            "creation",
            "拟创建对象公示",
            "确定为创建对象",
            "第七条（二）",
            "proposed",
            "creation_notice",
            "creation_confirmed",
            "creation_candidates",
        ),
        Stage(
            "recognition",
            "拟认定名单公示",
            "认定",
            "第七条（四）",
            "proposed_recognition",
            "recognition_notice",
            "recognized",
            "recognition_candidates",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class NoticeEntry(ListedObject):
    """One line of the list of a notice, and the case that it is."""

    case_id: int = 0


def stage_of(code: str) -> Stage:
    """The stage by its code; Refused where there is none."""
    try:
        return STAGES[code]
    except KeyError:
        raise Refused("公示分为拟创建对象公示和拟认定名单公示，请选择其中一种。") from None


def notice_name(stage: Stage, year: int, published: date) -> str:
    """What people call a notice: `2026年度拟创建对象公示（2026年6月1日）`."""
    return f"{year}年度{stage.name}（{published.year}年{published.month}月{published.day}日）"


def frozen_entries(connection: sa.Connection, notice_id: int) -> tuple[NoticeEntry, ...]:
    """The list of a notice as it was published, in its order."""
    table = notice_entries
    query = sa.select(table).where(table.c.notice_id == notice_id).order_by(table.c.position)
    return tuple(
        NoticeEntry(row.division_code, row.city, row.name, row.kind, row.operator, case_id=row.case_id)
        for row in connection.execute(query)
    )


def frozen_list(stage: Stage, year: int, entries: tuple[NoticeEntry, ...]) -> PublicList:
    """The public rows of a notice; their SHA-256 is that of the list's manifest (contract §6)."""
    return PublicList(stage.listed, year, entries)


def opening(counted: list[Entry], notice_id: int | None = None) -> Entry | None:
    """The entry that put a case under a notice: the last one, or that of a notice; None where there is none."""
    found = (one for one in reversed(counted) if one.type == OPENED)
    return next((one for one in found if notice_id is None or one.data.get("notice_id") == notice_id), None)


def current_notice(file: CaseFile) -> int | None:
    """The number of the notice that a case was under last; None where there was none or it was taken back."""
    entry = opening(file.counted())
    found: int | None = None if entry is None else entry.data.get("notice_id")
    return found


def hindrance(counted: list[Entry], state: State, stage: Stage, notice_id: int, gap: str) -> str:
    """Why a case of a notice cannot be confirmed whatever the day; '' where only time may stand against it.

    `counted` and `state`: its history and where that leads; `gap`: what is wrong with its application, if anything.
    """
    entry = opening(counted, notice_id)
    if entry is None:
        return "公示登记已作废"
    if state.status != stage.running:
        done = next((one for one in reversed(counted) if one.type == stage.confirms), None)
        if done is not None:
            return f"已于{long_day(done.day)}{stage.confirmed}（{done.document}）"
        return f"已是“{status_name(state.status)}”"
    if state.open_objections:
        return f"还有{state.open_objections}件异议没有核查完"
    return gap


def too_early(state: State, day: date) -> str:
    """Why a case under a notice cannot be confirmed on a day yet; '' where it can."""
    if state.due is not None and day <= state.due.day:
        return ended_sentence(state.due)
    if state.last is not None and day < state.last:
        return f"最近一次办理的日期是{long_day(state.last)}，确认的日期不能早于这一天"
    return ""


def ended_sentence(due: Due) -> str:
    """What is said to those who would confirm before a notice is over."""
    return f"公示最后一日是{long_day(due.day)}{'（暂定）' if due.provisional else ''}，过了这一天才能确认"


def status_name(status: str | None) -> str:
    """A status as people read it; a case whose every entry was voided has none."""
    return load().statuses[status].name if status else "没有记载"


def notice_problems(connection: sa.Connection) -> Iterator[str]:
    """A sentence for each notice that no longer is what was published; nothing where all are."""
    asked = sa.select(notices, rounds.c.year).join(rounds, rounds.c.id == notices.c.round_id).order_by(notices.c.id)
    for notice in connection.execute(asked).all():
        stage = STAGES.get(notice.stage)
        if stage is None:
            yield f"第 {notice.id} 号公示的种类“{notice.stage}”不对。"
            continue
        name = notice_name(stage, notice.year, notice.published)
        entries = frozen_entries(connection, notice.id)
        if frozen_list(stage, notice.year, entries).data_sha256 != notice.sha256:
            yield f"{name}：名单与发布时的校验值不一致。"
        told = connection.execute(
            sa.select(ledger.c.action, ledger.c.details).where(ledger.c.id == notice.ledger_id)
        ).first()
        if told is None or told.action != "notice.opened" or told.details.get("notice") != frozen_terms(notice):
            yield f"{name}：与操作留痕中的登记不一致。"
        opened = {(row.case_id, row.day, row.data.get("notice_id")) for row in _openings(connection, notice.ledger_id)}
        if opened != {(one.case_id, notice.published, notice.id) for one in entries}:
            yield f"{name}：名单与各对象的办理经过不一致。"


def frozen_terms(notice: Any) -> dict[str, Any]:
    """What of a notice may not change once it is published, as the ledger keeps it."""
    return {
        "stage": notice.stage,
        "published": notice.published.isoformat(),
        "signed": notice.signed.isoformat(),
        "days": notice.days,
        "count_start": notice.count_start,
        "contact": notice.contact,
        "sha256": notice.sha256,
    }


def _openings(connection: sa.Connection, ledger_id: int) -> list[Any]:
    table = case_events
    query = sa.select(table.c.case_id, table.c.day, table.c.data)
    return list(connection.execute(query.where(table.c.ledger_id == ledger_id, table.c.type == OPENED)))
