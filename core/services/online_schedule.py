"""The schedule of online sheets: a thread of the server looks now and then whether a round's time has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

import sqlalchemy as sa

from core.accounts import SCHEDULE
from core.bootstrap import App
from core.errors import Refused
from core.services.online_sync import sync
from core.store.tables import book_sources, online_rounds, sync_runs

LOOKS_EVERY = 15.0  # seconds
_PATIENCE = 10.0


def next_run(app: App, round_id: int) -> datetime | None:
    """When a round is synchronised next; None where it has no schedule. A time that is past means: now."""
    with app.reader.connect() as connection:
        asked = sa.select(online_rounds.c.minutes).where(online_rounds.c.round_id == round_id)
        minutes = connection.execute(asked).scalar() or 0
        last = sa.select(sa.func.max(sync_runs.c.id)).where(sync_runs.c.round_id == round_id).scalar_subquery()
        started = connection.execute(sa.select(sync_runs.c.started_at).where(sync_runs.c.id == last)).scalar()
    if not minutes:
        return None
    now = app.clock.now()
    # a day set back for a demonstration must not stop the schedule until it is reached again
    return now if started is None or started > now else started + timedelta(minutes=minutes)


def run_due(app: App) -> int:
    """Synchronises every round whose time has come, and gives how many. What fails stands in the diary."""
    scheduled = sa.select(online_rounds.c.round_id).where(
        online_rounds.c.minutes > 0,
        sa.exists().where(
            book_sources.c.round_id == online_rounds.c.round_id,
            book_sources.c.kind == "online",
            book_sources.c.spreadsheet_id != "",
        ),
    )
    with app.reader.connect() as connection:
        ids = list(connection.execute(scheduled).scalars())
    done = 0
    for number in ids:

        def due(number: int = number) -> bool:
            at = next_run(app, number)
            return at is not None and at <= app.clock.now()

        if not due():
            continue
        try:
            done += sync(app, SCHEDULE, number, trigger="schedule", due=due) is not None
        except Refused:
            continue  # another process is at it, or the diary says why not
    return done


class Worker:
    """Looks every few seconds until it is stopped. `report` is told of faults that are nobody's refusal."""

    def __init__(self, app: App, report: Callable[[Exception], object], every: float = LOOKS_EVERY) -> None:
        self._app, self._report, self._every = app, report, every
        self._stop = Event()
        self._thread = Thread(target=self._work, name="online sheets", daemon=True)

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Looks no more; waits a little for a run that is going on, whose intakes are whole each."""
        self._stop.set()
        self._thread.join(timeout=_PATIENCE)

    def _work(self) -> None:
        while not self._stop.wait(self._every):
            try:
                run_due(self._app)
            except Exception as fault:  # noqa: BLE001 - one fault must not end the schedule for good
                self._report(fault)
