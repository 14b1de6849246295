"""A selection in one line, for tests that begin after it; whoever is not named is left for later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from core.accounts import Actor
from core.bootstrap import App
from core.services.candidates import candidates
from core.services.selection import Decided, decide
from core.services.selection_rules import Choice


def chosen(
    app: App, actor: Actor, round_id: int, day: date, selected: Iterable[int], declined: Mapping[int, str] | None = None
) -> Decided:
    """Lists applications with the plainest reason; those in `declined` are not listed, with these words."""
    choices = {number: Choice("selected", "meets") for number in selected}
    for number, words in (declined or {}).items():
        choices[number] = Choice("not_selected", "not_selected_other", words)
    waiting = [each.application_id for each in candidates(app, round_id) if each.waits]
    later = [number for number in waiting if number not in choices]
    return decide(
        app, actor, round_id,
        day=day, choices=choices, minutes="虚构纪要1号", why="择优", later=later, later_why="待定",
    )  # fmt: skip
