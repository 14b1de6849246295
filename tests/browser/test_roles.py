"""Every page for every role: what it shows and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import Role
from pages._catalog import PAGES, PageEntry
from tests.browser.driver import Server, go_to, open_at, put_away, signed_in, tab_of

WORK = [
    "", "round", "intake", "checks", "panel", "selection", "lists", "notices", "documents", "publications", "cases",
    "registry", "deadlines", "online", "calendar", "cohort", "ledger", "help",
]  # fmt: skip
# what is opened from elsewhere, and whom it is open to
UNLISTED = {"decision": {Role.ADMIN, Role.STAFF, Role.SUPERVISOR}}
SHOWN = {
    Role.ADMIN: [*WORK[:-1], "accounts", "help"],
    Role.STAFF: WORK,
    Role.SUPERVISOR: [path for path in WORK if path != "cohort"],
    Role.EXPERT: ["", "reviews", "help"],
}
CASES = [(role, entry) for role in Role for entry in PAGES]


@pytest.fixture(scope="module")
def windows(server: Server, browser: Browser) -> Iterator[dict[Role, Page]]:
    """A browser window of each role, kept through the module."""
    opened = {role: signed_in(browser, server, role) for role in Role}
    yield {role: tab_of(context) for role, context in opened.items()}
    for context in opened.values():
        put_away(context)


@pytest.mark.parametrize(("role", "entry"), CASES, ids=[f"{role}-{entry.path or 'today'}" for role, entry in CASES])
def test_a_page_opens_or_refuses_by_role(windows: dict[Role, Page], role: Role, entry: PageEntry) -> None:
    page = windows[role]
    shown = entry.path in SHOWN[role] or role in UNLISTED.get(entry.path, ())
    # what is refused is asked for as by one who types its address
    (go_to if shown else open_at)(page, f"/{entry.path}", entry.title)
    refusal = page.get_by_text("无权查看：")
    if shown:
        expect(refusal).to_have_count(0)
        expect(page.locator('[data-testid="stMain"] [data-testid="stCaptionContainer"]').first).not_to_be_empty()
    else:
        assert entry.permission is not None
        expect(refusal).to_have_text(
            f"无权查看：您的角色“{role.label}”不能{entry.permission.value}。如需办理，请联系管理员。"
        )
        # nothing of the page's own stands behind the refusal
        assert page.locator('[data-testid="stMain"] :is(table, input, [data-testid="stDataFrame"])').count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_the_navigation_offers_what_the_role_may_open(server: Server, browser: Browser, role: Role) -> None:
    context = signed_in(browser, server, role)
    page = tab_of(context)
    open_at(page, "/", "今日")
    titles = {entry.path: entry.title for entry in PAGES}
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_text([titles[path] for path in SHOWN[role]])
    put_away(context)


def test_an_unknown_address_is_answered_in_chinese(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.STAFF)
    page = tab_of(context)
    answer = page.goto("/nothing/here")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("没有这个页面")
    put_away(context)
