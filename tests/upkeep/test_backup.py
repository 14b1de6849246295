"""Making a backup: of one moment, for its owner's eyes, whole or not at all."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from core.accounts import Role
from core.bootstrap import App
from core.errors import FileRefused, Refused
from core.services import accounts
from core.store.tables import metadata
from core.upkeep.backup import backup
from tests.office import DALIAN, Office, Worlds, dump, refuses
from tests.upkeep.stores import brought_back, members, problems, saved_part

ROOT = Path(__file__).parents[2]


def test_only_its_owner_may_read_a_backup(office: Office, tmp_path: Path) -> None:
    saved = backup(office.app, tmp_path / "b.zip")
    assert stat.S_IMODE(saved.file.stat().st_mode) == 0o600
    assert saved.size == saved.file.stat().st_size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "home"]


def test_a_backup_is_of_one_moment(office: Office, worlds: Worlds, tmp_path: Path) -> None:
    """Somebody makes an account between the reading of accounts and of the ledger: it is in neither."""
    before, acted = saved_part(office.app), []

    def act(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT calendar_overrides.") and not acted:
            acted.append(statement)
            accounts.create_account(office.app, office.admin, login="sun", name="孙经办", role=Role.STAFF)

    sa.event.listen(office.app.reader, "before_cursor_execute", act)
    backup(office.app, tmp_path / "b.zip")
    sa.event.remove(office.app.reader, "before_cursor_execute", act)
    assert len(acted) == 1
    assert len(office.dump()["accounts"]) == len(before["accounts"]) + 1
    made = brought_back(worlds, office.app.writer.dialect.name, tmp_path / "b.zip", tmp_path / "other")
    assert saved_part(made) == before
    assert problems(made) == []
    made.close()


def test_rows_come_in_one_order_wherever_they_are_from(office: Office, backend: str, tmp_path: Path) -> None:
    """Sorted as a dictionary sorts, 鞍山市 would come first on a server that knows Chinese."""
    if backend == "postgresql":
        with office.app.writer.begin() as connection:
            connection.execute(sa.text('ALTER TABLE recommenders ALTER city TYPE varchar(32) COLLATE "zh-x-icu"'))
    backup(office.app, tmp_path / "b.zip")
    lines = members(tmp_path / "b.zip")["tables/recommenders.jsonl"].splitlines()
    cities = [json.loads(line)[1] for line in lines]
    assert len(cities) == 15
    assert cities == sorted(cities)


def test_bytes_that_are_damaged_are_left_out_and_named(office: Office, worlds: Worlds, tmp_path: Path) -> None:
    damaged = office.row(metadata.tables["intakes"], city=DALIAN).snapshot
    path = office.app.snapshots.path(damaged)
    path.chmod(0o600)
    path.write_bytes(b"x")
    saved = backup(office.app, tmp_path / "b.zip")
    assert saved.left_out == (
        f"存档中的原件（{damaged[:12]}…）与收到时不一致，可能已损坏。请用最近的备份恢复，再重试。",
    )
    made = brought_back(worlds, office.app.writer.dialect.name, tmp_path / "b.zip", tmp_path / "other")
    assert dump(made) == office.dump()
    [problem] = problems(made)
    assert f"存档中找不到收到时的原件（{damaged[:12]}…）" in problem
    made.close()


def test_a_backup_never_takes_the_place_of_a_file(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_bytes(b"something else")
    assert office.refuses(FileRefused, lambda: backup(office.app, file)) == (
        f"{file}：文件已经存在，为免覆盖没有备份。请换一个文件名或先移走它。"
    )
    assert file.read_bytes() == b"something else"


def test_nor_of_one_that_came_meanwhile(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"

    def come(_connection: object, _cursor: object, _statement: str, *_rest: object) -> None:
        file.write_bytes(b"something else")

    sa.event.listen(office.app.reader, "before_cursor_execute", come)
    assert office.refuses(FileRefused, lambda: backup(office.app, file)).startswith(f"{file}：文件已经存在")
    assert file.read_bytes() == b"something else"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "home"]


def test_a_folder_that_is_not_there_is_not_made(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "备份盘" / "b.zip"
    assert office.refuses(FileRefused, lambda: backup(office.app, file)) == (
        f"{file}：找不到要存放的文件夹，没有备份。请先建好文件夹或挂上备份盘。"
    )
    assert not file.parent.exists()


def test_a_store_without_anything_is_not_saved(app: App, tmp_path: Path) -> None:
    assert refuses(app, Refused, lambda: backup(app, tmp_path / "b.zip")) == (
        "这里还没有任何数据，没有备份。请检查 SHIFAN_HOME 和 SHIFAN_DATABASE_URL 是否写对。"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


NO_SPACE = """
import resource, sys
from pathlib import Path
from core.bootstrap import build
from core.errors import Refused
from core.settings import Settings
from core.upkeep.backup import backup
app = build(Settings(Path(sys.argv[1]), sys.argv[2]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), resource.RLIM_INFINITY))
try:
    backup(app, Path(sys.argv[3]))
except Refused as refused:
    print(refused)
"""


def test_where_the_disk_takes_no_more_nothing_is_left(office: Office, tmp_path: Path) -> None:
    file, settings = tmp_path / "b.zip", office.app.settings
    for most in (0, 4096, 100_000):
        command = [sys.executable, "-c", NO_SPACE, str(settings.home), settings.database_url, str(file), str(most)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{file}：没有备份成，磁盘放不下这么大的文件。\n"
        assert [path.name for path in tmp_path.iterdir()] == ["home"]
