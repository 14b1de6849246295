"""An import of objects of former years killed (SIGKILL) at moments spread over its whole run: all are in or none is."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.bootstrap import build
from core.settings import Settings, sqlite_url
from tests.cohorts import NAME, WHO, cohort_file
from tests.services.killable import cohort
from tests.services.killing import Run, runner

ROWS = 400
MOMENTS = 24
AT_ONCE = 2
SEED = 20260520
ROW = WHO | {"目前状态": "已认定", "认定日期": "2022-09-30", "备注": "虚构"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty store and a workbook."""
    base = tmp_path_factory.mktemp("cohort")
    (base / "book.xlsx").write_bytes(cohort_file(*(ROW | {NAME: f"虚构第{number}号平台"} for number in range(ROWS))))
    (base / "home").mkdir()
    build(Settings(base / "home", sqlite_url(base / "home"))).close()
    return base


@pytest.fixture(scope="module")
def run() -> Run:
    """Starts an import with everything imported; kills it so many seconds after the workbook was kept, or never."""
    return runner(cohort, _kept, ["core.services.cohorts", "sheets_schema.parse", "alembic.command"])


def test_killed_at_any_moment_all_are_in_or_none(store: Path, run: Run, tmp_path: Path) -> None:
    shutil.copytree(store, tmp_path / "whole")
    started = time.monotonic()
    assert run(tmp_path / "whole", None) == 0
    lasts = time.monotonic() - started
    assert _held(tmp_path / "whole") == ROWS
    chance = random.Random(SEED)
    # one before anything is written, one long after, the rest between
    moments = [0.0, 3 * lasts, *(chance.uniform(0, lasts) for _ in range(MOMENTS - 2))]

    def killed(at: int) -> int:
        base = tmp_path / str(at)
        shutil.copytree(store, base)
        run(base, moments[at])
        count = _held(base)
        # whatever stands there, the next one completes it or says that it is done
        assert run(base, None) == (1 if count else 0)
        assert _held(base) == ROWS
        shutil.rmtree(base)
        return count

    with ThreadPoolExecutor(AT_ONCE) as threads:
        counts = list(threads.map(killed, range(MOMENTS)))
    # the moments did fall on both sides
    assert set(counts) == {0, ROWS}


def _kept(base: Path) -> bool:
    return any((base / "home" / "snapshots").glob("*/[0-9a-f]*"))


def _held(base: Path) -> int:
    """How many objects are in; of each everything is, and of the workbook its entry and its bytes."""
    connection = sqlite3.connect(base / "home" / "shifan.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("cases", "case_events", "standings", "case_names", "case_notes")
        }
        said = connection.execute("SELECT json_extract(details, '$.sha256') FROM ledger").fetchall()
    finally:
        connection.close()
    assert len(set(counts.values())) == 1, counts
    sha256 = hashlib.sha256((base / "book.xlsx").read_bytes()).hexdigest()
    assert said == ([(sha256,)] if counts["cases"] else [])
    if counts["cases"]:
        assert (base / "home" / "snapshots" / sha256[:2] / sha256).read_bytes() == (base / "book.xlsx").read_bytes()
    return int(counts["cases"])
