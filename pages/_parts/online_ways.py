"""③ of 在线表格: which recommender reports how, where sheets are put, how often they are synchronised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from core.accounts import Permission
from core.services import online_setup as service
from core.services.online_setup import WAYS, SourceChange
from core.views import RoundView
from core.views.online import OnlineCity, OnlineView
from pages._parts.forms import act, pin, unpin
from pages._parts.tables import facts, show_frame
from pages._shell import Desk

CITY, WAY, EMAIL, SHEET = "推荐单位", "方式", "联系人邮箱", "已有表格链接（可不填）"
EVERY: Final = (0, 5, 10, 15, 30, 60)
KINDS = {word: kind for kind, word in WAYS.items()}


def ways_part(desk: Desk, chosen: RoundView, seen: OnlineView) -> None:
    """The table of recommenders, and what holds for all sheets of the round."""
    if not desk.may(Permission.MANAGE_ROUND):
        facts({"存放文件夹": seen.folder_link or "没有指定", "定时同步": every_words(seen.minutes)})
        show_frame(_frame(seen.cities).drop(columns="version").rename(columns={SHEET: "表格链接"}))
        return
    _settings(desk, chosen, seen)
    _table(desk, chosen, seen)


def every_words(minutes: int) -> str:
    """How often, in words."""
    return f"每 {minutes} 分钟" if minutes else "不定时，点按钮才同步"


def _settings(desk: Desk, chosen: RoundView, seen: OnlineView) -> None:
    name = f"online-round-{chosen.id}"
    held = pin(name, lambda: seen)
    key = f"{name}-{held.version}"
    st.write("**对全部在线表格**")
    with st.form(key):
        one, two, three, four = st.columns([4, 2, 3, 1], vertical_alignment="bottom")
        folder = one.text_input(
            "存放文件夹的链接",
            held.folder_link,
            key=f"{key}-folder",
            placeholder="打开文件夹，复制浏览器地址栏中的网址",
            help="共享云端硬盘中的一个文件夹，已把服务账号加为“内容管理员”。不填时，表格建在服务账号自己名下，多数情况下建不成。",
        )
        offered = sorted({*EVERY, held.minutes})
        minutes = two.selectbox(
            "定时同步",
            offered,
            offered.index(held.minutes),
            format_func=lambda one: f"每 {one} 分钟" if one else "不定时",
            key=f"{key}-minutes",
        )
        why = three.text_input("理由（必填）", placeholder="例如：集中填报期间", max_chars=500, key=f"{key}-why")
        pressed = four.form_submit_button("保存", type="primary", key=f"{key}-save")
    if pressed:

        def work() -> str:
            service.set_online_round(
                desk.app, desk.actor, chosen.id, held.version, drive_folder=folder, minutes=minutes, why=why
            )
            unpin(name)
            again = "" if folder.strip() == held.folder_link else "存放文件夹有改动，请再测试一次连接。"
            return f"已保存，{every_words(minutes)}{'同步一次' if minutes else ''}。{again}"

        act(work)


def _table(desk: Desk, chosen: RoundView, seen: OnlineView) -> None:
    name = f"online-ways-{chosen.id}"
    held = pin(name, lambda: _frame(seen.cities))
    begun = pin(f"{name}-begun", lambda: held)
    number = st.session_state.setdefault(f"{name}-number", 0)
    st.write("**各市**")
    bar = st.container()
    edited = st.data_editor(
        begun.drop(columns="version"),
        key=f"{name}-{number}",
        on_change="ignore",
        hide_index=True,
        disabled=[CITY],
        height="content",
        row_height=28,
        placeholder="",
        column_config={
            CITY: st.column_config.TextColumn(pinned=True, width=110),
            WAY: st.column_config.SelectboxColumn(options=list(KINDS), required=True, width=110),
            EMAIL: st.column_config.TextColumn(
                max_chars=254, width=230, help="建立表格时共享给这个邮箱，可以填写。须是能登录 Google 的邮箱"
            ),
            SHEET: st.column_config.TextColumn(
                max_chars=500, width=420, help="不填就新建一个。建立之后这里是它的链接；清空再建立，会另建一个空的"
            ),
        },
    )
    left, right = bar.columns([4, 1], vertical_alignment="bottom")
    why = left.text_input("理由（必填）", placeholder="例如：三个市试用在线表格", key=f"{name}-why", max_chars=500)
    if right.button("保存各市的方式", type="primary", key=f"{name}-save"):
        changes = changed_rows(held, edited)

        def work() -> str:
            result = service.set_sources(desk.app, desk.actor, chosen.id, changes, why)
            _renew(name, number)
            return f"已保存 {result.saved} 家。" + "".join(result.conflicts) + "下一步：建立表格。"

        act(work)
    row = st.container(horizontal=True, vertical_alignment="center")
    for kind, word in reversed(WAYS.items()):
        if row.button(f"全部选“{word}”", key=f"{name}-all-{kind}"):
            _renew(name, number, keep=True)
            st.session_state["pins"][f"{name}-begun"] = edited.assign(**{WAY: word}).join(held["version"])
            st.rerun()
    row.caption("换联系人：改邮箱并保存，再到第 ④ 步办一次，就会共享给新的邮箱；原来的人请在表格的“共享”中移除。")


def _renew(name: str, number: int, *, keep: bool = False) -> None:
    """The table is drawn anew; with `keep`, what it is compared with stays what the person began with."""
    st.session_state[f"{name}-number"] = number + 1
    unpin(f"{name}-begun")
    if not keep:
        unpin(name)


def changed_rows(held: pd.DataFrame, edited: pd.DataFrame) -> list[SourceChange]:
    """The lines that differ from what the person began with, with the version they began with."""
    changes = []
    for row in held.index:
        before, after = (
            tuple(str(frame.at[row, column] or "").strip() for column in (WAY, EMAIL, SHEET))
            for frame in (held, edited)
        )
        if before != after:
            way, email, sheet = after
            city, version = str(held.at[row, CITY]), int(held.at[row, "version"])
            changes.append(SourceChange(city, version, KINDS.get(way, ""), email, sheet))
    return changes


def _frame(cities: Sequence[OnlineCity]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            CITY: [each.city for each in cities],
            WAY: [WAYS[each.kind] for each in cities],
            EMAIL: [each.email for each in cities],
            SHEET: [each.link for each in cities],
            "version": [each.version for each in cities],
        }
    )
