"""Deadlines as bars over time: where each period began, where it ends, and where today stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from core.views import DueRow
from pages._parts.due import left_text
from pages._parts.words import day, this_day

WORDS = {"overdue": "逾期", "now": "等待确认", "ahead": "未到期"}
COLOURS = {"overdue": "#b3261e", "now": "#b07a00", "ahead": "#1b5a96"}
MARKS = {"overdue": "✗", "now": "!", "ahead": "◆"}
ROW, AROUND = 24, 90  # pixels: a bar, and what stands above and below them
BEYOND = 0.06  # room on the right for the marks, as a share of the time shown


def show_gantt(rows: Sequence[DueRow], today: date, on: date | None) -> None:
    """A bar a deadline, those that end first on top; red with a cross is overdue, dashed is provisional.

    `on`: the past day that is looked at.
    """
    import altair as alt

    data = _frame(rows, on)
    used = [state for state in WORDS if WORDS[state] in set(data["情况"])]
    colour = alt.Color(
        "情况:N",
        scale=alt.Scale(domain=[WORDS[each] for each in used], range=[COLOURS[each] for each in used]),
        legend=alt.Legend(orient="top", title=None),
    )
    names = alt.Axis(labelLimit=330, labelOverlap=False, grid=True, gridColor="#eef2f6", ticks=False)
    y = alt.Y("行:N", sort=data["行"].tolist(), title=None, axis=names)
    begin, end = min(data["起"].min(), pd.Timestamp(today)), max(data["止"].max(), pd.Timestamp(today))
    months = alt.Axis(orient="top", labelExpr="timeFormat(datum.value, '%Y年%-m月')", tickCount=8)
    x = alt.X("起:T", title=None, axis=months, scale=alt.Scale(domain=[begin, end + BEYOND * (end - begin)]))
    tip = ["要办的事", "对象", "推荐单位", "谁办", "起算", "最后一日", "还有多久"]
    base = alt.Chart(data).encode(y=y, color=colour, tooltip=tip)
    bars = base.mark_bar(height=12, opacity=0.85).encode(x=x, x2="止:T").transform_filter("!datum.暂定")
    unsure = base.mark_bar(height=12, fillOpacity=0.15, stroke="#5a6775", strokeDash=[3, 2], strokeWidth=1.5)
    unsure = unsure.encode(x=x, x2="止:T").transform_filter("datum.暂定")
    ends = base.mark_text(align="left", dx=3, fontSize=13, fontWeight="bold").encode(x="止:T", text="标记:N")
    now = alt.Chart(pd.DataFrame({"日": [pd.Timestamp(today)], "字": [this_day(on is not None)]}))
    rule = now.mark_rule(color="#1f2a36", strokeWidth=1.5).encode(x="日:T")
    word = now.mark_text(align="left", dx=4, baseline="bottom", color="#1f2a36").encode(
        x="日:T", y=alt.value("height"), text="字:N"
    )
    chart = (bars + unsure + ends + rule + word).properties(height=ROW * len(rows) + AROUND)
    st.altair_chart(chart, width="stretch", alt="各项期限从起算日到最后一日的横条图，内容与列表相同")


def _frame(rows: Sequence[DueRow], on: date | None) -> pd.DataFrame:
    """One row a deadline. Two of the same name must not fall into one line: what does not show tells them apart."""
    seen: Counter[str] = Counter()
    names = []
    for row in rows:
        name = f"{row.name}　{row.subject}"
        names.append(name + "\u200b" * seen[name])
        seen[name] += 1
    return pd.DataFrame(
        {
            "行": names,
            "起": [pd.Timestamp(row.since or row.day) for row in rows],
            # the whole of the last day
            "止": [pd.Timestamp(row.day) + pd.Timedelta(days=1) for row in rows],
            "情况": [WORDS[row.state] for row in rows],
            "标记": [MARKS[row.state] + ("（暂定）" if row.provisional else "") for row in rows],
            "暂定": [row.provisional for row in rows],
            "要办的事": [row.name for row in rows],
            "对象": [row.subject for row in rows],
            "推荐单位": [row.city or "—" for row in rows],
            "谁办": [row.acts for row in rows],
            "起算": [day(row.since) or "—" for row in rows],
            "最后一日": [day(row.day) for row in rows],
            "还有多久": [left_text(row, on) for row in rows],
        }
    )
