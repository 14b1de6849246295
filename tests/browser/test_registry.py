"""名录 in the browser: what the public sees, searched and opened; its site taken away; past days and other roles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.services import registry
from core.store.tables import ledger
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
from tests.browser.lives import MANY, TODAY, Lives, lead
from tests.browser.test_words import SIZES

TITLE = "名录"
SITE, TABLE = "下载名录网站（压缩包）", "下载名录表格（csv）"
TOTAL = MANY + 3


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


def rows(page: Page) -> Locator:
    """The lines of the list."""
    return page.locator("table.sf-cases tbody tr")


def named(page: Page) -> Locator:
    """The names in the list."""
    return page.locator("table.sf-cases tbody tr td:nth-child(2) a")


def tiles(page: Page) -> Locator:
    """How many there are of each group."""
    return page.locator(".sf-tally .sf-tile > a")


def entries(server: Server) -> list[str]:
    """What the ledger tells of exports of the registry, oldest first."""
    query = sa.select(ledger.c.what).where(ledger.c.action == "registry.exported").order_by(ledger.c.id)
    with server.app.reader.connect() as connection:
        return list(connection.execute(query).scalars())


def test_the_list_shows_whom_the_public_sees_in_public_words(page: Page) -> None:
    open_at(page, "/registry", TITLE)
    expect(tiles(page)).to_have_text(
        [f"全部 {TOTAL}", "省级示范平台（基地） 1", f"创建对象 {MANY + 2}", "整改期 0", "撤销认定 0"]
    )
    expect(rows(page)).to_have_count(20)
    assert cell_texts(page.locator("table.sf-cases"))[:2] == [
        ["沈阳市", "虚构星河服务平台", "平台", "虚构星河公司", "创建对象（延长创建期）", "2026年6月15日确定", ""],
        [
            "大连市",
            "虚构北辰产业基地",
            "基地",
            "虚构北辰公司",
            "省级示范平台（基地）",
            "2027年3月1日认定",
            "虚构轴承制造",
        ],
    ]
    picture(page, "registry-page-1440")


def test_filters_stand_in_the_address_and_lead_back_from_an_object(page: Page, server: Server) -> None:
    open_at(page, "/registry", TITLE)
    page.get_by_role("link", name=f"创建对象 {MANY + 2}", exact=True).click()
    expect(page.get_by_text(f"共 {MANY + 2} 个，按行政区划排列，排名不分先后。点名称看公开的经过。")).to_be_visible()
    page.get_by_role("button", name="第 2 页").click()
    expect(rows(page)).to_have_count(MANY + 2 - 20)
    page.wait_for_url("**/registry?*page=2*")
    page.reload()
    expect(rows(page)).to_have_count(MANY + 2 - 20)
    choose(page, "地区", "鞍山市")
    expect(named(page)).to_have_text(["虚构天枢服务平台"])
    choose(page, "确定或认定年份", "2027年")
    expect(named(page)).to_have_text(["虚构天枢服务平台"])
    page.get_by_role("link", name="虚构天枢服务平台").click()
    expect(page.locator("h2.sf-name")).to_have_text("虚构天枢服务平台 创建对象")
    settled(page)
    page.get_by_role("button", name="← 回到名录").click()
    expect(named(page)).to_have_text(["虚构天枢服务平台"])
    page.goto(f"{server.address}/registry?text=北辰公司&kind=base")
    expect(named(page)).to_have_text(["虚构北辰产业基地"])
    settled(page)
    page.get_by_label("查找").fill("无此名称")
    page.get_by_label("查找").press("Enter")
    expect(page.get_by_text("没有符合条件的。请换一个词，或者放宽筛选条件。")).to_be_visible()


def test_an_object_tells_its_public_life_and_leads_to_its_file(page: Page, lives: Lives) -> None:
    open_at(page, f"/registry?object=LN{lives.whole:05d}", TITLE)
    expect(page.locator("h2.sf-name")).to_have_text("虚构星河服务平台 创建对象（延长创建期）")
    # the objection, the change that waits and what was voided are nobody's business
    expect(page.locator("table.sf tbody tr")).to_have_count(4)
    assert cell_texts(page.locator("table.sf")) == [
        ["2026年4月10日（周五）", "市级推荐", ""],
        ["2026年6月1日（周一）", "列入拟创建对象公示名单", ""],
        ["2026年6月15日（周一）", "确定为创建对象", "虚构工信〔2029〕2号"],
        ["2028年7月3日（周一）", "延长创建期", ""],
    ]
    picture(page, "registry-object-1440")
    page.get_by_role("link", name="创建对象中的档案（内部）→").click()
    expect(heading(page)).to_have_text("创建对象")
    expect(page.locator("h2.sf-name")).to_have_text("虚构星河服务平台 延长创建期")
    open_at(page, f"/registry?object=LN{lives.new:05d}", TITLE)
    expect(page.get_by_text(f"名录里没有编号“LN{lives.new:05d}”的对象")).to_be_visible()


def test_the_site_and_the_table_are_taken_away_and_noted(page: Page, server: Server) -> None:
    open_at(page, "/registry?city=大连市", TITLE)
    with page.expect_download() as caught:
        page.get_by_role("button", name=SITE).click()
    assert caught.value.suggested_filename == "示范平台（基地）名录.zip"
    with zipfile.ZipFile(io.BytesIO(Path(caught.value.path()).read_bytes())) as packed:
        taken = {name.removeprefix("registry/"): packed.read(name) for name in packed.namelist()}
    assert taken == registry.site(server.app)[1]
    with page.expect_download() as caught:
        page.get_by_role("button", name=TABLE).click()
    assert Path(caught.value.path()).read_bytes() == taken["registry.csv"]
    assert entries(server) == [
        f"导出名录网站（压缩包）：示范平台（基地）名录.zip，共 {TOTAL} 个",
        f"导出名录表格：示范平台（基地）名录.csv，共 {TOTAL} 个",
    ]


def test_a_past_day_shows_what_was_known_then(page: Page) -> None:
    open_at(page, "/registry?on=2027-03-22", TITLE)
    expect(named(page)).to_have_text(["虚构星河服务平台", "虚构北辰产业基地", "虚构天枢服务平台"])
    expect(rows(page).first).to_contain_text("创建对象")
    open_at(page, "/registry?on=2026-01-05", TITLE)
    expect(page.get_by_text("那一天名录里还没有对象。请换一天查看。")).to_be_visible()
    expect(page.get_by_role("button", name=SITE)).to_have_count(0)


def test_who_may_not_export_reads_only(server: Server, browser: Browser, lives: Lives) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    open_at(page, "/registry", TITLE)
    expect(rows(page)).to_have_count(20)
    expect(page.get_by_role("button", name=SITE)).to_have_count(0)
    open_at(page, f"/registry?object=LN{lives.soon:05d}", TITLE)
    expect(page.get_by_role("link", name="创建对象中的档案（内部）→")).to_be_visible()
    put_away(context)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_at(page, "/registry", TITLE)
    expect(rows(page)).to_have_count(20)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    picture(page, f"registry-page-{width}")


# last, for it stops what the others take away
def test_what_must_not_be_public_is_named_before_anybody_presses_a_button(
    page: Page, server: Server, lives: Lives
) -> None:
    taken_over(
        server.app,
        lives.actor,
        "recognized",
        date.fromisoformat(TODAY),
        "虚构危险平台",
        city="朝阳市",
        operator="虚构公司 13800000000",
    )
    open_at(page, "/registry", TITLE)
    expect(page.get_by_test_id("stAlert")).to_have_text(
        f"名录里有不能对外公开的内容，更正以前不能下载：名录第{TOTAL + 1}行“运营主体”列有电话号码“13800000000”，"
        "不能对外公开，请去掉。请到“创建对象”更正。"
    )
    expect(page.get_by_role("button", name=SITE)).to_have_count(0)
