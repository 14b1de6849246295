"""A backup holds the whole store, and either database takes back what the other gave."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.accounts import Role
from core.services import accounts, calendar
from core.services.arrangement import DayOverride
from core.store import schema
from core.upkeep.backup import backup
from core.upkeep.rows import saved_tables
from tests.conftest import BOTH
from tests.office import DALIAN, PASSWORD, TODAY, Office, Worlds, better, dump
from tests.upkeep.stores import brought_back, fill, kept, members, problems, saved_part

across = pytest.mark.parametrize("other", BOTH)


@pytest.fixture
def full(office: Office) -> Office:
    """The office with something in every table."""
    accounts.sign_in(office.app, login="li", password=PASSWORD)
    fill(office.app)
    assert [name for name, rows in office.dump().items() if not rows] == []
    return office


@across
def test_what_comes_back_is_the_same_store(full: Office, worlds: Worlds, other: str, tmp_path: Path) -> None:
    file = tmp_path / "一份备份.zip"
    saved = backup(full.app, file)
    made = brought_back(worlds, other, file, tmp_path / "other")
    assert dump(made) == full.dump() | {"sessions": [], "sync_leases": []}
    assert kept(made) == kept(full.app) != {}
    entries = full.entries()
    assert (saved.manifest.ledger_id, saved.manifest.ledger_hash) == (entries[-1].id, entries[-1].hash)
    assert saved.manifest.rows == sum(len(rows) for rows in saved_part(full.app).values())
    assert (saved.manifest.revision, saved.left_out) == (schema.HEAD, ())
    made.close()


@across
def test_there_and_back_again_every_byte_is_the_same(full: Office, worlds: Worlds, other: str, tmp_path: Path) -> None:
    backup(full.app, tmp_path / "1.zip")
    there = brought_back(worlds, other, tmp_path / "1.zip", tmp_path / "there")
    backup(there, tmp_path / "2.zip")
    back = brought_back(worlds, full.app.writer.dialect.name, tmp_path / "2.zip", tmp_path / "back")
    backup(back, tmp_path / "3.zip")
    first, second, third = (members(tmp_path / f"{number}.zip") for number in (1, 2, 3))
    for each in (first, second, third):
        made_at = json.loads(each.pop("manifest.json"))["made_at"]
        assert made_at.startswith(TODAY.isoformat())
    assert first == second == third
    there.close()
    back.close()


def test_null_in_a_column_and_null_in_its_json_stay_two_things(office: Office, worlds: Worlds, tmp_path: Path) -> None:
    """Both read as None, and questions of the store tell them apart."""
    fill(office.app)
    columns = "ledger_id, at, type, day, place, voids, document, why"
    again = f"INSERT INTO case_events (case_id, number, {columns}, data) SELECT case_id, %s, {columns}, %s "
    with office.app.writer.begin() as connection:
        for number, data in ((2, "NULL"), (3, "'null'")):
            connection.exec_driver_sql(again % (number, data) + "FROM case_events WHERE number = 1")
    backup(office.app, tmp_path / "b.zip")
    made = brought_back(worlds, office.app.writer.dialect.name, tmp_path / "b.zip", tmp_path / "other")
    with made.reader.connect() as connection:
        found = connection.execute(sa.text("SELECT number FROM case_events WHERE data IS NULL")).scalars()
        assert list(found) == [2]
    made.close()


def test_every_type_of_the_store_has_a_portable_form() -> None:
    types = {type(column.type) for table in saved_tables() for column in table.columns}
    assert types == {sa.Integer, sa.String, sa.Text, sa.Boolean, sa.Date, sa.DateTime, sa.JSON}


def test_signing_in_is_not_saved_and_passwords_are(office: Office, worlds: Worlds, tmp_path: Path) -> None:
    accounts.sign_in(office.app, login="li", password=PASSWORD)
    [session] = office.dump()["sessions"]
    backup(office.app, tmp_path / "b.zip")
    parts = members(tmp_path / "b.zip")
    assert "tables/sessions.jsonl" not in parts
    assert [name for name, data in parts.items() if session[0].encode() in data] == []
    made = brought_back(worlds, office.app.writer.dialect.name, tmp_path / "b.zip", tmp_path / "other")
    token = accounts.sign_in(made, login="li", password=PASSWORD)
    assert accounts.actor_of(made, token) == office.staff
    assert len(office.dump()["sessions"]) == 1
    made.close()


@across
def test_work_goes_on_in_a_restored_store(office: Office, worlds: Worlds, other: str, tmp_path: Path) -> None:
    backup(office.app, tmp_path / "b.zip")
    made = replace(office, app=brought_back(worlds, other, tmp_path / "b.zip", tmp_path / "other"))
    before = made.dump()
    made.put(DALIAN, *better())
    assert [each.ok for each in made.take(DALIAN)] == [True]
    accounts.create_account(made.app, made.admin, login="sun", name="孙经办", role=Role.STAFF, password=PASSWORD)
    calendar.set_overrides(made.app, made.admin, [DayOverride(date(2026, 12, 18), "rest", "示例〔2026〕1号")], "示例")
    after = made.dump()
    for name in ("accounts", "intakes", "assessments", "calendar_overrides", "ledger"):
        numbers = [row[0] for row in after[name]]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) > len(before[name])
    assert problems(made.app) == []
    made.app.close()
