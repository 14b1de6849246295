"""Cases under a public notice, for tests: begun, proposed and published in as few lines as a test may spend on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from core import views
from core.lifecycle.entries import Identity
from core.services import notices, objections
from core.services.casework import Casework, New
from core.services.notices import Confirmed, Contact
from core.store import tables
from core.store.unit import Entry
from tests.office import DALIAN, SHENFU, SHENYANG, Office

CONTACT = Contact("024-00000000", "虚构市示例路1号", "yiyi@example.cn", "虚构处")
SELECTED = date(2026, 5, 21)
# Monday; not counted, its fifth working day is the next Monday
PUBLISHED, LAST, AFTER = date(2026, 6, 1), date(2026, 6, 8), date(2026, 6, 9)
DOCUMENT = "虚构工信〔2026〕9号"
NAMES = (("虚构甲平台", SHENYANG), ("虚构乙平台", DALIAN), ("虚构丙平台", SHENFU))


def proposed(office: Office, names: Sequence[tuple[str, str]] = NAMES, round_id: int | None = None) -> list[int]:
    """Cases without an application, at 拟创建对象 since SELECTED; gives their numbers."""
    office.on(max(SELECTED, office.app.clock.today()))
    with office.app.unit(office.staff) as unit:
        work, made = Casework(office.app, unit), []
        for name, city in names:
            first = Identity(name, f"{name}中心", "")
            number = work.begin(
                first, kind="platform", city=city, standard_id="ln-2025-draft", round_id=round_id or office.round_id
            )
            work.enter(number, New("recommended", SELECTED))
            work.enter(number, New("selected", SELECTED, {}, "虚构纪要1号", "择优"))
            made.append(number)
        unit.record(Entry("selection.applied", "round", office.round_id, "", "", "", details=work.save()))
    return made


def accepted(office: Office, names: Sequence[tuple[str, str]] = NAMES) -> list[int]:
    """Cases of former years whose acceptance was passed: at 拟认定对象 since SELECTED."""
    office.on(max(SELECTED, office.app.clock.today()))
    with office.app.unit(office.staff) as unit:
        work, made = Casework(office.app, unit), []
        for name, city in names:
            number = work.begin(Identity(name, f"{name}中心", ""), kind="base", city=city, standard_id="ln-2025-draft")
            since = date(2024, 5, 1)
            work.take_over(number, "creating", since, since, document="虚构〔2024〕1号", why="存量")
            work.enter(number, New("acceptance_passed", SELECTED, {}, "", "验收通过"))
            made.append(number)
        unit.record(Entry("cohort.imported", "case", made[0], "", "", "", details=work.save()))
    return made


def publish(office: Office, stage: str = "creation", day: date = PUBLISHED, **more: Any) -> int:
    """Publishes on a day who waits; it is that day."""
    office.on(day)
    given: dict[str, Any] = {"published": day, "signed": day, "contact": CONTACT} | more
    return notices.open_notice(office.app, office.staff, office.round_id, stage, **given)


def confirm(office: Office, notice_id: int, on: date, **more: Any) -> Confirmed:
    """Confirms on a day what can be, by a document of that `day` or another, with the version that stands."""
    office.on(on)
    version = office.row(tables.notices, id=notice_id).version
    given: dict[str, Any] = {"day": on, "document": DOCUMENT, "version": version, "actor": office.staff} | more
    return notices.confirm(office.app, notice_id=notice_id, **given)


def object_to(office: Office, notice_id: int, *case_ids: int, received: date, **more: Any) -> tuple[int, ...]:
    """Registers an objection on the day it is received, unless it is a later one already."""
    if office.app.clock.today() < received:
        office.on(received)
    given: dict[str, Any] = {
        "source": "named", "from_name": "虚构某", "contact": "13000000000", "channel": "letter", "postmarked": None,
        "content": "服务家数不实", "evidence": "清单一份",
    } | more  # fmt: skip
    return objections.file(office.app, office.staff, notice_id, case_ids, received=received, **given)


def resolve(office: Office, objection_id: int, day: date, *, upheld: bool = False, **more: Any) -> str:
    """Finds an objection true or not on a day; it is that day, unless it is a later one already."""
    if office.app.clock.today() < day:
        office.on(day)
    version = office.row(tables.objections, id=objection_id).version
    given: dict[str, Any] = {"reason": "现场核查", "answer": "已书面答复", "version": version} | more
    return objections.resolve(
        office.app, office.staff, objection_id, given.pop("version"), day=day, upheld=upheld, **given
    )


def status(office: Office, case_id: int) -> str:
    """Where a case stands."""
    return str(office.row(tables.standings, case_id=case_id).status)


def entry_states(office: Office, notice_id: int, on: date | None = None) -> list[tuple[str, str]]:
    """Where each entry of a notice stands, and what is said of it."""
    return [(each.state, each.text) for each in views.notice_view(office.app, notice_id, on).entries]


def problems(office: Office) -> list[str]:
    """What is wrong with the notices of the store."""
    with office.app.reader.connect() as connection:
        return list(notices.notice_problems(connection))


def events(office: Office, case_id: int) -> list[tuple[int, str, date, int | None]]:
    """Every entry of a case: number, type, day, and what it voids."""
    table = tables.case_events
    query = sa.select(table.c.number, table.c.type, table.c.day, table.c.voids).where(table.c.case_id == case_id)
    with office.app.reader.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query.order_by(table.c.number))]
