"""Read models of what ties applications to a case: what acceptance or review may rest on, and the figures beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from core.applications import FIGURES, Application, assemble_one
from core.bootstrap import App
from core.errors import Refused
from core.records import with_verified
from core.services.applicants import applicants
from core.services.baselines import Creation, frozen
from core.services.basis import FIRST, Basis, Linked, linked
from core.services.basis import basis as basis_now
from core.services.case_files import CaseFile, case_files, replayed
from core.services.counting import lives
from core.services.matching import Wanted, match
from core.standards import loader
from core.standards.threshold import Ref
from core.store.queries import held_applications, standing_verified
from core.store.tables import cases, rounds, standings
from core.views.remembering import remember
from sheets_schema import schema
from sheets_schema.rows import Typed


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """One column: the figure at creation, the newest one, and what became of it; '' where there is none."""

    column: str
    at_creation: str
    today: str
    change: str


@dataclass(frozen=True, slots=True)
class BesideToday:
    """The figures at creation beside those of the newest application. `sentence` says what is not there, if anything.

    `frozen_on`: the day the figures at creation were judged on; None where none were kept.
    """

    frozen_on: date | None
    newest: Linked | None
    sentence: str
    rows: tuple[FigureBeside, ...]


@dataclass(frozen=True, slots=True)
class CaseOf:
    """The case that an application is of; None with a sentence why there is none."""

    case_id: int | None
    name: str
    sentence: str


def case_of(app: App, application_id: int) -> CaseOf:
    """The case that an application is of: the one it opened, else the one that its code and name tell."""

    def ask(connection: sa.Connection) -> CaseOf:
        one = next((each for each in applicants(app) if each.application_id == application_id), None)
        if one is None:
            return CaseOf(None, "", "")
        opened = sa.select(cases.c.id).where(cases.c.application_id == application_id)
        number, sentence = connection.execute(opened).scalar(), ""
        if number is None and one.application != FIRST:
            [found] = match(connection, [Wanted(one.city, one.name, one.kind, one.uscc)])
            number, sentence = found.case_id, found.sentence
        if number is None:
            return CaseOf(None, "", sentence)
        name = connection.execute(sa.select(standings.c.name).where(standings.c.case_id == number)).scalar_one()
        return CaseOf(number, name, "")

    return remember(app, ("case of", application_id), ask)


def basis(app: App, case_id: int) -> Basis:
    """What acceptance or review of a case may rest on now, or why there is nothing (第七条（三）、第十条)."""

    def ask(connection: sa.Connection) -> Basis:
        file = _file(connection, case_id)
        return basis_now(app, connection, file, replayed(lives(app).of(file.standard_id), file).status)

    return remember(app, ("basis", case_id), ask)


def linked_applications(app: App, case_id: int) -> tuple[Linked, ...]:
    """Every application of a case, of any round: newest round first."""
    return remember(app, ("linked", case_id), lambda c: tuple(linked(app, c, _file(c, case_id))))


def baseline_beside_today(app: App, case_id: int) -> BesideToday:
    """The figures at creation (附件2) beside those of the newest application for acceptance or review."""

    def ask(connection: sa.Connection) -> BesideToday:
        file = _file(connection, case_id)
        newest = next((each for each in linked(app, connection, file) if _counts(each)), None)
        kept = frozen(connection, [case_id]).get(case_id)
        own = before = kept.application() if kept is not None else None
        today = _held(connection, newest) if newest is not None else None
        missing = []
        if before is None:
            # as it is judged: a case from before the program is held against an earlier round's 创建申报
            if today is not None and newest is not None:
                before = Creation(connection, newest.year).of({newest.application_id: today}).get(newest.application_id)
            found = "创建时一列取自以前轮次的创建申报" if before is not None else "以前轮次也没有创建申报可比"
            missing.append(f"没有确定时留存的数据，{found}")
        if today is None:
            missing.append("还没有收到验收或复核申报")
        sentence = "；".join(missing) + "。" if missing else ""
        on = kept.as_of if kept is not None and own is not None else None
        return BesideToday(on, newest, sentence, _rows(file, before, today))

    return remember(app, ("beside", case_id), ask)


def _file(connection: sa.Connection, case_id: int) -> CaseFile:
    found = next(case_files(connection, [case_id]), None)
    if found is None:
        raise Refused("没有这个创建对象，请回到列表重新选择。")
    return found


def _counts(each: Linked) -> bool:
    return each.application != FIRST and each.withdrawal != "withdrawn"


def _held(connection: sa.Connection, one: Linked) -> Application | None:
    number = one.application_id
    held = held_applications(connection, one.round_id, ids=[number])[0]
    settings = connection.execute(sa.select(rounds).where(rounds.c.id == one.round_id)).one()
    values = {(row.sheet, row.column): row.value for row in standing_verified(connection, [number]).get(number, ())}
    record: Mapping[str, Any] = with_verified(held.record, values) if values else held.record
    as_of = settings.reference_day or settings.deadline or date(settings.year, 12, 31)
    edition = loader.load(settings.standard_id)
    return assemble_one(dict(record), edition, as_of, book="", city=one.city)[0]


def _rows(file: CaseFile, before: Application | None, today: Application | None) -> tuple[FigureBeside, ...]:
    if before is None and today is None:
        return ()
    sheet = schema.load().sheet(FIGURES["platform" if file.kind == "platform" else "base"])
    rows = []
    for column in sheet.columns:
        if column.name == sheet.key:
            continue
        old, new = (one.look(Ref(sheet.name, column.name)).value if one else None for one in (before, today))
        if old is not None or new is not None:
            rows.append(FigureBeside(column.name, _text(old), _text(new), _change(old, new)))
    return tuple(rows)


def _text(value: Typed) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "、".join(value)
        case int() | Decimal():
            return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    return str(value)


def _change(old: Typed, new: Typed) -> str:
    if old is None or new is None:
        return ""
    if isinstance(old, (int, Decimal)) and isinstance(new, (int, Decimal)):
        more = Decimal(new) - Decimal(old)
        if not more:
            return "持平"
        return f"{'增加' if more > 0 else '减少'} {_text(abs(more))}"
    return "相同" if old == new else "有变化"
