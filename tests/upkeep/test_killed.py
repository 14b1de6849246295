"""`shifan backup` and `shifan restore` killed (SIGKILL) at steps spread over their whole run: no half backup has the
name of a whole one, no half store is taken for a whole one, and a second run completes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from core.bootstrap import build
from core.clock import Clock
from core.settings import Settings
from core.upkeep.archive import open_backup
from core.upkeep.backup import backup
from tests.office import TODAY, Office, Worlds, dump
from tests.upkeep.killable import command
from tests.upkeep.stores import kept, problems, settings_for

MOMENTS = 12
DONE, IMPOSSIBLE, KILLED = 0, 2, -signal.SIGKILL
Run = Callable[..., int | None]


@pytest.fixture(scope="module")
def run() -> Run:
    """Runs a command on a store, killed before a step where one is given; gives its exit code."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["core.cli", "core.upkeep.verify", "core.upkeep.restore", "alembic.command"])

    def start(base: Path, settings: Settings, *arguments: str | Path, last: int | None = None) -> int | None:
        told = (str(settings.home), settings.database_url)
        process = processes.Process(target=command, args=(str(base), told, list(map(str, arguments)), last))
        process.start()
        process.join()
        return process.exitcode

    return start


def moments(base: Path) -> list[int]:
    """Steps from the first to the last of the run that has just ended."""
    steps = int((base / "steps").read_text("utf-8"))
    found = sorted({1 + at * (steps - 1) // (MOMENTS - 1) for at in range(MOMENTS)})
    assert len(found) == MOMENTS
    return found


def content(file: Path) -> dict[str, str]:
    """The hash of every member of a whole backup."""
    with open_backup(file) as held:
        return held.manifest.members


def test_a_killed_backup_leaves_no_file_of_its_name(office: Office, run: Run, tmp_path: Path) -> None:
    settings, folder = office.app.settings, tmp_path / "backups"
    folder.mkdir()
    assert run(tmp_path, settings, "backup", folder / "whole.zip") == DONE
    whole = content(folder / "whole.zip")
    seen = set()
    for last in moments(tmp_path):
        file = folder / f"{last}.zip"
        assert run(tmp_path, settings, "backup", file, last=last) == KILLED
        seen.add(tuple(path.suffix for path in folder.glob(f"{last}.zip*")))
        if file.exists():
            assert content(file) == whole
            continue
        assert run(tmp_path, settings, "backup", file) == DONE
        assert content(file) == whole
    # killed before the file was begun, and in the middle of it
    assert {(), (".partial",)} <= seen
    assert problems(office.app) == []


def test_a_killed_restore_is_done_again(office: Office, worlds: Worlds, backend: str, run: Run, tmp_path: Path) -> None:
    file = backup(office.app, tmp_path / "b.zip").file
    assert run(tmp_path, settings_for(worlds, backend, tmp_path / "whole"), "restore", file) == DONE
    wanted, seen = (dump(office.app), kept(office.app)), []
    for last in moments(tmp_path):
        settings = settings_for(worlds, backend, tmp_path / f"at{last}")
        assert run(tmp_path, settings, "restore", file, last=last) == KILLED
        # whether the store was whole or empty when it was killed, only a whole one is left after a second run
        seen.append(run(tmp_path, settings, "restore", file))
        made = build(settings, Clock(TODAY))
        assert (dump(made), kept(made)) == wanted
        assert problems(made) == []
        made.close()
    # all or nothing, and what is complete is left alone: first nothing, then everything
    assert seen == sorted(seen)
    assert set(seen) == {DONE, IMPOSSIBLE}
    assert seen.count(DONE) > MOMENTS // 2
