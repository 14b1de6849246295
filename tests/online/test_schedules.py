"""A thousand random schedules of edits and faults; see tests/online/schedules.py for what must hold."""

from __future__ import annotations

import os

import pytest

from tests.online.little import Little
from tests.online.schedules import Schedule, Tally, chosen

AT_ONCE = 50
SEEDS = chosen(os.environ.get("SHIFAN_SEEDS", "0-999"))


@pytest.mark.parametrize(
    "seeds",
    [SEEDS[at : at + AT_ONCE] for at in range(0, len(SEEDS), AT_ONCE)],
    ids=lambda seeds: f"{seeds[0]}-{seeds[-1]}",
)
def test_any_schedule_ends_in_the_right_data_or_a_sentence(kept: Little, seeds: list[int]) -> None:
    tally = Tally()
    for seed in seeds:
        Schedule(kept, seed).run(tally)
    assert tally.schedules == len(seeds)
