"""`python -m tests.bench [NAME...]`: measures speed and memory against the bounds; exit 1 where one is missed.

Each figure that hangs on the machine is also given as a ratio to a floor measured in the same run.
Names: intake, command, cases, pages, assignment, saving, selection, scores, decision, lists, registry, online. Run it
on a machine that does nothing else.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.bench.assignment import measure_assignment
from tests.bench.cases import measure_cases
from tests.bench.clicking import measure_pages
from tests.bench.command import measure_command
from tests.bench.decision import measure_decision
from tests.bench.figure import Figure
from tests.bench.intake import measure_intake
from tests.bench.lists import measure_lists
from tests.bench.online import measure_online
from tests.bench.registry import measure_registry
from tests.bench.saving import measure_saving
from tests.bench.scores import measure_scores
from tests.bench.selection import measure_selection

MEASURES: Mapping[str, Callable[[Path], Iterator[Figure]]] = {
    "intake": measure_intake,
    "command": measure_command,
    "cases": measure_cases,
    "pages": measure_pages,
    "assignment": measure_assignment,
    "saving": measure_saving,
    "selection": measure_selection,
    "scores": measure_scores,
    "decision": measure_decision,
    "lists": measure_lists,
    "registry": measure_registry,
    "online": measure_online,
}


def main(names: list[str]) -> int:
    """Runs the named measures (all without names) and prints a line for each figure."""
    missed = 0
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    for name in names or MEASURES:
        with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
            for figure in MEASURES[name](Path(folder)):
                print(figure.line(), flush=True)
                missed += not figure.within
    print(f"{missed} missed" if missed else "all within bounds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
