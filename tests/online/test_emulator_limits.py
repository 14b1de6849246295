"""The emulator's quota minutes and tokens: what our client is held to has to hold in itself."""

from __future__ import annotations

import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.service_account import Credentials

from tests.online.asking import CITY, Asker, cells, refusal
from tests.online.clocks import StandingClock
from tests.sheets_emulator.emulator import Emulator

SCOPE = ["https://www.googleapis.com/auth/spreadsheets"]
READS = (
    "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
    "of service 'sheets.googleapis.com' for consumer 'project_number:100000000001'."
)


def test_the_sixty_first_read_of_a_minute_is_refused_and_the_minute_passes(
    google: Emulator, clock: StandingClock
) -> None:
    book = google.add_book("示例", editors=(CITY,))
    city, owner = Asker(google, CITY), Asker(google, google.account.email)
    path = f"/v4/spreadsheets/{book}"
    assert [city.answer("GET", path, fields="spreadsheetId").status_code for _ in range(60)] == [200] * 60
    refused = city.answer("GET", path)
    assert refusal(refused) == (429, READS)
    assert refused.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert "Retry-After" not in refused.headers
    # others have a minute of their own, and so have writes
    assert owner.answer("GET", path).status_code == 200
    assert city.batch(book, cells(0, "x")).status_code == 200
    clock.advance(59)
    google.quota.retry_after = True
    assert city.answer("GET", path).headers["Retry-After"] == "2"
    clock.advance(1)
    assert city.answer("GET", path).status_code == 200
    assert google.counts(CITY) == {"read": 63, "write": 1}


def test_a_refused_write_changes_nothing(google: Emulator) -> None:
    google.quota.limits["write"] = 1
    book = google.add_book("示例", editors=(CITY,))
    city = Asker(google, CITY)
    assert [city.batch(book, cells(row, "x")).status_code for row in range(2)] == [200, 429]
    assert city.rows(book) == [["x"]]


def test_a_signed_assertion_gets_a_token_that_runs_out(google: Emulator, clock: StandingClock) -> None:
    credentials = Credentials.from_service_account_info(google.key_json(local=True), scopes=SCOPE)
    credentials.refresh(Request())
    asker = Asker(google, CITY)
    asker.token = credentials.token
    google.add_book("示例", file_id="book")
    assert asker.answer("GET", "/v4/spreadsheets/book").status_code == 200
    drive = asker.answer("GET", "/drive/v3/files")
    assert refusal(drive) == (403, "Request had insufficient authentication scopes.")
    clock.advance(3600)
    late = asker.answer("GET", "/v4/spreadsheets/book")
    assert (late.status_code, late.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    credentials.refresh(Request())
    asker.token = credentials.token
    assert asker.answer("GET", "/v4/spreadsheets/book").status_code == 200
    google.tokens.expire(google.account.email)
    assert asker.answer("GET", "/v4/spreadsheets/book").status_code == 401


SKEW = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("another key", "Invalid JWT Signature."),
        ("unknown account", "Invalid grant: account not found"),
        ("disabled", "Invalid grant: account disabled"),
        ("clock behind", SKEW),
        ("clock ahead", SKEW),
        ("another audience", "Invalid JWT: Failed audience check."),
    ],
)
def test_what_is_not_right_in_an_assertion_is_an_invalid_grant(google: Emulator, case: str, words: str) -> None:
    key = google.key_json(local=True)
    if case == "another key":
        key["private_key"] = google.add_account("other").key_json()["private_key"]
    if case == "unknown account":
        key["client_email"] = "nobody@example.com"
    if case == "disabled":
        google.tokens.disabled.add(google.account.email)
    if case.startswith("clock"):
        google.tokens.skew = 7200 if case.endswith("behind") else -7200
    if case == "another audience":
        google.tokens.audiences.clear()
    credentials = Credentials.from_service_account_info(key, scopes=SCOPE)
    with pytest.raises(RefreshError) as refused:
        credentials.refresh(Request())
    assert refused.value.args[1] == {"error": "invalid_grant", "error_description": words}
