"""What a run has made of its statements, kept for every store of a kind."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.bootstrap import App

_KEPT: dict[str, tuple[sa.Dialect, dict[Any, Any]]] = {}


def kept(app: App) -> App:
    """The program, which says a statement as another store of the run was told it.

    Each test has a store of its own and says every statement a few times: turning them into SQL anew for each
    store took a seventh of the time of the tests.
    """
    for engine in (app.writer, app.reader):
        engine.dialect, compiled = _KEPT.setdefault(engine.dialect.name, (engine.dialect, {}))
        engine.update_execution_options(compiled_cache=compiled)
    return app
