"""Signing in and out, and how a right to be here ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.accounts import Role
from core.services import accounts
from core.store.tables import accounts as table
from pages._process import COOKIE_NAME
from tests.browser.driver import PASSWORD, Server, first_token, heading, running_server, settled, signed_in


@pytest.fixture
def window(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser without a session."""
    context = browser.new_context(base_url=server.address, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    yield context
    context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    """Fills the sign-in form."""
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def account_row(server: Server, login: str) -> tuple[int, int]:
    """Id and version of an account."""
    with server.app.reader.connect() as connection:
        row = connection.execute(table.select().where(table.c.login == login)).one()
    return row.id, row.version


def chief(server: Server) -> accounts.Actor:
    """The first administrator as an actor."""
    actor = accounts.actor_of(server.app, accounts.sign_in(server.app, login="root-1", password=PASSWORD))
    assert actor is not None
    return actor


def test_the_first_administrator_is_made_in_the_browser(tmp_path: Path, browser: Browser) -> None:
    with running_server(tmp_path / "fresh") as server:
        context = browser.new_context(base_url=server.address)
        page = context.new_page()
        page.goto("/")
        fields = {"账号（小写字母、数字）": "first-1", "姓名": "首任管理员", "密码（至少 10 位）": PASSWORD}
        for label, value in {**fields, "一次性口令（见服务器启动窗口）": "wrong", "再输一次密码": PASSWORD}.items():
            page.get_by_label(label).fill(value)
        page.get_by_role("button").click()
        expect(page.get_by_role("alert")).to_have_text("一次性口令不对。请到服务器启动窗口查看“首次使用”一行。")
        page.get_by_label("一次性口令（见服务器启动窗口）").fill(first_token(server))
        page.get_by_label("密码（至少 10 位）").fill(PASSWORD)
        page.get_by_label("再输一次密码").fill(PASSWORD)
        page.get_by_role("button").click()
        expect(heading(page)).to_have_text("今日")
        settled(page)
        cookie = next(cookie for cookie in context.cookies() if cookie["name"] == COOKIE_NAME)
        assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
        # the door closes behind the first
        assert page.request.get("/setup").url == f"{server.address}/"
        context.close()


def test_right_and_wrong_passwords(server: Server, window: BrowserContext) -> None:
    login, page = server.account(Role.STAFF), window.new_page()
    page.goto("/ledger")
    sign_in(page, login, "wrong-password")
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
    sign_in(page, "nobody-1", PASSWORD)
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
    sign_in(page, login, PASSWORD)
    # one lands where one wanted to go
    expect(heading(page)).to_have_text("操作留痕")
    page.reload()
    expect(heading(page)).to_have_text("操作留痕")


def test_sign_in_never_leads_to_another_site(server: Server, window: BrowserContext) -> None:
    login, page = server.account(Role.STAFF), window.new_page()
    page.goto("/login?next=//elsewhere.example/checks")
    sign_in(page, login, PASSWORD)
    expect(heading(page)).to_have_text("今日")
    assert page.url == f"{server.address}/"


def test_guessing_is_slowed_down(server: Server, window: BrowserContext) -> None:
    server.account(Role.STAFF)
    page = window.new_page()
    page.goto("/login")
    for _ in range(5):
        sign_in(page, "guessed-1", "wrong-password")
        expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")
        page.goto("/login")
    sign_in(page, "guessed-1", "wrong-password")
    expect(page.get_by_role("alert")).to_have_text("连续输错次数过多，请 5 分钟后再试，或请管理员重置密码。")


def test_signing_out_ends_every_tab(server: Server, window: BrowserContext) -> None:
    login, page = server.account(Role.SUPERVISOR), window.new_page()
    page.goto("/login")
    sign_in(page, login, PASSWORD)
    expect(heading(page)).to_have_text("今日")
    other = window.new_page()
    other.goto("/help")
    expect(heading(other)).to_have_text("填报说明与标准")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading")).to_have_text("登录")
    assert [cookie for cookie in window.cookies() if cookie["name"] == COOKIE_NAME] == []
    other.get_by_role("link", name="今日").click()
    expect(other.get_by_role("heading", name="登录")).to_be_visible()


def test_a_link_cannot_sign_anybody_out(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.STAFF)
    page = context.new_page()
    page.goto("/logout")
    expect(heading(page)).to_have_text("今日")
    context.close()


def test_a_stopped_account_stops_at_its_next_click(server: Server, window: BrowserContext) -> None:
    server.account(Role.STAFF)
    boss = chief(server)
    accounts.create_account(server.app, boss, login="short-1", name="戊临时", role=Role.STAFF, password=PASSWORD)
    page = window.new_page()
    page.goto("/login")
    sign_in(page, "short-1", PASSWORD)
    expect(heading(page)).to_have_text("今日")
    settled(page)
    number, version = account_row(server, "short-1")
    accounts.change_account(
        server.app, boss, number, version, name="戊临时", role=Role.STAFF, unit_name="", active=False, why="测试停用"
    )
    page.get_by_role("link", name="填报说明与标准").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    sign_in(page, "short-1", PASSWORD)
    expect(page.get_by_role("alert")).to_have_text("账号或密码不正确。")


def test_a_changed_role_holds_from_the_next_click(server: Server, window: BrowserContext) -> None:
    server.account(Role.STAFF)
    boss = chief(server)
    accounts.create_account(server.app, boss, login="moved-1", name="己调岗", role=Role.STAFF, password=PASSWORD)
    page = window.new_page()
    page.goto("/login")
    sign_in(page, "moved-1", PASSWORD)
    expect(heading(page)).to_have_text("今日")
    settled(page)
    number, version = account_row(server, "moved-1")
    accounts.change_account(
        server.app, boss, number, version, name="己调岗", role=Role.EXPERT, unit_name="", active=True, why="转任专家"
    )
    page.get_by_role("link", name="操作留痕").click()
    expect(page.get_by_text("无权查看：")).to_have_text(
        "无权查看：您的角色“评审专家”不能查看操作留痕。如需办理，请联系管理员。"
    )


def test_a_first_password_must_be_changed_before_anything_else(server: Server, window: BrowserContext) -> None:
    server.account(Role.STAFF)
    first = accounts.create_account(server.app, chief(server), login="new-1", name="庚新人", role=Role.STAFF)
    page = window.new_page()
    page.goto("/login")
    sign_in(page, "new-1", first)
    expect(page.get_by_role("heading")).to_have_text("修改密码")
    page.goto("/checks")
    expect(page.get_by_role("heading")).to_have_text("修改密码")
    for label, value in {"原密码": first, "新密码（至少 10 位）": "short", "再输一次新密码": "short"}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_have_text("密码至少 10 位，请重新设置。")
    for label, value in {"原密码": first, "新密码（至少 10 位）": PASSWORD, "再输一次新密码": PASSWORD}.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button").click()
    expect(heading(page)).to_have_text("今日")
