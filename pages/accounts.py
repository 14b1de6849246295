"""账户: who may sign in, with which role."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import views
from core.accounts import PERMISSIONS, Permission, Role
from core.services import accounts as service
from pages._parts.forms import act, flash, pin, unpin
from pages._parts.tables import show_frame, show_table
from pages._shell import Desk, open_page

SHOWN = ["账号", "姓名", "角色", "单位", "状态"]

desk = open_page("账户", Permission.MANAGE_ACCOUNTS, "新增、停用账户，分配角色，重置密码。每次改动都写入操作留痕。")


def add_account(desk: Desk) -> None:
    """A form for a new account; its first password is shown once."""
    number = st.session_state.setdefault("new-account", 0)
    with st.form(f"new-account-{number}"):
        left, right = st.columns(2)
        login = left.text_input("账号", help="2 至 32 个小写字母、数字、- 或 _，用来登录", max_chars=32)
        name = right.text_input("姓名", max_chars=32)
        role = left.selectbox("角色", list(Role), index=1, format_func=lambda one: one.label)
        unit = right.text_input("处室或单位（可不填）", max_chars=64)
        pressed = st.form_submit_button("新增账户", type="primary")
    if pressed:

        def work() -> None:
            first = service.create_account(desk.app, desk.actor, login=login, name=name, role=role, unit_name=unit)
            st.session_state["new-account"] = number + 1
            flash("success", f"已新增账户“{login.strip().lower()}”。")
            flash("info", f"初始密码：{first} 。只显示这一次，请当面或电话告知本人，首次登录时必须更换。")

        act(work)


def change_account(desk: Desk) -> None:
    """Change of role, name, use; reset of the password. Both ask for a reason."""
    rows = {row["id"]: row for row in views.accounts_frame(desk.app).to_dict("records")}
    chosen = st.selectbox(
        "选择账户",
        list(rows),
        index=None,
        format_func=lambda number: f"{rows[number]['姓名']}（{rows[number]['账号']}）",
        placeholder="请选择",
    )
    if chosen is None:
        return
    pinned = f"account-{chosen}"
    held: dict[str, Any] = pin(pinned, lambda: rows[chosen])
    with st.form(f"{pinned}-{held['version']}"):
        left, right = st.columns(2)
        roles = list(Role)
        name = left.text_input("姓名", held["姓名"], max_chars=32)
        role = right.selectbox("角色", roles, roles.index(Role(held["role"])), format_func=lambda one: one.label)
        unit = left.text_input("处室或单位", held["单位"], max_chars=64)
        states = {True: "在用", False: "停用（立即退出登录）"}
        active = right.radio("状态", list(states), int(not held["active"]), format_func=states.get, horizontal=True)
        why = st.text_input("理由（必填）", placeholder="例如：岗位调整", max_chars=500)
        save, reset, _ = st.columns([1, 1, 4])
        saved = save.form_submit_button("保存改动", type="primary")
        again = reset.form_submit_button("重置密码")
    if saved:

        def change() -> str:
            service.change_account(
                desk.app, desk.actor, chosen, held["version"],
                name=name, role=role, unit_name=unit, active=active, why=why,
            )  # fmt: skip
            unpin(pinned)
            return f"已修改账户“{held['账号']}”。"

        act(change)
    if again:

        def renew() -> None:
            first = service.reset_password(desk.app, desk.actor, chosen, why)
            unpin(pinned)
            flash("info", f"“{held['账号']}”的新初始密码：{first} 。只显示这一次，请告知本人；原登录已全部退出。")

        act(renew)


def show_roles() -> None:
    """What each role may do."""
    nothing = "只看“今日”和“填报说明与标准”"
    rows = [[role.label, "、".join(p.value for p in Permission if p in PERMISSIONS[role]) or nothing] for role in Role]
    show_table(["角色", "可以办理"], rows, nowrap=["角色"])


show_frame(views.accounts_frame(desk.app)[SHOWN], nowrap=["账号", "姓名", "角色", "状态"])
for tab, show in zip(st.tabs(["新增账户", "修改或重置密码"]), (add_account, change_account), strict=True):
    with tab:
        show(desk)
with st.expander("各角色可以办理什么"):
    show_roles()
