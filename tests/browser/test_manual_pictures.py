"""The pictures of the user's manual, taken on the demo round; each shows what its page is for.

`SHIFAN_PICTURES=docs/manual/pictures pytest tests/browser/test_manual_pictures.py` takes them anew; those of 在线表格
are taken by test_online.py, which has sheets to show.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from core.accounts import Permission
from core.demo.build import make_demo
from core.standards import loader
from core.standards.recommenders import recommenders
from pages._catalog import PAGES
from sheets_schema.help import words
from sheets_schema.template import COHORT_FILE
from tests.browser.driver import Server, go_to, heading, running_server, settled
from tests.browser.pictures import keep_picture
from tests.cohorts import NAME, cohort_file

WIDTH, HEIGHT = 1440, 900
SIZE: ViewportSize = {"width": WIDTH, "height": HEIGHT}
Keep = Callable[[Page, str], None]
# stands in the pictures where the test has a folder of its own
FOLDER = "/srv/shifan/2026"
# objects of former years, one in each status
FORMER = (
    {NAME: "虚构市云帆中小企业服务平台", "类型": "平台", "目前状态": "创建期", "确定为创建对象日期": "2025-06-20"},
    {NAME: "虚构市望海产业基地", "类型": "基地", "目前状态": "延长创建期", "确定为创建对象日期": "2023-10-12",
     "延长决定日期": "2025-11-20"},
    {NAME: "虚构市星河专业服务平台", "类型": "平台", "目前状态": "已认定", "认定日期": "2025-03-03"},
    {NAME: "虚构市北辰创业基地", "类型": "基地", "目前状态": "整改期", "认定日期": "2022-11-04",
     "复核未通过日期": "2025-12-10"},
)  # fmt: skip


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """What `shifan demo` told; its home is the one that the server below runs on."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIFAN_HOME", str(tmp_path_factory.mktemp("home")))
        return tuple(make_demo(fresh=False))


@pytest.fixture(scope="module")
def folder(lines: tuple[str, ...]) -> Path:
    """The demo's shared folder."""
    return Path(next(line for line in lines if line.startswith("共享文件夹：")).removeprefix("共享文件夹："))


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """The server that `shifan demo` starts."""
    with running_server(folder.parent.parent, SHIFAN_DEMO="1") as running:
        yield running


@pytest.fixture(scope="module")
def page(server: Server, browser: Browser, lines: tuple[str, ...]) -> Iterator[Page]:
    """A window of the demo's administrator."""
    yield from window(server, browser, lines, "管理员")


@pytest.fixture(scope="module")
def experts_page(server: Server, browser: Browser, lines: tuple[str, ...]) -> Iterator[Page]:
    """A window of the demo's first expert."""
    yield from window(server, browser, lines, "评审专家")


def window(server: Server, browser: Browser, lines: tuple[str, ...], role: str) -> Iterator[Page]:
    """A window of the first of a role, who signs in as the demo told."""
    told = next(found for line in lines if (found := re.search(f"{role}　账号 (.+)　密码 (.+)", line)))
    context = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=server.address, reduced_motion="reduce")
    opened = context.new_page()
    opened.goto("/login")
    opened.get_by_label("账号").fill(told[1])
    opened.get_by_label("密码").fill(told[2])
    opened.get_by_role("button", name="登录").click()
    expect(heading(opened)).to_have_text("今日")
    yield opened
    context.close()


@pytest.fixture
def keep(tmp_path: Path, folder: Path) -> Keep:
    """Takes a picture of what a window shows, under a name."""

    def take(shown: Page, name: str) -> None:
        keep_picture(shown, name, tmp_path, (WIDTH, HEIGHT), {str(folder): FOLDER})

    return take


def heads(table: Locator) -> list[str]:
    """The heads of a table."""
    return table.locator("thead th").all_inner_texts()


def tables(page: Page) -> Locator:
    """The tables of a page."""
    return page.locator("table.sf:visible")


def test_sign_in(server: Server, browser: Browser, keep: Keep) -> None:
    with browser.new_context(viewport=SIZE, locale="zh-CN", base_url=server.address) as context:
        page = context.new_page()
        page.goto("/checks")
        expect(page).to_have_url(f"{server.address}/login?next=/checks")
        expect(page.locator("h1")).to_have_text("登录")
        expect(page.locator("label")).to_have_text(["账号", "密码"])
        keep(page, "sign_in")


def test_today(page: Page, keep: Keep) -> None:
    go_to(page, "/", "今日")
    steps = ["1 发布通知", "2 下发模板", "3 接收推荐", "4 条件审核", "5 专家评审", "6 选定公示", "7 形成名单", "8 公布"]
    expect(page.locator("ol.sf-steps b")).to_have_text(steps)
    expect(page.locator("h3")).to_have_text([re.compile("^2026年度创建轮次"), "待办", "上次来过之后的变化"])
    listed = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(listed).to_have_text(
        [entry.title for entry in PAGES if entry.listed and entry.permission is not Permission.SCORE]
    )
    keep(page, "today")


def test_round(page: Page, keep: Keep) -> None:
    go_to(page, "/round", "年度轮次")
    expect(page.get_by_role("tab")).to_have_text(["推荐单位和名额", "推荐工作簿", "联系方式", "修改设置", "建立新轮次"])
    asked = ["通知文号", "通知日期", "报送截止日", "审核基准日", "公示期", "超出名额", "采用标准", "共享文件夹"]
    expect(page.locator(".sf-facts span")).to_have_text(asked)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    keep(page, "round")


def test_intake(page: Page, keep: Keep) -> None:
    go_to(page, "/intake", "推荐接收")
    expect(page.get_by_role("button", name="读取并比较")).to_be_visible()
    table = tables(page).first
    assert heads(table) == ["推荐单位", "状态", "申报 / 名额", "须改正", "请核对", "反馈", "文件时间", "说明"]
    expect(table.locator("tbody tr td:first-child")).to_have_text([each.name for each in recommenders()])
    keep(page, "intake")


def test_difference(page: Page, keep: Keep) -> None:
    go_to(page, "/intake", "推荐接收")
    page.get_by_role("button", name="读取并比较").click()
    expect(page.get_by_role("heading", name="受理前请核对：与已受理内容的差异")).to_be_visible()
    expect(page.get_by_role("button", name="受理所选")).to_be_visible()
    settled(page)
    assert heads(tables(page).first) == ["编号", "名称", "工作表", "列", "原来 → 现在"]
    page.get_by_role("heading", name="受理前请核对").scroll_into_view_if_needed()
    keep(page, "difference")


def test_checks(page: Page, keep: Keep) -> None:
    go_to(page, "/checks", "条件审核")
    table = page.locator("table.sf-matrix")
    asked = loader.load(loader.default()).criteria_for("platform", "recognition")
    assert heads(table) == ["地区", "编号", "名称", "类别", "结论", *(one.short for one in asked)]
    expect(table.locator("tbody tr")).to_have_count(20)
    keep(page, "checks")


def test_application(page: Page, keep: Keep) -> None:
    go_to(page, "/checks?criterion=annex1.resources&verdict=fail", "条件审核")
    page.get_by_title("汇集服务资源：不达标").first.click()
    expect(page.locator("h3.sf-name")).to_have_text("汇集服务资源 ✗不达标")
    settled(page)
    assert heads(tables(page).first) == ["指标", "结论", "数值", "要求", "差距"]
    assert heads(tables(page).nth(1)) == ["来自", "单元格", "填报值", "核定值"]
    expect(page.get_by_test_id("stExpander").get_by_text("核定数值")).to_be_visible()
    keep(page, "application")


def test_chart(page: Page, keep: Keep) -> None:
    go_to(page, "/checks?look=chart", "条件审核")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    expect(page.get_by_text("每个点是一个申报；竖线以左未达到标准，以右超出标准。")).to_be_visible()
    keep(page, "chart")


def test_registry(page: Page, keep: Keep) -> None:
    go_to(page, "/registry", "名录")
    expect(page.locator("table.sf-cases tbody tr")).to_have_count(20)
    expect(page.get_by_role("button", name="下载名录网站（压缩包）")).to_be_visible()
    keep(page, "registry")


def test_lists(page: Page, keep: Keep) -> None:
    go_to(page, "/lists", "名单")
    expect(
        page.get_by_role("heading", name="2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单")
    ).to_be_visible()
    offered = ["下载表格（xlsx）", "下载文稿（docx）", "下载文本（csv）", "下载校验清单"]
    expect(page.get_by_test_id("stDownloadButton")).to_have_text(offered)
    assert heads(tables(page).first) == ["序号", "地区", "平台（基地）名称", "类型", "运营主体"]
    keep(page, "lists")


def test_publications(page: Page, keep: Keep) -> None:
    go_to(page, "/publications", "公布")
    assert heads(page.locator("table.sf-waiting")) == ["", "公布什么", "个数", "情况", "办理"]
    made = page.locator("table.sf:not(.sf-waiting)")
    assert heads(made) == ["公布日期", "公布的名单", "发文字号", "个数", "状态", "情况"]
    expect(made.get_by_text("公示中", exact=False).first).to_be_visible()
    keep(page, "publications")


def test_documents(page: Page, keep: Keep) -> None:
    go_to(page, "/documents?document=notice_recognition", "发文")
    expect(page.get_by_role("button", name="下载文稿（docx）")).to_be_visible()
    assert heads(tables(page).first) == ["序号", "地区", "平台（基地）名称", "类型", "运营主体"]
    keep(page, "documents")


def test_cases(page: Page, keep: Keep) -> None:
    go_to(page, "/cases", "创建对象")
    assert heads(tables(page).first) == ["地区", "名称", "类型", "运营主体", "状态", "自", "期限", "提示"]
    expect(tables(page).first.locator("tbody tr")).to_have_count(20)
    keep(page, "cases")


def test_case(page: Page, keep: Keep) -> None:
    go_to(page, "/cases?status=extended", "创建对象")
    tables(page).first.locator("tbody a").first.click()
    expect(page.locator("svg.sf-life")).to_be_visible()
    settled(page)
    assert heads(tables(page).first) == ["条", "哪天办了什么", "文号、理由和依据"]
    expect(page.get_by_test_id("stExpander").get_by_text("登记重大变更报告（第十一条）")).to_be_visible()
    keep(page, "case")


def test_accounts(page: Page, keep: Keep) -> None:
    go_to(page, "/accounts", "账户")
    table = tables(page).first
    assert heads(table) == ["账号", "姓名", "角色", "单位", "状态"]
    expect(table.locator("tbody td:nth-child(3)")).to_have_text(["管理员", "省厅经办", *["评审专家"] * 3, "监督只读"])
    expect(page.get_by_role("tab")).to_have_text(["新增账户", "修改或重置密码"])
    keep(page, "accounts")


def test_calendar(page: Page, keep: Keep) -> None:
    go_to(page, "/calendar", "工作日历")
    expect(page.locator(".sf-year caption")).to_have_text([f"{number}月" for number in range(1, 13)])
    expect(page.locator(".sf-ends span")).to_have_text(["起始日不计入", "起始日计入"])
    keep(page, "calendar")


def test_cohort(page: Page, keep: Keep) -> None:
    go_to(page, "/cohort", "存量建档")
    rows = (row | {"推荐单位": each.name} for row, each in zip(FORMER, recommenders(), strict=False))
    book = {"name": COHORT_FILE, "mimeType": "", "buffer": cohort_file(*rows)}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(book)  # type: ignore[arg-type]
    expect(page.get_by_role("heading", name="4 建档")).to_be_visible()
    settled(page)
    told = ["行", "推荐单位", "平台（基地）名称", "类型", "建档后的状态", "起始日期", "期限"]
    assert heads(tables(page).first) == told
    keep(page, "cohort")


def test_ledger(page: Page, keep: Keep) -> None:
    go_to(page, "/ledger", "操作留痕")
    assert heads(tables(page).first) == ["序号", "时间", "办理人", "角色", "事项", "对象", "内容", "理由"]
    expect(page.get_by_role("button", name="导出（表格文件）")).to_be_visible()
    keep(page, "ledger")


def test_help(page: Page, keep: Keep) -> None:
    go_to(page, "/help", "填报说明与标准")
    expect(page.get_by_test_id("stMain").locator("li")).to_have_text(list(words()["how"]))
    assert heads(tables(page).first) == ["列", "填什么", "是否必填", "格式与选项", "用于哪条标准", "填写示例"]
    keep(page, "help")


def test_deadlines(page: Page, keep: Keep) -> None:
    go_to(page, "/deadlines", "期限")
    table = tables(page).first
    assert heads(table) == ["最后一日", "还有多久", "要办的事", "对象", "推荐单位", "谁办", "类型", "依据"]
    expect(table.locator("tbody tr").first).to_contain_text("逾期")
    keep(page, "deadlines")


def test_notice(page: Page, keep: Keep) -> None:
    go_to(page, "/deadlines", "期限")
    page.get_by_role("link", name=re.compile("^2025年度拟创建对象公示")).last.click()
    expect(heading(page)).to_have_text("公示与异议")
    settled(page)
    expect(page.locator("h2")).to_have_text(re.compile("^2025年度拟创建对象公示.*公示中$"))
    expect(page.locator("summary", has_text="登记异议")).to_be_visible()
    expect(tables(page).first).to_be_visible()
    keep(page, "notice")


def test_scores(page: Page, keep: Keep) -> None:
    go_to(page, "/panel?tab=scores", "专家评审")
    expect(page.get_by_text("仅供内部使用：不得公布得分，不得排名（第八条）。")).to_be_visible()
    assert [head.partition("\n")[0] for head in heads(page.locator("table.sf-scores"))][:4] == [
        "地区", "名称", "专家01", "专家02",
    ]  # fmt: skip
    expect(page.locator("table.sf-scores tbody tr").filter(has_text="! 分歧")).to_have_count(1)
    keep(page, "scores")


def test_selection(page: Page, keep: Keep) -> None:
    go_to(page, "/selection", "拟创建对象选定")
    expect(page.locator("table.sf-pick tbody tr").first).to_be_visible()
    expect(page.locator(".sf-quotas > div")).to_have_count(13)  # two have not sent anything yet
    keep(page, "selection")


def test_decision(page: Page, keep: Keep) -> None:
    go_to(page, "/panel?tab=scores", "专家评审")
    page.get_by_role("link", name=re.compile("装备产业基地$")).first.click()
    expect(page.locator("h2.sf-name")).to_be_visible()
    settled(page)
    page.get_by_role("link", name=re.compile("办理卷")).first.click()
    expect(heading(page)).to_have_text("申报办理卷")
    settled(page)
    expect(page.get_by_test_id("stAlert")).to_have_text("内部资料：载有评审情况，不得公开。")
    keep(page, "decision")


def test_reviews(experts_page: Page, keep: Keep) -> None:
    page = experts_page
    go_to(page, "/reviews", "我的评审")
    cards = page.locator(".sf-cards .sf-tile")
    expect(cards.locator(".sf-state")).to_have_text(["已交", "评审中", "未开始"])
    keep(page, "reviews")
    cards.nth(1).get_by_role("link").click()
    expect(page.get_by_label("创建内容：得分")).not_to_have_value("")
    settled(page)
    keep(page, "review")
