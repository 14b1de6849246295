"""A site comes into a folder wholly or not at all, and never over anything that is not an earlier one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.errors import Refused
from core.publication.registry.folder import MANIFEST, replace_folder

FIRST, SECOND = {"a.html": b"1", "b.html": b"2"}, {"a.html": b"3"}


def with_manifest(files: dict[str, bytes]) -> dict[str, bytes]:
    return files | {MANIFEST: json.dumps({"list": "registry", "files": dict.fromkeys(files, "")}).encode()}


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "外网" / "名录"


def test_a_new_one_is_made_and_an_earlier_one_replaced_with_nothing_left_over(folder: Path) -> None:
    replace_folder(folder, with_manifest(FIRST))
    assert held(folder) == with_manifest(FIRST)
    replace_folder(folder, with_manifest(SECOND))
    assert held(folder) == with_manifest(SECOND)
    assert [path.name for path in folder.parent.iterdir()] == ["名录"]


def test_an_empty_folder_is_used(folder: Path) -> None:
    folder.mkdir(parents=True)
    replace_folder(folder, with_manifest(FIRST))
    assert held(folder) == with_manifest(FIRST)


def test_a_folder_of_something_else_stays_as_it_is(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "照片.txt").write_bytes(b"x")
    for manifest in (None, b"{", b"[]", b'{"list":"recognized","files":{}}'):
        if manifest is not None:
            (folder / MANIFEST).write_bytes(manifest)
        before = held(folder)
        with pytest.raises(Refused) as refused:
            replace_folder(folder, with_manifest(FIRST))
        assert str(refused.value) == (
            f"文件夹 {folder} 里有别的内容，不是以前导出的名录，没有改动。请换一个新的文件夹。"
        )
        assert held(folder) == before


def test_what_was_added_to_an_earlier_one_is_named_and_kept(folder: Path) -> None:
    replace_folder(folder, with_manifest(FIRST))
    (folder / "通知.pdf").write_bytes(b"x")
    (folder / "图").mkdir()
    with pytest.raises(Refused) as refused:
        replace_folder(folder, with_manifest(SECOND))
    assert str(refused.value) == (
        f"文件夹 {folder} 里除了以前导出的名录还有 图、通知.pdf，没有改动。请移走它们，或者换一个新的文件夹。"
    )
    assert (folder / "a.html").read_bytes() == b"1"


def test_a_file_is_no_folder(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_bytes(b"x")
    with pytest.raises(Refused) as refused:
        replace_folder(folder, with_manifest(FIRST))
    assert str(refused.value) == f"{folder} 是文件，不是文件夹。请换一个文件夹。"
    assert folder.read_bytes() == b"x"


def test_where_one_file_cannot_be_written_nothing_is_changed(folder: Path) -> None:
    replace_folder(folder, with_manifest(FIRST))
    with pytest.raises(Refused) as refused:
        replace_folder(folder, with_manifest({"a.html": b"9", "长" * 300: b"x"}))
    assert str(refused.value) == f"写不进文件夹 {folder}：名称太长。请检查文件夹和写入权限。"
    assert held(folder) == with_manifest(FIRST)
    assert [path.name for path in folder.parent.iterdir()] == ["名录"]


def test_a_run_that_was_stopped_between_the_two_names_loses_nothing(folder: Path) -> None:
    replace_folder(folder, with_manifest(FIRST))
    folder.rename(folder.with_name(".名录.old"))
    with pytest.raises(Refused):
        replace_folder(folder, with_manifest({"长" * 300: b"x"}))
    assert held(folder) == with_manifest(FIRST)


def test_a_link_to_a_folder_stays_a_link(folder: Path, tmp_path: Path) -> None:
    folder.parent.mkdir()
    (tmp_path / "真").mkdir()
    folder.symlink_to(tmp_path / "真")
    replace_folder(folder, with_manifest(FIRST))
    assert folder.is_symlink()
    assert held(tmp_path / "真") == with_manifest(FIRST)
