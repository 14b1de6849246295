"""专家评审, the tab 回避."""

from __future__ import annotations

from core.services.panel import Panel
from core.views import RoundView
from pages._parts.tables import empty
from pages._shell import Desk


def show_recusals(_desk: Desk, chosen: RoundView, _seen: Panel) -> None:
    """Shows the tab."""
    empty(f"{chosen.title}还没有回避。")
