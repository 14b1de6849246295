"""专家评审, the tab 进度与评分, in the browser: who is missing, one application in full, and who may see none of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, WebSocket, expect

from core.accounts import Role
from core.services import accounts
from core.store import tables
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
from tests.browser.fields import unfold
from tests.office import PASSWORD, Office, Worlds
from tests.panels import ANSHAN, CONVENED, DECIDED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused
from tests.scoring.documents import CODES

TABLE = "table.sf-scores"
AT = "/panel?tab=scores"
CONTENT = DECIDED | {
    "experts": 3, "aggregation": "trimmed_mean", "trim_from": 3, "comments": "each", "deviation_mark": "15",
    "grades": [{"name": "甲等", "from": "80"}, {"name": "乙等", "from": "60"}],
}  # fmt: skip
# the scores go against the official order
GIVEN: dict[str, dict[str, Any]] = {
    YUNFAN: {"专家01": 52, "专家02": "59.99", "专家03": 88},
    WANGHAI: {"专家01": 71, "专家02": 75, "专家03": 69},
    XINGHE: {"专家01": 81, "专家03": 84, "专家04": 85},
    ANSHAN: {"专家01": 97},
}
TOLD = ["75.25", "84.00", XINGHE, "虚构冯某", "路径清楚"]
LOGINS = {Role.ADMIN: "zhang", Role.STAFF: "li", Role.EXPERT: "wang", Role.SUPERVISOR: "chen"}


def sheet(score: Any) -> dict[str, Any]:
    """One score on every indicator, with a comment on the first."""
    return {
        "scores": dict.fromkeys(CODES, str(score)),
        "comments": {CODES[0]: f"路径清楚，虚构意见，给{score}分<b>不是标签</b>。"},
        "counts": {},
    }


def score(office: Office) -> None:
    """What the tests look at."""
    with office.app.writer.begin() as connection:
        connection.execute(tables.scoring_settings.update().values(content=CONTENT))
    pairs = [(code, name, score) for name, by in GIVEN.items() for code, score in by.items()]
    numbers = assigned(office, *((code, name) for code, name, _ in pairs))
    for number, (_, _, given) in zip(numbers, pairs, strict=True):
        handed_in(office, number, sheet(given))
    assigned(office, ("专家03", ANSHAN))
    assigned(office, ("专家02", ANSHAN), cleared=False)
    recused(office, "专家02", XINGHE, "declared", "曾任顾问")


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a round that is being scored; somebody of every role is signed in."""
    home = tmp_path_factory.mktemp("scored") / "home"
    office = worlds.office("sqlite", CONVENED, home)
    score(office)
    office.app.close()
    with running_server(home) as running:
        for role, login in LOGINS.items():
            running.tokens[role] = accounts.sign_in(running.app, login=login, password=PASSWORD)
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the member of staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def table(page: Page) -> list[list[str]]:
    """The texts of the table of applications."""
    return cell_texts(page.locator(TABLE))


def names(page: Page) -> list[str]:
    """The applications that are shown, from the top."""
    return page.locator(f"{TABLE} td.name").all_inner_texts()


def open_one(page: Page, name: str) -> None:
    """Opens an application from the table."""
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h2.sf-name")).to_have_text(name)
    settled(page)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_every_look_stands_in_official_order_and_fits(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_at(page, AT, "专家评审")
    expect(page.get_by_text("仅供内部使用：不得公布得分，不得排名（第八条）。")).to_be_visible()
    expect(page.locator(".sf-line").first).to_have_text(
        "已交评分 10 / 12 份评审中 1 份（其中已起草 0 份）；退回重评 0 份；未开始 1 份；"
        "评分齐全的申报 3 / 4 个；有分歧提示的 1 个"
    )
    picture(page, f"scores-matrix-{width}")
    for look, css in (("matrix", TABLE), ("dots", TABLE), ("progress", "table.sf"), ("severity", "table.sf-severity")):
        page.goto(f"{AT}&look={look}")
        expect(page.locator(f"{css} tbody tr")).to_have_count(4)
        picture(page, f"scores-{look}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        first = page.locator(f"{css} tbody tr td:visible").first.inner_text()
        assert first in {"matrix": ("沈阳市", YUNFAN), "dots": ("沈阳市", YUNFAN)}.get(look, ("专家01",))
        if css == TABLE:
            assert names(page) == [YUNFAN, WANGHAI, XINGHE, ANSHAN]


def test_the_table_says_what_each_gave_and_who_is_missing(page: Page) -> None:
    open_at(page, AT, "专家评审")
    expect(page.locator(f"{TABLE} tbody tr")).to_have_count(4)
    assert table(page) == [
        ["沈阳市", YUNFAN, "52.00", "59.99", "88.00", "", "59.99", "✗不合格", "", "36.00", "18.91", "! 分歧"],
        ["沈阳市", WANGHAI, "71.00", "75.00", "69.00", "", "71.00", "✓合格", "乙等", "6.00", "3.06", ""],
        ["大连市", XINGHE, "81.00", "回避", "84.00", "85.00", "84.00", "✓合格", "甲等", "4.00", "2.08", ""],
        ["沈抚示范区", ANSHAN, "97.00", "—", "—", "", "缺 2 位", "", "", "—", "—", ""],
    ]
    assert page.locator(f"{TABLE} th.e").all_inner_texts() == [
        "专家01\n王专家", "专家02\n虚构冯某", "专家03\n虚构陈某", "专家04\n虚构褚某",
    ]  # fmt: skip
    gap = page.get_by_text("缺 2 位")
    assert gap.get_attribute("title") == "还差 2 位专家的评分（专家02、专家03），暂不计算得分。"


def test_filters_survive_a_reload(page: Page) -> None:
    open_at(page, AT, "专家评审")
    choose(page, "只看", "评分不齐的")
    expect(page.locator(f"{TABLE} td.name")).to_have_text([ANSHAN])
    page.wait_for_url("**only=gaps*")
    page.reload()
    expect(page.locator(f"{TABLE} td.name")).to_have_text([ANSHAN])
    choose(page, "只看", "全部")
    choose(page, "评审专家", "专家04 虚构褚某")
    expect(page.locator(f"{TABLE} td.name")).to_have_text([XINGHE])
    choose(page, "类型", "基地")
    expect(page.get_by_text("没有符合条件的申报。请放宽筛选条件。")).to_be_visible()


def test_one_application_shows_all_that_was_said_and_how_its_score_comes_about(page: Page) -> None:
    open_at(page, AT, "专家评审")
    open_one(page, YUNFAN)
    tables_ = page.locator("table.sf")
    assert cell_texts(tables_.nth(0))[0] == [
        "创建内容",
        "20",
        "100",
        "52.00",
        "59.99",
        "88.00",
        "59.99",
        "36.00",
        "18.91",
    ]
    assert cell_texts(tables_.nth(0))[-1] == [
        "总分",
        "100",
        "100",
        "52.00",
        "59.99",
        "88.00",
        "59.99",
        "36.00",
        "18.91",
    ]
    assert [row[1] for row in cell_texts(tables_.nth(1))] == ["已交", "已交", "已交"]
    assert cell_texts(tables_.nth(2))[0] == ["创建内容", "专家01 王专家", "路径清楚，虚构意见，给52分<b>不是标签</b>。"]
    expect(page.get_by_text("本申报：去掉专家01的 52.00；去掉专家03的 88.00；计入的总分是 59.99")).to_be_hidden()
    unfold(page, "得分怎样得来")
    expect(page.get_by_text("本申报：去掉专家01的 52.00；去掉专家03的 88.00；计入的总分是 59.99")).to_be_visible()
    picture(page, "scores-one")
    page.reload()
    expect(page.locator("h2.sf-name")).to_have_text(YUNFAN)
    page.get_by_role("button", name="下一个").click()
    expect(page.locator("h2.sf-name")).to_have_text(WANGHAI)
    page.get_by_role("button", name="← 回到评分表").click()
    expect(page.locator(f"{TABLE} tbody tr")).to_have_count(4)


def test_experts_stand_by_code_beside_their_raw_means(page: Page) -> None:
    open_at(page, f"{AT}&look=severity", "专家评审")
    expect(page.locator("table.sf-severity circle")).to_have_count(4)
    assert [row[:4] for row in cell_texts(page.locator("table.sf-severity"))] == [
        ["专家01", "王专家", "4", "75.25"],
        ["专家02", "虚构冯某", "2", "67.50"],
        ["专家03", "虚构陈某", "3", "80.33"],
        ["专家04", "虚构褚某", "1", "85.00"],
    ]
    expect(page.get_by_text("原始评分和得分一律不因此改动。")).to_be_visible()


def test_nothing_here_sorts_and_nothing_can_be_taken_away(page: Page) -> None:
    for look in ("matrix", "dots", "progress", "severity"):
        open_at(page, f"{AT}&look={look}", "专家评审")
        main = page.get_by_test_id("stMain")
        expect(main.locator("table.sf tbody tr")).to_have_count(4)
        leaving = ':is([data-testid="stDownloadButton"], [data-testid="stDataFrame"], [data-testid="stElementToolbar"])'
        assert main.locator(leaving).count() == 0
        assert main.locator("th :is(a, button, input)").count() == 0
        assert "名次" not in main.inner_text()


def test_supervision_sees_it_and_may_give_nothing_back(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    open_at(page, AT, "专家评审")
    expect(page.locator(f"{TABLE} tbody tr")).to_have_count(4)
    open_one(page, YUNFAN)
    buttons = page.get_by_test_id("stMain").get_by_role("button")
    assert [text for text in buttons.all_inner_texts() if "退回" in text] == []
    expect(page.get_by_test_id("stExpander")).to_have_count(1)
    put_away(context)


@pytest.mark.parametrize(("role", "sees"), [(Role.EXPERT, False), (Role.STAFF, True)])
def test_an_expert_is_refused_and_nothing_comes_over_the_wire(
    server: Server, browser: Browser, role: Role, sees: bool
) -> None:
    context = signed_in(browser, server, role)
    page, frames = context.new_page(), list[bytes]()

    def keep(payload: str | bytes) -> None:
        frames.append(payload.encode() if isinstance(payload, str) else payload)

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", keep)

    page.on("websocket", listen)
    for address in (AT, f"{AT}&look=severity", f"{AT}&scored=1"):
        page.goto(address)
        expect(heading(page)).to_have_text("专家评审")
        settled(page)
        if not sees:
            expect(page.get_by_text("无权查看：您的角色“评审专家”不能查看评审。")).to_be_visible()
    received = b"".join(frames)
    assert received
    # texts come as they are, and escaped where they are data of a component
    found = [text for text in TOLD if text.encode() in received or json.dumps(text)[1:-1].encode() in received]
    assert found == (TOLD if sees else [])
    put_away(context)


def test_a_sheet_is_given_back_with_a_reason(page: Page, server: Server) -> None:
    open_at(page, AT, "专家评审")
    open_one(page, WANGHAI)
    part = unfold(page, "退回重评")
    choose(page, "退回哪位专家的评分", "专家02 虚构冯某")
    part.get_by_role("button", name="退回重评").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("请写明理由，供日后核查。")
    part = page.get_by_test_id("stExpander").filter(has_text="退回哪位专家的评分")
    part.get_by_label("理由（必填）").fill("与其他专家不一致，请复议")
    part.get_by_role("button", name="退回重评").click()
    expect(page.get_by_text(f"已把专家02 虚构冯某对“{WANGHAI}”的评分退回重评。")).to_be_visible()
    expect(page.get_by_text("还差 1 位专家的评分（专家02），暂不计算得分。")).to_be_visible()
    page.get_by_role("button", name="← 回到评分表").click()
    expect(page.locator(f"{TABLE} tbody tr").nth(1).locator("td.e")).to_have_text(["71.00", "退回", "69.00"])
    with server.app.reader.connect() as connection:
        last = connection.execute(sa.select(tables.ledger).order_by(tables.ledger.c.id.desc()).limit(1)).one()
    assert (last.action, last.why) == ("score.reopened", "与其他专家不一致，请复议")
