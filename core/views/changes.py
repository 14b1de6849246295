"""Read model of 变更报告: what cities reported, which case each is about, and what waits to be entered (第十一条)."""

from __future__ import annotations

from datetime import date

from core.bootstrap import App
from core.services.changes import Report, reports
from core.views.remembering import remember


def change_reports(app: App, as_of: date | None = None) -> tuple[Report, ...]:
    """Every change report that is held, in official order of cities; `as_of`: as known at the end of a past day."""
    return remember(app, ("change reports", as_of), lambda _: reports(app, as_of))
