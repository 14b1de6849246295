"""One measured figure and what it is held against."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`value` in `unit`; `bound` is the most (`at_least`: the least) that is allowed, None where it is only told."""

    name: str
    value: float
    unit: str
    bound: float | None = None
    at_least: bool = False

    @property
    def within(self) -> bool:
        """Whether the bound is kept."""
        if self.bound is None:
            return True
        return self.value >= self.bound if self.at_least else self.value <= self.bound

    def line(self) -> str:
        """The figure as a line of the report."""
        asked = "" if self.bound is None else f"  ({'≥' if self.at_least else '≤'} {self.bound:g} {self.unit})"
        return f"{'ok  ' if self.within else 'MISS'} {self.name:<58} {self.value:>9.2f} {self.unit}{asked}"


def seconds(work: Callable[[], Any], times: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """The median time of some runs; by `time.process_time` only what the processor did, whatever else it does."""
    found = []
    for _ in range(times):
        start = clock()
        work()
        found.append(clock() - start)
    return statistics.median(found)


def in_turn(works: Sequence[Callable[[], Any]], times: int) -> list[float]:
    """The median time of each, run one after the other so that all meet the same machine."""
    found = [[seconds(work, 1) for work in works] for _ in range(times)]
    return [statistics.median(each) for each in zip(*found, strict=True)]
