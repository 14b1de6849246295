"""Ledger and submissions are added to and never changed: the database itself refuses, whoever asks."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from core.store.tables import APPEND_ONLY, metadata
from tests.office import Office


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["UPDATE", "DELETE", "TRUNCATE", "one row"])
def test_a_change_is_refused(office: Office, backend: str, table: str, act: str) -> None:
    column = next(iter(metadata.tables[table].columns)).name
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        # SQLite has no TRUNCATE: a DELETE without a condition is its truncation, and triggers see each row
        "TRUNCATE": f"TRUNCATE {table} CASCADE" if backend == "postgresql" else f"DELETE FROM {table} WHERE true",
        "one row": f"DELETE FROM {table} WHERE {column} = 1",
    }[act]
    before = office.dump()
    assert before[table]
    with pytest.raises(sa.exc.DBAPIError) as caught, office.app.writer.begin() as connection:
        connection.execute(sa.text(statement))
    assert str(caught.value.orig).splitlines()[0] == f"{table} is append-only"
    assert office.dump() == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_row_cannot_be_replaced(office: Office, backend: str, table: str) -> None:
    columns = ", ".join(f'"{column.name}"' for column in metadata.tables[table].primary_key.columns)
    if backend == "postgresql":
        statement = f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({columns}) DO UPDATE SET {AGAIN[table]}"
    else:
        statement = f"REPLACE INTO {table} SELECT * FROM {table}"
    before = office.dump()
    with pytest.raises(sa.exc.DBAPIError) as caught, office.app.writer.begin() as connection:
        connection.execute(sa.text(statement))
    assert str(caught.value.orig).splitlines()[0] == f"{table} is append-only"
    assert office.dump() == before


AGAIN = {"ledger": "what = 'x'", "submissions": "record = '{}'"}
