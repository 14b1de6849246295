"""工作日历 in the browser: a year with its marks, the calculator, an arrangement entered and a day of it ended."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from tests.browser.driver import (
    Server,
    cell_texts,
    choose,
    open_at,
    put_away,
    running_server,
    settled,
    signed_in,
    tab_of,
)

TITLE = "工作日历"
DOCUMENT = "虚构办发〔2026〕8号"
WHOLE = "2027-01-01 休 元旦\n2027-02-05 至 2027-02-11 休 春节\n2027-02-13 班\n2027-10-01 至 2027-10-07 休 国庆节"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a known day."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY="2026-11-23") as running:
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the administrator."""
    context = signed_in(browser, server, Role.ADMIN)
    yield tab_of(context)
    put_away(context)


def month(page: Page, number: int) -> Locator:
    """One of the twelve small months."""
    return page.locator(".sf-year table").nth(number - 1)


def marked(table: Locator, kind: str) -> list[str]:
    """The days of a month with a mark, as they read: number and word."""
    return [text.replace("\n", "") for text in table.locator(f".sf-day.{kind}").all_inner_texts()]


def ends(page: Page) -> Locator:
    """What the calculator answers: name, last day, and from when it counts, twice."""
    return page.locator(".sf-ends > *")


def save(page: Page, lines: str, *, why: str = "按通知", document: str = DOCUMENT) -> None:
    """Fills the arrangement's form and presses its button."""
    page.get_by_role("textbox", name="文号或文件名称（必填）").fill(document)
    page.get_by_role("textbox", name="日期（逐行填写）").fill(lines)
    page.get_by_role("textbox", name="理由（必填）").first.fill(why)
    page.get_by_role("button", name="保存安排").click()


def test_a_year_shows_what_each_day_is(page: Page) -> None:
    open_at(page, "/calendar", TITLE)
    expect(page.locator(".sf-year caption")).to_have_text([f"{number}月" for number in range(1, 13)])
    october = month(page, 10)
    assert marked(october, "holiday") == [f"{day}休" for day in range(1, 8)]
    assert marked(october, "makeup") == ["10班"]
    expect(month(page, 11).locator(".today")).to_have_text("23")
    expect(page.locator(".sf-year .provisional")).to_have_count(0)
    expect(page.get_by_title("2026年10月10日（周六）　工作日（国庆节调休上班）　国务院安排")).to_be_visible()
    expect(page.get_by_text("2027年安排尚未公布，涉及日期按暂定计算；公布后请管理员录入。")).to_be_visible()


def test_the_year_and_the_reckoning_stand_in_the_address(page: Page) -> None:
    open_at(page, "/calendar?of=2027&start=2026-09-28&days=5", TITLE)
    expect(page.get_by_label("年份", exact=True)).to_have_value("2027")
    expect(page.locator(".sf-year .provisional")).to_have_count(365)
    answers = ["起始日不计入", "2026年10月10日（周六）", "从2026年9月29日数起"]
    answers += ["起始日计入", "2026年10月9日（周五）", "从2026年9月28日数起"]
    expect(ends(page)).to_have_text(answers)
    page.get_by_label("工作日数").fill("3")
    page.get_by_label("工作日数").press("Enter")
    expect(ends(page).nth(1)).to_have_text("2026年10月8日（周四）")
    expect(page).to_have_url(re.compile("of=2027.*days=3|days=3.*of=2027"))
    page.reload()
    settled(page)
    expect(ends(page).nth(1)).to_have_text("2026年10月8日（周四）")
    page.goto("/calendar?start=2027-02-01")
    settled(page)
    expect(ends(page).nth(1)).to_have_text("2027年2月8日（周一） 暂定")


def test_only_an_administrator_is_offered_the_forms(server: Server, browser: Browser) -> None:
    for role in (Role.STAFF, Role.SUPERVISOR):
        context = signed_in(browser, server, role)
        page = tab_of(context)
        open_at(page, "/calendar", TITLE)
        expect(page.locator(".sf-year table")).to_have_count(12)
        expect(page.get_by_role("tab")).to_have_count(0)
        expect(page.get_by_role("button", name="保存安排")).to_have_count(0)
        put_away(context)


def test_a_line_that_cannot_be_read_is_named_and_nothing_typed_is_lost(page: Page, server: Server) -> None:
    before = views.overrides_frame(server.app)
    open_at(page, "/calendar", TITLE)
    save(page, "2026-12-18 休\n2026-12-32 班")
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "第 2 行“2026-12-32 班”中的“2026-12-32”不是日期，请写成 2027-01-01 的样子。"
    )
    expect(page.get_by_role("textbox", name="日期（逐行填写）")).to_have_value("2026-12-18 休\n2026-12-32 班")
    assert views.overrides_frame(server.app).equals(before)


def test_a_day_is_entered_and_ended(page: Page) -> None:
    open_at(page, "/calendar", TITLE)
    save(page, "2026-12-18 休 虚构市庆\n2026-12-20 班")
    expect(page.get_by_test_id("stAlert")).to_have_text("已录入 2 天。没有对象的期限因此变动。")
    settled(page)
    expect(page.get_by_role("textbox", name="日期（逐行填写）")).to_have_value("")
    december = month(page, 12)
    assert (marked(december, "holiday"), marked(december, "makeup")) == (["18休"], ["20班"])
    expect(december.locator(".entered")).to_have_count(2)
    table = page.locator("table.sf")
    assert [row[:4] + row[5:] for row in cell_texts(table)] == [
        ["2026年12月18日（周五）", "休息", "虚构市庆", DOCUMENT, "有效"],
        ["2026年12月20日（周日）", "上班", "", DOCUMENT, "有效"],
    ]
    page.get_by_role("tab", name="终止一天").click()
    choose(page, "终止哪一天", "2026年12月18日（周五）　休息")
    panel = page.get_by_role("tabpanel").filter(has=page.get_by_label("终止哪一天"))
    panel.get_by_role("textbox", name="理由（必填）").fill("文件作废")
    panel.get_by_role("button", name="终止").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("已终止2026年12月18日（周五）的安排。没有对象的期限因此变动。")
    settled(page)
    assert marked(month(page, 12), "holiday") == []
    expect(table.locator("tbody tr").last).to_contain_text("已终止：甲管理")
    expect(table.locator("tbody tr").last).to_contain_text("，文件作废")


def test_the_arrangement_of_a_whole_year_ends_what_was_provisional(page: Page) -> None:
    open_at(page, "/calendar?of=2027", TITLE)
    whole = "2027年全年安排，其余日期按周一至周五确定、不再暂定"
    choose(page, "范围", whole)
    save(page, WHOLE)
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "已录入 16 天，2027年其余 349 天已按周一至周五确定。没有对象的期限因此变动。"
    )
    settled(page)
    expect(page.locator(".sf-year .provisional")).to_have_count(0)
    assert marked(month(page, 2), "holiday") == [f"{day}休" for day in range(5, 12)]
    assert marked(month(page, 2), "makeup") == ["13班"]
    expect(page.locator(".sf-year .entered")).to_have_count(16)
    expect(page.get_by_text("2026年和2027年的安排均已确定。")).to_be_visible()
    expect(page.locator("table.sf tbody tr")).to_have_count(16)
    expect(page.get_by_text("2027年另有 349 天随全年安排按周一至周五确定，未逐日列出。")).to_be_visible()
    page.goto("/calendar?of=2027&start=2027-02-01")
    settled(page)
    expect(ends(page).nth(1)).to_have_text("2027年2月13日（周六）")
    open_at(page, "/calendar?of=2025", TITLE)
    expect(page.get_by_text("2025年没有录入过。程序自带的安排与国务院办公厅通知一致时，不需要录入。")).to_be_visible()
    expect(page.get_by_text(re.compile("^另有录入的年份：.*2027年，换年份可看。$"))).to_be_visible()
