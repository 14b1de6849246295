"""One case in full: where it stands and until when, its life as a picture, its history, what may happen next."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from core.errors import Refused
from core.views.case import CaseView, case_view
from core.views.checks import KIND_WORDS
from pages._parts.as_of import as_of
from pages._parts.case_acts import next_steps
from pages._parts.case_history import show_history
from pages._parts.case_mistakes import mistakes
from pages._parts.case_tabs import show_tabs
from pages._parts.case_timeline import timeline
from pages._parts.case_words import left_html, status_html
from pages._parts.forms import shown_version
from pages._parts.linked import linked
from pages._parts.tables import facts
from pages._parts.words import day
from pages._shell import Desk


def show_case(desk: Desk, number: int) -> None:
    """The case with this number, or the sentence that says why it cannot be shown."""
    bar = st.columns([5, 1.3], vertical_alignment="bottom")
    title = bar[0].container(horizontal=True, vertical_alignment="center")
    with title:
        _back()
    on = as_of(desk, bar[1])
    try:
        seen = case_view(desk.app, number, on)
    except Refused as refused:
        st.error(str(refused))
        return
    version = shown_version(f"case-{number}", seen.version)
    title.html(
        f'<h2 class="sf-name">{escape(seen.called.name)} {status_html(seen.status, seen.status_name)}</h2>'
        f'<div class="sf-line">{_until(seen)}</div>',
        width="stretch",
    )
    _facts(seen)
    linked(timeline(seen), "timeline")
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        st.subheader("历史", anchor=False)
        show_history(seen)
    with right:
        _right(desk, seen, version, on)
    show_tabs(desk, seen)


def _back() -> None:
    if st.button("← 回到列表", key="back"):
        st.query_params.pop("case", None)
        st.rerun()


def _until(seen: CaseView) -> str:
    """The deadline with what is left of it, and what is to be kept in mind."""
    parts = []
    if seen.deadline:
        until = seen.deadline
        parts.append(f"{until.name} {day(until.due)}　{left_html(until, until.code, past=seen.past)}")
        parts.append(f'<span class="soft">{escape(until.clause)}</span>')
    elif seen.since and not seen.ended:
        parts.append("目前没有期限")
    parts += [f'<span class="sf-state sf-tone-warn">{escape(hint)}</span>' for hint in seen.hints]
    return " ".join(parts)


def _facts(seen: CaseView) -> None:
    facts(
        {
            "地区": seen.city,
            "类型": "，".join(each for each in (KIND_WORDS[seen.kind], seen.category) if each),
            "运营主体": seen.called.operator,
            "统一社会信用代码": seen.called.uscc,
            "状态起始日": seen.since,
            "轮次": f"{seen.year}年度" if seen.year else "存量建档" if seen.taken_over else None,
        }
    )


def _right(desk: Desk, seen: CaseView, version: int, on: date | None) -> None:
    """What may happen next; on a past day nothing may."""
    if on is not None:
        st.subheader("接下来", anchor=False)
        st.write("查看以前的一天时不能办理。要办理，请先回到今天。")
        return
    next_steps(desk, seen, version)
    mistakes(desk, seen, version)
