"""Bringing a backup back: into an empty store only, from any form of the tables, all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.bootstrap import App, build
from core.clock import Clock
from core.errors import FileRefused, Refused
from core.store import schema
from core.store.tables import metadata
from core.upkeep.backup import backup
from core.upkeep.restore import restore
from tests.office import TODAY, Office, Worlds, dump
from tests.upkeep.stores import Members, brought_back, kept, made_over, problems, settings_for

Columns = dict[str, list[str]]


@pytest.fixture
def file(office: Office, tmp_path: Path) -> Path:
    """A backup of the office."""
    return backup(office.app, tmp_path / "b.zip").file


def test_a_store_that_holds_anything_is_left_alone(office: Office, file: Path) -> None:
    settings = office.app.settings
    place = str(settings.home / "shifan.db")
    if office.app.writer.dialect.name == "postgresql":
        place = f"数据库 {sa.make_url(settings.database_url).database}"
    assert office.refuses(Refused, lambda: restore(settings, file)) == (
        f"{place} 里已经有数据，没有恢复任何内容。要恢复到别处，请把 SHIFAN_HOME 设为新的文件夹，"
        "用 PostgreSQL 的另建一个空库。如果是上一次恢复中途被停止，请先用 shifan verify 核对，完好就是已经恢复了。"
    )


def test_tables_that_are_not_ours_are_left_alone(worlds: Worlds, backend: str, file: Path, tmp_path: Path) -> None:
    settings = settings_for(worlds, backend, tmp_path / "other")
    settings.home.mkdir()
    engine = sa.create_engine(settings.database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE rounds (id integer)"))
    with pytest.raises(Refused) as caught:
        restore(settings, file)
    assert "里已经有数据，没有恢复任何内容。" in str(caught.value)
    assert sa.inspect(engine).get_table_names() == ["rounds"]
    assert not settings.snapshots.exists()
    engine.dispose()


def test_a_store_that_a_server_has_started_on_is_still_empty(
    worlds: Worlds, office: Office, backend: str, file: Path, tmp_path: Path
) -> None:
    settings = settings_for(worlds, backend, tmp_path / "other")
    build(settings).close()
    restore(settings, file)
    made = build(settings, Clock(TODAY))
    assert dump(made) == office.dump()
    assert kept(made) == kept(office.app)
    assert problems(made) == []
    made.close()


# ---------------------------------------------------------------- forms of the tables


@pytest.fixture
def first_form(file: Path, tmp_path: Path) -> tuple[Path, Columns]:
    """The backup as the first program would have made it, and the columns that its tables had."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'first.db'}")
    with engine.begin() as connection:
        schema.migrate(connection, "0001")
    there = sa.inspect(engine)
    columns = {name: [column["name"] for column in there.get_columns(name)] for name in there.get_table_names()}
    engine.dispose()

    def older(parts: Members, manifest: dict[str, Any]) -> None:
        tables = [table for table in manifest["tables"] if table["name"] in columns]
        for gone in {table["name"] for table in manifest["tables"]} - set(columns):
            assert parts.pop(f"tables/{gone}.jsonl") == b""
        for table in tables:
            member = f"tables/{table['name']}.jsonl"
            places = [at for at, column in enumerate(table["columns"]) if column in columns[table["name"]]]
            table["columns"] = [table["columns"][at] for at in places]
            rows = ([json.loads(line)[at] for at in places] for line in parts[member].splitlines())
            parts[member] = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        manifest.update(revision="0001", tables=tables)

    return made_over(file, tmp_path / "first.zip", older), columns


def of_columns(app: App, columns: Columns) -> dict[str, list[tuple[Any, ...]]]:
    with app.reader.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    sa.select(*(table.c[name] for name in columns[table.name])).order_by(*table.primary_key.columns)
                )
            ]
            for table in metadata.sorted_tables
            if table.name in columns
        }


@pytest.mark.parametrize("started", [False, True])
def test_a_backup_of_the_first_form_is_brought_up(
    worlds: Worlds, office: Office, backend: str, first_form: tuple[Path, Columns], tmp_path: Path, started: bool
) -> None:
    old, columns = first_form
    settings = settings_for(worlds, backend, tmp_path / "other")
    if started:  # the tables of the newest form are there, and empty
        build(settings).close()
    restore(settings, old)
    made = build(settings, Clock(TODAY))
    assert of_columns(made, columns) == of_columns(office.app, columns)
    assert problems(made) == []
    with made.reader.connect() as connection:
        assert schema.revision(connection) == schema.HEAD
    made.close()


def test_a_store_of_the_first_form_takes_a_newer_backup(
    worlds: Worlds, office: Office, backend: str, file: Path, tmp_path: Path
) -> None:
    settings = settings_for(worlds, backend, tmp_path / "other")
    settings.home.mkdir()
    engine = sa.create_engine(settings.database_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        schema.migrate(connection, "0001")
    engine.dispose()
    restore(settings, file)
    made = build(settings, Clock(TODAY))
    assert dump(made) == office.dump()
    assert problems(made) == []
    made.close()


# ---------------------------------------------------------------- references


def test_a_row_may_refer_to_one_that_comes_after_it(
    worlds: Worlds, office: Office, backend: str, file: Path, tmp_path: Path
) -> None:
    turned = made_over(file, tmp_path / "turned.zip", lambda _parts, manifest: manifest["tables"].reverse())
    made = brought_back(worlds, backend, turned, tmp_path / "other")
    assert dump(made) == office.dump()
    with made.reader.connect() as connection:  # and from now on it may not
        deferrable = "SELECT count(*) FROM pg_constraint WHERE condeferrable"
        assert backend == "sqlite" or connection.execute(sa.text(deferrable)).scalar_one() == 0
    made.close()


def nobody_at_home(parts: Members, _manifest: dict[str, Any]) -> None:
    parts["tables/applications.jsonl"] = b""


def half_a_row(parts: Members, _manifest: dict[str, Any]) -> None:
    parts["tables/recommenders.jsonl"] = b'[1,"x"]\n'


def twice(parts: Members, _manifest: dict[str, Any]) -> None:
    parts["tables/accounts.jsonl"] *= 2


@pytest.mark.parametrize("change", [nobody_at_home, half_a_row, twice])
def test_what_the_database_does_not_take_leaves_nothing_behind(
    worlds: Worlds, backend: str, file: Path, tmp_path: Path, change: Any
) -> None:
    wrong = made_over(file, tmp_path / "wrong.zip", change)
    settings = settings_for(worlds, backend, tmp_path / "other")
    with pytest.raises(FileRefused) as caught:
        restore(settings, wrong)
    assert caught.value.code == "unfit"
    assert str(caught.value).endswith(" 写不进这个数据库，没有恢复任何内容。请换一份备份。")
    empty = build(settings, Clock(TODAY))
    assert set(map(len, dump(empty).values())) == {0}
    empty.close()
    restore(settings, file)
    made = build(settings, Clock(TODAY))
    assert problems(made) == []
    made.close()
