"""评分工作簿 in the browser: downloaded, filled in, a mistake told by its cell, put right, taken in and taken back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import Role
from core.services import accounts
from core.views.scoring_books import taken_books
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
from tests.browser.fields import unfold
from tests.browser.test_words import VISIBLE_WORDS, english
from tests.office import PASSWORD, Office, Worlds, office_of
from tests.panels import ANSHAN, CONVENED, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, seen
from tests.score_books import NUMBERS, RECUSAL, filled, scores

TITLE, TAB = "专家评审", "/panel?tab=books"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME = "2026-评分-专家02-虚构冯某.xlsx"
THIRD = "2026-评分-专家03-虚构陈某.xlsx"


@pytest.fixture(scope="module")
def server(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A round whose scoring is decided, with something assigned to three experts."""
    home = tmp_path_factory.mktemp("home")
    worlds.settings("sqlite", CONVENED, home)
    with running_server(home, SHIFAN_TODAY="2026-05-20") as running:
        for role, login in ((Role.STAFF, "li"), (Role.SUPERVISOR, "chen")):
            running.tokens[role] = accounts.sign_in(running.app, login=login, password=PASSWORD)
        pairs = [("专家02", YUNFAN), ("专家02", WANGHAI), ("专家02", XINGHE), ("专家03", ANSHAN), ("专家01", ANSHAN)]
        _, wanghai, *_ = assigned(office_of(running.app, worlds.folder), *pairs)
        handed_in(office_of(running.app, worlds.folder), wanghai, 70)
        yield running


@pytest.fixture
def office(server: Server, worlds: Worlds) -> Office:
    """The office of that store."""
    return office_of(server.app, worlds.folder)


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of the staff, at the tab."""
    context = signed_in(browser, server, Role.STAFF)
    opened = tab_of(context)
    open_at(opened, TAB, TITLE)
    yield opened
    put_away(context)


def download(page: Page, button: str) -> tuple[str, bytes]:
    """What the button gives: name and bytes."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name=button).click()
    return downloading.value.suggested_filename, Path(downloading.value.path()).read_bytes()


def upload(page: Page, *books: tuple[str, bytes]) -> None:
    """Chooses files and waits until they have been read."""
    files = [{"name": name, "mimeType": XLSX, "buffer": data} for name, data in books]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)  # type: ignore[arg-type]
    for name, _ in books:
        expect(page.locator(".sf-line b", has_text=name)).to_be_visible()
    settled(page)


def states(office: Office) -> dict[str, tuple[str, int]]:
    """How far 专家02 is with each application."""
    known = seen(office)
    mine = [each for each in known.assignments if each.code == "专家02"]
    return {known.subjects[each.application_id].name: (each.state, each.number) for each in mine}


def test_workbooks_are_downloaded_for_those_without_an_account(page: Page) -> None:
    rows = cell_texts(page.locator("table.sf").first)
    assert [row[:1] + row[3:] for row in rows] == [
        ["专家02", "用工作簿", "3", "1", "2"],
        ["专家03", "用工作簿", "1", "0", "1"],
        ["专家01", "可以登录评分，也可以用工作簿", "1", "0", "1"],
    ]
    picture(page, "score-books-1440")
    name, data = download(page, "下载 2 位专家的评分工作簿（压缩包）")
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert (name, opened.namelist()) == ("2026-评分工作簿.zip", [NAME, THIRD])


def test_a_mistake_is_told_put_right_taken_in_and_taken_back(page: Page, office: Office) -> None:
    _, data = download(page, "下载 2 位专家的评分工作簿（压缩包）")
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        empty, third = opened.read(NAME), opened.read(THIRD)
    rows = {YUNFAN: scores(office, 85, path="八十"), XINGHE: {RECUSAL: "虚构：曾任顾问"}}
    upload(page, (NAME, filled(empty, rows)), (THIRD, filled(third, {NUMBERS[ANSHAN]: scores(office, 66)})))
    expect(page.get_by_test_id("stAlert")).to_have_text(
        "有 1 处须改正，改好之前不能受理。请专家改好后重新上传。没有问题的各行也先不受理。"
    )
    [wrong] = cell_texts(page.locator("table.sf").nth(1))
    assert wrong == [
        "J2", "实施路径（分）", "八十", "✗ 须改正",
        "“实施路径（分）”应填数字，现在是“八十”，请只填阿拉伯数字，例如 80，不写“约”“万”“+”等字样。",
    ]  # fmt: skip
    expect(page.get_by_role("button", name="受理评分")).to_have_count(1)
    picture(page, "score-books-wrong-1440")

    page.reload()
    settled(page)
    rows = {YUNFAN: scores(office, 85), WANGHAI: scores(office, 75), XINGHE: {RECUSAL: "虚构：曾任顾问"}}
    upload(page, (NAME, filled(empty, rows)))
    shown = cell_texts(page.locator("table.sf").nth(1))
    assert [row[1:4] for row in shown] == [
        [YUNFAN, "平台", "新交"], [WANGHAI, "基地", "改动"], [XINGHE, "平台", "申请回避"],
    ]  # fmt: skip
    assert shown[1][4].startswith("创建内容（分） 70 → 75；")
    page.get_by_label("理由（必填）：1 项评分已经受理，要按工作簿改动").fill("专家书面更正")
    page.set_viewport_size({"width": 1440, "height": 1200})
    picture(page, "score-books-preview-1440")
    page.set_viewport_size({"width": 1024, "height": 768})
    picture(page, "score-books-preview-1024")
    page.get_by_role("button", name="受理评分").click()
    expect(page.get_by_test_id("stAlert").first).to_have_text(f"已受理“{NAME}”：新交 1 项，改动 1 项，申请回避 1 项。")
    settled(page)
    assert states(office) == {YUNFAN: ("submitted", 1), WANGHAI: ("submitted", 2)}
    # the file is still there, and now says nothing new
    expect(page.get_by_text("工作簿的内容与已受理的一致，无需重复受理。")).to_be_visible()

    unfold(page, "撤销一次受理")
    [taken] = taken_books(office.app, office.round_id)
    at = f"{taken.at.year}年{taken.at.month}月{taken.at.day}日 {taken.at:%H:%M}"
    choose(page, "撤销哪一次", f"{at}　{NAME}　李经办")
    page.get_by_label("理由（必填）", exact=True).fill("误传")
    page.get_by_role("button", name="撤销受理", exact=True).click()
    expect(page.get_by_test_id("stAlert").first).to_have_text(f"已撤销受理“{NAME}”，各项恢复为受理前的情况。")
    settled(page)
    assert states(office) == {YUNFAN: ("reopened", 2), WANGHAI: ("submitted", 3), XINGHE: ("open", 0)}
    page.set_viewport_size({"width": 1440, "height": 1600})
    picture(page, "score-books-undone-1440")


def test_several_files_leave_no_english_words(page: Page) -> None:
    upload(page, *((f"坏{number}.xlsx", "虚构".encode()) for number in range(5)))
    assert english(page.evaluate(VISIBLE_WORDS), "") == []
    expect(page.get_by_test_id("stAlert").first).to_contain_text("内容不是表格工作簿")
    picture(page, "score-books-several-1440")


def test_who_only_reads_sees_what_was_taken_in_and_can_do_nothing(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    open_at(page, TAB, TITLE)
    expect(page.get_by_role("heading", name="受理过的工作簿")).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    expect(page.get_by_test_id("stDownloadButton")).to_have_count(0)
    expect(page.get_by_text("撤销一次受理")).to_have_count(0)
    put_away(context)
