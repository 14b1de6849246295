"""No English, nothing from outside, no fault on any page; and its picture."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from core.accounts import Role
from pages._catalog import PAGES
from tests.browser.driver import Server, go_to, open_at, picture, signed_in
from tests.browser.seed import Seeded, seed

WIDE = 1440
SIZES = [(WIDE, 900), (1024, 768)]
TITLES = {f"/{entry.path}": entry.title for entry in PAGES}
# addresses with something open in them, beside the plain pages
OPENED = {
    "/checks?app=1": "条件审核",
    "/checks?app=2&item=annex1.resources": "条件审核",
    "/checks?look=chart": "条件审核",
    "/checks?kind=base": "条件审核",
    "/intake?city=沈阳市": "推荐接收",
    "/calendar?of=2027&start=2027-02-01&days=10": "工作日历",
    "/help?part=criteria": "填报说明与标准",
    "/help?part=clauses": "填报说明与标准",
    "/decision?application=1": "申报办理卷",
}
ALLOWED = {
    "xlsx", "docx", "csv", "shifan",  # file types and our own name
    "wps", "word",  # what the office opens documents with
    "for", "endfor",  # the marks of a template's loop, typed as they stand
    "google", "cloud", "api", "sheets", "drive", "json", "iam", "console", "com",  # what Google itself calls its things
    "sha",  # how a check value is reckoned, for whoever reckons it again
    "root", "admin", "staff", "expert", "supervisor",  # logins of this test
    "tmp", "home", "folder", "pytest", "srv",  # the folder's own path
}  # fmt: skip
VISIBLE_WORDS = """() => {
  const seen = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent || parent.closest('script,style,noscript,[data-testid="stIconMaterial"]')) continue;
    const style = getComputedStyle(parent);
    if (parent.getClientRects().length && style.visibility !== 'hidden') seen.push(walker.currentNode.data);
  }
  for (const one of document.querySelectorAll('[placeholder],[title]'))
    seen.push(one.getAttribute('placeholder') || '', one.getAttribute('title') || '');
  return seen.join('\\n');
}"""


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """A round with something on every page."""
    return seed(server)


@pytest.fixture(scope="module")
def windows(server: Server, browser: Browser) -> Iterator[dict[int, tuple[Page, list[str]]]]:
    """A browser window of each width, kept through the module, with the troubles seen in it."""
    opened = {width: signed_in(browser, server, Role.ADMIN, width, height) for width, height in SIZES}
    pages = {width: context.new_page() for width, context in opened.items()}
    yield {width: (page, listen(page, server)) for width, page in pages.items()}
    for context in opened.values():
        context.close()


def english(text: str, folder: str) -> list[str]:
    """Latin words of three letters and more that are not allowed. Check values are figures, not words."""
    words = re.findall(r"[A-Za-z]{3,}", re.sub(r"\b[0-9a-f]{64}\b", "", text.replace(folder, "")))
    return sorted({word for word in words if word.lower() not in ALLOWED})


@pytest.mark.parametrize("size", SIZES, ids=["1440", "1024"])
@pytest.mark.parametrize("path", [*TITLES, *OPENED])
def test_a_page_is_chinese_quiet_and_at_home(
    windows: dict[int, tuple[Page, list[str]]], round_: Seeded, path: str, size: tuple[int, int]
) -> None:
    page, troubles = windows[size[0]]
    troubles.clear()
    # loaded in the one window, for what a load itself asks for and complains of; gone to within the app in the other
    (open_at if size[0] == WIDE else go_to)(page, path, (TITLES | OPENED)[path])
    assert english(page.evaluate(VISIBLE_WORDS), str(round_.folder)) == []
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert troubles == []
    if size[0] == WIDE:
        main = page.get_by_test_id("stMain")
        assert main.evaluate("one => one.scrollWidth <= one.clientWidth")
        wide = "one => [...one.querySelectorAll('.sf-wrap')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        assert main.evaluate(wide) == 0
    name = re.sub(r"[^a-z0-9]+", "-", path.lstrip("/").lower()).strip("-") or "today"
    picture(page, f"{name}-{size[0]}")


def listen(page: Page, server: Server) -> list[str]:
    """Collects console errors, faults in scripts, failed answers, and requests that leave this machine."""
    troubles: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            troubles.append(f"console: {message.text}")

    def request(one: Request) -> None:
        if not one.url.startswith((server.address, "data:", "blob:")):
            troubles.append(f"outside: {one.url}")

    def response(one: Response) -> None:
        if one.status >= 400:
            troubles.append(f"{one.status}: {one.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("request", request)
    page.on("response", response)
    return troubles
