"""Read models of 在线表格: which recommender reports how, where the sheets are, how synchronising goes.

Nothing here asks anybody over the network: what is told of a sheet is what the newest run saw of it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from core.bootstrap import App
from core.services.intake_sources import FOLDER, ONLINE, round_context
from core.services.online_schedule import next_run
from core.store.tables import book_sources, online_rounds, sync_leases
from core.views.sync_runs import SyncedBook, SyncRun, newest_runs, newest_synced

FOLDER_LINK: Final = "https://drive.google.com/drive/folders/{id}"
SHEET_LINK: Final = "https://docs.google.com/spreadsheets/d/{id}/edit"
_RUNS = 10


@dataclass(frozen=True, slots=True)
class OnlineCity:
    """How one recommender reports. `version` 0: nothing set yet; `seen` is None until a run has looked at its sheet."""

    city: str
    kind: str
    email: str
    spreadsheet: str
    title: str
    link: str
    version: int
    seen: SyncedBook | None

    @property
    def online(self) -> bool:
        """Whether it reports on an online sheet."""
        return self.kind == ONLINE


@dataclass(frozen=True, slots=True)
class OnlineView:
    """The online sheets of a round. `minutes` 0: on demand only; `next_at` is past where a run is due now.

    `running`: somebody, perhaps in another process, synchronises at this moment.
    """

    cities: tuple[OnlineCity, ...]
    folder: str
    minutes: int
    version: int
    runs: tuple[SyncRun, ...]
    next_at: datetime | None
    running: bool

    @property
    def online(self) -> tuple[OnlineCity, ...]:
        """Those that report online."""
        return tuple(each for each in self.cities if each.online)

    @property
    def ready(self) -> tuple[OnlineCity, ...]:
        """Those whose sheet is known, so that it can be synchronised."""
        return tuple(each for each in self.online if each.spreadsheet)

    @property
    def missing(self) -> tuple[OnlineCity, ...]:
        """Those whose sheet is still to be made."""
        return tuple(each for each in self.online if not each.spreadsheet)

    @property
    def folder_link(self) -> str:
        """Where people open the folder that sheets are made in."""
        return FOLDER_LINK.format(id=self.folder) if self.folder else ""


def online_view(app: App, round_id: int) -> OnlineView:
    """Everything that 在线表格 shows of a round, from the store alone. Not remembered: runs write no ledger entry."""
    with app.reader.connect() as connection:
        cities = round_context(app, connection, round_id).cities
        rows = connection.execute(sa.select(book_sources).where(book_sources.c.round_id == round_id))
        held = {row.city: row for row in rows}
        settings = connection.execute(sa.select(online_rounds).where(online_rounds.c.round_id == round_id)).first()
    seen = newest_synced(app, round_id)
    shown = []
    for city in cities:
        row = held.get(city)
        if row is None:
            shown.append(OnlineCity(city, FOLDER, "", "", "", "", 0, None))
            continue
        link = row.link or (SHEET_LINK.format(id=row.spreadsheet_id) if row.spreadsheet_id else "")
        known = seen.get(city) if row.spreadsheet_id else None
        shown.append(
            OnlineCity(city, row.kind, row.email, row.spreadsheet_id, row.title, link, int(row.version), known)
        )
    folder, minutes, version = (settings.drive_folder, settings.minutes, settings.version) if settings else ("", 0, 0)
    ready = any(each.online and each.spreadsheet for each in shown)
    return OnlineView(
        tuple(shown),
        folder,
        minutes,
        version,
        newest_runs(app, round_id, _RUNS),
        next_run(app, round_id) if ready else None,
        synchronising(app),
    )


def synchronising(app: App) -> bool:
    """Whether a run is going on now, in this process or in another."""
    held = sa.select(sync_leases.c.name).where(sync_leases.c.until >= int(time.time()))
    with app.reader.connect() as connection:
        return connection.execute(held).first() is not None
