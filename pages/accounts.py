"""账户: who may sign in, with which role."""

from __future__ import annotations

import streamlit as st

from core import views
from core.accounts import PERMISSIONS, Permission, Role
from core.services import accounts as service
from pages._parts.tables import show_frame, show_table
from pages._shell import Desk, act, flash, open_page

desk = open_page("账户", Permission.MANAGE_ACCOUNTS, "新增、停用账户，分配角色，重置密码。每次改动都写入操作留痕。")


def show_accounts(desk: Desk) -> None:
    """All accounts, in use first."""
    frame = views.accounts_frame(desk.app)
    shown = [column for column in frame.columns if column not in ("id", "version", "role")]
    show_frame(frame[shown], nowrap=["账号", "姓名", "角色", "状态"])


def add_account(desk: Desk) -> None:
    """A form for a new account; its first password is shown once."""
    with st.form("new", clear_on_submit=False):
        left, right = st.columns(2)
        login = left.text_input("账号", help="2 至 32 个小写字母、数字、- 或 _，用来登录", max_chars=32)
        name = right.text_input("姓名", max_chars=32)
        role = left.selectbox("角色", list(Role), index=1, format_func=lambda one: one.label)
        unit = right.text_input("处室或单位（可不填）", max_chars=64)
        if st.form_submit_button("新增账户", type="primary"):

            def work() -> None:
                first = service.create_account(desk.app, desk.actor, login=login, name=name, role=role, unit_name=unit)
                flash("success", f"已新增账户“{login.strip().lower()}”。")
                flash("info", f"初始密码：{first} 。只显示这一次，请当面或电话告知本人，首次登录时必须更换。")

            act(work)
            st.rerun()


def change_account(desk: Desk) -> None:
    """Change of role, name, use; reset of the password. Both ask for a reason."""
    frame = views.accounts_frame(desk.app)
    names = {row.id: f"{row.姓名}（{row.账号}）" for row in frame.itertuples()}
    chosen = st.selectbox("选择账户", list(names), index=None, format_func=names.get, placeholder="请选择")
    if chosen is None:
        return
    held = frame[frame["id"] == chosen].iloc[0]
    with st.form(f"change-{chosen}-{held['version']}"):
        left, right = st.columns(2)
        name = left.text_input("姓名", held["姓名"], max_chars=32)
        role = right.selectbox(
            "角色", list(Role), list(Role).index(Role(held["role"])), format_func=lambda one: one.label
        )
        unit = left.text_input("处室或单位", held["单位"], max_chars=64)
        active = right.radio(
            "状态",
            [True, False],
            0 if held["状态"] == "在用" else 1,
            horizontal=True,
            format_func=lambda one: "在用" if one else "停用（立即退出登录）",
        )
        why = st.text_input("理由（必填）", placeholder="例如：岗位调整")
        save, reset, _ = st.columns([1, 1, 3])
        if save.form_submit_button("保存改动", type="primary"):
            act(
                lambda: service.change_account(
                    desk.app,
                    desk.actor,
                    int(chosen),
                    int(held["version"]),
                    name=name,
                    role=role,
                    unit_name=unit,
                    active=active,
                    why=why,
                ),
                done=f"已修改账户“{held['账号']}”。",
            )
            st.rerun()
        if reset.form_submit_button("重置密码"):

            def work() -> None:
                first = service.reset_password(desk.app, desk.actor, int(chosen), why)
                flash("info", f"“{held['账号']}”的新初始密码：{first} 。只显示这一次，请告知本人；原登录已全部退出。")

            act(work)
            st.rerun()


def show_roles() -> None:
    """What each role may do."""
    show_table(
        ["角色", "可以办理"],
        [
            [
                role.label,
                "、".join(p.value for p in Permission if p in PERMISSIONS[role]) or "只看“今日”和“填报说明与标准”",
            ]
            for role in Role
        ],
        nowrap=["角色"],
    )


show_accounts(desk)
new, change, roles = st.tabs(["新增账户", "修改或重置密码", "角色说明"])
with new:
    add_account(desk)
with change:
    change_account(desk)
with roles:
    show_roles()
