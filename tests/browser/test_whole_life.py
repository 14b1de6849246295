"""One object from the list of those proposed to the revocation of its title, in a real browser, over seven years."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from playwright.sync_api import Browser, expect

from core.working_days.periods import long_day
from tests.browser.books import credit_code
from tests.browser.driver import heading, open_at, picture, settled
from tests.browser.fields import pick, unfold
from tests.browser.whole_life import (
    CASES,
    NAME,
    NOTICES,
    OTHER,
    QUIET,
    SELECTION,
    Day,
    find,
    first_round,
    head,
    main,
    newest_passes,
    object_to,
    once_more,
    open_case,
    open_notice,
    open_round,
    shut,
    take_in,
    until,
    working_day,
)

RENAMED = "虚构新名中小企业服务平台"
REPORT = {
    "平台（基地）名称": NAME,
    "变更类型": "更名",
    "变更发生日期": "2032-03-01",
    "向市级报告日期": "2032-04-12",
    "变更内容": f"更名为{RENAMED}",
    "市级意见": "保留",
}


def test_one_object_through_its_whole_life(tmp_path: Path, browser: Browser) -> None:
    home = tmp_path / "home"
    # 端午节 takes Friday the 19th out of the five working days, which end on the 24th
    with working_day(browser, home, date(2026, 6, 16)) as day:
        first_round(day.server)
        three_are_proposed(day)
        they_are_published(day)
    with working_day(browser, home, date(2026, 6, 24)) as day:
        it_is_too_early_on_the_last_day(day)
        two_are_objected_to_in_time(day)
    with working_day(browser, home, date(2026, 6, 26)) as day:
        a_late_objection_stands_in_nobodys_way(day)
        objections_are_found_true_and_not(day)
        whom_nothing_stands_against_is_confirmed(day)
    with working_day(browser, home, date(2028, 6, 27)) as day:
        acceptance_fails(day)
    with working_day(browser, home, date(2029, 6, 27)) as day:
        open_round(day.server, 2029, once_more("延期验收"))
        acceptance_passes(day)
        recognition_is_published(day)
    with working_day(browser, home, date(2029, 7, 5)) as day:
        it_is_recognised(day)
    with working_day(browser, home, date(2031, 7, 7)) as day:
        review_fails(day)
    with working_day(browser, home, date(2032, 5, 10)) as day:
        open_round(day.server, 2032, once_more("运行复核"), {"变更报告": [REPORT]})
        it_has_put_things_right(day)
        it_is_renamed(day)
    with working_day(browser, home, date(2033, 3, 8)) as day:
        it_is_revoked(day)
        both_names_are_told(day)
        every_past_day_is_as_it_was(day)


def three_are_proposed(day: Day) -> None:
    page = day.page
    open_at(page, "/selection", SELECTION)
    page.get_by_label("勾选所列的全部").check()
    page.get_by_label("勾选的一起选").select_option("列入")
    page.get_by_role("button", name="填入勾选的 3 个").click()
    expect(page.locator(".sf-pickbar .soft")).to_contain_text("已保存")
    pick(main(page), "核对并登记")
    page.get_by_label("依据文件（必填）").fill("虚构纪要〔2026〕3号")
    page.get_by_label("总的理由（必填）").fill("按创建标准择优")
    page.get_by_role("button", name="登记选定结果：列入 3 个，不列入 0 个").click()
    day.said("2026年度：受理市级推荐 3 个，2026年6月16日（周二）列为拟创建对象 3 个。接下来到“公示与异议”开始公示。")


def they_are_published(day: Day) -> None:
    page = day.page
    open_at(page, "/notices", NOTICES)
    for label, text in {"联系单位": "虚构处", "联系电话": "024-00000000", "通讯地址": "虚构市示例路1号"}.items():
        page.get_by_label(label, exact=True).fill(text)
        page.keyboard.press("Tab")
        settled(page)
    expect(page.locator(".sf-strip .counted b")).to_have_text(["6月17日", "6月18日", "6月22日", "6月23日", "6月24日"])
    expect(page.locator('[data-testid="stCode"] code')).to_contain_text(
        "公示时间：2026年6月16日至2026年6月24日，共5个工作日，自发布次日起计算，发布当日不计入。"
    )
    page.get_by_role("button", name="开始公示 3 个").click()
    day.said("已开始公示 3 个，最后一日2026年6月24日。接下来：收到异议在这里登记；过了最后一日，在这里确认。")
    picture(page, "life-1-published")


def it_is_too_early_on_the_last_day(day: Day) -> None:
    page = day.page
    open_notice(page)
    expect(head(page)).to_have_text("2026年度拟创建对象公示（2026年6月16日） ● 公示中")
    expect(main(page).get_by_text("公示最后一日是2026年6月24日（周三），过了这一天才能确认。")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^确定为创建对象"))).to_have_count(0)


def two_are_objected_to_in_time(day: Day) -> None:
    object_to(
        day, NAME, date(2026, 6, 18), source="单位", channel="信函", 姓名或单位="虚构协会", 联系方式="024-00000001",
        佐证材料="来信一封", 异议内容="反映服务机构数不实",
    )  # fmt: skip
    day.said(f"已登记异议：异议2026-1，针对“{NAME}”。接下来请指定核查人。")
    day.page.get_by_label("核查人").fill("乙核查")
    day.page.get_by_role("button", name="指定").click()
    day.said("异议2026-1：核查人乙核查。核查完后，在这里登记核查结论。")
    object_to(day, OTHER, source="匿名", channel="电话", 佐证材料="未提供", 异议内容="反映场所已经停用")
    day.said(f"已登记异议：异议2026-2，针对“{OTHER}”。接下来请指定核查人。")
    picture(day.page, "life-2-objections")


def a_late_objection_stands_in_nobodys_way(day: Day) -> None:
    open_notice(day.page)
    expect(head(day.page)).to_have_text("2026年度拟创建对象公示（2026年6月16日） ! 期满，待办理")
    expect(
        main(day.page).get_by_text("公示期已满（最后一日2026年6月24日（周三））：1 个可以确认，2 个有异议待核查。")
    ).to_be_visible()
    object_to(
        day, NAME, date(2026, 6, 25), source="实名（个人）", channel="信函", 姓名或单位="虚构某",
        联系方式="024-00000002", 佐证材料="照片三张", 异议内容="反映线下活动少",
    )  # fmt: skip
    day.said(
        f"已登记异议：异议2026-3，针对“{NAME}”（逾期提出：发信邮戳日晚于公示最后一日2026年6月24日（周三），不妨碍确认；"
        "仍可核查，确认之前查实的，同样不予确认）。接下来请指定核查人。"
    )


def objections_are_found_true_and_not(day: Day) -> None:
    find(day, "异议2026-1", "✓ 不属实", "现场核查，合作协议齐全")
    day.said(f"异议2026-1：2026年6月26日（周五）核查不属实，“{NAME}”现为“创建公示”。")
    find(day, "异议2026-2", "✗ 属实", "现场核查，场所三月起停用")
    day.said(f"异议2026-2：2026年6月26日（周五）核查属实，“{OTHER}”现为“公示异议属实”。")
    picture(day.page, "life-3-found")


def whom_nothing_stands_against_is_confirmed(day: Day) -> None:
    page = day.page
    expect(main(page).get_by_text("将确定为创建对象 2 个。")).to_be_visible()
    page.get_by_label("文号（必填）").fill("虚构工信〔2026〕9号")
    page.get_by_role("button", name="确定为创建对象 2 个").click()
    day.said(
        "已确定为创建对象 2 个（虚构工信〔2026〕9号）。这次公示已全部办结，名单可在“名单”中导出。还有 1 件异议待核查。"
    )
    expect(until(page)).to_have_text("已办结：确定为创建对象 2 个，异议属实 1 个，还有 1 件异议待核查。")
    entries = page.locator("table.sf-entries tbody tr")
    expect(entries.locator("td:nth-child(3)")).to_have_text([NAME, OTHER, QUIET])
    expect(entries.locator("td:nth-child(6)")).to_have_text(["✓ 已确认", "✗ 异议属实", "✓ 已确认"])
    picture(page, "life-4-confirmed")
    entries.filter(has_text=OTHER).get_by_role("link", name=OTHER).click()
    expect(heading(page)).to_have_text(CASES)
    expect(head(page)).to_have_text(f"{OTHER} 公示异议属实")
    expect(main(page).get_by_text("已经终结，不再办理。")).to_be_visible()
    open_at(page, "/cases", CASES)
    page.get_by_role("link", name=NAME).click()
    expect(head(page)).to_have_text(f"{NAME} 创建期")
    expect(until(page)).to_contain_text("创建期满 2028年6月26日（周一） 还有 731 天")
    expect(until(page)).to_contain_text("有逾期提出的异议")
    expect(shut(page).first).to_have_text(
        "验收通过，列为拟认定对象（第七条（三））创建期满是2028年6月26日（周一），过了这一天才能办理（第七条（三））。"
    )


def acceptance_fails(day: Day) -> None:
    open_case(day.page)
    expect(until(day.page)).to_contain_text("创建期满 2028年6月26日（周一） ✗ 逾期 1 天")
    expect(shut(day.page).first).to_have_text(
        "验收通过，列为拟认定对象（第七条（三））还没有收到它的“期满验收”。"
        "请市里在推荐汇总表中以“期满验收”报送，受理并审核之后再办。"
    )
    day.act(
        "初次验收未通过，延长创建期（第七条（三））", "验收未通过",
        文号="虚构工信〔2028〕5号", 理由="期满未报送验收材料",
    )  # fmt: skip
    day.said(
        f"“{NAME}”2028年6月27日（周二）验收未通过；现为“延长创建期”。创建期满是2029年6月26日（周二）。"
        "接下来可以办理：撤回申报；失信或弄虚作假，取消创建资格；登记重大变更报告。"
    )
    expect(head(day.page)).to_have_text(f"{NAME} 延长创建期")
    picture(day.page, "life-5-extended")


def acceptance_passes(day: Day) -> None:
    take_in(day)
    open_case(day.page)
    expect(until(day.page)).to_contain_text("创建期满 2029年6月26日（周二） ✗ 逾期 1 天")
    asked = "2029年度的“延期验收”（沈阳市编号“T-001”）审核结论是"
    expect(shut(day.page).first).to_have_text(
        f"再次验收通过，列为拟认定对象（第七条（三））{asked}“待认定”，结论为“达标”才能通过。请到“条件审核”核定、认定。"
    )
    newest_passes(day.server)
    open_case(day.page)
    label = "再次验收通过，列为拟认定对象（第七条（三））"
    part = unfold(day.page, label)
    expect(part.get_by_test_id("stAlert")).to_have_text(f"{asked}“达标”。")
    picture(day.page, "life-6-acceptance")
    part.get_by_label("理由").fill("延期验收合格")
    part.get_by_role("button", name="办理：验收通过").click()
    day.said(
        f"“{NAME}”2029年6月27日（周三）验收通过；现为“拟认定对象”。"
        "接下来可以办理：公示拟认定对象；失信或弄虚作假，取消创建资格。"
    )


def recognition_is_published(day: Day) -> None:
    page = day.page
    open_at(page, "/notices?stage=recognition", NOTICES)
    expect(page.locator(".sf-ends")).to_contain_text("2029年7月4日（周三） 暂定")
    page.get_by_role("button", name="开始公示 1 个").click()
    day.said("已开始公示 1 个，最后一日2029年7月4日（暂定）。接下来：收到异议在这里登记；过了最后一日，在这里确认。")
    expect(main(page).get_by_text("公示最后一日是2029年7月4日（周三）（暂定），过了这一天才能确认。")).to_be_visible()
    picture(page, "life-7-recognition-notice")


def it_is_recognised(day: Day) -> None:
    page = day.page
    open_notice(page, "recognition")
    expect(head(page)).to_have_text("2029年度拟认定名单公示（2029年6月27日） ! 期满，待办理")
    page.get_by_label("文号（必填）").fill("虚构工信〔2029〕6号")
    page.get_by_role("button", name="认定 1 个").click()
    day.said("已认定 1 个（虚构工信〔2029〕6号）。这次公示已全部办结，名单可在“名单”中导出。")
    open_case(day.page)
    expect(head(page)).to_have_text(f"{NAME} 已认定")
    expect(until(page)).to_contain_text("应当复核 2031年7月5日（周六） 还有 730 天")


def review_fails(day: Day) -> None:
    page = day.page
    open_at(page, "/cases?due=overdue", CASES)
    page.get_by_role("link", name=NAME).click()
    expect(until(page)).to_contain_text("应当复核 2031年7月5日（周六） ✗ 逾期 2 天")
    day.act("复核未通过，限期整改（第十条）", "复核未通过", 文号="虚构工信〔2031〕8号", 理由="两项指标未达到")
    day.said(
        f"“{NAME}”2031年7月7日（周一）复核未通过；现为“整改期”。整改期满是2032年7月7日（周三）。"
        "接下来可以办理：连续两次复核未通过，撤销认定；失信或弄虚作假，撤销认定；登记重大变更报告。"
    )
    picture(page, "life-8-rectifying")


def it_has_put_things_right(day: Day) -> None:
    take_in(day)
    newest_passes(day.server)
    open_case(day.page)
    day.act("整改后复核通过（第十条）", "复核通过")
    day.said(
        f"“{NAME}”2032年5月10日（周一）复核通过；现为“已认定”。应当复核是2034年5月10日（周三）。"
        "接下来可以办理：复核未通过，限期整改；失信或弄虚作假，撤销认定；登记重大变更报告。"
    )


def it_is_renamed(day: Day) -> None:
    page = day.page
    open_at(page, "/cases", CASES)
    page.get_by_role("link", name="市里报来 1 件变更报告还没有登记 →").click()
    page.get_by_role("button", name="登记这 1 件").click()
    day.said("登记变更报告 1 件。登记后请作出保留或撤销的决定。")
    open_case(day.page)
    expect(until(page)).to_contain_text("有变更报告待决定")
    part = unfold(day.page, "决定重大变更（第十一条）")
    expect(part.get_by_test_id("stAlert")).to_have_text(
        "更名，2032年3月1日（周一）发生，2032年4月12日（周一）报告；市级意见：保留。"
    )
    pick(part, "保留")
    for label, text in {"文号": "虚构工信〔2032〕4号", "理由": "市里已核实", "新名称": RENAMED}.items():
        part.get_by_label(label).fill(text)
    part.get_by_role("button", name="办理：决定重大变更").click()
    day.said(
        f"“{RENAMED}”2032年5月10日（周一）决定重大变更；现为“已认定”。应当复核是2034年5月10日（周三）。"
        "接下来可以办理：复核未通过，限期整改；失信或弄虚作假，撤销认定；登记重大变更报告。"
    )
    expect(head(page)).to_have_text(f"{RENAMED} 已认定")
    picture(page, "life-9-renamed")


def it_is_revoked(day: Day) -> None:
    page = day.page
    open_case(day.page)
    day.act(
        "失信或弄虚作假，撤销认定（第十二条）", "列入严重失信名单或查实弄虚作假",
        文号="虚构工信〔2033〕2号", 依据材料="虚构审计报告", 理由="查实申报材料弄虚作假",
    )  # fmt: skip
    day.said(f"“{RENAMED}”2033年3月8日（周二）列入严重失信名单或查实弄虚作假；现为“撤销认定”。已经终结，不再办理。")
    expect(head(page)).to_have_text(f"{RENAMED} 撤销认定")
    picture(page, "life-10-revoked")


def both_names_are_told(day: Day) -> None:
    page = day.page
    renamed = page.locator("table.sf-history tbody tr").filter(has_text="变更后予以保留")
    expect(renamed.locator("td").last).to_have_text(
        f"虚构工信〔2032〕4号理由：市里已核实保留或撤销：保留新名称：{RENAMED}"
    )
    page.get_by_role("tab", name="曾用名 1").click()
    former = page.get_by_test_id("stTabs").locator("table.sf tbody tr").filter(visible=True)
    expect(former.locator("td")).to_have_text(
        [NAME, "虚构运营单位1号", credit_code(1), "2032年5月10日（周一）", "虚构工信〔2032〕4号"]
    )
    picture(page, "life-11-names")
    # found by the name it had, told by the one it has, and the list once published keeps the one it had then
    open_at(page, f"/cases?text={NAME}", CASES)
    listed = page.locator("table.sf-cases tbody tr")
    expect(listed.locator("td:nth-child(2)")).to_have_text([RENAMED])
    open_at(page, "/notices?notice=1", NOTICES)
    entry = page.locator("table.sf-entries tbody tr").first
    expect(entry.locator("td").nth(2)).to_have_text(f"{NAME}现名：{RENAMED}")


def every_past_day_is_as_it_was(day: Day) -> None:
    page = day.page
    waits, late = "1 件异议未处理完", "有逾期提出的异议"
    for on, name, status, deadline, hint, entries in (
        ("2026-06-24", NAME, "创建公示", "公示最后一日 2026年6月24日（周三） 当天到期 第七条（二）", waits, 4),
        ("2028-12-01", NAME, "延长创建期", "创建期满 2029年6月26日（周二） 还有 207 天 第七条（三）", late, 8),
        # the report of the 12th had not come in by then
        ("2032-04-20", NAME, "整改期", "整改期满 2032年7月7日（周三） 还有 78 天 第十条", late, 12),
        ("2032-12-01", RENAMED, "已认定", "应当复核 2034年5月10日（周三） 还有 525 天 第十条", late, 15),
    ):
        open_case(page, on=on)
        expect(head(page)).to_have_text(f"{name} {status}")
        expect(until(page)).to_have_text(f"{deadline} {hint}")
        expect(page.locator("table.sf-history tbody tr")).to_have_count(entries)
        asked = date.fromisoformat(on)
        says = f"以下是{long_day(asked)}当天已知的情况，只能查看，不能办理。"
        expect(page.locator(".sf-banner").last).to_have_text(says)
        expect(main(page).get_by_text("查看以前的一天时不能办理。要办理，请先回到今天。")).to_be_visible()
        for form in ("stExpander", "stForm"):
            expect(page.get_by_test_id(form)).to_have_count(0)
        picture(page, f"life-12-{on}")
    open_at(page, "/cases?on=2028-12-01", CASES)
    listed = page.locator("table.sf-cases tbody tr")
    expect(listed.locator("td:nth-child(2)")).to_have_text([NAME, OTHER, QUIET])
    expect(listed.locator("td:nth-child(5)")).to_have_text(["延长创建期", "公示异议属实", "创建期"])
    open_at(page, "/notices?notice=1&on=2026-06-24", NOTICES)
    expect(head(page)).to_have_text("2026年度拟创建对象公示（2026年6月16日） ● 公示中")
    expect(page.locator("table.sf-objections td:last-child")).to_have_text(["! 待核查", "! 待核查"])
    expect(page.get_by_test_id("stForm")).to_have_count(0)
    picture(page, "life-13-notice-then")
