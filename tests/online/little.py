"""A small office with online sheets, made once and put back as it was for each test that wants one of its own.

Two cities with few rows on grids hardly larger, so that a sync costs hundredths of a second: what is put back is the
store's file and the files of the emulated service, not what is expensive to make.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.clock import Clock
from core.intake.online.client import OnlineClient
from core.services.online_access import online_client
from tests.office import DALIAN, SHENYANG, TODAY, Office, Worlds, dalian, shenyang
from tests.online.clocks import StandingClock
from tests.online.online_office import OnlineOffice, with_key
from tests.sheets_emulator.book import Book
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.state import File

CITIES = (SHENYANG, DALIAN)
_ROWS = 9  # of a grid
_READ_BY_NOBODY = ("填报说明", "_字典")
_LONG = 1e8  # seconds that a token holds: tokens have tests of their own


@dataclass(frozen=True)
class _State:
    """What a moment of the little office was: the store's file, the service's files."""

    store: Path
    files: dict[str, File]


class Little:
    """The office `online` with its service `google`; `back` puts both back to how they began."""

    def __init__(self, online: OnlineOffice, clock: StandingClock, kept: Path) -> None:
        self.online, self.google, self.clock = online, online.google, clock
        self._kept, self._account = kept, online.google.account.email
        self._states: dict[str, _State] = {}
        self.books = {city: online.book(city) for city in CITIES}

    @property
    def office(self) -> Office:
        """The office and its store."""
        return self.online.office

    def client(self) -> OnlineClient:
        """The program's client to the service."""
        return online_client(self.office.app)

    def keep(self, name: str) -> None:
        """Keeps everything as it is now under a name."""
        self._quiet()
        store = self._kept / f"{name}.db"
        shutil.copyfile(self._database, store)
        self._states[name] = _State(store, {id: _twin(file) for id, file in self.google.state.files.items()})

    def back(self, name: str) -> None:
        """Everything as it was kept, nothing remembered, nothing going wrong, an hour later by the service's clock."""
        self._quiet()
        state = self._states[name]
        shutil.copyfile(state.store, self._database)
        with self.office.app.lock:
            client = self.office.app.remembered.get("online client")
            self.office.app.remembered.clear()
            if client is not None:
                self.office.app.remembered["online client"] = client
        self.office.app.clock = Clock(TODAY)
        google = self.google
        google.heal()
        google.state.files = {id: _twin(file) for id, file in state.files.items()}
        google.state.lag = google.latency = 0.0
        google.tokens.disabled.clear()
        google.reset_counts()
        google.quota.forget()
        self.clock.advance(3600)

    @property
    def _database(self) -> Path:
        found = self.office.app.writer.url.database
        assert found is not None
        return Path(found)

    def _quiet(self) -> None:
        """No connection is open and everything is in the one file."""
        self.office.app.writer.dispose()
        self.office.app.reader.dispose()


@contextmanager
def little_office(worlds: Worlds, home: Path) -> Iterator[Little]:
    """The office, with two states: `filled` (by both cities) and `taken` (that is taken in and answered)."""
    clock = StandingClock()
    with Emulator(clock) as google:
        google.tokens.lifetime = _LONG
        office = worlds.office("sqlite", "opened", home / "home")
        office.app.online_clock = clock
        online = with_key(office, google)
        online.choose(*CITIES)
        assert [each.state for each in online.create()] == ["made", "made"]
        for city in CITIES:
            file = google.file(online.book(city))
            assert file.book is not None
            file.book = _small(file.book)
        online.fill(SHENYANG, *shenyang())
        online.fill(DALIAN, *dalian())
        made = Little(online, clock, home)
        made.keep("filled")
        assert [each.errors for each in online.sync().outcomes] == [0, 1]
        made.keep("taken")
        yield made
        office.app.close()


def _small(book: Book) -> Book:
    """The book with grids of a few rows, without the looks of blank cells: they are most of what is sent to and fro."""
    twin = book.replica()
    for sheet in twin.sheets:
        sheet.resize(1 if sheet.title in _READ_BY_NOBODY else min(sheet.rows, _ROWS), sheet.columns)
        sheet.cells = {at: cell for at, cell in sheet.cells.items() if at[0] == 1 or "userEnteredValue" in cell}
    return twin


def _twin(file: File) -> File:
    twin: Any = copy(file)
    twin.permissions, twin.changes = list(file.permissions), list(file.changes)
    twin.parents, twin.app_properties = list(file.parents), dict(file.app_properties)
    return twin
