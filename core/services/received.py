"""The books as they were received: what a city sent, unchanged, for as long as the store is kept."""

from __future__ import annotations

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.store.queries import one
from core.store.tables import intakes

SUFFIX = ".xlsx"


def received(app: App, actor: Actor, intake_id: int) -> tuple[str, bytes]:
    """Name and bytes of the book that one intake took in; of an online sheet, a workbook with the same cells.

    Raises Refused where there is no such intake, and where its bytes are missing or damaged.
    """
    from core.intake.online.answer import is_snapshot
    from core.intake.online.as_workbook import as_workbook

    actor.require(Permission.READ_INTAKE)
    with app.reader.connect() as connection:
        intake = one(connection, sa.select(intakes).where(intakes.c.id == intake_id), "没有这次受理。")
    data = app.snapshots.read(intake.snapshot)
    if is_snapshot(data):
        return intake.file_name + SUFFIX, as_workbook(data)
    return str(intake.file_name), data
