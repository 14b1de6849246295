"""公示与异议 in the browser: a notice that is read in full before it is published, and taken back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from core.clock import Clock
from core.services import rounds
from core.services.candidates import candidates
from tests.browser.driver import (
    Server,
    cell_texts,
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
from tests.browser.seed import Seeded, seed
from tests.chosen import chosen
from tests.settled import settled as passing

TITLE = "公示与异议"
TODAY = date(2026, 6, 1)  # a Monday
FIRST, FAILING, VAGUE, BASE, FIFTH, SMALL = (
    "虚构第1中小企业服务平台",
    "虚构第2中小企业服务平台",
    "虚构第3中小企业服务平台",
    "虚构第4产业基地",
    "虚构第5中小企业服务平台",
    "虚构第6产业基地",
)
STEPS = ("待公示 0", "公示和异议（在办 0）")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the first of June."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=TODAY.isoformat()) as running:
        running.app.clock = Clock(TODAY)
        yield running


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """Six applications of two cities, of which three pass; how a notice is counted is not chosen yet."""
    seeded = seed(server)
    for each in candidates(server.app, seeded.round_id):
        if each.name in (FIRST, BASE, FIFTH):
            passing(server.app, seeded.actor, each.application_id)
    return seeded


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(page.get_by_test_id("stAlert").first).to_have_text(text)
    settled(page)


def main(page: Page) -> Locator:
    """The page beside the navigation."""
    return page.get_by_test_id("stMain")


def test_without_anybody_to_publish_the_way_leads_to_the_selection(page: Page) -> None:
    open_at(page, "/notices?step=open", TITLE)
    expect(main(page).get_by_test_id("stButtonGroup").nth(1).get_by_role("radio")).to_have_text(STEPS)
    expect(main(page).locator(".sf-empty")).to_have_text("没有拟创建对象等待公示。先选定拟创建对象，再到这里公示。")
    main(page).get_by_role("link", name="还有 6 个申报等待选定，去拟创建对象选定 →").click()
    expect(heading(page)).to_have_text("拟创建对象选定")


def test_without_a_rule_of_counting_nothing_is_published(page: Page, server: Server, round_: Seeded) -> None:
    ids = {each.name: each.application_id for each in candidates(server.app, round_.round_id)}
    chosen(server.app, round_.actor, round_.round_id, TODAY, [ids[FIRST], ids[BASE]])
    open_at(page, "/notices", TITLE)
    # the page opens where the work is
    expect(page.get_by_role("radio", name="待公示 2")).to_be_checked()
    expect(main(page).get_by_test_id("stAlert")).to_have_text(
        "本轮次还没有确定公示首日是否计入，不能开始公示。请先在“年度轮次”的“修改设置”中选定“公示期起算”。"
    )
    expect(main(page).get_by_role("link", name="去年度轮次")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^开始公示"))).to_have_count(0)
    held = views.round_view(server.app, round_.round_id)
    given = {
        name: getattr(held, name)
        for name in ("notice_number", "notice_date", "standard_id", "deadline", "reference_day", "over_quota", "folder")
    }
    rounds.change_round(server.app, round_.actor, held.id, held.version, **given, count_start=False, why="按通知")


def test_a_notice_is_read_in_full_before_it_is_published(page: Page, server: Server, round_: Seeded) -> None:
    open_at(page, "/notices", TITLE)
    expect(main(page).get_by_test_id("stAlert")).to_have_text(
        "还不能预览：请填写接收异议的联系单位、联系电话、通讯地址，公示文本中要写明。"
    )
    for label, text in {"联系单位": "虚构处", "联系电话": "024-00000000", "通讯地址": "虚构市示例路1号"}.items():
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
        settled(page)
    # both ways of counting, and which of them holds
    ends = page.locator(".sf-ends > *")
    expect(ends).to_have_text(
        ["首日不计入", "2026年6月8日（周一）", "✓ 本轮次采用", "首日计入", "2026年6月5日（周五）", ""]
    )
    days = page.locator(".sf-strip > div")
    expect(days).to_have_text(
        [
            "周一6月1日不计首日，今天",
            "周二6月2日第 1 个 ",
            "周三6月3日第 2 个 ",
            "周四6月4日第 3 个 ",
            "周五6月5日第 4 个 ",
            "周六6月6日不计 ",
            "周日6月7日不计 ",
            "周一6月8日第 5 个最后一日",
        ]
    )
    text = page.locator('[data-testid="stCode"] code')
    expect(text).to_contain_text("拟创建对象2个")
    expect(text).to_contain_text(
        "公示时间：2026年6月1日至2026年6月8日，共5个工作日，自发布次日起计算，发布当日不计入。"
    )
    fill_day(main(page), "落款日期", date(2026, 6, 2))
    expect(main(page).get_by_test_id("stAlert")).to_have_text(
        "落款日期2026年6月2日（周二）晚于公示首日2026年6月1日（周一），请核对。"
    )
    expect(text).to_contain_text("2026年6月2日")
    picture(page, "notices-preview")
    # the list is what is ticked, and so are the number in the text and the act
    page.get_by_role("checkbox", name=f"列入：{BASE}").uncheck()
    expect(text).to_contain_text("拟创建对象1个")
    expect(page.get_by_role("button", name="开始公示 1 个")).to_be_visible()
    page.get_by_role("button", name="全不选").click()
    expect(main(page).get_by_test_id("stAlert")).to_have_text("还不能预览：请在下面的名单中至少选一个对象。")
    page.get_by_role("button", name="全选", exact=True).click()
    fill_day(main(page), "落款日期", TODAY)
    expect(main(page).get_by_test_id("stAlert")).to_have_count(0)
    assert views.notices_of(server.app, round_.round_id) == ()
    page.get_by_role("button", name="开始公示 2 个").click()
    said(page, "已开始公示 2 个，最后一日2026年6月8日。接下来：收到异议在这里登记；过了最后一日，在这里确认。")
    [notice] = views.notices_of(server.app, round_.round_id)
    assert page.url.endswith(f"notice={notice.id}")
    assert [each.name for each in notice.entries] == [FIRST, BASE]
    assert (notice.signed, notice.contact.phone) == (TODAY, "024-00000000")


def test_a_running_notice_tells_how_long_and_why_nobody_can_be_confirmed(page: Page) -> None:
    open_at(page, "/notices", TITLE)
    expect(page.get_by_role("radio", name="公示和异议（在办 1）")).to_be_checked()
    table = page.locator("table.sf")
    assert cell_texts(table) == [
        [
            "2026年6月1日",
            "2026年6月8日",
            "● 公示中",
            "2 个",
            "—",
            "公示中，最后一日是2026年6月8日（周一），还有 5 个工作日。",
        ]
    ]
    table.get_by_role("link", name="2026年6月1日").click()
    heading = page.locator("h2.sf-name")
    expect(heading).to_have_text("2026年度拟创建对象公示（2026年6月1日） ● 公示中")
    settled(page)
    told = main(page)
    expect(told.get_by_text("公示最后一日是2026年6月8日（周一），过了这一天才能确认。")).to_be_visible()
    expect(told.get_by_role("button", name=re.compile("^确定为创建对象"))).to_have_count(0)
    expect(page.locator(".sf-ends .sf-pass")).to_have_text("✓完好")
    rows = cell_texts(page.locator("table.sf-entries"))
    assert [row[1:3] + row[5:] for row in rows] == [["沈阳市", FIRST, "公示中", "—"], ["沈阳市", BASE, "公示中", "—"]]
    page.get_by_role("button", name="← 回到列表").click()
    expect(page.get_by_role("radio", name="公示和异议（在办 1）")).to_be_checked()


def test_a_notice_published_by_mistake_is_taken_back_as_a_whole(page: Page, server: Server, round_: Seeded) -> None:
    [notice] = views.notices_of(server.app, round_.round_id)
    open_at(page, f"/notices?notice={notice.id}", TITLE)
    part = unfold(page, "撤回公示（发布有误时）")
    part.get_by_label("理由（必填）").fill("名单漏列，撤回后重新公示")
    part.get_by_role("button", name="撤回这次公示").click()
    said(page, "2026年度拟创建对象公示（2026年6月1日）：撤回公示，2 个对象回到“拟创建对象”。")
    expect(page.locator("h2.sf-name")).to_have_text("2026年度拟创建对象公示（2026年6月1日） 已撤回")
    expect(page.get_by_text("撤回公示（发布有误时）")).to_have_count(0)
    page.get_by_role("button", name="← 回到列表").click()
    page.get_by_text("待公示 2").click()
    # the contact is that of the last notice
    expect(page.get_by_label("联系电话")).to_have_value("024-00000000")
