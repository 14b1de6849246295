"""工作日历: a year of working days and rest days, where they come from, and the end of a period counted both ways."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.views import YearView
from core.working_days.calendar import Counted
from pages._parts.calendar_acts import end_day, enter_arrangement
from pages._parts.tables import show_frame
from pages._parts.words import day
from pages._parts.year import legend_html, year_html
from pages._shell import Desk, open_page

SHOWN = ["日期", "录为", "说明", "文号或文件", "录入", "状态"]
PROVISIONAL = ' <span class="sf-v sf-review sf-provisional">暂定</span>'

desk = open_page(
    "工作日历", Permission.READ_CALENDAR, "查看哪天上班、哪天休息，推算公示等期限的最后一日；安排有变由管理员录入。"
)


def calculator(desk: Desk) -> None:
    """Start and number of working days; both ways of counting beside each other."""
    today = desk.app.clock.today()
    one, two, three = st.columns([1, 1, 3], vertical_alignment="bottom")
    start = one.date_input("起始日", today, format="YYYY-MM-DD", key="start", bind="query-params")
    days = two.number_input("工作日数", 1, 1000, 5, step=1, key="days", bind="query-params")
    try:
        ends = views.both_ends(desk.app, start or today, int(days))
    except Refused as refused:
        three.error(str(refused))
        return
    lines = (("起始日不计入", ends.without_start, "民法典第二百零一条"), ("起始日计入", ends.with_start, ""))
    three.html(f'<div class="sf-ends">{"".join(_line(*each) for each in lines)}</div>')


def _line(name: str, counted: Counted, source: str) -> str:
    span = f"从 {day(counted.working_days[0])} 起算" + (f"（{source}）" if source else "")
    sure = PROVISIONAL if counted.provisional else ""
    return f"<span>{name}</span><b>{day(counted.end)}{sure}</b><small>{escape(span)}</small>"


def totals(year: YearView) -> str:
    """A year's figures in a sentence."""
    parts = [f"工作日 {year.working} 天", f"休息日 {year.resting} 天", f"调休上班 {year.makeup} 天"]
    if year.provisional:
        parts.append(f"暂定 {year.provisional} 天")
    if year.entered:
        parts.append(f"省厅录入 {year.entered} 天")
    return f"{year.year}年：{'，'.join(parts)}。出处：{year.source}。"


def overrides(desk: Desk) -> None:
    """Days entered, standing and ended. The ordinary days of a whole year are told in one line."""
    frame = views.overrides_frame(desk.app)
    if frame.empty:
        st.caption("没有录入过。程序自带的安排与国务院办公厅通知一致时，不需要录入。")
        return
    ordinary = frame["ordinary"] & frame["standing"]
    shown = frame[~ordinary]
    show_frame(shown[SHOWN], nowrap=["日期", "录为", "录入"])
    if ordinary.any():
        st.caption(f"另有 {int(ordinary.sum())} 天随全年安排按周一至周五确定，未逐日列出。")


st.html(f'<div class="sf-line"><span class="sf-state sf-tone-none">安排情况</span>{escape(views.gap(desk.app))}</div>')
calculator(desk)
years = list(views.calendar_years(desk.app))
left, right = st.columns([1, 4], vertical_alignment="bottom")
chosen = left.selectbox(
    "年份",
    years,
    years.index(desk.app.clock.today().year),
    format_func=lambda one: f"{one}年",
    key="of",
    bind="query-params",
)
year = views.year_view(desk.app, chosen)
right.html(f'<div class="sf-line">{escape(totals(year))}</div>{legend_html()}')
st.html(year_html(year.days, desk.app.clock.today()))
st.subheader("录入的安排", anchor=False)
if desk.may(Permission.MANAGE_CALENDAR):
    for tab, show in zip(st.tabs(["录入放假安排", "终止一天"]), (enter_arrangement, end_day), strict=True):
        with tab:
            show(desk)
overrides(desk)
