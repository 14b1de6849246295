"""Answers that stay true until the ledger grows: every change of state writes an entry, so its head is the key."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

import sqlalchemy as sa

from core.bootstrap import App
from core.store.queries import ledger_head

Answer = TypeVar("Answer")
_KEPT = 48


def remember(app: App, key: tuple[Hashable, ...], ask: Callable[[sa.Connection], Answer]) -> Answer:
    """The answer to `ask`, asked anew only if something changed since. Callers must not change what they get."""
    with app.reader.connect() as connection:
        head = ledger_head(connection)
        known: dict[tuple[Hashable, ...], tuple[int, Answer]] = app.remembered.setdefault("views", {})
        held = known.get(key)
        if held is not None and held[0] == head:
            return held[1]
        answer = ask(connection)
    with app.lock:
        if len(known) >= _KEPT:
            known.clear()
        known[key] = (head, answer)
    return answer
