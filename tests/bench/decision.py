"""申报办理卷 in a round of 600 × 5 of 60 experts: gathered, made into a file, and runs of its page."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from core.bootstrap import build
from core.publication.decision_docx import as_docx
from core.publication.dossier import Dossier
from core.services.decision_file import decision_file
from core.settings import PROJECT, Settings, sqlite_url
from pages._process import COOKIE_NAME
from tests.bench.clicking import server, taken_in
from tests.bench.clients import Place, click
from tests.bench.figure import Figure, seconds
from tests.bench.scores import fill

TIMES, CLICKS = 7, 15
PAGE_MILLISECONDS, FILE_SECONDS = 200, 0.5


def measure_decision(base: Path) -> Iterator[Figure]:
    """Every time of another application: nothing of it is remembered."""
    home = base / "home"
    cookie = f"{COOKIE_NAME}={taken_in(home, base / 'folder')}"
    app = build(Settings(home, sqlite_url(home)))
    fill(app)
    numbers = itertools.count(1)

    def gather() -> Dossier:
        return decision_file(app, next(numbers), names=False).dossier

    yield Figure("申报办理卷 gathered for the first time", seconds(gather, 1), "s")
    yield Figure("申报办理卷 gathered", seconds(gather, TIMES) * 1000, "ms")
    dossier = gather()
    yield Figure("its file", seconds(lambda: as_docx(dossier), TIMES), "s", FILE_SECONDS)
    used = seconds(lambda: as_docx(dossier), TIMES, time.process_time)
    yield Figure("the same, processor time", used, "s")
    with server(home, PROJECT / "streamlit_app.py") as (address, process):
        before = sum(process.cpu_times()[:2])
        run = statistics.median(asyncio.run(_runs(Place(address, "decision", cookie))))
        used = (sum(process.cpu_times()[:2]) - before) / (CLICKS + 1)
    yield Figure("申报办理卷 of one of 600 applications, one run", run * 1000, "ms", PAGE_MILLISECONDS)
    yield Figure("the same, processor time of the server a run", used * 1000, "ms")
    app.close()


async def _runs(place: Place) -> list[float]:
    async with place.socket() as socket:
        await click(socket, place, "application=100")
        return [(await click(socket, place, f"application={number}"))[0] for number in range(101, 101 + CLICKS)]
