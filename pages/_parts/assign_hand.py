"""One application at a time: one more expert for it, or one taken back; and why the others cannot be given to it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.services import assigning as service
from core.services.panel import STATES, Assigned, Panel, PanelExpert
from core.services.subjects import Scored
from core.views import RoundView
from pages._parts.forms import act, pin, reason_form, unpin
from pages._shell import Desk


def by_hand(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """Chooses the application, then offers what can be done with it."""
    open_ = {each.id: each for each in seen.subjects.values() if each.eligible or seen.of(each.id)}
    number = st.selectbox(
        "申报",
        list(open_),
        index=None,
        # nothing that an act changes: the choice is known by its words, and would be lost with them
        format_func=lambda key: f"{open_[key].city}　{open_[key].name}",
        placeholder="请选择要加派或者撤回的申报",
        key=f"assign-application-{chosen.id}",
    )
    if number is None:
        return
    subject = open_[number]
    against = {each.id: service.against(seen, each.id, number) for each in seen.members}
    able = [each for each in seen.members if not against[each.id]]
    standing = {each.id: each for each in seen.of(number)}
    left, right = st.columns(2, gap="large")
    with left:
        _add(desk, chosen, subject, able)
    with right:
        _take_back(desk, seen, standing)
    barred = [
        (each, against[each.id])
        for each in seen.members
        if against[each.id] and each.id not in {one.expert_id for one in standing.values()}
    ]
    if barred:
        lines = "".join(f"<li>{escape(_name(each))}：{escape(''.join(said))}</li>" for each, said in barred)
        st.html(f'<div class="sf-shut">不能派给这个申报的专家：<ul>{lines}</ul></div>')


def _add(desk: Desk, chosen: RoundView, subject: Scored, able: list[PanelExpert]) -> None:
    st.markdown("**加派一位专家**")
    if not subject.eligible:
        st.caption("审核结论不是“达标”，不能加派。")
        return
    if not able:
        st.caption("本轮没有可以派的专家。请在“专家”中增加，或者在“回避”中核对提示。")
        return
    names = {each.id: each for each in able}
    expert = st.selectbox(
        "专家",
        list(names),
        index=None,
        format_func=lambda key: _offered(names[key], subject),
        placeholder="请选择",
        key=f"assign-expert-{subject.id}",
    )
    if expert is None:
        return
    why = reason_form(f"assign-{subject.id}-{expert}", "", "分派", hint="例如：评分相差较大，加派一位")
    if why is not None:

        def work() -> str:
            service.assign(desk.app, desk.actor, chosen.id, subject.id, expert, why)
            return f"已把{subject.city}“{subject.name}”派给 {_name(names[expert])}。"

        act(work)


def _take_back(desk: Desk, seen: Panel, standing: dict[int, Assigned]) -> None:
    st.markdown("**撤回一项分派**")
    if not standing:
        st.caption("还没有派给专家。")
        return
    number = st.selectbox(
        "已派的专家",
        list(standing),
        index=None,
        format_func=lambda key: _stands(seen, standing[key]),
        placeholder="请选择",
        key=f"unassign-{next(iter(standing.values())).application_id}",
    )
    if number is None:
        return
    name = f"unassign-version-{number}"
    version: int = pin(name, lambda: standing[number].version)
    says = "撤回后专家不再看到这个申报，没有交的草稿不再保留。已经提交的不能撤回。"
    why = reason_form(f"take-back-{number}", says, "撤回分派", hint="例如：本人来电说明无法参加")
    if why is not None:

        def work() -> str:
            service.unassign(desk.app, desk.actor, number, version, why)
            unpin(name)
            return f"已撤回 {_name(seen.experts[standing[number].expert_id])}的这项分派。"

        act(work)


def _name(each: PanelExpert) -> str:
    return f"{each.code} {each.name}"


def _stands(seen: Panel, held: Assigned) -> str:
    return f"{_name(seen.experts[held.expert_id])}（{STATES[held.state]}）"


def _offered(each: PanelExpert, subject: Scored) -> str:
    fits = "，领域相符" if each.expert.fields & subject.subject.fields else ""
    return f"{_name(each)}（{'、'.join(each.expert.units)}{fits}）"
