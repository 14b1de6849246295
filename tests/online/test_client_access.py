"""Signing in as a service account: the whole way, with a key of its own, tokens that run out, and what goes wrong."""

from __future__ import annotations

import json
import logging
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.intake.online.budget import Budget
from core.intake.online.client import SIGN_IN_CAP, OnlineClient, Spent
from core.intake.online.faults import OnlineFault
from core.intake.online.key import TOKEN_URI, parse_key
from core.intake.online.trying import CAP
from tests.online.clocks import StandingClock
from tests.online.keys import private_key, secrets_of
from tests.online.refusals import fault
from tests.online.test_client import another_row, seen
from tests.online.test_client_faults import LASTING, PASSING
from tests.online.test_faults import KEY_CLOCK, KEY_REFUSED, STRANGE
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def book(google: Emulator) -> str:
    """A spreadsheet of the service account; nobody has signed in yet."""
    return google.add_book("2026-虚构市", google.account.email)


def read(client: OnlineClient, book: str) -> dict[str, Any]:
    """A read of next to nothing."""
    return client.spreadsheet(book, fields="spreadsheetId")


def refused(google: Emulator) -> tuple[str, str]:
    """What is told of a key that Google does not accept."""
    return "key_refused", KEY_REFUSED.replace("shifan@fictional-project.iam.gserviceaccount.com", google.account.email)


def test_the_assertion_is_for_google_wherever_it_is_sent(google: Emulator, client: OnlineClient) -> None:
    google.tokens.audiences = {TOKEN_URI}
    client.sign_in()
    assert [(each.method, each.path, each.status) for each in google.log] == [("POST", "/token", 200)]
    assert client.spent == Spent()


def test_signing_in_asks_though_a_token_is_held(google: Emulator, client: OnlineClient, book: str) -> None:
    read(client, book)
    client.sign_in()
    assert google.counts() == {"token": 2, "read": 1}
    google.tokens.disabled.add(google.account.email)
    assert fault(client.sign_in) == refused(google)


def test_one_token_serves_many_calls(google: Emulator, client: OnlineClient, book: str) -> None:
    for _ in range(5):
        read(client, book)
    assert google.counts() == {"token": 1, "read": 5}


def test_a_token_that_runs_out_is_replaced_and_the_call_repeated(
    google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    """By Google's clock it has run out, by ours not yet: it is refused in mid-course."""
    read(client, book)
    clock.advance(3601)
    google.reset_counts()
    assert read(client, book) == {"spreadsheetId": book}
    assert [(each.kind, each.status) for each in google.log] == [("read", 401), ("token", 200), ("read", 200)]
    assert client.spent == Spent(reads=3, retries=1)
    assert clock.waits == []


def test_a_write_is_made_once_though_the_token_was_refused(google: Emulator, client: OnlineClient, book: str) -> None:
    client.sign_in()
    google.tokens.expire()
    client.batch_update(book, [another_row("PT-001")], idempotent=False)
    assert seen(google, book) == [["PT-001"]]
    assert client.spent == Spent(writes=2, retries=1)


def test_a_token_about_to_run_out_is_not_used(google: Emulator, client: OnlineClient, book: str) -> None:
    google.tokens.lifetime = 30.0
    read(client, book)
    read(client, book)
    assert google.counts() == {"token": 2, "read": 2}
    assert {each.status for each in google.log} == {200}


def test_threads_whose_token_was_refused_ask_for_one_together(
    google: Emulator, client: OnlineClient, book: str
) -> None:
    read(client, book)
    google.tokens.expire()
    google.reset_counts()
    google.latency = 0.05
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: read(client, book), range(4)))
    assert found == [{"spreadsheetId": book}] * 4
    assert google.counts()["token"] == 1
    assert {each.status for each in google.log} == {200, 401}


def test_google_that_refuses_every_token(google: Emulator, client: OnlineClient, book: str) -> None:
    google.fail(faults.status(401), times=None, kind="read")
    assert fault(lambda: read(client, book)) == refused(google)
    assert google.counts() == {"token": 2, "read": 2}


def test_a_key_that_was_switched_off_in_mid_course(google: Emulator, client: OnlineClient, book: str) -> None:
    read(client, book)
    google.tokens.disabled.add(google.account.email)
    google.tokens.expire()
    assert fault(lambda: read(client, book)) == refused(google)
    assert client.spent == Spent(reads=2, retries=1)


def test_an_account_that_is_gone(google: Emulator, client: OnlineClient) -> None:
    google.tokens.accounts.clear()
    assert fault(client.sign_in) == refused(google)


def test_a_key_of_the_same_account_that_is_another(google: Emulator, clock: StandingClock, tmp_path: Path) -> None:
    key = parse_key(json.dumps(google.key_json() | {"private_key": private_key()}))
    with OnlineClient(key, base_url=google.url, budget=Budget(tmp_path / "b.db", clock), clock=clock) as client:
        assert fault(client.sign_in) == refused(google)


@pytest.mark.parametrize("hours", [-2, 2])
def test_a_clock_that_is_wrong(hours: int, google: Emulator, client: OnlineClient) -> None:
    google.tokens.skew = hours * 3600.0
    assert fault(client.sign_in) == ("key_clock", KEY_CLOCK)


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_while_signing_in_is_waited_for(
    name: str, google: Emulator, client: OnlineClient, book: str, clock: StandingClock
) -> None:
    """On our own clock; and a write that may not be made twice was not begun by then."""
    client.set_timeout((1.0, 0.1))
    google.fail(PASSING[name](), times=3, kind="token")
    client.batch_update(book, [another_row("PT-001")], idempotent=False)
    assert seen(google, book) == [["PT-001"]]
    assert clock.waits == [0.5, 1.0, 2.0]
    assert client.spent == Spent(writes=1, retries=3)


@pytest.mark.parametrize("name", PASSING)
def test_what_lasts_while_signing_in_is_told(
    name: str, google: Emulator, client: OnlineClient, clock: StandingClock
) -> None:
    client.set_timeout((1.0, 0.1))
    google.fail(PASSING[name](), times=None, kind="token")
    begun = clock.now()
    assert fault(client.sign_in) == LASTING[name]
    assert clock.now() - begun == SIGN_IN_CAP < CAP


@pytest.mark.parametrize(
    "body", [b"<html>", b'"text"', b"[]", b"{}", b'{"access_token": "x", "expires_in": "soon"}', b"\xff\xfe"]
)
def test_a_page_where_a_token_should_be(body: bytes, google: Emulator, client: OnlineClient) -> None:
    google.fail(faults.garbage(body), kind="token", after=True)
    assert fault(client.sign_in) == ("strange_answer", STRANGE)


def test_no_other_address_is_asked(client: OnlineClient, book: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """google-auth would look up its "regional access boundary" elsewhere, with our token, in a thread of its own."""
    asked: list[Any] = []
    real: Callable[..., Any] = socket.getaddrinfo

    def noting(host: Any, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    read(client, book)
    client.drive("get", f"/{book}", params={"fields": "id"})
    assert set(asked) == {"127.0.0.1"}


def test_a_netrc_of_the_machine_is_not_used(
    client: OnlineClient, book: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert read(client, book) == {"spreadsheetId": book}


def test_neither_key_nor_token_is_ever_told(
    google: Emulator, client: OnlineClient, book: str, caplog: pytest.LogCaptureFixture
) -> None:
    """At the finest level of every library's log, and in the whole of what is raised."""
    told: list[str] = []
    tokens: set[str] = set()

    def note(ask: Callable[[], object]) -> None:
        with pytest.raises(OnlineFault) as caught:
            ask()
        told.extend(traceback.format_exception(caught.value, chain=True))
        told.append(repr((caught.value, caught.value.args, caught.value.values)))
        tokens.update(google.tokens._given)

    with caplog.at_level(logging.DEBUG):
        read(client, book)
        tokens.update(google.tokens._given)
        google.tokens.expire()
        read(client, book)
        for outcome in (faults.status(401), faults.drop(), faults.status(503), faults.html(502), faults.api_off()):
            plan = google.fail(outcome, times=None, kind="read")
            note(lambda: read(client, book))
            google.plans.remove(plan)
        google.tokens.disabled.add(google.account.email)
        google.tokens.expire()
        note(lambda: read(client, book))
        google.fail(faults.drop(), times=None, kind="token")
        note(lambda: read(client, book))
    everything = "\n".join([caplog.text, *told, repr(client), repr(client.key)])
    assert len(tokens) >= 3
    assert "connectionpool" in everything  # the libraries did log
    secrets = [*tokens, *secrets_of(client.key.private_key), "eyJ", "assertion=", "Bearer"]
    assert [secret for secret in secrets if secret in everything] == []
