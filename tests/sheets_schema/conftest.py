"""Where hypothesis keeps what it found: beside pytest's own notes, not in a folder of its own in the checkout."""

from __future__ import annotations

from hypothesis.configuration import set_hypothesis_home_dir


def pytest_configure(config):  # type: ignore[no-untyped-def]
    """Runs before any test is collected."""
    set_hypothesis_home_dir(config.cache.mkdir("hypothesis"))
