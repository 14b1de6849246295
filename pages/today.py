"""今日: what waits for whom, where the round stands, what changed since the last visit."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.views import Step, Waiting
from core.views.my_reviews import my_cards
from pages._catalog import PAGES
from pages._parts.tables import empty, show_frame
from pages._parts.words import day
from pages._shell import open_page

FILES = {entry.path: entry.file for entry in PAGES}

desk = open_page("今日", None, "待办、年度轮次进展，以及您上次来过之后的变化。")
seen = views.today(desk.app, desk.actor)


def show_waiting(waiting: tuple[Waiting, ...]) -> None:
    """One line a task: how many, what; the line is the way there."""
    for each in waiting:
        count = f"{each.count:,} " if each.text.startswith(("个", "件")) else ""
        tone, word = ("bad", "先办") if each.urgent else ("act", "待办")
        left, right = st.columns([1, 14], vertical_alignment="center", gap="small")
        left.html(f'<span class="sf-state sf-tone-{tone}">{word}</span>')
        with right:
            st.page_link(FILES[each.page], label=f"{count}{each.text} →", query_params=dict(each.query))


def show_steps(steps: tuple[Step, ...]) -> None:
    """The round from notice to list."""
    words = {"done": "已完成", "now": "正在办", "later": "未开始"}
    items = "".join(
        f'<li class="{step.state}"><b>{number} {escape(step.name)}</b>{words[step.state]}<br>{escape(step.text)}</li>'
        for number, step in enumerate(steps, start=1)
    )
    st.html(f'<ol class="sf-steps">{items}</ol>')


st.write(f"今天是 {day(desk.app.clock.today())}。{desk.actor.name}，您好。")
if seen.round is not None and seen.steps:
    deadline = f"，报送截止 {day(seen.round.deadline)}" if seen.round.deadline else ""
    st.subheader(f"{seen.round.title}创建轮次{deadline}", anchor=False)
    show_steps(seen.steps)
if seen.waiting:
    st.subheader("待办", anchor=False)
    show_waiting(seen.waiting)
elif desk.may(Permission.TAKE_IN):
    empty("目前没有等您办理的事项。")
elif desk.may(Permission.READ_ROUND):
    empty("您的角色只读，没有待办。可从左侧查看各项内容。")
elif my_cards(desk.app, desk.actor):
    empty("分派给您的评审都已提交。", page="reviews.py", label="看我的评审")
else:
    empty(
        "目前没有分配给您的评审任务。各列怎么填、标准怎么定，见“填报说明与标准”。",
        page="help.py",
        label="看填报说明与标准",
    )
if desk.may(Permission.READ_LEDGER):
    st.subheader("上次来过之后的变化", anchor=False)
    if seen.since.empty:
        empty("您上次来过之后，没有其他人办理过事项。")
    else:
        show_frame(seen.since[["时间", "办理人", "事项", "内容", "理由"]], nowrap=["时间", "办理人", "事项"])
