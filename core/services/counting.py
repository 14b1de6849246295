"""What days are counted with: the calendar as overridden, and the lives of cases by it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.replay import Life
from core.standards import loader
from core.store.queries import ledger_head
from core.store.tables import calendar_overrides
from core.working_days.calendar import Calendar, Override


def calendar(app: App) -> Calendar:
    """The calendar with the overrides that stand: what everything that counts days asks.

    Remembered until the ledger grows, and kept beyond that while the overrides stay the same.
    """
    with app.reader.connect() as connection:
        head = ledger_head(connection)
        held: tuple[int, tuple[Override, ...], Calendar] | None = app.remembered.get("calendar")
        if held is not None and held[0] == head:
            return held[2]
        standing = standing_overrides(connection)
    made = held[2] if held is not None and held[1] == standing else Calendar(standing)
    app.remembered["calendar"] = (head, standing, made)
    return made


def standing_overrides(connection: sa.Connection) -> tuple[Override, ...]:
    """The overrides that stand, by day; for use inside a unit of work, where `calendar` would not see its writes."""
    table = calendar_overrides
    found = connection.execute(sa.select(table).where(table.c.ended_at.is_(None)).order_by(table.c.day))
    return tuple(Override(row.day, row.kind, row.document) for row in found)


def overrides_known(connection: sa.Connection, moment: datetime) -> tuple[Override, ...]:
    """The overrides that stood at a moment, by day."""
    table = calendar_overrides
    then = sa.and_(table.c.at <= moment, sa.or_(table.c.ended_at.is_(None), table.c.ended_at > moment))
    found = connection.execute(sa.select(table).where(then).order_by(table.c.day))
    return tuple(Override(row.day, row.kind, row.document) for row in found)


class Lives:
    """The rules that cases are read by, one `Life` for each edition, all on one calendar."""

    def __init__(self, counting: Calendar) -> None:
        self.calendar = counting
        self._made: dict[str, Life] = {}

    def of(self, standard_id: str) -> Life:
        """The rules of the edition that holds for a case."""
        life = self._made.get(standard_id)
        if life is None:
            life = self._made[standard_id] = Life(loader.load(standard_id).periods, self.calendar)
        return life


def lives(app: App) -> Lives:
    """The rules by the calendar of today; remembered as long as the calendar stays the same."""
    counting = calendar(app)
    held: Lives | None = app.remembered.get("lives")
    if held is None or held.calendar is not counting:
        held = app.remembered["lives"] = Lives(counting)
    return held
