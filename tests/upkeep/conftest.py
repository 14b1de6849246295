"""Everything here runs on both databases."""

from __future__ import annotations

import pytest

from tests.conftest import BOTH


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)
