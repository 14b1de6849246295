"""How often Google is asked for fifteen books: within the quota, and nothing at all of Sheets where nothing changed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from core.clock import SHANGHAI
from core.intake.feedback import FeedbackRow
from core.intake.online.client import OnlineClient
from core.intake.online.source import OnlineRead
from core.intake.source import Taken
from tests.online.answers import Typed, Value
from tests.online.clocks import StandingClock
from tests.online.filling import MAIN, Online, city_book
from tests.sheets_emulator.calls import Call
from tests.sheets_emulator.emulator import Emulator

NOW = datetime(2026, 3, 2, 10, 30, tzinfo=SHANGHAI)
BOOKS = 15
ROWS: dict[tuple[int, int], Typed | Value] = {(1, 1): "编号", (1, 2): "联系人"} | {
    (row, at): value for row in range(2, 42) for at, value in enumerate((f"SY-{row}", "张三"), start=1)
}


class Round:
    """A round of fifteen online sheets."""

    def __init__(self, google: Emulator, client: OnlineClient, clock: StandingClock) -> None:
        self.google, self.client, self.clock = google, client, clock
        self.place = Online(google, client, clock)
        self.keys = [self.place.put(city_book(f"第{at}市", ROWS)) for at in range(BOOKS)]
        client.sign_in()
        google.reset_counts()

    def sync(self, *, feedback: bool) -> dict[str, OnlineRead]:
        """Looks at all, reads what has changed, and answers each book that was read anew, as the program does."""
        source = self.place.source()
        before = dict(self.place.remembered["online"])
        listed = source.books()
        found = {entry.key: read for entry, read in zip(listed, source.read(listed), strict=True)}
        for key, read in found.items():
            new = key not in before or before[key].read.sha256 != read.sha256
            if feedback and new:
                rows = [FeedbackRow("SY-2", MAIN, "B9", "联系人", "错误", f"{read.sha256[:6]}", "请改正")]
                written = self.place.source().write_feedback(key, Taken(read.sha256, lambda r=read: r.data), rows, NOW)
                assert written.way == "in_book"
        return found

    def asked(self) -> Counter[str]:
        """What was asked since the last time."""
        found = self.google.counts()
        self.google.reset_counts()
        return found

    def edit_all(self, text: str) -> None:
        """Every city types into its sheet, and inserts a row."""
        for key in self.keys:
            hand = self.google.contact(key)
            hand.set(MAIN, "B2", text)
            hand.insert_row(MAIN, 2)


@pytest.fixture
def fifteen(google: Emulator, client: OnlineClient, clock: StandingClock) -> Round:
    """Fifteen sheets of forty rows."""
    return Round(google, client, clock)


def test_requests_of_a_sync(fifteen: Round) -> None:
    assert len(fifteen.sync(feedback=False)) == BOOKS
    assert fifteen.asked() == {"drive": 15, "read": 15}
    fifteen.sync(feedback=True)
    assert fifteen.asked() == {"drive": 15}
    fifteen.edit_all("李四")
    fifteen.sync(feedback=True)
    assert fifteen.asked() == {"drive": 15, "read": 30, "write": 15}
    # what was written is a change to Drive: seen once more, and found to be no new content
    fifteen.sync(feedback=True)
    assert fifteen.asked() == {"drive": 15, "read": 15}
    for _ in range(3):
        fifteen.sync(feedback=True)
        assert fifteen.asked() == {"drive": 15}
    spent = fifteen.client.spent
    assert (spent.reads, spent.writes, spent.drive, spent.retries) == (60, 15, 105, 0)


def test_a_row_inserted_during_each_write_costs_a_write_and_no_read(fifteen: Round) -> None:
    fifteen.sync(feedback=False)
    fifteen.edit_all("李四")
    fifteen.asked()

    def insert(call: Call) -> None:
        key = call.path.removeprefix("/v4/spreadsheets/").removesuffix(":batchUpdate")
        fifteen.google.contact(key).insert_row(MAIN, 2)

    fifteen.google.hook(
        insert,
        path=":batchUpdate$",
        user=fifteen.google.account.email,
        every=2,
        times=None,
    )
    fifteen.sync(feedback=True)
    assert fifteen.asked() == {"drive": 15, "read": 30, "write": 30}


def test_no_minute_takes_more_than_google_allows(fifteen: Round) -> None:
    """Six syncs of fifteen changed books on end: the budget waits, and Google never has to refuse."""
    assert fifteen.google.quota.limits["read"] == 60
    for at in range(6):
        fifteen.edit_all(f"李四{at}")
        fifteen.sync(feedback=True)
    assert {each.status for each in fifteen.google.log} == {200}
    assert sum(fifteen.clock.waits) > 60
