"""拟创建对象选定 in the browser: chosen row by row with a reason, kept as one works, and entered in one act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from core.accounts import Role
from core.clock import Clock
from core.services.candidates import candidates
from core.services.selection_drafts import Draft, Picked, change, discard, drafts, save
from core.store import tables
from tests.browser.driver import (
    Server,
    cell_texts,
    open_at,
    picture,
    put_away,
    running_server,
    settled,
    signed_in,
    tab_of,
)
from tests.browser.fields import pick
from tests.browser.seed import Seeded, seed
from tests.office import Office
from tests.panels import DECIDED, assigned, handed_in
from tests.settled import settled as passing

TITLE = "拟创建对象选定"
TODAY = date(2026, 6, 1)  # a Monday
FIRST, FAILING, VAGUE, BASE, FIFTH, SMALL = (
    "虚构第1中小企业服务平台",
    "虚构第2中小企业服务平台",
    "虚构第3中小企业服务平台",
    "虚构第4产业基地",
    "虚构第5中小企业服务平台",
    "虚构第6产业基地",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the first of June."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=TODAY.isoformat()) as running:
        running.app.clock = Clock(TODAY)
        yield running


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """Six applications of two cities, of which three pass and are scored; 沈阳市 has a quota of one."""
    seeded = seed(server)
    for each in candidates(server.app, seeded.round_id):
        if each.name in (FIRST, BASE, FIFTH):
            passing(server.app, seeded.actor, each.application_id)
    office = Office(server.app, seeded.folder, seeded.round_id, *[seeded.actor] * 5)
    with server.app.writer.begin() as connection:
        connection.execute(
            tables.scoring_settings.insert().values(round_id=seeded.round_id, content=DECIDED, document="虚构方案")
        )
        for code in ("专家01", "专家02"):
            values = {"code": code, "name": f"虚构{code}", "units": ["虚构学会"], "fields": []}
            connection.execute(tables.experts.insert().values(**values))
        where = tables.recommenders.c.city == "沈阳市"
        connection.execute(tables.recommenders.update().where(where).values(quota=1))
    made = assigned(office, *((code, name) for name in (FIRST, BASE, FIFTH) for code in ("专家01", "专家02")))
    for number, score in zip(made, (80, 80, 60, 90, 80, 80), strict=True):
        handed_in(office, number, score)
    return seeded


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def mine(server: Server, seeded: Seeded) -> Draft:
    """The only draft there is."""
    [found] = drafts(server.app, seeded.actor, seeded.round_id)
    return found


def kept(page: Page, name: str) -> None:
    """Waits until what was picked is in the draft."""
    expect(page.locator(".sf-pickbar .soft")).to_have_text(re.compile(f"^“{name}”　.+ 已保存$"))
    settled(page)


def row(page: Page, name: str) -> Locator:
    """The line of an application."""
    return page.locator("table.sf-pick tbody tr").filter(has=page.get_by_role("link", name=name))


def button(page: Page, outcome: str, name: str) -> Locator:
    """What lists an application, or does not."""
    return page.get_by_role("button", name=f"{outcome}：{name}", exact=True)


def test_rows_stand_in_official_order_with_what_people_choose_by(page: Page) -> None:
    open_at(page, "/selection", TITLE)
    shown = [[row[1], row[2].split("\n")[0], row[3], row[4]] for row in cell_texts(page.locator("table.sf-pick"))]
    assert shown == [
        ["沈阳市", FIRST, "✓达标", "达到合格线\n80.00"],
        ["沈阳市", FAILING, "✗不达标", "未评审"],
        ["沈阳市", VAGUE, "–缺数据", "未评审"],
        ["沈阳市", BASE, "✓达标", "达到合格线\n75.00\n! 最高分与最低分相差较大"],
        ["大连市", FIFTH, "✓达标", "达到合格线\n80.00"],
        ["大连市", SMALL, "✗不达标", "未评审"],
    ]
    expect(button(page, "列入", FAILING)).to_be_disabled()
    expect(button(page, "列入", FAILING)).to_have_attribute("title", "审核结论不是“达标”，不能列为拟创建对象")
    expect(page.get_by_text("得分仅供内部使用，不对外公布，不排名次。")).to_be_visible()


def test_a_click_before_the_browser_knows_of_the_draft_begins_no_second_one(
    page: Page, server: Server, round_: Seeded
) -> None:
    unheard: list[bytes] = []
    holding = False

    def between(browser: WebSocketRoute) -> None:
        behind = browser.connect_to_server()

        def answer(message: str | bytes) -> None:
            if not holding:
                browser.send(message)
            elif isinstance(message, bytes):
                unheard.append(message)

        behind.on_message(answer)

    def answered(times: int) -> None:
        """Lets the browser draw until the script has ended so often with nothing told."""
        while sum(ForwardMsg.FromString(one).WhichOneof("type") == "script_finished" for one in unheard) < times:
            page.evaluate("new Promise(requestAnimationFrame)")

    # in a tab of its own: what stands between outlives a load
    page = page.context.new_page()
    page.route_web_socket("**/_stcore/stream", between)
    open_at(page, "/selection", TITLE)
    holding = True
    button(page, "列入", FIRST).click()
    answered(1)
    button(page, "列入", BASE).click()
    answered(2)
    held = mine(server, round_)
    assert len(held.picked) == 2
    discard(server.app, round_.actor, held.id, held.version)


def test_what_is_picked_is_kept_and_quotas_fill(page: Page, server: Server, round_: Seeded) -> None:
    open_at(page, "/selection", TITLE)
    bar = page.locator(".sf-quotas > div").first
    expect(bar).to_have_text("沈阳市列入 0／名额 1，推荐 4")
    button(page, "列入", FIRST).click()
    expect(bar).to_have_text("沈阳市列入 1／名额 1，推荐 4")
    button(page, "列入", BASE).click()
    expect(bar).to_have_text("沈阳市列入 2／名额 1，推荐 4，超额")
    kept(page, "方案1")
    # a tie: marked by a person, with what speaks for each
    for name in (FIRST, BASE):
        page.get_by_label(f"同等条件：{name}").select_option("甲组")
    group = page.locator(".sf-equals section")
    expect(group).to_contain_text("附件2 说明9，专精特新政策和服务模式。看：出台的政策文件")
    expect(group).to_contain_text("平台类没有附件2 说明9 的优先支持。")
    page.get_by_label(f"理由：{BASE}").select_option("同等条件下，在促进中小企业专精特新发展方面作用突出，优先支持。")
    words = page.get_by_label(f"具体情况：{BASE}")
    expect(words).to_have_attribute("placeholder", "写明具体情况（必填）")
    words.fill("出台了园区扶持政策")
    # the failing ones are answered together
    for name in (FAILING, VAGUE, SMALL):
        page.get_by_label(f"勾选：{name}").check()
    page.get_by_label("勾选：" + FIFTH).check()
    page.get_by_label("勾选的一起选").select_option("不列入")
    page.get_by_label("勾选的一起用的理由").select_option("经审核，不符合申报条件，或者申报材料不全。")
    page.get_by_role("button", name="填入勾选的 4 个").click()
    expect(page.locator(".sf-bulk .told")).to_have_text(f"已填入 3 个；1 个不能这样选，没有动：{FIFTH}。")
    expect(page.locator(".sf-pickbar .told").first).to_have_text("列入 2 个，不列入 3 个，未定 1 个。")
    kept(page, "方案1")
    picture(page, "selection-picked")
    # a reload begins where one stopped
    page.reload()
    settled(page)
    expect(page.get_by_label(f"具体情况：{BASE}")).to_have_value("出台了园区扶持政策")
    expect(button(page, "列入", FIRST)).to_have_attribute("aria-pressed", "true")
    ids = {each.name: each.application_id for each in candidates(server.app, round_.round_id)}
    picked = mine(server, round_).picked
    assert picked[ids[BASE]] == Picked("selected", "prefer_specialised", "出台了园区扶持政策", "甲组")
    assert picked[ids[SMALL]] == Picked("not_selected", "unmet")
    assert ids[FIFTH] not in picked


def test_filters_leave_the_order_and_what_is_picked(page: Page) -> None:
    open_at(page, "/selection", TITLE)
    page.get_by_label("选定", exact=True).select_option("未定")
    expect(page.locator("table.sf-pick tbody tr:visible .name a")).to_have_text([FIFTH])
    page.get_by_label("选定", exact=True).select_option("选定：全部")
    page.get_by_label("地区", exact=True).select_option("大连市")
    expect(page.locator("table.sf-pick tbody tr:visible .name a")).to_have_text([FIFTH, SMALL])


def test_a_draft_open_in_two_windows_is_not_overwritten(page: Page, server: Server, round_: Seeded) -> None:
    other = page.context.new_page()
    for each in (page, other):
        open_at(each, "/selection", TITLE)
    page.get_by_label(f"同等条件：{FIFTH}").select_option("乙组")
    kept(page, "方案1")
    other.get_by_label(f"同等条件：{FIFTH}").select_option("丙组")
    expect(other.get_by_test_id("stAlert")).to_have_text(
        "“方案1”已在别的窗口改动，刚才的改动没有存上。请刷新页面，在最新的方案上再改。"
    )
    expect(other.locator(".sf-pickbar .soft")).to_have_text("没有保存")
    other.reload()
    settled(other)
    expect(other.get_by_label(f"同等条件：{FIFTH}")).to_have_value("乙组")
    other.get_by_label(f"同等条件：{FIFTH}").select_option("—")
    kept(other, "方案1")
    [number] = [one.application_id for one in candidates(server.app, round_.round_id) if one.name == FIFTH]
    assert number not in mine(server, round_).picked


def test_two_drafts_are_held_side_by_side(page: Page, server: Server, round_: Seeded) -> None:
    ids = {each.name: each.application_id for each in candidates(server.app, round_.round_id)}
    held = mine(server, round_)
    other = save(
        server.app, round_.actor, round_.round_id, {**held.picked, ids[BASE]: Picked("not_selected", "gave_up")}
    )
    other = change(server.app, round_.actor, other.id, other.version, name="另一份", shared=True)
    open_at(page, "/selection?step=compare", TITLE)
    expect(page.get_by_text("两份方案有 1 个申报选得不同，其余相同。")).to_be_visible()
    assert cell_texts(page.locator("table.sf")) == [
        [
            "沈阳市",
            BASE,
            "列入\n同等条件下，在促进中小企业专精特新发展方面作用突出，优先支持。\n出台了园区扶持政策\n甲组",
            "不列入\n申报单位自愿放弃。",
        ]
    ]
    picture(page, "selection-compare")


def test_others_see_a_shared_draft_and_change_nothing(server: Server, browser: Browser, round_: Seeded) -> None:  # noqa: ARG001
    context = signed_in(browser, server, Role.SUPERVISOR, 1024, 768)
    page = tab_of(context)
    open_at(page, "/selection", TITLE)
    expect(page.get_by_label("选定方案")).to_be_visible()
    expect(row(page, BASE).locator("td.choice")).to_have_text("不列入")
    expect(page.locator("table.sf-pick button, table.sf-pick input")).to_have_count(0)
    expect(page.get_by_role("radio", name="核对并登记")).to_have_count(0)
    picture(page, "selection-read-1024")
    put_away(context)


def test_nobody_is_forgotten_when_it_is_entered(page: Page, server: Server, round_: Seeded) -> None:
    found = drafts(server.app, round_.actor, round_.round_id)
    open_at(page, "/selection", TITLE)
    page.get_by_role("combobox", name=re.compile("选定方案")).click()
    page.get_by_role("option", name=found[0].name, exact=True).click()
    settled(page)
    expect(button(page, "列入", BASE)).to_have_attribute("aria-pressed", "true")
    pick(page.get_by_test_id("stMain"), "核对并登记")
    settled(page)
    told = page.get_by_test_id("stAlert")
    expect(told.first).to_contain_text(f"还有 1 个申报没有选定：大连市“{FIFTH}”。")
    picture(page, "selection-forgotten")
    page.get_by_text("没有选定的 1 个留待以后，这次不办").click()
    expect(told).to_have_count(1)
    expect(told).to_have_text("沈阳市列为拟创建对象 2 个，超过推荐名额 1 个，请注意。")
    act = page.get_by_role("button", name="登记选定结果：列入 2 个，不列入 3 个，留待以后 1 个")
    act.click()
    expect(told.first).to_have_text("请写明理由，供日后核查。")
    page.get_by_label("总的理由（必填）").fill("按创建标准和方案评价择优")
    page.get_by_label("依据文件（必填）").fill("虚构纪要〔2026〕3号")
    page.get_by_label("留待以后的理由（必填）").fill("材料待核")
    picture(page, "selection-apply")
    act.click()
    expect(told.first).to_have_text(
        "2026年度：受理市级推荐 6 个，2026年6月1日（周一）列为拟创建对象 2 个，不列入 3 个，"
        f"留待以后 1 个（大连市“{FIFTH}”）。沈阳市列为拟创建对象 2 个，超过推荐名额 1 个，请注意。"
        "接下来到“公示与异议”开始公示。"
    )
    with server.app.reader.connect() as connection:
        status = {each.name: each.status for each in connection.execute(tables.standings.select())}
    assert status == {
        FIRST: "proposed", BASE: "proposed", FIFTH: "recommended",
        FAILING: "not_selected", VAGUE: "not_selected", SMALL: "not_selected",
    }  # fmt: skip
    # the others have ended; the one that was left is caught up later
    pick(page.get_by_test_id("stMain"), "逐个选定")
    settled(page)
    expect(page.locator("table.sf-pick tbody td.choice")).to_have_text(
        ["拟创建对象", "未入选", "未入选", "拟创建对象", "列入不列入", "未入选"]
    )


def test_the_table_fits_a_narrow_screen(server: Server, browser: Browser, round_: Seeded) -> None:  # noqa: ARG001
    context = signed_in(browser, server, Role.STAFF, 1024, 768)
    page = tab_of(context)
    open_at(page, "/selection", TITLE)
    button(page, "列入", FIFTH).click()
    expect(page.get_by_label(f"理由：{FIFTH}")).to_be_visible()
    wrap = page.locator(".sf-wrap").first
    assert wrap.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
    picture(page, "selection-1024")
    put_away(context)
