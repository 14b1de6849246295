"""`verify` finds what was changed behind the program's back, and names it."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.services import cohorts
from core.store.tables import APPEND_ONLY, assessments, intakes, ledger, metadata
from core.upkeep.verify import CHECKS, verify
from tests.cohorts import WHO, cohort_file
from tests.conftest import one_database
from tests.office import DALIAN, Office, refuses
from tests.upkeep.stores import problems

UNGUARD = {
    "sqlite": ["DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete"],
    "postgresql": ["DROP TRIGGER ledger_append_only ON ledger"],
}
UNGUARDED = {
    "sqlite": "表 ledger 不许修改、删除的触发器不在了或已停用",
    "postgresql": "表 ledger 不许修改、删除、替换的触发器不在了或已停用",
}


def meddle(office: Office, *statements: str | sa.Executable) -> None:
    """What somebody with the database's own password can do."""
    with office.app.writer.begin() as connection:
        for each in statements:
            connection.execute(sa.text(each) if isinstance(each, str) else each)


def wrong(office: Office) -> dict[str, tuple[str, ...]]:
    """The problems, by the name of the check; checks without any are left out."""
    return {result.check.name: result.problems for result in verify(office.app) if result.problems}


def test_a_store_in_order_is_in_order_and_stays_as_it_is(office: Office) -> None:
    before = office.dump()
    results = list(verify(office.app))
    assert [each.check for each in results] == list(CHECKS)
    told = [line for each in results for line in each.lines()]
    entries, judged = len(before["ledger"]), len(before["assessments"])
    assert told[:5] == [
        f"数据表 {len(metadata.tables)} 张：完好",
        f"只增不改的保护 {len(APPEND_ONLY)} 张表：完好",
        f"操作留痕 {entries} 条：完好",
        "收到的原件 3 份：完好",
        f"与操作留痕的对应 {judged} 处：完好",
    ]
    assert problems(office.app) == []
    assert office.dump() == before


def test_large_numbers_are_told_with_separators(office: Office) -> None:
    [result, *_] = verify(office.app)
    assert type(result)(result.check, 1204, ()).lines() == ["数据表 1,204 张：完好"]
    assert type(result)(result.check, 1204, ("甲", "乙")).lines() == ["数据表 1,204 张：2 处不对", "  甲。", "  乙。"]


def test_an_empty_store_is_not_said_to_be_in_order(app: App) -> None:
    assert refuses(app, Refused, lambda: list(verify(app))) == (
        "这里还没有任何数据，没有可核对的。请检查 SHIFAN_HOME 和 SHIFAN_DATABASE_URL 是否写对。"
    )


# ---------------------------------------------------------------- the ledger


@pytest.mark.parametrize(
    "values", [{"what": "改写"}, {"who": "别人"}, {"why": "后补"}, {"details": {"x": 1}}, {"hash": "0" * 64}]
)
def test_a_changed_entry_is_named(office: Office, backend: str, values: dict[str, object]) -> None:
    meddle(office, *UNGUARD[backend], ledger.update().where(ledger.c.id == 4).values(**values))
    # who changes the hash, changes what the next entry builds on
    numbers = (4, 5) if "hash" in values else (4,)
    assert wrong(office) == {
        "只增不改的保护": (UNGUARDED[backend],),
        "操作留痕": tuple(f"第 {number} 条与它的校验值不符，内容改动过" for number in numbers),
    }


@pytest.mark.parametrize(
    ("gone", "sentence"), [((1,), "第 1 条不在了"), ((4,), "第 4 条不在了"), ((2, 3, 4), "第 2 至 4 条不在了")]
)
def test_a_missing_entry_is_named(office: Office, backend: str, gone: tuple[int, ...], sentence: str) -> None:
    meddle(office, *UNGUARD[backend], ledger.delete().where(ledger.c.id.in_(gone)))
    assert wrong(office) == {"只增不改的保护": (UNGUARDED[backend],), "操作留痕": (sentence,)}


def test_what_was_judged_by_entries_that_are_gone_is_named(office: Office, backend: str) -> None:
    """Whoever cuts the end of the ledger off leaves a chain that holds."""
    with office.app.reader.connect() as connection:
        held = list(connection.execute(sa.select(assessments).order_by(assessments.c.id)))
    last = max(row.ledger_id for row in held)
    meddle(office, *UNGUARD[backend], ledger.delete().where(ledger.c.id >= last))
    assert wrong(office) == {
        "只增不改的保护": (UNGUARDED[backend],),
        "与操作留痕的对应": tuple(
            f"表 assessments 第 {row.id} 号所依据的操作留痕第 {last} 条不在了" for row in held if row.ledger_id == last
        ),
    }


# ---------------------------------------------------------------- guards


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_guard_that_is_gone_is_named(office: Office, backend: str, table: str) -> None:
    if backend == "sqlite":
        meddle(office, f"DROP TRIGGER {table}_no_insert")
        assert wrong(office) == {"只增不改的保护": (f"表 {table} 不许替换的触发器不在了或已停用",)}
    else:
        meddle(office, f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        assert wrong(office) == {"只增不改的保护": (f"表 {table} 不许修改、删除、替换的触发器不在了或已停用",)}


def test_a_guard_that_lets_everything_through_is_named(office: Office, backend: str) -> None:
    if backend == "sqlite":
        weak = "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT 1; END"
        meddle(office, UNGUARD[backend][0], weak)
        assert wrong(office) == {"只增不改的保护": ("表 ledger 不许修改的触发器不在了或已停用",)}
        return
    nothing = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    weak = (
        "CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger "
        "FOR EACH STATEMENT EXECUTE FUNCTION nothing()"
    )
    meddle(office, *UNGUARD[backend], nothing, weak)
    assert wrong(office) == {"只增不改的保护": (UNGUARDED[backend],)}


# ---------------------------------------------------------------- bytes received


def test_bytes_that_are_gone_are_named(office: Office) -> None:
    sha256 = office.row(intakes, city=DALIAN).snapshot
    office.app.snapshots.path(sha256).unlink()
    assert wrong(office) == {
        "收到的原件": (
            f"2026年度 2026-大连市.xlsx（第 2 次受理）：存档中找不到收到时的原件（{sha256[:12]}…）。"
            "请用最近的备份恢复，再重试",
        )
    }


def test_bytes_that_changed_are_named(office: Office) -> None:
    sha256 = office.row(intakes, city=DALIAN).snapshot
    path = office.app.snapshots.path(sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(data)
    [sentence] = wrong(office)["收到的原件"]
    assert f"存档中的原件（{sha256[:12]}…）与收到时不一致" in sentence


def test_workbooks_of_former_years_are_looked_at_too(office: Office) -> None:
    data = cohort_file(WHO | {"目前状态": "已认定", "认定日期": "2022-09-30"})
    sha256 = hashlib.sha256(data).hexdigest()
    cohorts.import_cohort(office.app, office.staff, data, "存量.xlsx", expected_sha256=sha256, why="虚构")
    result = next(each for each in verify(office.app) if each.check.name == "收到的原件")
    assert result.lines() == ["收到的原件 4 份：完好"]
    office.app.snapshots.path(sha256).unlink()
    assert wrong(office) == {
        "收到的原件": (
            f"存量建档 存量.xlsx（操作留痕第 {office.last().id} 条）：存档中找不到收到时的原件（{sha256[:12]}…）。"
            "请用最近的备份恢复，再重试",
        )
    }


# ---------------------------------------------------------------- the database itself


@one_database
def test_a_damaged_file_is_found(office: Office, tmp_path: Path) -> None:
    office.app.close()
    connection = sqlite3.connect(tmp_path / "home" / "shifan.db")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_ledger_action'")
    connection.commit()
    connection.close()
    assert wrong(office) == {"数据表": ("数据库文件有损坏。请停止服务，用最近的备份恢复到新的文件夹",)}


@one_database
def test_a_row_that_leads_nowhere_is_found(office: Office, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "home" / "shifan.db")
    connection.execute("UPDATE assessments SET application_id = 999 WHERE id = 1")
    connection.commit()
    connection.close()
    assert wrong(office) == {"数据表": ("表 assessments 中有的行所指的内容不存在",)}
