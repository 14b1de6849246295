"""The migrations make the very tables that the program works with."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.bootstrap import App, build
from core.errors import Refused
from core.settings import Settings
from core.store import schema
from core.store.tables import metadata
from tests.office import Office, dump


def test_an_empty_store_has_every_table_and_no_row(app: App) -> None:
    assert dump(app) == {table.name: [] for table in metadata.sorted_tables}
    names = sa.inspect(app.reader).get_table_names()
    assert sorted(names) == sorted([*metadata.tables, "alembic_version"])


def test_the_tables_are_those_declared(app: App, backend: str) -> None:
    # SQLite gives an empty default back in another spelling; PostgreSQL answers for the defaults of both
    asked = {"compare_type": True, "compare_server_default": backend == "postgresql"}
    with app.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts=asked)
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_the_one_the_program_asks_for(app: App) -> None:
    assert ScriptDirectory(str(schema._MIGRATIONS)).get_heads() == [schema.HEAD]
    with app.reader.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == schema.HEAD


def test_a_second_upgrade_changes_nothing(office: Office) -> None:
    before = office.dump()
    schema.upgrade(office.app.writer)
    again = build(office.app.settings)
    again.close()
    assert office.dump() == before


def test_a_store_of_the_first_form_is_brought_up_with_all_it_holds(office: Office) -> None:
    before, app = office.dump(), office.app
    assert before.pop("calendar_overrides") == []
    with app.writer.begin() as connection:  # as it was before the second migration
        connection.execute(sa.text("DROP TABLE calendar_overrides"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    assert not sa.inspect(app.writer).has_table("calendar_overrides")
    again = build(app.settings)
    again.close()
    assert office.dump() == before | {"calendar_overrides": []}
    with app.reader.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == schema.HEAD


def test_a_day_has_at_most_one_standing_override(app: App) -> None:
    add = metadata.tables["calendar_overrides"].insert()
    row = {"day": date(2026, 12, 18), "kind": "rest", "document": "甲", "who": "甲", "at": app.clock.now()}
    with app.writer.begin() as connection:
        connection.execute(
            add, [row | {"ended_at": row["at"]}, row | {"ended_at": row["at"]}, row | {"ended_at": None}]
        )
    before = dump(app)
    with pytest.raises(sa.exc.IntegrityError), app.writer.begin() as connection:
        connection.execute(add, row)
    assert dump(app) == before


def test_sqlite_is_opened_for_safety(app: App, backend: str) -> None:
    if backend == "postgresql":
        assert app.writer is app.reader
        return
    for engine in (app.writer, app.reader):
        with engine.connect() as connection:
            asked = ("journal_mode", "synchronous", "foreign_keys")
            found = [connection.execute(sa.text(f"PRAGMA {name}")).scalar_one() for name in asked]
            assert found == ["wal", 2, 1]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "SHIFAN_DATABASE_URL 写得不对，应如 postgresql+psycopg://用户:口令@主机/库名。"),
        ("mysql://x/y", "只支持 SQLite 文件或 PostgreSQL，请检查 SHIFAN_DATABASE_URL。"),
        ("sqlite://", "只支持 SQLite 文件或 PostgreSQL，请检查 SHIFAN_DATABASE_URL。"),
    ],
)
def test_an_address_that_cannot_be_used_is_told(app: App, url: str, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        build(Settings(app.settings.home, url))
    assert str(caught.value) == sentence
