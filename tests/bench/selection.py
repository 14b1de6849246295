"""Choosing among 600 candidates: the view after an act, a pick that is kept, and runs of the page."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from core.accounts import Actor, Role
from core.bootstrap import App, build
from core.services.selection_drafts import Draft, Picked, drafts, save
from core.settings import PROJECT, Settings, sqlite_url
from core.views.rounds import newest_round_id
from core.views.selection import selection_view
from pages._process import COOKIE_NAME
from tests.bench.clicking import server, taken_in
from tests.bench.clients import Place, click
from tests.bench.figure import Figure, seconds
from tests.bench.scores import fill, grow

TIMES, CLICKS = 5, 15
PAGE_MILLISECONDS, VIEW_SECONDS = 200, 3
STEPS = ("step=apply", "step=pick")


def measure_selection(base: Path) -> Iterator[Figure]:
    """Everybody is listed or turned down in a draft; then it is looked at and changed."""
    home = base / "home"
    cookie = f"{COOKIE_NAME}={taken_in(home, base / 'folder')}"
    app = build(Settings(home, sqlite_url(home)))
    fill(app)
    round_id = newest_round_id(app) or 0
    actor = Actor(1, "bench", "虚构管理", Role.ADMIN)
    first = seconds(partial(selection_view, app, round_id), 1)
    yield Figure("the view of 600 candidates, nothing remembered", first, "s")
    after = statistics.median(_after(app, round_id) for _ in range(TIMES))
    yield Figure("the same after somebody's act", after, "s", VIEW_SECONDS)
    picked = {row.id: Picked("not_selected", "gave_up", "虚构来函") for row in selection_view(app, round_id).rows}
    held = save(app, actor, round_id, picked)
    kept = statistics.median(_pick(app, actor, round_id, held, number) for number in range(TIMES))
    yield Figure("a pick among them kept, and the draft read again", kept * 1000, "ms", PAGE_MILLISECONDS)
    with server(home, PROJECT / "streamlit_app.py") as (address, process):
        place = Place(address, "selection", cookie)
        for step in STEPS:
            before = sum(process.cpu_times()[:2])
            run = statistics.median(asyncio.run(_runs(place, step)))
            used = (sum(process.cpu_times()[:2]) - before) / (CLICKS + 1)
            yield Figure(f"拟创建对象选定, {step}, one run", run * 1000, "ms", PAGE_MILLISECONDS)
            yield Figure("the same, processor time of the server a run", used * 1000, "ms")
    app.close()


def _after(app: App, round_id: int) -> float:
    grow(app)
    return seconds(partial(selection_view, app, round_id), 1)


def _pick(app: App, actor: Actor, round_id: int, held: Draft, number: int) -> float:
    changed = next(iter(held.picked))
    picked = {**held.picked, changed: Picked("not_selected", "gave_up", f"虚构来函{number}号")}

    def keep() -> None:
        save(app, actor, round_id, picked, draft_id=held.id, version=held.version + number)
        assert len(drafts(app, actor, round_id)) == 1

    return seconds(keep, 1)


async def _runs(place: Place, step: str) -> list[float]:
    """One person looks again and again; the first run is not counted."""
    async with place.socket() as socket:
        await click(socket, place, step)
        return [(await click(socket, place, f"{step}&again={number}"))[0] for number in range(CLICKS)]
