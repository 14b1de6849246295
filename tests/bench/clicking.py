"""Clicks on 条件审核 with 600 applications: time of one, of twenty people at once, and the server's memory."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import date
from pathlib import Path

import psutil

from core.accounts import SYSTEM
from core.bootstrap import build
from core.serve import free_port
from core.services import accounts
from core.services.intake import take_in
from core.services.rounds import open_round
from core.settings import PROJECT, Settings, sqlite_url
from pages._process import COOKIE_NAME
from tests.bench.books import YEAR, write_books
from tests.bench.clients import Place, clicks_in_turn, open_sessions, runs_a_second
from tests.bench.figure import Figure

CLICKS, PEOPLE, EACH, SESSIONS = 40, 20, 15, 10
PASSWORD = "bench-password"
FIRST_PORT, START_SECONDS = 18501, 120
MEGABYTE = 1024 * 1024


def measure_pages(base: Path) -> Iterator[Figure]:
    """The app and a page with the table alone, on the same store."""
    home = base / "home"
    cookie = f"{COOKIE_NAME}={taken_in(home, base / 'folder')}"
    with server(home, PROJECT / "streamlit_app.py") as (address, process):
        place = Place(address, "checks", cookie)
        start = process.memory_info().rss / MEGABYTE
        sessions = asyncio.run(_memory(place, process))
        with server(home, PROJECT / "tests" / "bench" / "floor_page.py") as (bare, _):
            floor, one = map(statistics.median, asyncio.run(clicks_in_turn((Place(bare), place), CLICKS)))
        before = process.cpu_times()
        many = asyncio.run(runs_a_second(place, PEOPLE, EACH))
        used = sum(process.cpu_times()[:2]) - sum(before[:2])
        after = process.memory_info().rss / MEGABYTE
    yield Figure("a page with the table alone, one click (floor)", floor * 1000, "ms")
    yield Figure("条件审核 with 600 applications, one click", one * 1000, "ms", 150)
    yield Figure("条件审核 over floor", one / floor, "times", 4)
    yield Figure(f"{PEOPLE} people clicking at once", many, "runs/s", 40, at_least=True)
    # what a busy machine does not change much: the server's own work for a run (the first of each person counted in)
    yield Figure("the same, processor time of the server a run", used / (PEOPLE * (EACH + 1)) * 1000, "ms")
    yield Figure("memory of the server at its start", start, "MB")
    yield Figure(f"memory with {SESSIONS} sessions", sessions, "MB")
    yield Figure(f"memory after {PEOPLE} people have clicked", after, "MB")


async def _memory(place: Place, process: psutil.Process) -> float:
    async with AsyncExitStack() as stack:
        await open_sessions(place, SESSIONS, stack)
        return float(process.memory_info().rss) / MEGABYTE


def taken_in(home: Path, folder: Path) -> str:
    """A store with 600 applications taken in; gives the token of somebody signed in."""
    write_books(folder)
    app = build(Settings(home, sqlite_url(home)))
    round_id = open_round(app, SYSTEM, year=YEAR, reference_day=date(YEAR, 6, 30), folder=str(folder))
    done = take_in(app, SYSTEM, round_id)
    assert sum(each.added for each in done) == 600, done
    token = accounts.setup_token(app)
    accounts.create_first_admin(app, token=token, login="bench", name="虚构管理", password=PASSWORD)
    made = accounts.sign_in(app, login="bench", password=PASSWORD)
    app.close()
    return made


@contextmanager
def server(home: Path, script: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A server of a script on a store: its address and its process."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("SHIFAN_", "STREAMLIT_"))}
    settings |= {"SHIFAN_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    port = free_port("127.0.0.1", FIRST_PORT)
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    process = subprocess.Popen(command, env=settings, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        assert _answers(f"{address}/_stcore/health", process), "the server did not start"
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    """Whether the server comes to answer."""
    for _ in range(START_SECONDS * 5):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
            return False
    return False
