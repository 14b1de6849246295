"""The day and the time: the server's clock in Asia/Shanghai (contract §7)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time. `fixed_day` replaces the day (for demonstrations and tests), the time of day goes on."""

    fixed_day: date | None = None

    def now(self) -> datetime:
        """Local time in Shanghai, to the second, without a zone: the store holds nothing else."""
        real = datetime.now(SHANGHAI).replace(tzinfo=None, microsecond=0)
        return real if self.fixed_day is None else datetime.combine(self.fixed_day, real.time())

    def today(self) -> date:
        """The day in Shanghai."""
        return self.now().date()


def clock_from_environment() -> Clock:
    """The clock that `SHIFAN_TODAY` asks for, else the real one. Refuses a day that is no ISO date."""
    text = os.environ.get("SHIFAN_TODAY", "").strip()
    if not text:
        return Clock()
    try:
        return Clock(date.fromisoformat(text))
    except ValueError:
        raise Refused(f"环境变量 SHIFAN_TODAY 的值“{text}”不是日期，请写成 2026-06-30 的样子。") from None
