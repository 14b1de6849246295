"""`shifan export registry`: a site in a folder, without a round; whole in two environments, refused in a sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from core.services import registry
from tests.begun import taken_over
from tests.command import Ran, shifan
from tests.office import Office


@pytest.fixture
def held(opened: Office) -> Office:
    """One object."""
    taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构甲平台")
    return opened


def export(office: Office, folder: Path, *more: str, **settings: str) -> Ran:
    """One call in the folder's parent."""
    home = {"SHIFAN_HOME": str(office.app.settings.home), "SHIFAN_TODAY": "2026-05-20"}
    return shifan("export", "registry", "--out", folder.name, *more, cwd=folder.parent, **home | settings)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_site_is_written_and_its_files_are_named(held: Office, tmp_path: Path) -> None:
    made = registry.site(held.app)[1]
    ran = export(held, tmp_path / "site")
    assert (ran.code, ran.out.splitlines(), ran.err) == (0, [f"site/{name}" for name in made], "")
    assert files(tmp_path / "site") == made
    assert held.last().what == "导出名录网站到文件夹 site，共 1 个"


def test_two_environments_write_the_same_bytes_over_each_other(held: Office, tmp_path: Path) -> None:
    west = {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "1"}
    east = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77"}
    assert export(held, tmp_path / "site", **west).code == 0
    before = files(tmp_path / "site")
    assert export(held, tmp_path / "site", **east).code == 0
    assert files(tmp_path / "site") == before


def test_a_past_day_and_a_round_that_is_not_asked_for(held: Office, tmp_path: Path) -> None:
    ran = export(held, tmp_path / "site", "--as-of", "2026-05-19", "--round", "2026")
    assert (ran.code, ran.err.splitlines()) == (
        0, ["shifan：名录不分年度，没有用到 --round。", "shifan：名录是空的，还没有确定的创建对象，也没有认定的。"],
    )  # fmt: skip


def test_what_cannot_be_done_is_said_in_one_line(held: Office, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "别的.txt").write_bytes(b"x")
    assert export(held, tmp_path / "site") == Ran(
        2, "", f"shifan：文件夹 {tmp_path / 'site'} 里有别的内容，不是以前导出的名录，没有改动。请换一个新的文件夹。\n"
    )
    assert export(held, tmp_path / "new", "--as-of", "2026-05-21") == Ran(
        2, "", "shifan：2026年5月21日（周四）还没有到，不能查看那一天的名录。\n"
    )
    assert not (tmp_path / "new").exists()
