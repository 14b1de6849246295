"""How long the command takes, from its start to its end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.books import write_books
from tests.bench.figure import Figure, seconds

TIMES = 7
SHIFAN = str(Path(sys.executable).with_name("shifan"))


def measure_command(base: Path) -> Iterator[Figure]:
    """`shifan --help` and `shifan check` of one workbook, beside an interpreter that does nothing."""
    book = str(write_books(base)[0])
    floor = seconds(lambda: _run(sys.executable, "-c", "pass"), TIMES)
    helped = seconds(lambda: _run(SHIFAN, "--help"), TIMES)
    checked = seconds(lambda: _run(SHIFAN, "check", book, "--as-of", "2026-06-30", "--json"), TIMES)
    yield Figure("an interpreter that does nothing (floor)", floor, "s")
    yield Figure("shifan --help", helped, "s", 0.3)
    yield Figure("shifan --help over floor", helped / floor, "times")
    yield Figure("shifan check of a workbook of 40 rows", checked, "s", 1.2)
    yield Figure("shifan check over floor", checked / floor, "times")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
