"""The template of a kind of document: which one is in use, taking it out, putting another in its place, going back."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.services import document_templates as service
from core.services import documents
from core.services.document_templates import OwnTemplate
from core.views.documents import template_fields, template_in_use
from pages._parts.document import DOCX
from pages._parts.forms import act, own_act, reason_form, shown_version
from pages._parts.tables import show_table
from pages._parts.words import moment
from pages._shell import Desk


def templates(desk: Desk, kind: str) -> None:
    """All of it in one part that is closed at first."""
    own = template_in_use(desk.app, kind)
    seen = shown_version(f"template-{kind}", own.id if own else 0) or None
    name = documents.KINDS[kind]
    with st.expander(f"“{name}”的模板"):
        st.write(_state(own))
        one, two, _ = st.columns([1, 1, 1.6])
        one.download_button(
            "下载现用的模板", lambda: service.template_file(desk.app, desk.actor, kind)[1],
            file_name=f"模板-{name}.docx", mime=DOCX, on_click="ignore", key=f"template-{kind}",
        )  # fmt: skip
        if own is not None:
            two.download_button(
                "下载自带的模板", lambda: service.template_file(desk.app, desk.actor, kind, ours=True)[1],
                file_name=f"模板-{name}（自带）.docx", mime=DOCX, on_click="ignore", key=f"ours-{kind}",
            )  # fmt: skip
        left, right = st.columns([1, 1.3], gap="medium")
        if desk.may(Permission.RUN_NOTICES):
            with left:
                _replace(desk, kind, seen)
                if own is not None:
                    _restore(desk, kind, own, seen)
        with right:
            _fields(kind)


def _state(own: OwnTemplate | None) -> str:
    if own is None:
        return "现在用自带的模板。下载后用 WPS 文字或 Word 改文字、改格式，保留双大括号里的字段，再上传更换。"
    return f"现在用本厅的模板“{own.file_name}”，{own.who} {moment(own.at)}更换。"


def _replace(desk: Desk, kind: str, seen: int | None) -> None:
    done = st.session_state.setdefault(f"template-done-{kind}", 0)
    key = f"replace-{kind}-{done}"
    with st.form(key):
        uploaded = st.file_uploader("更换模板（docx）", type=["docx"], key=f"{key}-file")
        why = st.text_input("理由（必填）", placeholder="例如：按本厅格式修改", max_chars=500, key=f"{key}-why")
        pressed = st.form_submit_button("更换模板", type="primary")
    if not pressed:
        return
    if uploaded is None:
        st.error("请先选择要上传的模板文件。")
        return
    data, name = uploaded.getvalue(), uploaded.name

    def work() -> str:
        service.replace_template(desk.app, desk.actor, kind, name, data, seen, why)
        st.session_state[f"template-done-{kind}"] += 1
        own_act(f"template-{kind}")
        return f"已更换“{documents.KINDS[kind]}”的模板，以后生成的都用它。请核对文稿。"

    act(work)


def _restore(desk: Desk, kind: str, own: OwnTemplate, seen: int | None) -> None:
    says = f"改回以后不再用“{own.file_name}”，它仍保留备查；已经下载、印发的不变。"
    why = reason_form(f"restore-{kind}", says, "改回自带的模板", primary=False, hint="例如：格式已不适用")
    if why is not None:

        def work() -> str:
            service.restore_template(desk.app, desk.actor, kind, seen or own.id, why)
            own_act(f"template-{kind}")
            return f"“{documents.KINDS[kind]}”已改回自带的模板。"

        act(work)


def _fields(kind: str) -> None:
    rows = [
        (f"{{{{ {each.name} }}}}", "必须有" if each.required else "可以没有", each.meaning)
        for each in template_fields(kind)
    ]
    show_table(["字段", "模板里", "是什么"], rows, nowrap=["字段", "模板里"])
