"""The section 公示与异议 of the 申报办理卷: dates, rule and list of each notice, and every objection to this object."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.publication.dossier import Block, Line, Table, heading, labelled, note
from core.services.decision_case import Course
from core.services.decision_ledger import Entries
from core.services.decision_words import Naming, moment, on_day
from core.services.notice_rows import Stage, notice_name, stage_of
from core.services.objection_rows import CHANNELS, FINDINGS, SOURCES, is_late
from core.store.tables import notice_entries, notices, objections, rounds

_OPENED: Final = "notice_opened"


def notices_of(connection: sa.Connection, case_id: int | None) -> list[Any]:
    """The notices whose list a case is on, oldest first, each with its year and the case's line."""
    if case_id is None:
        return []
    line = notice_entries
    query = (
        sa.select(notices, rounds.c.year, line.c.name, line.c.operator)
        .join(line, line.c.notice_id == notices.c.id)
        .join(rounds, rounds.c.id == notices.c.round_id)
        .where(line.c.case_id == case_id)
        .order_by(notices.c.id)
    )
    return list(connection.execute(query))


def objections_of(connection: sa.Connection, case_id: int | None) -> list[Any]:
    """The objections to a case, oldest first."""
    if case_id is None:
        return []
    query = sa.select(objections).where(objections.c.case_id == case_id).order_by(objections.c.id)
    return list(connection.execute(query))


def published(
    held: Course | None, shown: list[Any], against: list[Any], entries: Entries, named: Naming
) -> tuple[Block, ...]:
    """Each notice with what became of the object in it, and the objections to it; who objected is left out."""
    if held is None or not shown:
        return (Line("没有公示过。"),)
    found: list[Block] = []
    for notice in shown:
        stage = stage_of(notice.stage)
        confirmed = _confirmed(held, stage, notice.id)
        last = _last(held, notice, confirmed)
        found.append(heading(notice_name(stage, notice.year, notice.published)))
        found.append(_facts(held, notice, stage, confirmed, last, entries))
        own = [row for row in against if row.notice_id == notice.id]
        for row in own:
            found.append(heading(row.number))
            found.append(_objection(row, last, named))
        if not own:
            found.append(Line("没有收到异议。"))
    if against:
        found.append(note("异议人的姓名（名称）和联系方式不列入本卷。"))
    return tuple(found)


def _confirmed(held: Course, stage: Stage, notice_id: int) -> Any:
    """The entry that confirmed the object under a notice and stands; None where there is none."""
    mine = (one for one in held.entries if one.type == stage.confirms and one.voided is None)
    return next((one for one in mine if one.data.get("notice_id") == notice_id), None)


def _last(held: Course, notice: Any, confirmed: Any) -> date:
    """The last day as it was when the object was confirmed, else as it counts by the days that were known."""
    ended = None if confirmed is None else confirmed.data.get("ended")
    if ended:
        return date.fromisoformat(ended)
    return held.calendar.end_of_period(notice.published, notice.days, notice.count_start).end


def _facts(held: Course, notice: Any, stage: Stage, confirmed: Any, last: date, entries: Entries) -> Table:
    act = entries.one(notice.ledger_id)
    told = "" if act is None else act.details.get("last", "")
    then = date.fromisoformat(told) if told else last
    moved = "" if then == last else f"（公示文本写的是{on_day(then)}）"
    counted = "发布当日计入" if notice.count_start else "发布当日不计入"
    pairs = (
        ("公示期", f"{on_day(notice.published)}至{on_day(last)}{moved}"),
        ("计算规则", f"{notice.days} 个工作日，{counted}"),
        ("落款日期", on_day(notice.signed)),
        ("名单中的一行", f"{notice.name}（{notice.operator}）"),
        ("名单校验值", notice.sha256),
        ("登记", f"{notice.who}，{moment(notice.at)}"),
        ("结果", _outcome(held, notice, stage, confirmed)),
    )
    return labelled(*pairs)


def _outcome(held: Course, notice: Any, stage: Stage, confirmed: Any) -> str:
    if confirmed is not None:
        by = f"{confirmed.who}，{moment(confirmed.at)}"
        return f"{on_day(confirmed.day)}{stage.confirmed}（{confirmed.document}），{by}登记"
    opened = [one for one in held.entries if one.type == _OPENED and one.data.get("notice_id") == notice.id]
    if opened and all(one.voided is not None for one in opened):
        gone = opened[-1].voided
        assert gone is not None
        return f"{moment(gone.at)}{gone.who}撤回公示：{gone.why}"
    if held.status != stage.running:
        return f"没有{stage.confirmed}，见办理经过"
    return "还没有确认"


def _objection(row: Any, last: date, named: Naming) -> Table:
    by = "邮戳日" if row.postmarked else "收到日"
    time = f"逾期（{by}晚于公示最后一日）" if is_late(row.postmarked, row.received, last) else "在公示期内"
    pairs = (
        ("来源和方式", f"{SOURCES[row.source]}，{CHANNELS[row.channel]}"),
        ("收到日期", on_day(row.received)),
        ("发信邮戳日", on_day(row.postmarked)),
        ("是否逾期", time),
        ("内容", named.text(row.content)),
        ("佐证材料", named.text(row.evidence)),
        ("登记", f"{row.who}，{moment(row.at)}" + ("" if row.filed_number else "；登记在案，不作为办理经过的一条")),
        ("核查人", row.investigator),
        ("核查结论", FINDINGS[row.finding]),
        ("办结日期", on_day(row.resolved)),
        ("核查情况和理由", named.text(row.finding_reason)),
        ("答复", named.text(row.answer)),
    )
    return labelled(*(pair for pair in pairs if pair[1]))
