"""What staff see of a round of 600 × 5 of 60 experts: read anew, after one more sheet, and as clicks on the page."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.accounts import SYSTEM
from core.bootstrap import App, build
from core.services.panel import content_of
from core.settings import PROJECT, Settings, sqlite_url
from core.standards.recommenders import recommenders
from core.store import tables
from core.store.unit import Entry
from core.views.scores import scores_view, severity_view
from pages._process import COOKIE_NAME
from tests.bench.assignment import EACH, EXPERTS
from tests.bench.clicking import server, taken_in
from tests.bench.clients import CLICKS, Place, click, clicks_in_turn
from tests.bench.figure import Figure, in_turn, seconds
from tests.scoring.documents import CODES, draft, even

TIMES, AFTER = 5, 7
SETTINGS = draft({"pass_line": "60", "range_mark": "25", "aggregation": "trimmed_mean", "trim_from": EACH})
PAGE_MILLISECONDS, VIEW_SECONDS = 200, 3


def measure_scores(base: Path) -> Iterator[Figure]:
    """The read models on the store itself, then the page over a server."""
    home = base / "home"
    cookie = f"{COOKIE_NAME}={taken_in(home, base / 'folder')}"
    app = build(Settings(home, sqlite_url(home)))
    waiting = fill(app)
    first = seconds(partial(_whole, app), 1)
    floor, whole = in_turn((partial(_rows, app), partial(_anew, app)), TIMES)
    yield Figure("3,000 sheets read from the store, nothing done (floor)", floor, "s")
    yield Figure("the view of 600 × 5 of 60, with records read for the first time", first, "s", VIEW_SECONDS)
    yield Figure("the view, nothing remembered but the records", whole, "s", VIEW_SECONDS)
    yield Figure("the same over floor", whole / floor, "times")
    renewed = statistics.median(_after(app, waiting.pop()) for _ in range(AFTER))
    yield Figure("the view after one more sheet", renewed * 1000, "ms", 3 * PAGE_MILLISECONDS)
    yield Figure("the same over floor", renewed / floor, "times")
    yield Figure("severities of 60 experts beside their means", seconds(partial(_severities, app), TIMES), "s", 1)
    with (
        server(home, PROJECT / "streamlit_app.py") as (address, _),
        server(home, PROJECT / "tests" / "bench" / "floor_page.py") as (bare, _),
    ):
        places = (Place(bare), Place(address, "panel", cookie, "tab=scores"))
        bare_click, one = map(statistics.median, asyncio.run(clicks_in_turn(places, len(recommenders()))))
        later = statistics.median(asyncio.run(_clicks_after(app, places[1], waiting)))
    yield Figure("a page with the table of 条件审核 alone, one click (floor)", bare_click * 1000, "ms")
    yield Figure("进度与评分 with 40 of 600 applications, one click", one * 1000, "ms", PAGE_MILLISECONDS)
    yield Figure("进度与评分 over floor", one / bare_click, "times", 6)
    yield Figure("进度与评分, the first click after one more sheet", later * 1000, "ms", 4 * PAGE_MILLISECONDS)
    app.close()


def fill(app: App) -> list[int]:
    """Lets everything pass, asks 60 experts, hands in all sheets but a few; gives the assignments of those."""
    lot, now = random.Random(2026), app.clock.now()
    with app.writer.begin() as connection:
        connection.execute(tables.assessments.update().values(verdict="pass"))
        round_id = connection.execute(sa.select(tables.rounds.c.id)).scalar_one()
        connection.execute(
            tables.scoring_settings.insert().values(round_id=round_id, content=SETTINGS, document="虚构7号")
        )
        cities = [one.name for one in recommenders()[:5]]
        who = [
            {"code": f"专家{at:02d}", "name": f"虚构某{at}", "units": [], "city": lot.choice(cities), "fields": []}
            for at in range(EXPERTS)
        ]  # fmt: skip
        connection.execute(tables.experts.insert(), who)
        experts = list(connection.execute(sa.select(tables.experts.c.id)).scalars())
        connection.execute(
            tables.panel_members.insert(), [{"round_id": round_id, "expert_id": number} for number in experts]
        )
        known = {"round_id": round_id, "who": "虚构", "at": now, "cleared_at": now}
        pairs = [
            {"application_id": number, "expert_id": expert, **known}
            for number in connection.execute(sa.select(tables.applications.c.id)).scalars()
            for expert in lot.sample(experts, EACH)
        ]
        connection.execute(tables.assignments.insert(), pairs)
        assigned = list(connection.execute(sa.select(tables.assignments.c.id)).scalars())
        lot.shuffle(assigned)
        rest = assigned[: 3 * AFTER]
        connection.execute(tables.score_entries.insert(), [_entry(app, lot, one) for one in assigned[len(rest) :]])
    grow(app)
    return rest


def _entry(app: App, lot: random.Random, assignment_id: int) -> dict[str, Any]:
    scores = {code: Decimal(lot.randint(80, 200)) / 2 for code in CODES}
    content = content_of(even("", 0)) | {"scores": {code: f"{score:f}" for code, score in scores.items()}}
    content |= {"comments": dict.fromkeys(CODES, "虚构意见：路径清楚，保障具体，建议补充预期成效的数据来源。")}
    known = {"kind": "submitted", "via": "app", "who": "虚构", "at": app.clock.now(), "ledger_id": 1}
    return {"assignment_id": assignment_id, "number": 1, "content": content, **known}


def grow(app: App) -> None:
    """Lets the ledger grow by an entry, so that nothing that was remembered holds."""
    with app.unit(SYSTEM) as unit:
        unit.record(Entry("score.submitted", "assignment", "1", "虚构", "提交一份评审。"))


def _round_id(app: App) -> int:
    with app.reader.connect() as connection:
        return int(connection.execute(sa.select(tables.rounds.c.id)).scalar_one())


def _rows(app: App) -> None:
    with app.reader.connect() as connection:
        connection.execute(sa.select(tables.assignments)).all()
        connection.execute(sa.select(tables.score_entries)).all()


def _whole(app: App) -> None:
    view = scores_view(app, _round_id(app))
    assert view is not None
    assert len(view.rows) == 600


def _anew(app: App) -> None:
    """As the first person of the day meets it: the records of applications are known, nothing else is."""
    kept = app.remembered.get("subjects", {})
    app.remembered.clear()
    app.remembered["subjects"] = kept
    _whole(app)


def _hand_in(app: App, assignment_id: int) -> None:
    with app.writer.begin() as connection:
        connection.execute(tables.score_entries.insert().values(**_entry(app, random.Random(1), assignment_id)))
    grow(app)


def _after(app: App, assignment_id: int) -> float:
    _hand_in(app, assignment_id)
    return seconds(partial(_whole, app), 1)


def _severities(app: App) -> None:
    number = _round_id(app)
    app.remembered.pop(("severity", number), None)
    assert len(severity_view(app, number).experts) == EXPERTS


async def _clicks_after(app: App, place: Place, waiting: list[int]) -> list[float]:
    """Somebody hands a sheet in between any two clicks of another."""
    async with place.socket() as socket:
        await click(socket, place, "")
        found = []
        for query in CLICKS[:AFTER]:
            await asyncio.to_thread(_hand_in, app, waiting.pop())
            took, shown = await click(socket, place, query)
            assert shown, "a click brought no table"
            found.append(took)
        return found
