"""Reading is what is tested here: every reader has a child of its own."""

from __future__ import annotations

import pytest

from tests.reading import KeptReader


@pytest.fixture(autouse=True)
def kept_readers() -> None:
    """None of them, and none is left of tests of other things."""
    KeptReader.end_all()
