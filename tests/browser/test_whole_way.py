"""The round's main job from the first administrator to the list, in a real browser, with real workbooks."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Download, Page, expect

from tests.browser.books import applicant, change, fill
from tests.browser.driver import PASSWORD, Server, first_token, heading, running_server, settled

SHENYANG, DALIAN = "2026-沈阳市.xlsx", "2026-大连市.xlsx"
GOOD = "虚构第1中小企业服务平台"
CONDITIONS = 10
JUDGED = ("运营保障机制", "互联互通")


def through_libreoffice(path: Path) -> None:
    """Opens and saves a workbook with LibreOffice, as a contact without WPS would."""
    out = path.parent.parent / "libreoffice"
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(out / 'profile').as_uri()}", "--headless",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path),
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    (out / path.name).replace(path)


def feedback(path: Path) -> list[tuple[str, str, str]]:
    """Sheet, cell and level of each line of 审核反馈."""
    book = load_workbook(path)
    lines = [row[1:5] for row in book["审核反馈"].iter_rows(min_row=2, values_only=True) if row[1]]
    book.close()
    return [(str(sheet), str(cell), str(level)) for sheet, cell, _, level in lines]


def go(page: Page, name: str) -> None:
    """Opens a page by the navigation."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(heading(page)).to_have_text(name)
    settled(page)


def said(page: Page, text: str) -> None:
    """Waits for a message."""
    expect(page.get_by_test_id("stAlert").filter(has_text=text).first).to_be_visible()
    settled(page)


def first_administrator(page: Page, server: Server) -> None:
    """Sets up the system with the printed token."""
    page.goto("/")
    for label, value in {
        "一次性口令（见服务器启动窗口）": first_token(server),
        "账号（小写字母、数字）": "chief-1",
        "姓名": "首任管理员",
        "密码（至少 10 位）": PASSWORD,
        "再输一次密码": PASSWORD,
    }.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button").click()
    expect(heading(page)).to_have_text("今日")
    settled(page)


def open_round(page: Page, folder: Path) -> None:
    """Opens the round of 2026 and puts the 15 templates into the folder."""
    page.get_by_role("link", name="还没有年度轮次，请先建立 →").click()
    expect(heading(page)).to_have_text("年度轮次")
    settled(page)
    page.get_by_label("年度", exact=True).fill("2026")
    page.get_by_role("textbox", name="通知文号").fill("虚构工信〔2026〕1号")
    page.get_by_role("textbox", name="共享文件夹（完整路径）").fill(str(folder))
    page.get_by_role("button", name="建立轮次").click()
    said(page, "已建立2026年度轮次。下一步：核对推荐单位和名额，再生成推荐工作簿。")
    page.get_by_role("tab", name="推荐工作簿").click()
    page.get_by_role("button", name="放入共享文件夹").click()
    said(page, "已放入 15 本。")
    assert len(list(folder.glob("2026-*.xlsx"))) == 15


def take_in(page: Page, *cities: str) -> None:
    """Compares what waits, keeps the named cities, and takes them in."""
    go(page, "推荐接收")
    page.get_by_role("button", name="读取并比较").click()
    expect(page.get_by_text("受理前请核对：与已受理内容的差异")).to_be_visible()
    settled(page)
    pills = page.get_by_test_id("stForm").get_by_test_id("stButtonGroup").get_by_role("button")
    for city in pills.all_inner_texts():
        if city not in cities:
            pills.filter(has_text=city).click()
    page.get_by_role("button", name="受理所选").click()
    said(page, f"办理完毕：{len(cities)} 本已受理或登记，0 本没有受理。")


def determine_all(page: Page) -> None:
    """Settles every open finding of the good platform."""
    go(page, "条件审核")
    page.get_by_role("link", name=GOOD).click()
    expect(page.locator("h2.sf-name")).to_contain_text(GOOD)
    page.get_by_role("link", name="其他申报条件").click()
    for decided in range(CONDITIONS):
        expect(page.get_by_text(f"逐条认定：{decided} / {CONDITIONS} 条已认定。")).to_be_visible()
        settled(page)
        pass_open_finding(page, f"第 {decided + 1} 条材料齐全")
    whole = page.get_by_role("row").filter(has=page.get_by_role("link", name="其他申报条件", exact=True))
    expect(whole).to_contain_text("✓")
    settled(page)
    for name in JUDGED:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.locator("h3.sf-name")).to_contain_text(name)
        settled(page)
        pass_open_finding(page, "经核实符合要求")
        said(page, f"已认定“{name}”达标。")
    expect(page.locator("h2.sf-name .sf-v")).to_have_text("✓达标")


def pass_open_finding(page: Page, why: str) -> None:
    """Fills the form on the right."""
    page.get_by_test_id("stRadio").get_by_text("✓ 达标").click()
    page.get_by_role("textbox", name="理由（必填）").first.fill(why)
    page.get_by_role("button", name="保存认定").click()


def downloaded(page: Page, button: str) -> Download:
    """The file that a button gives."""
    with page.expect_download() as caught:
        page.get_by_role("button", name=button).click()
    return caught.value


@pytest.mark.libreoffice
def test_from_the_first_administrator_to_the_list(tmp_path: Path, browser: Browser) -> None:
    folder = tmp_path / "folder"
    with running_server(tmp_path / "home", SHIFAN_TODAY="2026-06-30") as server:
        context = browser.new_context(
            base_url=server.address, viewport={"width": 1440, "height": 900}, locale="zh-CN", accept_downloads=True
        )
        page = context.new_page()
        first_administrator(page, server)
        expect(page.get_by_role("note")).to_have_text("当前日期按设定取 2026年6月30日（周二），不是真实日期。")
        open_round(page, folder)

        fill(folder / SHENYANG, [applicant(1), applicant(2, 平台指标={"专家数（人）": "约50"})])
        fill(folder / DALIAN, [applicant(3, "base")])
        through_libreoffice(folder / DALIAN)
        take_in(page, "沈阳市", "大连市")
        assert ("平台指标", "L3", "错误") in feedback(folder / SHENYANG)

        change(folder / SHENYANG, "平台指标", 3, "专家数（人）", "50")
        go(page, "推荐接收")
        expect(page.locator("tr", has_text="沈阳市").get_by_text("▲ 有新版本")).to_be_visible()
        page.get_by_role("button", name="读取并比较").click()
        expect(page.locator("table.sf tr", has_text="约50")).to_have_text(
            "T-002虚构第2中小企业服务平台平台指标专家数（人）约50 → 50"
        )
        page.get_by_role("button", name="先不受理，收起").click()
        expect(page.get_by_text("受理前请核对：与已受理内容的差异")).to_have_count(0)
        take_in(page, "沈阳市")
        assert ("平台指标", "L3", "错误") not in feedback(folder / SHENYANG)

        determine_all(page)
        go(page, "名单")
        told = "共 1 个，是结论为“达标”的创建申报，还没有审定拟创建对象。按行政区划排列，排名不分先后。"
        expect(page.get_by_text(told)).to_be_visible()
        kinds = page.get_by_test_id("stButtonGroup")
        kinds.get_by_text("创建对象", exact=True).click()
        expect(
            page.get_by_text("2026年度还没有确定创建对象。公示期满、在“公示与异议”确认之后，会列在这里。")
        ).to_be_visible()
        kinds.get_by_text("拟创建对象公示", exact=True).click()
        got = downloaded(page, "下载表格（xlsx）")
        assert got.suggested_filename == "2026年度拟创建对象公示名单.xlsx"
        book = load_workbook(io.BytesIO(Path(got.path()).read_bytes()))
        cells = [[cell for cell in row if cell is not None] for row in book.active.iter_rows(values_only=True)]
        assert ["1", "沈阳市", GOOD, "平台", "虚构运营单位1号"] in [[str(cell) for cell in row] for row in cells]
        assert not any("13" in str(cell) and len(str(cell)) == 11 for row in cells for cell in row)
        go(page, "操作留痕")
        expect(page.locator("table.sf tbody tr").first).to_contain_text("导出2026年度拟创建对象公示名单")
        context.close()
