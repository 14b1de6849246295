"""公布 in the browser: a notice is published, counted down and published anew; a list that changed says so."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.clock import Clock
from core.services import rounds
from core.views.publications import publications
from tests.begun import taken_over
from tests.browser.driver import (
    Server,
    cell_texts,
    choose,
    heading,
    open_at,
    picture,
    put_away,
    running_server,
    settled,
    signed_in,
    tab_of,
)
from tests.browser.fields import fill_day, unfold
from tests.browser.seed import staff
from tests.notices import proposed, publish
from tests.office import Office

TITLE = "公布"
TODAY = date(2026, 6, 1)  # a Monday
NOTICE = "2026年度拟创建对象公示（2026年6月1日）"
DOCUMENT = "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示"
IN_FORCE = "辽宁省中小企业公共服务示范平台（基地）现有名单（截至2026年6月1日）"
FIRST_DAY = "公示首日，不计入公示期，还有 5 个，最后一日是2026年6月8日（周一）。"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the first of June."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=TODAY.isoformat()) as running:
        running.app.clock = Clock(TODAY)
        yield running


@pytest.fixture(scope="module")
def office(server: Server) -> Office:
    """A notice of three that begins today, and one that was recognised long ago."""
    actor = staff(server)
    folder = server.home / "folder"
    number = rounds.open_round(server.app, actor, year=2026, count_start=False, folder=str(folder))
    made = Office(server.app, folder, number, actor, actor, actor, actor, actor)
    proposed(made)
    publish(made)
    taken_over(server.app, actor, "recognized", date(2025, 3, 3), "虚构己平台", operator="虚构己公司")
    return made


@pytest.fixture
def page(server: Server, browser: Browser, office: Office) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def main(page: Page) -> Locator:
    """The page without its frame."""
    return page.get_by_test_id("stMain")


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(main(page).get_by_test_id("stAlert").first).to_have_text(text)
    settled(page)


def waiting(page: Page) -> Locator:
    """The table of what is still to be made public."""
    return page.locator("table.sf-waiting")


def made(page: Page) -> Locator:
    """The table of what was made public."""
    return page.locator("table.sf:not(.sf-waiting)")


def test_a_notice_is_registered_with_what_was_filled_in(page: Page, server: Server, office: Office) -> None:
    open_at(page, "/publications", TITLE)
    assert cell_texts(waiting(page)) == [["先办", NOTICE, "3", FIRST_DAY, "登记公布 →"]]
    expect(main(page).get_by_text("还没有登记过公布。")).to_be_visible()
    waiting(page).get_by_role("link", name="登记公布 →").click()
    expect(page.locator("h2.sf-name")).to_have_text(f"登记公布：{NOTICE}")
    settled(page)
    assert [row[2] for row in cell_texts(made(page))] == ["虚构甲平台", "虚构乙平台", "虚构丙平台"]
    expect(page.get_by_label("公布的地方（必填）")).to_have_value("辽宁省中小企业服务网")
    # a signature after the publication is refused, and what was typed is still there
    fill_day(main(page), "落款日期", date(2026, 6, 2))
    page.get_by_label("发文字号").fill("虚构工信[2026]第08号")
    page.get_by_label("公布的地方（必填）").fill("虚构服务网")
    page.get_by_role("button", name="登记公布 3 个").click()
    said(page, "落款日期2026年6月2日（周二）晚于公布日期2026年6月1日（周一），请核对文件上的落款日期。")
    expect(page.get_by_label("公布的地方（必填）")).to_have_value("虚构服务网")
    fill_day(main(page), "落款日期", TODAY)
    picture(page, "publications-new")
    page.get_by_role("button", name="登记公布 3 个").click()
    said(page, re.compile("^已登记公布 3 个。名单和文件原样留存在这里"))
    [one] = publications(server.app, office.round_id)
    assert (one.number, one.place, one.signed) == ("虚构工信〔2026〕8号", "虚构服务网", TODAY)
    assert page.url.endswith(f"publication={one.id}")
    expect(page.locator("h2.sf-name")).to_have_text(f"{DOCUMENT} ● 公示中")
    expect(main(page).get_by_text(FIRST_DAY)).to_be_visible()
    expect(page.locator(".sf-strip > div")).to_have_count(8)


def test_each_file_is_told_intact_and_comes_as_it_was(page: Page, tmp_path: Path) -> None:
    open_at(page, "/publications?publication=1", TITLE)
    expect(page.locator(".sf-sha")).to_have_count(5)
    expect(main(page).locator(".sf-v.sf-pass")).to_have_text(["✓完好"] * 5)
    name = "2026年度拟创建对象公示.docx"
    line = page.get_by_test_id("stHorizontalBlock").filter(has_text=name).last
    with page.expect_download() as caught:
        line.get_by_role("button", name="下载").click()
    assert caught.value.suggested_filename == name
    target = tmp_path / "file.docx"
    caught.value.save_as(target)
    told = line.locator(".sf-sha").inner_text()
    assert told == f"SHA-256 {hashlib.sha256(target.read_bytes()).hexdigest()}"
    for width, height in ((1440, 900), (1024, 768)):
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        picture(page, f"publication-{width}")


def test_it_is_published_anew_only_with_a_reason_and_the_former_stays(page: Page) -> None:
    open_at(page, "/publications?publication=1", TITLE)
    page.get_by_role("button", name="重新公布").click()
    expect(page.locator("h2.sf-name")).to_have_text(f"重新公布：{NOTICE}")
    settled(page)
    expect(page.get_by_label("发文字号")).to_have_value("虚构工信〔2026〕8号")
    page.get_by_role("button", name="重新公布 3 个").click()
    said(page, "请写明理由，供日后核查。")
    page.get_by_label("理由（必填）").fill("网站改版，重新发布")
    page.get_by_role("button", name="重新公布 3 个").click()
    said(page, re.compile("^已登记公布 3 个。"))
    expect(main(page).get_by_text("网站改版，重新发布")).to_be_visible()
    page.get_by_role("link", name="原来的公布").click()
    expect(page.locator("h2.sf-name")).to_have_text(f"{DOCUMENT} 已被替代")
    expect(page.get_by_role("button", name="重新公布")).to_have_count(0)
    expect(page.get_by_role("button", name="下载")).to_have_count(5)
    settled(page)
    page.get_by_role("button", name="← 回到列表").click()
    expect(made(page).locator("tbody tr")).to_have_count(2)
    expect(main(page).get_by_text("2026年度该公布的都已登记公布。")).to_be_visible()


def test_filters_stand_in_the_address_and_survive_a_reload(page: Page) -> None:
    open_at(page, "/publications", TITLE)
    choose(page, "状态", "已被替代")
    expect(made(page).locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("state=superseded"))
    page.reload()
    expect(heading(page)).to_have_text(TITLE)
    settled(page)
    expect(made(page).locator("tbody tr")).to_have_count(1)
    choose(page, "公布的是什么", "现有示范平台（基地）名单")
    expect(main(page).get_by_text("共公布 2 次，没有符合筛选条件的。请把上面的筛选改回“全部”。")).to_be_visible()


def test_a_list_that_changed_says_line_by_line_what_differs(page: Page, server: Server, office: Office) -> None:
    open_at(page, "/publications", TITLE)
    part = unfold(page, "登记别的公布")
    choose(page, "公布什么", "现有示范平台（基地）名单")
    part.get_by_role("button", name="登记公布").click()
    expect(page.locator("h2.sf-name")).to_have_text("登记公布：现有示范平台（基地）名单")
    settled(page)
    page.get_by_role("button", name="登记公布 1 个").click()
    said(page, re.compile("^已登记公布 1 个。"))
    expect(page.locator("h2.sf-name")).to_have_text(f"{IN_FORCE} ✓ 现行")
    taken_over(server.app, office.staff, "recognized", date(2025, 3, 3), "虚构庚平台", city="大连市")
    page.reload()
    expect(page.locator("h2.sf-name")).to_have_text(f"{IN_FORCE} ! 公布后有变化")
    settled(page)
    expect(page.locator("h3", has_text="公布以后的变化")).to_have_text("公布以后的变化：增加 1 行")
    assert cell_texts(page.locator("table.sf").first) == [["增加", "大连市", "虚构庚平台", "平台", "虚构甲公司"]]
    picture(page, "publication-changed")


def test_supervision_reads_and_takes_files_and_acts_on_nothing(browser: Browser, server: Server, page: Page) -> None:
    open_at(page, "/publications", TITLE)
    context = signed_in(browser, server, Role.SUPERVISOR, 1024, 768)
    seen = tab_of(context)
    open_at(seen, "/publications", TITLE)
    expect(made(seen).locator("tbody tr")).to_have_count(3)
    expect(seen.get_by_text("登记别的公布")).to_have_count(0)
    open_at(seen, "/publications?publish=in_force-0-0", TITLE)
    expect(made(seen).locator("tbody tr")).to_have_count(3)
    open_at(seen, "/publications?publication=3", TITLE)
    expect(seen.get_by_role("button", name="重新公布")).to_have_count(0)
    expect(seen.get_by_role("button", name="下载")).to_have_count(4)
    put_away(context)


@pytest.mark.parametrize("number", ["9", "x", "9" * 30])
def test_an_address_of_none_leads_to_the_list(page: Page, number: str) -> None:
    open_at(page, f"/publications?publication={number}", TITLE)
    if number == "9":
        said(page, "没有这次公布，请回到列表重新选择。")
    else:
        expect(made(page).locator("tbody tr")).to_have_count(3)
