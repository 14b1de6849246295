"""年度轮次 and 账户 in the browser: edited tables, conflicts told by name, templates, first passwords."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from core.services import accounts, rounds
from core.services.rounds import RecommenderChange
from tests.browser.driver import PASSWORD, Server, choose, heading, open_at, put_away, settled, signed_in, tab_of
from tests.browser.seed import Seeded, seed

QUOTA, CONTACT = 2, 3  # columns of the table, the first is 推荐单位


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """A round of 15 recommenders without quotas."""
    return seed(server)


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of the administrator."""
    context = signed_in(browser, server, Role.ADMIN)
    yield tab_of(context)
    put_away(context)


def cell(page: Page, row: int, column: int) -> Locator:
    """A cell of the editable table, as its accessibility table tells it."""
    return page.get_by_test_id(f"glide-cell-{column}-{row}")


def select(page: Page, row: int, column: int) -> None:
    """Goes to a cell by keyboard, waiting for each step: the grid drops keys that come faster than it draws."""
    page.get_by_test_id("stDataFrame").locator(".dvn-scroller").click(position={"x": 15, "y": 52})
    page.keyboard.press("Control+Home")
    expect(cell(page, 0, 0)).to_have_attribute("aria-selected", "true")
    for down in range(1, row + 1):
        page.keyboard.press("ArrowDown")
        expect(cell(page, down, 0)).to_have_attribute("aria-selected", "true")
    for right in range(1, column + 1):
        page.keyboard.press("ArrowRight")
        expect(cell(page, row, right)).to_have_attribute("aria-selected", "true")


def edit(page: Page, row: int, column: int, text: str) -> None:
    """Types a value into a cell."""
    select(page, row, column)
    page.keyboard.press("Enter")
    box = page.locator("#portal input, #portal textarea").first
    box.fill(text)
    page.keyboard.press("Enter")
    box.wait_for(state="detached")
    expect(cell(page, row, column)).to_have_text(text)


def quotas(server: Server, round_: Seeded) -> dict[str, int]:
    """The quotas that are set, by city."""
    frame = views.recommenders_frame(server.app, round_.round_id)
    known = frame.dropna(subset=["推荐名额"])
    return dict(zip(known["推荐单位"], known["推荐名额"].astype(int).tolist(), strict=True))


def test_edits_are_saved_and_a_conflict_is_told_by_name(page: Page, server: Server, round_: Seeded) -> None:
    open_at(page, "/round", "年度轮次")
    edit(page, 0, QUOTA, "6")
    edit(page, 1, QUOTA, "4")
    # meanwhile somebody else sets the quota of 大连市
    rounds.set_recommenders(
        server.app, round_.actor, round_.round_id, [RecommenderChange("大连市", 1, True, 9, "")], "先到一步"
    )
    page.get_by_label("理由（必填）").first.fill("按通知下达名额")
    page.get_by_role("button", name="保存推荐单位").click()
    expect(page.get_by_test_id("stAlert")).to_have_text(
        re.compile(r"^已保存 1 家。大连市.*已由乙经办于.*修改，您的改动没有写入。请刷新页面，核对后再办。$")
    )
    assert quotas(server, round_) == {"沈阳市": 6, "大连市": 9}
    # the table now shows what the other wrote, and saving again writes nothing twice
    expect(cell(page, 1, QUOTA)).to_have_text("9")
    page.get_by_role("button", name="保存推荐单位").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("没有改动，无需保存。")


def test_a_reason_is_asked_for_and_the_edit_is_still_there(page: Page, server: Server, round_: Seeded) -> None:
    open_at(page, "/round", "年度轮次")
    edit(page, 2, CONTACT, "虚构联系人")
    page.get_by_role("button", name="保存推荐单位").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("请写明理由，供日后核查。")
    expect(cell(page, 2, CONTACT)).to_have_text("虚构联系人")
    page.get_by_label("理由（必填）").first.fill("补登联系人")
    page.get_by_role("button", name="保存推荐单位").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("已保存 1 家。")
    frame = views.recommenders_frame(server.app, round_.round_id)
    assert frame["联系人"].tolist() == ["", "", "虚构联系人", *[""] * 12]


def test_settings_that_somebody_else_changed_are_not_overwritten(page: Page, server: Server, round_: Seeded) -> None:
    open_at(page, "/round", "年度轮次")
    page.get_by_role("tab", name="修改设置").click()
    held = views.round_view(server.app, round_.round_id)
    rounds.change_round(
        server.app,
        round_.actor,
        held.id,
        held.version,
        notice_number="虚构工信〔2026〕2号",
        notice_date=held.notice_date,
        standard_id=held.standard_id,
        deadline=held.deadline,
        reference_day=held.reference_day,
        count_start=held.count_start,
        over_quota=held.over_quota,
        folder=held.folder,
        why="更正文号",
    )
    panel = page.get_by_role("tabpanel").filter(has=page.get_by_role("button", name="保存设置"))
    panel.get_by_role("textbox", name="通知文号").fill("虚构工信〔2026〕3号")
    panel.get_by_role("textbox", name="理由（必填）").fill("再次更正")
    panel.get_by_role("button", name="保存设置").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("已由乙经办于")
    assert views.round_view(server.app, round_.round_id).notice_number == "虚构工信〔2026〕2号"


def test_the_templates_come_in_one_archive(page: Page) -> None:
    open_at(page, "/round", "年度轮次")
    page.get_by_role("tab", name="推荐工作簿").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载全部（压缩包）").click()
    assert caught.value.suggested_filename == "2026年度推荐工作簿.zip"
    names = zipfile.ZipFile(io.BytesIO(Path(caught.value.path()).read_bytes())).namelist()
    assert (len(names), names[0], names[-1]) == (15, "2026-沈阳市.xlsx", "2026-沈抚示范区.xlsx")


def test_a_new_account_gets_a_first_password_once(page: Page, server: Server) -> None:
    open_at(page, "/accounts", "账户")
    page.get_by_role("textbox", name="账号").fill("New-1")
    page.get_by_role("textbox", name="姓名").first.fill("辛新人")
    page.get_by_role("button", name="新增账户").click()
    alerts = page.get_by_test_id("stAlert")
    expect(alerts.first).to_have_text("已新增账户“new-1”。")
    first = re.search(r"初始密码：(\S+) 。", alerts.nth(1).inner_text())
    assert first is not None
    assert accounts.sign_in(server.app, login="new-1", password=first.group(1))
    expect(page.get_by_role("cell", name="辛新人")).to_be_visible()
    page.reload()
    expect(heading(page)).to_have_text("账户")
    settled(page)
    expect(page.get_by_text(first.group(1))).to_have_count(0)


def test_the_last_administrator_cannot_be_stopped(page: Page, server: Server) -> None:
    server.account(Role.ADMIN)
    open_at(page, "/accounts", "账户")
    page.get_by_role("tab", name="修改或重置密码").click()
    choose(page, "选择账户", "首任管理员（root-1）")
    page.get_by_text("停用（立即退出登录）").click()
    page.get_by_role("textbox", name="理由（必填）").fill("离岗")
    page.get_by_role("button", name="保存改动").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("已修改账户“root-1”。")
    choose(page, "选择账户", "甲管理（admin-1）")
    page.get_by_text("停用（立即退出登录）").click()
    page.get_by_role("textbox", name="理由（必填）").fill("离岗")
    page.get_by_role("button", name="保存改动").click()
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "这是最后一个在用的管理员，不能停用或改为其他角色。请先新增一个管理员。"
    )
    assert accounts.sign_in(server.app, login="admin-1", password=PASSWORD)


@pytest.mark.parametrize("written", ["2020", "2020年度"])
def test_an_address_names_its_round(page: Page, server: Server, round_: Seeded, written: str) -> None:
    if all(each.year != 2020 for each in views.rounds(server.app)):
        rounds.open_round(server.app, round_.actor, year=2020)
    open_at(page, f"/round?year={written}", "年度轮次")
    expect(page.get_by_role("combobox", name="年度轮次")).to_have_value("2020年度")
