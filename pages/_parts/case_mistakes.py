"""Putting right what was entered by mistake: an entry is voided, or entered anew in its place; nothing is removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import cases as service
from core.services.case_history import PastEntry
from core.views.case import CaseView, case_view
from pages._parts.case_fields import fields
from pages._parts.forms import act, reason_form
from pages._parts.words import day
from pages._shell import Desk

WAYS = {"correct": "更正", "void": "作废"}


def mistakes(desk: Desk, seen: CaseView, version: int) -> None:
    """Chooses an entry that counts, and what to do about it."""
    if not desk.may(Permission.ACT_ON_CASES) or not seen.standing:
        return
    with st.expander("更正或作废办错的一条"):
        held = {one.number: one for one in seen.standing}
        chosen = st.selectbox(
            "哪一条",
            list(held),
            index=None,
            format_func=lambda number: f"第 {number} 条　{day(held[number].day)}　{held[number].name}",
            placeholder="请选择",
            key=f"mistake-{seen.id}",
        )
        if chosen is None:
            st.caption(
                "更正：原来的一条作废，按改正的内容重新登记。作废：这一条不再算数。原来的内容都保留，能查到谁改的、为什么。"
            )
            return
        one = held[chosen]
        way = st.segmented_control(
            "怎么改",
            list(WAYS),
            default="correct" if one.correctable else "void",
            format_func=WAYS.get,
            key=f"way-{seen.id}-{chosen}",
        )
        if way == "correct":
            _correct(desk, seen, version, one)
        elif way == "void":
            _void(desk, seen, version, one)


def _void(desk: Desk, seen: CaseView, version: int, one: PastEntry) -> None:
    if one.stands_against:
        st.warning(f"不能作废：{one.stands_against}")
        return
    says = f"作废后，第 {one.number} 条“{one.name}”不再算数，状态和期限按其余各条重新推算；原来的内容保留，标明作废。"
    why = reason_form(f"void-{seen.id}-{one.number}", says, "作废这一条", hint="例如：登记错了对象")
    if why is not None:

        def work() -> str:
            said = service.void(desk.app, desk.actor, seen.id, version, one.number, why)
            return said + case_view(desk.app, seen.id).next

        act(work)


def _correct(desk: Desk, seen: CaseView, version: int, one: PastEntry) -> None:
    if not one.correctable:
        st.warning("这一条不能更正，只能作废后重新办理。")
        return
    held: Mapping[str, Any] = {**one.data, "date": one.day, "document": one.document, "reason": one.why}
    key = f"correct-{seen.id}-{one.number}"
    with st.form(key):
        given = fields(key, one.type, one.given, desk.app.clock.today(), held, choose=False)
        why = st.text_input("更正的理由（必填）", placeholder="例如：日期写错", key=f"{key}-why", max_chars=500)
        pressed = st.form_submit_button("更正这一条", type="primary")
    if pressed:

        def work() -> str:
            if given.day is None:
                raise Refused("请选日期。")
            said = service.correct(
                desk.app, desk.actor, seen.id, version, one.number,
                day=given.day, document=given.document, data=given.data, why=why,
                reason=given.why if "reason" in one.given else None,
            )  # fmt: skip
            return said + case_view(desk.app, seen.id).next

        act(work)
