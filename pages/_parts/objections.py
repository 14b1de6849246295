"""The objections to a notice in a table, and the form that registers one."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import views
from core.errors import Refused
from core.services import objections as service
from core.services.objection_rows import CHANNELS, SOURCES
from core.views import NoticeView, ObjectionView
from pages._parts.forms import act, own_act
from pages._parts.linked import link
from pages._parts.words import short_day
from pages._shell import Desk

HEADS = ("编号", "针对", "提出人", "收到", "核查人", "结果")
NARROW = ("提出人", "核查人")  # left out on a narrow screen
# what was found: the colour of its badge and its mark
FINDINGS = {"": ("warn", "!"), "upheld": ("bad", "✗"), "unfounded": ("good", "✓"), "voided": ("none", "")}


def finding_html(each: ObjectionView) -> str:
    """What was found of an objection so far, and its mark, if any."""
    tone, mark = FINDINGS[each.finding]
    word = f'<span class="sf-state sf-tone-{tone}">{mark and f"{mark} "}{escape(each.finding_name)}</span>'
    if each.mark and each.finding != "voided":
        word += f' <span class="sf-state sf-tone-none">{escape(each.mark)}</span>'
    return word


def from_whom(each: ObjectionView) -> str:
    """Who raised it, as far as that is known."""
    return f"{each.from_name}，{each.source}" if each.from_name else each.source


def objections_html(seen: NoticeView, chosen: str) -> str:
    """The table, for `linked`; a link gives the number. `chosen` is the one that is open."""
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_row(seen, each, on=str(each.id) == chosen) for each in seen.objections)
    table = f'<table class="sf sf-tight sf-objections"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _row(seen: NoticeView, each: ObjectionView, *, on: bool) -> str:
    came = short_day(each.received)
    if each.postmarked:
        came += f'<div class="soft">邮戳 {short_day(each.postmarked)}</div>'
    cells = (
        f'<td class="nowrap">{link(each.number, str(each.id), f"?notice={seen.id}&objection={each.id}")}</td>',
        f"<td>{escape(each.name)}</td>",
        f'<td class="opt">{escape(from_whom(each))}</td>',
        f'<td class="nowrap">{came}</td>',
        f'<td class="nowrap opt">{escape(each.investigator) or "还没有指定"}</td>',
        f"<td>{finding_html(each)}</td>",
    )
    return f'<tr class="{"on" if on else ""}">{"".join(cells)}</tr>'


def register(desk: Desk, seen: NoticeView) -> None:
    """The form for an objection to one or several entries."""
    last = short_day(seen.counted.end)
    with st.expander("登记异议", expanded=seen.state == "running" and not seen.objections):
        done = st.session_state.setdefault(f"objection-done-{seen.id}", 0)
        key = f"objection-{seen.id}-{done}"
        names = {each.case_id: f"{each.city}　{each.name}" for each in seen.entries}
        with st.form(key, border=False):
            about = st.multiselect(
                "针对哪些对象（必填，可多选）", list(names), format_func=names.get, key=f"{key}-about",
                placeholder="输入名称查找",
            )  # fmt: skip
            source = st.radio(
                "谁提出的（必填）", list(SOURCES), index=None, format_func=SOURCES.get, horizontal=True,
                key=f"{key}-source",
            )  # fmt: skip
            one, two = st.columns(2, vertical_alignment="bottom")
            from_name = one.text_input("姓名或单位（匿名不填）", max_chars=100, key=f"{key}-from")
            contact = two.text_input("联系方式", max_chars=200, key=f"{key}-contact")
            one, two = st.columns(2, vertical_alignment="bottom")
            channel = one.selectbox(
                "提出方式（必填）", list(CHANNELS), None, format_func=CHANNELS.get, placeholder="请选择",
                key=f"{key}-channel",
            )  # fmt: skip
            evidence = two.text_input(
                "佐证材料（必填）", max_chars=500, key=f"{key}-evidence", placeholder="没有附的写“未提供”"
            )
            one, two = st.columns(2, vertical_alignment="bottom")
            today = desk.app.clock.today()
            received = one.date_input(
                "收到日期（必填）", today, min_value=seen.published, max_value=today, format="YYYY-MM-DD",
                key=f"{key}-received",
            )  # fmt: skip
            postmarked = two.date_input(
                "邮戳日（信函才填）", None, max_value=today, format="YYYY-MM-DD", key=f"{key}-postmarked"
            )
            content = st.text_area("异议内容（必填）", height=100, max_chars=4000, key=f"{key}-content")
            st.caption(
                f"是否逾期按邮戳日算，没有邮戳的按收到日期算：晚于公示最后一日{last}的标明“逾期提出”，不妨碍确认。"
            )
            pressed = st.form_submit_button("登记异议", type="primary")
    if not pressed:
        return

    def work() -> str:
        if received is None:
            raise Refused("请选收到日期。")
        made = service.file(
            desk.app, desk.actor, seen.id, about,
            source=source or "", from_name=from_name, contact=contact, channel=channel or "",
            postmarked=postmarked, received=received, content=content, evidence=evidence,
        )  # fmt: skip
        st.session_state[f"objection-done-{seen.id}"] += 1
        own_act(f"ready-{seen.id}")
        st.query_params["objection"] = str(made[0])
        return _registered(desk, seen, made)

    act(work)


def _registered(desk: Desk, seen: NoticeView, made: tuple[int, ...]) -> str:
    """What was registered, what stands out about it, and what comes next."""
    now = [each for each in views.notice_view(desk.app, seen.id).objections if each.id in made]
    told = []
    for each in now:
        marked = f"（{each.mark}：{each.sentence.removesuffix('。')}）" if each.mark else ""
        told.append(f"{each.number}，针对“{each.name}”{marked}")
    return f"已登记异议：{'；'.join(told)}。接下来请指定核查人。"
