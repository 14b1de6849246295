"""What may happen next to a case, and only that: a form for what can be done today, the reason for what cannot."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.lifecycle.table import load
from core.services import cases as service
from core.services.basis import RESTING, Basis
from core.services.case_history import PastEntry
from core.views.case import CaseView, OfferView, case_view
from pages._parts.case_fields import Given, fields
from pages._parts.forms import act
from pages._parts.linked import linked
from pages._parts.ways import FILES, follow, way
from pages._parts.words import day
from pages._shell import Desk

ELSEWHERE = "notices"
CHOSEN = ("selected", "not_selected")  # what the selection of a whole round decides
# what takes a case out of its way stands last
LEAVING = ("withdrawn", "dishonesty_found")


def next_steps(desk: Desk, seen: CaseView, version: int) -> None:
    """Every act that the status allows, grouped by what is done and where."""
    st.subheader("接下来可以办理（只有这些）", anchor=False)
    if not seen.offers:
        st.write("已经终结，不再办理。" if seen.ended else "没有可以办理的事项。")
        return
    may = desk.may(Permission.ACT_ON_CASES)
    basis = _basis(desk, seen)
    shut: list[tuple[str, str]] = []
    events = dict.fromkeys(one.event for one in seen.offers if not one.elsewhere)
    for event in sorted(events, key=LEAVING.__contains__):
        group = sorted((one for one in seen.offers if one.event == event), key=lambda one: one.keep is False)
        name = group[0].name if len(group) == 1 else load().events[event]
        named = f"{name}（{group[0].clause}）"
        problem = group[0].problem
        if problem:
            shut.append((named, problem))
        elif may:
            with st.expander(named):
                _form(desk, seen, version, group, basis if event in RESTING else None)
        else:
            st.markdown(f"- {named}")
    _elsewhere(seen)
    _shut(shut)


def _basis(desk: Desk, seen: CaseView) -> Basis | None:
    if not any(one.event in RESTING for one in seen.offers):
        return None
    return views.basis(desk.app, seen.id)


def _form(desk: Desk, seen: CaseView, version: int, group: Sequence[OfferView], basis: Basis | None) -> None:
    first = group[0]
    _explain(seen, group)
    if basis is not None:
        _rests(basis, first.event)
    # another key after each act: what was typed stays after a refusal and is gone after it is done
    done = st.session_state.setdefault(f"case-done-{seen.id}", 0)
    key = f"act-{seen.id}-{first.event}-{done}"
    with st.form(key, border=False):
        given = fields(key, first.event, first.given, desk.app.clock.today(), choose=len(group) > 1)
        pressed = st.form_submit_button(f"办理：{load().events[first.event]}", type="primary")
    if pressed:
        act(lambda: _done(desk, seen, version, first.event, given))


def _done(desk: Desk, seen: CaseView, version: int, event: str, given: Given) -> str:
    if given.day is None:
        raise Refused("请选日期。")
    said = service.act(
        desk.app, desk.actor, seen.id, version,
        event=event, day=given.day, document=given.document, why=given.why, data=given.data,
    )  # fmt: skip
    st.session_state[f"case-done-{seen.id}"] += 1
    return said + case_view(desk.app, seen.id).next


def _explain(seen: CaseView, group: Sequence[OfferView]) -> None:
    """What each choice leads to, and what the city said where that is being decided."""
    for one in group:
        ends = "此后不能再办理；办错了，要在下面作废这一条。" if one.ends else ""
        named = f"**{one.name}**：" if len(group) > 1 else "办理后"
        st.write(f"{named}{one.leads}{ends}")
    if group[0].event == "change_decided":
        for reported, decided in seen.changes:
            if decided is None:
                st.info(_said_of(reported))


def _said_of(reported: PastEntry) -> str:
    """A reported change in a sentence, with what the city thinks of it."""
    told = dict(reported.details)
    what = f"{told.get('变更类型') or '变更'}，{told['变更发生日期']}发生，{day(reported.day)}报告"
    late = "，超过报告期限" if reported.late else ""
    return f"{what}{late}；市级意见：{told.get('市级意见') or '没有登记'}。"


def _rests(basis: Basis, event: str) -> None:
    """The application that acceptance or review rests on."""
    (st.success if basis.passing else st.warning)(basis.sentence)
    if basis.application is not None:
        one = basis.application
        text = f"看这个申报：{one.year}年度“{one.application}”"
        line = way(text, ("checks", (("app", str(one.application_id)),)))
        follow(linked(f'<div class="sf-line">{line}</div>', f"basis-{event}"))


def _elsewhere(seen: CaseView) -> None:
    """What is done for many cases at once on another page."""
    chosen = [one for one in seen.offers if one.event in CHOSEN]
    if chosen:
        st.write(f"{'、'.join(f'“{one.name}”' for one in chosen)}在“拟创建对象选定”中办理。")
        st.page_link(FILES["selection"], label="去拟创建对象选定 →")
    found = [one for one in seen.offers if one.elsewhere and one not in chosen]
    if not found:
        return
    names = "、".join(f"“{each}”" for each in dict.fromkeys(one.name for one in found))
    st.write(f"{names}在“公示与异议”中办理。")
    if ELSEWHERE in FILES:
        notice = next(
            (one.data.get("notice_id") for one in reversed(seen.standing) if one.type == "notice_opened"), None
        )
        st.page_link(FILES[ELSEWHERE], label="去公示与异议 →", query_params={"notice": str(notice)} if notice else None)
    for one in found:
        if one.problem and one.event != "objection_resolved":
            st.caption(f"{one.name}：{one.problem}")


def _shut(shut: Sequence[tuple[str, str]]) -> None:
    """What the status allows but not today, with the reason."""
    if not shut:
        return
    items = "".join(f"<li><b>{escape(name)}</b><br>{escape(why)}</li>" for name, why in shut)
    st.html(f'<p class="sf-legend">现在还不能办理：</p><ul class="sf-shut">{items}</ul>')
