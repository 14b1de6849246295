"""Use cases of objections to a public notice: register, assign, find true or not, take a registration back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import required_reason
from core.services.casework import Casework
from core.services.notice_rows import current_notice, frozen_entries, notice_name, opening, stage_of, status_name
from core.services.objection_rows import (
    ARTICLE_12,
    CHANNELS,
    FINDINGS,
    OPEN,
    SOURCES,
    Changes,
    filed_event,
    resolved_event,
    told,
    under_notice,
)
from core.store.queries import one
from core.store.tables import notices, objections, rounds
from core.store.unit import Entry, Unit
from core.working_days.periods import long_day

_PREFIX: Final = "异议"
_LONGEST: Final = 64  # what the store holds of a person's name


def file(
    app: App,
    actor: Actor,
    notice_id: int,
    case_ids: Sequence[int],
    *,
    source: str,
    from_name: str,
    contact: str,
    channel: str,
    postmarked: date | None,
    received: date,
    content: str,
    evidence: str,
) -> tuple[int, ...]:
    """Registers an objection to one or several entries of a notice, one number each; gives their ids.

    `source`: named, unit or anonymous; `channel`: letter, email, phone, visit or transfer. One that comes when a
    case has been decided is registered on paper. Refused: what does not fit together, days that cannot be.
    """
    actor.require(Permission.RUN_NOTICES)
    from_name, contact, content, evidence = (text.strip() for text in (from_name, contact, content, evidence))
    _check_words(source, from_name, channel, content, evidence)
    with app.unit(actor) as unit:
        notice = _notice(unit, notice_id)
        _check_days(notice, postmarked, received, unit.now.date())
        listed = {each.case_id: each for each in frozen_entries(unit.connection, notice_id)}
        wanted = list(dict.fromkeys(case_ids))
        if not wanted or any(each not in listed for each in wanted):
            raise Refused("请从公示名单中选择异议针对的对象。")
        work = Casework(app, unit, wanted)
        made, numbers, said = [], [], []
        for case_id in wanted:
            _refuse_other_notice(unit, work, case_id, notice)
            values = {
                "notice_id": notice_id,
                "case_id": case_id,
                "number": _next_number(unit),
                "source": source,
                "from_name": from_name,
                "contact": contact,
                "channel": channel,
                "postmarked": postmarked,
                "received": received,
                "content": content,
                "evidence": evidence,
            }
            number = unit.insert(objections, **values, who=actor.name, at=unit.now)
            row = unit.execute(sa.select(objections).where(objections.c.id == number)).one()
            name = work.file(case_id).identity().name
            if under_notice(work, case_id, notice):
                event = work.enter(case_id, filed_event(row))
                unit.execute(objections.update().where(objections.c.id == number).values(filed_number=event))
                said.append(f"{row.number}（“{name}”）")
            else:
                said.append(f"{row.number}（“{name}”{_on_paper(work, case_id, notice_id)}）")
            made.append(number)
            numbers.append(row.number)
        what = f"登记{CHANNELS[channel]}异议 {'、'.join(said)}，收到日{long_day(received)}"
        what += f"，邮戳日{long_day(postmarked)}" if postmarked else ""
        details = work.save() | {"filed": made, "cases": wanted, "notice": notice_id}
        unit.record(
            Entry("objection.filed", "objection", made[0], "、".join(numbers), what, "", notice.round_id, None, details)
        )
    return tuple(made)


def assign(app: App, actor: Actor, objection_id: int, version: int, investigator: str, why: str = "") -> None:
    """Names who looks into an objection, or another than before."""
    actor.require(Permission.RUN_NOTICES)
    investigator, why = " ".join(investigator.split()), why.strip()
    if not investigator or len(investigator) > _LONGEST:
        raise Refused(f"请写明核查人的姓名（不超过 {_LONGEST} 个字）。")
    with app.unit(actor) as unit:
        row = _open(unit, objection_id, version)
        details = _written(unit, row, investigator=investigator)
        before = f"（原为{row.investigator}）" if row.investigator else ""
        what = f"核查人：{investigator}{before}"
        unit.record(_entry("objection.assigned", row, what, why, version, {"objections": details}))


def resolve(
    app: App,
    actor: Actor,
    objection_id: int,
    version: int,
    *,
    day: date,
    upheld: bool,
    reason: str,
    answer: str,
) -> str:
    """Enters what looking into an objection found, and gives a sentence saying where its case stands now.

    Upheld while the case is under the notice, it ends the case; on a case that has been decided nothing changes by
    it, and the sentence says what may follow (第十二条).
    """
    actor.require(Permission.RUN_NOTICES)
    if not reason.strip():
        raise Refused("请写明核查情况和理由，供日后核查。")
    finding = "upheld" if upheld else "unfounded"
    with app.unit(actor) as unit:
        row = _open(unit, objection_id, version)
        if day > unit.now.date():
            raise Refused(f"日期{long_day(day)}还没有到，不能提前登记。")
        if day < row.received:
            raise Refused(f"核查完毕的日期早于收到异议的{long_day(row.received)}，请核对。")
        notice = _notice(unit, row.notice_id)
        work = Casework(app, unit, [row.case_id])
        reason, answer, number = reason.strip(), answer.strip(), None
        if row.filed_number is not None and under_notice(work, row.case_id, notice):
            event = resolved_event(row, day=day, upheld=upheld, reason=reason, answer=answer)
            number = work.enter(row.case_id, event)
        found = {"finding": finding, "finding_reason": reason, "answer": answer}
        changes = _written(unit, row, **found, resolved=day, resolved_number=number)
        details = work.save() | {"objections": changes, "case": row.case_id}
        state, name = work.state(row.case_id), work.file(row.case_id).identity().name
        what = f"{long_day(day)}核查{FINDINGS[finding]}，“{name}”现为“{status_name(state.status)}”"
        unit.record(_entry("objection.resolved", row, what, reason, version, details))
    if number is None:
        rest = f"不因此改变；{ARTICLE_12}" if upheld else "不受影响"
        return f"{row.number}：{what}，{rest}。"
    left = f"，还有{state.open_objections}件异议没有核查完" if state.open_objections else ""
    return f"{row.number}：{what}{left}。"


def reopen(app: App, actor: Actor, objection_id: int, version: int, why: str) -> str:
    """Takes a finding back that was a mistake, and gives a sentence: the objection is to be looked into again."""
    actor.require(Permission.RUN_NOTICES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        row = _claimed(unit, objection_id, version)
        if row.finding not in ("upheld", "unfounded"):
            raise Refused(f"{row.number}没有核查结论，无需取消。")
        work = Casework(app, unit, [row.case_id])
        if row.resolved_number is not None:
            work.void(row.case_id, row.resolved_number, why)
        details = work.save() | {"objections": _written(unit, row, **OPEN), "case": row.case_id}
        status = status_name(work.state(row.case_id).status)
        what = f"取消“{FINDINGS[row.finding]}”的核查结论，“{work.file(row.case_id).identity().name}”现为“{status}”"
        unit.record(_entry("objection.reopened", row, what, why, version, details))
    return f"{row.number}：{what}。"


def void(app: App, actor: Actor, objection_id: int, version: int, why: str) -> str:
    """Takes a mistaken registration back, and gives a sentence; the objection stays on file as voided."""
    actor.require(Permission.RUN_NOTICES)
    why = required_reason(why)
    with app.unit(actor) as unit:
        row = _open(unit, objection_id, version)
        work = Casework(app, unit, [row.case_id])
        if row.filed_number is not None:
            work.void(row.case_id, row.filed_number, why)
        gone = {"finding": "voided", "finding_reason": why, "resolved": unit.now.date()}
        details = work.save() | {"objections": _written(unit, row, **gone), "case": row.case_id}
        what = f"作废{long_day(row.received)}收到的异议的登记（“{work.file(row.case_id).identity().name}”）"
        unit.record(_entry("objection.voided", row, what, why, version, details))
    return f"{row.number}：{what}。"


def _check_words(source: str, from_name: str, channel: str, content: str, evidence: str) -> None:
    if source not in SOURCES:
        raise Refused(f"请选择异议来源：{'、'.join(SOURCES.values())}。")
    if channel not in CHANNELS:
        raise Refused(f"请选择提出方式：{'、'.join(CHANNELS.values())}。")
    if source == "anonymous" and from_name:
        raise Refused("匿名异议不填姓名；知道是谁提出的，请把来源改为实名或者单位。")
    if source != "anonymous" and not from_name:
        raise Refused(f"请填写提出异议的{'单位名称' if source == 'unit' else '人的姓名'}；不知道的，来源请选匿名。")
    if not content:
        raise Refused("请写明异议的内容。")
    if not evidence:
        raise Refused("请写明附了哪些佐证材料；没有附的，请写“未提供”。")


def _check_days(notice: Any, postmarked: date | None, received: date, today: date) -> None:
    if received > today:
        raise Refused(f"收到日期{long_day(received)}还没有到，请核对。")
    if postmarked is not None and postmarked > received:
        raise Refused(f"发信邮戳日{long_day(postmarked)}晚于收到日期{long_day(received)}，请核对。")
    if received < notice.published:
        raise Refused(f"收到日期{long_day(received)}早于公示首日{long_day(notice.published)}，请核对。")


def _refuse_other_notice(unit: Unit, work: Casework, case_id: int, notice: Any) -> None:
    """An objection to a list that was taken back belongs to the notice that has taken its place."""
    case = work.file(case_id)
    now = current_notice(case)
    if now is None or opening(case.counted(), notice.id) is not None:
        return
    other = _notice(unit, now)
    name = notice_name(stage_of(other.stage), other.year, other.published)
    raise Refused(f"“{case.identity().name}”的这次公示已作废，请登记到{name}。")


def _on_paper(work: Casework, case_id: int, notice_id: int) -> str:
    """What is said of an objection that changes nothing of its case by itself."""
    if opening(work.file(case_id).counted(), notice_id) is None:
        return "的这次公示已作废，登记在案"
    status = status_name(work.state(case_id).status)
    return f"已是“{status}”，登记在案，不影响已作的决定；{ARTICLE_12}"


def _next_number(unit: Unit) -> str:
    """异议, the year, and the next running number in it; one writer at a time, so nobody else takes it."""
    start = f"{_PREFIX}{unit.now.year}-"
    taken = unit.execute(sa.select(objections.c.number).where(objections.c.number.startswith(start))).scalars()
    return f"{start}{max((int(each.removeprefix(start)) for each in taken), default=0) + 1}"


def _notice(unit: Unit, notice_id: int) -> Any:
    query = sa.select(notices, rounds.c.year).join(rounds, rounds.c.id == notices.c.round_id)
    return one(unit.connection, query.where(notices.c.id == notice_id), "没有这次公示，请回到列表重新选择。")


def _claimed(unit: Unit, objection_id: int, version: int) -> Any:
    """An objection, with the round of its notice, held to the version that the person had in front of them."""
    query = sa.select(objections, notices.c.round_id).join(notices, notices.c.id == objections.c.notice_id)
    row = one(unit.connection, query.where(objections.c.id == objection_id), "没有这件异议，请刷新页面。")
    unit.update_version(objections, objections.c.id == objection_id, version, _subject(row))
    return row


def _open(unit: Unit, objection_id: int, version: int) -> Any:
    """The same of one that is still to be looked into; Refused where it is not."""
    row = _claimed(unit, objection_id, version)
    if row.finding == "voided":
        raise Refused(f"{row.number}的登记已作废，不能再办理。")
    if row.finding:
        raise Refused(f"{row.number}已核查完毕；结论有误的，请先取消结论，再重新办理。")
    return row


def _written(unit: Unit, row: Any, **values: Any) -> Changes:
    unit.execute(objections.update().where(objections.c.id == row.id).values(**values))
    return told(row.id, values)


def _subject(row: Any) -> tuple[str, int, str]:
    return ("objection", row.id, row.number)


def _entry(action: str, row: Any, what: str, why: str, version: int, details: dict[str, Any]) -> Entry:
    return Entry(action, *_subject(row), what, why, row.round_id, version, details)
