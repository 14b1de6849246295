"""`shifan backup`, `shifan restore` and `shifan verify`, as called from a shell (contract §1)."""

from __future__ import annotations

import json
from pathlib import Path

from core.bootstrap import build
from core.settings import Settings
from core.store.tables import APPEND_ONLY, metadata
from core.upkeep.rows import saved_tables
from core.upkeep.verify import CHECKS
from tests.command import Ran, shifan
from tests.conftest import one_database
from tests.office import SHENYANG, Office, Worlds, dump
from tests.upkeep.stores import settings_for

IN_ORDER = "全部完好。"


def on(settings: Settings, *arguments: str | Path) -> Ran:
    """A command on a store."""
    return shifan(
        *map(str, arguments),
        SHIFAN_HOME=str(settings.home),
        SHIFAN_DATABASE_URL=settings.database_url,
        SHIFAN_TODAY="2026-05-20",
    )


def test_saved_brought_back_and_checked(office: Office, worlds: Worlds, backend: str, tmp_path: Path) -> None:
    file, entries = tmp_path / "b.zip", len(office.entries())
    done = on(office.app.settings, "backup", file)
    assert (done.code, done.err) == (0, "")
    rows = sum(len(found) for found in office.dump().values())
    assert done.out.splitlines() == [
        f"已备份到 {file}（{file.stat().st_size / 1e6:,.1f} MB）",
        f"数据表 {len(saved_tables())} 张 {rows:,} 行，收到的原件 3 份，操作留痕到第 {entries} 条",
    ]
    other = settings_for(worlds, backend, tmp_path / "other")
    done = on(other, "restore", file)
    assert (done.code, done.err) == (0, "")
    told = done.out.splitlines()
    assert told[0].startswith("已恢复 2026-05-20 ")
    assert told[0].endswith(f" 的备份，操作留痕到第 {entries} 条。正在核对……")
    assert told[1:4] == [
        f"数据表 {len(metadata.tables)} 张：完好",
        f"只增不改的保护 {len(APPEND_ONLY)} 张表：完好",
        f"操作留痕 {entries} 条：完好",
    ]
    assert told[-1] == IN_ORDER
    assert on(other, "verify") == Ran(0, "\n".join(told[1:]) + "\n", "")
    made = build(other)
    assert dump(made) == office.dump()
    made.close()


def test_checks_as_json(office: Office) -> None:
    done = on(office.app.settings, "verify", "--json")
    assert (done.code, done.err) == (0, "")
    document = json.loads(done.out)
    assert (list(document), document["ok"]) == (["ok", "checks"], True)
    assert [list(check) for check in document["checks"]] == [["name", "looked_at", "problems"]] * len(CHECKS)
    assert [check["name"] for check in document["checks"]] == [check.name for check in CHECKS]
    assert document["checks"][2] == {"name": "操作留痕", "looked_at": len(office.entries()), "problems": []}


def test_what_is_wrong_ends_with_1_and_is_told(office: Office, worlds: Worlds, backend: str, tmp_path: Path) -> None:
    path = office.app.snapshots.path(office.row(metadata.tables["intakes"], city=SHENYANG).snapshot)
    path.unlink()
    gone = f"存档中找不到收到时的原件（{path.name[:12]}…）。请用最近的备份恢复，再重试"
    sentence = f"2026年度 2026-沈阳市.xlsx（第 1 次受理）：{gone}"
    done = on(office.app.settings, "verify")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[3:5] == ["收到的原件 3 份：1 处不对", f"  {sentence}。"]
    assert done.out.splitlines()[-1] == "共 1 处不对，请保留现场，联系维护人员。"
    done = on(office.app.settings, "verify", "--json")
    assert (done.code, done.err) == (1, "")
    document = json.loads(done.out)
    assert document["ok"] is False
    assert document["checks"][3] == {"name": "收到的原件", "looked_at": 3, "problems": [sentence]}
    assert on(office.app.settings, "backup", tmp_path / "b.zip").code == 0
    assert on(settings_for(worlds, backend, tmp_path / "other"), "restore", tmp_path / "b.zip").code == 1


@one_database
def test_bytes_that_could_not_be_saved_end_with_1(office: Office, tmp_path: Path) -> None:
    sha256 = office.row(metadata.tables["intakes"], city=SHENYANG).snapshot
    path = office.app.snapshots.path(sha256)
    path.chmod(0o600)
    path.write_bytes(b"x")
    done = on(office.app.settings, "backup", tmp_path / "b.zip")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[-1] == (
        f"没有存入：存档中的原件（{sha256[:12]}…）与收到时不一致，可能已损坏。请用最近的备份恢复，再重试。"
    )


@one_database
def test_what_cannot_be_done_ends_with_2_and_one_line(office: Office, tmp_path: Path) -> None:
    settings, new = office.app.settings, Settings(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'shifan.db'}")
    nothing = "请检查 SHIFAN_HOME 和 SHIFAN_DATABASE_URL 是否写对。"
    assert on(new, "verify") == Ran(2, "", f"shifan：这里还没有任何数据，没有可核对的。{nothing}\n")
    assert on(new, "backup", tmp_path / "b.zip") == Ran(2, "", f"shifan：这里还没有任何数据，没有备份。{nothing}\n")
    assert on(settings, "restore", "没有.zip") == Ran(2, "", "shifan：没有.zip：找不到这个文件。\n")
    assert on(settings, "backup", tmp_path / "b.zip").code == 0
    done = on(settings, "restore", tmp_path / "b.zip")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith(f"shifan：{settings.home / 'shifan.db'} 里已经有数据，没有恢复任何内容。")
    assert on(settings, "backup", tmp_path / "b.zip").err == (
        f"shifan：{tmp_path / 'b.zip'}：文件已经存在，为免覆盖没有备份。请换一个文件名或先移走它。\n"
    )


@one_database
def test_a_database_that_cannot_be_read_is_told_in_one_line(office: Office, tmp_path: Path) -> None:
    settings = office.app.settings
    office.app.close()
    store = settings.home / "shifan.db"
    for aside in ("-wal", "-shm"):
        Path(f"{store}{aside}").unlink(missing_ok=True)
    store.write_bytes(b"x" * 8192)
    for command in (["verify"], ["verify", "--json"], ["backup", tmp_path / "b.zip"]):
        assert on(settings, *command) == Ran(
            2,
            "",
            "shifan：数据库读不出来，可能已经损坏。请停止服务，把 SHIFAN_HOME 设为新的文件夹"
            "（用 PostgreSQL 的另建一个空库），用最近的备份恢复。数据库的原话：file is not a database\n",
        )
