"""What is killed in tests, in a module of its own: each process imports this one, and it is quick."""

from __future__ import annotations

import os


def command(home: str, folder: str) -> None:
    """`shifan intake FOLDER --round 2026` in a process of its own; ends with its exit code."""
    from core.cli import main

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.environ["SHIFAN_HOME"] = home
    os._exit(main(["intake", folder, "--round", "2026"]))


def cohort(home: str, workbook: str) -> None:
    """Brings the objects of a workbook in; ends with 0 where it did, with 1 where it was refused."""
    import hashlib
    from datetime import date
    from pathlib import Path

    from core.accounts import SYSTEM
    from core.bootstrap import build
    from core.clock import Clock
    from core.errors import Refused
    from core.services.cohorts import import_cohort
    from core.settings import Settings, sqlite_url

    app = build(Settings(Path(home), sqlite_url(Path(home))), Clock(date(2026, 5, 20)))
    data = Path(workbook).read_bytes()
    try:
        import_cohort(app, SYSTEM, data, "存量.xlsx", expected_sha256=hashlib.sha256(data).hexdigest(), why="虚构")
    except Refused:
        os._exit(1)
    os._exit(0)


def score_book(home: str, workbook: str) -> None:
    """Takes an expert's workbook in; ends with 0 where it did, with 1 where it was refused."""
    from datetime import date
    from pathlib import Path

    from core.accounts import SYSTEM
    from core.bootstrap import build
    from core.clock import Clock
    from core.errors import Refused
    from core.services.scoring_books import preview, take_in
    from core.settings import Settings, sqlite_url

    app = build(Settings(Path(home), sqlite_url(Path(home))), Clock(date(2026, 5, 20)))
    data = Path(workbook).read_bytes()
    try:
        take_in(app, SYSTEM, 1, "评分.xlsx", data, preview(app, SYSTEM, 1, "评分.xlsx", data).based_on)
    except Refused:
        os._exit(1)
    os._exit(0)
