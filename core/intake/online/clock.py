"""The clock that quota minutes and waits run on; the only thing that a test replaces."""

from __future__ import annotations

import time


class OnlineClock:
    """Seconds and waiting. The seconds are of one count for all processes of a machine, and never step back."""

    def now(self) -> float:
        """Seconds since some moment that is the same for all processes; it begins anew when the machine does."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)
