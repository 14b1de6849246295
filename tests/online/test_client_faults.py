"""Every fault of the way to Google ends in the right data or in a clear sentence, in time; nothing is made twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.intake.online.client import OnlineClient, Spent
from core.intake.online.trying import CAP
from tests.online.clocks import StandingClock
from tests.online.refusals import fault
from tests.online.test_client import another_row, cell, seen
from tests.online.test_faults import (
    NO_NETWORK,
    PROTECTED,
    QUOTA,
    SERVICE_DOWN,
    STRANGE,
    TIMED_OUT,
    off,
)
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.faults import Outcome

UNKNOWN = (
    "unknown_outcome",
    "已把内容发给 Google，但没有收到回音，不知道是否已经写入。请先打开表格核对，再决定是否重新办理。",
)
PASSING: dict[str, Callable[[], Outcome]] = {
    "429": lambda: faults.status(429),
    "500": lambda: faults.status(500),
    "502 as a page": lambda: faults.html(502),
    "503": lambda: faults.status(503),
    "504": lambda: faults.status(504),
    "dropped": faults.drop,
    "hanging": lambda: faults.hang(2.0),
}
LASTING = {
    "429": ("quota", QUOTA),
    "500": ("service_down", SERVICE_DOWN),
    "502 as a page": ("service_down", SERVICE_DOWN),
    "503": ("service_down", SERVICE_DOWN),
    "504": ("service_down", SERVICE_DOWN),
    "dropped": ("no_network", NO_NETWORK),
    "hanging": ("timed_out", TIMED_OUT),
}


@pytest.fixture
def book(google: Emulator, client: OnlineClient) -> str:
    """A spreadsheet with one row, to which the client is signed in; what hangs is soon given up."""
    made = google.add_book("2026-虚构市", google.account.email)
    google.contact(made).set("Sheet1", "A1", "编号")
    client.sign_in()
    google.reset_counts()
    client.set_timeout((1.0, 0.1))
    return made


def read(client: OnlineClient, book: str) -> dict[str, Any]:
    """A read of next to nothing."""
    return client.spreadsheet(book, fields="spreadsheetId")


@pytest.mark.parametrize("name", PASSING)
def test_a_read_goes_through_what_passes(
    name: str, google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    google.fail(PASSING[name](), times=3)
    assert read(client, book) == {"spreadsheetId": book}
    assert client.spent == Spent(reads=4, retries=3)
    assert clock.waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("name", PASSING)
def test_a_read_gives_up_on_what_lasts(
    name: str, google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    google.fail(PASSING[name](), times=None)
    begun = clock.now()
    assert fault(lambda: read(client, book)) == LASTING[name]
    assert clock.now() - begun == CAP
    assert client.spent.reads == len(clock.waits) + 1 < 12


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", PASSING)
def test_a_write_that_may_be_made_twice_is_repeated(
    name: str, after: bool, google: Emulator, client: OnlineClient, book: str
) -> None:
    """Whether the fault struck before or after Google had made it: it stands there once."""
    google.fail(PASSING[name](), times=2, after=after)
    client.batch_update(book, [cell("反馈", 1)], idempotent=True)
    assert seen(google, book) == [["编号"], ["反馈"]]
    assert client.spent == Spent(writes=3, retries=2)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", [name for name in PASSING if name != "429"])
def test_a_write_that_may_not_be_made_twice_is_never_repeated(
    name: str, after: bool, google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    google.fail(PASSING[name](), after=after)
    assert fault(lambda: client.batch_update(book, [another_row("PT-001")], idempotent=False)) == UNKNOWN
    assert seen(google, book) == [["编号"], ["PT-001"]][: 1 + after]
    assert (client.spent, clock.waits) == (Spent(writes=1), [])


def test_what_was_turned_down_before_it_was_made_may_be_asked_again(
    google: Emulator, client: OnlineClient, book: str
) -> None:
    google.fail(faults.status(429), times=2)
    client.batch_update(book, [another_row("PT-001")], idempotent=False)
    assert seen(google, book) == [["编号"], ["PT-001"]]


def test_a_write_that_never_left_may_be_asked_again(google: Emulator, client: OnlineClient, book: str) -> None:
    """Nobody listens: nothing was sent, and the sentence says so."""
    google.server.stop()
    for session in list(client._sessions):
        session.close()
    told = fault(lambda: client.batch_update(book, [another_row("PT-001")], idempotent=False))
    assert told == ("no_network", NO_NETWORK)
    assert client.spent.retries > 3


def test_a_minute_that_others_have_used_up_is_waited_for(
    google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    for _ in range(60):
        google.quota.spend("read", google.account.email)
    begun = clock.now()
    assert read(client, book) == {"spreadsheetId": book}
    assert 60 <= clock.now() - begun <= CAP
    assert client.spent == Spent(reads=9, retries=8)  # 0.5, 1, 2, 4, 8, 16, 16 and 16 seconds between them


def test_google_says_how_long(google: Emulator, client: OnlineClient, book: str, clock: StandingClock) -> None:
    google.quota.retry_after = True
    for _ in range(60):
        google.quota.spend("write", google.account.email)
    client.batch_update(book, [cell("a")], idempotent=True)
    assert clock.waits == [61.5]  # what it asked for, and half a second by chance
    assert client.spent == Spent(writes=2, retries=1)


def test_google_says_when(google: Emulator, client: OnlineClient, book: str, clock: StandingClock) -> None:
    """A date counts from the one on the answer, whatever this machine takes for now."""
    outcome = faults.status(503, retry_after="Thu, 31 Dec 2099 23:59:59 GMT")
    google.fail(outcome)
    assert fault(lambda: read(client, book)) == ("service_down", SERVICE_DOWN)
    google.fail(faults.status(503, retry_after="Wed, 20 May 2020 08:00:00 GMT"))
    assert read(client, book) == {"spreadsheetId": book}
    assert clock.waits == [0.5]


def test_drive_that_is_asked_too_fast_is_waited_for(google: Emulator, client: OnlineClient, book: str) -> None:
    google.fail(faults.status(429, service="drive"), times=2)
    assert client.drive("get", f"/{book}", params={"fields": "id"}) == {"id": book}
    assert client.spent == Spent(drive=3, retries=2)


@pytest.mark.parametrize(("service", "name"), [("sheets", "Google Sheets API"), ("drive", "Google Drive API")])
def test_an_api_that_is_off_is_named(
    service: str, name: str, google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    google.fail(faults.api_off(service), times=None)
    ask = {"sheets": lambda: read(client, book), "drive": lambda: client.drive("get", f"/{book}")}
    told = off(name).replace("fictional-project", client.key.project_id)
    assert fault(ask[service]) == ("api_off", told)
    assert clock.waits == []


def test_a_sheet_that_is_not_shared(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("2026-虚构市", "contact@example.cn")
    told = (
        "没有权限：这个表格或文件夹没有共享给服务账号，或者只给了查看权限。"
        f"请在它的“共享”中把 {google.account.email} 设为“编辑者”，再重试。"
    )
    assert fault(lambda: read(client, book)) == ("not_shared", told)
    google.share(book, google.account.email, "reader")
    assert read(client, book) == {"spreadsheetId": book}
    assert fault(lambda: client.batch_update(book, [cell("a")], idempotent=True)) == ("not_shared", told)
    assert seen(google, book) == []


def test_a_sheet_that_is_gone(google: Emulator, client: OnlineClient, book: str) -> None:
    google.delete(book)
    told = (
        "找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。"
        f"请核对链接，并在它的“共享”中把 {google.account.email} 设为“编辑者”，再重试。"
    )
    assert fault(lambda: read(client, book)) == ("not_found", told)
    assert fault(lambda: client.batch_update(book, [cell("a")], idempotent=True)) == ("not_found", told)
    assert fault(lambda: client.drive("get", f"/{book}")) == ("not_found", told)
    assert client.spent == Spent(reads=1, writes=1, drive=1)


def test_a_range_that_is_protected(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("2026-虚构市", "contact@example.cn", editors=(google.account.email,))
    protected = {"range": {"sheetId": 0}, "editors": {"users": ["contact@example.cn"]}}
    google.contact(book).batch({"addProtectedRange": {"protectedRange": protected}})
    told = PROTECTED.replace("shifan@fictional-project.iam.gserviceaccount.com", google.account.email)
    assert fault(lambda: client.batch_update(book, [cell("a")], idempotent=True)) == ("protected", told)
    assert seen(google, book) == []


@pytest.mark.parametrize("page", [faults.html(200), faults.garbage(), faults.garbage(b"[]"), faults.garbage(b"null")])
def test_an_answer_that_is_none(page: Outcome, google: Emulator, client: OnlineClient, book: str) -> None:
    """The page of a gateway that wants a password looks like success."""
    google.fail(page, times=None, after=True)
    assert fault(lambda: read(client, book)) == ("strange_answer", STRANGE)
    assert fault(lambda: client.batch_update(book, [cell("a")], idempotent=True)) == ("strange_answer", STRANGE)
    assert fault(lambda: client.batch_update(book, [another_row("b")], idempotent=False)) == UNKNOWN
    assert client.spent == Spent(reads=1, writes=2)


def test_what_google_does_not_take_is_told_without_its_words(
    client: OnlineClient, book: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = "Google 没有接受这一步（编号 400），没有办成。请重试；仍然如此时，请管理员查看服务器日志中的原因。"
    request = {"deleteSheet": {"sheetId": 77}}
    assert fault(lambda: client.batch_update(book, [request], idempotent=True)) == ("refused", told)
    [message] = caplog.messages
    assert message.startswith("Google Sheets API answered 400 INVALID_ARGUMENT: Invalid requests[0].deleteSheet: ")
