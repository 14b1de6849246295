"""One public notice in full: its period, its list, the objections to it, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.views import ENTRY_STATES, EntryView, NoticeView
from core.views.checks import KIND_WORDS
from pages._parts.as_of import as_of
from pages._parts.forms import shown_version
from pages._parts.linked import link, linked
from pages._parts.notice_acts import confirm, take_back
from pages._parts.notice_days import days_html, ends_html
from pages._parts.objection import show_objection
from pages._parts.objections import objections_html, register
from pages._parts.tables import empty, page_of
from pages._parts.ways import follow, way
from pages._parts.words import moment, short_day
from pages._shell import Desk

PAGE = 50
STATES = {
    "running": ("act", "● 公示中"),
    "over": ("warn", "! 期满，待办理"),
    "done": ("good", "✓ 已办结"),
    "withdrawn": ("none", "已撤回"),
}
ENTRY_TONES = {
    "ready": ("act", ""),
    "open": ("warn", "!"),
    "held": ("warn", "!"),
    "running": ("none", ""),
    "confirmed": ("good", "✓"),
    "upheld": ("bad", "✗"),
    "ended": ("none", ""),
    "voided": ("none", ""),
}
HEADS = ("序号", "地区", "名称", "类型", "运营主体", "状态", "异议")
NARROW = ("序号", "类型", "运营主体")  # left out on a narrow screen


def state_html(seen: NoticeView) -> str:
    """How far a notice is, as a word on its colour."""
    tone, text = STATES[seen.state]
    return f'<span class="sf-state sf-tone-{tone}">{text}</span>'


def show_notice(desk: Desk, number: int) -> None:
    """The notice with this number, or the sentence that says why it cannot be shown."""
    bar = st.columns([5, 1.3], vertical_alignment="bottom")
    title = bar[0].container(horizontal=True, vertical_alignment="center")
    back = title.container(width="content")
    on = as_of(desk, bar[1])
    try:
        seen = views.notice_view(desk.app, number, on)
    except Refused as refused:
        with back:
            _back(None)
        st.error(str(refused))
        return
    with back:
        _back(seen)
    version = shown_version(f"notice-{number}", seen.version)
    title.html(f'<h2 class="sf-name">{escape(seen.name)} {state_html(seen)}</h2>', width="stretch")
    ready = seen.counts["ready"]
    before = shown_version(f"ready-{number}", ready)
    if on is None and (version, before) != (seen.version, ready):
        # what was pressed may have no place any more, and would be gone without a word
        st.warning("您打开以后，别人又办理过这次公示。下面是最新的情况，请核对后再办。")
    st.html(f'<div class="sf-line"><b>{escape(seen.state_text)}</b></div>')
    _period(desk, seen, on)
    _text(seen)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _objections(seen, on)
        _entries(seen, on)
    with right:
        _right(desk, seen, version, on)


def _back(seen: NoticeView | None) -> None:
    if st.button("← 回到列表", key="back"):
        for name in ("notice", "objection"):
            st.query_params.pop(name, None)
        if seen is not None:
            # whoever came by a link finds the list that the notice stands in
            st.query_params.from_dict({**st.query_params.to_dict(), "stage": seen.stage, "step": "notices"})
            st.session_state["year"] = seen.year
        st.rerun()


def _period(desk: Desk, seen: NoticeView, on: date | None) -> None:
    """The days, both last days, and what to look at."""
    today = on or desk.app.clock.today()
    left, right = st.columns([1.35, 1], gap="medium", vertical_alignment="center")
    left.html(days_html(desk.app, seen.counted, today, past=on is not None))
    mark = '<span class="sf-v sf-pass"><i>✓</i>完好</span>'
    if not seen.intact:
        mark = '<span class="sf-v sf-fail"><i>✗</i>已被改动</span>'
    more = {
        "起算": escape(seen.rule),
        "落款": f"{short_day(seen.signed)}，{seen.days} 个工作日，{escape(seen.who)}登记",
        "名单": f"{mark}　与发布时核对",
    }
    right.html(ends_html((seen.without_start, seen.with_start), seen.count_start, more))
    if not seen.intact:
        st.error("名单与发布时的校验值不一致，可能被人直接改动了数据。请先联系管理员核对，不要确认。")
    for text in seen.warnings:
        st.warning(text)


def _text(seen: NoticeView) -> None:
    with st.expander("公示全文和联系方式"):
        left, right = st.columns([1.6, 1], gap="medium")
        left.code(seen.text.whole, language=None, wrap_lines=True)
        contact = {
            "联系单位": seen.contact.unit,
            "联系电话": seen.contact.phone,
            "通讯地址": seen.contact.address,
            "电子邮箱": seen.contact.mailbox or "没有填写",
            "登记": f"{seen.who} {moment(seen.at)}",
            "名单校验值": seen.sha256,
        }
        items = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in contact.items())
        right.html(f'<dl class="sf-terms">{items}</dl>')


def _objections(seen: NoticeView, on: date | None) -> None:
    st.subheader(f"异议 {len(seen.objections)} 件", anchor=False)
    if not seen.objections:
        empty("没有收到异议。" if on else "还没有收到异议。收到后在右边登记。")
        return
    opened = linked(objections_html(seen, st.query_params.get("objection", "")), "objections")
    if opened and opened.isdecimal():
        st.query_params["objection"] = opened
        st.rerun()


def _entries(seen: NoticeView, on: date | None) -> None:
    counts = Counter(each.state for each in seen.entries)
    told = "，".join(f"{ENTRY_STATES[code]} {count:,} 个" for code in ENTRY_STATES if (count := counts[code]))
    st.subheader(f"名单 {len(seen.entries):,} 个", anchor=False)
    st.caption(f"{told}。名称和运营主体是公示时的写法，按行政区划排列。点名称看这个对象的全部经过。")
    rows = page_of(len(seen.entries), size=PAGE, key=f"page-of-entries-{seen.id}")
    follow(linked(_entries_html(seen.entries[rows], on), "entries"))


def _entries_html(entries: tuple[EntryView, ...], on: date | None) -> str:
    top = "".join(f'<th class="{_column(head)}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_entry(each, on) for each in entries)
    table = f'<table class="sf sf-tight sf-entries"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _column(head: str) -> str:
    return " ".join([*["opt"] * (head in NARROW), *["num"] * (head == "序号")])


def _entry(each: EntryView, on: date | None) -> str:
    tone, mark = ENTRY_TONES[each.state]
    text = " ".join(part for part in (mark, ENTRY_STATES[each.state]) if part)
    word = f'<span class="sf-state sf-tone-{tone}" title="{escape(each.text)}">{text}</span>'
    # why one waits is to be read at once, how one was decided where it is pointed at
    told = f'<div class="soft">{escape(each.text)}</div>' if each.state in ("open", "held") else ""
    called = f'<div class="soft">现名：{escape(each.called)}</div>' if each.called else ""
    cells = (
        f'<td class="num opt">{each.position}</td>',
        f'<td class="nowrap">{escape(each.city)}</td>',
        f"<td>{way(each.name, ('cases', (('case', str(each.case_id)),)), on)}{called}</td>",
        f'<td class="nowrap opt">{KIND_WORDS[each.kind]}</td>',
        f'<td class="opt">{escape(each.operator)}</td>',
        f"<td>{word}{told}</td>",
        f'<td class="nowrap">{"<br>".join(escape(one) for one in each.objections) or "—"}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>"


def _right(desk: Desk, seen: NoticeView, version: int, on: date | None) -> None:
    """The objection that was opened, and the acts; on a past day there are none."""
    asked = st.query_params.get("objection", "")
    opened = next((each for each in seen.objections if str(each.id) == asked), None)
    if opened is not None:
        show_objection(desk, seen, opened, acts=on is None and desk.may(Permission.RUN_NOTICES))
    if on is not None:
        st.write("查看以前的一天时不能办理。要办理，请先回到今天。")
        return
    confirm(desk, seen, version)
    if desk.may(Permission.RUN_NOTICES):
        register(desk, seen)
        take_back(desk, seen, version)


def list_html(found: tuple[NoticeView, ...], on: date | None) -> str:
    """The notices of a round, for `linked`; a link gives the number."""
    heads = ("公示首日", "最后一日", "状态", "名单", "异议", "情况")
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(_line(each, on) for each in found)
    return f'<div class="sf-wrap"><table class="sf"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def _line(each: NoticeView, on: date | None) -> str:
    past = f"&on={on.isoformat()}" if on else ""
    unsure = "（暂定）" if each.counted.provisional else ""
    cells = (
        f'<td class="nowrap">{link(short_day(each.published), str(each.id), f"?notice={each.id}{past}")}</td>',
        f'<td class="nowrap">{short_day(each.counted.end)}{unsure}</td>',
        f'<td class="nowrap">{state_html(each)}</td>',
        f'<td class="nowrap">{len(each.entries):,} 个</td>',
        f'<td class="nowrap">{f"{len(each.objections):,} 件" if each.objections else "—"}</td>',
        f"<td>{escape(each.state_text)}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"
