"""The emulator's Drive: searches, versions that show late, sharing, shared drives."""

from __future__ import annotations

from typing import Any

from tests.online.asking import CITY, Asker, refusal
from tests.online.clocks import StandingClock
from tests.sheets_emulator.emulator import Emulator

SHEET = "application/vnd.google-apps.spreadsheet"
FILES = "/drive/v3/files"


def names(asker: Asker, q: str, **query: Any) -> list[str]:
    """What a search finds."""
    found = asker.get(FILES, q=q, fields="files(name)", orderBy="name", **query)
    return [each["name"] for each in found["files"]]


def test_files_are_found_by_what_was_written_on_them(google: Emulator) -> None:
    owner = Asker(google, google.account.email)
    folder = google.add_folder("文件夹", google.account.email)
    for city, parents in (("沈阳市", [folder]), ("大连市", [folder]), ("鞍山市", [])):
        marks = {"round": "2026", "city": city}
        made = {"name": f"2026-{city}", "mimeType": SHEET, "parents": parents, "appProperties": marks}
        assert owner.answer("POST", FILES, made).status_code == 200
    has = "appProperties has {{ key='{}' and value='{}' }}"
    both = f"{has.format('round', '2026')} and {has.format('city', '大连市')} and trashed = false"
    assert names(owner, both) == ["2026-大连市"]
    assert names(owner, f"'{folder}' in parents and mimeType='{SHEET}'") == ["2026-大连市", "2026-沈阳市"]
    assert names(owner, f"name contains '2026' and not '{folder}' in parents") == ["2026-鞍山市"]
    assert names(owner, "(name='2026-沈阳市' or name='文件夹')") == ["2026-沈阳市", "文件夹"]
    assert names(Asker(google, CITY), "") == []
    assert refusal(owner.answer("GET", FILES, q="city = '大连市'")) == (400, "Invalid Value")
    assert refusal(owner.answer("GET", FILES, fields="files(naem)")) == (400, "Invalid field selection files.naem")
    found = owner.get(FILES, q=both, fields="files(id)")["files"][0]["id"]
    google.trash(found)
    assert names(owner, both) == []


def test_version_and_time_grow_with_each_change_and_may_show_late(google: Emulator, clock: StandingClock) -> None:
    book = google.add_book("示例", editors=(CITY,))
    city, path = Asker(google, CITY), f"{FILES}/{book}"
    hand = google.contact(book, CITY)
    first = city.get(path, fields="version,modifiedTime")
    clock.advance(60)
    hand.set("Sheet1", "A1", "x")
    assert hand.rows("Sheet1") == [["x"]]  # reading changes nothing
    second = city.get(path, fields="version,modifiedTime")
    assert (first, second) == (
        {"version": "1", "modifiedTime": "2026-01-01T02:46:40.000Z"},
        {"version": "2", "modifiedTime": "2026-01-01T02:47:40.000Z"},
    )
    google.state.lag = 120
    assert city.get(path, fields="version,modifiedTime") == first
    clock.advance(120)
    assert city.get(path, fields="version,modifiedTime") == second


def test_sharing_goes_by_role_and_folder(google: Emulator) -> None:
    owner, city = Asker(google, google.account.email), Asker(google, CITY)
    folder = google.add_folder("文件夹", google.account.email)
    made = owner.answer("POST", FILES, {"name": "示例", "mimeType": SHEET, "parents": [folder]}).json()["id"]
    path, given = f"{FILES}/{made}/permissions", {"type": "user", "role": "reader", "emailAddress": CITY}
    assert city.answer("GET", f"{FILES}/{made}").status_code == 404
    share = owner.answer("POST", f"{FILES}/{folder}/permissions", given)
    assert share.json()["role"] == "reader"
    assert city.get(f"{FILES}/{made}", fields="capabilities(canEdit)") == {"capabilities": {"canEdit": False}}
    assert city.answer("POST", path, given).status_code == 403
    one = owner.answer("POST", path, given | {"role": "writer"}, sendNotificationEmail="false").json()
    assert city.get(f"{FILES}/{made}", fields="capabilities(canEdit)") == {"capabilities": {"canEdit": True}}
    listed = owner.get(path, fields="permissions(emailAddress,role)")["permissions"]
    assert listed[1] == {"emailAddress": CITY, "role": "writer"}
    assert owner.answer("DELETE", f"{path}/{one['id']}").status_code == 204
    assert city.get(f"{FILES}/{made}", fields="capabilities(canEdit)") == {"capabilities": {"canEdit": False}}
    google.state.without_account.add("nobody@example.com")
    nobody = given | {"emailAddress": "nobody@example.com"}
    refused = owner.answer("POST", path, nobody, sendNotificationEmail="false")
    assert refused.json()["error"]["errors"][0]["reason"] == "invalidSharingRequest"
    assert owner.answer("POST", path, nobody).status_code == 200


def test_who_may_own_nothing_makes_files_on_a_shared_drive(google: Emulator) -> None:
    owner = Asker(google, google.account.email)
    google.state.without_storage.add(google.account.email)
    made = {"name": "示例", "mimeType": SHEET}
    refused = owner.answer("POST", FILES, made)
    assert refused.json()["error"]["errors"][0]["reason"] == "storageQuotaExceeded"
    far = google.add_folder("共享云端硬盘", "office@example.com", editors=(google.account.email,), shared_drive=True)
    there, told = made | {"parents": [far]}, {"supportsAllDrives": "true"}
    assert owner.answer("POST", FILES, there).status_code == 404
    book = owner.answer("POST", FILES, there, **told).json()["id"]
    assert owner.answer("GET", f"{FILES}/{book}").status_code == 404
    assert owner.get(f"{FILES}/{book}", fields="driveId,ownedByMe", **told) == {"driveId": far}
    assert names(owner, "name = '示例'", **told) == []
    assert names(owner, "name = '示例'", includeItemsFromAllDrives="true", **told) == ["示例"]
