"""我的评审 in the browser: from the cards to the lock; nothing typed is lost, nothing foreign is seen."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, WebSocket, expect

from core.accounts import Role
from core.services import accounts, review, scoring
from core.services.own_sheets import NOTHING
from core.store import tables
from pages._process import COOKIE_NAME
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
)
from tests.browser.sheets import LOST, NAMES, hand_in
from tests.office import PASSWORD, Office, Worlds, office_of
from tests.panels import ANSHAN, CONVENED, DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, seen
from tests.scoring.documents import CODES

CONTENT = DECIDED | {"comments": "each", "visibility": "after_own", "scale": {"top": "100", "step": "0.5"}}
FIRST, SECOND = (f"{name}：得分" for name in NAMES[:2])
SLOW = 60_000


@dataclass
class Round:
    """The office behind a server, and the sheets in it by what they are for."""

    office: Office
    open: int
    other_expert: int
    unseen: int
    to_decline: int


def scored(worlds: Worlds, home: Path) -> None:
    """A store in which scoring can begin."""
    office = worlds.office("sqlite", CONVENED, home)
    with office.app.writer.begin() as connection:
        connection.execute(tables.scoring_settings.update().values(content=CONTENT))
    office.app.close()


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on one, and the expert signed in."""
    home = tmp_path_factory.mktemp("reviews") / "home"
    scored(worlds, home)
    with running_server(home) as running:
        running.tokens[Role.EXPERT] = accounts.sign_in(running.app, login="wang", password=PASSWORD)
        yield running


@pytest.fixture
def round_(server: Server, tmp_path: Path) -> Round:
    """The expert has three sheets, one of them begun; another expert has two. What the test before had has ended."""
    office = office_of(server.app, tmp_path)
    with office.app.writer.begin() as connection:
        for table in (tables.recusals, tables.assignments):
            connection.execute(table.update().values(ended_at=office.app.clock.now()))
    own, other, _ = assigned(office, ("专家01", YUNFAN), ("专家02", YUNFAN), ("专家02", ANSHAN))
    unseen, declined = assigned(office, ("专家01", WANGHAI), ("专家01", XINGHE), cleared=False)
    handed_in(office, other, 77)
    # what the server remembers it remembers until an act
    review.add_note(office.app, office.staff, seen(office).assignments[0].application_id, "虚构备注")
    return Round(office, own, other, unseen, declined)


@pytest.fixture
def context(server: Server, browser: Browser, round_: Round) -> Iterator[BrowserContext]:  # noqa: ARG001 - it fills the store
    """A browser window of the expert's."""
    made = signed_in(browser, server, Role.EXPERT)
    yield made
    put_away(made)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A tab of it, that may be left whatever has been typed."""
    made = context.new_page()
    made.on("dialog", Dialog.accept)
    return made


def status(page: Page) -> Locator:
    """What the form says of saving."""
    return page.locator("[data-status]")


def kept(page: Page) -> None:
    """Waits until the server has all that is typed: until then it lies in the tab, too."""
    page.wait_for_function("sessionStorage.length === 0", timeout=SLOW)
    expect(status(page)).to_contain_text("已保存")


def open_sheet(page: Page, number: int) -> None:
    """Opens a sheet by its address and waits for its form."""
    open_at(page, f"/reviews?sheet={number}", "我的评审")
    expect(page.get_by_label(FIRST)).to_be_visible()


def fill(page: Page, score: str = "88.5") -> None:
    """Fills the whole sheet in, and waits until it is kept."""
    for name in NAMES:
        page.get_by_label(f"{name}：得分").fill(score)
        page.get_by_label(f"{name}：评语").fill("虚构意见：思路清楚。")
    page.get_by_label(f"{NAMES[-1]}：评语").blur()
    expect(page.locator("[data-total]")).to_have_text("88.50")
    kept(page)


def draft(office: Office, number: int) -> dict[str, str]:
    """The scores that the server holds as a draft."""
    return dict(office.row(tables.score_drafts, assignment_id=number).content["scores"])


def test_the_first_page_leads_to_the_cards_and_they_tell_how_far_one_is(page: Page, round_: Round) -> None:
    open_at(page, "/", "今日")
    page.get_by_role("link", name="3 个申报待评审（2026年度，已交 0 / 3） →").click()
    expect(heading(page)).to_have_text("我的评审")
    cards = page.locator(".sf-cards .sf-tile")
    expect(cards.locator("b")).to_have_text([YUNFAN, WANGHAI, XINGHE])
    expect(cards.locator(".sf-state")).to_have_text(["评审中", "未开始", "未开始"])
    expect(page.get_by_role("heading", name="2026年度　已交 0 / 3")).to_be_visible()
    page.get_by_role("link", name=YUNFAN).click()
    expect(page.get_by_label(FIRST)).to_be_visible()
    fill(page)
    hand_in(page)
    page.get_by_role("button", name="← 回到我的评审").click()
    expect(page.get_by_role("heading", name="2026年度　已交 1 / 3")).to_be_visible()
    assert seen(round_.office).locked


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_at_first_sight_there_is_only_the_question(
    server: Server, browser: Browser, round_: Round, width: int, height: int
) -> None:
    context = signed_in(browser, server, Role.EXPERT, width, height)
    page = context.new_page()
    open_at(page, f"/reviews?sheet={round_.unseen}", "我的评审")
    expect(page.get_by_text("您与该申报单位有无利害关系？")).to_be_visible()
    picture(page, f"review-sight-{width}")
    assert page.get_by_test_id("stMain").locator("table, [data-part]").count() == 0
    page.get_by_role("button", name="没有，开始评审").click()
    expect(page.get_by_label(FIRST)).to_be_visible()
    assert round_.office.last().action == "recusal.cleared"
    picture(page, f"review-sheet-{width}")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("it => it.scrollWidth <= it.clientWidth")
    told = page.locator(".sf-rv-facts").inner_text()
    assert "主导产业名称" in told
    assert [word for word in ("联系人", "联系电话", "备注") if word in told] == []
    context.close()


def test_who_declares_a_conflict_sees_nothing_of_it_any_more(page: Page, round_: Round) -> None:
    open_at(page, f"/reviews?sheet={round_.to_decline}", "我的评审")
    page.get_by_role("button", name="有，申请回避").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("请写明回避的理由，例如：与申报单位有合作、亲属在该单位任职。")
    page.get_by_label("理由（必填）").fill("曾任该单位顾问")
    page.get_by_role("button", name="有，申请回避").click()
    expect(page.get_by_text(f"已登记您对“{XINGHE}”的回避，不再由您评审。")).to_be_visible()
    expect(page.locator(".sf-cards .sf-tile b")).to_have_text([YUNFAN, WANGHAI])
    open_at(page, f"/reviews?sheet={round_.to_decline}", "我的评审")
    expect(page.get_by_test_id("stAlert")).to_have_text(NOTHING)


def test_what_is_typed_is_kept_and_a_reload_finds_it(page: Page, round_: Round) -> None:
    open_sheet(page, round_.open)
    expect(status(page)).to_have_text("填写后自动保存")
    page.get_by_label(FIRST).fill("８５")
    kept(page)
    assert draft(round_.office, round_.open) == {CODES[0]: "８５"}
    page.get_by_label(f"{NAMES[1]}：典型或特色经验做法（条）").fill("1")
    expect(page.get_by_text("数出 1 条，附件3 要求不少于 2 条，请在打分时考虑。不影响提交。")).to_be_visible()
    page.reload()
    expect(page.get_by_label(FIRST)).to_have_value("８５")
    assert page.evaluate("sessionStorage.length") == 0


def test_what_keeps_a_sheet_from_being_handed_in_is_said_where_it_is(page: Page, round_: Round) -> None:
    open_sheet(page, round_.open)
    fill(page)
    page.get_by_label(SECOND).fill("90.3")
    page.get_by_label(f"{NAMES[3]}：评语").fill("")
    page.get_by_role("button", name="提交评审").click()
    errors = page.locator("[data-error]:not(:empty)")
    wrong = "“创新特色”打了 90.3 分，不在可打的分数之内（0 至 100 分，每 0.5 分一档），请改正。"
    expect(errors).to_have_text([wrong, "“实施路径”还没有写评语。"])
    expect(page.get_by_label(SECOND)).to_be_focused()
    expect(page.get_by_text("还有 2 项指标没有填好，请按红字改正后再提交。")).to_be_visible()
    page.get_by_label(SECOND).fill("90.5")
    expect(errors).to_have_text(["“实施路径”还没有写评语。"])


def test_handing_in_locks_and_what_is_given_back_begins_with_it(page: Page, round_: Round) -> None:
    open_sheet(page, round_.open)
    assert "77" not in page.get_by_test_id("stMain").inner_text()
    fill(page)
    hand_in(page)
    expect(page.locator("[data-part]")).to_have_count(0)
    others = cell_texts(page.locator("table.sf").last)
    assert others == [*([name, "77"] for name in NAMES), ["总分", "77.00"]]
    scoring.reopen(round_.office.app, round_.office.staff, round_.open, 1, "请补充实施路径的意见。")
    open_at(page, "/", "今日")
    expect(page.get_by_role("link", name="1 个申报退回重评，请修改后再提交（2026年度） →")).to_be_visible()
    open_sheet(page, round_.open)
    told = "省厅经办退回了这份评审：请补充实施路径的意见。 上次提交的内容已经填在下面，请修改后再提交。"
    expect(page.get_by_test_id("stAlert")).to_have_text(told)
    expect(page.get_by_label(FIRST)).to_have_value("88.5")
    page.get_by_label(FIRST).fill("88")
    kept(page)
    hand_in(page)
    [stored] = [each for each in seen(round_.office).assignments if each.id == round_.open]
    assert (stored.number, stored.content["scores"][CODES[0]]) == (3, "88")


def test_without_a_network_nothing_is_lost(page: Page, context: BrowserContext, round_: Round) -> None:
    open_sheet(page, round_.open)
    page.get_by_label(FIRST).fill("70")
    kept(page)
    context.set_offline(True)
    page.get_by_label(FIRST).fill("71")
    expect(status(page)).to_have_text(LOST)
    picture(page, "review-offline")
    assert draft(round_.office, round_.open) == {CODES[0]: "70"}
    context.set_offline(False)
    kept(page)
    assert draft(round_.office, round_.open) == {CODES[0]: "71"}


def test_a_reload_before_the_server_has_it_finds_it_in_the_tab(
    page: Page, context: BrowserContext, round_: Round
) -> None:
    open_sheet(page, round_.open)
    context.set_offline(True)
    page.get_by_label(FIRST).fill("72")
    expect(status(page)).to_have_text(LOST)
    # the same tab, loaded anew
    context.set_offline(False)
    page.reload()
    expect(page.get_by_label(FIRST)).to_have_value("72")
    kept(page)
    assert draft(round_.office, round_.open) == {CODES[0]: "72"}


def test_a_server_that_stops_in_mid_form_and_comes_again(browser: Browser, worlds: Worlds, tmp_path: Path) -> None:
    home = tmp_path / "home"
    scored(worlds, home)
    with running_server(home) as first:
        first.tokens[Role.EXPERT] = accounts.sign_in(first.app, login="wang", password=PASSWORD)
        [number] = assigned(office_of(first.app, tmp_path), ("专家01", YUNFAN))
        context = signed_in(browser, first, Role.EXPERT)
        page = context.new_page()
        open_sheet(page, number)
        page.get_by_label(FIRST).fill("61")
        kept(page)
        page.get_by_label(SECOND).fill("6")
        first.stop()
    page.get_by_label(SECOND).fill("62")
    expect(status(page)).to_have_text(LOST)
    picture(page, "review-stopped")
    with running_server(home, port=int(first.address.rpartition(":")[2])) as again:
        kept(page)
        assert draft(office_of(again.app, tmp_path), number) == {CODES[0]: "61", CODES[1]: "62"}
        expect(page.get_by_label(SECOND)).to_have_value("62")
        page.reload()
        expect(page.get_by_label(SECOND)).to_have_value("62")
        context.close()


def test_answers_that_come_late_are_not_taken_for_another_window(page: Page, server: Server, round_: Round) -> None:
    open_sheet(page, round_.open)
    page.get_by_label(FIRST).fill("60")
    kept(page)
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.get_by_label(FIRST).fill("61")
        expect(status(page)).to_have_text(LOST)
        page.get_by_label(SECOND).fill("62")
        page.wait_for_function("JSON.parse(Object.values(sessionStorage)[0]).unanswered.length > 1")
    finally:
        server.process.send_signal(signal.SIGCONT)
    kept(page)
    expect(page.locator("[data-conflict]")).to_be_hidden()
    assert draft(round_.office, round_.open) == {CODES[0]: "61", CODES[1]: "62"}


@pytest.mark.parametrize(("choice", "left"), [("用本窗口的", "55"), ("用另一个窗口的", "66")])
def test_two_windows_are_told_of_each_other(
    page: Page, context: BrowserContext, round_: Round, choice: str, left: str
) -> None:
    other = context.new_page()
    open_sheet(page, round_.open)
    open_sheet(other, round_.open)
    other.get_by_label(FIRST).fill("66")
    kept(other)
    page.get_by_label(FIRST).fill("55")
    expect(status(page)).to_have_text("没有保存：另一个窗口改过这份评审")
    assert cell_texts(page.locator("[data-conflict] table")) == [[FIRST, "55", "66"]]
    picture(page, "review-conflict")
    assert draft(round_.office, round_.open) == {CODES[0]: "66"}
    page.get_by_role("button", name=choice).click()
    expect(page.get_by_label(FIRST)).to_have_value(left)
    page.get_by_label(SECOND).fill("50")
    kept(page)
    assert draft(round_.office, round_.open) == {CODES[0]: left, CODES[1]: "50"}


def test_nothing_of_others_comes_over_the_wire(page: Page, round_: Round) -> None:
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on(
            "framereceived", lambda payload: frames.append(payload.encode() if isinstance(payload, str) else payload)
        )

    page.on("websocket", listen)
    for address in ("/", "/reviews", f"/reviews?sheet={round_.open}", f"/reviews?sheet={round_.unseen}"):
        page.goto(address)
        expect(heading(page)).to_have_text("今日" if address == "/" else "我的评审")
        settled(page)
    # what is another's is not there, and neither is what never was
    for number in (round_.other_expert, 999):
        page.goto(f"/reviews?sheet={number}")
        expect(page.get_by_test_id("stAlert")).to_have_text(NOTHING)
        settled(page)
    received = b"".join(frames)

    def came(text: str) -> bool:
        # as it is, and escaped where it is data of a component
        return text.encode() in received or json.dumps(text)[1:-1].encode() in received

    foreign = [ANSHAN, "虚构市北辰服务平台", "虚构冯某", "虚构陈某", "专家02", "张某某", "024-80000000"]
    assert [text for text in (YUNFAN, WANGHAI, *foreign) if came(text)] == [YUNFAN, WANGHAI]


def test_signing_out_leaves_nothing_in_the_tab(page: Page, context: BrowserContext, round_: Round) -> None:
    open_sheet(page, round_.open)
    context.set_offline(True)
    page.get_by_label(FIRST).fill("73")
    expect(status(page)).to_have_text(LOST)
    assert page.evaluate("sessionStorage.length") == 1
    context.set_offline(False)
    page.evaluate("window.__kept = sessionStorage.setItem('shifan-review-999-1', '{}')")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login")
    assert page.evaluate("sessionStorage.length") == 0


def test_a_sign_in_that_ends_in_mid_form(server: Server, browser: Browser, round_: Round) -> None:
    token = accounts.sign_in(server.app, login="wang", password=PASSWORD)
    context = browser.new_context(locale="zh-CN", base_url=server.address)
    context.add_cookies([{"name": COOKIE_NAME, "value": token, "url": server.address}])
    page = context.new_page()
    page.on("dialog", Dialog.accept)
    open_sheet(page, round_.open)
    accounts.sign_out(server.app, token)
    page.get_by_label(FIRST).fill("74")
    page.wait_for_url("**/login")
    page.get_by_label("账号").fill("wang")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(heading(page)).to_have_text("今日")
    open_sheet(page, round_.open)
    expect(page.get_by_label(FIRST)).to_have_value("74")
    kept(page)
    assert draft(round_.office, round_.open) == {CODES[0]: "74"}
    context.close()
