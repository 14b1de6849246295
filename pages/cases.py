"""创建对象: every case in a list a page at a time, and one case in full."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st

from core.accounts import Permission
from core.lifecycle.table import load
from core.standards.recommenders import recommenders
from core.views.cases import DUE, OPEN, CaseCounts, CaseFilter, CaseLine, case_counts, case_lines, groups
from core.views.checks import KIND_WORDS
from pages._parts.as_of import as_of
from pages._parts.case import show_case
from pages._parts.case_words import left_html, status_html
from pages._parts.change_reports import show_waiting, waiting
from pages._parts.filters import choice, typed
from pages._parts.linked import link, linked
from pages._parts.tables import empty
from pages._parts.words import day
from pages._shell import Desk, open_page

SIZE = 20
HEADS = ("地区", "名称", "类型", "运营主体", "状态", "自", "期限", "提示")
NARROW = ("类型", "运营主体", "自")  # left out on a narrow screen

desk = open_page(
    "创建对象",
    Permission.READ_CASES,
    "每个创建对象走到哪一步、期限还有多久；点名称打开，办理验收、复核、变更等。",
)


def overview(desk: Desk) -> None:
    """The filters, how many there are of each status, and a page of the list."""
    boxes = st.columns([1.6, 1, 0.8, 1.1, 1.2, 1.5])
    with boxes[0]:
        text = typed("查找", "text", hint="名称、曾用名、运营主体、统一社会信用代码")
    with boxes[1]:
        city = choice("地区", "city", {"": "全部", **{each.name: each.name for each in recommenders()}})
    with boxes[2]:
        kind = choice("类型", "kind", {"": "全部", **KIND_WORDS})
    with boxes[3]:
        due = choice("期限", "due", DUE)
    with boxes[4]:
        waiting = choice("异议和变更", "open", OPEN)
    on = as_of(desk, boxes[5])
    wanted = CaseFilter(_asked_status(), kind, city, due, waiting, text)
    with st.spinner("正在按那一天已知的情况推算全部创建对象，对象多时约需半分钟……" if on else "正在查找……"):
        counts = case_counts(desk.app, wanted, on)
    _reports(on)
    clicked = linked(_tally_html(counts, wanted.status), "tally")
    if clicked is not None:
        st.query_params["status"] = clicked
        st.rerun()
    if not counts.total:
        _nothing(wanted, on)
        return
    first = _first(wanted, on, counts.total)
    lines = case_lines(desk.app, wanted, on, first=first, size=SIZE)
    opened = linked(_list_html(lines, on), "cases")
    if opened:
        st.query_params["case"] = opened
        st.rerun()


def _reports(on: date | None) -> None:
    """Says that reported changes wait to be entered, and leads there."""
    count = 0 if on else len(waiting(desk))
    if count:
        line = link(f"市里报来 {count:,} 件变更报告还没有登记 →", "reports", "?view=reports")
        if linked(f'<div class="sf-line"><span class="sf-state sf-tone-act">待办</span>{line}</div>', "reports-line"):
            st.query_params["view"] = "reports"
            st.rerun()


def _asked_status() -> str:
    """The status or group in the address; anything else is left out of it."""
    asked = st.query_params.get("status", "")
    if asked and asked not in load().statuses and asked not in (each.code for each in groups()):
        asked = ""
    if not asked:
        st.query_params.pop("status", None)
    return asked


def _first(wanted: CaseFilter, on: date | None, total: int) -> int:
    """The index of the first line to show, by the page in the address; another filter begins on the first page."""
    asked = st.session_state.get("cases-asked", (wanted, on))
    st.session_state["cases-asked"] = (wanted, on)
    if asked != (wanted, on):
        st.query_params.pop("page", None)
    pages = -(-total // SIZE)
    bar = st.columns([2, 3], vertical_alignment="center")
    bar[0].write(f"共 {total:,} 个，按行政区划排列。点名称打开。")
    if pages == 1:
        return 0

    text = st.query_params.get("page", "")
    asked_page = min(int(text), pages) if text.isdigit() and int(text) else 1
    number = bar[1].pagination(pages, default=asked_page, key=f"page-of-cases-{wanted}-{on}")
    if number > 1:
        st.query_params["page"] = str(number)
    else:
        st.query_params.pop("page", None)
    return (number - 1) * SIZE


def _tally_html(counts: CaseCounts, chosen: str) -> str:
    """How many there are, by group and status; each is a filter."""
    tiles = [_tile("全部", "", counts.every, chosen, "")]
    for group in groups():
        held = [(code, load().statuses[code].name, counts.by_status.get(code, 0)) for code in group.statuses]
        # a group of one says nothing more than its name
        parts = [each for each in held if each[2]] if len(held) > 1 else []
        inside = "".join(_part(*each, chosen) for each in parts)
        tiles.append(_tile(group.name, group.code, counts.of(group), chosen, inside))
    return f'<div class="sf-tally">{"".join(tiles)}</div>'


def _tile(name: str, code: str, count: int, chosen: str, inside: str) -> str:
    on = " on" if code == chosen else ""
    return f'<div class="sf-tile{on}">{link(f"{name} {count:,}", code, f"?status={code}")}<small>{inside}</small></div>'


def _part(code: str, name: str, count: int, chosen: str) -> str:
    return link(f"{name} {count:,}", code, f"?status={code}", css="on" if code == chosen else "")


def _list_html(lines: tuple[CaseLine, ...], on: date | None) -> str:
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_line(each, on) for each in lines)
    table = f'<table class="sf sf-cases"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _line(each: CaseLine, on: date | None) -> str:
    hints = " ".join(f'<span class="sf-state sf-tone-warn">{escape(hint)}</span>' for hint in each.hints)
    until = f"{load().deadlines[each.deadline]} {day(each.due)}" if each.due else ""
    left = left_html(each, each.deadline, past=on is not None)
    cells = (
        f'<td class="nowrap">{escape(each.city)}</td>',
        f"<td>{link(each.name, str(each.id), f'?case={each.id}')}</td>",
        f'<td class="nowrap opt">{KIND_WORDS[each.kind]}</td>',
        f'<td class="opt">{escape(each.operator)}</td>',
        f'<td class="nowrap">{status_html(each.status, each.status_name)}</td>',
        f'<td class="nowrap opt">{day(each.since)}</td>',
        f'<td><span class="nowrap">{until}</span> <span class="nowrap">{left}</span></td>',
        f"<td>{hints}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _nothing(wanted: CaseFilter, on: date | None) -> None:
    if wanted != CaseFilter():
        empty("没有符合条件的创建对象。请放宽筛选条件。")
    elif on:
        empty("那一天还没有创建对象。请换一天查看。")
    else:
        empty("还没有创建对象。轮次中确定拟创建对象后，或者导入存量对象后，这里逐个列出。")


asked = st.query_params.get("case", "")
if asked.isdigit():
    show_case(desk, int(asked))
elif st.query_params.get("view") == "reports":
    show_waiting(desk)
else:
    overview(desk)
