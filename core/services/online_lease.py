"""One at a time over all processes: who synchronises online sheets holds a lease, and renews it while at work."""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.intake.source import Progress
from core.store.tables import sync_leases

# A request is tried for a minute and a half at most, and four may follow each other without a word: to look at fifteen
# sheets, four at a time, or to read and write one until its rows rest. Who is silent for longer is gone.
SECONDS = 600
_NAME = "sync"
BUSY = "正在同步在线表格，同一时间只能有一个。请等它完成后再试，进度见“在线表格”。"


@contextmanager
def lease(app: App, now: Callable[[], float] = time.time) -> Iterator[Callable[[], None]]:
    """Holds the lease while the block runs; gives what renews it. Raises Refused where somebody else holds it.

    Where the process is killed, the next one waits until the time is up.
    """
    holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    if not _take(app, holder, now()):
        raise Refused(BUSY)
    mine = sa.and_(sync_leases.c.name == _NAME, sync_leases.c.holder == holder)

    def renew() -> None:
        with app.writer.begin() as connection:
            kept = connection.execute(sync_leases.update().where(mine).values(until=int(now()) + SECONDS))
        if kept.rowcount != 1:  # stopped for so long (a machine asleep) that another has begun
            raise Refused(BUSY)

    try:
        yield renew
    finally:
        with app.writer.begin() as connection:
            connection.execute(sync_leases.delete().where(mine))


def renewing(renew: Callable[[], None], progress: Progress | None) -> Progress:
    """A progress that renews the lease whenever something is done."""

    def tell(number: int, total: int, name: str) -> None:
        renew()
        if progress is not None:
            progress(number, total, name)

    return tell


def _take(app: App, holder: str, now: float) -> bool:
    until = int(now) + SECONDS
    with app.writer.begin() as connection:
        free = sa.and_(sync_leases.c.name == _NAME, sync_leases.c.until < int(now))
        if connection.execute(sync_leases.update().where(free).values(holder=holder, until=until)).rowcount == 1:
            return True
    try:
        with app.writer.begin() as connection:
            connection.execute(sync_leases.insert().values(name=_NAME, holder=holder, until=until))
    except sa.exc.IntegrityError:
        return False
    return True
