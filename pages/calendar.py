"""工作日历: a year of working days and rest days, where they come from, and the end of a period counted both ways."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.views import YearView
from core.working_days.calendar import Counted
from pages._parts.calendar_acts import MOVED, end_day, enter_arrangement
from pages._parts.calendar_due import show_moved, show_unsure
from pages._parts.tables import show_frame
from pages._parts.words import PROVISIONAL, day
from pages._parts.year import legend_html, year_html
from pages._shell import Desk, open_page

SHOWN = ["日期", "录为", "说明", "文号或文件", "录入", "状态"]

desk = open_page(
    "工作日历", Permission.READ_CALENDAR, "查看哪天上班、哪天休息，推算公示等期限的最后一日；安排有变由管理员录入。"
)


def calculator(desk: Desk, years: range) -> None:
    """Start and number of working days; both ways of counting beside each other."""
    today = desk.app.clock.today()
    one, two, three = st.columns([1, 1, 3], vertical_alignment="bottom")
    start = one.date_input(
        "起始日",
        today,
        min_value=date(years[0], 1, 1),
        max_value=date(years[-1], 12, 31),
        format="YYYY-MM-DD",
        key="start",
        bind="query-params",
        help="按日计算期间的，开始的当日不计入，从下一日开始计算（民法典第二百零一条）；公示采用哪一种由年度轮次确定",
    )
    days = two.number_input("工作日数", 1, 1000, 5, step=1, key="days", bind="query-params")
    ends = views.both_ends(desk.app, start or today, int(days))
    lines = (("起始日不计入", ends.without_start), ("起始日计入", ends.with_start))
    three.html(f'<div class="sf-ends">{"".join(_line(*each) for each in lines)}</div>')


def _line(name: str, counted: Counted) -> str:
    first = counted.working_days[0]
    sure = f" {PROVISIONAL}" if counted.provisional else ""
    since = f"从{first.year}年{first.month}月{first.day}日数起"
    return f"<span>{name}</span><b>{day(counted.end)}{sure}</b><small>{since}</small>"


def totals(year: YearView) -> str:
    """A year's figures in a sentence."""
    parts = [f"工作日 {year.working} 天", f"休息日 {year.resting} 天"]
    if year.makeup:
        parts[0] += f"（其中调休上班 {year.makeup} 天）"
    if year.provisional:
        parts.append(f"暂定 {year.provisional} 天")
    if year.entered:
        parts.append(f"省厅录入 {year.entered} 天")
    return f"{year.year}年：{'，'.join(parts)}。"


def overrides(desk: Desk, year: int) -> None:
    """The days entered for a year, standing and ended. The ordinary days of a whole year are told in one line."""
    frame = views.overrides_frame(desk.app)
    within = frame["year"] == year
    ordinary = within & frame["ordinary"] & frame["standing"]
    shown = frame[within & ~ordinary]
    if len(shown):
        show_frame(shown[SHOWN], nowrap=["日期", "录为", "说明", "录入"])
    else:
        st.caption(f"{year}年没有录入过。程序自带的安排与国务院办公厅通知一致时，不需要录入。")
    if ordinary.any():
        st.caption(f"{year}年另有 {int(ordinary.sum())} 天随全年安排按周一至周五确定，未逐日列出。")
    others = sorted(set(frame.loc[~within, "year"]))
    if others:
        st.caption(f"另有录入的年份：{'、'.join(f'{one}年' for one in others)}，换年份可看。")


st.html(f'<div class="sf-line"><span class="sf-state sf-tone-none">安排情况</span>{escape(views.gap(desk.app))}</div>')
show_moved(st.session_state["pins"].get(MOVED, ()))
years = views.calendar_years(desk.app)
calculator(desk, years)
left, right = st.columns([1, 4], vertical_alignment="bottom")
chosen = left.number_input(
    "年份", years[0], years[-1], desk.app.clock.today().year, step=1, format="%d", key="of", bind="query-params"
)
year = views.year_view(desk.app, int(chosen))
right.html(f'<div class="sf-line">{escape(totals(year))}</div>{legend_html()}')
st.html(year_html(year.days, desk.app.clock.today()))
st.caption(f"出处：{year.source}。指向某一天可看名称和出处。")
if desk.may(Permission.READ_CASES):
    show_unsure(desk)
st.subheader("录入的安排", anchor=False)
if desk.may(Permission.MANAGE_CALENDAR):
    for tab, show in zip(st.tabs(["录入放假安排", "终止一天"]), (enter_arrangement, end_day), strict=True):
        with tab:
            show(desk)
overrides(desk, year.year)
