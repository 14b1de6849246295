"""The emulator's rights: who may see and edit a spreadsheet, and what is protected in it from whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.online.asking import CITY, Asker, cells, refusal
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.problems import PROTECTED, Problem

READER, STRANGER = "reader@example.com", "stranger@example.com"


@pytest.fixture
def book(google: Emulator) -> str:
    """A spreadsheet of the service account: the city edits, another reads."""
    made = google.add_book("示例", editors=(CITY,))
    google.share(made, READER, "reader")
    return made


def protect(google: Emulator, book: str, place: dict[str, Any], **more: Any) -> None:
    """By the service account, for nobody else to edit."""
    editors = {"editors": {"users": [google.account.email]}}
    google.contact(book).batch({"addProtectedRange": {"protectedRange": {"range": place, **editors, **more}}})


def refused(*edits: Callable[[], None]) -> None:
    """Each of these is kept from the person who tries it."""
    for edit in edits:
        with pytest.raises(Problem, match="You are trying to edit a protected cell or object"):
            edit()


def test_sheets_refuses_whom_drive_does_not_know(google: Emulator, book: str) -> None:
    path, denied = f"/v4/spreadsheets/{book}", (403, "The caller does not have permission")
    reader, stranger = Asker(google, READER), Asker(google, STRANGER)
    assert reader.answer("GET", path).status_code == 200
    assert refusal(reader.batch(book, cells(0, "x"))) == denied
    assert refusal(stranger.answer("GET", path)) == denied
    assert refusal(stranger.answer("GET", f"/drive/v3/files/{book}")) == (404, f"File not found: {book}.")
    google.unshare(book, READER)
    assert refusal(reader.answer("GET", path)) == denied
    google.delete(book)
    assert refusal(reader.answer("GET", path)) == (404, "Requested entity was not found.")


def test_a_protected_range_is_its_editors_alone(google: Emulator, book: str) -> None:
    protect(google, book, {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 2})
    city, owner = Asker(google, CITY), Asker(google, google.account.email)
    assert refusal(city.batch(book, cells(2, "x"), cells(1, "x"))) == (
        400,
        f"Invalid requests[1].updateCells: {PROTECTED}",
    )
    assert city.rows(book) == []  # all or none
    written = city.answer(
        "PUT", f"/v4/spreadsheets/{book}/values/A2", {"values": [["x"], ["x"]]}, valueInputOption="RAW"
    )
    assert refusal(written) == (400, PROTECTED)
    assert city.batch(book, cells(2, "x")).status_code == 200
    assert owner.batch(book, cells(1, "x")).status_code == 200
    # rows may come before it and after it, not into it, and it goes along
    hand = google.contact(book, CITY)
    hand.insert_row("Sheet1", 1)
    hand.insert_row("Sheet1", 4)
    refused(lambda: hand.insert_row("Sheet1", 3), lambda: hand.delete_row("Sheet1", 2))
    found = city.get(f"/v4/spreadsheets/{book}", fields="sheets(protectedRanges)")["sheets"][0]["protectedRanges"]
    assert [each["range"] for each in found] == [{"startRowIndex": 1, "endRowIndex": 3}]
    assert "editors" not in found[0]  # told to editors only
    assert "requestingUserCanEdit" not in found[0]


def test_a_protected_sheet_is_closed_but_for_what_is_left_open(google: Emulator, book: str) -> None:
    hole = {"sheetId": 0, "startRowIndex": 5, "endRowIndex": 9, "startColumnIndex": 0, "endColumnIndex": 2}
    protect(google, book, {"sheetId": 0}, unprotectedRanges=[hole])
    city, hand = Asker(google, CITY), google.contact(book, CITY)
    assert city.batch(book, cells(5, "x", "y")).status_code == 200
    assert city.batch(book, cells(5, "x", "y", "z")).status_code == 400
    assert city.batch(book, cells(4, "x")).status_code == 400
    hand.add_tab("别的")
    refused(
        lambda: hand.rename_tab("Sheet1", "x"),
        lambda: hand.delete_tab("Sheet1"),
        lambda: hand.insert_row("Sheet1", 7),
        lambda: hand.hide_row("Sheet1", 7),
        lambda: hand.sort("Sheet1", "A1:B9", "A"),
        lambda: hand.merge("Sheet1", "A4:A6"),
    )
    assert hand.tabs() == ["Sheet1", "别的"]


def test_a_warning_keeps_nobody_out(google: Emulator, book: str) -> None:
    protect(google, book, {"sheetId": 0}, warningOnly=True)
    assert Asker(google, CITY).batch(book, cells(0, "x")).status_code == 200


def test_protection_is_taken_off_by_its_editors_only(google: Emulator, book: str) -> None:
    protect(google, book, {"sheetId": 0}, protectedRangeId=7)
    city, owner = Asker(google, CITY), Asker(google, google.account.email)
    off = {"deleteProtectedRange": {"protectedRangeId": 7}}
    assert refusal(city.batch(book, off)) == (400, f"Invalid requests[0].deleteProtectedRange: {PROTECTED}")
    assert owner.batch(book, off).status_code == 200
    assert city.batch(book, cells(0, "x")).status_code == 200
