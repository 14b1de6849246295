"""专家评审, the tab 专家: who is on file, who of them scores in this round, and the forms for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from html import escape
from typing import Any

import streamlit as st

from core.accounts import Permission
from core.services import experts as service
from core.services.experts import Person
from core.services.panel import Panel, PanelExpert
from core.views import RoundView
from core.views.panel import expert_accounts
from pages._parts.forms import act, pin, unpin
from pages._parts.tables import empty
from pages._parts.ticks import box, count, ticks, whole
from pages._shell import Desk

HEADS = ("编号", "姓名", "单位", "所在城市", "熟悉的领域", "怎样评分", "本轮分派")
NARROW = ("熟悉的领域",)  # left out on a narrow screen
MEMBER = "member"
WORKBOOK = "不登录，用工作簿评分"
UNKNOWN = "还不清楚"
USED = {True: "在用", False: "停用（以后不再列入可选）"}


def show_experts(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """The table with the round's members ticked, and the forms."""
    may = desk.may(Permission.MANAGE_SCORING)
    if not may:
        if not seen.members:
            empty("本轮还没有评审专家。")
            return
        st.write(f"本轮评审专家 {len(seen.members)} 位。")
        st.html(_table(desk, seen, list(seen.members), acts=False))
        return
    members, add, change = st.tabs(["本轮评审专家", "登记专家", "修改专家"])
    with members:
        _members(desk, chosen, seen)
    with add:
        _add(desk)
    with change:
        _change(desk, seen)


def _members(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """Who scores in this round, saved on the button."""
    active = [each for each in seen.experts.values() if each.active or each.member]
    if not active:
        empty("还没有登记专家。请先在“登记专家”中逐位登记，再回到这里勾选参加本轮评审的专家。")
        return
    name = f"panel-{chosen.id}"
    before: frozenset[int] = pin(name, lambda: frozenset(each.id for each in seen.experts.values() if each.member))
    done = st.session_state.setdefault(f"{name}-done", 0)
    key = f"{name}-{done}"
    with st.form(key, border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        why = left.text_input(
            "理由（必填）", placeholder="例如：按工作方案从专家库抽取", max_chars=500, key=f"{key}-why"
        )
        with right:
            pressed = st.form_submit_button("保存本轮评审专家", type="primary", width="stretch")
        ticked = ticks(_table(desk, seen, active, acts=True), f"{key}-ticks", {MEMBER: dict.fromkeys(before, True)})
    if pressed:

        def work() -> str:
            picked: Collection[int] = ticked.get(MEMBER, {})
            service.set_panel(desk.app, desk.actor, chosen.id, before, picked, why)
            unpin(name)
            st.session_state[f"{name}-done"] += 1
            return f"本轮评审专家现为 {len(picked)} 位。下一步：在“回避”中核对，再到“分派”生成方案。"

        act(work)


def _table(desk: Desk, seen: Panel, rows: list[PanelExpert], *, acts: bool) -> str:
    logins = expert_accounts(desk.app)
    loads = Counter(each.expert_id for each in seen.assignments)
    heads = ["本轮", *HEADS] if acts else list(HEADS)
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in heads)
    body = "".join(_row(each, logins, loads[each.id], acts=acts) for each in rows)
    bar = ""
    if acts:
        buttons = whole(MEMBER, f"全选 {len(rows)} 位") + whole(MEMBER, "全不选", none=True)
        bar = (
            f'<div class="sf-line sf-ticked">{buttons}'
            f"<span>勾选参加本轮评审的专家，现勾选 {count(MEMBER)} 位；写明理由，保存后生效。</span></div>"
        )
    table = f'<table class="sf sf-tight sf-choose"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'{bar}<div class="sf-wrap">{table}</div>'


def _row(each: PanelExpert, logins: Any, load: int, *, acts: bool) -> str:
    person = each.expert
    how = "用工作簿" if each.account_id is None else f"登录：{logins.get(each.account_id, ('账户已改作他用', None))[0]}"
    stopped = "" if each.active else ' <span class="sf-state sf-tone-none">停用</span>'
    cells = [
        f'<td class="nowrap">{escape(each.code)}</td>',
        f'<td class="nowrap" title="{escape(each.note)}">{escape(each.name)}{stopped}</td>',
        f"<td>{escape('、'.join(person.units))}</td>",
        f'<td class="nowrap">{escape(person.city or UNKNOWN)}</td>',
        f'<td class="opt">{escape("、".join(sorted(person.fields)))}</td>',
        f'<td class="nowrap">{escape(how)}</td>',
        f'<td class="num">{load or ""}</td>',
    ]
    if acts:
        cells.insert(0, f'<td class="tick">{box(MEMBER, each.id, f"本轮：{each.code} {each.name}")}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _add(desk: Desk) -> None:
    number = st.session_state.setdefault("new-expert", 0)
    with st.form(f"new-expert-{number}"):
        person = _person(desk, f"new-expert-{number}", None)
        pressed = st.form_submit_button("登记专家", type="primary")
    if pressed:

        def work() -> str:
            code = service.add(desk.app, desk.actor, person)
            st.session_state["new-expert"] = number + 1
            return f"已登记 {code} {person.name.strip()}。参加本轮评审的，请在“本轮评审专家”中勾选并保存。"

        act(work)


def _change(desk: Desk, seen: Panel) -> None:
    if not seen.experts:
        st.write("还没有登记专家。")
        return
    chosen = st.selectbox(
        "选择专家",
        list(seen.experts),
        index=None,
        format_func=lambda number: f"{seen.experts[number].code} {seen.experts[number].name}",
        placeholder="请选择",
    )
    if chosen is None:
        return
    name = f"expert-{chosen}"
    held: PanelExpert = pin(name, lambda: seen.experts[chosen])
    key = f"{name}-{held.version}"
    with st.form(key):
        person = _person(desk, key, held)
        left, right = st.columns([1, 2])
        active = left.radio("是否在用", list(USED), int(not held.active), format_func=USED.get, key=f"{key}-active")
        why = right.text_input("理由（必填）", placeholder="例如：工作单位变动", max_chars=500, key=f"{key}-why")
        pressed = st.form_submit_button("保存改动", type="primary")
    if pressed:

        def work() -> str:
            service.change(desk.app, desk.actor, chosen, held.version, person, active=active, why=why)
            unpin(name)
            return f"已修改 {held.code} {person.name.strip()}。单位、城市有改动的，请再到“回避”核对。"

        act(work)


def _person(desk: Desk, key: str, held: PanelExpert | None) -> Person:
    """The boxes for one expert, with what is on file."""
    person = held.expert if held else None
    logins = {
        number: name
        for number, (name, owner) in expert_accounts(desk.app).items()
        if owner is None or (held is not None and owner == held.id)
    }
    cities = ["", *service.cities()]
    begin = person.city or "" if person else ""
    one, two, three = st.columns(3)
    name = one.text_input("姓名", person.name if person else "", max_chars=64, key=f"{key}-name")
    city = one.selectbox(
        "所在城市",
        cities,
        cities.index(begin) if begin in cities else 0,
        format_func=lambda each: each or UNKNOWN,
        key=f"{key}-city",
        help="本轮规定同市专家回避的，要填清楚才能分派",
    )
    units = two.text_area(
        "工作和任职单位（一行一个）",
        "\n".join(person.units) if person else "",
        height=110,
        key=f"{key}-units",
        help="写全称，用来判断是否需要回避；兼职、担任董事或顾问的单位也要写",
    )
    owners = [None, *logins]
    account = three.selectbox(
        "账户",
        owners,
        owners.index(held.account_id) if held and held.account_id in logins else 0,
        format_func=lambda number: WORKBOOK if number is None else logins[number],
        key=f"{key}-account",
        help="只列“评审专家”角色、还没有对应专家的账户；没有的请管理员在“账户”中新增",
    )
    note = three.text_input("备注（可不填）", held.note if held else "", max_chars=200, key=f"{key}-note")
    known = [each for each in service.fields() if person and each in person.fields]
    fields = st.multiselect(
        "熟悉的领域（分派时优先派领域相符的申报）", service.fields(), known, key=f"{key}-fields", placeholder="请选择"
    )
    return Person(name, tuple(units.splitlines()), city, tuple(fields), note, account)
