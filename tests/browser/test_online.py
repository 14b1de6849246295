"""在线表格 in the browser, the service emulated: from pasting the key to the answer that a city reads on its sheet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.accounts import Role
from core.upkeep.backup import backup
from core.views.online import online_view
from tests.browser.books import applicant
from tests.browser.driver import Server, cell_texts, open_at, put_away, running_server, settled, signed_in, tab_of
from tests.browser.pictures import keep_picture
from tests.browser.seed import Seeded, seed
from tests.browser.test_round import cell, edit, select
from tests.checks.building import Sheets
from tests.sheets_emulator import faults
from tests.sheets_emulator.contact import Contact
from tests.sheets_emulator.emulator import Emulator

# in the order of the table; the first has reported by the folder already
FUSHUN, BENXI, DANDONG = CITIES = ("抚顺市", "本溪市", "丹东市")
FIRST = 3  # the row of the first of them
WAY, EMAIL = 1, 2
FEEDBACK, METRICS = "审核反馈", "平台指标"
NAME = "虚构第22中小企业服务平台"


def mail(city: str) -> str:
    """Whoever fills in the sheet of a city."""
    return f"contact{CITIES.index(city) + 1}@example.com"


@pytest.fixture(scope="module")
def google() -> Iterator[Emulator]:
    """The emulated service."""
    with Emulator() as running:
        yield running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, google: Emulator) -> Iterator[Server]:
    """A server that takes the emulator for the service."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_GOOGLE_URL=google.url) as running:
        yield running


@pytest.fixture(scope="module")
def round_(server: Server) -> Seeded:
    """A round whose cities report by the folder so far."""
    return seed(server)


@pytest.fixture
def page(server: Server, browser: Browser, round_: Seeded) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of the administrator."""
    context = signed_in(browser, server, Role.ADMIN)
    yield tab_of(context)
    put_away(context)


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(page.get_by_test_id("stAlert").first).to_have_text(text)
    settled(page)


def step(page: Page, number: int) -> Locator:
    """What is written in the strip of steps."""
    return page.locator("ol.sf-steps li").nth(number - 1)


def part(page: Page, title: str) -> Locator:
    """The part of the page of a step."""
    return page.get_by_test_id("stExpander").filter(has=page.locator("summary", has_text=title))


def register(page: Page, text: str) -> None:
    """Pastes a key."""
    page.get_by_label("密钥文件（.json）的全部内容").fill(text)
    page.get_by_role("button", name="登记", exact=True).click()


def choose_way(page: Page, row: int, way: str) -> None:
    """Picks a way in the table."""
    select(page, row, WAY)
    page.keyboard.press("Enter")
    page.locator("#portal input").first.fill(way)
    page.keyboard.press("Enter")
    expect(cell(page, row, WAY)).to_have_text(way)


def contact(server: Server, google: Emulator, round_: Seeded, city: str) -> Contact:
    """A city's contact before its sheet."""
    found = next(each for each in online_view(server.app, round_.round_id).cities if each.city == city)
    return google.contact(found.spreadsheet, mail(city))


def fill_in(sheet: Contact, *applicants: Sheets) -> None:
    """The contact enters applicants from the second row on."""
    for tab in {tab: None for each in applicants for tab in each}:
        heads = [str(head) for head in sheet.rows(tab)[0]]
        rows = [[row.get(head, "") for head in heads] for each in applicants for row in each.get(tab, [])]
        sheet.fill(tab, "A2", rows, typed=False)


def place(sheet: Contact, tab: str, column: str, row: int) -> str:
    """Where a column stands in a row, like C5."""
    at = [str(head) for head in sheet.rows(tab)[0]].index(column)
    return f"{chr(ord('A') + at)}{row}"


def connect(page: Page, google: Emulator, key: str) -> None:
    """The key, a wrong one first; the connection, not yet open at first."""
    open_at(page, "/online", "在线表格")
    expect(step(page, 1)).to_have_text("① 密钥● 还没有登记")
    register(page, key[:300])
    said(page, "密钥文件的内容不完整，开头或结尾没有复制到。请用记事本打开 .json 文件，全选、复制，再原样粘贴。")
    expect(page.get_by_label("密钥文件（.json）的全部内容")).to_have_value("")
    register(page, key)
    said(page, f"已登记服务账号 {google.account.email}。下一步：测试连接。")
    google.fail(faults.api_off("sheets"), kind="read", times=None)
    page.get_by_role("button", name="测试连接", exact=True).click()
    tried = part(page, "② 测试连接").locator("table.sf")
    expect(tried.locator("tbody tr")).to_have_count(4)
    assert [row[0] for row in cell_texts(tried)] == ["✓ 通过", "✓ 通过", "✓ 通过", "✗ 没有通过"]
    assert cell_texts(tried)[3][2] == (
        "服务账号所在的项目没有启用 Google Sheets API。请在 Google Cloud 控制台打开项目 shifan-emulated，"
        "在“API 和服务”中启用 Google Sheets API，过几分钟再试。"
    )
    expect(step(page, 2)).to_have_text("② 测试连接✗ 有没通过的步骤")
    google.heal()
    page.get_by_role("button", name="测试连接", exact=True).click()
    expect(step(page, 2)).to_have_text("② 测试连接✓ 连接正常")
    settled(page)


def choose(page: Page, folder: str) -> None:
    """The folder on a shared drive, and the ways of three cities."""
    ways = part(page, "③ 各市用哪种方式")
    ways.get_by_label("存放文件夹的链接").fill(f"https://drive.google.com/drive/folders/{folder}?usp=sharing")
    ways.get_by_label("理由（必填）").first.fill("按年度通知")
    ways.get_by_role("button", name="保存", exact=True).click()
    said(page, "已保存，不定时，点按钮才同步。存放文件夹有改动，请再测试一次连接。")
    # the first click after the other form was sent only wakes the table
    page.get_by_test_id("stDataFrame").locator(".dvn-scroller").click(position={"x": 15, "y": 52})
    for row, city in enumerate(CITIES, start=FIRST):
        choose_way(page, row, "在线表格")
        edit(page, row, EMAIL, mail(city))
    ways.get_by_label("理由（必填）").nth(1).fill("三个市试用")
    ways.get_by_role("button", name="保存各市的方式").click()
    said(page, "已保存 3 家。下一步：建立表格。")
    expect(step(page, 3)).to_have_text("③ 各市用哪种方式✓ 在线表格 3 个，共享文件夹 12 个")


def create(page: Page, google: Emulator) -> None:
    """Three sheets are made, with progress, and shared."""
    making = part(page, "④ 建立表格")
    google.latency = 0.1
    making.get_by_role("button", name="建立 3 个在线表格").click()
    expect(page.get_by_text("正在建立在线表格").first).to_be_visible()
    said(page, "办理完毕：3 个在线表格已就绪。下一步：请各市填报，然后同步。")
    google.latency = 0.0
    made = [row[:3] for row in cell_texts(making.locator("table.sf"))]
    told = "2026-{}：已建好在线表格，并已共享给 {}。"
    assert made == [[city, "✓ 已建立", told.format(city, mail(city))] for city in CITIES]
    links = making.locator("table.sf a")
    expect(part(page, "② 测试连接").get_by_role("button", name="测试连接")).to_be_hidden()
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


def synchronise(page: Page, google: Emulator) -> Locator:
    """Synchronises on 推荐接收, the progress seen; gives the table of outcomes."""
    open_at(page, "/intake", "推荐接收")
    google.latency = 0.2
    page.get_by_role("button", name="同步在线表格（3 个）").click()
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    expect(page.get_by_role("button", name="知道了")).to_be_visible()
    settled(page)
    google.latency = 0.0
    return page.locator("table.sf").first


def test_from_the_key_to_the_answer_on_the_sheet(
    page: Page, server: Server, google: Emulator, round_: Seeded, tmp_path: Path
) -> None:
    key = json.dumps(google.key_json(), indent=2)
    drive = google.add_folder("虚构共享盘", "owner@example.com", shared_drive=True)
    google.share(drive, google.account.email, role="organizer")
    connect(page, google, key)
    choose(page, drive)
    create(page, google)
    keep_picture(page, "online", tmp_path, (1440, 900), {})

    sheet = contact(server, google, round_, FUSHUN)
    wrong = applicant(22, 平台指标={"专家数（人）": "约50"})
    fill_in(sheet, applicant(21), wrong)
    outcomes = synchronise(page, google)
    told = [
        [FUSHUN, "2026-抚顺市：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 1 处。"],
        [BENXI, "2026-本溪市：还没有填报。"],
        [DANDONG, "2026-丹东市：还没有填报。"],
    ]
    assert [row[:2] for row in cell_texts(outcomes)] == told
    where = place(sheet, METRICS, "专家数（人）", 3)
    answers = [row[:5] for row in sheet.rows(FEEDBACK)[1:]]
    assert answers == [["T-022", METRICS, where, "专家数（人）", "错误"]]
    states = page.locator("table.sf-tight")
    row = states.locator("tr", has_text=FUSHUN)
    expect(row).to_contain_text(re.compile(r"✓ 已受理.*在线表格 ↗.*已写入表格"))
    opens = row.get_by_role("link", name="在线表格 ↗")
    assert (opens.get_attribute("target"), sheet.book_id in str(opens.get_attribute("href"))) == ("_blank", True)

    # the city corrects, with a row put in above; the difference is seen before it is taken in
    sheet.insert_row(METRICS, 2)
    sheet.set(METRICS, place(sheet, METRICS, "专家数（人）", 4), "50")
    page.get_by_role("button", name="知道了").click()
    page.get_by_role("button", name="在线表格先比较、再受理").click()
    expect(page.get_by_role("heading", name="受理前请核对：与已受理内容的差异")).to_be_visible()
    settled(page)
    expect(page.locator("table.sf tr", has_text="约50")).to_have_text(f"T-022{NAME}{METRICS}专家数（人）约50 → 50")
    page.get_by_role("button", name="先不受理，收起").click()
    settled(page)
    outcomes = synchronise(page, google)
    assert cell_texts(outcomes)[0][1].startswith(
        "2026-抚顺市：已受理。新增 0 个，修改 1 个，消失 0 个，填报错误 0 处。"
    )
    assert sheet.rows(FEEDBACK)[1:] == []
    open_at(page, "/checks", "条件审核")
    expect(page.get_by_role("row").filter(has=page.get_by_role("link", name=NAME))).to_contain_text("?待认定")

    open_at(page, "/online", "在线表格")
    expect(step(page, 5)).to_have_text(re.compile("⑤ 同步情况✓ .*，都正常$"))
    keep_picture(page, "online_sync", tmp_path, (1440, 900), {})
    assert_nowhere(page, server, key, tmp_path)


def assert_nowhere(page: Page, server: Server, key: str, folder: Path) -> None:
    """Nothing of the key on any page that could show it, in the store, or in a backup."""
    private = json.loads(key)["private_key"].splitlines()[1:-1]
    shown = []
    for path, title in (("/online", "在线表格"), ("/ledger", "操作留痕")):
        open_at(page, path, title)
        shown.append(page.content().encode())
    stored = [path.read_bytes() for path in server.home.glob("shifan.db*")]
    saved = backup(server.app, folder / "backup.zip").file
    printed = "\n".join(server.lines).encode()
    assert len(private) > 20
    assert len(stored) >= 1
    places = {"pages": b"".join(shown), "store": b"".join(stored), "backup": saved.read_bytes(), "log": printed}
    assert {name for name, data in places.items() if any(line.encode() in data for line in private)} == set()
    assert key.encode()[:60] not in places["pages"]


def test_a_sheet_that_was_deleted_is_named_and_made_anew_only_if_asked(
    page: Page, server: Server, google: Emulator, round_: Seeded
) -> None:
    lost = contact(server, google, round_, DANDONG).book_id
    google.trash(lost)
    open_at(page, "/online", "在线表格")
    page.get_by_role("button", name="立即同步 3 个在线表格").click()
    said(page, re.compile("^同步完毕：2 个在线表格正常，1 个有问题"))
    part(page, "④ 建立表格").locator("summary").click()
    settled(page)
    page.get_by_role("button", name="核对并补齐").click()
    said(page, "办理完毕：2 个在线表格已就绪，1 个没有办成，见下表。")
    making = part(page, "④ 建立表格")
    assert [row[1] for row in cell_texts(making.locator("table.sf"))] == ["✓ 已补齐", "✓ 完整", "! 找不到"]
    making.get_by_label("理由（必填）").fill("原表格被误删，市里同意重填")
    making.get_by_role("button", name="重新建立丹东市的表格").click()
    said(page, "办理完毕：1 个在线表格已就绪。下一步：请各市填报，然后同步。")
    assert contact(server, google, round_, DANDONG).book_id != lost


def test_only_an_administrator_sees_to_the_key(server: Server, browser: Browser, google: Emulator) -> None:
    for role, asked in ((Role.STAFF, True), (Role.SUPERVISOR, False)):
        context = signed_in(browser, server, role)
        page = tab_of(context)
        open_at(page, "/online", "在线表格")
        part(page, "① 密钥").locator("summary").click()
        settled(page)
        expect(page.get_by_text(google.account.email).first).to_be_visible()
        expect(page.get_by_text("更换密钥")).to_have_count(0)
        expect(page.get_by_role("button", name="立即同步")).to_have_count(int(asked))
        put_away(context)


def test_a_key_that_is_no_longer_used_is_removed_with_a_reason(page: Page, server: Server) -> None:
    open_at(page, "/online", "在线表格")
    part(page, "① 密钥").locator("summary").click()
    settled(page)
    page.get_by_role("button", name="停用密钥").click()
    page.get_by_role("button", name="停用", exact=True).click()
    said(page, "请写明理由，供日后核查。")
    page.get_by_placeholder("例如：不再使用在线表格").fill("改用共享文件夹")
    page.get_by_role("button", name="停用", exact=True).click()
    said(page, re.compile("^密钥已停用。"))
    expect(step(page, 1)).to_have_text("① 密钥● 还没有登记")
    assert not (server.home / "secrets" / "google.json").exists()
