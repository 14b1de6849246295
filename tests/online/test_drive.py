"""Files of Drive: found by our own properties, made once, looked at, shared."""

from __future__ import annotations

import pytest

from core.intake.online import drive
from core.intake.online.client import OnlineClient, Spent
from core.intake.online.drive import FOLDER, SPREADSHEET, File, Grant, Head
from core.intake.online.faults import OnlineFault
from tests.online.clocks import StandingClock
from tests.online.refusals import fault
from tests.online.test_client import cell
from tests.online.test_client_faults import UNKNOWN
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator

OFFICE = "office@example.cn"
MARK = {"shifan": "2026/虚构市"}


@pytest.fixture
def folder(google: Emulator) -> str:
    """A shared drive of the office in which the service account manages the content."""
    made = google.add_folder("2026 年推荐", OFFICE, shared_drive=True)
    google.share(made, google.account.email, "fileOrganizer")
    google.state.without_storage.add(google.account.email)
    return made


def test_what_is_made_is_found_by_its_mark(google: Emulator, client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    other = drive.create(client, "2026-示例市", folder, {"shifan": "2026/示例市"})
    [found] = drive.find(client, "shifan", "2026/虚构市")
    assert found == File(
        made, "2026-虚构市", MARK, f"https://docs.google.com/spreadsheets/d/{made}/edit?usp=drivesdk", found.created
    )
    assert drive.find(client, "shifan", "2026/虚构市", folder_id=folder) == [found]
    assert drive.find(client, "shifan", "2026/虚构市", folder_id=other) == []
    assert drive.find(client, "shifan", "2026/无此市") == []
    assert google.file(made).parents == [folder]
    assert client.spent == Spent(drive=6)


def test_what_is_found_comes_oldest_first_over_all_pages(
    google: Emulator, client: OnlineClient, folder: str, clock: StandingClock
) -> None:
    made = []
    for at in range(103):
        file = google.state.make(google.account.email, str(at), parents=[folder])
        file.app_properties.update(MARK)
        made.append(file.id)
        clock.advance(1)
    assert [each.id for each in drive.find(client, "shifan", "2026/虚构市")] == made
    assert client.spent == Spent(drive=2)


def test_the_bin_is_not_looked_into(google: Emulator, client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    google.trash(made)
    assert drive.find(client, "shifan", "2026/虚构市") == []
    assert drive.head(client, made).trashed


def test_a_mark_may_hold_anything(client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "x", folder, {"shi'fan": "it's \\ 'or' trashed = true"})
    assert [each.id for each in drive.find(client, "shi'fan", "it's \\ 'or' trashed = true")] == [made]


@pytest.mark.parametrize("after", [False, True])
def test_a_file_is_never_made_twice_by_chance(after: bool, google: Emulator, client: OnlineClient, folder: str) -> None:
    """Whether it was made nobody knows; that is found out before a second try."""
    google.fail(faults.drop(), after=after, method="POST", path="/files$")
    assert fault(lambda: drive.create(client, "2026-虚构市", folder, MARK)) == UNKNOWN
    assert len(drive.find(client, "shifan", "2026/虚构市")) == after


@pytest.mark.parametrize("body", [b"{}", b"<html>"])
def test_an_answer_without_the_new_id_is_no_answer(
    body: bytes, google: Emulator, client: OnlineClient, folder: str
) -> None:
    google.fail(faults.garbage(body), after=True, method="POST", path="/files$")
    assert fault(lambda: drive.create(client, "2026-虚构市", folder, MARK)) == UNKNOWN


def test_a_service_account_owns_no_storage(google: Emulator, client: OnlineClient, folder: str) -> None:
    told = (
        "新建表格没有成功：服务账号自己没有存储空间。请在“共享云端硬盘”中建一个文件夹，"
        f"把 {google.account.email} 加为“内容管理员”，并在“在线表格”页面改用这个文件夹。"
    )
    assert fault(lambda: drive.create(client, "2026-虚构市", "", MARK)) == ("no_storage", told)
    own = google.add_folder("办公室自己的", OFFICE, editors=(google.account.email,))
    assert fault(lambda: drive.create(client, "2026-虚构市", own, MARK)) == ("no_storage", told)
    assert drive.create(client, "2026-虚构市", folder, MARK)


def test_a_file_is_looked_at_without_its_content(client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    seen = drive.head(client, made)
    assert seen == Head(
        id=made,
        name="2026-虚构市",
        kind=SPREADSHEET,
        version=seen.version,
        modified=seen.modified,
        trashed=False,
        link=f"https://docs.google.com/spreadsheets/d/{made}/edit?usp=drivesdk",
        shared_drive=True,
        editable=True,
        takes_files=False,
    )
    assert drive.head(client, folder).kind == FOLDER
    assert drive.head(client, folder).takes_files
    client.batch_update(made, [cell("a")], idempotent=True)
    assert int(drive.head(client, made).version) > int(seen.version)


def test_an_answer_about_another_file_is_none(google: Emulator, client: OnlineClient, folder: str) -> None:
    google.fail(faults.garbage(b'{"id": "other"}'), method="GET")
    with pytest.raises(OnlineFault) as strange:
        drive.head(client, folder)
    assert strange.value.code == "strange_answer"


def test_a_file_is_shared_without_a_mail(client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    drive.share(client, made, "contact@example.cn")
    drive.share(client, made, "contact@example.cn")
    drive.share(client, made, "reader@example.cn", "reader")
    found = [(each.email, each.role) for each in drive.permissions(client, made)]
    assert found == [("contact@example.cn", "writer"), ("reader@example.cn", "reader")]
    assert all(isinstance(each, Grant) and each.id for each in drive.permissions(client, made))


@pytest.mark.parametrize("after", [False, True])
def test_sharing_may_be_repeated(after: bool, google: Emulator, client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    google.fail(faults.status(503, service="drive"), after=after, method="POST", times=2)
    drive.share(client, made, "contact@example.cn")
    assert [each.email for each in drive.permissions(client, made)] == ["contact@example.cn"]


def test_an_address_that_nobody_has_at_google_is_told(google: Emulator, client: OnlineClient, folder: str) -> None:
    made = drive.create(client, "2026-虚构市", folder, MARK)
    google.state.without_account.add("contact@example.cn")
    told = (
        "没有共享成功：这个邮箱没有对应的 Google 账号或填写有误，或者所在单位的 Google 设置不允许共享给它。"
        "请核对邮箱；没有 Google 账号的，请先用这个邮箱注册，再重试。"
    )
    assert fault(lambda: drive.share(client, made, "contact@example.cn")) == ("not_shareable", told)
    assert drive.permissions(client, made) == []
