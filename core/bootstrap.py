"""The one place that wires database, clock and folders together."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor
from core.clock import Clock, clock_from_environment
from core.intake.online.clock import OnlineClock
from core.intake.snapshots import SnapshotStore
from core.settings import Settings, program_version, settings_from_environment
from core.store.engine import open_engines
from core.store.schema import upgrade
from core.store.unit import Unit, unit_of_work


@dataclass(slots=True)
class App:
    """Everything a use case needs. Made once a process; safe to share between threads."""

    settings: Settings
    clock: Clock
    writer: sa.Engine
    reader: sa.Engine
    snapshots: SnapshotStore
    program: str
    # one-time token for the first administrator, and failed sign-ins: both live and die with the process
    setup_token: str = ""
    sign_in_failures: dict[str, list[float]] = field(default_factory=dict)
    # read models that stay true until the ledger grows (core/views)
    remembered: dict[Any, Any] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    # whoever keeps a draft on SQLite: there waiting writers sleep and wake by chance, and one could wait for seconds
    turn: Lock = field(default_factory=Lock)
    # what waits for online sheets run on
    online_clock: OnlineClock = field(default_factory=OnlineClock)
    # what is to be given back at the end beside the database: connections to online sheets
    held: ExitStack = field(default_factory=ExitStack)

    def drafting(self) -> AbstractContextManager[object]:
        """Waits for one's turn to write a draft; on PostgreSQL there is nothing to wait for."""
        return self.turn if self.writer.dialect.name == "sqlite" else nullcontext()

    def unit(self, actor: Actor) -> AbstractContextManager[Unit]:
        """Opens a unit of work for one act of one person."""
        return unit_of_work(self.writer, self.clock, actor, self.program)

    def close(self) -> None:
        """Gives all connections back."""
        self.held.close()
        self.writer.dispose()
        self.reader.dispose()


def build(settings: Settings | None = None, clock: Clock | None = None) -> App:
    """Opens the store (made or upgraded where needed). Raises Refused with a sentence where it cannot."""
    settings = settings or settings_from_environment()
    settings.home.mkdir(parents=True, exist_ok=True)
    writer, reader = open_engines(settings.database_url)
    upgrade(writer)
    return App(
        settings=settings,
        clock=clock or clock_from_environment(),
        writer=writer,
        reader=reader,
        snapshots=SnapshotStore(settings.snapshots),
        program=program_version(),
    )
