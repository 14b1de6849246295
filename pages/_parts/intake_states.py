"""Where the workbooks stand: the line of figures and the table of cities."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.views import CityState, FolderView, RoundView
from core.views.intake import STATES
from pages._parts.linked import link
from pages._parts.words import day, moment
from pages._shell import Desk

TONES = {"not_sent": "none", "ready": "act", "changed": "act", "held": "warn", "refused": "bad", "taken": "good"}
MARKS = {"not_sent": "–", "ready": "●", "changed": "▲", "held": "!", "refused": "✗", "taken": "✓"}
WAYS = {"in_book": "已写入工作簿", "beside": "另存在旁边", "unchanged": "无需改动", "": ""}


def state_html(state: str) -> str:
    """A state as word, mark and colour."""
    return f'<span class="sf-state sf-tone-{TONES[state]}">{MARKS[state]} {STATES[state]}</span>'


def summary(desk: Desk, chosen: RoundView, seen: FolderView) -> None:
    """How many stand where, and until when."""
    counts = " ".join(f"{state_html(state)} {seen.count(state)}" for state in STATES if seen.count(state))
    today = desk.app.clock.today()
    if chosen.deadline is None:
        until = "报送截止日尚未填写"
    else:
        left = (chosen.deadline - today).days
        rest = f"还有 {left} 天" if left > 0 else "今天截止" if left == 0 else "已过截止日，新的改动先登记、待决定"
        until = f"报送截止 {day(chosen.deadline)}，{rest}"
    st.html(f'<div class="sf-line">{counts}<span class="soft">{escape(until)}</span></div>')
    if seen.folder and any(each.source == "folder" for each in seen.cities):
        st.caption(f"共享文件夹：{seen.folder}")


def city_table(seen: FolderView, chosen: str) -> str:
    """A row a recommender: state, file, figures, feedback."""
    rows = []
    mixed = any(each.source != "folder" for each in seen.cities)
    narrow = " opt" if mixed else ""  # one column more than a narrow screen has room for
    for each in seen.cities:
        over = each.quota is not None and each.recommended > each.quota
        quota = "不限" if each.quota is None else str(each.quota)
        count = f"{each.recommended} / {quota}{' <b>超额</b>' if over else ''}" if each.taken_at else f"– / {quota}"
        when = moment(each.modified) if each.modified else ""
        rows.append(
            f'<tr class="{"on" if each.city == chosen else ""}">'
            f'<td class="nowrap">{link(each.city, each.city, f"?city={each.city}")}</td>'
            f"<td>{state_html(each.state)}</td>"
            f"{f'<td class=nowrap>{_way(each)}</td>' if mixed else ''}"
            f'<td class="num">{count}</td>{_figures(each)}'
            f'<td class="nowrap">{way_of(each)}</td><td class="nowrap soft{narrow}">{when}</td>'
            f"<td>{escape(each.sentence)}</td></tr>"
        )
    source = ("方式",) if mixed else ()
    heads = ("推荐单位", "状态", *source, "申报 / 名额", "须改正", "请核对", "反馈", "文件时间", "说明")
    classes = {"申报 / 名额": "num", "须改正": "num", "请核对": "num", "文件时间": narrow.strip()}
    top = "".join(f'<th class="{classes.get(head, "")}">{head}</th>' for head in heads)
    return (
        f'<div class="sf-wrap"><table class="sf sf-tight"><thead><tr>{top}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def way_of(each: CityState) -> str:
    """Where the feedback of a recommender went, in words."""
    return "已写入表格" if each.link and each.feedback_way == "in_book" else WAYS[each.feedback_way]


def _way(each: CityState) -> str:
    """Folder, or the online sheet, which opens in a tab of its own."""
    if each.source == "folder":
        return '<span class="soft">文件夹</span>'
    if not each.link:
        return '<span class="soft">在线表格</span>'
    return f'<a href="{escape(each.link)}" target="_blank" rel="noopener noreferrer">在线表格 ↗</a>'


def _figures(each: CityState) -> str:
    if each.taken_at is None:
        return '<td class="num soft">–</td><td class="num soft">–</td>'
    return f'<td class="num">{each.errors:,}</td><td class="num">{each.warnings:,}</td>'
