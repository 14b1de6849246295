"""存量建档 in the browser: a mistake told by its cell, put right, brought in, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import Role
from core.settings import program_version
from core.views.cohorts import cohort_imports
from sheets_schema.template import build_cohort_template
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
from tests.browser.test_words import VISIBLE_WORDS, english
from tests.cohorts import NAME, WHO, cohort_file

TITLE, BOOK = "存量建档", "存量对象.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WHY = "工作台启用，登记往年认定的对象"
RUNNING = WHO | {"目前状态": "创建期", "确定为创建对象日期": "2025-06-20"}
BASE = {
    "推荐单位": "大连市", NAME: "虚构市望海产业基地", "类型": "基地", "统一社会信用代码": "91210100MA0000002K",
    "目前状态": "已认定", "认定日期": date(2022, 9, 30),
}  # fmt: skip
SECOND = BASE | {NAME: "虚构市望海二期基地"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a known day."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY="2026-05-20") as running:
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the staff."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def upload(page: Page, data: bytes, name: str = BOOK) -> None:
    """Chooses a file and waits until it has been read."""
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files({"name": name, "mimeType": XLSX, "buffer": data})
    expect(page.get_by_role("heading", name=f"3 核对“{name}”")).to_be_visible()
    settled(page)


def told(page: Page) -> str:
    """The one message that the page shows."""
    return page.get_by_test_id("stAlert").inner_text()


def bring_in(page: Page, count: int) -> None:
    """Gives the reason and presses the button."""
    page.get_by_label("理由（必填）").first.fill(WHY)
    page.get_by_role("button", name=f"为 {count} 个对象建档").click()


def test_the_template_is_there_to_be_filled_in(page: Page) -> None:
    open_at(page, "/cohort", TITLE)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载存量对象模板").click()
    assert downloading.value.suggested_filename == BOOK
    assert Path(downloading.value.path()).read_bytes() == build_cohort_template(program_version())


def test_a_mistake_is_told_by_its_cell_put_right_and_the_clock_runs(page: Page, server: Server) -> None:
    open_at(page, "/cohort", TITLE)
    upload(page, cohort_file(RUNNING | {"确定为创建对象日期": "2025年6月"}, BASE))
    assert (
        told(page) == "有 1 处须改正，改好之前不能建档。请在工作簿中全部改好，再上传一次。没有问题的 1 行也先不建档。"
    )
    assert cell_texts(page.locator("table.sf")) == [
        [
            "H2",
            "确定为创建对象日期",
            "2025年6月",
            "✗ 须改正",
            "“确定为创建对象日期”应填到年月日的日期，现在是“2025年6月”，请改成“2020-03-01”这样的写法。",
        ]
    ]
    expect(page.get_by_label("理由（必填）")).to_have_count(0)
    picture(page, "cohort-wrong-1440")
    assert cohort_imports(server.app) == ()

    upload(page, cohort_file(RUNNING, BASE))
    expect(page.get_by_text("共 2 个：创建期 1 个、已认定 1 个。其中 1 个期限已过。")).to_be_visible()
    settled(page)  # the sentence stands above the table, and comes before it
    rows = cell_texts(page.locator("table.sf"))
    assert [row[1:6] for row in rows] == [
        ["沈阳市", "虚构市云帆中小企业服务平台", "平台", "创建期", "2025年6月20日"],
        ["大连市", "虚构市望海产业基地", "基地", "已认定", "2022年9月30日"],
    ]
    assert [row[6] for row in rows] == ["创建期满　2027年6月20日", "应当复核　2024年9月30日 ✗ 逾期 597 天"]
    picture(page, "cohort-preview-1440")
    page.get_by_text("只看期限已过的").click()
    expect(page.locator("table.sf tbody tr")).to_have_count(1)
    settled(page)
    assert [row[2] for row in cell_texts(page.locator("table.sf"))] == ["虚构市望海产业基地"]
    bring_in(page, 2)
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "已为 2 个存量对象建档：创建期 1 个、已认定 1 个。期限从填写的日期起算。"
    )
    settled(page)
    expect(page.get_by_test_id("stFileChip")).to_have_count(0)
    [done] = cohort_imports(server.app)
    assert (done.who, done.file, done.count, done.why, done.ended_at) == ("乙经办", BOOK, 2, WHY, None)

    page.get_by_role("link", name="去“创建对象”查看").click()
    expect(heading(page)).to_have_text("创建对象")
    settled(page)
    page.get_by_role("link", name="虚构市望海产业基地").click()
    expect(page.get_by_text("2024年9月30日").first).to_be_visible()
    expect(page.get_by_text("逾期 597 天").first).to_be_visible()


def test_what_is_there_already_is_refused_and_what_resembles_it_asks_for_a_word(page: Page, server: Server) -> None:
    open_at(page, "/cohort", TITLE)
    upload(page, cohort_file(RUNNING, SECOND), "第二批.xlsx")
    assert told(page) == "有 1 行是已有的创建对象，不能重复建档。请在工作簿中删去或改好，再上传一次。"
    assert [row[:2] for row in cell_texts(page.locator("table.sf").first)] == [["2", "✗ 已有"], ["3", "? 请确认"]]
    expect(page.get_by_role("button", name="为 2 个对象建档")).to_have_count(0)

    upload(page, cohort_file(SECOND), "第三批.xlsx")
    assert told(page) == "有 1 行与已有的创建对象相像，请逐行核对是不是同一个。"
    bring_in(page, 1)
    expect(page.get_by_test_id("stAlert").first).to_have_text(
        "有 1 行与已有的创建对象重复，没有建档。第 2 行“虚构市望海二期基地”：统一社会信用代码与已有的基地“虚构市望海"
        "产业基地”（大连市，已认定）相同。如果是同一个，请删去这一行；确实要建档的，请在建档时确认。"
    )
    settled(page)
    page.get_by_text("已核对：上面标“请确认”的 1 行确实要建档，不是重复").click()
    bring_in(page, 1)
    done = "已为 1 个存量对象建档：已认定 1 个。期限从填写的日期起算。"
    expect(page.get_by_test_id("stAlert").filter(has_text="已为 1 个")).to_have_text(done)
    settled(page)
    assert [each.count for each in cohort_imports(server.app)] == [1, 2]


def test_an_import_is_taken_back_as_a_whole(page: Page, server: Server) -> None:
    open_at(page, "/cohort", TITLE)
    page.get_by_text("整批撤销一次建档").click()
    expect(page.get_by_label("撤销哪一次")).to_be_visible()
    page.get_by_label("撤销哪一次").scroll_into_view_if_needed()
    [latest, *_] = cohort_imports(server.app)
    at = f"{latest.at.year}年{latest.at.month}月{latest.at.day}日 {latest.at:%H:%M}"
    choose(page, "撤销哪一次", f"{at}　第三批.xlsx　1 个　乙经办")
    page.get_by_label("理由（必填）").fill("误传")
    page.get_by_role("button", name="整批撤销").click()
    expect(page.get_by_test_id("stAlert")).to_have_text("已撤销，1 个对象不再列为创建对象；工作簿改好后可以重新建档。")
    settled(page)
    [row, *_] = cell_texts(page.locator("table.sf"))
    assert row[5].startswith("已撤销：乙经办，2026年5月20日")
    open_at(page, "/cases", "创建对象")
    expect(page.get_by_role("link", name="虚构市望海产业基地")).to_be_visible()
    expect(page.get_by_role("link", name="虚构市望海二期基地")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("存量对象.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "文件已损坏，无法读取。"),
        ("说明.txt", "虚构".encode(), "内容不是表格工作簿，可能是别的文件改了扩展名。"),
        ("空.xlsx", b"", "文件为空（0 字节）"),
    ],
)
def test_another_file_is_told_in_a_sentence(page: Page, name: str, data: bytes, said: str) -> None:
    open_at(page, "/cohort", TITLE)
    upload(page, data, name)
    assert told(page).startswith(f"{name}：{said}")


def test_nothing_that_the_box_says_is_english(page: Page, tmp_path: Path) -> None:
    large = tmp_path / "大.xlsx"
    large.write_bytes(bytes(21 << 20))
    open_at(page, "/cohort", TITLE)
    box = page.get_by_test_id("stFileUploader")
    expect(box).to_contain_text("选择文件")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(large)
    expect(page.get_by_test_id("stFileChip")).to_contain_text("文件太大，不能上传。请删去其中的图片和多余的工作表。")
    page.get_by_test_id("stFileChip").hover()
    expect(page.get_by_role("tooltip")).to_have_text("文件太大，不能上传。请删去其中的图片和多余的工作表。")
    labels = box.evaluate("one => [...one.querySelectorAll('[aria-label]')].map(e => e.ariaLabel).join(' ')")
    assert english(page.evaluate(VISIBLE_WORDS) + labels, "") == []
