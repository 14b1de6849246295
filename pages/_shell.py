"""Who you are and what you may do: `open_page()` is the first line of every page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import streamlit as st

from core import views
from core.accounts import Actor, Permission
from core.bootstrap import App
from core.services.accounts import actor_of
from core.views import RoundView
from pages._parts.tables import empty
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
    if st.session_state.get("page") != title:
        st.session_state["page"], st.session_state["pins"] = title, {}
    # always one element, so that a message moves nothing below it and no opened part closes
    with st.container():
        _show_flashes()
    return Desk(app, actor)


def the_round(desk: Desk) -> RoundView:
    """The round being worked on: the newest, or the one chosen in the sidebar. Stops where there is none yet."""
    found = views.rounds(desk.app)
    if not found:
        empty("还没有年度轮次。请先建立轮次、确定推荐单位和共享文件夹。", page="round.py", label="去建立年度轮次")
        st.stop()
    if len(found) == 1:
        return found[0]
    years = {each.year: each for each in found}
    # the box reads and writes what it shows (2026年度); people write the bare year
    asked = st.query_params.get("year", "")
    if asked.isdecimal() and int(asked) in years:
        del st.query_params["year"]
        st.session_state["year"] = int(asked)
    chosen = st.sidebar.selectbox(
        "年度轮次", list(years), format_func=lambda year: years[year].title, key="year", bind="query-params"
    )
    return years[chosen]


def _show_flashes() -> None:
    said = st.session_state.pop("flashes", [])
    for kind, text in said:
        getattr(st, kind)(text)
    if said:
        # whoever acted further down sees what came of it; the number lets the browser run the same lines again
        count = st.session_state["said"] = st.session_state.get("said", 0) + 1
        script = f"document.querySelector('[data-testid=\"stMain\"]').scrollTo(0, 0); // {count}"
        st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


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
