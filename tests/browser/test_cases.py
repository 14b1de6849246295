"""创建对象 in the browser: the list and its filters, one case, an act and its taking back, past days, two people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.services import cases
from core.views.case import case_view
from tests.browser.driver import (
    Server,
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
from tests.browser.fields import STILL, pick
from tests.browser.lives import MANY, TODAY, Lives, lead
from tests.browser.test_words import SIZES, VISIBLE_WORDS, english, listen

TITLE = "创建对象"
ROWS = "table.sf-cases tbody tr"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a known day."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=TODAY) as running:
        yield running


@pytest.fixture(scope="module")
def lives(server: Server) -> Lives:
    """Cases of every kind."""
    return lead(server)


@pytest.fixture
def page(server: Server, browser: Browser, lives: Lives) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of the member of staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def names(page: Page) -> Locator:
    """The names in the list."""
    return page.locator(f"{ROWS} td:nth-child(2)")


def head(page: Page) -> Locator:
    """The name of the opened case with its status."""
    return page.locator("h2.sf-name")


def said(page: Page) -> Locator:
    """What the page says after an act."""
    return page.get_by_test_id("stAlert").first


def opened(page: Page, label: str) -> Locator:
    """An act, unfolded; a click on what still grows goes nowhere."""
    part = page.get_by_test_id("stExpander").filter(has=page.get_by_text(label, exact=True))
    part.locator("summary").click()
    page.wait_for_function(STILL)
    settled(page)
    return part


def test_the_list_says_where_each_stands_and_what_is_late(page: Page) -> None:
    open_at(page, "/cases", TITLE)
    expect(page.locator(ROWS)).to_have_count(20)
    first = [re.sub(r"\s+", " ", text) for text in page.locator(ROWS).nth(1).locator("td").all_inner_texts()]
    assert first == [
        "大连市", "虚构北辰产业基地", "基地", "虚构北辰公司", "已认定", "2027年3月1日（周一）",
        "应当复核 2029年3月1日（周四） ✗ 逾期 4 天", "",
    ]  # fmt: skip
    expect(page.locator(ROWS).nth(2)).to_contain_text("公示最后一日 2029年3月9日（周五） 还有 4 天 暂定")
    expect(page.locator(ROWS).nth(0).locator("td").last).to_have_text("有变更报告待决定 变更报告超过期限")
    tiles = page.locator(".sf-tally .sf-tile > a")
    expect(tiles).to_have_text(
        [f"全部 {MANY + 6}", "待选定 1", "待公示 0", "公示中 1", f"创建期 {MANY + 2}", "已认定 1", "整改 0", "已终结 1"]
    )
    picture(page, "cases-1440")


def test_filters_stand_in_the_address_and_lead_back_from_a_case(page: Page, server: Server) -> None:
    open_at(page, "/cases", TITLE)
    page.get_by_role("link", name=f"创建期 {MANY + 1}", exact=True).click()
    expect(page.get_by_text(f"共 {MANY + 1} 个，按行政区划排列。点名称打开。")).to_be_visible()
    page.get_by_role("button", name="第 2 页").click()
    expect(page.locator(ROWS)).to_have_count(MANY + 1 - 20)
    page.wait_for_url("**/cases?*page=2*")
    page.reload()
    expect(page.locator(ROWS)).to_have_count(MANY + 1 - 20)
    # another filter begins on its first page
    choose(page, "地区", "鞍山市")
    expect(names(page)).to_have_text(["虚构天枢服务平台"])
    assert "page=" not in page.url
    page.get_by_role("link", name="虚构天枢服务平台").click()
    expect(head(page)).to_have_text("虚构天枢服务平台 创建期")
    page.get_by_role("button", name="← 回到列表").click()
    expect(names(page)).to_have_text(["虚构天枢服务平台"])
    expect(page.locator(".sf-tally .on")).to_have_text(["创建期 1"])
    page.goto(f"{server.address}/cases?text=玉衡&due=30")
    expect(names(page)).to_have_text(["虚构玉衡服务平台"])
    page.get_by_label("查找").fill("无此名称")
    page.get_by_label("查找").press("Enter")
    expect(page.get_by_text("没有符合条件的创建对象。请放宽筛选条件。")).to_be_visible()


def test_a_case_shows_its_life_and_only_what_may_happen_next(page: Page, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.whole}", TITLE)
    expect(head(page)).to_have_text("虚构星河服务平台 延长创建期")
    expect(page.locator(".sf-line").first).to_contain_text("创建期满 2029年6月15日（周五） 还有 102 天 第七条（三）")
    drawn = page.locator("svg.sf-life")
    expect(drawn).to_have_attribute(
        "aria-label",
        "状态时间线：已推荐自2026年4月10日；拟创建对象自2026年5月20日；创建公示自2026年6月1日；创建期自2026年6月15日；"
        "延长创建期自2028年7月3日；今天2029年3月5日；创建期满2029年6月15日。",
    )
    # eight entries count; the voided one is in the list, struck through, and not in the picture
    assert drawn.locator("circle").count() == 8
    gone = page.locator("table.sf-history tbody tr", has_text="误登")
    expect(gone.locator("del").nth(1)).to_have_text("报告重大变更")
    expect(gone).to_contain_text("作废：登记错了对象")
    expect(page.get_by_test_id("stExpander").locator("summary").get_by_test_id("stMarkdownContainer")).to_have_text(
        [
            "登记重大变更报告（第十一条）",
            "决定重大变更（第十一条）",
            "撤回申报（第四条）",
            "失信或弄虚作假，取消创建资格（第十二条）",
            "更正或作废办错的一条",
        ]
    )
    expect(page.locator("ul.sf-shut li").first).to_have_text(
        "再次验收通过，列为拟认定对象（第七条（三））创建期满是2029年6月15日（周五），过了这一天才能办理（第七条（三））。"
    )
    picture(page, "case-1440")
    page.set_viewport_size({"width": 1024, "height": 768})
    picture(page, "case-1024")


def test_a_change_is_decided_and_taken_back(page: Page, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.whole}", TITLE)
    part = opened(page, "决定重大变更（第十一条）")
    expect(part.get_by_test_id("stAlert")).to_have_text(
        "更名，2028年5月1日（周一）发生，2028年9月4日（周一）报告，超过报告期限；市级意见：保留。"
    )
    pick(part, "保留")
    part.get_by_label("新名称（有变化才填）").fill("虚构银河服务平台")
    part.get_by_label("理由（必填）").fill("市里已核实")
    part.get_by_role("button", name="办理：决定重大变更").click()
    expect(said(page)).to_have_text("办理“变更后予以保留”要写明文号（第十一条）。")
    settled(page)
    # nothing typed is lost
    expect(part.get_by_label("新名称（有变化才填）")).to_have_value("虚构银河服务平台")
    part.get_by_label("文号（必填）").fill("虚构工信〔2029〕8号")
    part.get_by_role("button", name="办理：决定重大变更").click()
    expect(said(page)).to_have_text(
        "“虚构银河服务平台”2029年3月5日（周一）决定重大变更；现为“延长创建期”。创建期满是2029年6月15日（周五）。"
        "接下来可以办理：撤回申报；失信或弄虚作假，取消创建资格；登记重大变更报告。"
    )
    # whoever pressed the button further down is brought to what came of it
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollTop === 0")
    expect(head(page)).to_have_text("虚构银河服务平台 延长创建期")
    page.get_by_role("tab", name="曾用名 1").click()
    expect(page.get_by_role("cell", name="虚构星河服务平台").last).to_be_visible()
    page.goto("/cases?text=星河")
    expect(names(page)).to_have_text(["虚构银河服务平台"])
    open_at(page, f"/cases?case={lives.whole}", TITLE)
    part = opened(page, "更正或作废办错的一条")
    choose(page, "哪一条", "第 6 条　2026年6月15日（周一）　确定为创建对象，进入创建期")
    expect(part.get_by_role("button", name="更正这一条")).to_be_visible()
    pick(part, "作废")
    expect(part.get_by_test_id("stAlert")).to_contain_text(
        "不能作废：“虚构银河服务平台”2028年7月3日（周一）的“验收未通过”"
    )
    choose(page, "哪一条", "第 11 条　2029年3月5日（周一）　变更后予以保留")
    expect(part.get_by_label("文号（必填）")).to_have_value("虚构工信〔2029〕8号")
    pick(part, "作废")
    expect(part.get_by_role("button", name="作废这一条")).to_be_visible()
    part.get_by_label("理由（必填）").fill("文件还没有印发")
    part.get_by_role("button", name="作废这一条").click()
    expect(said(page)).to_contain_text("“虚构星河服务平台”作废2029年3月5日（周一）的“决定重大变更”；现为“延长创建期”。")
    expect(head(page)).to_have_text("虚构星河服务平台 延长创建期")
    expect(page.locator("table.sf-history tbody tr").last).to_contain_text("作废：文件还没有印发")


def test_an_entry_is_corrected_in_its_place(page: Page, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.ended}", TITLE)
    expect(page.get_by_text("已经终结，不再办理。")).to_be_visible()
    part = opened(page, "更正或作废办错的一条")
    choose(page, "哪一条", "第 2 条　2026年6月17日（周三）　不列为拟创建对象")
    expect(part.get_by_label("理由（必填）", exact=True)).to_have_value("材料不全")
    part.get_by_label("理由（必填）", exact=True).fill("名额已满")
    part.get_by_label("更正的理由（必填）").fill("理由写错")
    part.get_by_role("button", name="更正这一条").click()
    expect(said(page)).to_contain_text("更正2026年6月17日（周三）的“未列为拟创建对象”；现为“未入选”。")
    rows = page.locator("table.sf-history tbody tr")
    expect(rows.nth(1)).to_contain_text("已更正为第 4 条：理由写错")
    expect(rows.nth(2)).to_contain_text("理由：名额已满")


def test_reported_changes_are_entered_on_their_cases(page: Page, lives: Lives) -> None:
    open_at(page, "/cases", TITLE)
    page.get_by_role("link", name="市里报来 2 件变更报告还没有登记 →").click()
    rows = page.locator("table.sf tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("鞍山市的创建对象中没有与“虚构旧名平台”名称相符的")
    page.get_by_role("button", name="登记这 1 件").click()
    expect(said(page)).to_have_text("登记变更报告 1 件。登记后请作出保留或撤销的决定。")
    expect(page.get_by_role("heading", name="市里报来、还没有登记的变更报告")).to_be_visible()
    open_at(page, f"/cases?case={lives.soon}", TITLE)
    expect(page.locator(".sf-line").first).to_contain_text("有变更报告待决定")
    page.get_by_role("tab", name="变更报告 1").click()
    expect(page.get_by_role("row", name="运营主体重组").last).to_contain_text("✗ 超过期限")


def test_review_rests_on_an_application_that_is_judged(page: Page, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.due}", TITLE)
    waits = page.locator("ul.sf-shut li", has_text="复核通过（第十条）")
    told = (
        "2026年度的“运行复核”（大连市编号“JD-001”）审核结论是“待认定”，结论为“达标”才能通过。请到“条件审核”核定、认定。"
    )
    expect(waits).to_have_text(f"复核通过（第十条）{told}")
    part = opened(page, "复核未通过，限期整改（第十条）")
    expect(part.get_by_test_id("stAlert")).to_have_text(told)
    page.get_by_role("tab", name="创建时与现在").click()
    expect(page.get_by_text("没有确定时留存的数据，以前轮次也没有创建申报可比。")).to_be_visible()
    expect(page.get_by_role("columnheader", name="2026年度运行复核")).to_be_visible()
    page.get_by_role("tab", name="关联申报 1").click()
    expect(page.get_by_role("row", name="JD-001")).to_contain_text("?待认定")
    page.get_by_role("row", name="JD-001").get_by_role("link").first.click()
    expect(heading(page)).to_have_text("条件审核")
    expect(head(page)).to_contain_text("虚构北辰产业基地")


def test_a_note_has_a_document_number(page: Page, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.due}", TITLE)
    page.get_by_role("tab", name="备注 0").click()
    page.get_by_label("文号（没有就不填）").fill("虚构函〔2029〕3号")
    page.get_by_label("新备注").fill("已电话通知准备复核材料")
    page.get_by_role("button", name="添加备注").click()
    expect(said(page)).to_have_text("备注已添加。")
    page.get_by_role("tab", name="备注 1").click()
    expect(page.get_by_role("row", name="虚构函〔2029〕3号")).to_contain_text("已电话通知准备复核材料")


@pytest.mark.parametrize(
    ("day", "status", "count"),
    [("2026-06-04", "创建公示", 1), ("2027-08-02", "创建期", 4), ("2028-07-03", "延长创建期", 4)],
)
def test_a_past_day_shows_what_was_known_then(page: Page, lives: Lives, day: str, status: str, count: int) -> None:
    open_at(page, f"/cases?on={day}", TITLE)
    expect(page.locator(ROWS)).to_have_count(count)
    expect(page.locator(".sf-banner").last).to_contain_text("当天已知的情况，只能查看，不能办理。")
    page.get_by_role("link", name="虚构星河服务平台").click()
    expect(head(page)).to_have_text(f"虚构星河服务平台 {status}")
    settled(page)
    expect(page.get_by_role("group", name="查看哪一天的情况")).to_be_visible()
    expect(page.get_by_test_id("stExpander")).to_have_count(0)
    expect(page.get_by_text("查看以前的一天时不能办理。要办理，请先回到今天。")).to_be_visible()
    assert f"case={lives.whole}" in page.url
    assert f"on={day}" in page.url
    if day == "2026-06-04":
        picture(page, "case-past-1440")
    page.get_by_role("button", name="回到今天").click()
    expect(head(page)).to_have_text("虚构星河服务平台 延长创建期")
    expect(page.get_by_test_id("stExpander").first).to_be_visible()


def test_the_second_of_two_people_is_told(page: Page, server: Server, lives: Lives) -> None:
    open_at(page, f"/cases?case={lives.due}", TITLE)
    part = opened(page, "复核未通过，限期整改（第十条）")
    version = case_view(server.app, lives.due).version
    given = {"occurred": "2029-03-01", "evidence": "协议"}
    today = date.fromisoformat(TODAY)
    cases.act(server.app, lives.actor, lives.due, version, event="change_reported", day=today, data=given)
    part.get_by_label("文号（必填）").fill("虚构工信〔2029〕9号")
    part.get_by_label("理由（必填）").fill("两项未达到")
    part.get_by_role("button", name="办理：复核未通过").click()
    expect(said(page)).to_contain_text("“虚构北辰产业基地”已由乙经办于")
    expect(said(page)).to_contain_text("您的改动没有写入。请刷新页面，核对后再办。")
    assert case_view(server.app, lives.due).status == "recognized"
    # what was typed is still there, and is written when it is pressed again
    part.get_by_role("button", name="办理：复核未通过").click()
    expect(said(page)).to_contain_text("复核未通过；现为“整改期”。整改期满是2030年3月5日（周二）。")


def test_supervision_sees_everything_and_is_offered_no_act(server: Server, browser: Browser, lives: Lives) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    page.goto(f"/cases?case={lives.whole}")
    expect(heading(page)).to_have_text(TITLE)
    settled(page)
    expect(page.locator("table.sf-history")).to_be_visible()
    expect(page.get_by_test_id("stMain").get_by_role("listitem").filter(has_text="撤回申报（第四条）")).to_be_visible()
    expect(page.get_by_test_id("stExpander")).to_have_count(0)
    page.get_by_role("tab", name=re.compile("^备注")).click()
    expect(page.get_by_test_id("stMain").get_by_test_id("stButton")).to_have_text(["← 回到列表"])
    put_away(context)


def test_a_case_that_is_not_there_is_said_so(page: Page) -> None:
    open_at(page, "/cases?case=99999", TITLE)
    expect(said(page)).to_have_text("没有这个创建对象，请回到列表重新选择。")
    page.get_by_role("button", name="← 回到列表").click()
    expect(page.locator(ROWS)).to_have_count(20)


@pytest.mark.parametrize(("width", "height"), SIZES, ids=["1440", "1024"])
@pytest.mark.parametrize("path", ["/cases", "/cases?case=1", "/cases?case=1&on=2026-06-04", "/cases?view=reports"])
def test_every_part_is_chinese_quiet_and_fits(
    server: Server, browser: Browser, lives: Lives, path: str, width: int, height: int
) -> None:
    assert lives.whole == 1
    context = signed_in(browser, server, Role.STAFF, width, height)
    page = tab_of(context)
    troubles = listen(page, server)
    open_at(page, path, TITLE)
    for part in page.get_by_test_id("stExpander").all():
        part.locator("summary").click()
    settled(page)
    assert english(page.evaluate(VISIBLE_WORDS), "") == []
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth <= one.clientWidth")
    wide = "one => [...one.querySelectorAll('.sf-wrap')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert main.evaluate(wide) == 0
    assert troubles == []
    put_away(context)
