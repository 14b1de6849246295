"""Every button that downloads, on every page, for every role: what comes tells no score, rank or order of scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from core.accounts import Actor, Role
from core.publication.lists import KINDS
from core.services import accounts
from pages._catalog import PAGES
from tests.browser.driver import Server, go_to, put_away, running_server, signed_in, tab_of
from tests.chosen import chosen
from tests.notices import SELECTED, publish
from tests.office import PASSWORD, Office, Worlds
from tests.panels import seen
from tests.publication.leaving import told
from tests.publication.scored_round import EXACT, figures, score_round
from tests.publication.ways_out import NEEDED

LOGINS = {Role.ADMIN: "zhang", Role.STAFF: "li", Role.EXPERT: "wang", Role.SUPERVISOR: "chen"}
BUTTON = '[data-testid="stMain"] [data-testid="stDownloadButton"] button'
# what is internal and says so on every page (tests/publication/ways_out.py)
INTERNAL = {"decision"}
MORE = [*(f"lists?list={kind}" for kind in KINDS), *(f"panel?tab={tab}" for tab in ("assign", "scores", "books"))]
ADDRESSES = [*(entry.path for entry in PAGES if entry.path not in INTERNAL), *MORE]
TITLES = {entry.path: entry.title for entry in PAGES}
# an administrator has what staff have, and pages of their own
STAFF = Actor(None, "", "", Role.STAFF)
OWN = [entry.path for entry in PAGES if not entry.open_to(STAFF)]
LEAST = {Role.ADMIN: 0, Role.STAFF: 8, Role.SUPERVISOR: 2, Role.EXPERT: 0}


def propose(office: Office) -> None:
    """Who scored well and who did not are published together."""
    office.on(SELECTED)
    ids = [each.id for each in seen(office).subjects.values()]
    chosen(office.app, office.staff, office.round_id, SELECTED, ids)
    publish(office)


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a scored round with a list that is published; somebody of every role is signed in."""
    home = tmp_path_factory.mktemp("leaving") / "home"
    office = worlds.office("sqlite", "opened", home)
    score_round(office)
    propose(office)
    office.app.close()
    with running_server(home) as running:
        for role, login in LOGINS.items():
            running.tokens[role] = accounts.sign_in(running.app, login=login, password=PASSWORD)
        yield running


def downloads(page: Page, address: str) -> dict[str, bytes]:
    """Every file that a page offers, by its name."""
    go_to(page, f"/{address}", TITLES[address.partition("?")[0]])
    found = {}
    for button in page.locator(BUTTON).all():
        with page.expect_download() as coming:
            button.evaluate("(one) => one.click()")  # also where its part is folded
        found[coming.value.suggested_filename] = Path(coming.value.path()).read_bytes()
    return found


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_can_download_tells_nothing(server: Server, browser: Browser, role: Role) -> None:
    context = signed_in(browser, server, role)
    page = tab_of(context)
    found: dict[str, bytes] = {}
    for address in OWN if role is Role.ADMIN else ADDRESSES:
        files = downloads(page, address)
        needed = NEEDED["scoring books"] if "tab=books" in address else ()
        assert told(files, figures(), EXACT, needed) == [], address
        found |= files
    put_away(context)
    assert len(found) >= LEAST[role]
    assert bool(found) == bool(LEAST[role])
