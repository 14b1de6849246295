"""Read model of 名单: a list, where its lines come from, and why it is empty."""

from __future__ import annotations

from datetime import date

from core.bootstrap import App
from core.services import lists
from core.services.listed import Listing
from core.views.remembering import remember


def listing(app: App, round_id: int, kind: str, as_of: date | None = None) -> Listing:
    """One of the lists of a round (contract §6), now or as was known at the end of a past day."""
    return remember(app, ("listing", round_id, kind, as_of), lambda _: lists.listing(app, round_id, kind, as_of))


def unfit(app: App, round_id: int, kind: str, as_of: date | None = None) -> tuple[str, ...]:
    """Why a list cannot leave the house as it is, a sentence for each place; nearly always empty."""
    listed = listing(app, round_id, kind, as_of).listed
    ask = lambda _: tuple(map(str, lists.unfit(app, round_id, listed)))  # noqa: E731
    return remember(app, ("unfit", round_id, kind, as_of), ask)
