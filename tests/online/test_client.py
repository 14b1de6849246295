"""What the client asks of Google, how often, and what it makes of the answers when all is well."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.intake.online.client import LARGEST_MB, OnlineClient, Spent
from core.intake.online.trying import Moment
from tests.online.clocks import StandingClock
from tests.online.refusals import fault
from tests.sheets_emulator.emulator import Emulator

FIELDS = "spreadsheetId,properties.title,sheets(properties(sheetId,title),data(rowData(values(userEnteredValue))))"


def cell(text: str, row: int = 0) -> dict[str, Any]:
    """A request that writes a text into column A of the first sheet; made twice it is made once."""
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
    start = {"sheetId": 0, "rowIndex": row, "columnIndex": 0}
    return {"updateCells": {"start": start, "rows": rows, "fields": "userEnteredValue"}}


def another_row(text: str) -> dict[str, Any]:
    """A request that adds a row; made twice it adds two."""
    return {
        "appendCells": {
            "sheetId": 0,
            "rows": [{"values": [{"userEnteredValue": {"stringValue": text}}]}],
            "fields": "userEnteredValue",
        }
    }


def seen(google: Emulator, book: str) -> list[list[Any]]:
    """The first sheet as its owner sees it."""
    contact = google.contact(book)
    return contact.rows(contact.tabs()[0])


def test_a_spreadsheet_is_read_with_one_request(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("2026-虚构市", google.account.email)
    google.contact(book).fill("Sheet1", "A1", [["编号", "0012"], ["PT-001", 5]], typed=False)
    answer = client.spreadsheet(book, fields=FIELDS, grid=True)
    assert answer == {
        "spreadsheetId": book,
        "properties": {"title": "2026-虚构市"},
        "sheets": [
            {
                "properties": {"sheetId": 0, "title": "Sheet1"},
                "data": [
                    {
                        "rowData": [
                            {
                                "values": [
                                    {"userEnteredValue": {"stringValue": "编号"}},
                                    {"userEnteredValue": {"stringValue": "0012"}},
                                ]
                            },
                            {
                                "values": [
                                    {"userEnteredValue": {"stringValue": "PT-001"}},
                                    {"userEnteredValue": {"numberValue": 5}},
                                ]
                            },
                        ]
                    }
                ],
            }
        ],
    }
    assert google.counts() == {"token": 1, "read": 1}
    assert client.spent == Spent(reads=1)


def test_parts_of_a_spreadsheet(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("x", google.account.email)
    google.contact(book).fill("Sheet1", "A1", [["a", "b"], ["c", "d"]])
    fields = "sheets(data(rowData(values(userEnteredValue))))"
    answer = client.spreadsheet(book, fields=fields, ranges=["Sheet1!B1", "Sheet1!A2"], grid=True)
    values = [each["rowData"][0]["values"][0]["userEnteredValue"] for each in answer["sheets"][0]["data"]]
    assert values == [{"stringValue": "b"}, {"stringValue": "c"}]


def test_a_change_brings_the_sheet_as_it_is_then(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("x", google.account.email)
    answer = client.batch_update(
        book,
        [cell("反馈", 1), cell("=1+1", 2)],
        idempotent=True,
        response_ranges=["Sheet1!A1:A3"],
        grid=True,
        fields="updatedSpreadsheet(sheets(data(rowData(values(userEnteredValue,effectiveValue)))))",
    )
    text = {"userEnteredValue": {"stringValue": "=1+1"}, "effectiveValue": {"stringValue": "=1+1"}}
    rows = answer["updatedSpreadsheet"]["sheets"][0]["data"][0]["rowData"]
    assert [row.get("values") for row in rows][1][0]["userEnteredValue"] == {"stringValue": "反馈"}
    assert rows[2]["values"][0] == text
    assert seen(google, book) == [[], ["反馈"], ["=1+1"]]
    assert client.spent == Spent(writes=1)


def test_a_change_alone_is_answered_shortly(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("x", google.account.email)
    assert client.batch_update(book, [cell("a")], idempotent=True) == {"spreadsheetId": book, "replies": [{}]}


def test_the_id_cannot_lead_elsewhere(google: Emulator, client: OnlineClient) -> None:
    assert fault(lambda: client.spreadsheet("../../drive/v3/files?x=", fields="spreadsheetId"))[0] == "not_found"
    assert google.counts() == {"token": 1, "read": 1}


def test_reads_writes_and_drive_are_counted_apart(google: Emulator, client: OnlineClient) -> None:
    book = google.add_book("x", google.account.email)
    for _ in range(3):
        client.spreadsheet(book, fields="spreadsheetId")
    client.request("post", f"https://sheets.googleapis.com/v4/spreadsheets/{book}:getByDataFilter", json={})
    for _ in range(2):
        client.batch_update(book, [cell("a")], idempotent=True)
    client.drive("get", f"/{book}", params={"fields": "version"})
    assert client.spent == Spent(reads=4, writes=2, drive=1)
    assert google.counts() == {"token": 1, "read": 4, "write": 2, "drive": 1}


def test_drive_takes_nothing_of_the_budget(google: Emulator, client: OnlineClient, clock: StandingClock) -> None:
    book = google.add_book("x", google.account.email)
    for _ in range(70):
        client.drive("get", f"/{book}", params={"fields": "version"})
    assert clock.waits == []


def test_more_than_a_minute_allows_waits_for_the_next(
    google: Emulator, client: OnlineClient, clock: StandingClock
) -> None:
    """Google never has to refuse: its own count, of 60, goes by the same clock."""
    book = google.add_book("x", google.account.email)
    for _ in range(150):
        client.spreadsheet(book, fields="spreadsheetId")
    assert clock.waits == [62.0, 62.0]
    assert client.spent == Spent(reads=150)
    assert {each.status for each in google.log} == {200}


def test_what_the_budget_cannot_place_is_told(google: Emulator, client: OnlineClient, clock: StandingClock) -> None:
    book = google.add_book("x", google.account.email)
    client.spreadsheet(book, fields="spreadsheetId")
    for _ in range(109):
        client._budget._book("read", 90)
    told = "一分钟内读写在线表格的次数已到上限，排不到这一步，没有办理。请一两分钟后重试。"
    assert fault(lambda: client.spreadsheet(book, fields="spreadsheetId")) == ("busy", told)
    assert clock.waits == []
    assert google.counts()["read"] == 1


def test_no_try_outlasts_its_call(client: OnlineClient, clock: StandingClock) -> None:
    assert client._timeouts(Moment(clock.now() + 90, 0, "")) == (5.0, 60.0)
    assert client._timeouts(Moment(clock.now() + 20, 0, "")) == (5.0, 20.0)
    assert client._timeouts(Moment(clock.now() - 1, 0, "")) == (1.0, 1.0)


def test_threads_share_a_client(google: Emulator, client: OnlineClient) -> None:
    """One token for all, a connection for each, and every request is counted."""
    books = [google.add_book(str(at), google.account.email) for at in range(15)]
    google.latency = 0.02
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda book: client.spreadsheet(book, fields="spreadsheetId,properties.title"), books))
    assert [each["properties"]["title"] for each in found] == [str(at) for at in range(15)]
    assert google.counts() == {"token": 1, "read": 15}
    assert client.spent == Spent(reads=15)


def test_an_answer_that_no_town_could_fill_is_not_read(
    google: Emulator, client: OnlineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.intake.online.client.LARGEST_MB", 1)
    book = google.add_book("x", google.account.email)
    for at in range(30):
        google.contact(book).set("Sheet1", f"A{at + 1}", "虚" * 15_000)
    told = "表格的内容超过 1 MB，没有读取。请删去多余的行、列和工作表（选中后整行、整列删除），再重试。"
    assert fault(lambda: client.spreadsheet(book, fields=FIELDS, grid=True)) == ("too_large", told)
    assert client.spreadsheet(book, fields="spreadsheetId") == {"spreadsheetId": book}
    assert LARGEST_MB == 64
