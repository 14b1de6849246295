"""专家评审, the tab 分派."""

from __future__ import annotations

from core.services.panel import Panel
from core.views import RoundView
from pages._parts.tables import empty
from pages._shell import Desk


def show_assign(_desk: Desk, chosen: RoundView, _seen: Panel) -> None:
    """Shows the tab."""
    empty(f"{chosen.title}还没有分派。")
