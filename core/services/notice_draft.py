"""A public notice before it is published: who waits for it, what its list and its text would be, what to look at.

Asked by the page that shows it beforehand and by the act that publishes it, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.table import load
from core.publication.lists import PublicList, in_official_order
from core.publication.notice_text import NoticeFacts, NoticeText, notice_text
from core.services.candidates import Candidate, held_candidates
from core.services.case_files import places
from core.services.contacts import Contact, tidied
from core.services.counting import calendar
from core.services.notice_rows import NoticeEntry, Stage, frozen_list, stage_of, status_name
from core.standards import loader
from core.store.queries import one
from core.store.tables import cases, objections, rounds, standings
from core.working_days.calendar import Calendar, Counted
from core.working_days.periods import long_day


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """A case that waits for a notice. `problem` says why it cannot go on the list as things are ('' if it can).

    `name` and `operator` are what the list would say; `renamed` holds the former name where the city, or a 核定值,
    has corrected it since.
    """

    case_id: int
    city: str
    name: str
    kind: str
    operator: str
    uscc: str
    since: date
    standard_id: str
    problem: str = ""
    renamed: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as it would be published. `both`: the period with its first day not counted, and counted."""

    stage: Stage
    year: int
    entries: tuple[NoticeEntry, ...]
    waiting: tuple[WaitingCase, ...]
    published: date
    signed: date
    days: int
    count_start: bool
    both: tuple[Counted, Counted]
    contact: Contact
    text: NoticeText
    warnings: tuple[str, ...]

    @property
    def listed(self) -> PublicList:
        """The list that goes with it."""
        return frozen_list(self.stage, self.year, self.entries)

    @property
    def counted(self) -> Counted:
        """The period by the rule of the round."""
        return self.both[self.count_start]


def waiting(app: App, round_id: int, stage: str) -> list[WaitingCase]:
    """Cases that wait for a notice, in official order: of the creation stage those of this round, else of any."""
    with app.reader.connect() as connection:
        return waiting_cases(connection, round_id, stage_of(stage))


def waiting_cases(connection: sa.Connection, round_id: int, stage: Stage) -> list[WaitingCase]:
    """The same on an open connection, for use inside a unit of work."""
    columns = (cases.c.standard_id, cases.c.application_id, standings)
    query = sa.select(*columns).join(standings, standings.c.case_id == cases.c.id)
    query = query.where(standings.c.status == stage.waiting)
    applied: dict[int, Candidate] = {}
    if stage.code == "creation":
        query = query.where(cases.c.round_id == round_id)
        applied = {each.application_id: each for each in held_candidates(connection, round_id)}
    found = []
    for row in connection.execute(query):
        each = WaitingCase(
            row.case_id, row.city, row.name, row.kind, row.operator, row.uscc, row.since, row.standard_id
        )
        if stage.code == "creation" and row.application_id is not None:
            each = _as_applied(each, applied.get(row.application_id))
        found.append(each)
    return sorted(found, key=lambda each: (places()[each.city][0], each.name))


def draft(
    app: App,
    connection: sa.Connection,
    round_id: int,
    stage: str,
    *,
    published: date,
    signed: date,
    contact: Contact,
    case_ids: Sequence[int] | None = None,
    days: int | None = None,
) -> Draft:
    """What a notice would be. `case_ids`: only these; `days`: longer than the edition asks for.

    Refused: nobody waits, a case that cannot go on the list, a first day that is still to come, a period shorter
    than the edition's, the round's rule of counting not chosen, a contact with a gap.
    """
    held = stage_of(stage)
    contact = tidied(contact, whose="接收异议的", meant="，公示文本中要写明")
    if published > app.clock.today():
        raise Refused(f"公示首日{long_day(published)}还没有到；请在网站发布的当天或之后登记。")
    settings = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    if settings.count_start is None:
        raise Refused("本轮次还没有确定公示首日是否计入。请先在“年度轮次”的“公示期起算”中选定，再开始公示。")
    chosen = _chosen(waiting_cases(connection, round_id, held), held, case_ids)
    last = max(chosen, key=lambda each: each.since)
    if published < last.since:
        status = status_name(held.waiting)
        raise Refused(f"公示首日{long_day(published)}早于“{last.name}”成为“{status}”的{long_day(last.since)}，请核对。")
    days = _days(held, {settings.standard_id, *(each.standard_id for each in chosen)}, published, days)
    counting = calendar(app)
    both = (
        counting.end_of_period(published, days, False),
        counting.end_of_period(published, days, True),
    )
    counted = both[settings.count_start]
    codes = {name: code for name, (_, code) in places().items()}
    entries = in_official_order(
        NoticeEntry(codes[each.city], each.city, each.name, each.kind, each.operator, case_id=each.case_id)
        for each in chosen
    )
    facts = NoticeFacts(
        held.code,
        frozen_list(held, settings.year, entries),
        loader.load(settings.standard_id).name,
        settings.notice_number,
        published,
        counted.end,
        days,
        settings.count_start,
        signed,
        contact.unit,
        contact.phone,
        contact.address,
        contact.mailbox,
    )
    return Draft(
        held,
        settings.year,
        entries,
        tuple(chosen),
        published,
        signed,
        days,
        settings.count_start,
        both,
        contact,
        notice_text(facts),
        (*warnings(counting, published, signed, counted), *_still_open(connection, chosen)),
    )


def warnings(counting: Calendar, published: date, signed: date, counted: Counted) -> list[str]:
    """What to look at before and after publishing, in sentences; nothing of it forbids anything."""
    found = []
    if signed > published:
        found.append(f"落款日期{long_day(signed)}晚于公示首日{long_day(published)}，请核对。")
    if not counting.is_working_day(published):
        found.append(f"公示首日{long_day(published)}不是工作日，公示期从下一个工作日起算。")
    if counted.provisional:
        found.append(
            f"公示最后一日{long_day(counted.end)}是暂定的：{counted.end.year}年的放假安排还没有录入，"
            "公布后请管理员在“工作日历”中录入，再核对公示文本。"
        )
    return found


def _still_open(connection: sa.Connection, chosen: Sequence[WaitingCase]) -> list[str]:
    """Objections to an earlier notice of the same cases that nobody has found true or not."""
    names = {each.case_id: each.name for each in chosen}
    found: dict[int, list[str]] = {}
    query = sa.select(objections.c.case_id, objections.c.number).where(objections.c.finding == "")
    for row in connection.execute(query.order_by(objections.c.id)):
        if row.case_id in names:
            found.setdefault(row.case_id, []).append(row.number)
    return [f"“{names[case_id]}”还有没有核查完的异议：{'、'.join(numbers)}。" for case_id, numbers in found.items()]


def _as_applied(each: WaitingCase, applied: Candidate | None) -> WaitingCase:
    """The case as its application is now: corrected names, and what keeps it off the list."""
    if applied is None:
        return replace(each, problem="申报已撤回、已撤销受理，或者已从工作簿中消失、待确认")
    problem = ""
    if applied.kind != each.kind:
        problem = "申报的类型已改，与列为拟创建对象时不同"
    elif applied.verdict != "pass":
        problem = "条件审核的结论现在不是“达标”"
    now, before = applied.identity, (each.name, each.operator, each.uscc)
    if before == (now.name, now.operator, now.uscc):
        return replace(each, problem=problem)
    called = replace(each, name=now.name, operator=now.operator, uscc=now.uscc, problem=problem)
    return replace(called, renamed=each.name if now.name != each.name else "")


def _chosen(found: Sequence[WaitingCase], stage: Stage, case_ids: Sequence[int] | None) -> list[WaitingCase]:
    if case_ids is not None:
        wanted = set(case_ids)
        if missing := wanted - {each.case_id for each in found}:
            raise Refused(f"所选的对象中有 {len(missing)} 个不在等待{stage.name}，请刷新页面后重新选择。")
        found = [each for each in found if each.case_id in wanted]
    if not found:
        raise Refused(f"没有“{status_name(stage.waiting)}”等待公示，请先选定要公示的对象。")
    blocked = [f"“{each.name}”{each.problem}" for each in found if each.problem]
    if blocked:
        raise Refused(f"有对象不能列入公示名单：{'；'.join(blocked)}。请先办好，或者这次不选它们。")
    return list(found)


def period_days(stage: Stage, editions: set[str], published: date) -> int:
    """The working days of a notice: as many as the editions of its round and of its cases ask for."""
    code = load().statuses[stage.running].periods[0]
    return max(loader.load(each).periods[code].values.whole(published) for each in editions)


def _days(stage: Stage, editions: set[str], published: date, asked: int | None) -> int:
    least = period_days(stage, editions, published)
    if asked is not None and asked < least:
        raise Refused(f"公示期不能少于 {least} 个工作日（{stage.clause}）。")
    return asked or least
