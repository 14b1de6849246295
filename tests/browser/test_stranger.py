"""A stranger on a fresh server sees the sign-in and nothing else."""

from __future__ import annotations

import urllib.error
import urllib.request
from http.client import HTTPConnection

import pytest
from playwright.sync_api import Browser, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pages._catalog import PAGES
from pages._process import COOKIE_NAME
from tests.browser.driver import Server

ADDRESSES = [f"/{entry.path}" for entry in PAGES]
INNER = [
    "/_stcore/metrics",
    "/_stcore/host-config",
    "/static/js/index.js",
    "/media/x.png",
    "/component/x/y",
    "/nothing",
]


def answer(server: Server, path: str, *, accept: str = "text/html", cookie: str = "") -> tuple[int, str, str]:
    """Status, Location and text of a plain request that follows no redirect."""
    connection = HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    headers = {"Accept": accept, "X-App-User": "admin", "X-Forwarded-User": "admin"}
    if cookie:
        headers["Cookie"] = f"{COOKIE_NAME}={cookie}"
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    found = response.status, response.headers.get("Location", ""), response.read().decode()
    connection.close()
    return found


@pytest.mark.parametrize("cookie", ["", "made-up"])
@pytest.mark.parametrize("path", ADDRESSES + INNER)
def test_every_address_leads_a_stranger_to_the_first_setup(server: Server, path: str, cookie: str) -> None:
    assert answer(server, path, cookie=cookie) == (303, "/setup", "")


@pytest.mark.parametrize("path", ADDRESSES + INNER)
def test_a_program_without_a_session_gets_one_sentence(server: Server, path: str) -> None:
    assert answer(server, path, accept="*/*") == (401, "", "请先登录。")


@pytest.mark.parametrize("cookie", ["", "made-up"])
@pytest.mark.parametrize("path", ["", *[entry.path for entry in PAGES if entry.path]])
def test_no_socket_opens_for_a_stranger(server: Server, path: str, cookie: str) -> None:
    inside = f"/{path}/_stcore/stream" if path else "/_stcore/stream"
    headers = {"Cookie": f"{COOKIE_NAME}={cookie}", "X-App-User": "admin"} if cookie else {}
    with pytest.raises(InvalidStatus) as refused:
        connect(
            server.address.replace("http", "ws") + inside,
            origin=server.address,  # type: ignore[arg-type]
            subprotocols=["streamlit"],  # type: ignore[list-item]
            additional_headers=headers,
        )
    assert refused.value.response.status_code == 403


def test_the_health_check_says_only_that_the_process_lives(server: Server) -> None:
    assert answer(server, "/_stcore/health", accept="*/*") == (200, "", "ok")


def test_the_browser_shows_the_form_and_nothing_else(server: Server, browser: Browser) -> None:
    context = browser.new_context(base_url=server.address)
    page = context.new_page()
    page.goto("/checks?app=1")
    expect(page.get_by_role("heading")).to_have_text(["建立管理员"])
    expect(page.locator("label")).to_have_text(
        ["一次性口令（见服务器启动窗口）", "账号（小写字母、数字）", "姓名", "密码（至少 10 位）", "再输一次密码"]
    )
    expect(page.get_by_role("button")).to_have_text(["建立并登录"])
    assert page.locator("a, nav, table, [data-testid]").count() == 0
    context.close()


@pytest.mark.parametrize("path", ["/setup", "/login", "/password", "/logout"])
@pytest.mark.parametrize("origin", ["", "http://elsewhere.example", "null"])
def test_a_form_from_another_site_is_refused(server: Server, path: str, origin: str) -> None:
    request = urllib.request.Request(server.address + path, data=b"login=a&password=b", method="POST")
    if origin:
        request.add_header("Origin", origin)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(Stay).open(request, timeout=20)
    # /login and /password lead on before they read a form: there is no account yet, and no session
    assert refused.value.code == {"/setup": 400, "/login": 303, "/password": 303, "/logout": 403}[path]
    refused.value.close()
