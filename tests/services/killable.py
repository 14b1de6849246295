"""The command that test_killed kills, in a module of its own: each process imports this one, and it is quick."""

from __future__ import annotations

import os


def command(home: str, folder: str) -> None:
    """`shifan intake FOLDER --round 2026` in a process of its own; ends with its exit code."""
    from core.cli import main

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.environ["SHIFAN_HOME"] = home
    os._exit(main(["intake", folder, "--round", "2026"]))
