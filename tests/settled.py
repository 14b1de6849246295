"""Applications brought to 达标 for tests: every finding that is people's to settle is determined, in one unit."""

from __future__ import annotations

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.services.judging import rejudge
from core.standards import loader
from core.store.queries import newest_assessments
from core.store.tables import applications, determinations
from core.store.unit import Entry


def settled(app: App, actor: Actor, application_id: int, verdict: str = "pass") -> None:
    """Determines every open finding of an application, and every condition of it, with one verdict."""
    with app.unit(actor) as unit:
        query = sa.select(applications.c.round_id).where(applications.c.id == application_id)
        round_id = unit.execute(query).scalar_one()
        judged = newest_assessments(unit.connection, [application_id])[application_id]
        edition = loader.load(judged.standard_id)
        for finding in judged.findings:
            if not finding["open"] or finding["settled"]:
                continue
            for item in edition.criterion(finding["criterion"]).items or ("",):
                unit.insert(
                    determinations,
                    application_id=application_id,
                    criterion=finding["criterion"],
                    item=item,
                    verdict=verdict,
                    reason="现场查看属实",
                    who=actor.name,
                    at=unit.now,
                )
        rejudge(app, unit, round_id, [application_id])
        unit.record(
            Entry("review.determined", "application", application_id, "甲", "逐项认定", "现场查看属实", round_id)
        )
