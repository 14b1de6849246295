"""Read model of the scoring of a round, remembered while nothing changed."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from core.bootstrap import App
from core.services.panel import Panel, is_locked, panel
from core.views.remembering import remember


def panel_view(app: App, round_id: int) -> Panel:
    """The scoring of a round as it is now. Remembered: callers change nothing in it.

    Whether the settings are locked is asked anew each time: a score that is only typed writes no entry.
    """

    def ask(connection: sa.Connection) -> Panel:
        return panel(app, connection, round_id)

    seen = remember(app, ("panel", round_id), ask)
    with app.reader.connect() as connection:
        locked = is_locked(connection, round_id)
    return seen if locked == seen.locked else replace(seen, locked=locked)
