"""① and ② of 在线表格: whose key the server holds, and whether the way to the sheets is open."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from core.accounts import Permission
from core.services import online_setup as service
from core.services.online_setup import KeyState
from core.views import RoundView
from pages._parts.forms import act, reason_form
from pages._parts.tables import Html, show_table
from pages._parts.watching import watch_each
from pages._shell import Desk

WHAT_IT_IS = (
    "服务账号是 Google 给程序用的账号：工作台凭它建立、读取各市的表格，写回反馈，不占用任何人的个人账号。"
    "密钥就是它的钥匙，是一个 .json 文件，拿到的人就能用这个账号，请像保管印章一样保管。"
)
HOW = """
1. 打开 `console.cloud.google.com`，用单位的 Google 账号登录，新建一个**项目**。
2. 在“API 和服务”中启用 **Google Sheets API** 和 **Google Drive API**，两个都要。
3. 在“IAM 和管理—服务账号”中**创建服务账号**，不用分配角色。
4. 打开这个服务账号，选“密钥—添加密钥—创建新密钥—**JSON**”，浏览器会下载一个 .json 文件。
5. 用记事本打开 .json 文件，全选、复制，粘贴到这里登记。登记之后，请把这个文件移出下载文件夹，另行保管或删除。
6. 在 Google 云端硬盘的**共享云端硬盘**中建一个文件夹，把服务账号的邮箱加为“**内容管理员**”，文件夹的链接填在第 ③ 步。
"""
STEPS = "online-steps"
_AT = "online-key-number"


def key_part(desk: Desk, key: KeyState) -> None:
    """Whose key is held; 管理员 registers, replaces and removes it."""
    if key.problem:
        st.error(key.problem)
    if key.email:
        st.write("已登记的服务账号（表格和文件夹要共享给这个邮箱）：")
        st.code(key.email, language=None)
        st.caption(
            f"所在的 Google Cloud 项目：{key.project}。密钥只存在服务器上，不再显示，也不进入数据库、留痕和备份。"
        )
    if key.from_environment:
        st.info("密钥由服务器的环境变量 SHIFAN_GOOGLE_KEY 指定，不能在这里更换。要更换，请联系管服务器的人。")
        return
    if not desk.may(Permission.MANAGE_ONLINE):
        if not key.email:
            st.write(WHAT_IT_IS)
            st.info("密钥由管理员登记。请联系管理员。")
        return
    if not key.email and not key.problem:
        _paste(desk, "登记")
        return
    row = st.container(horizontal=True)
    with row.popover("更换密钥"):
        st.write("登记新的密钥，替换现有的。换成另一个服务账号时，原来的表格和文件夹要重新共享给新账号。")
        _paste(desk, "更换")
    with row.popover("停用密钥"):
        why = reason_form(
            "online-forget",
            "从服务器上删除密钥。之后不能同步，已受理的内容都在；各市的表格也不会动。"
            "要让密钥本身失效，请再到 Google Cloud 控制台删除它。",
            "停用",
            hint="例如：不再使用在线表格",
        )
        if why is not None:
            act(lambda: _forget(desk, why))


def _paste(desk: Desk, word: str) -> None:
    """The box that a key is pasted into; whatever comes of it, the box is empty afterwards."""
    number = st.session_state.setdefault(_AT, 0)
    name = f"online-key-{number}"
    if word == "登记":
        st.write(WHAT_IT_IS)
    with st.form(f"{name}-form"):
        text = st.text_area(
            "密钥文件（.json）的全部内容",
            key=name,
            height=110,
            placeholder="用记事本打开 .json 文件，全选、复制，粘贴到这里。从 { 开始，到 } 结束。",
        )
        pressed = st.form_submit_button(word, type="primary")
    if word == "登记":
        with st.container(border=True):
            st.write("**怎样取得密钥**")
            st.markdown(HOW)
    if pressed:
        # nothing of a key stays with the session: not the box, not what was typed into it
        st.session_state[_AT] = number + 1
        del st.session_state[name]
        act(lambda: _register(desk, text))


def _register(desk: Desk, text: str) -> str:
    email = service.register_key(desk.app, desk.actor, text)
    st.session_state.pop(STEPS, None)
    return f"已登记服务账号 `{email}`。下一步：测试连接。"


def _forget(desk: Desk, why: str) -> str:
    service.forget_key(desk.app, desk.actor, why)
    st.session_state.pop(STEPS, None)
    return "密钥已停用。各市的表格没有改动；要让密钥本身失效，请再到 Google Cloud 控制台删除它。"


def tested(round_id: int) -> bool | None:
    """How this person's last try of a round's connection ended; None before one."""
    steps = _kept().get(round_id)
    return None if steps is None else all(each.ok for each in steps)


def connection_part(desk: Desk, chosen: RoundView, key: KeyState) -> None:
    """Tries the connection; each step is shown when it is done, and stays."""
    st.write("依次试：密钥、网络和登录、两个 API、存放文件夹、已建立的各市表格。只看，不改动任何东西。")
    if not key.email:
        st.caption("登记密钥之后才能测试。")
        return
    if desk.may(Permission.MANAGE_ROUND) and st.button("测试连接", key="online-test", type="primary"):

        def work() -> None:
            _kept().pop(chosen.id, None)
            found = watch_each(
                "正在测试连接",
                lambda: service.test_connection(desk.app, desk.actor, chosen.id),
                lambda step: st.html(_line(step)),
            )
            st.session_state[STEPS] = {**_kept(), chosen.id: found}

        act(work)
    steps = _kept().get(chosen.id)
    if steps:
        rows = [[Html(_mark(each.ok)), each.name, each.sentence] for each in steps]
        show_table(["结果", "步骤", "说明"], rows, nowrap=["结果", "步骤"])
        if all(each.ok for each in steps):
            st.success("连接正常。下一步：选定各市用哪种方式。")
        else:
            st.warning("请按没有通过的步骤的说明处理，再测试一次。")


def _kept() -> Mapping[int, Any]:
    kept: dict[int, Any] = st.session_state.setdefault(STEPS, {})
    return kept


def _mark(ok: bool) -> str:
    tone, text = ("good", "✓ 通过") if ok else ("bad", "✗ 没有通过")
    return f'<span class="sf-state sf-tone-{tone}">{text}</span>'


def _line(step: Any) -> str:
    return f'<div class="sf-line">{_mark(step.ok)}<b>{escape(step.name)}</b><span>{escape(step.sentence)}</span></div>'
