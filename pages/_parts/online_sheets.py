"""④ of 在线表格: the sheets are made, completed, shared; what somebody deleted is made anew only if asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from core.accounts import Permission
from core.services import online_setup as service
from core.services.online_setup import KeyState, SourceChange
from core.views import RoundView
from core.views.online import OnlineView
from pages._parts.forms import act, flash, reason_form
from pages._parts.tables import Html, show_table
from pages._parts.watching import watch
from pages._shell import Desk

MADE = "online-made"
RESULTS = {
    "made": ("good", "✓ 已建立"),
    "repaired": ("good", "✓ 已补齐"),
    "kept": ("good", "✓ 完整"),
    "gone": ("warn", "! 找不到"),
    "failed": ("bad", "✗ 没有办成"),
}


def sheets_part(desk: Desk, chosen: RoundView, key: KeyState, seen: OnlineView) -> None:
    """Says what will be made and completed; does it with progress; shows what came of each."""
    if not seen.online:
        st.write("还没有市用在线表格。请先在第 ③ 步选择。")
        return
    st.write(_plan(seen))
    if not seen.folder:
        st.caption("还没有填存放文件夹：服务账号自己没有存储空间，多数情况下建不成。请先在第 ③ 步填写。")
    if not key.email:
        st.caption("登记密钥之后才能建立。")
    elif desk.may(Permission.MANAGE_ROUND):
        word = f"建立 {len(seen.missing)} 个在线表格" if seen.missing else "核对并补齐"
        if st.button(word, key="online-create", type="primary" if seen.missing else "secondary"):
            act(lambda: _create(desk, chosen, None))
    _outcomes(desk, chosen, seen)


def _plan(seen: OnlineView) -> str:
    said = []
    if seen.missing:
        said.append(f"将建立 {len(seen.missing)} 个：{_cities(each.city for each in seen.missing)}。")
    if seen.ready:
        said.append(
            f"已有 {len(seen.ready)} 个：{_cities(each.city for each in seen.ready)}，"
            "缺了的工作表、表头、下拉选项和保护会补齐，填报的内容不动。"
        )
    alone = [each.city for each in seen.online if not each.email]
    if alone:
        said.append(f"{_cities(alone)}没有填联系人邮箱，建好后请自己在表格的“共享”中加人。")
    return "".join(said)


def _cities(names: Iterable[str]) -> str:
    return "、".join(names)


def _create(desk: Desk, chosen: RoundView, cities: Sequence[str] | None) -> None:
    st.session_state.pop(MADE, None)
    made = watch(
        "正在建立在线表格",
        lambda tell: service.create_sheets(desk.app, desk.actor, chosen.id, cities, progress=tell),
    )
    st.session_state[MADE] = (chosen.id, made)
    good = sum(each.state in ("made", "repaired", "kept") for each in made)
    rest = f"，{len(made) - good} 个没有办成，见下表" if good < len(made) else "。下一步：请各市填报，然后同步"
    flash("success" if good == len(made) else "warning", f"办理完毕：{good} 个在线表格已就绪{rest}。")


def _outcomes(desk: Desk, chosen: RoundView, seen: OnlineView) -> None:
    """What became of each sheet at the last making, until another page's session begins."""
    of_round, made = st.session_state.get(MADE, (chosen.id, []))
    if not made or of_round != chosen.id:
        if seen.ready:
            rows = [[each.city, each.title, open_link(each.link), each.email or "没有填"] for each in seen.ready]
            show_table(["推荐单位", "名称", "表格", "联系人邮箱"], rows, nowrap=["推荐单位", "表格"])
        return
    rows = [[each.city, _state(each.state), each.sentence, open_link(each.link)] for each in made]
    show_table(["推荐单位", "结果", "说明", "表格"], rows, nowrap=["推荐单位", "结果", "表格"])
    if not desk.may(Permission.MANAGE_ROUND):
        return
    for each in made:
        if each.state != "gone":
            continue
        why = reason_form(
            f"online-anew-{each.city}",
            f"{each.city}原来的表格不要了，另建一个空的。原表格中填报的内容不会带入，已受理的内容都在。",
            f"重新建立{each.city}的表格",
            primary=False,
            hint="例如：原表格被误删，市里同意重填",
        )
        if why is not None:
            act(lambda city=each.city, why=why: _anew(desk, chosen, seen, city, why))


def _anew(desk: Desk, chosen: RoundView, seen: OnlineView, city: str, why: str) -> None:
    held = next(each for each in seen.cities if each.city == city)
    change = SourceChange(city, held.version, held.kind, held.email, "")
    service.set_sources(desk.app, desk.actor, chosen.id, [change], why)
    _create(desk, chosen, [city])


def open_link(address: str) -> Html:
    """A sheet's address, opening in a tab of its own; '' where there is none."""
    if not address:
        return Html("")
    return Html(f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">打开 ↗</a>')


def _state(state: str) -> Html:
    tone, text = RESULTS[state]
    return Html(f'<span class="sf-state sf-tone-{tone}">{text}</span>')
