"""发文 in the browser: a document is filled in, read, downloaded; its template is replaced and put back."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts import Role
from core.clock import Clock
from core.publication.documents.kinds import words
from core.publication.documents.template import template
from core.services import rounds
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
from tests.browser.seed import staff
from tests.documents import REASON, declined
from tests.notices import AFTER, DOCUMENT, SELECTED, confirm, proposed, publish
from tests.office import DALIAN, SHENYANG, Office

TITLE = "发文"
NAMES = (("虚构甲平台", SHENYANG), ("虚构乙平台", DALIAN))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the day after a notice has ended; two are confirmed, two were not listed."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=AFTER.isoformat()) as running:
        running.app.clock = Clock(AFTER)
        actor = staff(running)
        running.account(Role.SUPERVISOR)
        round_id = rounds.open_round(running.app, actor, year=2026, deadline=date(2026, 6, 15), count_start=False)
        office = Office(running.app, running.home, round_id, actor, actor, actor, actor, actor)
        office.on(SELECTED)
        proposed(office, NAMES)
        declined(office)
        confirm(office, publish(office), AFTER)
        yield running


@pytest.fixture
def page(server: Server, browser: Browser) -> Iterator[Page]:
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def text(page: Page) -> str:
    """What the document says."""
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("辽宁省工业和信息化厅")
    return code.inner_text()


def downloaded(page: Page, label: str) -> tuple[str, bytes]:
    """The file that a button gives."""
    with page.expect_download() as started:
        page.get_by_role("button", name=label, exact=True).click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def said(page: Page, sentence: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(page.get_by_test_id("stAlert").first).to_have_text(sentence)
    settled(page)


def typed(page: Page, label: str, value: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(value)
    box.press("Enter")
    settled(page)


def test_the_contact_is_asked_for_and_entered_in_the_round(page: Page) -> None:
    open_at(page, "/documents?document=creation_objects", TITLE)
    expect(page.locator(".sf-empty")).to_have_text(
        "公布创建对象的通知要写明联系方式。请先在“年度轮次”的“联系方式”中填写。"
    )
    page.get_by_role("link", name="去年度轮次").click()
    expect(heading(page)).to_have_text("年度轮次")
    settled(page)
    page.get_by_role("tab", name="联系方式").click()
    page.get_by_role("button", name="保存联系方式").click()
    said(page, "请填写联系单位、联系电话、通讯地址，对外文稿中要写明。")
    page.get_by_role("tab", name="联系方式").click()
    for label, value in (("联系单位", "虚构处"), ("联系电话", "024-00000000"), ("通讯地址", "虚构市示例路1号")):
        page.get_by_label(f"{label}（必填）", exact=True).fill(value)
    page.get_by_role("button", name="保存联系方式").click()
    said(page, "联系方式已保存。")
    page.get_by_role("tab", name="联系方式").click()
    expect(page.get_by_label("联系单位（必填）", exact=True)).to_have_value("虚构处")
    picture(page, "round-contact")


def test_a_notification_is_read_and_downloaded(page: Page) -> None:
    open_at(page, "/documents?document=creation_objects", TITLE)
    expect(page.get_by_label("发文字号（没有就不填）", exact=True)).to_have_value(DOCUMENT)
    lines = text(page).splitlines()
    assert lines[:3] == [DOCUMENT, "", "关于公布2026年度辽宁省中小企业公共服务"]
    assert cell_texts(page.locator("table.sf").first) == [
        ["1", "沈阳市", "虚构甲平台", "平台", "虚构甲平台中心"],
        ["2", "大连市", "虚构乙平台", "平台", "虚构乙平台中心"],
    ]
    picture(page, "documents")
    typed(page, "发文字号（没有就不填）", "虚构工信(2026)第010号")
    expect(page.get_by_test_id("stAlert")).to_have_text(
        f"发文字号“虚构工信〔2026〕10号”与确认时登记的文号“{DOCUMENT}”不同，请核对。"
    )
    name, data = downloaded(page, "下载文稿（docx）")
    assert name == "2026年度公布创建对象的通知.docx"
    assert docx.Document(io.BytesIO(data)).paragraphs[0].text == "虚构工信〔2026〕10号"


def test_the_kind_survives_a_reload(page: Page) -> None:
    open_at(page, "/documents", TITLE)
    page.get_by_role("radio", name="结果函").click()
    settled(page)
    expect(page.locator("h3").first).to_have_text("2026年度致各市的结果函")
    page.reload()
    settled(page)
    expect(page.locator("h3").first).to_have_text("2026年度致各市的结果函")


def test_a_city_reads_of_its_own_only(page: Page) -> None:
    open_at(page, "/documents?document=result_letter", TITLE)
    choose(page, "看哪一个市的", "大连市")
    expect(page.get_by_test_id("stCode")).to_contain_text("大连市中小企业主管部门：")
    rows = cell_texts(page.locator("table.sf").first)
    assert [row[1:3] + row[5:] for row in rows] == [
        ["大连市", "虚构乙平台", "确定为创建对象", "—"], ["大连市", "虚构戊平台", "未入选", REASON],
    ]  # fmt: skip
    name, data = downloaded(page, "下载全部 2 份（压缩包）")
    assert name == "2026年度致各市的结果函.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["2026年度申报结果的函-沈阳市.docx", "2026年度申报结果的函-大连市.docx"]
    assert downloaded(page, "下载 2026年度申报结果的函-大连市.docx")[1] == zipfile.ZipFile(io.BytesIO(data)).read(
        "2026年度申报结果的函-大连市.docx"
    )


def test_a_template_is_replaced_and_put_back(page: Page) -> None:
    name = "“拟创建对象公示”的模板"
    document = docx.Document(io.BytesIO(template(words().kinds["notice_creation"])))
    [below] = [each for each in document.paragraphs if each.text == "{{ 附件说明 }}"]
    below.insert_paragraph_before("{{ 标头 }}")
    held = io.BytesIO()
    document.save(held)
    below.insert_paragraph_before("本公示由{{ 署名 }}解释。")
    [wrong] = [each for each in document.paragraphs if each.text == "{{ 标头 }}"]
    wrong.runs[0].text = ""
    good = io.BytesIO()
    document.save(good)

    def put(data: bytes) -> None:
        open_at(page, "/documents", TITLE)
        unfold(page, name)
        files = page.get_by_test_id("stFileUploaderDropzoneInput")
        files.set_input_files({"name": "本厅模板.docx", "mimeType": "application/zip", "buffer": data})
        expect(page.get_by_test_id("stFileChip")).to_contain_text("本厅模板.docx")
        settled(page)
        page.get_by_label("理由（必填）").first.fill("按本厅格式")
        page.get_by_role("button", name="更换模板").click()

    put(held.getvalue())
    said(page, re.compile("^本厅模板.docx没有采用。“标头”不是拟创建对象公示的字段。可以用的有：标题、正文"))
    put(good.getvalue())
    said(page, "已更换“拟创建对象公示”的模板，以后生成的都用它。请核对文稿。")
    expect(page.get_by_test_id("stCode")).to_contain_text("本公示由辽宁省工业和信息化厅解释。")
    expect(page.get_by_text(re.compile("^现在用本厅的模板“本厅模板.docx”，乙经办"))).to_be_visible()
    picture(page, "documents-template")
    page.get_by_label("理由（必填）").last.fill("不再适用")
    page.get_by_role("button", name="改回自带的模板").click()
    said(page, "“拟创建对象公示”已改回自带的模板。")
    expect(page.get_by_test_id("stCode")).not_to_contain_text("解释")


def test_whoever_only_reads_takes_nothing_out(server: Server, browser: Browser) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR, 1024, 768)
    page = tab_of(context)
    open_at(page, "/documents?document=creation_objects", TITLE)
    assert "辽宁省工业和信息化厅" in text(page)
    expect(page.get_by_role("button", name=re.compile("下载|更换"))).to_have_count(0)
    picture(page, "documents-narrow")
    put_away(context)
