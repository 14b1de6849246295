"""Who you are and what you may do: `open_page()` is the first line of every page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import actor_of
from pages._parts.words import day
from pages._process import cookie_name, the_app


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with: the App, and the person in front of it."""

    app: App
    actor: Actor

    def may(self, permission: Permission) -> bool:
        """Whether the page may offer an act; the service asks again."""
        return self.actor.may(permission)


def session_token() -> str | None:
    """The token of this browser, from the cookie that only the gate sets."""
    return st.context.cookies.get(cookie_name())


def current_actor() -> Actor:
    """The person, read from the store at every run, so that a stopped account stops at its next click."""
    actor = actor_of(the_app(), session_token())
    if actor is None or actor.must_change:
        where = "/login" if actor is None else "/password"
        st.html(f"<script>window.location.replace('{where}')</script>", unsafe_allow_javascript=True)
        st.info(f"登录已失效，请[重新登录]({where})。")
        st.stop()
    return actor


def open_page(title: str, permission: Permission | None, purpose: str) -> Desk:
    """Opens a page or stops it: guard, banner, title with one line saying what the page is for, and messages."""
    app, actor = the_app(), current_actor()
    _banner(app)
    st.title(title, anchor=False)
    if permission is not None and not actor.may(permission):
        st.error(f"无权查看：您的角色“{actor.role.label}”不能{permission.value}。如需办理，请联系管理员。")
        st.page_link("today.py", label="回到今日")
        st.stop()
    st.caption(purpose)
    _show_flashes()
    return Desk(app, actor)


def flash(kind: str, text: str) -> None:
    """Keeps a message for the next run. `kind`: success, info, warning, error."""
    st.session_state.setdefault("flashes", []).append((kind, text))


def act(work: object, *, done: str = "") -> bool:
    """Runs an act (a callable), keeps what to say for the next run, and tells whether it was done."""
    try:
        said = work()  # type: ignore[operator]
    except Refused as refused:
        flash("error", str(refused))
        return False
    text = done or (said if isinstance(said, str) else "")
    if text:
        flash("success", text)
    return True


def _show_flashes() -> None:
    for kind, text in st.session_state.pop("flashes", []):
        getattr(st, kind)(text)


def _banner(app: App) -> None:
    parts = []
    if app.settings.demo:
        parts.append("演示轮次：单位、人员和数据均为虚构，与真实轮次分开保存。")
    if app.clock.fixed_day:
        parts.append(f"当前日期按设定取 {day(app.clock.fixed_day)}，不是真实日期。")
    if parts:
        st.html(f'<div class="sf-banner" role="note">{escape(" ".join(parts))}</div>')


def sidebar(actor: Actor) -> None:
    """Name, role, change of password, signing out."""
    with st.sidebar:
        st.html(
            f'<div class="sf-who"><b>{escape(actor.name)}</b><span>{actor.role.label}</span>'
            '<form action="/logout" method="post"><button type="submit">退出登录</button></form>'
            '<a href="/password">修改密码</a></div>'
        )
