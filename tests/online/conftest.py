"""Fixtures: a clock that stands still, an emulated Google that goes by it, and our own client to it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.intake.online.budget import Budget
from core.intake.online.client import OnlineClient
from core.intake.online.key import parse_key
from tests.office import Worlds
from tests.online.clocks import StandingClock
from tests.online.little import Little, little_office
from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def clock() -> StandingClock:
    """Time passes where somebody waits."""
    return StandingClock()


@pytest.fixture
def google(clock: StandingClock) -> Iterator[Emulator]:
    """Google Sheets and Drive, empty."""
    with Emulator(clock) as running:
        yield running


@pytest.fixture
def client(google: Emulator, clock: StandingClock, tmp_path: Path) -> Iterator[OnlineClient]:
    """Our way there, with the key of the emulator's service account; waits are half of what they may be."""
    budget = Budget(tmp_path / "online-budget.db", clock)
    key = parse_key(json.dumps(google.key_json()))
    with OnlineClient(key, base_url=google.url, budget=budget, clock=clock, chance=lambda: 0.5) as made:
        yield made


@pytest.fixture(scope="session")
def kept(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Little]:
    """A small office with two filled sheets, made once a run."""
    with little_office(worlds, tmp_path_factory.mktemp("little")) as made:
        yield made


@pytest.fixture
def little(kept: Little) -> Iterator[Little]:
    """The same as it began: filled, not yet synchronised."""
    kept.back("filled")
    yield kept
    kept.google.heal()
