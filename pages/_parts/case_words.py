"""How the standing of a case is told: its status, and how long is left."""

from __future__ import annotations

from html import escape

from core.views.case import DeadlineView
from core.views.cases import CaseLine, groups
from pages._parts.words import PROVISIONAL, this_day

# how a group of statuses is shown: what waits for the province stands out, what has ended steps back
TONES = {
    "to_select": "act",
    "to_publish": "act",
    "published": "warn",
    "creation": "none",
    "recognition": "good",
    "rectification": "bad",
}
NOTICE = "notice_ends"


def status_html(status: str | None, name: str) -> str:
    """A status as a word on its colour; one that has ended as a plain word."""
    group = next((each.code for each in groups() if status in each.statuses), "")
    tone = TONES.get(group)
    if tone is None:
        return f'<span class="soft">{escape(name)}</span>'
    return f'<span class="sf-state sf-tone-{tone}">{escape(name)}</span>'


def left_html(seen: CaseLine | DeadlineView, code: str, *, past: bool) -> str:
    """`还有 5 天`, `✗ 逾期 12 天`, `! 已期满 3 天` (a notice is not late, it waits), and 暂定 where it is.

    `past`: a past day is looked at, so that what ends on it ends 当天.
    """
    if seen.left is None:
        return ""
    sure = f" {PROVISIONAL}" if seen.provisional else ""
    if seen.left >= 0:
        return f"{f'还有 {seen.left:,} 天' if seen.left else f'{this_day(past)}到期'}{sure}"
    tone, text = ("warn", "! 已期满") if code == NOTICE else ("bad", "✗ 逾期")
    return f'<span class="sf-state sf-tone-{tone}">{text} {-seen.left:,} 天</span>{sure}'
