"""Opening a public notice: what it would be stands beside what is filled in, before anything is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.services import notices as service
from core.services.notice_draft import Draft, WaitingCase
from core.services.notices import Contact
from core.views import NoticeForm, RoundView
from core.views.checks import KIND_WORDS
from pages._parts.as_of import EARLIEST
from pages._parts.forms import act
from pages._parts.notice_days import days_html, ends_html
from pages._parts.tables import empty
from pages._parts.ticks import box, count, ticks, whole
from pages._parts.words import day, short_day
from pages._shell import Desk

HEADS = ("地区", "名称", "类型", "运营主体", "待公示自")
NARROW = ("类型", "待公示自")  # left out on a narrow screen
NOBODY = {
    "creation": ("没有拟创建对象等待公示。先选定拟创建对象，再到这里公示。", "selection.py", "去拟创建对象选定"),
    "recognition": (
        "没有拟认定对象等待公示。创建对象通过期满验收后，成为拟认定对象，在这里公示。",
        "cases.py",
        "去创建对象办理验收",
    ),
}
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is filled in."""

    published: date | None
    signed: date | None
    days: int
    contact: Contact
    why: str

    def given(self, case_ids: Sequence[int]) -> dict[str, Any]:
        """What the preview and the act are asked with."""
        if self.published is None or self.signed is None:
            raise Refused("请选公示首日和落款日期。")
        return {
            "published": self.published,
            "signed": self.signed,
            "contact": self.contact,
            "days": self.days,
            "case_ids": case_ids,
        }


def open_one(desk: Desk, chosen: RoundView, stage: str, form: NoticeForm) -> None:
    """The form with its preview; for those who may only read, who waits."""
    if not form.waiting:
        text, page, label = NOBODY[stage]
        empty(text, page=page, label=label)
        return
    if not desk.may(Permission.RUN_NOTICES):
        st.write(f"{len(form.waiting):,} 个对象等待公示。")
        st.html(_table(form.waiting, acts=False))
        return
    if form.count_start is None:
        st.warning("本轮次还没有确定公示首日是否计入，不能开始公示。请先在“年度轮次”的“修改设置”中选定“公示期起算”。")
        st.page_link("round.py", label="去年度轮次", query_params={"year": chosen.title})
        st.html(_table(form.waiting, acts=False))
        return
    done = st.session_state.setdefault("notice-done", 0)
    key = f"new-notice-{chosen.id}-{stage}-{done}"
    _moved(form, f"{key}-waiting")
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        asked = _fields(desk, form, key)
        place = st.container()
    beside = right.container()
    st.subheader("名单", anchor=False)
    able = {each.case_id: True for each in form.waiting if not each.problem}
    ticked = ticks(_table(form.waiting, acts=True), f"{key}-cases", {"listed": able})
    case_ids = [each.case_id for each in form.waiting if each.case_id in ticked.get("listed", {})]
    try:
        if not case_ids:
            raise Refused("请在下面的名单中至少选一个对象。")
        made = views.notice_preview(desk.app, chosen.id, stage, **asked.given(case_ids))
    except Refused as refused:
        with beside:
            st.subheader("预览", anchor=False)
            st.info(f"还不能预览：{refused}")
        return
    with beside:
        _preview(desk, made)
    with place:
        _publish(desk, chosen, stage, made, asked, case_ids)


def _moved(form: NoticeForm, key: str) -> None:
    """Says so where somebody else has changed who waits: what was pressed may have been another act, and is gone."""
    waiting = [each.case_id for each in form.waiting if not each.problem]
    if st.session_state.get(key, waiting) != waiting:
        st.warning("您打开以后，等待公示的对象有变化。下面是最新的情况，请核对后再办。")
    st.session_state[key] = waiting


def _fields(desk: Desk, form: NoticeForm, key: str) -> Asked:
    today = desk.app.clock.today()
    held = form.contact or Contact("", "", "", "")
    one, two = st.columns(2)
    published = one.date_input(
        "公示首日", form.published, min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=f"{key}-published",
        help="网站发布的那一天，当天或之后登记",
    )  # fmt: skip
    signed = two.date_input(
        "落款日期", form.published, min_value=EARLIEST, format="YYYY-MM-DD", key=f"{key}-signed",
        help="公示文本落款处的日期，一般不晚于公示首日",
    )  # fmt: skip
    days = one.number_input(
        "工作日数", form.days, max(LONGEST, form.days), form.days, step=1, key=f"{key}-days",
        help=f"不少于 {form.days} 个工作日",
    )  # fmt: skip
    phone = two.text_input("联系电话", held.phone, max_chars=60, key=f"{key}-phone")
    unit = one.text_input("联系单位", held.unit, max_chars=100, key=f"{key}-unit", placeholder="接收异议的处室")
    mailbox = two.text_input("电子邮箱（没有就不填）", held.mailbox, max_chars=100, key=f"{key}-mailbox")
    address = st.text_input("通讯地址", held.address, max_chars=200, key=f"{key}-address", placeholder="信函寄到哪里")
    why = st.text_input("说明（可不填）", max_chars=500, key=f"{key}-why", placeholder="例如：第一批公示")
    return Asked(published, signed, int(days), Contact(phone, address, mailbox, unit), why)


def _preview(desk: Desk, made: Draft) -> None:
    st.subheader("预览", anchor=False)
    st.html(ends_html(made.both, made.count_start) + days_html(desk.app, made.counted, desk.app.clock.today()))
    for text in made.warnings:
        st.warning(text)
    with st.expander(f"公示全文（名单 {len(made.entries):,} 个）", expanded=True):
        st.code(made.text.whole, language=None, wrap_lines=True, height=330)


def _publish(desk: Desk, chosen: RoundView, stage: str, made: Draft, asked: Asked, case_ids: Sequence[int]) -> None:
    """The act: what it does and to how many stands above its button."""
    unsure = "（暂定）" if made.counted.provisional else ""
    until = f"{day(made.published)}至{day(made.counted.end)}{unsure}，共 {made.days} 个工作日"
    st.write(f"将登记**{made.stage.name}**：{len(made.entries):,} 个，{until}。登记后名单和文本固定，请核对后再办。")
    if st.button(f"开始公示 {len(made.entries):,} 个", type="primary", key=f"publish-{chosen.id}-{stage}"):

        def work() -> str:
            number = service.open_notice(desk.app, desk.actor, chosen.id, stage, **asked.given(case_ids), why=asked.why)
            st.session_state["notice-done"] += 1
            st.query_params["notice"] = str(number)
            return (
                f"已开始公示 {len(made.entries):,} 个，最后一日{short_day(made.counted.end)}{unsure}。"
                "接下来：收到异议在这里登记；过了最后一日，在这里确认。"
            )

        act(work)


def _table(waiting: Sequence[WaitingCase], *, acts: bool) -> str:
    heads = ["列入", *HEADS] if acts else list(HEADS)
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in heads)
    body = "".join(_row(each, acts=acts) for each in waiting)
    table = f'<table class="sf sf-tight sf-choose"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    bar = (
        f'<div class="sf-line sf-ticked">{whole("listed", "全选")}{whole("listed", "全不选", none=True)}'
        f"<span>列入这次公示 {count('listed')} 个，等待公示的共 {len(waiting):,} 个；"
        "没有列入的，以后可以另行公示。</span></div>"
    )
    return f'{bar if acts else ""}<div class="sf-wrap">{table}</div>'


def _row(each: WaitingCase, *, acts: bool) -> str:
    told = f'<div class="soft">原名：{escape(each.renamed)}</div>' if each.renamed else ""
    if each.problem:
        told += f'<div><span class="sf-state sf-tone-bad">✗ 不能列入</span> {escape(each.problem)}</div>'
    name = f'<a href="/cases?case={each.case_id}" target="_blank">{escape(each.name)}</a>'
    cells = [
        f'<td class="nowrap">{escape(each.city)}</td>',
        f'<td class="name">{name}{told}</td>',
        f'<td class="nowrap opt">{KIND_WORDS[each.kind]}</td>',
        f"<td>{escape(each.operator)}</td>",
        f'<td class="nowrap opt">{day(each.since)}</td>',
    ]
    if acts:
        cells.insert(0, f'<td class="tick">{box("listed", each.case_id, f"列入：{each.name}", shut=each.problem)}</td>')
    return f"<tr>{''.join(cells)}</tr>"
