"""How deadlines are told: the counts at a glance, how long is left, and the list."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

import streamlit as st

from core.services.due import KIND_WORDS
from core.views import DueRow, Tally
from core.views.deadlines import WINDOWS
from pages._parts.ways import way
from pages._parts.words import PROVISIONAL, day, short_day, this_day

SOON = WINDOWS[0]
TONES = {"overdue": "bad", "now": "warn", "ahead": "act", "": "none"}
MARKS = {"overdue": "✗", "now": "!", "ahead": "●", "": ""}
WAITS = {"register": "待登记", "change": "待决定", "objection": "待核查"}
CAME = {"objection": "收到"}  # how it came; what is not here was reported
HEADS = ("最后一日", "还有多久", "要办的事", "对象", "推荐单位", "谁办", "类型", "依据")
NARROW = ("推荐单位", "类型", "依据")  # left out on a narrow screen


def show_tally(counts: Tally) -> None:
    """How many there are, and how soon."""
    first, *rest = WINDOWS
    names = [f"{first} 天内", *(f"{low + 1}—{high} 天" for low, high in zip(WINDOWS, rest, strict=False))]
    shown = [("overdue", "逾期", counts.overdue), ("now", "等待确认或决定", counts.now)]
    shown.append(("ahead", names[0], counts.within[0]))
    shown += [("", name, count) for name, count in zip(names[1:], counts.within[1:], strict=True)]
    shown.append(("", "一年以后", counts.later))
    parts = [_state(state if count else "", f"{name} {count:,}") for state, name, count in shown]
    if counts.provisional:
        parts.append(f"{PROVISIONAL} {counts.provisional:,}")
    st.html(f'<div class="sf-line"><b>共 {counts.total:,} 项</b>{"".join(parts)}</div>')


def left_text(row: DueRow, on: date | None) -> str:
    """`逾期 12 天`, `已期满 3 天`, `今天到期`, `还有 5 天`; what it waits for where no day is set. `on`: a past day."""
    if row.left is None:
        return WAITS[row.what]
    if row.left < 0:
        return f"{'已期满' if row.state == 'now' else '逾期'} {-row.left:,} 天"
    return f"还有 {row.left:,} 天" if row.left else f"{this_day(on is not None)}到期"


def due_html(rows: Iterable[DueRow], on: date | None = None) -> str:
    """The list, for `linked`; its links lead to the same past day."""
    top = "".join(f'<th class="{_column(head)}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_line(row, on) for row in rows)
    table = f'<table class="sf sf-tight"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _column(head: str) -> str:
    return "opt" if head in NARROW else ""


def _line(row: DueRow, on: date | None) -> str:
    sure = f" {PROVISIONAL}" if row.provisional else ""
    # the narrow screen has no column for the city: it is told here then
    told = [f'<span class="sf-narrow">{escape(row.city)}　</span>' if row.city else "", escape(row.note)]
    note = f'<div class="soft">{"".join(told)}</div>' if any(told) else ""
    soon = row.state != "ahead" or (row.left is not None and row.left <= SOON)
    left = _state(row.state, left_text(row, on)) if soon else escape(left_text(row, on))
    cells = (
        f'<td class="nowrap">{_last_day(row)}{sure}</td>',
        f'<td class="nowrap">{left}</td>',
        f'<td class="nowrap">{row.name}</td>',
        f"<td>{way(row.subject, row.link, on)}{note}</td>",
        f'<td class="nowrap opt">{escape(row.city) or "—"}</td>',
        f'<td class="nowrap">{escape(row.acts)}</td>',
        f'<td class="nowrap opt">{KIND_WORDS.get(row.kind, "—")}</td>',
        f'<td class="nowrap opt">{escape(row.clause) or "—"}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _last_day(row: DueRow) -> str:
    if row.day is not None:
        return day(row.day)
    since = f'<div class="soft">{short_day(row.since)}{CAME.get(row.what, "报告")}</div>' if row.since else ""
    return f"没有规定{since}"


def _state(state: str, text: str) -> str:
    said = f"{MARKS[state]} {text}".strip()
    return f'<span class="sf-state sf-tone-{TONES[state]}">{escape(said)}</span>'
