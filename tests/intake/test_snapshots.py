"""What was received is kept by its hash, and what comes out is what went in."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.errors import Refused
from core.intake.snapshots import SnapshotStore

DATA = "2026-沈阳市".encode() * 1000
HASH = hashlib.sha256(DATA).hexdigest()


def test_bytes_come_back_as_they_went_in(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    assert not store.has(HASH)
    assert store.keep(DATA, HASH) == HASH
    assert store.keep(DATA) == HASH
    assert store.has(HASH)
    assert store.read(HASH) == DATA
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "snapshots" / HASH[:2] / HASH]


def test_bytes_other_than_announced_are_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        SnapshotStore(tmp_path).keep(b"x", HASH)
    expected = f"要存档的内容与登记的校验值（{HASH[:12]}…）不一致，没有存入。请重新读取文件。"
    assert str(refused.value) == expected
    assert list(tmp_path.iterdir()) == []


def test_what_is_missing_or_damaged_is_said(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    with pytest.raises(Refused) as refused:
        store.read(HASH)
    assert str(refused.value) == f"存档中找不到收到时的原件（{HASH[:12]}…）。请用最近的备份恢复，再重试。"
    store.keep(DATA)
    store.path(HASH).unlink()
    store.path(HASH).write_bytes(DATA[:-1])
    with pytest.raises(Refused) as refused:
        store.read(HASH)
    assert str(refused.value) == (
        f"存档中的原件（{HASH[:12]}…）与收到时不一致，可能已损坏。请用最近的备份恢复，再重试。"
    )


def test_keeping_again_heals_what_was_damaged(tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path)
    store.keep(DATA)
    store.path(HASH).unlink()
    store.path(HASH).write_bytes(b"")
    store.keep(DATA)
    assert store.read(HASH) == DATA


@pytest.mark.parametrize("name", ["", "../../etc/passwd", HASH.upper(), HASH + "\n", HASH[:-1]])
def test_only_hashes_name_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        SnapshotStore(tmp_path).path(name)
