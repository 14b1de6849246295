"""The key stands in its own file and nowhere else: not in the store, a backup, what is printed, nor in any log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from core.intake.online.key import forget_key, held_key, keep_key, key_file
from core.upkeep.backup import backup
from core.upkeep.restore import restore
from core.upkeep.verify import verify
from tests.command import shifan
from tests.conftest import BOTH
from tests.office import Office, Worlds
from tests.online.keys import key_text, private_key, secrets_of
from tests.structure.sources import ROOT
from tests.upkeep.stores import members, settings_for


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


def _found(secrets: list[str], data: bytes) -> list[str]:
    return [line for line in secrets if line.encode() in data]


def test_no_backup_holds_the_key(
    office: Office, worlds: Worlds, backend: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secrets = secrets_of(private_key())
    home = office.app.settings.home
    with caplog.at_level(logging.DEBUG):
        keep_key(home, key_text())
        saved = backup(office.app, tmp_path / "b.zip").file
        told = repr(verify(office.app)) + repr(office.dump())
    assert len(secrets) > 20
    # looking for it finds it where it is, and only there
    assert _found(secrets, key_file(home).read_bytes().replace(b"\\n", b"\n")) == secrets
    assert {
        str(path): found
        for path in home.rglob("*")
        if path.is_file() and path != key_file(home) and (found := _found(secrets, path.read_bytes()))
    } == {}
    assert {name: found for name, data in members(saved).items() if (found := _found(secrets, data))} == {}
    assert [name for name in members(saved) if "secret" in name or "google" in name] == []
    assert _found(secrets, saved.read_bytes() + told.encode() + caplog.text.encode()) == []
    settings = settings_for(worlds, backend, tmp_path / "other")
    restore(settings, saved)
    assert held_key(settings.home) is None


def test_no_command_prints_the_key(office: Office, tmp_path: Path) -> None:
    settings = office.app.settings
    keep_key(settings.home, key_text())
    home, store = str(settings.home), settings.database_url
    ran = [
        shifan("verify", SHIFAN_HOME=home, SHIFAN_DATABASE_URL=store),
        shifan("backup", str(tmp_path / "b.zip"), SHIFAN_HOME=home, SHIFAN_DATABASE_URL=store),
    ]
    assert [one.code for one in ran] == [0, 0]
    assert _found(secrets_of(private_key()), "".join(one.out + one.err for one in ran).encode()) == []
    forget_key(settings.home)


def test_a_key_in_a_checkout_is_never_committed() -> None:
    assert "var/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
