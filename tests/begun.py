"""Cases for tests: taken over, begun with a recommendation, and led on by entries, each in a unit of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.accounts import Actor
from core.bootstrap import App
from core.lifecycle.entries import Identity
from core.lifecycle.table import load
from core.services.casework import Casework, New
from core.store.unit import Entry

STANDARD = "ln-2025-draft"


def taken_over(
    app: App,
    actor: Actor,
    status: str,
    since: date,
    name: str = "虚构甲平台",
    *,
    city: str = "沈阳市",
    kind: str = "platform",
    operator: str = "虚构甲公司",
    uscc: str = "",
) -> int:
    """Begins the file of a case that was there before the program, and gives its number."""
    with app.unit(actor) as unit:
        work = Casework(app, unit)
        number = work.begin(Identity(name, operator, uscc), kind=kind, city=city, standard_id=STANDARD)
        work.take_over(number, status, since, since, document="虚构工信〔2027〕1号", why="存量")
        unit.record(Entry("cohort.imported", "case", number, name, f"“{name}”建档", "存量", details=work.save()))
    return number


def recommended(
    app: App,
    actor: Actor,
    day: date,
    name: str = "虚构甲平台",
    *,
    city: str = "沈阳市",
    kind: str = "platform",
    operator: str = "虚构甲公司",
    round_id: int | None = None,
) -> int:
    """Begins the file of a case with its recommendation, and gives its number."""
    with app.unit(actor) as unit:
        work = Casework(app, unit)
        first = Identity(name, operator, "")
        number = work.begin(first, kind=kind, city=city, standard_id=STANDARD, round_id=round_id)
        work.enter(number, New("recommended", day))
        unit.record(Entry("selection.applied", "case", number, name, f"“{name}”已推荐", details=work.save()))
    return number


def entered(app: App, actor: Actor, case_id: int, event: str, day: date, **data: Any) -> int:
    """Enters an event on a case and gives its number in the case."""
    with app.unit(actor) as unit:
        work = Casework(app, unit, [case_id])
        number = work.enter(case_id, New(event, day, data, "虚构工信〔2029〕2号", "材料不全"))
        name = work.file(case_id).identity().name
        unit.record(
            Entry(
                "case.acted", "case", case_id, name, f"“{name}”{load().events[event]}", "材料不全", details=work.save()
            )
        )
    return number
