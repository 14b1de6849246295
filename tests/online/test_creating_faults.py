"""What goes wrong while online sheets are made: nothing twice, nothing half, and no other city is kept waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.intake.online import drive
from core.intake.online.client import OnlineClient, Spent
from core.intake.online.creating import PROPERTY, Terms, create_books
from core.intake.online.faults import say
from tests.online.clocks import StandingClock
from tests.online.making import folder, one, spent, terms, wanted
from tests.sheets_emulator import faults
from tests.sheets_emulator.emulator import Emulator

__all__ = ["folder", "terms"]  # fixtures

MADE = "2026-沈阳市：已建好在线表格，并已共享给 lianxiren0@example.cn。"
FILES, BATCH, SHEET = r"/drive/v3/files$", ":batchUpdate$", r"/v4/spreadsheets/[^:]*$"


def books(google: Emulator) -> list[str]:
    return [file.id for file in google.state.files.values() if file.book is not None]


@pytest.mark.parametrize("after", [False, True], ids=["not applied", "applied"])
@pytest.mark.parametrize("outcome", [faults.drop(), faults.status(503), faults.html(502)], ids=["drop", "503", "html"])
def test_a_file_whose_making_was_not_answered_is_made_once(
    google: Emulator, client: OnlineClient, terms: Terms, clock: StandingClock, outcome: faults.Outcome, after: bool
) -> None:
    google.fail(outcome, after=after, method="POST", path=FILES)
    made = one(client, terms, wanted("沈阳市"))
    if after:
        assert (made.state, made.sentence) == ("made", MADE)
    elif made.state == "failed":
        assert made.key == ""
        assert made.sentence == (
            "2026-沈阳市：已请 Google 新建表格，但没有收到回音，也还没有查到这份表格。为避免重复，没有再建；"
            "请过几分钟再办一次，已建好的会直接使用。"
        )
        assert [wait for wait in clock.waits if wait in (2.0, 5.0, 10.0)] == [2.0, 5.0, 10.0]
    assert one(client, terms, wanted("沈阳市")).key == books(google)[0]
    assert len(books(google)) == 1


@pytest.mark.parametrize("after", [False, True], ids=["not applied", "applied"])
@pytest.mark.parametrize(
    "outcome", [faults.drop(), faults.status(500), faults.garbage()], ids=["drop", "500", "garbage"]
)
def test_a_filling_whose_outcome_is_unknown_is_read_and_then_decided(
    google: Emulator, client: OnlineClient, terms: Terms, outcome: faults.Outcome, after: bool
) -> None:
    google.fail(outcome, after=after, path=BATCH)
    made = one(client, terms, wanted("沈阳市"))
    assert (made.state, made.sentence) == ("made", MADE)
    done = 1 if after else 2
    assert len([line for line in google.log if line.requests and line.status == 200]) <= done
    contact = google.contact(made.key, "lianxiren0@example.cn")
    assert contact.tabs() == ["填报说明", "推荐汇总表", "变更报告", "审核反馈", "_字典", "_meta"]
    assert one(client, terms, wanted("沈阳市")).state == "kept"


@pytest.mark.parametrize("kind", ["read", "write", "drive"])
def test_a_minute_without_room_is_waited_for(google: Emulator, client: OnlineClient, terms: Terms, kind: str) -> None:
    google.fail(faults.status(429, service="drive" if kind == "drive" else "sheets"), times=3, kind=kind)
    made = one(client, terms, wanted("沈阳市"))
    assert (made.state, made.sentence) == ("made", MADE)
    assert spent(client, Spent())["retries"] == 3


def test_one_citys_failure_does_not_stop_the_others(google: Emulator, client: OnlineClient, terms: Terms) -> None:
    left = drive.create(client, "2026-大连市", terms.folder_id, {PROPERTY: "2026/大连市"})
    google.fail(faults.status(400), path=f"{left}:batchUpdate$", times=None)
    cities = ["沈阳市", "大连市", "鞍山市"]
    made = create_books(client, [wanted(city) for city in cities], terms)
    assert [each.state for each in made] == ["made", "failed", "made"]
    assert made[1].key == left
    assert made[1].sentence == (
        f"2026-大连市：表格已经建立（https://docs.google.com/spreadsheets/d/{left}/edit），但没有办完。"
        "Google 没有接受这一步（编号 400），没有办成。请重试；仍然如此时，请管理员查看服务器日志中的原因。"
    )
    google.heal()
    assert [each.state for each in create_books(client, [wanted(city) for city in cities], terms)] == [
        "kept",
        "made",
        "kept",
    ]


def test_what_stops_one_city_stops_all_and_asks_no_more(google: Emulator, client: OnlineClient, terms: Terms) -> None:
    google.fail(faults.api_off("drive"), kind="drive", times=None)
    cities = ["沈阳市", "大连市", "鞍山市", "抚顺市", "本溪市", "丹东市"]
    made = create_books(client, [wanted(city) for city in cities], terms)
    assert {each.state for each in made} == {"failed"}
    why = "服务账号所在的项目没有启用 Google Drive API。请在 Google Cloud 控制台打开项目 "
    assert all(why in each.sentence for each in made)
    assert sum("：还没有办理。" in each.sentence for each in made) >= 2
    assert spent(client, Spent())["drive"] <= 4


def test_a_contact_who_cannot_be_shared_with_is_told_of_and_the_book_is_there(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    google.state.without_account.add("lianxiren0@example.cn")
    made = one(client, terms, wanted("沈阳市"))
    assert (made.state, made.key) == ("failed", books(google)[0])
    why = say("fault", "not_shareable", who="lianxiren0@example.cn")
    assert made.sentence == f"2026-沈阳市：在线表格已就绪，还没有共享给联系人。{why}"


def test_a_folder_that_is_not_there_or_a_service_account_without_room_is_told(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    google.state.without_storage.add(google.account.email)
    own = one(client, replace(terms, folder_id=""), wanted("沈阳市"))
    assert (own.state, own.key) == ("failed", "")
    assert own.sentence == (
        "2026-沈阳市：新建表格没有成功：服务账号自己没有存储空间。请在“共享云端硬盘”中建一个文件夹，"
        f"把 {google.account.email} 加为“内容管理员”，并在“在线表格”页面改用这个文件夹。"
    )
    away = one(client, replace(terms, folder_id="1Nirgends"), wanted("沈阳市"))
    assert (away.state, away.key) == ("failed", "")
    assert away.sentence.startswith("2026-沈阳市：找不到这个表格或文件夹：")
    assert books(google) == []


def test_a_book_that_somebody_else_has_closed_is_told_of_with_its_address(
    google: Emulator, client: OnlineClient, terms: Terms
) -> None:
    made = one(client, terms, wanted("沈阳市"))
    whole = {"range": {"sheetId": 101}, "editors": {"users": ["lianxiren0@example.cn"]}}
    contact = google.contact(made.key, "lianxiren0@example.cn")
    contact.batch({"addProtectedRange": {"protectedRange": whole}})
    contact.rename_tab("推荐汇总表", "汇总")
    google.file(made.key).owner = "sheng@example.cn"
    again = one(client, terms, wanted("沈阳市", id=made.key))
    assert (again.state, again.key) == ("failed", made.key)
    assert again.sentence == (
        f"2026-沈阳市：表格已经建立（{made.link}），但没有办完。要写入的单元格设有保护，服务账号不能修改，没有写入。"
        f"请在“数据—保护工作表和范围”中把 {google.account.email} 加入可编辑的人，再重试。"
    )


def test_people_who_undo_each_repair_are_told_of(google: Emulator, client: OnlineClient, terms: Terms) -> None:
    made = one(client, terms, wanted("沈阳市"))
    contact = google.contact(made.key, "lianxiren0@example.cn")
    contact.rename_tab("推荐汇总表", "汇总")

    def undo(_: object) -> None:
        if "推荐汇总表" in contact.tabs():
            contact.rename_tab("推荐汇总表", "汇总")

    google.fail(faults.drop(), path=BATCH, after=True, times=None)
    google.hook(undo, path=SHEET, method="GET", times=None)
    again = one(client, terms, wanted("沈阳市", id=made.key))
    assert (again.state, again.key) == ("failed", made.key)
    assert again.sentence == (
        "2026-沈阳市：几次修复后仍不完整（工作表“汇总”改回原名“推荐汇总表”），可能有人正在改动表格结构。"
        "请稍后再办一次；仍然如此时，请核对表格中的保护设置。"
    )
