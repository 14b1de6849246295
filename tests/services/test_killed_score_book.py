"""A scoring workbook killed (SIGKILL) at moments spread over its taking in: all of it holds or nothing does."""

from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from core.bootstrap import build
from core.clock import Clock
from core.settings import Settings, sqlite_url
from tests.office import TODAY, Worlds, office_of
from tests.panels import ANSHAN, CONVENED, WANGHAI, XINGHE, YUNFAN, assigned
from tests.score_books import RECUSAL, book, scores
from tests.services.killable import score_book
from tests.services.killing import Run, runner
from tests.upkeep.stores import problems

MOMENTS = 12
SEED = 20261123
SHEETS, RECUSALS = 3, 1


@pytest.fixture(scope="module")
def base(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with assignments that nobody has scored, and an expert's workbook with three sheets and a recusal."""
    made = tmp_path_factory.mktemp("scores")
    app = build(worlds.settings("sqlite", CONVENED, made / "home"), Clock(TODAY))
    office = office_of(app, worlds.folder)
    assigned(office, *(("专家02", name) for name in (YUNFAN, WANGHAI, XINGHE, ANSHAN)), cleared=False)
    rows = {name: scores(office, 80) for name in (YUNFAN, WANGHAI, XINGHE)} | {ANSHAN: {RECUSAL: "虚构"}}
    (made / "book.xlsx").write_bytes(book(office, "专家02", rows)[1])
    app.close()
    return made


def _sha256(base: Path) -> str:
    return hashlib.sha256((base / "book.xlsx").read_bytes()).hexdigest()


def _kept(base: Path) -> bool:
    sha256 = _sha256(base)
    return (base / "home" / "snapshots" / sha256[:2] / sha256).exists()


@pytest.fixture(scope="module")
def run() -> Run:
    """Takes the workbook in; kills it so many seconds after the workbook was kept, or never."""
    return runner(score_book, _kept, ["core.services.scoring_books", "sheets_schema.parse", "alembic.command"])


def _held(base: Path) -> int:
    """How many sheets hold; with them all that the workbook says, and nothing of it without them."""
    connection = sqlite3.connect(base / "home" / "shifan.db")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        entries, recusals, books, acts, seen = (
            connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
            for what in (
                "score_entries",
                "recusals",
                "score_books",
                "ledger WHERE action = 'score.book_taken'",
                "assignments WHERE cleared_at IS NOT NULL",
            )
        )
    finally:
        connection.close()
    whole = entries > 0
    assert (entries, recusals, books, acts, seen) == ((SHEETS, RECUSALS, 1, 1, SHEETS) if whole else (0, 0, 0, 0, 0))
    return int(entries)


def test_killed_at_any_moment_all_of_it_holds_or_nothing(base: Path, run: Run, tmp_path: Path) -> None:
    shutil.copytree(base, tmp_path / "whole")
    started = time.monotonic()
    assert run(tmp_path / "whole", None) == 0
    lasts = (time.monotonic() - started) / 4  # the workbook is kept when most of it is over
    assert _held(tmp_path / "whole") == SHEETS
    chance = random.Random(SEED)
    counts = set()
    for moment in (0.0, 12 * lasts, *(chance.uniform(0, lasts) for _ in range(MOMENTS - 2))):
        shutil.copytree(base, tmp_path / "one")
        run(tmp_path / "one", moment)
        count = _held(tmp_path / "one")
        counts.add(count)
        # whatever stands there, the next one completes it or says that it is done
        assert run(tmp_path / "one", None) == (1 if count else 0)
        assert _held(tmp_path / "one") == SHEETS
        home = tmp_path / "one" / "home"
        app = build(Settings(home, sqlite_url(home)), Clock(TODAY))
        assert [said for said in problems(app) if "评分" in said] == []
        app.close()
        shutil.rmtree(tmp_path / "one")
    # the moments did fall on both sides
    assert counts == {0, SHEETS}
