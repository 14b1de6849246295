"""A backup that is not what it was, or never was one, is refused by name before anything is touched."""

from __future__ import annotations

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import FileRefused
from core.settings import Settings
from core.upkeep.archive import MANIFEST, open_backup
from core.upkeep.backup import backup
from core.upkeep.restore import restore
from tests.books import filled
from tests.conftest import one_database
from tests.office import SHENYANG, Office, Worlds
from tests.upkeep.stores import Members, brought_back, members, pack, saved_part, settings_for

pytestmark = one_database
FLIPS, SEED = 300, 20260630
KINDS = ("manifest.json", "tables/ledger.jsonl", "snapshots/")


@pytest.fixture
def file(office: Office, tmp_path: Path) -> Path:
    """A backup of the office."""
    return backup(office.app, tmp_path / "b.zip").file


@pytest.fixture
def settings(worlds: Worlds, backend: str, tmp_path: Path) -> Settings:
    """A place that is not there yet."""
    return settings_for(worlds, backend, tmp_path / "other")


def refused(settings: Settings, file: Path) -> FileRefused:
    """How a file is refused; where it was to go, nothing may be."""
    with pytest.raises(FileRefused) as caught:
        restore(settings, file)
    assert not settings.home.exists()
    return caught.value


def damaged(file: Path, member: str) -> str:
    return f"{file}：备份中的 {member} 已损坏或不齐全，没有恢复任何内容。请换一份备份。"


def not_whole(file: Path) -> str:
    return f"{file}：这不是完整的备份文件（没有传完，或不是用 shifan backup 做的），没有恢复任何内容。"


def first_of(file: Path, kind: str) -> str:
    return next(name for name in members(file) if name.startswith(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_byte_that_changed_is_found_in_every_kind_of_member(file: Path, settings: Settings, kind: str) -> None:
    name = first_of(file, kind)
    with zipfile.ZipFile(file) as opened:
        entry = opened.getinfo(name)
    data = bytearray(file.read_bytes())
    data[entry.header_offset + 30 + len(name) + len(entry.extra) + entry.compress_size // 2] ^= 1
    file.write_bytes(data)
    assert str(refused(settings, file)) == damaged(file, name)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_member_exchanged_with_care_is_found(file: Path, settings: Settings, kind: str) -> None:
    """The zip is right in itself; only the manifest knows what stood there."""
    parts = members(file)
    name = first_of(file, kind)
    parts[name] = parts[name].replace("张主任".encode(), "王主任".encode()) if kind.endswith("l") else b"x"
    assert str(refused(settings, pack(file, parts))) == damaged(file, name)


def test_bytes_received_under_another_name_are_found(file: Path, settings: Settings) -> None:
    parts = members(file)
    name, other = [name for name in parts if name.startswith("snapshots/")][:2]
    manifest = json.loads(parts[MANIFEST])
    parts[name], manifest["members"][name] = parts[other], manifest["members"][other]
    parts[MANIFEST] = json.dumps(manifest).encode()
    assert str(refused(settings, pack(file, parts))) == damaged(file, name)


def test_a_member_too_few_or_too_many_is_found(file: Path, settings: Settings, tmp_path: Path) -> None:
    parts = members(file)
    less = {name: data for name, data in parts.items() if name != "tables/rounds.jsonl"}
    one = pack(tmp_path / "less.zip", less)
    assert str(refused(settings, one)) == damaged(one, "tables/rounds.jsonl")
    one = pack(tmp_path / "more.zip", parts | {"../x": b"x"})
    assert str(refused(settings, one)) == damaged(one, "../x")
    manifest = json.loads(parts[MANIFEST])
    del manifest["members"]["tables/rounds.jsonl"]
    one = pack(tmp_path / "unnamed.zip", less | {MANIFEST: json.dumps(manifest).encode()})
    assert str(refused(settings, one)) == damaged(one, "tables/rounds.jsonl")


def cut(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])


def empty(file: Path) -> None:
    file.write_bytes(b"")


def workbook(file: Path) -> None:
    file.write_bytes(filled(SHENYANG))


def text(file: Path) -> None:
    file.write_text("备份", encoding="utf-8")


def someone_elses(file: Path) -> None:
    pack(file, {MANIFEST: b'{"format": "other", "edition": 1}'})


@pytest.mark.parametrize("become", [cut, empty, workbook, text, someone_elses])
def test_what_is_no_backup_or_not_a_whole_one(file: Path, settings: Settings, become: Callable[[Path], None]) -> None:
    become(file)
    assert str(refused(settings, file)) == not_whole(file)


def test_a_file_that_is_not_there(settings: Settings, tmp_path: Path) -> None:
    assert str(refused(settings, tmp_path / "x.zip")) == f"{tmp_path / 'x.zip'}：找不到这个文件。"
    assert str(refused(settings, tmp_path)) == f"{tmp_path}：这是文件夹，不是文件。"


@pytest.mark.parametrize("later", [{"edition": 2}, {"revision": "9999"}])
def test_a_backup_of_a_later_program(file: Path, settings: Settings, later: dict[str, object]) -> None:
    parts = members(file)
    manifest = json.loads(parts[MANIFEST]) | later | {"program": "9.9"}
    pack(file, parts | {MANIFEST: json.dumps(manifest).encode()})
    assert str(refused(settings, file)) == (
        f"{file}：这份备份是较新的程序（版本 9.9）做的，没有恢复任何内容。请先升级程序，再恢复。"
    )


@pytest.mark.parametrize("manifest", [b"", b"[]", b'{"format": "shifan-backup", "edition": 1, "tables": 3}', b"\xff"])
def test_a_manifest_that_says_nothing(file: Path, settings: Settings, manifest: bytes) -> None:
    pack(file, members(file) | {MANIFEST: manifest})
    assert str(refused(settings, file)) == damaged(file, MANIFEST)


def test_any_byte_may_change_and_nothing_wrong_is_let_in(
    office: Office, worlds: Worlds, backend: str, file: Path, tmp_path: Path
) -> None:
    """What is not refused has the same members: the byte stood where nothing is read, as in a date of the zip."""
    whole, data, chance = members(file), file.read_bytes(), random.Random(SEED)
    let_in: Members = {}
    other, passed = tmp_path / "changed.zip", 0
    for _ in range(FLIPS):
        # half of them near the end, where the zip says what is in it
        at = chance.randrange(len(data)) if chance.random() < 0.5 else len(data) - chance.randrange(1, 6000)
        changed = bytearray(data)
        changed[at] ^= 1 << chance.randrange(8)
        other.write_bytes(changed)
        try:
            with open_backup(other) as held:
                let_in = {f"snapshots/{one}": held.snapshot(one) for one in held.manifest.snapshots}
                let_in |= {one.member: b"".join(held.lines(one)) for one in held.manifest.tables}
        except FileRefused:
            continue
        passed += 1
        assert let_in == {name: part for name, part in whole.items() if name != MANIFEST}
        shutil.copy(other, tmp_path / "passed.zip")
    assert 0 < passed < FLIPS / 2
    made = brought_back(worlds, backend, tmp_path / "passed.zip", tmp_path / "other")
    assert saved_part(made) == saved_part(office.app)
    made.close()
