"""期限: everything that is due, as a list, as bars over time, as a month; and as a calendar to take along."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core import views
from core.accounts import Permission
from core.services.due import ITEMS, KIND_WORDS, WHO, WITHIN, Filters
from core.standards.recommenders import recommenders
from core.views import Tally
from core.views.calendar_file import MOST
from pages._parts.as_of import as_of
from pages._parts.due import due_html, show_tally
from pages._parts.feeds import subscriptions
from pages._parts.filters import choice, segments
from pages._parts.gantt import show_gantt
from pages._parts.linked import linked
from pages._parts.month import chosen_month, month_html
from pages._parts.tables import empty, page_of
from pages._parts.ways import follow
from pages._parts.words import this_day
from pages._shell import Desk, open_page

PAGE = 50
MOST_BARS, MOST_OF_MONTH = 60, 300
LOOKS = {"list": "列表", "gantt": "甘特图", "month": "月历"}


def asked_for(desk: Desk) -> tuple[str, Filters, date | None]:
    """How to look, the filters, and the day: they all stand in the address."""
    left, right = st.columns([2, 5])
    with left:
        look = segments("怎么看", "look", LOOKS)
    with right:
        within = segments("看哪些", "within", WITHIN)
    boxes = st.columns(5)
    with boxes[0]:
        who = choice("谁办", "who", {"": "全部", **WHO})
    with boxes[1]:
        city = choice("推荐单位", "city", {"": "全部", **{each.name: each.name for each in recommenders()}})
    with boxes[2]:
        what = choice("要办的事", "what", {"": "全部", **{code: item.name for code, item in ITEMS.items()}})
    with boxes[3]:
        kind = choice("类型", "kind", {"": "全部", **KIND_WORDS})
    return look, Filters(who, city, what, kind, within), as_of(desk, boxes[4])


def as_list(desk: Desk, filters: Filters, counts: Tally, on: date | None) -> None:
    """A page of the list."""
    rows = page_of(counts.total, size=PAGE, key=f"page-of-deadlines-{filters.query}-{on}")
    follow(linked(due_html(views.deadlines(desk.app, filters, rows, on), on), "deadlines"))


def as_bars(desk: Desk, filters: Filters, counts: Tally, on: date | None) -> None:
    """Those that end first, as bars."""
    rows, count = views.dated(desk.app, filters, MOST_BARS, on=on)
    undated = f"没有规定最后一日的 {counts.total - count:,} 项不画。" if count < counts.total else ""
    if not rows:
        empty("符合条件的事项都没有规定最后一日，画不成图，请看列表。")
        return
    line = f"竖线是{this_day(on is not None)}。"
    st.caption(f"横条从起算日画到最后一日：红色带 ✗ 的已逾期，虚线框是暂定，{line}指向横条可看详情。{undated}")
    show_gantt(rows, on or desk.app.clock.today(), on)
    if count > len(rows):
        st.info(f"只画最先到期的 {len(rows)} 项，另有 {count - len(rows):,} 项没有画。用上面的筛选缩小范围可以看到。")


def as_month(desk: Desk, filters: Filters, on: date | None) -> None:
    """What ends in a month."""
    today = on or desk.app.clock.today()
    between = chosen_month(today)
    rows, count = views.dated(desk.app, filters, MOST_OF_MONTH, between, on)
    # which days are days of rest is known of today only
    known = {} if on else {one.day: one for one in views.year_view(desk.app, between[0].year).days}
    follow(linked(month_html(rows, between[0], today, known, on), "month"))
    said = f"本月到期 {count:,} 项。" if count else "本月没有到期的事项。"
    if count > len(rows):
        said += f"只列了最先到期的 {len(rows)} 项，另有 {count - len(rows):,} 项没有列出，请用上面的筛选缩小范围。"
    st.caption(said)


desk = open_page(
    "期限", Permission.READ_CASES, "所有到期要办的事：谁办、哪天到期、还有多久，先列逾期的；可以下载或订阅到日历。"
)
look, filters, on = asked_for(desk)
with st.spinner("正在按那一天已知的情况推算，对象多时约需半分钟……" if on else "正在查找……"):
    counts = views.tally(desk.app, filters, on)
left, right = st.columns([5, 1], vertical_alignment="center")
with left:
    show_tally(counts)
if on is None and counts.total:
    app = desk.app
    right.download_button(
        "下载日历文件",
        lambda: views.calendar_file(app, filters).content,
        file_name=f"期限-{filters.words}.ics",
        mime="text/calendar",
        on_click="ignore",
        help="所列期限中规定了最后一日的，存成 .ics 文件，可导入手机和电脑的日历",
        width="stretch",
    )
    if counts.total > MOST:
        st.caption(f"日历文件只放最先到期的 {MOST:,} 项，请缩小筛选范围后下载。")
if not counts.total:
    hint = "请放宽筛选条件。" if filters.query else "有了创建对象和年度轮次，这里会列出到期要办的事。"
    empty(f"没有符合条件的期限。{hint}")
elif look == "gantt":
    as_bars(desk, filters, counts, on)
elif look == "month":
    as_month(desk, filters, on)
else:
    as_list(desk, filters, counts, on)
if on is None:
    subscriptions(desk, filters)
