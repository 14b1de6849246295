"""Synchronising 15 online sheets of 20 applicants each, the service answering in 200 ms: time, and what is asked."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from core.accounts import SYSTEM
from core.bootstrap import App, build
from core.clock import Clock
from core.intake.online.clock import OnlineClock
from core.services import online_setup, rounds
from core.services.online_access import BUDGET_FILE
from core.services.online_setup import SourceChange
from core.services.online_sync import sync
from core.settings import Settings, sqlite_url
from core.standards.recommenders import recommenders
from core.store import tables
from tests.bench.figure import Figure
from tests.books import Sheets, applicant
from tests.office import AS_OF, DEADLINE, TODAY
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.emulator import Emulator

APPLICANTS = 20
LATENCY = 0.2  # seconds before every answer
READS, WRITES = 30, 15
FIRST_SECONDS, IDLE_SECONDS = 25, 3
_SERVED = ("平台指标", "年服务中小企业数（家）")


def measure_online(folder: Path) -> Iterator[Figure]:
    """Everything goes over HTTP, with a real key; quota and budget as in real use, on the real clock."""
    with Emulator(OnlineClock()) as google:
        app = build(Settings(folder, sqlite_url(folder), google_url=google.url), Clock(TODAY))
        online_setup.register_key(app, SYSTEM, json.dumps(google.key_json()))
        made = rounds.open_round(app, SYSTEM, year=2026, deadline=DEADLINE, reference_day=AS_OF)
        cities = [each.name for each in recommenders()]
        rows = [SourceChange(city, 0, "online", f"city{at}@example.com", "") for at, city in enumerate(cities)]
        online_setup.set_sources(app, SYSTEM, made, rows, "bench")
        google.quota.limits |= {"read": None, "write": None}  # ours is the one that counts
        begun = time.perf_counter()
        new = online_setup.create_sheets(app, SYSTEM, made)
        assert [each.state for each in new] == ["made"] * len(cities), new
        yield Figure("15 online sheets made, the service answering at once", time.perf_counter() - begun, "s")
        contacts = _contacts(app, google, made)
        for at, contact in enumerate(contacts):
            _fill(contact, at)
        for named, reads, writes, bound in (
            ("first", READS, WRITES, FIRST_SECONDS),
            # what the province wrote is a change to the service: looked at once more, and then no more
            ("after our own answers", READS, 0, FIRST_SECONDS),
            ("idle", 0, 0, IDLE_SECONDS),
            ("one figure changed in each", READS, WRITES, FIRST_SECONDS),
        ):
            if named.startswith("one"):
                for contact in contacts:
                    _change(contact)
            google.latency = LATENCY
            (folder / BUDGET_FILE).unlink(missing_ok=True)  # as if a minute had passed: waiting is not what is measured
            google.reset_counts()
            begun = time.perf_counter()
            done = sync(app, SYSTEM, made)
            took = time.perf_counter() - begun
            google.latency = 0.0
            assert done is not None
            assert all(each.ok for each in done.outcomes)
            counts = google.counts()
            yield Figure(f"15 online sheets, {named}: synchronised", took, "s", bound)
            yield Figure(f"15 online sheets, {named}: reads", counts["read"], "", reads)
            yield Figure(f"15 online sheets, {named}: writes", counts["write"], "", writes)
            yield Figure(f"15 online sheets, {named}: of Drive", counts["drive"], "")
        app.close()


def _contacts(app: App, google: Emulator, round_id: int) -> list[Contact]:
    with app.reader.connect() as connection:
        query = tables.book_sources.select().where(tables.book_sources.c.round_id == round_id)
        return [google.contact(row.spreadsheet_id, row.email) for row in connection.execute(query)]


def _change(contact: Contact) -> None:
    tab, column = _SERVED
    at = contact.rows(tab)[0].index(column)
    contact.set(tab, f"{chr(ord('A') + at)}2", "900")


def _fill(contact: Contact, at: int) -> None:
    made: list[Sheets] = [
        applicant("platform" if number % 2 else "base", f"C{at:02}-{number:03}", f"虚构市第{at:02}{number:03}号平台")
        for number in range(APPLICANTS)
    ]
    made[1]["平台指标"][0]["专家数（人）"] = "约50"  # something to answer
    for tab in {tab for each in made for tab in each}:
        heads = [str(head) for head in contact.rows(tab)[0]]
        lines = [[row.get(head, "") for head in heads] for each in made for row in each.get(tab, ())]
        contact.fill(tab, "A2", lines, typed=False)
