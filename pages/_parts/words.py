"""How days, times, figures and verdicts are written, the same on every page."""

from __future__ import annotations

from datetime import date, datetime
from html import escape

import pandas as pd

WEEKDAYS = "一二三四五六日"
VERDICT_WORDS = {
    "pass": ("达标", "✓"),
    "fail": ("不达标", "✗"),
    "review": ("待认定", "?"),
    "missing": ("缺数据", "–"),
}
PROVISIONAL = '<span class="sf-v sf-review sf-provisional">暂定</span>'


def day(value: date | None) -> str:
    """`2026年9月28日（周一）`; empty for no date."""
    if value is None or pd.isna(value):
        return ""
    return f"{value.year}年{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"


def short_day(value: date) -> str:
    """`2026年9月28日`, where a line has no room for the day of the week."""
    return f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """`2026年9月28日 14:05`; empty for no time."""
    if value is None or pd.isna(value):
        return ""
    return f"{value.year}年{value.month}月{value.day}日 {value:%H:%M}"


def this_day(past: bool) -> str:
    """The day that a page is looked at from: 今天, or 当天 where that is a past day."""
    return "当天" if past else "今天"


def size(count: int | None) -> str:
    """A file size in words of an office."""
    if count is None or pd.isna(count):
        return ""
    return f"{max(count / 1024, 1):,.0f} 千字节" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} 兆字节"


def verdict_word(verdict: str) -> str:
    """`✓ 达标`: mark and word, for places without colour."""
    word, mark = VERDICT_WORDS[verdict]
    return f"{mark} {word}"


def badge(verdict: str) -> str:
    """The HTML of a verdict: word, mark and colour."""
    word, mark = VERDICT_WORDS[verdict]
    return f'<span class="sf-v sf-{escape(verdict)}"><i>{mark}</i>{word}</span>'
