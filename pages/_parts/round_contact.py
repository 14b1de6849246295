"""The contact of a round: whom one reaches about its notices and documents."""

from __future__ import annotations

import streamlit as st

from core import views
from core.accounts import Permission
from core.services import contacts as service
from core.services.contacts import Contact
from core.views import RoundView
from pages._parts.forms import act, pin, unpin
from pages._parts.tables import facts
from pages._shell import Desk


def contact_form(desk: Desk, chosen: RoundView) -> None:
    """Shows the contact; whoever may set the round changes it here."""
    current = views.round_contact(desk.app, chosen.id)
    if not desk.may(Permission.MANAGE_ROUND):
        _shown(current.contact)
        return
    st.write("公示、通知、公告和函里的联系方式从这里取；登记公示时也先填好这里的内容。已经公示、印发的不受影响。")
    name = f"contact-{chosen.id}"
    held = pin(name, lambda: current)
    before = held.contact or Contact("", "", "", "")
    key = f"{name}-{held.version}"
    with st.form(key):
        left, right = st.columns(2)
        unit = left.text_input(
            "联系单位（必填）",
            before.unit,
            max_chars=100,
            key=f"{key}-unit",
            placeholder="例如：某某处",
        )
        phone = right.text_input(
            "联系电话（必填）", before.phone, max_chars=60, key=f"{key}-phone", placeholder="单位的办公电话，会对外公开"
        )
        address = left.text_input(
            "通讯地址（必填）", before.address, max_chars=200, key=f"{key}-address", placeholder="信函寄到哪里"
        )
        mailbox = right.text_input("电子邮箱（没有就不填）", before.mailbox, max_chars=100, key=f"{key}-mailbox")
        why = ""
        if held.version:
            why = st.text_input("理由（必填）", placeholder="例如：处室电话变更", max_chars=500, key=f"{key}-why")
        pressed = st.form_submit_button("保存联系方式", type="primary")
    if pressed:

        def work() -> str:
            given = Contact(phone, address, mailbox, unit)
            service.set_contact(desk.app, desk.actor, chosen.id, held.version, given, why)
            unpin(name)
            return "联系方式已保存。"

        act(work)


def _shown(contact: Contact | None) -> None:
    if contact is None:
        st.write("还没有填写联系方式。")
        return
    facts(
        {
            "联系单位": contact.unit,
            "联系电话": contact.phone,
            "通讯地址": contact.address,
            "电子邮箱": contact.mailbox or "没有填写",
        }
    )
