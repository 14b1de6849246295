"""Fixtures: stores on SQLite and PostgreSQL, and offices in known states (tests/office.py)."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

from core.bootstrap import App, build
from core.clock import Clock
from tests.decided import DECIDED
from tests.notices import AFTER
from tests.office import TODAY, Office, Worlds
from tests.panels import CONVENED
from tests.postgresql import Cluster, Missing, memory
from tests.reading import KeptReader
from tests.statements import kept

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
# for tests of passwords, files and sentences, in which the database has no part but to stay as it is
one_database = pytest.mark.parametrize("backend", ["sqlite"])


# the program that a test starts need not be compiled anew by the next one
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
if (_roomy := memory()) is not None:  # stores are written through to the disk, thousands of times
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_roomy))


class ByFile(LoadFileScheduling):
    """A process takes a file at a time; those that share the demo, which takes half a minute to make, go together.

    The thousand schedules would keep one process busy for a minute alone: they are shared out.
    """

    def _split_scope(self, nodeid: str) -> str:
        demo, schedules = "tests/demo/", "tests/online/test_schedules.py"
        if nodeid.startswith(schedules):
            return nodeid
        return demo if nodeid.startswith(demo) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Who runs what, where tests run side by side."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, then those of the browser among the others: side by side they end together."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    long = [path for path in files if path.name.startswith(("test_whole", "test_killed", "test_schedules"))]
    seen = [path for path in files if path.parent.name == "browser" and path not in long]
    rest = [path for path in files if path not in {*long, *seen}]
    share = len(rest) / max(len(seen), 1)
    placed = {path: share * (place + 0.5) for place, path in enumerate(seen)} | {
        path: float(place) for place, path in enumerate(rest)
    }
    items[:] = [item for path in (*long, *sorted(placed, key=lambda one: placed[one])) for item in files[path]]


def pytest_collection_finish() -> None:
    """What is there by now stays: it is not looked through for garbage again and again, a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords made in the tests' own process are hashed at the least cost: a fifth of a second each was minutes.

    What the program itself spends is held by tests/services/test_accounts.py; servers that tests start spend it too.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("argon2.PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(autouse=True)
def kept_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Children that read workbooks are kept for the next test, except where they are what is tested (tests/intake)."""
    monkeypatch.setattr("core.intake.workbooks.Reader", KeptReader)


@pytest.fixture(scope="session", autouse=True)
def no_reader_left() -> Iterator[None]:
    """At the end none of them waits any more."""
    yield
    KeptReader.end_all()


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Known states of an office. PostgreSQL is started when the first test asks for it, and stopped at the end."""
    started: list[Cluster] = []

    @cache
    def start() -> Cluster:
        try:
            started.append(Cluster())
        except Missing as missing:
            pytest.fail(str(missing), pytrace=False)
        return started[0]

    yield Worlds(tmp_path_factory.mktemp("worlds"), start)
    for cluster in started:
        cluster.stop()


@pytest.fixture
def backend() -> str:
    """Which database; tests/store and tests/services run on both."""
    return "sqlite"


@pytest.fixture
def app(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[App]:
    """The program on an empty store, on a known day."""
    made = kept(build(worlds.settings(backend, "empty", tmp_path / "home"), Clock(TODAY)))
    yield made
    made.close()


@pytest.fixture
def opened(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """People and the round of 2026; nothing has been received."""
    made = worlds.office(backend, "opened", tmp_path / "home")
    yield made
    made.app.close()


@pytest.fixture
def office(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """The same with the workbooks of 沈阳市, 大连市 and 沈抚示范区 taken in."""
    made = worlds.office(backend, "taken", tmp_path / "home")
    yield made
    made.app.close()


@pytest.fixture
def convened(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """The same with four applications that pass, scoring decided and four experts asked (tests/panels.py)."""
    made = worlds.office(backend, CONVENED, tmp_path / "home")
    yield made
    made.app.close()


@pytest.fixture
def decided(worlds: Worlds, backend: str, tmp_path: Path) -> Iterator[Office]:
    """The same with one application that has been through everything up to its confirmation (tests/decided.py)."""
    made = worlds.office(backend, DECIDED, tmp_path / "home")
    made.on(AFTER)
    yield made
    made.app.close()
