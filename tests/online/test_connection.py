"""The connection tried step by step: each step has its sentence, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.intake.online.client import OnlineClient
from core.intake.online.connection import Step, connection_test
from tests.online.test_faults import KEY_CLOCK, NO_NETWORK, off
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator

OFFICE = "office@example.cn"
EMAIL = "shifan-sync@shifan-emulated.iam.gserviceaccount.com"
KEY = Step("密钥可读", True, f"密钥属于服务账号 {EMAIL}（项目 shifan-emulated）。")
TOKEN = Step("连上网络并登录", True, "已连上 Google，密钥已被接受。")
DRIVE = Step("Google Drive API 可用", True, "Google Drive API 已启用。")
SHEETS = Step("Google Sheets API 可用", True, "Google Sheets API 已启用。")
FOLDER = Step("文件夹可写", True, "文件夹“2026 年推荐”可以新建表格。")
NOT_FOUND = (
    "找不到这个表格或文件夹：可能已被删除，链接填错，或没有共享给服务账号。"
    f"请核对链接，并在它的“共享”中把 {EMAIL} 设为“编辑者”，再重试。"
)


@pytest.fixture
def folder(google: Emulator) -> str:
    """A shared drive of the office in which the service account manages the content."""
    made = google.add_folder("2026 年推荐", OFFICE, shared_drive=True)
    google.share(made, google.account.email, "fileOrganizer")
    return made


@pytest.fixture
def books(google: Emulator) -> dict[str, str]:
    """The sheets of two cities."""
    cities = ("虚构市", "示例市")
    return {city: google.add_book(f"2026-{city}", OFFICE, editors=(EMAIL,)) for city in cities}


def steps(client: OnlineClient, folder: str = "", books: dict[str, str] | None = None) -> list[Step]:
    """All steps."""
    return list(connection_test(client, folder, books or {}))


def test_all_is_well(google: Emulator, client: OnlineClient, folder: str, books: dict[str, str]) -> None:
    before = {id: list(file.changes) for id, file in google.state.files.items()}
    assert steps(client, folder, books) == [
        KEY,
        TOKEN,
        DRIVE,
        SHEETS,
        FOLDER,
        Step("虚构市的表格可读写", True, "表格“2026-虚构市”可以读写。"),
        Step("示例市的表格可读写", True, "表格“2026-示例市”可以读写。"),
    ]
    assert {id: file.changes for id, file in google.state.files.items()} == before
    assert google.counts() == {"token": 1, "drive": 4, "read": 3}


def test_each_step_is_given_when_it_is_done(google: Emulator, client: OnlineClient) -> None:
    trying = connection_test(client, "", {})
    assert next(trying) == KEY
    assert google.counts() == {}
    assert next(trying) == TOKEN
    assert google.counts() == {"token": 1}
    assert [*trying] == [DRIVE, SHEETS]


def test_without_a_network_nothing_further_is_tried(google: Emulator, client: OnlineClient, folder: str) -> None:
    google.server.stop()
    assert steps(client, folder) == [KEY, Step("连上网络并登录", False, NO_NETWORK)]


def test_a_clock_that_is_wrong(google: Emulator, client: OnlineClient) -> None:
    google.tokens.skew = 7200.0
    assert steps(client) == [KEY, Step("连上网络并登录", False, KEY_CLOCK)]


def test_sheets_that_are_off(google: Emulator, client: OnlineClient, folder: str, books: dict[str, str]) -> None:
    google.fail(faults.api_off("sheets"), times=None, kind="sheets")
    told = off("Google Sheets API").replace("fictional-project", "shifan-emulated")
    assert steps(client, folder, books) == [KEY, TOKEN, DRIVE, Step("Google Sheets API 可用", False, told), FOLDER]


def test_a_drive_that_is_off(google: Emulator, client: OnlineClient, folder: str, books: dict[str, str]) -> None:
    google.fail(faults.api_off("drive"), times=None, kind="drive")
    told = off("Google Drive API").replace("fictional-project", "shifan-emulated")
    assert steps(client, folder, books) == [KEY, TOKEN, Step("Google Drive API 可用", False, told), SHEETS]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda google, folder: google.delete(folder), NOT_FOUND),
        (lambda google, folder: google.trash(folder), "文件夹“2026 年推荐”在回收站中。请先还原，或换一个文件夹。"),
        (
            lambda google, folder: google.share(folder, EMAIL, "reader"),
            f"文件夹“2026 年推荐”不能新建文件。请在共享云端硬盘中把 {EMAIL} 加为“内容管理员”，再重试。",
        ),
    ],
)
def test_a_folder_that_cannot_be_used(
    spoil: Callable[[Emulator, str], None], sentence: str, google: Emulator, client: OnlineClient, folder: str
) -> None:
    spoil(google, folder)
    assert steps(client, folder) == [KEY, TOKEN, DRIVE, SHEETS, Step("文件夹可写", False, sentence)]


def test_a_folder_of_somebodys_own_is_warned_of(google: Emulator, client: OnlineClient) -> None:
    own = google.add_folder("办公室自己的", OFFICE, editors=(EMAIL,))
    assert steps(client, own)[-1] == Step(
        "文件夹可写",
        True,
        "文件夹“办公室自己的”不在共享云端硬盘中，服务账号没有存储空间，可能不能新建表格。"
        "建议改用共享云端硬盘中的文件夹。",
    )


def test_a_spreadsheet_in_place_of_a_folder(client: OnlineClient, books: dict[str, str]) -> None:
    told = "“2026-虚构市”不是文件夹。请填写文件夹的链接。"
    assert steps(client, books["虚构市"])[-1] == Step("文件夹可写", False, told)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda google, book: google.delete(book), NOT_FOUND),
        (lambda google, book: google.unshare(book, EMAIL), NOT_FOUND),
        (lambda google, book: google.trash(book), "表格“2026-虚构市”在回收站中。请先还原，或换一个表格。"),
        (
            lambda google, book: google.share(book, EMAIL, "reader"),
            f"表格“2026-虚构市”只能查看，不能修改。请在它的“共享”中把 {EMAIL} 设为“编辑者”，再重试。",
        ),
    ],
)
def test_a_sheet_that_cannot_be_used_does_not_stop_the_others(
    spoil: Callable[[Emulator, str], None],
    sentence: str,
    google: Emulator,
    client: OnlineClient,
    books: dict[str, str],
) -> None:
    spoil(google, books["虚构市"])
    assert steps(client, "", books)[4:] == [
        Step("虚构市的表格可读写", False, sentence),
        Step("示例市的表格可读写", True, "表格“2026-示例市”可以读写。"),
    ]
