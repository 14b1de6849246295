"""What the walk through a whole life needs besides its acts: a server on each day, and what a city has handed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.clock import Clock
from core.services import accounts, intake, rounds
from core.services.candidates import candidates
from core.store import tables
from tests.books import Sheets, template
from tests.browser.books import applicant, fill
from tests.browser.driver import PASSWORD, Server, choose, open_at, put_away, running_server, settled, signed_in, tab_of
from tests.browser.fields import fill_day, pick, unfold
from tests.browser.seed import staff
from tests.settled import settled as passing

CITY = "沈阳市"
NAME, OTHER, QUIET = (f"虚构第{number}中小企业服务平台" for number in (1, 2, 3))
CASE = 1  # the number of the one that is followed
CASES, SELECTION, NOTICES = "创建对象", "拟创建对象选定", "公示与异议"


@dataclass(frozen=True, slots=True)
class Day:
    """A working day: the server, and the window of one who does the work."""

    server: Server
    page: Page

    def act(self, label: str, button: str, **given: str) -> None:
        """Unfolds an act on the opened case, fills its fields in by their labels, and presses its button."""
        part = unfold(self.page, label)
        for field, text in given.items():
            part.get_by_label(field).fill(text)
        part.get_by_role("button", name=f"办理：{button}").click()

    def said(self, text: str) -> None:
        """Waits for what came of an act, word by word."""
        expect(self.page.get_by_test_id("stAlert").first).to_have_text(text)
        settled(self.page)


@contextmanager
def working_day(browser: Browser, home: Path, day: date) -> Iterator[Day]:
    """The server on a day, on the store as the days before have left it; nobody stays signed in for a year."""
    with running_server(home, SHIFAN_TODAY=day.isoformat()) as server:
        server.app.clock = Clock(day)
        if not accounts.needs_first_admin(server.app):
            login = f"{Role.STAFF.value}-1"
            server.tokens[Role.STAFF] = accounts.sign_in(server.app, login=login, password=PASSWORD)
        context = signed_in(browser, server, Role.STAFF)
        yield Day(server, tab_of(context))
        put_away(context)


def open_round(server: Server, year: int, *handed_in: Sheets) -> int:
    """Opens the round of a year and lays what the city hands in into its folder; gives the number of the round."""
    folder = server.home / str(year)
    folder.mkdir()
    path = folder / f"{year}-{CITY}.xlsx"
    path.write_bytes(template(CITY, year))
    fill(path, handed_in)
    return rounds.open_round(
        server.app, staff(server), year=year, reference_day=date(year, 6, 30), count_start=False, folder=str(folder)
    )


def first_round(server: Server) -> None:
    """Three platforms handed in, taken in and found to pass."""
    round_id = open_round(server, 2026, *(applicant(number) for number in (1, 2, 3)))
    [taken] = intake.take_in(server.app, staff(server), round_id, [CITY])
    assert taken.ok, taken.sentence
    for each in candidates(server.app, round_id):
        passing(server.app, staff(server), each.application_id)


def once_more(application: str) -> Sheets:
    """What the city hands in for its first platform later on."""
    made = applicant(1)
    made["推荐汇总表"][0]["申报类别"] = application
    return made


def newest_passes(server: Server) -> None:
    """Everything that people decide about the newest application is decided: it passes."""
    table = tables.applications
    with server.app.reader.connect() as connection:
        newest = connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one()
    passing(server.app, staff(server), newest)


def main(page: Page) -> Locator:
    """The page beside the navigation."""
    return page.get_by_test_id("stMain")


def head(page: Page) -> Locator:
    """The name of what is open, with where it stands."""
    return page.locator("h2.sf-name")


def until(page: Page) -> Locator:
    """The deadline of the opened case, and what is to be kept in mind."""
    return page.locator(".sf-line").first


def shut(page: Page) -> Locator:
    """What the status allows, but not today."""
    return page.locator("ul.sf-shut li")


def open_case(page: Page, on: str = "") -> None:
    """Opens the case that is followed, by its address; `on`: as of a past day."""
    open_at(page, f"/cases?case={CASE}&on={on}" if on else f"/cases?case={CASE}", CASES)


def open_notice(page: Page, stage: str = "creation") -> None:
    """Opens the newest notice of the newest round from the list, as a person does."""
    open_at(page, f"/notices?stage={stage}", NOTICES)
    page.locator("table.sf tbody tr").first.get_by_role("link").click()
    expect(head(page)).to_be_visible()
    settled(page)


def object_to(day: Day, name: str, postmarked: date | None = None, *, source: str, channel: str, **words: str) -> None:
    """Registers an objection that has come today; `words` are what is typed, by label."""
    page = day.page
    form = page.get_by_test_id("stExpander").filter(has=page.locator("summary", has_text="登记异议"))
    about = form.get_by_role("combobox", name=re.compile("^针对哪些对象"))
    if not about.is_visible():
        unfold(page, "登记异议")
    about.click()
    page.get_by_role("option", name=f"{CITY}　{name}").click()
    page.keyboard.press("Escape")
    pick(form, source)
    choose(page, "提出方式（必填）", channel)
    for label, text in words.items():
        form.get_by_label(label).fill(text)
    if postmarked is not None:
        fill_day(form, "邮戳日", postmarked)
    form.get_by_role("button", name="登记异议").click()


def find(day: Day, number: str, finding: str, reason: str) -> None:
    """Opens an objection and enters what looking into it has found."""
    page = day.page
    page.locator("table.sf-objections").get_by_role("link", name=number).click()
    expect(page.locator("h3.sf-name")).to_contain_text(number)
    settled(page)
    pick(page.get_by_test_id("stForm"), finding)
    page.get_by_label("核查情况和理由（必填）").fill(reason)
    page.get_by_label("答复情况").fill("已书面答复")
    page.get_by_role("button", name="登记核查结论").click()


def take_in(day: Day) -> None:
    """Takes in what the city has handed in."""
    page = day.page
    open_at(page, "/intake", "推荐接收")
    page.get_by_role("button", name="读取并比较 1 本待受理的工作簿").click()
    page.get_by_role("button", name="受理所选").click()
    day.said("办理完毕：1 本已受理或登记，0 本没有受理。")
