"""Read model of one case: where it stands, what may happen next, its history and all that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import OPENED, Identity
from core.lifecycle.events import Event
from core.lifecycle.replay import Life, Offer, State
from core.lifecycle.table import load
from core.services.basis import PASSING, basis
from core.services.case_files import CaseFile, case_files, replayed
from core.services.case_history import Band, Former, PastEntry, past
from core.services.cases import SINGLE
from core.services.looking_back import look
from core.standards import loader
from core.store import tables
from core.views.cases import hints
from core.views.notices import notice_view
from core.views.objections import ObjectionView
from core.views.remembering import remember
from core.working_days.periods import long_day

UNTOLD: Final = "没有记载"  # the first entry of the case was voided


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """The last day of what the case is in; `left` days to it, negative where it is past."""

    code: str
    due: date
    left: int
    provisional: bool
    clause: str

    @property
    def name(self) -> str:
        """What the day is called."""
        return load().deadlines[self.code]

    @property
    def overdue(self) -> bool:
        """Whether the day is past."""
        return self.left < 0


@dataclass(frozen=True, slots=True)
class OfferView:
    """Something the table allows now. `keep`: the choice it stands for, None where there is none to make.

    `given` are the codes of what must be given; `leads` says in a sentence what it leads to if done today;
    `problem` why it cannot be done today, '' where it can. `ends`: nothing can be done after it. `elsewhere`: it
    is not done on the case but where notices and objections are.
    """

    event: str
    keep: bool | None
    name: str
    clause: str
    given: tuple[str, ...]
    leads: str
    problem: str
    ends: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. `version` goes back with every act; `day` is the one it is looked at from, `past` whether that is over.

    `objections`: each with the number of its notice. `ledger`: (number, when, who, what, why) and `notes`: (when, who,
    document, text), newest first.
    """

    id: int
    version: int
    day: date
    past: bool
    kind: str
    category: str
    city: str
    called: Identity
    former: tuple[Former, ...]
    year: int | None
    status: str | None
    since: date | None
    ended: bool
    deadline: DeadlineView | None
    hints: tuple[str, ...]
    entries: tuple[PastEntry, ...]
    bands: tuple[Band, ...]
    offers: tuple[OfferView, ...]
    objections: tuple[tuple[int, ObjectionView], ...]
    notes: tuple[tuple[datetime, str, str, str], ...]
    ledger: tuple[tuple[int, datetime, str, str, str], ...]

    @property
    def status_name(self) -> str:
        """The status as staff call it."""
        return UNTOLD if self.status is None else load().statuses[self.status].name

    @property
    def standing(self) -> tuple[PastEntry, ...]:
        """The entries that count."""
        return tuple(one for one in self.entries if one.voided is None)

    @property
    def taken_over(self) -> bool:
        """Whether it was there before the program."""
        return any(one.type == OPENED for one in self.entries)

    @property
    def changes(self) -> tuple[tuple[PastEntry, PastEntry | None], ...]:
        """Every reported change with the decision on it; None while it waits."""
        found: list[tuple[PastEntry, PastEntry | None]] = []
        for one in self.standing:
            if one.type == "change_reported":
                found.append((one, None))
            elif one.type == "change_decided":
                found = [(reported, decided or one) for reported, decided in found]
        return tuple(found)

    @property
    def next(self) -> str:
        """What comes next, in a sentence."""
        if self.ended or self.status is None:
            return "已经终结，不再办理。" if self.ended else ""
        day = self.deadline
        until = f"{day.name}是{long_day(day.due)}{'（暂定）' if day.provisional else ''}。" if day else ""
        # the names have commas of their own
        can = dict.fromkeys(one.name for one in self.offers if not one.problem)
        return f"{until}接下来可以办理：{'；'.join(can)}。" if can else until


def case_view(app: App, case_id: int, on: date | None = None) -> CaseView:
    """One case as known on a past day or now; Refused where there is none, or none was known then."""
    day = on or app.clock.today()
    return remember(app, ("case", case_id, day, on), lambda connection: _ask(app, connection, case_id, on))


def _ask(app: App, connection: sa.Connection, case_id: int, on: date | None) -> CaseView:
    file = next(case_files(connection, [case_id]), None)
    if file is None:
        raise Refused("没有这个创建对象，请回到列表重新选择。")
    seen = look(app, connection, on)
    if seen.known_by is not None and all(one.at > seen.known_by for one in file.entries):
        raise Refused(f"这个创建对象在{long_day(seen.day)}还没有建档，请换一天查看。")
    life = seen.lives.of(file.standard_id)
    state = replayed(life, file, seen.day if on else date.max, seen.known_by)
    happened = past(connection, life, file, seen.known_by)
    year = sa.select(tables.rounds.c.year).where(tables.rounds.c.id == file.round_id)
    return CaseView(
        id=file.id,
        version=file.version,
        day=seen.day,
        past=on is not None,
        kind=file.kind,
        category=file.category,
        city=file.city,
        called=file.identity(known_by=seen.known_by),
        former=happened.former,
        year=connection.execute(year).scalar(),
        status=state.status,
        since=state.since,
        ended=state.status is not None and load().statuses[state.status].ended,
        deadline=_deadline(file, state, seen.day),
        hints=hints(state.open_objections, sorted(state.flags)),
        entries=happened.entries,
        bands=happened.bands,
        offers=_offers(life, state, seen.day, _groundless(app, connection, file, state)) if on is None else (),
        objections=_objections(app, connection, file, on),
        notes=_notes(connection, file, seen.known_by),
        ledger=_ledger(connection, file, seen.known_by),
    )


def _deadline(file: CaseFile, state: State, day: date) -> DeadlineView | None:
    if state.due is None or state.status is None:
        return None
    status = load().statuses[state.status]
    clause = loader.load(file.standard_id).periods[status.periods[-1]].clause
    last, provisional = state.due
    return DeadlineView(status.deadline, last, (last - day).days, provisional, clause)


def _groundless(app: App, connection: sa.Connection, file: CaseFile, state: State) -> str:
    """Why nothing can pass now for want of an application that does (第七条（三）、第十条), '' where one does."""
    found = basis(app, connection, file, state.status)
    return "" if found.passing else found.sentence


def _offers(life: Life, state: State, today: date, groundless: str) -> tuple[OfferView, ...]:
    return tuple(_offer(life, state, offer, today, groundless) for offer in life.offers(state, today))


def _offer(life: Life, state: State, offer: Offer, today: date, groundless: str) -> OfferView:
    row = offer.transition
    waits = groundless if row.event in PASSING else ""
    chosen = dict(row.when)
    keep, upheld = chosen.get("keep"), chosen.get("upheld", False)
    status = life.table.statuses[row.to]
    leads = "状态不变。" if row.to == row.source else f"转为“{status.name}”。"
    if offer.problem is None:
        doing = Event(0, row.event, today, occurred=today, upheld=upheld, keep=keep is not False)
        after = life.advance(state, doing)
        if isinstance(after, State) and after.due is not None and after.due != state.due:
            sure = "（暂定）" if after.due.provisional else ""
            leads += f"今天办理的，{life.table.deadlines[status.deadline]}是{long_day(after.due.day)}{sure}。"
    return OfferView(
        event=row.event,
        keep=keep,
        name=row.name,
        clause=row.clause,
        given=row.given,
        leads=leads,
        problem=waits if offer.problem is None else offer.problem.sentence,
        ends=status.ended,
        elsewhere=row.event not in SINGLE,
    )


def _objections(
    app: App, connection: sa.Connection, file: CaseFile, on: date | None
) -> tuple[tuple[int, ObjectionView], ...]:
    """Objections to this case as their notices tell of them, each with the number of its notice."""
    table = tables.objections
    asked = sa.select(table.c.notice_id).where(table.c.case_id == file.id).distinct().order_by(table.c.notice_id)
    if on is not None:
        asked = asked.where(table.c.at <= datetime.combine(on, time.max))
    notices = connection.execute(asked).scalars().all()
    return tuple(
        (one, each) for one in notices for each in notice_view(app, one, on).objections if each.case_id == file.id
    )


def _notes(
    connection: sa.Connection, file: CaseFile, known_by: datetime | None
) -> tuple[tuple[datetime, str, str, str], ...]:
    table = tables.case_notes
    query = sa.select(table).where(table.c.case_id == file.id).order_by(table.c.id.desc())
    rows = connection.execute(query if known_by is None else query.where(table.c.at <= known_by))
    return tuple((row.at, row.who, row.document, row.text) for row in rows)


def _ledger(
    connection: sa.Connection, file: CaseFile, known_by: datetime | None
) -> tuple[tuple[int, datetime, str, str, str], ...]:
    """What the ledger tells of the case: acts on it alone, and acts on many that made an entry in its history."""
    table, events = tables.ledger, tables.case_events
    alone = sa.and_(table.c.subject_kind == "case", table.c.subject_id == str(file.id))
    among = table.c.id.in_(sa.select(events.c.ledger_id).where(events.c.case_id == file.id))
    query = sa.select(table.c.id, table.c.at, table.c.who, table.c.what, table.c.why).where(sa.or_(alone, among))
    if known_by is not None:
        query = query.where(table.c.at <= known_by)
    return tuple(tuple(row) for row in connection.execute(query.order_by(table.c.id.desc())))
