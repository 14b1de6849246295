"""Creation objects for tests: a 创建申报 led to its confirmation in one unit, its figures frozen."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.lifecycle.entries import Identity
from core.services.applicants import applicants
from core.services.casework import Casework, New
from core.services.creation_figures import Figures, freeze
from core.store.tables import rounds
from core.store.unit import Entry

NOTICE = timedelta(days=14)  # longer than any notice in working days, holidays counted in


def confirmed(app: App, actor: Actor, application_id: int, published: date) -> int:
    """Begins the case of a 创建申报, publishes and confirms it; gives its number. Its entries are 1 to 4."""
    one = next(each for each in applicants(app) if each.application_id == application_id)
    with app.unit(actor) as unit:
        standard = unit.execute(sa.select(rounds.c.standard_id).where(rounds.c.id == one.round_id)).scalar_one()
        work = Casework(app, unit)
        case = work.begin(
            Identity(one.name, one.operator, one.uscc),
            kind=one.kind,
            city=one.city,
            standard_id=standard,
            round_id=one.round_id,
            application_id=application_id,
        )
        work.enter(case, New("recommended", published))
        work.enter(case, New("selected", published, {}, "虚构纪要", "达标"))
        work.enter(case, New("notice_opened", published, {"days": 5, "count_start": False}))
        day = published + NOTICE
        last = work.enter(case, New("creation_confirmed", day, {}, "虚构〔2026〕1号"))
        row = Figures(unit.connection, [work.file(case)]).row(work.file(case), last, day)
        freeze(unit, [row] if row else [])
        details = work.save()
        unit.record(Entry("notice.confirmed", "case", case, one.name, f"“{one.name}”确定为创建对象", details=details))
    return case
