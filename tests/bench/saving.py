"""Thirty experts typing at once for a minute: every draft that was said to be kept is kept, and how long each waited.

Beside it as many threads that insert one row each and commit, at the same pace, on the same kind of SQLite file.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.accounts import SYSTEM, Actor, Role
from core.bootstrap import App, build
from core.services import review, scoring
from core.services.intake import take_in
from core.services.own_sheets import own_sheets
from core.services.rounds import open_round
from core.settings import Settings, sqlite_url
from core.store import tables
from tests.bench.books import YEAR, write_books
from tests.bench.figure import Figure
from tests.scoring.documents import CODES, draft

PEOPLE, EACH = 30, 19
SECONDS, FLOOR_SECONDS = 60.0, 15.0
PAUSE = 0.7  # the form sends 0.6 s after the last key
ACTS, NOTED = 1.0, 5  # seconds between two acts; every fifth is of staff
WAIT_MILLISECONDS, OVER_FLOOR = 250, 10


@dataclass
class Typist:
    """One thread: how long each save took, in seconds, and what broke it."""

    save: Callable[[int], None]
    waits: list[float] = field(default_factory=list)
    broken: list[BaseException] = field(default_factory=list)

    def run(self, stop: threading.Event, seconds: float, first: float) -> None:
        """Saves at the pace of typing until the time is over."""
        until = time.perf_counter() + seconds
        stop.wait(first)
        place = 0
        try:
            while time.perf_counter() < until and not stop.wait(PAUSE):
                start = time.perf_counter()
                self.save(place)
                self.waits.append(time.perf_counter() - start)
                place += 1
        except Exception as error:  # noqa: BLE001 - told in the figures
            self.broken.append(error)


def measure_saving(base: Path) -> Iterator[Figure]:
    """The floor, then the service while the ledger grows by a sheet handed in or a note each second."""
    app, people = _store(base)
    floor = _together([_plain(base / "floor.db", place) for place in range(PEOPLE)], FLOOR_SECONDS / 2)
    said: dict[int, int] = {}
    experts = [_expert(app, actor, said) for actor in people[:PEOPLE]]
    acting = threading.Event()
    staff = threading.Thread(target=_act, args=(app, people[PEOPLE], acting))
    staff.start()
    waits = _together(experts, SECONDS)
    acting.set()
    staff.join()
    # before and after, for a machine that others use changes within a minute
    floor += _together([_plain(base / "floor.db", place) for place in range(PEOPLE)], FLOOR_SECONDS / 2)
    broken = [error for each in experts for error in each.broken]
    with app.reader.connect() as connection:
        kept = {row.assignment_id: row.version for row in connection.execute(sa.select(tables.score_drafts))}
    app.close()
    named = f"{PEOPLE} experts typing for {SECONDS:g} s"
    yield Figure(f"{PEOPLE} threads insert one row and commit: 95 of 100 (floor)", _high(floor) * 1000, "ms")
    yield Figure(f"{named}: drafts saved", len(waits), "")
    yield Figure(f"{named}: saved and not kept, or kept twice", _apart(said, kept), "", 0)
    yield Figure(f"{named}: refused or broken", len(broken), "", 0)
    yield Figure(f"{named}: half of the savings within", sorted(waits)[len(waits) // 2] * 1000, "ms")
    yield Figure(f"{named}: 95 of 100 within", _high(waits) * 1000, "ms", WAIT_MILLISECONDS)
    yield Figure(f"{named}: the same over floor", _high(waits) / _high(floor), "times", OVER_FLOOR)
    yield Figure(f"{named}: the longest", max(waits) * 1000, "ms")


def _apart(said: dict[int, int], kept: dict[int, int]) -> int:
    """By how many the versions that experts were told of and those in the store differ."""
    return sum(abs(said.get(number, 0) - kept.get(number, 0)) for number in {*said, *kept})


def _high(waits: list[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.95)]


def _together(typists: list[Typist], seconds: float) -> list[float]:
    """All of them at once, begun over the length of one pause."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=each.run, args=(stop, seconds, PAUSE * place / len(typists)))
        for place, each in enumerate(typists)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [wait for each in typists for wait in each.waits]


def _plain(path: Path, place: int) -> Typist:
    """Inserts rows with sqlite3 alone, the way the store is set up."""
    connection = sqlite3.connect(path, timeout=15, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS lines (id INTEGER PRIMARY KEY, who INTEGER, text TEXT)")

    def save(number: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO lines (who, text) VALUES (?, ?)", (place, f"{number}" * 40))
        connection.execute("COMMIT")

    return Typist(save)


def _expert(app: App, actor: Actor, said: dict[int, int]) -> Typist:
    """Fills one sheet after the other in; `said` gets the version that each was told of."""
    with app.reader.connect() as connection:
        numbers = list(own_sheets(app, connection, actor))

    def save(place: int) -> None:
        number = numbers[place // len(CODES) % len(numbers)]
        content = {
            "scores": dict.fromkeys(CODES[: place % len(CODES) + 1], "80"),
            "comments": {CODES[place % len(CODES)]: f"虚构意见 {place}：" + "思路清楚。" * 20},
        }
        said[number] = scoring.save_draft(app, actor, number, content, said.get(number, 0), 1)

    return Typist(save)


def _act(app: App, actor: Actor, stop: threading.Event) -> None:
    """Meanwhile another expert hands in, and staff write notes: the ledger grows."""
    with app.reader.connect() as connection:
        numbers = list(own_sheets(app, connection, actor))
    place = 0
    while not stop.wait(ACTS):
        place += 1
        if place % NOTED and numbers:
            scoring.submit(app, actor, numbers.pop(), {"scores": dict.fromkeys(CODES, "80")}, 0, 1)
        else:
            review.add_note(app, SYSTEM, 1 + place, f"虚构备注 {place}")


def _store(base: Path) -> tuple[App, list[Actor]]:
    """A round with 600 applications, scoring decided, and experts with nineteen sheets each."""
    home, folder = base / "home", base / "folder"
    write_books(folder)
    app = build(Settings(home, sqlite_url(home)))
    round_id = open_round(app, SYSTEM, year=YEAR, reference_day=date(YEAR, 6, 30), folder=str(folder))
    assert sum(each.added for each in take_in(app, SYSTEM, round_id)) == 600
    now, people = app.clock.now(), []
    with app.writer.begin() as connection:

        def add(table: sa.Table, **values: Any) -> int:
            return int(connection.execute(table.insert().values(**values)).inserted_primary_key[0])

        add(tables.scoring_settings, round_id=round_id, content=draft({"experts": 1}), document="虚构")
        for place in range(PEOPLE + 1):
            name = f"虚构专家{place:02}"
            number = add(tables.accounts, login=f"e{place}", name=name, role="expert", password_hash="", created_at=now)
            expert = add(tables.experts, account_id=number, code=f"专家{place:02}", name=name, units=[], fields=[])
            people.append(Actor(number, f"e{place}", name, Role.EXPERT))
            for application in range(place * EACH + 1, (place + 1) * EACH + 1):
                pair = {"application_id": application, "expert_id": expert, "round_id": round_id}
                add(tables.assignments, **pair, who="李经办", at=now, cleared_at=now)
    return app, people
