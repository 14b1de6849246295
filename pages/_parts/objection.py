"""One objection in full: what it says and how far it is, with what can be done about it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.errors import Refused
from core.services import objections as service
from core.services.notice_rows import stage_of
from core.views import NoticeView, ObjectionView
from pages._parts.as_of import EARLIEST
from pages._parts.forms import act, own_act, reason_form, shown_version
from pages._parts.objections import finding_html, from_whom
from pages._parts.words import day, moment
from pages._shell import Desk

OUTCOMES = {"unfounded": "✓ 不属实", "upheld": "✗ 属实"}
# what an upheld objection leads to while its case is under the notice
UPHELD = {"creation": "转为“公示异议属实”，不确定为创建对象", "recognition": "不予认定"}


def show_objection(desk: Desk, seen: NoticeView, each: ObjectionView, *, acts: bool) -> None:
    """The objection, and below it its forms where `acts`."""
    version = shown_version(f"objection-{each.id}", each.version)
    with st.container(border=True):
        if version != each.version and acts:
            st.warning("您打开以后，别人又办理过这件异议。下面是最新的情况，请核对后再办。")
        bar = st.container(horizontal=True, vertical_alignment="center")
        bar.html(f'<h3 class="sf-name">{escape(each.number)} {finding_html(each)}</h3>', width="stretch")
        if bar.button("收起", key="close-objection"):
            st.query_params.pop("objection", None)
            st.rerun()
        _told(each)
        if not acts:
            return
        if each.open:
            _assign(desk, seen, each, version)
            _resolve(desk, seen, each, version)
            _void(desk, seen, each, version)
        elif each.finding != "voided":
            _reopen(desk, seen, each, version)


def _told(each: ObjectionView) -> None:
    told = {
        "针对": f"{each.name}（{each.city}）",
        "提出人": "，".join(part for part in (from_whom(each), each.contact) if part),
        "方式": each.channel,
        "收到": day(each.received),
        "邮戳": day(each.postmarked),
        "内容": each.content,
        "佐证": each.evidence,
        "登记": f"{each.who} {moment(each.at)}",
        "核查人": each.investigator or "还没有指定",
    }
    if each.finding:
        told["结论"] = f"{each.finding_name}（{day(each.resolved)}）"
        told["理由"] = each.finding_reason
    if each.answer:
        told["答复"] = each.answer
    items = "".join(
        f"<dt>{name}</dt><dd>{escape(text).replace(chr(10), '<br>')}</dd>" for name, text in told.items() if text
    )
    st.html(f'<dl class="sf-terms">{items}</dl>')
    if each.sentence:
        (st.warning if each.blocks else st.info)(each.sentence)


def _done(seen: NoticeView, each: ObjectionView) -> None:
    """Another key for the forms: what was typed stays after a refusal and is gone after it is done."""
    own_act(f"objection-{each.id}")
    own_act(f"ready-{seen.id}")
    st.session_state[f"objection-acts-{each.id}"] = st.session_state.get(f"objection-acts-{each.id}", 0) + 1


def _after(seen: NoticeView, each: ObjectionView, said: str) -> str:
    _done(seen, each)
    return said


def _key(each: ObjectionView, name: str) -> str:
    return f"{name}-{each.id}-{st.session_state.get(f'objection-acts-{each.id}', 0)}"


def _assign(desk: Desk, seen: NoticeView, each: ObjectionView, version: int) -> None:
    key = _key(each, "assign")
    with st.form(key, border=False):
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        hint = "换人时填写" if each.investigator else "姓名"
        investigator = left.text_input("核查人", max_chars=64, key=f"{key}-who", placeholder=hint)
        with right:
            pressed = st.form_submit_button("指定", width="stretch")
    if pressed:

        def work() -> str:
            service.assign(desk.app, desk.actor, each.id, version, investigator)
            _done(seen, each)
            return f"{each.number}：核查人{' '.join(investigator.split())}。核查完后，在这里登记核查结论。"

        act(work)


def _resolve(desk: Desk, seen: NoticeView, each: ObjectionView, version: int) -> None:
    key = _key(each, "resolve")
    today = desk.app.clock.today()
    with st.form(key):
        st.markdown("**核查结论**")
        st.write(_leads(seen, each))
        finding = st.radio(
            "结论（必填）", list(OUTCOMES), index=None, format_func=OUTCOMES.get, horizontal=True, key=f"{key}-finding"
        )
        found = st.date_input(
            "核查完毕日期", today, min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=f"{key}-day"
        )
        reason = st.text_area("核查情况和理由（必填）", height=80, max_chars=2000, key=f"{key}-reason")
        answer = st.text_area(
            "答复情况",
            height=68,
            max_chars=2000,
            key=f"{key}-answer",
            placeholder="例如：6月10日已书面答复；匿名的不答复",
        )
        pressed = st.form_submit_button("登记核查结论", type="primary")
    if not pressed:
        return

    def work() -> str:
        if finding is None:
            raise Refused("请选核查结论：属实或者不属实。")
        if found is None:
            raise Refused("请选核查完毕的日期。")
        said = service.resolve(
            desk.app, desk.actor, each.id, version,
            day=found, upheld=finding == "upheld", reason=reason, answer=answer,
        )  # fmt: skip
        return _after(seen, each, said)

    act(work)


def _leads(seen: NoticeView, each: ObjectionView) -> str:
    """What either finding leads to."""
    if each.on_paper:
        return "对象已经办结，结论登记在案，不改变已作的决定。"
    state = next((one.state for one in seen.entries if one.case_id == each.case_id), "")
    if state in ("upheld", "ended", "voided", "confirmed"):
        return "对象已经办结，结论登记在案。"
    clause = stage_of(seen.stage).clause
    return (
        f"不属实：没有其他异议的，公示期满可以确认。属实：“{each.name}”将{UPHELD[seen.stage]}（{clause}），"
        "从此终结，不能再办理；结论登错了，要凭理由取消结论。"
    )


def _void(desk: Desk, seen: NoticeView, each: ObjectionView, version: int) -> None:
    with st.expander("作废登记（登记有误时）"):
        says = "作废后，这件登记不再作为异议处理，编号和内容保留备查。异议本身不成立的，请登记“不属实”，不要作废。"
        why = reason_form(_key(each, "void"), says, "作废这件登记", primary=False, hint="例如：登记错了对象，另行登记")
        if why is not None:
            act(lambda: _after(seen, each, service.void(desk.app, desk.actor, each.id, version, why)))


def _reopen(desk: Desk, seen: NoticeView, each: ObjectionView, version: int) -> None:
    with st.expander("取消结论（结论登错时）"):
        says = "取消后，这件异议恢复为待核查，对象的状态按其余各条重新推算；原来的结论保留备查。"
        why = reason_form(_key(each, "reopen"), says, "取消核查结论", primary=False, hint="例如：把属实登成了不属实")
        if why is not None:
            act(lambda: _after(seen, each, service.reopen(desk.app, desk.actor, each.id, version, why)))
