"""Fixtures: a running emulator. A test module says `from tests.sheets_emulator.fixture import emulator`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Google Sheets and Drive on a free port, empty, with a service account of its own."""
    with Emulator() as running:
        yield running
