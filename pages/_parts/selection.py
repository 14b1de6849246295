"""Choosing who is proposed: every candidate in official order with two boxes, decided in one act."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import selection as service
from core.services.selection import Candidate
from core.views import RoundView
from core.views.checks import KIND_WORDS
from core.views.selection import SelectionView, status_word, waits
from pages._parts.as_of import EARLIEST
from pages._parts.case_words import status_html
from pages._parts.forms import act
from pages._parts.tables import empty
from pages._parts.ticks import Ticked, box, count, line, ticks, whole
from pages._parts.words import VERDICT_WORDS, badge
from pages._shell import Desk

HEADS = ("地区", "编号", "名称", "类型", "审核结论", "状态", "倾斜")
BOXES = ("列为拟创建", "不列入")
REASON = "不列入的理由"
NARROW = ("编号", "类型")  # left out on a narrow screen
MOST = 500


def choose(desk: Desk, chosen: RoundView, seen: SelectionView) -> None:
    """The table of candidates, and the act that decides on those that are ticked."""
    if not seen.candidates:
        empty("还没有受理创建申报。各市报来的工作簿受理后，这里逐个列出。", page="intake.py", label="去推荐接收")
        return
    if not seen.waiting:
        st.write(f"{len(seen.candidates):,} 个创建申报都已办理，没有等待选定的。接下来开始公示。")
    elif not seen.passing:
        st.warning(f"等待选定的 {seen.waiting:,} 个申报都还没有“达标”，不能列为拟创建对象。请先办完条件审核。")
        st.page_link("checks.py", label="去条件审核")
    if not seen.waiting or not desk.may(Permission.ACT_ON_CASES):
        st.html(_table(seen, acts=False))
        return
    done = st.session_state.setdefault("selection-done", 0)
    key = f"selection-{chosen.id}-{done}"
    with st.form(key, border=False):
        one, two, three = st.columns([1, 1.6, 2.4])
        day = one.date_input(
            "选定日期（必填）",
            desk.app.clock.today(),
            min_value=EARLIEST,
            max_value=desk.app.clock.today(),
            format="YYYY-MM-DD",
            key=f"{key}-day",
        )
        minutes = two.text_input(
            "依据文件（必填）", max_chars=128, key=f"{key}-minutes", placeholder="例如：虚构厅务会议纪要〔2026〕3号"
        )
        why = three.text_input(
            "理由（必填）", max_chars=MOST, key=f"{key}-why", placeholder="例如：按创建标准和创建方案评价择优确定"
        )
        left, right = st.columns([2.6, 2.4], vertical_alignment="bottom")
        shared = left.text_input(
            "不列入的共同理由",
            max_chars=MOST,
            key=f"{key}-shared",
            placeholder="表中没有另写理由的，用这一条",
        )
        with right:
            pressed = st.form_submit_button("办理：登记选定结果", type="primary")
        ticked = ticks(_table(seen, acts=True), f"{key}-ticks")
    if pressed:

        def work() -> str:
            if day is None:
                raise Refused("请选选定日期。")
            selected, declined = _decided(ticked, shared)
            made = service.propose(
                desk.app, desk.actor, chosen.id,
                day=day, selected=selected, declined=declined, minutes=minutes, why=why,
            )  # fmt: skip
            st.session_state["selection-done"] += 1
            # who waits for a notice has changed by this, and not by somebody else
            st.session_state["notice-done"] = st.session_state.get("notice-done", 0) + 1
            return made.sentence + ("接下来到“待公示”。" if made.selected else "")

        act(work)


def _decided(ticked: Ticked, shared: str) -> tuple[list[int], dict[int, str]]:
    """Who is proposed, and who is not with the reason of each."""
    reasons = ticked.get("reason", {})
    selected = list(ticked.get("selected", {}))
    return selected, {number: reasons.get(number, "") or shared for number in ticked.get("declined", {})}


def _table(seen: SelectionView, *, acts: bool) -> str:
    heads = [*BOXES, *HEADS, REASON] if acts else list(HEADS)
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in heads)
    body = "".join(_row(each, acts=acts) for each in seen.candidates)
    table = f'<table class="sf sf-tight sf-choose"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'{_bar(seen) if acts else ""}<div class="sf-wrap">{table}</div>'


def _bar(seen: SelectionView) -> str:
    """What is ticked so far, and what becomes of the rest."""
    return (
        f'<div class="sf-line sf-ticked">{whole("selected", f"全选达标的 {seen.passing} 个")}'
        f"{whole('selected', '全不选', none=True)}"
        f"<span>列为拟创建对象 {count('selected')} 个，不列入 {count('declined')} 个；"
        f"等待选定的共 {seen.waiting} 个，没有勾选的仍为“已推荐”，以后可以再选。</span></div>"
    )


def _row(each: Candidate, *, acts: bool) -> str:
    kept = "".join(
        f'<span class="sf-state sf-tone-act" title="{escape(text)}">倾斜</span>' for text in each.preferences
    )
    status = status_html(each.status, status_word(each))
    cells = [
        f'<td class="nowrap">{escape(each.city)}</td>',
        f'<td class="nowrap opt">{escape(each.number)}</td>',
        f'<td class="name">{_name(each)}</td>',
        f'<td class="nowrap opt">{KIND_WORDS[each.kind]}</td>',
        f'<td class="nowrap">{badge(each.verdict) if each.verdict in VERDICT_WORDS else "未审核"}</td>',
        f'<td class="nowrap">{status}</td>',
        f'<td class="nowrap">{kept}</td>',
    ]
    if acts:
        before, after = _fields(each) if waits(each) else (("", ""), "")
        cells = [*(f'<td class="tick">{field}</td>' for field in before), *cells, f"<td>{after}</td>"]
    return f"<tr>{''.join(cells)}</tr>"


def _name(each: Candidate) -> str:
    """A link that opens beside the page: what is ticked must not be lost by looking something up."""
    page = f"/cases?case={each.case_id}" if each.case_id and not waits(each) else f"/checks?app={each.application_id}"
    return f'<a href="{page}" target="_blank" title="运营主体：{escape(each.operator)}">{escape(each.name)}</a>'


def _fields(each: Candidate) -> tuple[tuple[str, str], str]:
    shut = "" if each.verdict == "pass" else "审核结论不是“达标”，不能列为拟创建对象"
    both = (
        box("selected", each.application_id, f"{BOXES[0]}：{each.name}", without="declined", shut=shut),
        box("declined", each.application_id, f"{BOXES[1]}：{each.name}", without="selected"),
    )
    return both, line("reason", each.application_id, f"{REASON}：{each.name}", most=MOST)
