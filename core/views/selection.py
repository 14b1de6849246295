"""Read model of what can be proposed: the 创建申报 of a round, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.table import load
from core.services.selection import WAITING, Candidate, held_candidates
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class SelectionView:
    """The candidates in official order; `waiting` counts those that nobody has decided on, `passing` those of them
    that may be proposed, `fresh` those whose case is not begun yet.
    """

    candidates: tuple[Candidate, ...]
    waiting: int
    passing: int
    fresh: int


def selection_view(app: App, round_id: int) -> SelectionView:
    """The candidates of a round as they are now. Remembered: callers change nothing in it."""

    def ask(connection: sa.Connection) -> SelectionView:
        found = tuple(held_candidates(connection, round_id))
        undecided = [each for each in found if waits(each)]
        return SelectionView(
            found,
            len(undecided),
            sum(each.verdict == "pass" for each in undecided),
            sum(each.status is None for each in found),
        )

    return remember(app, ("selection", round_id), ask)


def waits(each: Candidate) -> bool:
    """Whether nobody has decided yet whether it is proposed."""
    return each.status in (None, WAITING)


def status_word(each: Candidate) -> str:
    """Where its case stands; one that is not begun has been taken in, and no more."""
    return load().statuses[each.status].name if each.status else "已受理，未选定"
