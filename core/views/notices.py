"""Read models of 公示与异议: a notice with its period, its text and where each entry stands, today or on a past day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import reached
from core.publication.notice_text import NoticeText, from_plain
from core.services.case_files import case_files
from core.services.contacts import Contact, contact_of
from core.services.creation_figures import Figures
from core.services.looking_back import Look, look
from core.services.notice_draft import Draft, WaitingCase, draft, period_days, waiting_cases, warnings
from core.services.notice_rows import (
    NoticeEntry,
    Stage,
    ended_sentence,
    frozen_entries,
    frozen_list,
    hindrance,
    notice_name,
    opening,
    stage_of,
    status_name,
)
from core.store import tables
from core.store.queries import one
from core.views.objections import ObjectionView, Place, objection_views
from core.views.remembering import remember
from core.working_days.calendar import Counted, Due
from core.working_days.periods import long_day

# where an entry of a notice stands, in the order in which people look at them
ENTRY_STATES: Final[Mapping[str, str]] = {
    "ready": "可以确认",
    "open": "异议待核查",
    "held": "暂不能确认",
    "running": "公示中",
    "confirmed": "已确认",
    "upheld": "异议属实",
    "ended": "已退出",
    "voided": "公示已作废",
}
_UPHELD: Final = ("objection_upheld", "not_recognized")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as it was published, and where it stands. `called`: its name now, '' where it is the same.

    `state` is one of ENTRY_STATES; `text` says it in full, with day and document number or what stands against it.
    """

    position: int
    case_id: int
    version: int
    city: str
    name: str
    kind: str
    operator: str
    called: str
    state: str
    text: str
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice. `version` goes back with every act; `contact` is as published, and so is `text`.

    `state`: running, over, done or withdrawn; `state_text` says it in a sentence. `without_start` and `with_start`:
    the period counted both ways; `counted` is the one of its rule, `rule` says which. `left`: its working days
    from today on, 0 when it is over. `confirm_from`: the first day on which it can be confirmed; `confirm_text`
    says what confirming now would do, or why it cannot be done. `intact`: the list is what was published.
    """

    id: int
    version: int
    round_id: int
    year: int
    stage: str
    stage_name: str
    confirmed_name: str
    name: str
    published: date
    signed: date
    days: int
    count_start: bool
    rule: str
    without_start: Counted
    with_start: Counted
    left: int
    confirm_from: date
    state: str
    state_text: str
    can_confirm: bool
    confirm_text: str
    warnings: tuple[str, ...]
    contact: Contact
    text: NoticeText
    sha256: str
    intact: bool
    entries: tuple[EntryView, ...]
    objections: tuple[ObjectionView, ...]
    counts: Mapping[str, int]
    who: str
    at: datetime

    @property
    def counted(self) -> Counted:
        """The period by the rule of the notice."""
        return self.with_start if self.count_start else self.without_start


@dataclass(frozen=True, slots=True)
class NoticeForm:
    """What a form for a new notice begins with. `count_start` is None while the round has not chosen: see 年度轮次.

    `days` is the least; `contact` that of the round, else that of the newest notice, None before the first.
    """

    waiting: tuple[WaitingCase, ...]
    days: int
    count_start: bool | None
    contact: Contact | None
    published: date


def notices_of(app: App, round_id: int, on: date | None = None) -> tuple[NoticeView, ...]:
    """The notices of a round, newest first; on a past day those known then, as they were known."""
    table = tables.notices
    query = sa.select(table.c.id).where(table.c.round_id == round_id).order_by(table.c.id.desc())
    with app.reader.connect() as connection:
        if on is not None:
            query = query.where(table.c.at <= look(app, connection, on).known_by)
        numbers = list(connection.execute(query).scalars())
    return tuple(notice_view(app, number, on) for number in numbers)


def notice_view(app: App, notice_id: int, on: date | None = None) -> NoticeView:
    """One notice, today or as it was known on a past day. Remembered: callers change nothing in it."""
    key = ("notice", notice_id, on, app.clock.today())
    return remember(app, key, lambda connection: _ask(app, connection, notice_id, on))


def notice_form(app: App, round_id: int, stage: str) -> NoticeForm:
    """Who waits for a notice, and what its form begins with. Remembered: callers change nothing in it."""
    held, today = stage_of(stage), app.clock.today()

    def ask(connection: sa.Connection) -> NoticeForm:
        settings = one(connection, sa.select(tables.rounds).where(tables.rounds.c.id == round_id), "没有这个年度轮次。")
        cases = tuple(waiting_cases(connection, round_id, held))
        contact = contact_of(connection, round_id)
        if contact is None:
            newest = sa.select(tables.notices.c.contact).order_by(tables.notices.c.id.desc()).limit(1)
            last = connection.execute(newest).scalar()
            contact = None if last is None else Contact(**last)
        return NoticeForm(
            cases,
            period_days(held, {settings.standard_id, *(each.standard_id for each in cases)}, today),
            settings.count_start,
            contact,
            today,
        )

    return remember(app, ("notice-form", round_id, stage, today), ask)


def notice_preview(
    app: App,
    round_id: int,
    stage: str,
    *,
    published: date,
    signed: date,
    contact: Contact,
    case_ids: Sequence[int] | None = None,
    days: int | None = None,
) -> Draft:
    """A notice as it would be published: list, period both ways, text, warnings. Refused as publishing it would be."""
    with app.reader.connect() as connection:
        return draft(
            app,
            connection,
            round_id,
            stage,
            published=published,
            signed=signed,
            contact=contact,
            case_ids=case_ids,
            days=days,
        )


def _ask(app: App, connection: sa.Connection, notice_id: int, on: date | None) -> NoticeView:
    seen = look(app, connection, on)
    query = sa.select(tables.notices, tables.rounds.c.year).join(tables.rounds)
    held = one(connection, query.where(tables.notices.c.id == notice_id), "没有这次公示，请回到列表重新选择。")
    stage = stage_of(held.stage)
    name = notice_name(stage, held.year, held.published)
    if seen.known_by is not None and held.at > seen.known_by:
        raise Refused(f"{long_day(seen.day)}还没有登记{name}，请选择以后的日期。")
    counting = seen.lives.calendar
    ends = [counting.end_of_period(held.published, held.days, counted) for counted in (False, True)]
    counted = ends[held.count_start]
    due = Due(counted.end, counted.provisional)
    entries = frozen_entries(connection, notice_id)
    places = _places(connection, [each.case_id for each in entries], seen)
    objections = objection_views(connection, notice_id, stage, due, places, seen.known_by)
    # what has become of the applications since is asked of today's only, and only where it still matters
    under = [each.file for each in places.values() if each.state.status == stage.running]
    gaps = Figures(connection, under) if on is None and stage.code == "creation" else None
    shown = tuple(
        _entry(position, each, places[each.case_id], stage, notice_id, gaps, due, seen, objections)
        for position, each in enumerate(entries, start=1)
    )
    counts = Counter(each.state for each in shown)
    said = sa.select(tables.ledger.c.details).where(tables.ledger.c.id == held.ledger_id)
    told = one(connection, said, "操作留痕中没有这次公示的登记，请联系管理员核对数据。").details
    state = _state(counts, seen.day, due)
    # a first day that is not counted is none of those that are left
    left = sum(each >= seen.day for each in counted.working_days)
    return NoticeView(
        id=notice_id,
        version=held.version,
        round_id=held.round_id,
        year=held.year,
        stage=stage.code,
        stage_name=stage.name,
        confirmed_name=stage.confirmed,
        name=name,
        published=held.published,
        signed=held.signed,
        days=held.days,
        count_start=held.count_start,
        rule=_rule(held.count_start),
        without_start=ends[0],
        with_start=ends[1],
        left=left,
        confirm_from=due.day + _ONE_DAY,
        state=state,
        state_text=_state_text(state, counts, due, _left_text(left, seen, counted), stage, objections),
        can_confirm=counts["ready"] > 0,
        confirm_text=_confirm_text(state, counts, due, stage),
        warnings=(
            *warnings(counting, held.published, held.signed, counted),
            *(_moved(date.fromisoformat(told["last"]), due) if state in ("running", "over") else ()),
        ),
        contact=Contact(**held.contact),
        text=from_plain(told["text"]),
        sha256=held.sha256,
        intact=frozen_list(stage, held.year, entries).data_sha256 == held.sha256,
        entries=shown,
        objections=objections,
        counts={code: counts[code] for code in ENTRY_STATES},
        who=held.who,
        at=held.at,
    )


def _places(connection: sa.Connection, ids: Sequence[int], seen: Look) -> dict[int, Place]:
    found = {}
    for file in case_files(connection, ids):
        counted = file.counted(seen.known_by)
        state = reached(seen.lives.of(file.standard_id), counted)
        called = file.identity(seen.day, seen.known_by).name
        found[file.id] = Place(file, called, counted, state)
    return found


def _entry(
    position: int,
    each: NoticeEntry,
    place: Place,
    stage: Stage,
    notice_id: int,
    gaps: Figures | None,
    due: Due,
    seen: Look,
    objections: Sequence[ObjectionView],
) -> EntryView:
    gap = "" if gaps is None else gaps.gap(place.file)
    against = hindrance(place.counted, place.state, stage, notice_id, gap)
    state = _entry_state(place, stage, notice_id, against, due, seen.day)
    return EntryView(
        position=position,
        case_id=each.case_id,
        version=place.file.version,
        city=each.city,
        name=each.name,
        kind=each.kind,
        operator=each.operator,
        called=place.called if place.called != each.name else "",
        state=state,
        text=against or ("公示中" if state == "running" else "没有异议妨碍，可以确认"),
        objections=tuple(one.number for one in objections if one.case_id == each.case_id),
    )


def _entry_state(place: Place, stage: Stage, notice_id: int, against: str, due: Due, day: date) -> str:
    if opening(place.counted, notice_id) is None:
        return "voided"
    if place.state.status != stage.running:
        if any(each.type == stage.confirms for each in place.counted):
            return "confirmed"
        return "upheld" if place.state.status in _UPHELD else "ended"
    if place.state.open_objections:
        return "open"
    if against:
        return "held"
    return "ready" if day > due.day else "running"


def _state(counts: Mapping[str, int], day: date, due: Due) -> str:
    if counts["voided"] == sum(counts.values()):
        return "withdrawn"
    if not any(counts[code] for code in ("ready", "open", "held", "running")):
        return "done"
    return "over" if day > due.day else "running"


def _state_text(
    state: str, counts: Mapping[str, int], due: Due, left: str, stage: Stage, objections: Sequence[ObjectionView]
) -> str:
    unsure = "（暂定）" if due.provisional else ""
    if state == "withdrawn":
        return f"公示已撤回，对象回到“{status_name(stage.waiting)}”。"
    open_ = f"，{counts['open']} 个有异议待核查" if counts["open"] else ""
    if state == "running":
        return f"公示中，最后一日是{long_day(due.day)}{unsure}，{left}{open_}。"
    if state == "done":
        upheld = f"，异议属实 {counts['upheld']} 个" if counts["upheld"] else ""
        ended = f"，退出 {counts['ended']} 个" if counts["ended"] else ""
        # one that came too late holds nobody up, but is looked into all the same
        behind = sum(each.open for each in objections)
        waits = f"，还有 {behind} 件异议待核查" if behind else ""
        return f"已办结：{stage.confirmed} {counts['confirmed']} 个{upheld}{ended}{waits}。"
    parts = {"ready": "可以确认", "open": "有异议待核查", "held": "暂不能确认"}
    said = "，".join(f"{counts[code]} 个{text}" for code, text in parts.items() if counts[code])
    return f"公示期已满（最后一日{long_day(due.day)}{unsure}）：{said}。"


def _left_text(left: int, seen: Look, counted: Counted) -> str:
    called = "今天" if seen.known_by is None else "当天"
    return f"{f'含{called}' if seen.day in counted.working_days else ''}还有 {left} 个工作日"


def _confirm_text(state: str, counts: Mapping[str, int], due: Due, stage: Stage) -> str:
    if counts["ready"]:
        behind = counts["open"] + counts["held"]
        rest = f"，其余 {behind} 个留待核查后再确认" if behind else ""
        return f"将{stage.confirmed} {counts['ready']} 个{rest}。"
    if state == "running":
        return f"{ended_sentence(due)}。"
    waits = [f"{counts[code]} 个{ENTRY_STATES[code]}" for code in ("open", "held") if counts[code]]
    return f"没有可以确认的对象：{'，'.join(waits)}。" if waits else "没有可以确认的对象。"


def _rule(count_start: bool) -> str:
    if count_start:
        return "发布当日计入，作为第一个工作日"
    return "发布当日不计入，从下一个工作日起数（民法典第二百零一条）"


def _moved(then: date, due: Due) -> list[str]:
    """Where an arrangement of the calendar came later than the text."""
    if then == due.day:
        return []
    return [
        f"公示文本写的最后一日是{long_day(then)}，按现在的工作日历是{long_day(due.day)}；以工作日历为准，请更正公示文本。"
    ]
