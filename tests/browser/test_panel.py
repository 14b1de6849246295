"""专家评审 in the browser: decided from nothing, an expert on file, a conflict pinned, a plan applied; then locked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.services import accounts, experts, recusals, review
from core.services.experts import Person
from core.store import tables
from core.views.panel import panel_view
from tests.browser.driver import (
    Server,
    cell_texts,
    choose,
    open_at,
    picture,
    put_away,
    running_server,
    settled,
    signed_in,
    tab_of,
)
from tests.browser.fields import pick, unfold
from tests.browser.test_words import VISIBLE_WORDS, english
from tests.office import PASSWORD, SHENYANG, Office, Worlds, office_of
from tests.panels import WANGHAI, YUNFAN, handed_in, seen
from tests.passing import ALL, settle
from tests.scoring.documents import CODES, RUBRIC, draft
from tests.services.test_recusals import ids

TITLE = "专家评审"
WEIGHTS = dict(zip(CODES, ("20", "20", "20", "15", "15", "10"), strict=True))


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A round in which four applications pass and nothing of the scoring is decided."""
    home = tmp_path_factory.mktemp("home")
    worlds.settings("sqlite", "taken", home)
    with running_server(home, SHIFAN_TODAY="2026-05-20") as running:
        for role, login in ((Role.STAFF, "li"), (Role.SUPERVISOR, "chen")):
            running.tokens[role] = accounts.sign_in(running.app, login=login, password=PASSWORD)
        settle(office_of(running.app, worlds.folder), *ALL)
        yield running


@pytest.fixture
def office(server: Server, worlds: Worlds) -> Office:
    """The office of that store."""
    return office_of(server.app, worlds.folder)


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def tab(page: Page, code: str) -> None:
    open_at(page, f"/panel?tab={code}", TITLE)


def fill(page: Page, label: str, text: str) -> None:
    """Types a line and hands it over."""
    box = page.get_by_label(label, exact=True)
    box.fill(text)
    box.press("Enter")
    settled(page)


def radio(page: Page, group: str, option: str) -> None:
    pick(page.get_by_role("radiogroup", name=group, exact=True), option)
    settled(page)


def said(page: Page) -> Locator:
    """What the last act gave or was refused with."""
    return page.get_by_test_id("stAlert").first


def press(page: Page, name: str, scope: Locator | None = None) -> None:
    (scope or page).get_by_role("button", name=name, exact=True).click()


def test_settings_are_decided_from_nothing_and_nothing_is_chosen_beforehand(page: Page, office: Office) -> None:
    tab(page, "settings")
    expect(page.locator(".sf-line", has_text="办法未规定，由本年度工作方案确定。")).to_have_count(1)
    assert page.get_by_role("radio", checked=True).count() == 1  # the tab itself
    assert {box.input_value() for box in page.locator('[data-testid="stMain"] input[type="text"]').all()} == {""}
    fill(page, "理由（必填）", "按工作方案")
    fill(page, "依据文件（必填）", "虚构工信〔2026〕7号")
    press(page, "保存评审设置")
    expect(said(page)).to_contain_text("评审设置还不能保存，请逐条改正：")
    expect(said(page).locator("li")).to_have_count(17)
    for code, weight in WEIGHTS.items():
        fill(page, RUBRIC.names[code], weight if code != "assurance" else "5")
    expect(page.get_by_text("权重合计 95，还差 5。", exact=True)).to_be_visible()
    fill(page, RUBRIC.names["assurance"], "１０")
    expect(page.get_by_text("权重合计 100，正好。", exact=True)).to_be_visible()
    fill(page, "各项指标的满分", "100")
    fill(page, "打分间隔（每多少分一档）", "0.5")
    fill(page, "每项申报的评审专家人数", "2")
    radio(page, "合成办法", "平均分")
    # what is typed stays while another tab is looked at
    page.get_by_role("radio", name="专家", exact=True).click()
    settled(page)
    page.get_by_role("radio", name="评审设置", exact=True).click()
    settled(page)
    expect(page.get_by_label("每项申报的评审专家人数", exact=True)).to_have_value("2")
    radio(page, "合格线（总分，满分 100）", "设")
    fill(page, "合格线（总分，满分 100）：多少分", "60")
    radio(page, "等次", "设")
    page.get_by_label("等次：一行一个，名称和起点分，从高到低").fill("优秀 90\n良好　75\n一般 0")
    radio(page, "分歧提示：最高分与最低分之差", "不设")
    radio(page, "分歧提示：标准差", "不设")
    radio(page, "同市专家是否回避", "同市专家回避")
    radio(page, "评语", "每项指标都要写评语")
    expect(page.get_by_text("还有 1 处没有定或者要改正", exact=True)).to_be_visible()
    radio(page, "其他专家的评分是否可见", "专家始终看不到其他专家的评分")
    picture(page, "panel-settings-form")
    press(page, "保存评审设置")
    expect(said(page)).to_have_text("评审设置已保存。下一步：在“专家”中登记并勾选本轮的专家。")
    grades = [{"name": "优秀", "from": "90"}, {"name": "良好", "from": "75"}, {"name": "一般", "from": "0"}]
    decided = {
        "scale": {"top": "100", "step": "0.5"}, "experts": 2, "pass_line": "60", "same_city": True, "comments": "each",
        "grades": grades,
    }  # fmt: skip
    assert office.last().details["after"] == draft(decided)
    settled(page)
    assert ["等次", "优秀 90 分起；良好 75 分起；一般 0 分起"] in cell_texts(page.locator("table.sf").last)
    expect(page.get_by_text("理由：按工作方案。")).to_be_visible()
    picture(page, "panel-settings")


def test_experts_are_put_on_file_and_asked(page: Page, office: Office) -> None:
    for name, unit, city in (("虚构冯某", "虚构第一大学", "大连市"), ("虚构陈某", "虚构第二大学", "")):
        experts.add(office.app, office.staff, Person(name, (unit,), city))
    tab(page, "experts")
    page.get_by_role("tab", name="登记专家").click()
    page.get_by_label("姓名", exact=True).fill("王专家")
    page.get_by_label("工作和任职单位（一行一个）").fill("虚构评审中心\n虚构协会")
    choose(page, "所在城市", "辽宁省外")
    choose(page, "账户", "王专家（wang）")
    press(page, "登记专家")
    expect(said(page)).to_have_text("已登记 专家03 王专家。参加本轮评审的，请在“本轮评审专家”中勾选并保存。")
    settled(page)
    page.get_by_role("tab", name="本轮评审专家").click()
    page.get_by_role("button", name="全选 3 位").click()
    page.get_by_role("textbox", name="理由（必填）").first.fill("按工作方案抽取")
    picture(page, "panel-experts")
    press(page, "保存本轮评审专家")
    expect(said(page)).to_have_text("本轮评审专家现为 3 位。下一步：在“回避”中核对，再到“分派”生成方案。")
    settled(page)
    expect(page.locator("table.sf tbody tr").last).to_contain_text("虚构评审中心、虚构协会")
    expect(page.locator("table.sf tbody tr").last).to_contain_text("登录：王专家（wang）")
    assert [each.code for each in seen(office).members] == ["专家01", "专家02", "专家03"]


def test_the_second_person_is_told_that_the_panel_has_changed(page: Page, office: Office) -> None:
    tab(page, "experts")
    page.get_by_label("本轮：专家02 虚构陈某").uncheck()
    now = {each.id for each in seen(office).members}
    added = experts.add(office.app, office.second, Person("虚构褚某", ("虚构研究所",), "沈抚示范区"))
    number = next(each.id for each in seen(office).experts.values() if each.code == added)
    experts.set_panel(office.app, office.second, office.round_id, now, now | {number}, "增加一位")
    page.get_by_role("textbox", name="理由（必填）").first.fill("减少一位")
    press(page, "保存本轮评审专家")
    expect(said(page)).to_have_text("本轮的评审专家已有变动，您的改动没有写入。请刷新页面，核对后再办。")
    assert len(seen(office).members) == 4


def test_a_hint_is_looked_at_and_a_conflict_is_pinned(page: Page, office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    review.add_note(office.app, office.staff, number, "聘书一份，受聘人虚构冯某")
    tab(page, "recusals")
    hints = page.locator("table.sf").first
    assert [row[:4] for row in cell_texts(hints)] == [
        [SHENYANG, YUNFAN, "专家01 虚构冯某", "〔经办备注〕里有“虚构冯某”，请核对是不是这位专家。"]
    ]
    picture(page, "panel-recusals-hints")
    hints.get_by_text("核对无关").click()
    settled(page)
    form = page.get_by_test_id("stForm").filter(has=page.get_by_role("button", name="核对无关", exact=True))
    expect(form).to_be_visible()
    settled(page)
    form.get_by_role("textbox", name="理由（必填）").fill("电话核实，同名不同人")
    press(page, "核对无关", form)
    expect(said(page)).to_have_text(f"核对无关：专家01 虚构冯某—沈阳市“{YUNFAN}”。")
    settled(page)
    expect(page.get_by_role("heading", name="需要核对 0 项")).to_be_visible()
    choose(page, "申报", f"沈阳市　{WANGHAI}")
    choose(page, "专家", "专家01 虚构冯某")
    page.get_by_role("textbox", name="理由（必填）").fill("曾任顾问")
    press(page, "定为回避")
    expect(said(page)).to_have_text(f"工作人员定为回避：专家01 虚构冯某—沈阳市“{WANGHAI}”。")
    settled(page)
    assert [row[:4] for row in cell_texts(page.locator("table.sf").first)] == [
        [SHENYANG, YUNFAN, "专家01 虚构冯某", "核对无关"],
        [SHENYANG, WANGHAI, "专家01 虚构冯某", "工作人员定为回避"],
    ]
    picture(page, "panel-recusals")


def test_a_plan_is_drawn_looked_at_and_applied(page: Page, office: Office) -> None:
    tab(page, "assign")
    press(page, "生成分派方案")
    expect(page.get_by_role("heading", name="分派方案（第 1 签）")).to_be_visible()
    settled(page)
    expect(page.get_by_text("专家02 虚构陈某没有填所在城市，没有参加分派。")).to_be_visible()
    expect(page.locator("td.sf-pass")).to_have_count(8)
    expect(page.get_by_title("专家01 虚构冯某：工作人员定为回避：曾任顾问")).to_have_text("✕")
    picture(page, "panel-plan")
    # one more recusal, and an application cannot get its experts: it is named with what to do
    _, three, wanghai = ids(office, "专家03", WANGHAI)
    recusals.pin(office.app, office.second, office.round_id, three, wanghai, "亲属任职")
    press(page, "不用方案")
    settled(page)
    press(page, "生成分派方案")
    told = page.get_by_test_id("stAlert").filter(has_text="有 1 个申报派不成，方案中一位也没有新派：")
    expect(told.locator("li")).to_have_text(
        f"“{WANGHAI}”应由 2 位专家评审，还差 2 位；3 位专家中除去回避的只有 1 位可派。"
        "请增加专家，或者核对回避后重新分派。"
    )
    picture(page, "panel-plan-impossible")
    number = office.row(tables.recusals, expert_id=three).id
    recusals.end(office.app, office.second, number, "登记错了")
    press(page, "不用方案")
    settled(page)
    press(page, "生成分派方案")
    expect(page.get_by_role("heading", name="分派方案（第 1 签）")).to_be_visible()
    settled(page)
    press(page, "换一个签")
    expect(page.get_by_role("heading", name="分派方案（第 2 签）")).to_be_visible()
    settled(page)
    # meanwhile somebody else changes what the plan rests on
    person = Person("虚构陈某", ("虚构第二大学",), "鞍山市")
    two = next(each for each in seen(office).members if each.code == "专家02")
    experts.change(office.app, office.second, two.id, two.version, person, active=True, why="补填")
    page.get_by_label("理由（必填）").fill("按工作方案抽签分派")
    press(page, "按方案分派")
    expect(said(page)).to_contain_text("没有分派。请重新生成方案，核对后再办。")
    settled(page)
    assert seen(office).assignments == ()
    expect(page.get_by_text("没有填所在城市")).to_have_count(0)
    press(page, "按方案分派")
    expect(said(page)).to_have_text("已按第 2 签分派 8 项。专家登录后在“我的评审”中办理。")
    settled(page)
    assert len(seen(office).assignments) == 8
    expect(page.locator("td.sf-tone-act")).to_have_count(8)
    picture(page, "panel-assign")


def test_one_more_is_given_by_hand_and_taken_back_and_who_is_barred_is_not_offered(page: Page, office: Office) -> None:
    tab(page, "assign")
    choose(page, "申报", f"沈阳市　{WANGHAI}")
    shut = page.locator(".sf-shut")
    expect(shut).to_contain_text("专家01 虚构冯某：工作人员定为回避：曾任顾问")
    page.get_by_label("专家", exact=True).click()
    offered = page.get_by_role("option").all_inner_texts()
    assert len(offered) == 1
    assert "虚构冯某" not in offered[0]
    page.get_by_role("option").first.click()
    settled(page)
    form = page.get_by_test_id("stForm").first
    form.get_by_role("textbox", name="理由（必填）").fill("加派一位")
    picture(page, "panel-by-hand")
    press(page, "分派", form)
    expect(said(page)).to_contain_text(f"已把沈阳市“{WANGHAI}”派给 ")
    settled(page)
    choose(page, "已派的专家", f"{offered[0].partition('（')[0]}（未开始）")
    form = page.get_by_test_id("stForm").filter(has_text="撤回后专家不再看到这个申报")
    form.get_by_role("textbox", name="理由（必填）").fill("派错")
    press(page, "撤回分派", form)
    expect(said(page)).to_contain_text("的这项分派。")
    assert len(seen(office).assignments) == 8
    assert office.last().action == "assignment.ended"


def test_settings_are_locked_by_the_first_score_and_read_only_for_others(
    page: Page, office: Office, server: Server, browser: Browser
) -> None:
    tab(page, "settings")
    unfold(page, "修改评审设置")
    expect(page.get_by_label("每项申报的评审专家人数", exact=True)).to_have_value("2")
    number = next(each.id for each in seen(office).assignments)
    handed_in(office, number, 80)
    panel_view(office.app, office.round_id)
    page.reload()
    settled(page)
    expect(page.get_by_text("已经有专家打分，评审设置从此不能改动。")).to_be_visible()
    expect(page.get_by_role("button", name="保存评审设置")).to_have_count(0)
    picture(page, "panel-locked")
    context = signed_in(browser, server, Role.SUPERVISOR)
    looking = tab_of(context)
    for code in ("settings", "experts", "recusals", "assign"):
        tab(looking, code)
        main = looking.get_by_test_id("stMain")
        expect(main.locator("table.sf").first).to_be_visible()
        expect(main.locator('input[type="text"], input[type="checkbox"], textarea')).to_have_count(0)
        expect(main.locator("a.sf-button")).to_have_count(0)
    put_away(context)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768)], ids=["1440", "1024"])
@pytest.mark.parametrize("code", ["settings", "experts", "recusals", "assign"])
def test_a_tab_is_chinese_and_fits(
    server: Server, browser: Browser, office: Office, code: str, size: tuple[int, int]
) -> None:
    context = signed_in(browser, server, Role.STAFF, *size)
    page = tab_of(context)
    tab(page, code)
    assert set(english(page.evaluate(VISIBLE_WORDS), str(office.folder))) <= {"wang"}  # a login
    assert (
        page.evaluate("(one => one.scrollWidth - one.clientWidth)(document.querySelector('[data-testid=stMain]'))") == 0
    )
    picture(page, f"panel-{code}-{size[0]}")
    put_away(context)
