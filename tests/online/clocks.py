"""A clock that stands still until somebody waits."""

from __future__ import annotations

from threading import Lock

from core.intake.online.clock import OnlineClock


class StandingClock(OnlineClock):
    """Waiting takes no time: the clock is put forward instead, for all threads. `waits` are those that were asked."""

    def __init__(self, now: float = 10_000.0) -> None:
        self._now, self._lock = now, Lock()
        self.waits: list[float] = []

    def now(self) -> float:
        """The moment that it stands at."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Puts it forward; two who wait at the same time wait side by side."""
        until = self._now + seconds
        with self._lock:
            self._now = max(self._now, until)

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.advance(seconds)

    sleep = _wait
