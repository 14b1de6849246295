"""Keeps the server under Google's limit of 60 reads and 60 writes a minute, over all threads and processes of one home.

Who asks gets a moment of his own, now or later, and waits for it: moments are given in the order of asking, and no 62
seconds hold more than 55. Two seconds more than a minute, because requests take unequal times on their way. What was
given stands in a small SQLite file, whose lock the system takes from a process that dies.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from core.errors import system_reason
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault

Kind = Literal["read", "write"]
PER_MINUTE: Final = 55
SPAN: Final = 62.0
# nobody books further ahead; what stands there was given before the machine, and its count of seconds, began anew
_AHEAD: Final = 300.0
_BUSY_SECONDS: Final = 30.0
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "磁盘空间不足",
    sqlite3.SQLITE_READONLY: "没有权限",
    sqlite3.SQLITE_CANTOPEN: "没有权限",
    sqlite3.SQLITE_BUSY: "正被其他程序占用",
}


class Budget:
    """The moments given, in `file` (made when it is not there)."""

    def __init__(self, file: Path, clock: OnlineClock, *, per_minute: int = PER_MINUTE) -> None:
        self._file, self._clock, self._per_minute = file, clock, per_minute

    def wait(self, kind: Kind, at_most: float) -> None:
        """Waits for one's moment. OnlineFault `busy`, at once, if that would be more than `at_most` seconds.

        OnlineFault `no_room` where the file cannot be written. A damaged one is begun anew: it is worth a minute.
        """
        try:
            try:
                moment = self._book(kind, at_most)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._file.unlink(missing_ok=True)
                moment = self._book(kind, at_most)
        except OSError as error:
            reason = system_reason(error)
        except sqlite3.Error as error:
            reason = _REASONS.get(error.sqlite_errorcode, "登记的文件不能使用")
        else:
            if moment is None:
                raise OnlineFault("busy")
            if (left := moment - self._clock.now()) > 0:
                self._clock.sleep(left)
            return
        raise OnlineFault("no_room", reason=reason)

    def _book(self, kind: Kind, at_most: float) -> float | None:
        with self._opened() as connection:
            now = self._clock.now()
            connection.execute("DELETE FROM given WHERE moment <= ? OR moment > ?", (now - SPAN, now + _AHEAD))
            earlier = connection.execute(
                "SELECT moment FROM given WHERE kind = ? ORDER BY moment DESC LIMIT 1 OFFSET ?",
                (kind, self._per_minute - 1),
            ).fetchone()
            moment = max(now, earlier[0] + SPAN) if earlier else now
            if moment - now > min(at_most, _AHEAD):
                return None
            connection.execute("INSERT INTO given VALUES (?, ?)", (kind, moment))
            return float(moment)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else writes beside."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None)
        with contextlib.closing(connection):
            connection.execute("PRAGMA synchronous = OFF")  # what a power cut takes is a minute old by then
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS given (kind TEXT NOT NULL, moment REAL NOT NULL)")
            yield connection
            connection.execute("COMMIT")
