"""A real server on a free port with a folder of its own, and the few gestures that the browser tests share."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from core.accounts import Role
from core.bootstrap import App, build
from core.serve import free_port
from core.services import accounts
from core.settings import PROJECT, Settings, sqlite_url
from pages._process import COOKIE_NAME

START_SECONDS = 60
PASSWORD = "correct-horse"
# without windows where there is one: the other draws its own buttons beside each page, in a process of their own
HEADLESS, WHOLE = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("SHIFAN_CHROMIUM") or (HEADLESS if Path(HEADLESS).exists() else WHOLE)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    # a new tab of a window finds the app read already
    "--process-per-site",
]
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
GO = "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }"


@dataclass(slots=True)
class Server:
    """A running server. `app` opens the same store from the test's side."""

    home: Path
    address: str
    process: subprocess.Popen[str]
    lines: list[str]
    app: App
    tokens: dict[Role, str] = field(default_factory=dict)

    def account(self, role: Role) -> str:
        """Makes an account named for the role (once) and gives its login."""
        login = f"{role.value}-1"
        if role not in self.tokens:
            if accounts.needs_first_admin(self.app):
                token = accounts.setup_token(self.app)
                accounts.create_first_admin(self.app, token=token, login="root-1", name="首任管理员", password=PASSWORD)
            chief = accounts.actor_of(self.app, accounts.sign_in(self.app, login="root-1", password=PASSWORD))
            assert chief is not None
            names = {Role.ADMIN: "甲管理", Role.STAFF: "乙经办", Role.EXPERT: "丙专家", Role.SUPERVISOR: "丁监督"}
            accounts.create_account(
                self.app, chief, login=login, name=names[role], role=role, unit_name="虚构处室", password=PASSWORD
            )
            self.tokens[role] = accounts.sign_in(self.app, login=login, password=PASSWORD)
        return login

    def stop(self) -> str:
        """Stops the server and gives what it printed."""
        self.process.terminate()
        self.process.wait(timeout=30)
        self.app.close()
        return "\n".join(self.lines)


@contextmanager
def running_server(home: Path, port: int = 0, **environment: str) -> Iterator[Server]:
    """Starts the app as `streamlit run streamlit_app.py` does, from another folder than the project's.

    `port`: any free one, or the one of a server that has stopped.
    """
    home.mkdir(parents=True, exist_ok=True)
    port = _left_port(port)
    settings = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SHIFAN_", "STREAMLIT_")) or name == "SHIFAN_SCREENSHOTS"
    }
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "streamlit_app.py"), f"--server.port={port}"]
    process = subprocess.Popen(
        command,
        env={**settings, "SHIFAN_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    lines: list[str] = []
    started = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "工作台已启动" in line:
                started.set()
        started.set()

    reader = threading.Thread(target=listen, daemon=True)
    reader.start()
    assert started.wait(START_SECONDS), "the server did not start"
    assert process.poll() is None, "\n".join(lines)
    address = re.search(r"http://\S+", next(line for line in lines if "工作台已启动" in line))
    assert address is not None
    # the token line follows within the same breath: the server answers only after it
    folder = Path(environment.get("SHIFAN_HOME", str(home)))
    app = build(Settings(folder, sqlite_url(folder)))
    server = Server(home, address.group(), process, lines, app)
    try:
        yield server
    finally:
        if process.poll() is None:
            server.stop()
        reader.join(timeout=10)
        assert process.stdout is not None
        process.stdout.close()
        _left.append(int(server.address.rpartition(":")[2]))


# ports of servers that have stopped: a window that was put away has read the app at that address
_left: list[int] = []


def _left_port(port: int) -> int:
    """The port that is asked for, or where any will do (0) the last that a server has left, if nobody took it."""
    if port in _left:
        _left.remove(port)
    while not port and _left:
        left = _left.pop()
        port = left if free_port("127.0.0.1", left) == left else 0
    return port


def first_token(server: Server) -> str:
    """The one-time token that the server printed."""
    line = next(line for line in server.lines if line.startswith("首次使用"))
    return line.split("一次性口令 ")[1].split(" ")[0]


def cell_texts(table: Locator) -> list[list[str]]:
    """The texts of a table's body, row by row, all of one moment."""
    texts = "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    found: list[list[str]] = table.locator("tbody tr").evaluate_all(texts)
    return found


def signed_in(browser: Browser, server: Server, role: Role, width: int = 1440, height: int = 900) -> BrowserContext:
    """A browser window in which a person of the role is signed in."""
    server.account(role)
    kind = (server.address, width, height)
    if _spare.get(kind):
        context = _spare[kind].pop()
    else:
        size: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(viewport=size, locale="zh-CN", base_url=server.address)
        _made_for[context] = kind
    context.add_cookies([{"name": COOKIE_NAME, "value": server.tokens[role], "url": server.address}])
    return context


# windows that were put away, by what they were made for: a new one would have to fetch and read the whole app again
_spare: dict[tuple[str, int, int], list[BrowserContext]] = {}
_made_for: dict[BrowserContext, tuple[str, int, int]] = {}
# their one tab that stays open, and those that were handed out: a new tab would have to read the whole app again too
_kept: dict[BrowserContext, Page] = {}
_lent: set[Page] = set()


def tab_of(context: BrowserContext) -> Page:
    """A tab of a window of `signed_in`, for tests that set nothing which outlives a load (dialogs, media, routes)."""
    page = _kept.pop(context, None) or context.new_page()
    _lent.add(page)
    return page


def put_away(context: BrowserContext) -> None:
    """Signs out of a window of `signed_in` and closes its tabs but one; it serves again for that address and size."""
    context.set_offline(False)
    address, width, height = kind = _made_for[context]
    for page in [page for page in context.pages if page is not _kept.get(context)]:
        if page not in _lent or context in _kept:
            page.close()
            continue
        _lent.discard(page)
        # of the same origin, or the browser would begin another process; nothing runs there
        page.goto(f"{address}/_stcore/health")
        page.evaluate("sessionStorage.clear(), localStorage.clear()")
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(0, 0)
        _kept[context] = page
    context.clear_cookies()
    _spare.setdefault(kind, []).append(context)


def settled(page: Page) -> None:
    """Waits until the script has run and nothing on the page is stale."""
    page.locator(READY).wait_for()
    expect(page.locator('[data-stale="true"]')).to_have_count(0)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
    # our own tables and forms draw themselves a moment after the script: until then another table is the first
    expect(page.locator('[data-testid="stBidiComponentRegular"]:not([data-own-words])')).to_have_count(0)


def open_at(page: Page, path: str, title: str) -> None:
    """Opens a page by its address and waits for its title."""
    page.goto(path)
    expect(heading(page)).to_have_text(title)
    settled(page)


def go_to(page: Page, path: str, title: str) -> None:
    """Goes to another page in the session that is open, as Back does, and waits for its title.

    The app is not read anew, which costs three times as much: for tests that look at many pages and leave nothing
    typed on them. A tab that shows nothing of the app yet, or this very page, loads the address instead: only another
    title tells that the script has run.
    """
    same = urlsplit(page.url).path == urlsplit(path).path
    if same or page.locator(READY).count() == 0:
        page.goto(path)
    else:
        page.evaluate(GO, path)
    expect(heading(page)).to_have_text(title)
    settled(page)


def heading(page: Page) -> Locator:
    """The page's title."""
    return page.locator('[data-testid="stMain"] h1')


def choose(page: Page, label: str, option: str) -> None:
    """Picks an option of a select box, in view first: its list closes where the page still scrolls to it."""
    box = page.get_by_label(label, exact=True).first
    box.scroll_into_view_if_needed()
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the page where `SHIFAN_SCREENSHOTS` names a folder."""
    folder = os.environ.get("SHIFAN_SCREENSHOTS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
