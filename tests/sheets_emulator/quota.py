"""How many requests a person may make in a minute, by the emulator's clock."""

from __future__ import annotations

import threading
from collections import deque

from tests.sheets_emulator import problems
from tests.sheets_emulator.state import Clock

MINUTE = 60.0


class Quota:
    """Reads and writes of Sheets in any minute, for each person; None is no limit. Drive has none unless one is set."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.limits: dict[str, int | None] = {"read": 60, "write": 60, "drive": None}
        self.retry_after = False  # whether a refusal says how long to wait
        self._lock = threading.Lock()
        self._spent: dict[tuple[str, str], deque[float]] = {}

    def spend(self, kind: str, user: str) -> None:
        """Count a request; refused where the last minute has had its fill. What is refused is not counted."""
        limit = self.limits.get(kind)
        if limit is None:
            return
        now = self.clock.now()
        with self._lock:
            spent = self._spent.setdefault((kind, user), deque())
            while spent and spent[0] <= now - MINUTE:
                spent.popleft()
            if len(spent) < limit:
                spent.append(now)
                return
            wait = str(int(spent[0] + MINUTE - now) + 1) if self.retry_after and spent else ""
        raise problems.drive_quota(wait) if kind == "drive" else problems.quota(kind, wait)

    def forget(self) -> None:
        """A fresh minute for all."""
        with self._lock:
            self._spent.clear()
