"""The budget: under Google's limit whoever asks, in turn, and nobody is left locked out by one who died."""

from __future__ import annotations

import os
import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.intake.online.budget import PER_MINUTE, SPAN, Budget, Kind
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault
from tests.online.clocks import StandingClock
from tests.online.refusals import fault

LIMIT = 60  # Google's, a minute, for a service account
BUSY = ("busy", "一分钟内读写在线表格的次数已到上限，排不到这一步，没有办理。请一两分钟后重试。")
PROCESSES, THREADS, TRIES = 4, 3, 15


class Noting(OnlineClock):
    """The real clock, on which nobody waits: it notes until when he would have."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def _note(self, seconds: float) -> None:
        self.moments.append(self.now() + seconds)

    sleep = _note


def most_in_a_minute(moments: list[float], seconds: float = 60.0) -> int:
    """The most that lie within any stretch of so many seconds."""
    ordered = sorted(moments)
    return max((sum(start <= each < start + seconds for each in ordered) for start in ordered), default=0)


def booked(file: Path, kind: Kind = "read") -> list[float]:
    """The moments given out so far."""
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT moment FROM given WHERE kind = ? ORDER BY 1", (kind,))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a budget is kept, in a folder that is not there yet."""
    return tmp_path / "home" / "online-budget.db"


def test_nobody_waits_while_there_is_room(file: Path) -> None:
    clock = StandingClock()
    budget = Budget(file, clock)
    for _ in range(PER_MINUTE):
        budget.wait("read", 90)
        budget.wait("write", 90)
    assert clock.waits == []
    budget.wait("read", 90)
    assert clock.waits == [SPAN]
    assert PER_MINUTE < LIMIT
    assert SPAN > 60


def test_what_would_take_too_long_is_told_at_once_and_takes_no_room(file: Path) -> None:
    clock = StandingClock()
    budget = Budget(file, clock)
    for _ in range(PER_MINUTE):
        budget.wait("write", 0)
    for _ in range(3):
        assert fault(lambda: budget.wait("write", SPAN - 1)) == BUSY
    assert clock.waits == []
    clock.advance(SPAN)
    for _ in range(PER_MINUTE):
        budget.wait("write", 0)
    assert clock.waits == []


@given(st.lists(st.tuples(st.sampled_from(["read", "write"]), st.floats(0, 30)), max_size=100), st.integers(1, 7))
def test_no_minute_ever_holds_too_many(asked: list[tuple[Kind, float]], per_minute: int) -> None:
    clock = StandingClock()
    spent: dict[Kind, list[float]] = {"read": [], "write": []}
    with TemporaryDirectory() as folder:
        budget = Budget(Path(folder) / "budget.db", clock, per_minute=per_minute)
        for kind, pause in asked:
            clock.advance(pause)
            before = clock.now()
            room = sum(each > before - SPAN for each in spent[kind]) < per_minute
            budget.wait(kind, 90)
            assert (clock.now() == before) == room  # nobody waits who need not
            spent[kind].append(clock.now())
    assert max(most_in_a_minute(each, SPAN) for each in spent.values()) <= per_minute


def _spend(file: str, answer: Connection) -> None:
    """A process of several threads that ask again and again; tells the moments that each was given."""
    clock = Noting()
    budget = Budget(Path(file), clock)

    def ask(_: int) -> bool:
        try:
            budget.wait("read", 90)
        except OnlineFault:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        went = sum(threads.map(ask, range(THREADS * TRIES)))
    answer.send((went, clock.moments))


def test_processes_share_the_minute(file: Path) -> None:
    """180 ask at once: 55 go at once, 55 after a good minute, the others are told to come back."""
    processes = get_context("spawn")
    ends = [processes.Pipe(duplex=False) for _ in range(PROCESSES)]
    started = [processes.Process(target=_spend, args=(str(file), end)) for _, end in ends]
    for process in started:
        process.start()
    told = [receiving.recv() for receiving, _ in ends]
    for process in started:
        process.join()
    moments = booked(file)
    assert sum(went for went, _ in told) == len(moments) == 2 * PER_MINUTE < PROCESSES * THREADS * TRIES
    assert most_in_a_minute(moments, SPAN) == PER_MINUTE
    # what was booked is what was waited for: the second half, each at its own moment
    waited = sorted(moment for _, each in told for moment in each)
    assert waited == pytest.approx(moments[PER_MINUTE:], abs=0.5)


class Stopping(OnlineClock):
    """Stops for ever when it is looked at, and says so: in the middle of a booking."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def now(self) -> float:
        """Never comes back."""
        self._told.send("in the middle")
        signal.pause()
        return 0.0


def _stop_in_the_middle(file: str, told: Connection) -> None:
    Budget(Path(file), Stopping(told)).wait("read", 90)


def test_one_that_dies_leaves_nothing_locked(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(file, StandingClock())
    budget.wait("read", 0)
    processes = get_context("spawn")
    receiving, sending = processes.Pipe(duplex=False)
    dying = processes.Process(target=_stop_in_the_middle, args=(str(file), sending))
    dying.start()
    assert receiving.recv() == "in the middle"
    monkeypatch.setattr("core.intake.online.budget._BUSY_SECONDS", 0.0)
    told = "本服务器不能登记读写次数，正被其他程序占用，没有办理。请检查数据文件夹的磁盘空间和权限后重试。"
    assert fault(lambda: budget.wait("read", 0)) == ("no_room", told)
    assert dying.pid is not None
    os.kill(dying.pid, signal.SIGKILL)
    dying.join()
    budget.wait("read", 0)
    assert len(booked(file)) == 2


def test_a_machine_that_began_anew_counts_from_the_beginning(file: Path) -> None:
    """What was booked before stands far ahead of the new count, and is not waited for."""
    before = Budget(file, StandingClock(1_000_000.0))
    for _ in range(PER_MINUTE):
        before.wait("read", 0)
    clock = StandingClock(30.0)
    Budget(file, clock).wait("read", 0)
    assert booked(file) == [30.0]


def test_what_is_past_is_not_kept(file: Path) -> None:
    clock = StandingClock()
    for _ in range(500):
        Budget(file, clock).wait("write", 90)
    assert len(booked(file, "write")) <= 2 * PER_MINUTE


def test_a_damaged_file_is_begun_anew(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no database " * 1000)
    Budget(file, StandingClock(5.0)).wait("read", 0)
    assert booked(file) == [5.0]


def test_a_folder_that_cannot_be_written_is_told(file: Path) -> None:
    file.parent.write_bytes(b"")
    told = "本服务器不能登记读写次数，已有同名的文件，没有办理。请检查数据文件夹的磁盘空间和权限后重试。"
    assert fault(lambda: Budget(file, StandingClock()).wait("read", 0)) == ("no_room", told)


def test_a_file_that_cannot_be_opened_is_told(file: Path) -> None:
    file.mkdir(parents=True)
    told = "本服务器不能登记读写次数，没有权限，没有办理。请检查数据文件夹的磁盘空间和权限后重试。"
    assert fault(lambda: Budget(file, StandingClock()).wait("read", 0)) == ("no_room", told)
