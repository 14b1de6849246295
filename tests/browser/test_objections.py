"""公示与异议 in the browser: objections are registered and looked into, and a notice is confirmed and caught up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Locator, Page, expect

from core import views
from core.accounts import Role
from core.clock import Clock
from core.services import notices, objections, rounds
from core.store import tables
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
from tests.browser.fields import fill_day, pick, unfold
from tests.browser.seed import staff
from tests.notices import AFTER, LAST, PUBLISHED, accepted, object_to, proposed, publish, status
from tests.office import DALIAN, SHENFU, SHENYANG, Office

TITLE = "公示与异议"
A, B, C, D = "虚构甲平台", "虚构乙平台", "虚构丙平台", "虚构丁平台"
NAMES = ((A, SHENYANG), (B, DALIAN), (C, DALIAN), (D, SHENFU))
OLDER = (("虚构旧平台1", SHENYANG), ("虚构旧平台2", DALIAN))
OLD = "虚构旧平台3"


@dataclass(frozen=True, slots=True)
class Published:
    """A notice of four cases that ended yesterday, and the office that it is of; `older`: one of a recognition."""

    office: Office
    notice: int
    cases: dict[str, int]
    older: int


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the day after the last one."""
    with running_server(tmp_path_factory.mktemp("home"), SHIFAN_TODAY=AFTER.isoformat()) as running:
        running.app.clock = Clock(AFTER)
        yield running


@pytest.fixture(scope="module")
def published(server: Server) -> Published:
    """Everything that led there, entered on its day."""
    actor = staff(server)
    given = {"notice_number": "虚构工信〔2026〕1号", "count_start": False, "reference_day": date(2026, 6, 30)}
    server.app.clock = Clock(date(2026, 5, 20))
    round_id = rounds.open_round(server.app, actor, year=2026, **given)
    office = Office(server.app, server.home, round_id, *[actor] * 5)
    cases = dict(zip((name for name, _ in NAMES), proposed(office, NAMES), strict=True))
    accepted(office, OLDER)
    notice, older = publish(office), publish(office, "recognition")
    office.on(AFTER)
    return Published(office, notice, cases, older)


@pytest.fixture
def page(server: Server, browser: Browser, published: Published) -> Iterator[Page]:  # noqa: ARG001 - it fills the store
    """A window of one who does the work."""
    context = signed_in(browser, server, Role.STAFF)
    yield tab_of(context)
    put_away(context)


def said(page: Page, text: str | re.Pattern[str]) -> None:
    """Waits for what came of an act."""
    expect(page.get_by_test_id("stAlert").first).to_have_text(text)
    settled(page)


def main(page: Page) -> Locator:
    """The page beside the navigation."""
    return page.get_by_test_id("stMain")


def open_notice(page: Page, published: Published, more: str = "") -> None:
    """Opens the notice by its address."""
    open_at(page, f"/notices?notice={published.notice}{more}", TITLE)


def entries(page: Page) -> list[list[str]]:
    """Name, state and objections of each entry."""
    rows = cell_texts(page.locator("table.sf-entries"))
    return [[row[2], *row[5:]] for row in rows]


def register(page: Page, about: tuple[str, ...], source: str, channel: str) -> Locator:
    """Opens the form and fills in what every objection has; gives the form."""
    form = unfold(page, "登记异议")
    for name in about:
        form.get_by_label("针对哪些对象（必填，可多选）").fill(name)
        page.get_by_role("option", name=re.compile(name)).click()
    page.keyboard.press("Escape")
    pick(form, source)
    choose(page, "提出方式（必填）", channel)
    form.get_by_label("异议内容（必填）").fill("反映服务机构数不实")
    return form


def press(form: Locator) -> None:
    form.get_by_role("button", name="登记异议").click()


def test_an_objection_in_time_is_registered_about_two_objects_at_once(page: Page, published: Published) -> None:
    open_notice(page, published)
    form = register(page, (A, B), "实名（个人）", "信函")
    press(form)
    said(page, "请填写提出异议的人的姓名；不知道的，来源请选匿名。")
    # what was typed is still there
    expect(form.get_by_label("异议内容（必填）")).to_have_value("反映服务机构数不实")
    form.get_by_label("姓名或单位（匿名不填）").fill("虚构某")
    form.get_by_label("联系方式").fill("13000000000")
    form.get_by_label("佐证材料（必填）").fill("来信一封")
    # in the post on the last day, received after it
    fill_day(form, "邮戳日（信函才填）", LAST)
    press(form)
    said(page, f"已登记异议：异议2026-1，针对“{A}”；异议2026-2，针对“{B}”。接下来请指定核查人。")
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-1 ! 待核查")
    assert cell_texts(page.locator("table.sf-objections")) == [
        ["异议2026-1", A, "虚构某，实名（个人）", "2026年6月9日\n邮戳 2026年6月8日", "还没有指定", "! 待核查"],
        ["异议2026-2", B, "虚构某，实名（个人）", "2026年6月9日\n邮戳 2026年6月8日", "还没有指定", "! 待核查"],
    ]
    expect(form.get_by_label("异议内容（必填）")).to_have_value("")


def test_a_late_one_is_marked_and_stands_in_nobodys_way(page: Page, published: Published) -> None:
    open_notice(page, published)
    form = register(page, (C,), "匿名", "邮件")
    form.get_by_label("佐证材料（必填）").fill("未提供")
    press(form)
    late = "收到日期晚于公示最后一日2026年6月8日（周一），不妨碍确认；仍可核查，确认之前查实的，同样不予确认"
    said(page, f"已登记异议：异议2026-3，针对“{C}”（逾期提出：{late}）。接下来请指定核查人。")
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-3 ! 待核查 逾期提出")
    assert entries(page) == [
        [A, "! 异议待核查\n还有1件异议没有核查完", "异议2026-1"],
        [C, "可以确认", "异议2026-3"],
        [B, "! 异议待核查\n还有1件异议没有核查完", "异议2026-2"],
        [D, "可以确认", "—"],
    ]


def test_one_registered_by_mistake_is_voided_and_one_is_looked_into(page: Page, published: Published) -> None:
    open_notice(page, published)
    page.get_by_role("link", name="异议2026-2").click()
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-2 ! 待核查")
    settled(page)
    part = unfold(page, "作废登记（登记有误时）")
    part.get_by_label("理由（必填）").fill("信里没有写这个平台")
    part.get_by_role("button", name="作废这件登记").click()
    said(page, f"异议2026-2：作废2026年6月9日（周二）收到的异议的登记（“{B}”）。")
    page.get_by_role("link", name="异议2026-1").click()
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-1 ! 待核查")
    settled(page)
    page.get_by_label("核查人", exact=True).fill("虚构核查员")
    page.get_by_role("button", name="指定").click()
    said(page, "异议2026-1：核查人虚构核查员。核查完后，在这里登记核查结论。")
    assert [row[4:] for row in cell_texts(page.locator("table.sf-objections"))] == [
        ["虚构核查员", "! 待核查"],
        ["还没有指定", "登记已作废"],
        ["还没有指定", "! 待核查 逾期提出"],
    ]


def test_confirming_is_refused_before_its_time_and_leaves_one_behind(page: Page, published: Published) -> None:
    open_notice(page, published)
    told = main(page)
    expect(told.get_by_text("将确定为创建对象 3 个，其余 1 个留待核查后再确认。")).to_be_visible()
    expect(told.get_by_text(f"可以确认：{C}、{B}、{D}")).to_be_visible()
    expect(told.locator(".sf-shut")).to_have_text(f"{A}：还有1件异议没有核查完")
    act = told.get_by_role("button", name="确定为创建对象 3 个")
    act.click()
    said(page, "请写明确定为创建对象的文号（第七条（二））。")
    told.get_by_label("文号（必填）").fill("虚构工信〔2026〕9号")
    fill_day(told, "文件日期（必填）", LAST)
    act.click()
    said(page, re.compile("公示最后一日是2026年6月8日（周一），过了这一天才能确认"))
    expect(told.get_by_label("文号（必填）")).to_have_value("虚构工信〔2026〕9号")
    fill_day(told, "文件日期（必填）", AFTER)
    picture(page, "notices-confirm")
    act.click()
    said(
        page,
        "已确定为创建对象 3 个（虚构工信〔2026〕9号）。"
        f"还有 1 个没有确认：“{A}”还有1件异议没有核查完。办好以后，回到这里补办确认。",
    )
    assert [status(published.office, number) for number in published.cases.values()] == [
        "creation_notice", "creating", "creating", "creating",
    ]  # fmt: skip
    expect(page.locator("h2.sf-name")).to_have_text("2026年度拟创建对象公示（2026年6月1日） ! 期满，待办理")
    expect(told.get_by_text("没有可以确认的对象：1 个异议待核查。")).to_be_visible()
    # one's own act is not told as somebody else's
    expect(told.get_by_text("您打开以后")).to_have_count(0)


def test_what_came_after_the_decision_stands_on_paper(page: Page, published: Published) -> None:
    open_notice(page, published)
    form = register(page, (D,), "单位", "来访")
    form.get_by_label("姓名或单位（匿名不填）").fill("虚构协会")
    form.get_by_label("佐证材料（必填）").fill("来访记录")
    press(form)
    said(page, re.compile(f"^已登记异议：异议2026-4，针对“{D}”（确认之后登记："))
    expect(main(page).get_by_text("对象已经办结，结论登记在案，不改变已作的决定。")).to_be_visible()
    assert status(published.office, published.cases[D]) == "creating"


def test_when_it_is_found_untrue_the_rest_is_caught_up(page: Page, published: Published) -> None:
    open_notice(page, published)
    page.get_by_role("link", name="异议2026-1").click()
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-1 ! 待核查")
    settled(page)
    told = main(page)
    leads = (
        f"不属实：没有其他异议的，公示期满可以确认。属实：“{A}”将转为“公示异议属实”，不确定为创建对象（第七条（二）），"
        "从此终结，不能再办理；结论登错了，要凭理由取消结论。"
    )
    expect(told.get_by_text(leads)).to_be_visible()
    told.get_by_role("button", name="登记核查结论").click()
    said(page, "请选核查结论：属实或者不属实。")
    pick(told, "✗ 属实")
    told.get_by_label("核查情况和理由（必填）").fill("台账与协议不符")
    told.get_by_label("答复情况").fill("已书面答复")
    told.get_by_role("button", name="登记核查结论").click()
    said(page, f"异议2026-1：2026年6月9日（周二）核查属实，“{A}”现为“公示异议属实”。")
    expect(page.locator("h2.sf-name")).to_have_text("2026年度拟创建对象公示（2026年6月1日） ✓ 已办结")
    # that was the wrong button
    part = unfold(page, "取消结论（结论登错时）")
    part.get_by_label("理由（必填）").fill("应为不属实，点错了")
    part.get_by_role("button", name="取消核查结论").click()
    said(page, f"异议2026-1：取消“属实”的核查结论，“{A}”现为“创建公示”。")
    pick(told, "✓ 不属实")
    told.get_by_label("核查情况和理由（必填）").fill("台账齐全，反映不实")
    told.get_by_role("button", name="登记核查结论").click()
    said(page, f"异议2026-1：2026年6月9日（周二）核查不属实，“{A}”现为“创建公示”。")
    told.get_by_label("文号（必填）").fill("虚构工信〔2026〕11号")
    told.get_by_role("button", name="确定为创建对象 1 个").click()
    said(
        page,
        "已确定为创建对象 1 个（虚构工信〔2026〕11号）。这次公示已全部办结，名单可在“名单”中导出。"
        "还有 2 件异议待核查。",
    )
    expect(told.get_by_text("您打开以后")).to_have_count(0)
    assert status(published.office, published.cases[A]) == "creating"
    expect(told.get_by_role("heading", name="确定为创建对象")).to_have_count(0)
    tips = page.locator("table.sf-entries .sf-state")
    expect(tips.first).to_have_attribute("title", "已于2026年6月9日（周二）确定为创建对象（虚构工信〔2026〕11号）")


def test_a_past_day_shows_what_was_known_and_no_forms(page: Page, published: Published) -> None:
    open_notice(page, published, "&on=2026-06-04")
    told = main(page)
    expect(told.get_by_text("公示中，最后一日是2026年6月8日（周一），含当天还有 3 个工作日。")).to_be_visible()
    expect(told.get_by_text("没有收到异议。")).to_be_visible()
    assert {row[1] for row in entries(page)} == {"公示中"}
    expect(told.locator("form, [data-testid='stForm']")).to_have_count(0)
    expect(told.get_by_text("查看以前的一天时不能办理。要办理，请先回到今天。")).to_be_visible()
    open_at(page, "/notices?on=2026-05-30", TITLE)
    expect(told.locator(".sf-empty")).to_have_text("那一天还没有拟创建对象公示。请换一天查看。")


def test_two_people_are_kept_apart(page: Page, published: Published, server: Server) -> None:
    office = published.office
    # one has typed what the other has meanwhile done for a part
    open_notice(page, published)
    page.get_by_role("link", name="异议2026-4").click()
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-4 ! 待核查 确认之后登记")
    settled(page)
    page.get_by_label("核查人", exact=True).fill("虚构核查员")
    [four] = [
        each for each in views.notice_view(server.app, published.notice).objections if each.mark == "确认之后登记"
    ]
    objections.assign(server.app, office.staff, four.id, four.version, "虚构别人")
    page.get_by_role("button", name="指定").click()
    said(page, re.compile(r"^异议2026-4已由乙经办于.*修改，您的改动没有写入。请刷新页面，核对后再办。$"))
    expect(page.get_by_role("definition").filter(has_text="虚构别人")).to_be_visible()
    # what was pressed would have been another act than the one that was read: it is not done, and that is said
    open_at(page, f"/notices?notice={published.older}", TITLE)
    page.get_by_label("文号（必填）").fill("虚构工信〔2026〕12号")
    act = page.get_by_role("button", name="认定 2 个")
    expect(act).to_be_visible()
    [case, _] = views.notice_view(server.app, published.older).entries
    object_to(office, published.older, case.case_id, received=PUBLISHED)
    act.click()
    said(page, "您打开以后，别人又办理过这次公示。下面是最新的情况，请核对后再办。")
    expect(page.get_by_role("button", name="认定 1 个")).to_be_visible()
    assert status(office, case.case_id) == "recognition_notice"
    # and so where it has no place any more
    accepted(office, ((OLD, SHENYANG),))
    notice = publish(office, "recognition", AFTER)
    open_at(page, f"/notices?notice={notice}", TITLE)
    part = unfold(page, "撤回公示（发布有误时）")
    part.get_by_label("理由（必填）").fill("名单有误")
    version = office.row(tables.notices, id=notice).version
    notices.withdraw_notice(server.app, office.staff, notice, version, "另一人先办了")
    part.get_by_role("button", name="撤回这次公示").click()
    said(page, "您打开以后，别人又办理过这次公示。下面是最新的情况，请核对后再办。")
    expect(page.locator("h2.sf-name")).to_have_text("2026年度拟认定名单公示（2026年6月9日） 已撤回")


def test_a_recognition_is_published_from_the_same_page(page: Page, published: Published) -> None:
    open_at(page, "/notices?stage=recognition&step=open", TITLE)
    told = main(page)
    expect(told.get_by_text("将登记拟认定名单公示：1 个")).to_be_visible()
    # nothing is chosen here: acceptance has done that
    expect(told.get_by_test_id("stButtonGroup").nth(1).get_by_role("radio")).to_have_text(
        ["待公示 1", "公示和异议（在办 1）"]
    )
    told.get_by_role("button", name="开始公示 1 个").click()
    said(page, re.compile("^已开始公示 1 个，最后一日2026年6月16日。"))
    newest = views.notices_of(published.office.app, published.office.round_id)[0]
    assert (newest.stage, newest.state, [each.name for each in newest.entries]) == ("recognition", "running", [OLD])


def test_supervision_sees_everything_and_is_offered_nothing(
    server: Server, browser: Browser, published: Published
) -> None:
    context = signed_in(browser, server, Role.SUPERVISOR)
    page = tab_of(context)
    [objection, *_] = views.notice_view(server.app, published.notice).objections
    open_notice(page, published, f"&objection={objection.id}")
    told = main(page)
    expect(page.locator("h3.sf-name")).to_have_text("异议2026-1 ✓ 不属实")
    expect(told.get_by_text("台账齐全，反映不实")).to_be_visible()
    expect(told.locator("[data-testid='stForm']")).to_have_count(0)
    expect(told.get_by_role("button", name=re.compile("确定|登记|作废|取消|撤回"))).to_have_count(0)
    open_at(page, "/notices?stage=recognition&step=open", TITLE)
    expect(told.locator(".sf-empty")).to_be_visible()
    put_away(context)


def test_a_list_that_was_changed_behind_the_program_is_told(page: Page, server: Server, published: Published) -> None:
    with server.app.writer.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER notice_entries_no_update"))
        connection.execute(sa.text("UPDATE notice_entries SET operator = '虚构改动' WHERE position = 1"))
    # what was read before is kept until something is entered
    office = published.office
    object_to(office, published.notice, published.cases[A], received=AFTER)
    open_notice(page, published)
    expect(page.locator(".sf-ends .sf-fail")).to_have_text("✗已被改动")
    expect(page.get_by_test_id("stAlert").first).to_have_text(
        "名单与发布时的校验值不一致，可能被人直接改动了数据。请先联系管理员核对，不要确认。"
    )


def test_a_number_that_is_none_is_answered_in_words(page: Page) -> None:
    open_at(page, "/notices?notice=999", TITLE)
    said(page, "没有这次公示，请回到列表重新选择。")
    page.get_by_role("button", name="← 回到列表").click()
    expect(page.get_by_role("radio", name="创建公示")).to_be_visible()
