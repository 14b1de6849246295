"""The demo, made once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.bootstrap import build
from core.clock import Clock
from core.demo.build import make_demo
from core.settings import Settings, sqlite_url
from core.views import newest_round_id
from tests.demo.made import TODAY, Demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The whole demo, beside a file that is not the demo's."""
    base = tmp_path_factory.mktemp("home")
    (base / "别的.txt").write_text("与演示无关", encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIFAN_HOME", str(base))
        environment.delenv("SHIFAN_DEMO", raising=False)
        lines = tuple(make_demo(fresh=False, clock=Clock(TODAY)))
    app = build(Settings(base / "demo", sqlite_url(base / "demo"), demo=True), Clock(TODAY))
    found = newest_round_id(app)
    assert found is not None
    yield Demo(base, lines, app, found)
    app.close()
