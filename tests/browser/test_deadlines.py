"""期限 in the browser: the list, the bars, the month, filters in the address, and calendars that need no sign-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from core.clock import Clock
from core.services import accounts, rounds
from core.services.due import Filters
from core.store import tables
from pages._process import COOKIE_NAME
from tests.begun import taken_over
from tests.browser.driver import (
    PASSWORD,
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
from tests.browser.fields import unfold
from tests.browser.seed import staff
from tests.due import DAY, make_due
from tests.ics import events_of

TITLE = "期限"
TODAY = DAY.isoformat()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server at the end of 2026, with something due of every kind."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=TODAY) as running:
        running.app.clock = Clock(DAY)
        actor = staff(running)
        settings = {"deadline": date(2026, 12, 31), "reference_day": date(2027, 6, 30), "count_start": False}
        make_due(running.app, actor, rounds.open_round(running.app, actor, year=2026, **settings))
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of one who may only read."""
    context = signed_in(browser, server, Role.SUPERVISOR)
    yield tab_of(context)
    put_away(context)


def things(page: Page) -> Locator:
    """What is to be done, line by line."""
    return page.locator("table.sf td:nth-child(3)")


def lines(table: Locator) -> list[list[str]]:
    """The lines of a table once they are there."""
    expect(table.locator("tbody tr")).not_to_have_count(0)
    return cell_texts(table)


def subscribe(page: Page) -> str:
    """Makes a private address for what the page shows, and gives its path."""
    unfold(page, "订阅到手机或电脑的日历")
    page.get_by_role("button", name=re.compile("^为“.*”建立订阅地址$")).click()
    expect(page.get_by_text("地址已建立，只显示这一次")).to_be_visible()
    settled(page)
    address = page.locator('[data-testid="stCode"] code').inner_text()
    assert page.url.startswith(address.partition("/calendar/")[0])
    return "/calendar/" + address.partition("/calendar/")[2]


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, HTTPMessage, bytes]:
    """A plain request as a calendar makes it: no cookie."""
    connection = HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    found = response.status, response.headers, response.read()
    connection.close()
    return found


def test_the_list_begins_with_what_is_overdue(page: Page) -> None:
    open_at(page, "/deadlines", TITLE)
    expect(page.locator(".sf-line").first).to_have_text(
        "共 10 项✗ 逾期 1! 等待确认或决定 3● 30 天内 431—90 天 191—365 天 1一年以后 0暂定 1"
    )
    first, second, *rest = lines(page.locator("table.sf"))
    assert first[:3] == ["2026年12月16日（周三）", "✗ 逾期 12 天", "运行复核"]
    assert first[3:] == ["虚构甲平台", "沈阳市", "省厅会同沈阳市", "平台", "第十条"]
    assert second[:3] == ["没有规定\n2026年12月7日报告", "! 待决定", "决定重大变更"]
    assert rest[3][:2] == ["2026年12月31日（周四）", "● 还有 3 天"]
    picture(page, "deadlines")
    page.get_by_role("link", name="2026年度轮次").first.click()
    expect(heading(page)).to_have_text("推荐接收")


def test_filters_stand_in_the_address_and_survive_a_reload(page: Page) -> None:
    open_at(page, "/deadlines", TITLE)
    choose(page, "谁办", "省厅会同市级")
    expect(things(page)).to_have_text(["运行复核", "整改后复核"])
    page.get_by_role("radio", name="30 天内").click()
    settled(page)
    choose(page, "推荐单位", "沈阳市")
    expect(things(page)).to_have_text(["运行复核"])
    asked = re.compile(r"\?(?=.*who=joint)(?=.*within=30)(?=.*city=)")
    expect(page).to_have_url(asked)
    page.reload()
    settled(page)
    expect(page).to_have_url(asked)
    expect(things(page)).to_have_text(["运行复核"])
    expect(page.get_by_role("radio", name="30 天内")).to_be_checked()
    choose(page, "要办的事", "组织期满验收")
    expect(page.locator(".sf-empty")).to_have_text("没有符合条件的期限。请放宽筛选条件。")


def test_bars_are_drawn_and_what_is_not_drawn_is_told(page: Page, server: Server) -> None:
    actor = staff(server)
    for number in range(60):
        taken_over(server.app, actor, "rectifying", date(2026, 6, 1), f"虚构第{number}平台", city="铁岭市")
    open_at(page, "/deadlines?look=gantt", TITLE)
    chart = page.get_by_test_id("stVegaLiteChart")
    expect(chart.locator("canvas, svg").first).to_be_visible()
    box = chart.bounding_box()
    assert box is not None
    assert box["height"] > 60 * 20
    expect(page.get_by_text("只画最先到期的 60 项，另有 8 项没有画。用上面的筛选缩小范围可以看到。")).to_be_visible()
    page.goto("/deadlines?look=gantt&what=objection")
    settled(page)
    expect(page.locator(".sf-empty")).to_have_text("符合条件的事项都没有规定最后一日，画不成图，请看列表。")


def test_a_month_is_turned_in_the_address(page: Page) -> None:
    open_at(page, "/deadlines?look=month", TITLE)
    cells = page.locator(".sf-month td")
    expect(page.locator(".sf-month td.today b")).to_have_text("28　今天")
    expect(cells.filter(has_text="虚构甲平台").locator("b")).to_have_text("16")
    page.get_by_role("button", name="下个月 ›").click()
    settled(page)
    expect(page).to_have_url(re.compile("m=2027-01"))
    fifth = cells.filter(has_text="公示期满确认")
    expect(fifth.locator("b")).to_have_text("5")
    expect(fifth.locator(".sf-due")).to_have_class("sf-due ahead provisional")
    expect(page.locator(".sf-month td.holiday b")).to_have_text("1休")
    page.reload()
    settled(page)
    expect(page.get_by_role("heading", name="2027年1月")).to_be_visible()
    expect(page.get_by_text("本月到期 2 项。")).to_be_visible()
    picture(page, "deadlines-month")


def test_a_past_day_shows_what_was_known_then(page: Page) -> None:
    open_at(page, "/deadlines?on=2026-12-27", TITLE)
    expect(page.get_by_text("以下是2026年12月27日（周日）当天已知的情况，只能查看，不能办理。")).to_be_visible()
    expect(things(page)).to_have_text(["录入放假安排"])
    expect(page.get_by_role("button", name="下载日历文件")).to_have_count(0)
    expect(page.get_by_text("订阅到手机或电脑的日历")).to_have_count(0)


def test_the_file_is_what_the_page_shows(page: Page, tmp_path: Path) -> None:
    open_at(page, "/deadlines?city=大连市", TITLE)
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载日历文件").click()
    assert caught.value.suggested_filename == "期限-大连市.ics"
    caught.value.save_as(tmp_path / "x.ics")
    content = (tmp_path / "x.ics").read_bytes()
    days = [(str(one["summary"]), one.start) for one in Calendar.from_ical(content).walk("VEVENT")]
    notice = "公示期满确认：2026年度拟创建对象公示（2026年12月18日），1 个"
    assert days == [
        (notice, date(2026, 12, 25)),
        ("报送推荐材料：2026年度轮次", date(2026, 12, 31)),
        ("组织期满验收：虚构乙基地", date(2027, 1, 15)),
    ]
    plainly = [(one["SUMMARY"], one["DTSTART;VALUE=DATE"]) for one in events_of(content)]
    assert plainly == [(title, f"{day:%Y%m%d}") for title, day in days]


def test_a_calendar_reads_the_address_without_signing_in(page: Page, server: Server) -> None:
    open_at(page, "/deadlines?city=大连市", TITLE)
    path = subscribe(page)
    status, headers, content = ask(server, path)
    assert (status, headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert headers["Cache-Control"] == "private, no-store"
    assert content == views.calendar_file(server.app, Filters(city="大连市")).content
    assert ask(server, path, **{"If-None-Match": headers["ETag"]})[::2] == (304, b"")
    assert ask(server, path, "HEAD")[::2] == (200, b"")
    assert ask(server, path, "POST")[::2] == (405, "订阅地址只能读取。".encode())
    # it is shown until another page is opened, and not again
    page.reload()
    settled(page)
    expect(page.locator('[data-testid="stCode"]')).to_have_count(0)
    unfold(page, "订阅到手机或电脑的日历")
    expect(page.get_by_text(re.compile("^大连市，.*建立$"))).to_be_visible()
    settled(page)
    page.get_by_role("button", name="停用").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("订阅地址已停用，从现在起打不开。")
    gone = "没有这个订阅地址：可能已经停用，也可能没有复制完整。请在“期限”页面重新建立。"
    assert ask(server, path)[::2] == (404, gone.encode())
    assert ask(server, "/calendar/made-up.ics")[::2] == (404, gone.encode())
    page.goto(path)
    expect(page.get_by_role("heading")).to_have_text("没有这个订阅地址")
    assert [line for line in server.lines if path.removeprefix("/calendar/")[:20] in line] == []


def test_an_address_dies_with_its_account_and_opens_nothing_else(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.STAFF)
    page = tab_of(context)
    open_at(page, "/deadlines", TITLE)
    path = subscribe(page)
    put_away(context)
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert ask(server, path)[0] == 200
    assert ask(server, "/deadlines", Cookie=f"{COOKIE_NAME}={token}")[0] == 401
    chief = accounts.actor_of(server.app, accounts.sign_in(server.app, login="root-1", password=PASSWORD))
    assert chief is not None
    with server.app.reader.connect() as connection:
        held = connection.execute(
            tables.accounts.select().where(tables.accounts.c.login == server.account(Role.STAFF))
        ).one()
    given = {"name": held.name, "role": Role.STAFF, "unit_name": held.unit, "why": "调离"}
    accounts.change_account(server.app, chief, held.id, held.version, active=False, **given)
    assert ask(server, path)[0] == 404
    accounts.change_account(server.app, chief, held.id, held.version + 1, active=True, **given)
    assert ask(server, path)[0] == 200
    server.tokens[Role.STAFF] = accounts.sign_in(server.app, login=held.login, password=PASSWORD)


def test_an_arrangement_tells_which_deadlines_it_moved(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.ADMIN)
    page = tab_of(context)
    open_at(page, "/calendar?of=2027", "工作日历")
    unsure = page.locator("table.sf").first
    assert [row[:3] for row in lines(unsure)] == [["2027年1月5日（周二） 暂定", "● 还有 8 天", "公示期满确认"]]
    page.get_by_label("范围", exact=True).first.scroll_into_view_if_needed()
    choose(page, "范围", "2027年全年安排，其余日期按周一至周五确定、不再暂定")
    page.get_by_role("textbox", name="文号或文件名称（必填）").fill("虚构办发〔2026〕8号")
    page.get_by_role("textbox", name="日期（逐行填写）").fill("2027-01-01 至 2027-01-04 休 元旦\n2027-10-01 休 国庆节")
    page.get_by_role("textbox", name="理由（必填）").first.fill("按通知")
    page.get_by_role("button", name="保存安排").click()
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "已录入 5 天，2027年其余 360 天已按周一至周五确定。1 个对象的期限因此变动，见下表。"
    )
    settled(page)
    moved = page.locator("table.sf").first
    day, after = "2027年1月5日（周二）", "2027年1月6日（周三）"
    assert lines(moved) == [["虚构己平台", "锦州市", "公示最后一日", day, after, "已确定"]]
    expect(page.get_by_text("没有期限落在安排尚未公布的日子。")).to_be_visible()
    picture(page, "calendar-moved")
    open_at(page, "/deadlines?what=notice&city=锦州市", TITLE)
    assert [row[:2] for row in lines(page.locator("table.sf"))] == [[after, "● 还有 9 天"]]
    open_at(page, "/calendar?of=2027", "工作日历")
    expect(page.get_by_role("heading", name="因此变动的期限")).to_have_count(0)
    put_away(context)
