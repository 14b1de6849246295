"""Private calendar addresses: made for what the page shows, shown once, ended by their owner."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from core import views
from core.services import feeds as service
from core.services.due import Filters
from pages._feed import PREFIX, SUFFIX
from pages._parts.forms import act
from pages._parts.words import moment
from pages._shell import Desk

SHOWN = "feed-address"


def subscriptions(desk: Desk, filters: Filters) -> None:
    """The address just made, a button for another one, and those that stand."""
    pins = st.session_state["pins"]
    with st.expander("订阅到手机或电脑的日历", expanded=SHOWN in pins):
        st.write(
            "日历软件按订阅地址自己取数，期限变了会跟着变。地址相当于钥匙：知道的人不用登录就能看到这些期限，"
            "请不要转发；不用了就停用，停用后立即失效。"
        )
        if SHOWN in pins:
            st.success("地址已建立，只显示这一次：请现在复制到日历软件的“添加订阅日历”（从网址添加）里。")
            st.code(pins[SHOWN], language=None, wrap_lines=True)
        if st.button(f"为“{filters.words}”建立订阅地址"):
            act(partial(_make, desk, filters))
        held = views.own_feeds(desk.app, desk.actor)
        if held:
            st.write("您建立的订阅地址：")
        for each in held:
            left, right = st.columns([5, 1], vertical_alignment="center")
            left.write(f"{each.words}，{moment(each.made_at)}建立")
            if right.button("停用", key=f"end-feed-{each.id}", width="stretch"):
                act(partial(_end, desk, each.id))


def _make(desk: Desk, filters: Filters) -> None:
    token = service.make_feed(desk.app, desk.actor, filters.query)
    here = urlsplit(st.context.url or "")
    st.session_state["pins"][SHOWN] = f"{here.scheme}://{here.netloc}{PREFIX}{token}{SUFFIX}"


def _end(desk: Desk, feed_id: int) -> str:
    service.end_feed(desk.app, desk.actor, feed_id)
    st.session_state["pins"].pop(SHOWN, None)
    return "订阅地址已停用，从现在起打不开。"
