"""条件审核 in the browser: filters in the address, one application, determining, correcting, a conflict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core import views
from core.accounts import Role
from core.services import review
from tests.browser.driver import Server, choose, heading, open_at, put_away, settled, signed_in, tab_of
from tests.browser.fields import unfold
from tests.browser.seed import Seeded, seed

MATRIX = "table.sf-matrix"


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """Four platforms and two bases, taken in."""
    return seed(server)


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of the member of staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def names(page: Page) -> list[str]:
    """The names in the matrix, from the top."""
    return page.locator(f"{MATRIX} td.name").all_inner_texts()


def number_of(server: Server, round_: Seeded, name: str, kind: str = "platform") -> int:
    """The number of an application by its name."""
    frame = views.application_matrix(server.app, round_.round_id, kind)
    return int(frame.index[frame["名称"] == name][0])


def test_the_matrix_shows_every_verdict_in_official_order(page: Page) -> None:
    open_at(page, "/checks", "条件审核")
    expect(page.locator(f"{MATRIX} tbody tr")).to_have_count(4)
    assert names(page) == [f"虚构第{number}中小企业服务平台" for number in (1, 2, 3, 5)]
    assert page.locator(f"{MATRIX} td .sf-v").all_inner_texts() == ["?待认定", "✗不达标", "–缺数据", "?待认定"]
    second = page.locator(f"{MATRIX} tbody tr").nth(1)
    assert second.locator("td.sf-fail").all_inner_texts() == ["✗"]
    assert second.locator("td.sf-fail a").get_attribute("title") == "汇集服务资源：不达标"


def test_filters_survive_a_reload_and_can_be_sent_to_a_colleague(page: Page, server: Server) -> None:
    open_at(page, "/checks", "条件审核")
    choose(page, "地区", "沈阳市")
    expect(page.locator(f"{MATRIX} tbody tr")).to_have_count(3)
    choose(page, "看哪项指标的结论", "汇集服务资源")
    choose(page, "结论", "✗ 不达标")
    expect(page.locator(f"{MATRIX} td.name")).to_have_text(["虚构第2中小企业服务平台"])
    page.wait_for_url("**/checks?*verdict=fail*")
    page.reload()
    expect(page.locator(f"{MATRIX} td.name")).to_have_text(["虚构第2中小企业服务平台"])
    page.get_by_role("link", name="虚构第2中小企业服务平台").click()
    expect(page.locator("h2.sf-name")).to_contain_text("虚构第2中小企业服务平台")
    page.get_by_role("button", name="← 回到矩阵").click()
    expect(page.locator(f"{MATRIX} td.name")).to_have_text(["虚构第2中小企业服务平台"])
    page.goto(f"{server.address}/checks?kind=base&verdict=fail")
    expect(page.locator(f"{MATRIX} td.name")).to_have_text(["虚构第6产业基地"])


def test_a_cell_opens_the_finding_with_its_source(page: Page) -> None:
    open_at(page, "/checks", "条件审核")
    page.get_by_title("汇集服务资源：不达标").click()
    expect(page.locator("h3.sf-name")).to_contain_text("汇集服务资源")
    expect(page.locator("table.sf-tight tr.on td")).to_have_text(["汇集服务资源", "✗不达标", "19", "≥ 40", "差 52.5%"])
    cells = page.locator("table.sf").nth(1).locator("tbody tr")
    expect(cells).to_have_text(
        [
            "平台指标服务机构数（家）K310",
            "平台指标专家数（人）L39",
        ]
    )


def test_a_verified_value_stands_beside_the_reported_one_and_is_judged(
    page: Page, server: Server, round_: Seeded
) -> None:
    number = number_of(server, round_, "虚构第2中小企业服务平台")
    open_at(page, f"/checks?app={number}&item=annex1.resources", "条件审核")
    unfold(page, "核定数值")
    page.get_by_label("核定值", exact=True).fill("31")
    page.get_by_role("button", name="保存核定值").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("请写明理由，供日后核查。")
    page.get_by_label("核定依据（必填）").fill("服务台账第 3 页")
    page.get_by_test_id("stExpander").get_by_label("理由（必填）").fill("台账多于填报")
    page.get_by_role("button", name="保存核定值").click()
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "“服务机构数（家）”已核定为 31。结论变化：沈阳市“虚构第2中小企业服务平台”由 ✗ 不达标 变为 ? 待认定。"
    )
    expect(page.locator("table.sf-tight tr.on td")).to_have_text(["汇集服务资源", "✓达标", "40 核", "≥ 40", "正好达到"])


def test_conditions_are_determined_one_by_one(page: Page, server: Server, round_: Seeded) -> None:
    number = number_of(server, round_, "虚构第1中小企业服务平台")
    open_at(page, f"/checks?app={number}&item=art5.conditions", "条件审核")
    expect(page.get_by_text("逐条认定：0 / 10 条已认定。")).to_be_visible()
    page.get_by_text("✓ 达标", exact=True).last.click()
    page.get_by_role("textbox", name="理由（必填）").fill("实地了解，口碑良好")
    page.get_by_role("button", name="保存认定").click()
    expect(page.get_by_text("逐条认定：1 / 10 条已认定。")).to_be_visible()
    expect(page.get_by_role("cell", name="✓ 达标 乙经办：实地了解，口碑良好")).to_be_visible()


def test_a_decision_on_a_page_that_is_out_of_date_is_not_written(page: Page, server: Server, round_: Seeded) -> None:
    number = number_of(server, round_, "虚构第5中小企业服务平台")
    open_at(page, f"/checks?app={number}&item=annex1.assurance", "条件审核")
    seen = views.application_view(server.app, number)
    review.determine(
        server.app, round_.actor, number, seen.version, criterion="annex1.interconnection", verdict="pass", why="已核实"
    )
    page.get_by_text("✗ 不达标", exact=True).last.click()
    page.get_by_role("textbox", name="理由（必填）").fill("制度不全")
    page.get_by_role("button", name="保存认定").click()
    expect(page.get_by_test_id("stAlert")).to_contain_text("您的改动没有写入。请刷新页面，核对后再办。")
    assert "annex1.assurance" not in {
        each.criterion for each in views.application_view(server.app, number).findings if each.settled
    }


def test_supervision_reads_and_is_offered_no_act(server: Server, browser: Browser, round_: Seeded) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    number = number_of(server, round_, "虚构第1中小企业服务平台")
    page.goto(f"/checks?app={number}&item=art5.conditions")
    expect(heading(page)).to_have_text("条件审核")
    settled(page)
    buttons = page.get_by_test_id("stMain").get_by_role("button")
    expect(buttons).to_have_text(["← 回到矩阵", "上一个", "下一个"])
    put_away(context)
