"""The migrations make the very tables that the program works with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.bootstrap import App, build
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
    since = [table for table in reversed(metadata.sorted_tables) if table.name in LATER]
    assert {table.name for table in since} == LATER
    with app.writer.begin() as connection:  # as it was before the second migration
        for table in since:
            assert before.pop(table.name) == []
            connection.execute(sa.text(f"DROP TABLE {table.name}"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    again = build(app.settings)
    again.close()
    assert office.dump() == before | {name: [] for name in LATER}
    with app.reader.connect() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one() == schema.HEAD


LATER = {
    "calendar_overrides",
    "cases",
    "case_events",
    "case_names",
    "case_baselines",
    "case_notes",
    "standings",
    "notices",
    "notice_entries",
    "objections",
    "change_reports",
    "feeds",
    "scoring_settings",
    "experts",
    "panel_members",
    "recusals",
    "assignments",
    "score_drafts",
    "score_entries",
    "score_books",
    "selection_drafts",
    "round_contacts",
    "publications",
    "publication_files",
    "document_templates",
    "book_sources",
    "online_rounds",
    "sync_runs",
    "sync_leases",
}
