"""Runs an act in a process of its own and kills it (SIGKILL) at a moment after it has kept its workbook."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from pathlib import Path

POLL = 0.002  # seconds
Run = Callable[[Path, float | None], int | None]


def runner(target: Callable[[str, str], None], kept: Callable[[Path], bool], preload: list[str]) -> Run:
    """Starts `target` (of killable.py) on `base`/home and `base`/book.xlsx with everything imported.

    What it gives kills it so many seconds after `kept` is true of `base`, or never (None), and gives its exit code.
    """
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(preload)
    starting = processes.Process()  # the server itself, so that no moment falls on its imports
    starting.start()
    starting.join()

    def start(base: Path, after: float | None) -> int | None:
        process = processes.Process(target=target, args=(str(base / "home"), str(base / "book.xlsx")))
        process.start()
        if after is not None:
            while process.is_alive() and not kept(base):
                process.join(POLL)
            process.join(after)
            process.kill()
        process.join()
        return process.exitcode

    return start
