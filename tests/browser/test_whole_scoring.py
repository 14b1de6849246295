"""Scoring and selection in a real browser: from settings to decision files, by every hand that takes part in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docx
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, WebSocket, expect

from core.accounts import Role
from core.services import accounts
from core.services.own_sheets import NOTHING
from core.store import tables
from pages._process import COOKIE_NAME
from tests.browser.driver import Server, cell_texts, choose, heading, open_at, running_server, settled
from tests.browser.fields import pick, unfold
from tests.browser.sheets import LOST, NAMES, begin, hand_in, type_scores
from tests.browser.test_panel import fill, press, radio, said, tab
from tests.browser.test_scoring_books import download, upload
from tests.browser.test_selection import button, kept
from tests.office import PASSWORD, SHENYANG, Office, Worlds, office_of
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, seen
from tests.passing import ALL, settle
from tests.score_books import filled, scores
from tests.scoring.documents import CODES, RUBRIC

DAY = "2026-05-20"
VAGUE = "虚构市北辰服务平台"  # lacks a figure: not scored, and not selected
PEOPLE = ("li", "wang", "feng", "chen")  # staff, two experts, supervision
# what everybody gives everything, but for one application of the expert who scores by workbook
EVEN, FAR = 80, 40
CODES_OF = {"wang": "专家01", "feng": "专家02", "": "专家03"}


@dataclass(frozen=True, slots=True)
class Stage:
    """The server, its office, and a window of each person."""

    server: Server
    office: Office
    windows: dict[str, BrowserContext]

    def page(self, login: str) -> Page:
        """A new tab of somebody's."""
        return self.windows[login].new_page()

    def own(self, code: str) -> dict[str, int]:
        """The assignments of an expert, by name of the application, in official order."""
        known = seen(self.office)
        mine = {each.application_id: each.id for each in known.assignments if each.code == code}
        return {each.name: mine[number] for number, each in known.subjects.items() if number in mine}


@contextmanager
def stage(worlds: Worlds, home: Path, browser: Browser) -> Iterator[Stage]:
    """Four applications pass and one does not; nothing of the scoring is decided; 沈阳市 may recommend one."""
    worlds.settings("sqlite", "taken", home)
    with running_server(home, SHIFAN_TODAY=DAY) as server:
        office = office_of(server.app, worlds.folder)
        settle(office, *ALL)
        accounts.create_account(
            server.app, office.admin, login="feng", name="虚构冯某", role=Role.EXPERT, password=PASSWORD
        )
        table = tables.recommenders
        with server.app.writer.begin() as connection:
            connection.execute(table.update().where(table.c.city == SHENYANG).values(quota=1))
        windows = {}
        for login in PEOPLE:
            windows[login] = browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=server.address
            )
            token = accounts.sign_in(server.app, login=login, password=PASSWORD)
            windows[login].add_cookies([{"name": COOKIE_NAME, "value": token, "url": server.address}])
        yield Stage(server, office, windows)
        for window in windows.values():
            window.close()


def test_from_the_settings_to_the_decision_files(worlds: Worlds, tmp_path: Path, browser: Browser) -> None:
    with stage(worlds, tmp_path / "home", browser) as on:
        staff = on.page("li")
        settings_are_decided(staff)
        experts_are_asked(staff)
        a_plan_is_applied(staff, on)
        left = one_recuses_at_first_sight(on)
        another_is_assigned_by_hand(staff, on, left)
        one_loses_the_connection_in_mid_form(on)
        another_scores_in_the_app(on)
        far = the_third_scores_by_workbook(staff, on)
        they_conflict_and_one_is_given_back(staff, on, far)
        the_list_is_built_and_applied(staff, on)
        address = everybody_has_a_decision_file(staff, on)
        nobody_sees_what_is_not_theirs(on, address)


def settings_are_decided(page: Page) -> None:
    tab(page, "settings")
    for code, weight in zip(CODES, ("20", "20", "20", "15", "15", "10"), strict=True):
        fill(page, RUBRIC.names[code], weight)
    for label, text in {
        "各项指标的满分": "100",
        "打分间隔（每多少分一档）": "1",
        "每项申报的评审专家人数": "2",
        "依据文件（必填）": "虚构工信〔2026〕7号",
        "理由（必填）": "按工作方案",
    }.items():
        fill(page, label, text)
    radio(page, "合成办法", "平均分")
    radio(page, "合格线（总分，满分 100）", "设")
    fill(page, "合格线（总分，满分 100）：多少分", "60")
    radio(page, "等次", "不设")
    radio(page, "分歧提示：最高分与最低分之差", "设")
    fill(page, "分歧提示：最高分与最低分之差：多少分", "20")
    radio(page, "分歧提示：标准差", "不设")
    radio(page, "同市专家是否回避", "不因同市回避")
    radio(page, "评语", "不要求写评语")
    radio(page, "其他专家的评分是否可见", "专家始终看不到其他专家的评分")
    press(page, "保存评审设置")
    expect(said(page)).to_have_text("评审设置已保存。下一步：在“专家”中登记并勾选本轮的专家。")
    settled(page)


def experts_are_asked(page: Page) -> None:
    tab(page, "experts")
    people = (("王专家", "虚构评审中心", "王专家（wang）"), ("虚构冯某", "虚构第一大学", "虚构冯某（feng）"))
    for name, unit, account in (*people, ("虚构陈某", "虚构第二大学", "")):
        page.get_by_role("tab", name="登记专家").click()
        page.get_by_label("姓名", exact=True).fill(name)
        page.get_by_label("工作和任职单位（一行一个）").fill(unit)
        if account:
            choose(page, "账户", account)
        press(page, "登记专家")
        expect(said(page)).to_contain_text(f" {name}。参加本轮评审的")
        settled(page)
    page.get_by_role("tab", name="本轮评审专家").click()
    page.get_by_role("button", name="全选 3 位").click()
    page.get_by_role("textbox", name="理由（必填）").first.fill("按工作方案抽取")
    press(page, "保存本轮评审专家")
    expect(said(page)).to_contain_text("本轮评审专家现为 3 位。")
    settled(page)


def a_plan_is_applied(page: Page, on: Stage) -> None:
    tab(page, "assign")
    press(page, "生成分派方案")
    expect(page.get_by_role("heading", name="分派方案（第 1 签）")).to_be_visible()
    settled(page)
    page.get_by_label("理由（必填）").fill("按工作方案抽签分派")
    press(page, "按方案分派")
    expect(said(page)).to_have_text("已按第 1 签分派 8 项。专家登录后在“我的评审”中办理。")
    settled(page)
    assert sorted(len(on.own(code)) for code in CODES_OF.values()) == [2, 3, 3]


def one_recuses_at_first_sight(on: Stage) -> str:
    """The first expert, from the first of the own applications; gives its name."""
    page = on.page("wang")
    name, number = next(iter(on.own("专家01").items()))
    open_at(page, f"/reviews?sheet={number}", "我的评审")
    page.get_by_label("理由（必填）").fill("曾任该单位顾问")
    page.get_by_role("button", name="有，申请回避").click()
    expect(page.get_by_text(f"已登记您对“{name}”的回避，不再由您评审。")).to_be_visible()
    expect(page.locator(".sf-cards .sf-tile b")).to_have_text(list(on.own("专家01")))
    assert name not in on.own("专家01")
    page.close()
    return name


def another_is_assigned_by_hand(page: Page, on: Stage, name: str) -> None:
    tab(page, "assign")
    page.get_by_label("申报", exact=True).click()
    page.get_by_role("option", name=re.compile(f"{name}")).click()
    settled(page)
    expect(page.locator(".sf-shut")).to_contain_text("专家01 王专家：专家本人申请回避：曾任该单位顾问")
    page.get_by_label("专家", exact=True).click()
    page.get_by_role("option").first.click()
    settled(page)
    form = page.get_by_test_id("stForm").first
    form.get_by_role("textbox", name="理由（必填）").fill("有专家回避，补派一位")
    press(page, "分派", form)
    expect(said(page)).to_contain_text(f"“{name}”派给 ")
    settled(page)
    assert {name in on.own(code) for code in ("专家02", "专家03")} == {True}


def one_loses_the_connection_in_mid_form(on: Stage) -> None:
    page, window = on.page("wang"), on.windows["wang"]
    number, *rest = on.own("专家01").values()
    begin(page, number)
    page.get_by_label(f"{NAMES[0]}：得分").fill("33")
    page.wait_for_function("sessionStorage.length === 0")
    window.set_offline(True)
    page.get_by_label(f"{NAMES[1]}：得分").fill("44")
    expect(page.locator("[data-status]")).to_have_text(LOST)
    window.set_offline(False)
    page.reload()
    expect(page.get_by_label(f"{NAMES[0]}：得分")).to_have_value("33")
    expect(page.get_by_label(f"{NAMES[1]}：得分")).to_have_value("44")
    type_scores(page, EVEN)
    hand_in(page)
    for other in rest:
        begin(page, other)
        type_scores(page, EVEN)
        hand_in(page)
    page.close()


def another_scores_in_the_app(on: Stage) -> None:
    page = on.page("feng")
    for number in on.own("专家02").values():
        begin(page, number)
        type_scores(page, EVEN)
        hand_in(page)
    page.close()


def workbook(page: Page) -> tuple[str, bytes]:
    """The workbook of the one expert without an account, as it is downloaded."""
    tab(page, "books")
    return download(page, "下载 专家03 虚构陈某 的评分工作簿")


def the_third_scores_by_workbook(page: Page, on: Stage) -> str:
    """A mistake is told by its cell, put right and taken in; gives the application that got the far score."""
    far, *rest = on.own("专家03")
    name, empty = workbook(page)
    rows = {far: scores(on.office, FAR)} | {each: scores(on.office, EVEN) for each in rest}
    upload(page, (name, filled(empty, rows | {far: scores(on.office, 101)})))
    expect(said(page)).to_contain_text("有 6 处须改正，改好之前不能受理。")
    page.reload()
    settled(page)
    upload(page, (name, filled(empty, rows)))
    press(page, "受理评分")
    expect(said(page)).to_have_text(f"已受理“{name}”：新交 {len(rows)} 项。")
    settled(page)
    assert {each.state for each in seen(on.office).assignments} == {"submitted"}
    return far


def they_conflict_and_one_is_given_back(page: Page, on: Stage, far: str) -> None:
    """The far score is pointed out, given back with a reason, and then is as the expert finds right."""
    tab(page, "scores")
    lines = page.locator("table.sf-scores tbody tr")
    expect(lines.filter(has_text="! 分歧")).to_have_count(1)
    expect(lines.filter(has_text="! 分歧")).to_contain_text(far)
    page.get_by_role("link", name=far, exact=True).click()
    expect(page.locator("h2.sf-name")).to_have_text(far)
    settled(page)
    part = unfold(page, "退回重评")
    choose(page, "退回哪位专家的评分", "专家03 虚构陈某")
    expect(part).to_contain_text("退回后，专家03 虚构陈某对这项申报的评分不再计入")
    settled(page)
    part.get_by_label("理由（必填）").fill("与其他专家相差较大，请复核")
    press(page, "退回重评", part)
    expect(said(page)).to_have_text(f"已把专家03 虚构陈某对“{far}”的评分退回重评。")
    settled(page)
    name, empty = workbook(page)
    upload(page, (name, filled(empty, {far: scores(on.office, EVEN)})))
    press(page, "受理评分")
    expect(said(page)).to_contain_text(f"已受理“{name}”：")
    settled(page)
    tab(page, "scores")
    expect(lines.filter(has_text="! 分歧")).to_have_count(0)
    assert [row[5] for row in cell_texts(page.locator("table.sf-scores"))] == ["80.00"] * 4


def the_list_is_built_and_applied(page: Page, on: Stage) -> None:
    """沈阳市 may have one, and two of it are equal: people choose with a reason, and are told of the quota."""
    open_at(page, "/selection", "拟创建对象选定")
    bar = page.locator(".sf-quotas > div").first
    for name in (YUNFAN, WANGHAI):
        page.get_by_label(f"同等条件：{name}").select_option("甲组")
    expect(page.locator(".sf-equals section")).to_contain_text("附件2 说明9")
    for name in (YUNFAN, WANGHAI, XINGHE):
        button(page, "列入", name).click()
    expect(bar).to_contain_text("列入 2／名额 1")
    expect(bar).to_contain_text("超额")
    button(page, "不列入", YUNFAN).click()
    expect(bar).to_contain_text("列入 1／名额 1")
    page.get_by_label(f"理由：{WANGHAI}").select_option(
        "同等条件下，在促进中小企业专精特新发展方面作用突出，优先支持。"
    )
    page.get_by_label(f"具体情况：{WANGHAI}").fill("出台了园区扶持政策")
    page.get_by_label(f"理由：{XINGHE}").select_option("符合申报条件，达到创建标准，创建方案评价符合要求。")
    page.get_by_label(f"理由：{YUNFAN}").select_option("本年度择优培育，同等条件下其他申报更符合创建方向。")
    page.get_by_label(f"具体情况：{YUNFAN}").fill("名额所限")
    button(page, "不列入", VAGUE).click()
    kept(page, "方案1")
    pick(page.get_by_test_id("stMain"), "核对并登记")
    settled(page)
    expect(said(page)).to_contain_text(f"还有 1 个申报没有选定：沈抚示范区“{ANSHAN}”。")
    pick(page.get_by_test_id("stMain"), "逐个选定")
    settled(page)
    button(page, "列入", ANSHAN).click()
    page.get_by_label(f"理由：{ANSHAN}").select_option("符合申报条件，达到创建标准，创建方案评价符合要求。")
    kept(page, "方案1")
    pick(page.get_by_test_id("stMain"), "核对并登记")
    settled(page)
    page.get_by_label("总的理由（必填）").fill("按创建标准和方案评价择优")
    page.get_by_label("依据文件（必填）").fill("虚构纪要〔2026〕3号")
    page.get_by_role("button", name="登记选定结果：列入 3 个，不列入 2 个").click()
    expect(said(page)).to_contain_text("列为拟创建对象 3 个，不列入 2 个")
    settled(page)
    with on.server.app.reader.connect() as connection:
        status = {row.name: row.status for row in connection.execute(sa.select(tables.standings))}
    assert status == {
        WANGHAI: "proposed", XINGHE: "proposed", ANSHAN: "proposed", YUNFAN: "not_selected", VAGUE: "not_selected",
    }  # fmt: skip


def everybody_has_a_decision_file(page: Page, on: Stage) -> str:
    """Each application's says how it came out and why; gives the address of one that was taken away."""
    address = ""
    for number, each in seen(on.office).subjects.items():
        open_at(page, f"/decision?application={number}", "申报办理卷")
        with page.expect_response(re.compile("/media/")) as answered, page.expect_download() as waiting:
            page.get_by_role("button", name="下载办理卷（docx，专家用代号）").click()
        address = answered.value.url
        file = docx.Document(Path(waiting.value.path()))
        words = "\n".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
        words += "\n".join(line.text for line in file.paragraphs)
        assert each.name in words
        assert [name for name in ("王专家", "虚构冯某", "虚构陈某") if name in words] == []
        if each.name == YUNFAN:
            assert "名额所限" in words
            assert "80.00" in words
        settled(page)
    return address


def nobody_sees_what_is_not_theirs(on: Stage, address: str) -> None:
    """By address, by download and over the WebSocket: an expert only the own; supervision everything, and no act."""
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda one: frames.append(one.encode() if isinstance(one, str) else one))

    page = on.page("wang")
    page.on("websocket", listen)
    for path in (
        "panel",
        "panel?tab=scores",
        "selection",
        "decision?application=1",
        "checks?app=1",
        "notices",
        "ledger",
    ):
        page.goto(f"/{path}")
        expect(page.get_by_text("无权查看：")).to_be_visible()
        settled(page)
    for number in (*on.own("专家02").values(), *on.own("专家03").values(), 999):
        page.goto(f"/reviews?sheet={number}")
        expect(page.get_by_test_id("stAlert")).to_have_text(NOTHING)
        settled(page)
    open_at(page, "/reviews", "我的评审")
    received = b"".join(frames)
    foreign = [name for name in (*ALL, VAGUE) if name not in on.own("专家01")]
    assert foreign
    for text in (*foreign, "虚构冯某", "虚构陈某", "80.00"):
        assert text.encode() not in received, text
        assert json.dumps(text)[1:-1].encode() not in received, text
    assert page.request.get(address).status == 403
    assert on.page("chen").request.get(address).status in (200, 404)
    looking = on.page("chen")
    for path in ("/panel?tab=scores", "/selection", "/decision?application=1"):
        looking.goto(path)
        expect(heading(looking)).not_to_be_empty()
        settled(looking)
        expect(looking.get_by_text("无权查看：")).to_have_count(0)
        assert looking.get_by_role("button", name=re.compile("退回重评|列入|登记|分派")).count() == 0
