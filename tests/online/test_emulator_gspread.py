"""The emulator through gspread's own doors: what that library makes of the answers is what it makes of Google's."""

from __future__ import annotations

from collections.abc import Iterator

import gspread
import pytest
import requests

from tests.online.asking import CITY
from tests.sheets_emulator.emulator import Emulator
from tests.sheets_emulator.plugin.to_emulator import ToEmulator, mounted


@pytest.fixture
def client(google: Emulator) -> Iterator[gspread.Client]:
    """gspread as the service account; its session leads to the emulator."""
    with mounted(requests.Session(), ToEmulator(google.url)) as session:
        session.headers["Authorization"] = f"Bearer {google.token(google.account.email)}"
        yield gspread.Client(auth=None, session=session)  # type: ignore[arg-type]


def test_a_spreadsheet_is_made_found_shared_copied_and_deleted(client: gspread.Client, google: Emulator) -> None:
    book = client.create("示例")
    book.share(CITY, perm_type="user", role="writer")
    assert [each["emailAddress"] for each in book.list_permissions()] == [google.account.email, CITY]
    assert client.open("示例").id == book.id
    assert client.open_by_key(book.id).title == "示例"
    twin = client.copy(book.id, title="副本")
    assert sorted(each["name"] for each in client.list_spreadsheet_files()) == ["副本", "示例"]
    client.del_spreadsheet(twin.id)
    with pytest.raises(gspread.SpreadsheetNotFound):
        client.open_by_key(twin.id)
    book.update_title("新名")
    assert client.open("新名").id == book.id


def test_values_come_back_as_they_were_meant(client: gspread.Client) -> None:
    sheet = client.create("示例").sheet1
    sheet.update([["0012", "１２", 3.5], ["=A1", "", "甲"]], "A1", raw=True)
    assert sheet.get_all_values() == [["0012", "１２", "3.5"], ["=A1", "", "甲"]]
    sheet.update([["0012", "85%", "1,234.50", "2026-03-01", "=C4*2"]], "A4", raw=False)
    shown, plain = (
        sheet.get("A4:E4", value_render_option=how)[0]
        for how in (gspread.utils.ValueRenderOption.formatted, gspread.utils.ValueRenderOption.unformatted)
    )
    assert shown == ["12", "85%", "1,234.50", "2026-03-01", "2469"]
    assert plain == [12, 0.85, 1234.5, 46082, 2469]
    sheet.append_row(["乙"], table_range="A4")
    assert sheet.acell("A5").value == "乙"
    sheet.batch_clear(["A4:E4"])
    assert sheet.get("A4:E5") == [[], ["乙"]]


def test_rows_columns_and_tabs_move(client: gspread.Client) -> None:
    book = client.create("示例")
    sheet = book.add_worksheet("名单", rows=5, cols=3)
    sheet.update([["甲", 2], ["乙", 1], ["丙", 3]], "A1")
    sheet.insert_row(["丁", 0], 2)
    sheet.delete_rows(1)
    sheet.sort((2, "des"))
    assert sheet.get_all_values() == [["丙", "3"], ["乙", "1"], ["丁", "0"]]
    sheet.add_rows(2)
    assert (book.worksheet("名单").row_count, book.worksheet("名单").col_count) == (7, 3)
    twin = sheet.duplicate(new_sheet_name="名单二")
    assert [each.title for each in book.worksheets()] == ["名单二", "Sheet1", "名单"]
    book.del_worksheet(sheet)
    twin.update_title("名单")
    twin.hide()
    assert [each.title for each in book.worksheets(exclude_hidden=True)] == ["Sheet1"]
    twin.freeze(rows=1)
    assert book.worksheet("名单").frozen_row_count == 1


def test_what_lies_over_the_cells_comes_back(client: gspread.Client) -> None:
    book = client.create("示例")
    sheet = book.sheet1
    sheet.update([["甲", "x"], ["", "y"]], "A1")
    sheet.merge_cells("A1:A2")
    assert sheet.get_values(combine_merged_cells=True) == [["甲", "x"], ["甲", "y"]]
    sheet.insert_note("B1", "说明")
    sheet.format("B1", {"textFormat": {"bold": True}, "numberFormat": {"type": "TEXT", "pattern": "@"}})
    assert (sheet.get_note("B1"), sheet.get_notes()) == ("说明", [["", "说明"], ["", ""]])
    sheet.update_acell("B1", "0012")
    assert sheet.acell("B1").value == "0012"  # typed into a text cell
    sheet.define_named_range("A1:B2", "both")
    assert sheet.get("both") == [["甲", "0012"], ["", "y"]]
    sheet.add_validation("B2", gspread.utils.ValidationConditionType.one_of_list, ["y", "n"], strict=True)
    sheet.update_acell("B2", "z")  # what the interface writes is not held to it
    sheet.add_protected_range("A1:A2", [CITY])
    sheet.set_basic_filter("A1:B2")
    found = book.fetch_sheet_metadata()["sheets"][0]
    assert found["protectedRanges"][0]["editors"] == {"users": [CITY]}
    assert found["basicFilter"]["range"] == {
        "startRowIndex": 0,
        "endRowIndex": 2,
        "startColumnIndex": 0,
        "endColumnIndex": 2,
    }
