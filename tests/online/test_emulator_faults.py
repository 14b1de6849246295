"""The emulator's faults: each strikes the requests it is meant for, before or after they are applied."""

from __future__ import annotations

import time

import pytest
import requests

from tests.online.asking import CITY, Asker, cells, refusal
from tests.sheets_emulator import faults, problems
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.faults import Outcome


@pytest.fixture
def book(google: Emulator) -> str:
    """An empty spreadsheet that the city may edit."""
    return google.add_book("示例", editors=(CITY,))


@pytest.fixture
def city(google: Emulator) -> Asker:
    """The city's contact."""
    return Asker(google, CITY)


def status(city: Asker, book: str, row: int = 0) -> int:
    """Of a write; 0 where the connection broke off."""
    try:
        return city.batch(book, cells(row, "x")).status_code
    except requests.ConnectionError:
        return 0


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (faults.status(503), 503),
        (faults.status(429), 429),
        (faults.html(502), 502),
        (faults.garbage(), 200),
        (faults.drop(), 0),
        (faults.hang(0.01), 0),
        (faults.refused(problems.api_off("sheets")), 403),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_fault_strikes_once_before_or_after_the_change(
    google: Emulator, city: Asker, book: str, outcome: Outcome, code: int, after: bool
) -> None:
    plan = google.fail(outcome, after=after, kind="write")
    assert status(city, book) == code
    assert city.rows(book) == ([["x"]] if after else [])
    assert (plan.hits, [line.status for line in google.log]) == (1, [code, 200])
    assert status(city, book, row=1) == 200


def test_a_plan_says_which_requests_it_meets(google: Emulator, city: Asker, book: str) -> None:
    every = google.fail(faults.status(500), path=":batchUpdate$", skip=2, every=3, times=2)
    other = google.fail(faults.status(500), user="another@example.com", times=None)
    assert [status(city, book) for _ in range(10)] == [200, 200, 500, 200, 200, 500, 200, 200, 200, 200]
    assert (every.hits, other.hits) == (2, 0)
    google.fail(faults.drop(), method="GET", path=f"{book}/values/名单", times=None)
    assert city.answer("GET", f"/v4/spreadsheets/{book}").status_code == 200
    with pytest.raises(requests.ConnectionError):
        city.answer("GET", f"/v4/spreadsheets/{book}/values/名单!A1")
    google.heal()
    assert refusal(city.answer("GET", f"/v4/spreadsheets/{book}/values/名单!A1")) == (
        400,
        "Unable to parse range: 名单!A1",
    )


def test_somebody_else_writes_just_before_and_just_after(google: Emulator, city: Asker, book: str) -> None:
    hand = google.contact(book, CITY)
    hand.fill("Sheet1", "A1", [["一"], ["二"]])
    google.hook(lambda _: hand.insert_row("Sheet1", 1), kind="write")
    google.hook(lambda _: hand.set("Sheet1", "B1", "later"), kind="write", after=True)
    assert city.batch(book, cells(0, "三")).status_code == 200
    assert hand.rows("Sheet1") == [["三", "later"], ["一"], ["二"]]


def test_an_interface_that_is_off_is_told_by_its_name(google: Emulator, city: Asker, book: str) -> None:
    google.fail(faults.api_off("sheets"), kind="sheets")
    google.fail(faults.api_off("drive"), kind="drive")
    sheets = city.answer("GET", f"/v4/spreadsheets/{book}").json()["error"]
    assert (sheets["code"], sheets["details"][1]["reason"]) == (403, "SERVICE_DISABLED")
    assert sheets["message"].startswith("Google Sheets API has not been used in project 100000000001 before")
    drive = city.answer("GET", f"/drive/v3/files/{book}").json()["error"]
    assert (drive["code"], drive["errors"][0]["reason"]) == (403, "accessNotConfigured")
    assert drive["message"].startswith("Google Drive API has not been used in project 100000000001 before")


def test_a_hanging_answer_outlasts_the_caller_and_a_late_one_comes(google: Emulator, city: Asker, book: str) -> None:
    google.fail(faults.hang(5), kind="read")
    city.patience = 0.05
    with pytest.raises(requests.ReadTimeout):
        city.answer("GET", f"/v4/spreadsheets/{book}")
    city.patience = 10
    google.fail(faults.late(0.1), kind="read")
    google.latency = 0.1
    began = time.monotonic()
    assert city.answer("GET", f"/v4/spreadsheets/{book}").status_code == 200
    assert time.monotonic() - began >= 0.2
