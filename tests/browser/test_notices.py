"""公示与异议 in the browser: who is proposed, and a notice that is read in full before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from core.clock import Clock
from core.services import rounds, selection
from core.store import tables
from tests.browser.driver import Server, cell_texts, open_at, picture, running_server, settled, signed_in
from tests.browser.fields import fill_day, unfold
from tests.browser.seed import Seeded, seed
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
STEPS = ("待选定 6", "待公示 0", "公示和异议（在办 0）")


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
    for each in selection.candidates(server.app, seeded.round_id):
        if each.name in (FIRST, BASE, FIFTH):
            passing(server.app, seeded.actor, each.application_id)
    return seeded


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield context.new_page()
    context.close()


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(page.get_by_test_id("stAlert").first).to_have_text(text)
    settled(page)


def main(page: Page) -> Locator:
    """The page beside the navigation."""
    return page.get_by_test_id("stMain")


def standings(server: Server) -> dict[str, str]:
    """Where each case stands, by its name."""
    with server.app.reader.connect() as connection:
        return {row.name: row.status for row in connection.execute(tables.standings.select())}


def test_who_is_proposed_is_decided_in_one_act(page: Page, server: Server) -> None:
    open_at(page, "/notices", TITLE)
    expect(page.get_by_role("radio", name=re.compile("^(待|公示和)"))).to_have_count(3)
    expect(main(page).get_by_test_id("stButtonGroup").nth(1).get_by_role("radio")).to_have_text(STEPS)
    rows = [row[2:8] for row in cell_texts(page.locator("table.sf-choose"))]
    assert rows == [
        ["沈阳市", "T-001", FIRST, "平台", "✓达标", "已受理，未选定"],
        ["沈阳市", "T-002", FAILING, "平台", "✗不达标", "已受理，未选定"],
        ["沈阳市", "T-003", VAGUE, "平台", "–缺数据", "已受理，未选定"],
        ["沈阳市", "T-004", BASE, "基地", "✓达标", "已受理，未选定"],
        ["大连市", "T-005", FIFTH, "平台", "✓达标", "已受理，未选定"],
        ["大连市", "T-006", SMALL, "基地", "✗不达标", "已受理，未选定"],
    ]
    expect(page.get_by_role("checkbox", name=f"列为拟创建：{FAILING}")).to_be_disabled()
    page.get_by_role("button", name="全选达标的 3 个").click()
    counts = page.locator(".sf-ticked b")
    expect(counts).to_have_text(["3", "0"])
    # one excludes the other
    page.get_by_role("checkbox", name=f"不列入：{FIFTH}").check()
    page.get_by_role("checkbox", name=f"不列入：{SMALL}").check()
    expect(counts).to_have_text(["2", "2"])
    page.get_by_role("textbox", name=f"不列入的理由：{FIFTH}").fill("同类平台已有布局")
    act = page.get_by_role("button", name="办理：登记选定结果")
    act.click()
    said(page, "请写明理由，供日后核查。")
    # what was ticked and typed is still there
    page.get_by_label("理由（必填）", exact=True).fill("按创建标准择优")
    act.click()
    said(page, "请写明审定的依据文件（如会议纪要的文号）。")
    expect(counts).to_have_text(["2", "2"])
    page.get_by_label("依据文件（必填）").fill("虚构纪要〔2026〕3号")
    act.click()
    said(page, f"请写明“{SMALL}”不列为拟创建对象的理由。")
    expect(page.get_by_role("textbox", name=f"不列入的理由：{FIFTH}")).to_have_value("同类平台已有布局")
    assert standings(server) == {}
    page.get_by_label("不列入的共同理由").fill("服务企业数不足")
    picture(page, "notices-choose")
    act.click()
    said(
        page,
        "2026年度：受理市级推荐 6 个，2026年6月1日（周一）列为拟创建对象 2 个，不列入 2 个，仍为“已推荐”2 个。"
        "接下来到“待公示”。",
    )
    assert standings(server) == {
        FIRST: "proposed",
        FAILING: "recommended",
        VAGUE: "recommended",
        BASE: "proposed",
        FIFTH: "not_selected",
        SMALL: "not_selected",
    }
    with server.app.reader.connect() as connection:
        table = tables.case_events
        found = connection.execute(table.select().where(table.c.type == "not_selected").order_by(table.c.case_id))
        assert [row.why for row in found] == ["同类平台已有布局", "服务企业数不足"]
    # the decided ones stay in the table without boxes
    expect(page.get_by_role("checkbox", name=re.compile("^不列入："))).to_have_count(2)
    expect(page.get_by_label("依据文件（必填）")).to_have_value("")


def test_without_a_rule_of_counting_nothing_is_published(page: Page, server: Server, round_: Seeded) -> None:
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
