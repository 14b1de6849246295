"""A command that kills itself (SIGKILL) at a step of its work, in a module of its own: each process imports it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

CHANGES = ("open", "os.rename", "os.mkdir", "os.chmod", "os.remove")


def command(base: str, settings: tuple[str, str], arguments: list[str], last: int | None) -> None:
    """`shifan ARGUMENTS` in a process of its own; ends with its exit code, or killed just before the step `last`.

    A step is a file beneath `base` that is opened or changed, or a statement for the database. How many were made
    stands in the file `steps` of `base`.
    """
    import sqlalchemy as sa

    from core.cli import main

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.environ["SHIFAN_HOME"], os.environ["SHIFAN_DATABASE_URL"] = settings
    steps = 0

    def step(*_what: Any) -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def heard(event: str, what: tuple[Any, ...]) -> None:
        if event in CHANGES and str(what[0]).startswith(base):
            step()

    sa.event.listen(sa.Engine, "before_cursor_execute", step)
    sa.event.listen(sa.Engine, "commit", step)
    sys.addaudithook(heard)
    code = main(arguments)
    made, last = steps, None
    Path(base, "steps").write_text(str(made), encoding="utf-8")
    os._exit(code)
