"""What ends a public notice: confirming whom nothing stands against, or taking back a notice that was a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import notices as service
from core.services.notices import Confirmed
from core.views import NoticeView
from pages._parts.as_of import EARLIEST
from pages._parts.forms import act, own_act, reason_form
from pages._shell import Desk

NAMED = 8  # told by name; of more the number is told
STAYING = ("open", "held")
FOLLOWED = ("open", "confirmed", "upheld", "ended")


def confirm(desk: Desk, seen: NoticeView, version: int) -> None:
    """Who would be confirmed and who stays, with the form; before its time the reason in its place."""
    if seen.state in ("done", "withdrawn"):
        return
    st.subheader(seen.confirmed_name, anchor=False)
    st.write(seen.confirm_text)
    ready = [each.name for each in seen.entries if each.state == "ready"]
    if ready:
        st.html(f'<div class="soft">可以确认：{escape(_named(ready))}</div>')
    _staying(seen)
    if not ready or not desk.may(Permission.RUN_NOTICES):
        return
    done = st.session_state.setdefault(f"confirm-done-{seen.id}", 0)
    key = f"confirm-{seen.id}-{done}"
    with st.form(key):
        today = desk.app.clock.today()
        day = st.date_input(
            "文件日期（必填）", today, min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=f"{key}-day"
        )
        document = st.text_input(
            "文号（必填）", max_chars=128, key=f"{key}-document", placeholder="例如：虚构工信〔2026〕9号"
        )
        why = st.text_input("说明（可不填）", max_chars=500, key=f"{key}-why")
        pressed = st.form_submit_button(f"{seen.confirmed_name} {len(ready):,} 个", type="primary")
    if pressed:
        act(lambda: _confirmed(desk, seen, version, day, document, why))


def _confirmed(desk: Desk, seen: NoticeView, version: int, day: date | None, document: str, why: str) -> str:
    if day is None:
        raise Refused("请选文件日期。")
    made = service.confirm(desk.app, desk.actor, seen.id, version, day=day, document=document, why=why)
    st.session_state[f"confirm-done-{seen.id}"] += 1
    _own(seen)
    return f"已{seen.confirmed_name} {len(made.confirmed):,} 个（{document.strip()}）。{_left(seen, made)}"


def _own(seen: NoticeView) -> None:
    own_act(f"notice-{seen.id}")
    own_act(f"ready-{seen.id}")


def _left(seen: NoticeView, made: Confirmed) -> str:
    """Who stays, and what comes next."""
    states = {each.case_id: each.state for each in seen.entries}
    staying = [f"“{name}”{reason}" for case_id, name, reason in made.left if states[case_id] not in FOLLOWED[1:]]
    if not staying:
        behind = sum(each.open for each in seen.objections)
        waits = f"还有 {behind} 件异议待核查。" if behind else ""
        return f"这次公示已全部办结，名单可在“名单”中导出。{waits}"
    return f"还有 {len(staying):,} 个没有确认：{_named(staying, '；')}。办好以后，回到这里补办确认。"


def _staying(seen: NoticeView) -> None:
    """Those that cannot be confirmed now, each with its reason."""
    staying = [each for each in seen.entries if each.state in STAYING]
    if not staying:
        return
    items = "".join(f"<li><b>{escape(each.name)}</b>：{escape(each.text)}</li>" for each in staying[:NAMED])
    more = f"<li>另有 {len(staying) - NAMED:,} 个，见名单</li>" if len(staying) > NAMED else ""
    st.html(f'<p class="soft">现在还不能确认：</p><ul class="sf-shut">{items}{more}</ul>')


def _named(names: Sequence[str], between: str = "、") -> str:
    return between.join(names[:NAMED]) + (f"等 {len(names):,} 个" if len(names) > NAMED else "")


def take_back(desk: Desk, seen: NoticeView, version: int) -> None:
    """Taking the whole notice back, where nothing has followed from it."""
    if seen.state in ("done", "withdrawn"):
        return
    with st.expander("撤回公示（发布有误时）"):
        followed = any(each.state in FOLLOWED for each in seen.entries)
        if followed or any(each.finding != "voided" and not each.on_paper for each in seen.objections):
            st.write("不能整体撤回：公示之后已经登记异议或者办理了确认。发布有误的，请先把这些登记逐个作废，再来撤回。")
            return
        says = f"撤回后，{len(seen.entries):,} 个对象回到公示以前，改好后可以重新公示；这次公示保留备查，标明已撤回。"
        why = reason_form(
            f"withdraw-{seen.id}", says, "撤回这次公示", primary=False, hint="例如：公示名单漏列，撤回后重新公示"
        )
        if why is not None:

            def work() -> str:
                said = service.withdraw_notice(desk.app, desk.actor, seen.id, version, why)
                _own(seen)
                return said

            act(work)
