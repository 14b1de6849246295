"""Starts servers that need not read the app and its libraries each time: forks of a process that has read them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import TextIO

_forks = get_context("forkserver")
READ = [
    "streamlit.web.cli", "altair", "pandas", "pages._start", "pages._gate", "core.services.lists", "sheets_schema.help",
]  # fmt: skip
# a run of tests has one such process: it has read as well what the tests that kill commands fork from it
KILLED = [
    "core.cli", "core.services.command", "core.services.scoring_books", "core.services.cohorts", "core.upkeep.verify",
    "core.upkeep.restore", "sheets_schema.parse", "alembic.command",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Started:
    """A server's process, and what it prints."""

    process: ForkServerProcess
    printed: TextIO


def start(arguments: list[str], home: Path, environment: Mapping[str, str]) -> Started:
    """Runs `streamlit` with arguments, in a folder, with no other environment than the one that is given."""
    _forks.set_forkserver_preload([*READ, *KILLED])
    ours, theirs = _forks.Pipe(duplex=False)
    process = _forks.Process(target=_run, args=(arguments, home, dict(environment), theirs), daemon=True)
    process.start()
    theirs.close()
    with ours:
        return Started(process, os.fdopen(os.dup(ours.fileno()), encoding="utf-8"))


def _run(arguments: list[str], home: Path, environment: dict[str, str], printing: Connection) -> None:
    for number in (1, 2):
        os.dup2(printing.fileno(), number)
    printing.close()
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1, encoding="utf-8") for number in (1, 2))
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(home)
    sys.argv = ["streamlit", *arguments]
    from streamlit.web.cli import main

    main()
