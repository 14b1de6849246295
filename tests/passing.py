"""Applications that pass, for tests that begin where checking has ended."""

from __future__ import annotations

import sqlalchemy as sa

from core.store import tables
from tests.books import MAIN
from tests.office import Office

ALL = ("虚构市云帆服务平台", "虚构市望海基地", "虚构市星河服务平台", "虚构区安山服务平台")


def settle(office: Office, *names: str) -> None:
    """Brings applications to pass as their newest assessments; what people do for that is tested in test_review."""
    table = tables.assessments
    with office.app.writer.begin() as connection:
        held = connection.execute(
            sa.select(tables.applications.c.id, tables.submissions.c.record).join_from(
                tables.applications, tables.submissions
            )
        )
        chosen = [row.id for row in held if row.record["rows"][MAIN][0]["fields"]["平台（基地）名称"][1] in names]
        assert len(set(chosen)) == len(names)
        connection.execute(table.update().where(table.c.application_id.in_(chosen)).values(verdict="pass"))
