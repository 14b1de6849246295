"""Reported changes (第十一条) that came in workbooks and are not entered on their cases yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from core import views
from core.accounts import Permission
from core.services import changes as service
from core.services.changes import Report
from core.views.case import CaseView
from pages._parts.forms import act, flash, reason_form
from pages._parts.linked import link, linked
from pages._parts.tables import Html, empty, show_table, table_html
from pages._parts.words import day
from pages._shell import Desk

LATE = Html('<span class="sf-state sf-tone-bad">✗ 超过期限</span>')
HEADS = ("变更类型", "发生日期", "报告日期", "是否按期", "市级意见", "变更内容")


def waiting(desk: Desk) -> list[Report]:
    """Those that are not entered yet, in official order."""
    return [each for each in views.change_reports(desk.app) if each.entry is None]


def waiting_for(desk: Desk, seen: CaseView) -> list[Report]:
    """Those that are about a case; none on a past day, when nothing is entered."""
    return [] if seen.past else [each for each in waiting(desk) if each.case_id == seen.id]


def show_waiting(desk: Desk) -> None:
    """All of them, with the case each is about, and one act for those whose case is known."""
    found = waiting(desk)
    if st.button("← 回到列表", key="back"):
        st.query_params.pop("view", None)
        st.rerun()
    st.subheader("市里报来、还没有登记的变更报告", anchor=False)
    if not found:
        empty("没有等待登记的变更报告。")
        return
    rows = [[each.city, each.name, _meant(each), *_told(each)] for each in found]
    opened = linked(table_html(["地区", "填报的名称", "创建对象", *HEADS], rows, nowrap=["地区"]), "reports")
    if opened:
        st.query_params.pop("view", None)
        st.query_params["case"] = opened
        st.rerun()
    known = [each.id for each in found if each.case_id is not None]
    if not desk.may(Permission.ACT_ON_CASES):
        return
    if len(known) < len(found):
        st.caption(
            "没有对上创建对象的，请打开那个创建对象，在“变更报告”中写明依据后登记；名称填错的，请市里改正后重新报送。"
        )
    if known:
        _register_all(desk, known)


def show_of_case(desk: Desk, seen: CaseView) -> int:
    """Those that are about a case, and those of its city that nobody's name fits; gives how many are shown."""
    own = waiting_for(desk, seen)
    strange = [] if seen.past else [each for each in waiting(desk) if each.case_id is None and each.city == seen.city]
    if own:
        st.markdown("**市里报来、还没有登记的**")
        show_table(HEADS, [_told(each) for each in own], nowrap=HEADS[:-1])
        if desk.may(Permission.ACT_ON_CASES):
            _register_all(desk, [each.id for each in own])
    if strange and desk.may(Permission.ACT_ON_CASES):
        with st.expander(f"{seen.city}另有 {len(strange)} 件变更报告对不上名称"):
            _register_strange(desk, seen, {each.id: each for each in strange})
    return len(own) + len(strange)


def _register_all(desk: Desk, ids: Sequence[int]) -> None:
    with st.form("register-reports", border=False):
        pressed = st.form_submit_button(f"登记这 {len(ids)} 件", type="primary")
    if pressed:

        def work() -> str:
            done = service.register_all(desk.app, desk.actor, ids)
            for _, name, why in done.left:
                flash("warning", f"“{name}”没有登记：{why}")
            return f"{done.sentence}登记后请作出保留或撤销的决定。"

        act(work)


def _register_strange(desk: Desk, seen: CaseView, held: dict[int, Report]) -> None:
    chosen = st.selectbox(
        "哪一件",
        list(held),
        index=None,
        format_func=lambda number: f"{held[number].name}　{held[number].change}　{day(held[number].occurred)}",
        placeholder="请选择",
        key=f"strange-{seen.id}",
    )
    if chosen is None:
        return
    st.caption(f"变更内容：{held[chosen].content}")
    says = f"登记到“{seen.called.name}”名下。"
    why = reason_form(f"register-{seen.id}-{chosen}", says, "登记到这里", hint="写明怎么认定是同一个")
    if why is not None:
        act(lambda: service.register(desk.app, desk.actor, int(chosen), seen.id, why))


def _told(each: Report) -> list[Any]:
    late = LATE if each.late else "按期"
    return [each.change, day(each.occurred), day(each.reported), late, each.opinion, each.content]


def _meant(each: Report) -> Any:
    if each.case_id is None:
        return each.sentence
    return Html(link(each.case_name, str(each.case_id), f"?case={each.case_id}"))
