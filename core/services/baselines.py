"""The figures at creation that later stages are held against (附件2：与创建时相比).

A case's own, frozen when it was confirmed as a creation object and judged by the edition of that day; where it has
none, the 创建申报 of earlier rounds, by code and name (contract §3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from core.applications import Application, assemble_one
from core.checks.judge import Baselines
from core.errors import Refused
from core.services.case_files import in_batches
from core.services.matching import Wanted, match
from core.standards import loader
from core.store.queries import held_applications
from core.store.tables import case_baselines, case_events, rounds


@dataclass(frozen=True, slots=True)
class Frozen:
    """The figures at creation of one case: the record as it was judged, with 核定值 in it."""

    case_id: int
    application_id: int
    standard_id: str
    as_of: date
    record: dict[str, Any]

    def application(self) -> Application | None:
        """The figures, typed by their own edition; None where this program no longer has it."""
        try:
            edition = loader.load(self.standard_id)
        except Refused:
            return None
        return assemble_one(self.record, edition, self.as_of, book="", city=None)[0]


class Creation:
    """The figures at creation, for the applications of one round: asked of the store as they are needed."""

    def __init__(self, connection: sa.Connection, year: int) -> None:
        self._connection, self._year = connection, year
        self._earlier: Baselines | None = None

    def of(self, asked: Mapping[int, Application]) -> dict[int, Application]:
        """The figures at creation of each application, by number; left out where there are none."""
        wanted = [Wanted(one.city or "", one.name or "", one.kind, one.uscc or "") for one in asked.values()]
        cases = [each.case_id for each in match(self._connection, wanted)]
        own = frozen(self._connection, (each for each in cases if each is not None))
        found: dict[int, Application] = {}
        for (number, application), case_id in zip(asked.items(), cases, strict=True):
            kept = own.get(case_id) if case_id is not None else None
            baseline = kept.application() if kept is not None else None
            if baseline is None:
                if self._earlier is None:
                    self._earlier = Baselines(_earlier(self._connection, self._year))
                baseline = self._earlier.find(application)
            if baseline is not None:
                found[number] = baseline
        return found


def frozen(connection: sa.Connection, case_ids: Iterable[int]) -> dict[int, Frozen]:
    """What was frozen for each case by the entry of its confirmation that counts."""
    voided = sa.exists().where(
        case_events.c.case_id == case_baselines.c.case_id, case_events.c.voids == case_baselines.c.number
    )
    found = {}
    for some in in_batches(sorted(set(case_ids))):
        query = sa.select(case_baselines).where(case_baselines.c.case_id.in_(some), ~voided)
        for row in connection.execute(query.order_by(case_baselines.c.case_id, case_baselines.c.number)):
            found[row.case_id] = Frozen(row.case_id, row.application_id, row.standard_id, row.as_of, row.record)
    return found


def keep_with(connection: sa.Connection, case_id: int, number: int, after: int) -> None:
    """Lets what entry `number` froze stand with entry `after`, which was entered in its place."""
    query = sa.select(case_baselines).where(case_baselines.c.case_id == case_id, case_baselines.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is not None:
        connection.execute(case_baselines.insert().values({**row, "number": after}))


def _earlier(connection: sa.Connection, year: int) -> list[Application]:
    """The 创建申报 of earlier rounds, as reported."""
    found: list[Application] = []
    earlier = sa.select(rounds).where(rounds.c.year < year).order_by(rounds.c.year.desc())
    for settings in connection.execute(earlier):
        try:
            edition = loader.load(settings.standard_id)
        except Refused:
            continue  # a round of an edition that this program no longer has: no baseline, people judge
        as_of = settings.reference_day or settings.deadline
        if as_of is None:
            continue
        for each in held_applications(connection, settings.id):
            application, _ = assemble_one(each.record, edition, as_of, book="", city=each.city)
            if application is not None and application.application == "creation":
                found.append(application)
    return found
