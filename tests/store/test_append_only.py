"""The ledger and all that happened is added to and never changed: the database itself refuses, whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.store import tables
from core.store.tables import APPEND_ONLY, metadata
from tests.office import SHENYANG, Office

AGAIN = {
    "ledger": "what = 'x'",
    "submissions": "record = '{}'",
    "case_events": "why = 'x'",
    "case_baselines": "record = '{}'",
    "notice_entries": "name = 'x'",
    "change_reports": "content = 'x'",
    "score_entries": "why = 'x'",
    "publications": "title = 'x'",
    "publication_files": "size = 1",
}


@pytest.fixture
def filled(office: Office) -> Office:
    """An office in which every guarded table holds a row."""
    number, day = office.application(SHENYANG, "pt-001").id, date(2026, 5, 20)
    called = {"city": SHENYANG, "name": "虚构甲平台", "kind": "platform"}
    at = {"at": office.app.clock.now(), "ledger_id": 1}
    rows: list[tuple[sa.Table, dict[str, Any]]] = [
        (tables.cases, {"id": 1, "standard_id": "ln-2025-draft", **called}),
        (tables.case_events, {"case_id": 1, "number": 1, "type": "opened", "day": day, "place": 1, **at}),
        (
            tables.case_baselines,
            {"case_id": 1, "number": 1, "application_id": number, "standard_id": "x", "as_of": day, "record": {}},
        ),
        (
            tables.notices,
            {
                "id": 1, "round_id": office.round_id, "stage": "creation", "published": day, "signed": day, "days": 5,
                "count_start": False, "contact": {}, "sha256": "", "who": "甲", **at,
            },
        ),
        (
            tables.notice_entries,
            {"notice_id": 1, "case_id": 1, "position": 1, "division_code": "", "operator": "", **called},
        ),
        (
            tables.change_reports,
            {
                "id": 1, "intake_id": 1, "row": 2, "name": "甲", "change": "更名", "occurred": day, "reported": day,
                "content": "甲", "opinion": "保留",
            },
        ),
        (tables.experts, {"id": 1, "code": "专家01", "name": "甲", "units": [], "fields": []}),
        (
            tables.assignments,
            {
                "id": 1, "round_id": office.round_id, "application_id": number, "expert_id": 1, "who": "甲",
                "at": at["at"],
            },
        ),
        (
            tables.score_entries,
            {"assignment_id": 1, "number": 1, "kind": "submitted", "content": {}, "via": "app", "who": "甲", **at},
        ),
        (
            tables.publications,
            {
                "id": 1, "kind": "revoked", "title": "甲", "published": day, "as_of": day, "content": {},
                "data_sha256": "", "standard_id": "x", "who": "甲", **at,
            },
        ),
        (tables.publication_files, {"publication_id": 1, "name": "甲.csv", "sha256": "", "size": 0}),
    ]  # fmt: skip
    with office.app.writer.begin() as connection:
        for table, values in rows:
            connection.execute(table.insert().values(**values))
    return office


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE", "one row"])
def test_a_change_is_refused(filled: Office, backend: str, table: str, act: str) -> None:
    column = next(iter(metadata.tables[table].columns)).name
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        # SQLite has no TRUNCATE: a DELETE without a condition is its truncation, and triggers see each row
        "TRUNCATE": f"TRUNCATE {table} CASCADE" if backend == "postgresql" else f"DELETE FROM {table} WHERE true",
        "one row": f"DELETE FROM {table} WHERE {column} = 1",
    }[act]
    before = filled.dump()
    assert before[table]
    with pytest.raises(sa.exc.DBAPIError) as caught, filled.app.writer.begin() as connection:
        connection.execute(sa.text(statement))
    assert str(caught.value.orig).splitlines()[0] == f"{table} is append-only"
    assert filled.dump() == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_cannot_be_replaced(filled: Office, backend: str, table: str) -> None:
    columns = ", ".join(f'"{column.name}"' for column in metadata.tables[table].primary_key.columns)
    if backend == "postgresql":
        statement = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({columns}) DO UPDATE SET {AGAIN[table]}"
    else:
        statement = f"REPLACE INTO {table} SELECT * FROM {table}"
    before = filled.dump()
    with pytest.raises(sa.exc.DBAPIError) as caught, filled.app.writer.begin() as connection:
        connection.execute(sa.text(statement))
    assert str(caught.value.orig).splitlines()[0] == f"{table} is append-only"
    assert filled.dump() == before
