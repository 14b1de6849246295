"""Runs the command `shifan` as a shell would: another process, its exit code and what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def shifan(*arguments: str, cwd: Path = ROOT, **settings: str) -> Ran:
    """One call of the command; `settings` are variables of its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | settings,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
