"""专家评审: what the round decided about scoring, who scores, who must not, who scores what, and what came in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from core.accounts import Permission
from core.services.panel import Panel
from core.views import RoundView
from core.views.panel import panel_view
from pages._parts.filters import segments
from pages._parts.panel_assign import show_assign
from pages._parts.panel_books import show_books
from pages._parts.panel_experts import show_experts
from pages._parts.panel_recusals import show_recusals
from pages._parts.panel_scores import show_scores
from pages._parts.panel_settings import show_settings
from pages._shell import Desk, open_page, the_round

Tab = Callable[[Desk, RoundView, Panel], None]
# in the order in which they are worked through; the address keeps the code
TABS: Final[Mapping[str, tuple[str, Tab]]] = {
    "settings": ("评审设置", show_settings),
    "experts": ("专家", show_experts),
    "recusals": ("回避", show_recusals),
    "assign": ("分派", show_assign),
    "scores": ("进度与评分", show_scores),
    "books": ("评分工作簿", show_books),
}

desk = open_page(
    "专家评审",
    Permission.READ_SCORES,
    "确定怎样评分、请哪些专家、谁要回避、谁评哪些申报。本页供省厅内部使用，不对外公布。",
)
chosen = the_round(desk)
tab = segments("办哪一步", "tab", {code: name for code, (name, _) in TABS.items()})
TABS[tab][1](desk, chosen, panel_view(desk.app, chosen.id))
