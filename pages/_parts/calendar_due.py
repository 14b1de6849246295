"""What an arrangement does to deadlines: those that it moved, and those that still rest on days not arranged."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import views
from core.lifecycle.table import load
from core.services.due import Filters
from core.services.projection import Moved
from core.views.due_rows import case_link
from pages._parts.due import due_html
from pages._parts.linked import linked
from pages._parts.tables import Html, page_of, table_html
from pages._parts.ways import follow, way
from pages._parts.words import PROVISIONAL, day
from pages._shell import Desk

HEADS = ("对象", "推荐单位", "期限", "原最后一日", "现最后一日", "是否暂定")
PAGE, SHOWN = 50, 20
UNSURE = Filters(within="provisional")


def show_moved(held: tuple[Moved, ...]) -> None:
    """What the act just done moved, until another page is opened."""
    if not held:
        return
    st.subheader("因此变动的期限", anchor=False)
    rows = page_of(len(held), size=PAGE, key="page-of-moved")
    follow(linked(table_html(HEADS, [_line(one) for one in held[rows]], nowrap=HEADS[1:]), "moved"))


def _line(one: Moved) -> tuple[object, ...]:
    same = one.before == one.after
    after = Html("不变" if same else f"<b>{escape(day(one.after))}</b>")
    sure = Html(PROVISIONAL if one.provisional else "已确定")
    called = Html(way(one.name, case_link(one.case_id)))
    return called, one.city, load().deadlines[one.deadline], one.before, after, sure


def show_unsure(desk: Desk) -> None:
    """The deadlines that an arrangement may still move."""
    st.subheader("现在是暂定的期限", anchor=False)
    total = views.tally(desk.app, UNSURE).total
    if not total:
        st.caption("没有期限落在安排尚未公布的日子。")
        return
    follow(linked(due_html(views.deadlines(desk.app, UNSURE, slice(0, SHOWN))), "unsure"))
    if total > SHOWN:
        st.caption(f"只列最先到期的 {SHOWN} 项，另有 {total - SHOWN:,} 项。")
    st.page_link("deadlines.py", label="在“期限”中查看 →", query_params={"within": "provisional"})
