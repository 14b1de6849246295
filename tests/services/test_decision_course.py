"""申报办理卷 of applications that did not go straight on: notices that run or are taken back, late objections."""

from __future__ import annotations

from datetime import date

import pytest

from core.services import cases, notices
from core.services.arrangement import DayOverride
from core.services.calendar import set_overrides
from core.store import tables
from tests.begun import entered, taken_over
from tests.books import applicant
from tests.chosen import chosen
from tests.decided import number_of, section
from tests.notices import AFTER, LAST, PUBLISHED, confirm, object_to, publish, resolve
from tests.office import SHENYANG, Office
from tests.passing import ALL, settle

NOTICE = "公示与异议"
NEXT, HOLIDAY = date(2026, 6, 2), date(2026, 6, 5)


@pytest.fixture
def listed(office: Office) -> Office:
    """云帆 is listed, and its notice runs since PUBLISHED; nothing was scored."""
    settle(office, *ALL)
    chosen(office.app, office.staff, office.round_id, office.app.clock.today(), [number_of(office)])
    publish(office)
    return office


def case_of(office: Office) -> int:
    return int(office.row(tables.cases, application_id=number_of(office)).id)


def test_a_notice_that_runs_is_counted_by_the_days_known_when_it_was_last_acted_upon(listed: Office) -> None:
    shown = section(listed, NOTICE)
    assert shown[1] == "公示期 | 2026年6月1日（周一）至2026年6月8日（周一）"
    assert shown[-2:] == ["结果 | 还没有确认", "没有收到异议。"]
    set_overrides(listed.app, listed.admin, [DayOverride(HOLIDAY, "rest", "虚构通知1号")], "临时放假")
    assert section(listed, NOTICE) == shown
    listed.on(NEXT)
    cases.add_note(listed.app, listed.staff, case_of(listed), text="来电询问")
    moved = "至2026年6月9日（周二）（公示文本写的是2026年6月8日（周一））"
    assert section(listed, NOTICE)[1] == f"公示期 | 2026年6月1日（周一）{moved}"


def test_a_late_objection_says_by_which_day(listed: Office) -> None:
    [number] = object_to(listed, 1, case_of(listed), received=AFTER, source="anonymous", from_name="", contact="")
    shown = section(listed, NOTICE)
    assert "是否逾期 | 逾期（收到日晚于公示最后一日）" in shown
    assert "来源和方式 | 匿名，信函" in shown
    assert "核查结论 | 待核查" in shown
    resolve(listed, number, AFTER, upheld=True, reason="查实", answer="已答复")
    shown = section(listed, NOTICE)
    assert "核查结论 | 属实" in shown
    assert "结果 | 没有确定为创建对象，见办理经过" in shown
    [last] = [line for line in section(listed, "办理经过") if "异议属实" in line]
    assert last.split(" | ")[:2] == ["2026年6月9日（周二）", "异议属实，不确定为创建对象"]


def test_a_notice_confirmed_in_parts_is_told_to_those_whom_each_part_concerns(listed: Office) -> None:
    other, app = number_of(listed, key="jd-001"), listed.app
    notices.withdraw_notice(app, listed.staff, 1, 1, "少列一个")
    chosen(app, listed.staff, listed.round_id, PUBLISHED, [other])
    notice = publish(listed)
    behind = int(listed.row(tables.cases, application_id=other).id)
    [objection] = object_to(listed, notice, behind, received=PUBLISHED)
    confirm(listed, notice, AFTER)
    both = [section(listed, "操作留痕", number) for number in (number_of(listed), other)]
    first = listed.last()
    assert [told[-1].startswith(f"{first.id} | ") for told in both] == [True, True]
    resolve(listed, objection, AFTER)
    confirm(listed, notice, AFTER)
    assert section(listed, "操作留痕") == both[0]
    assert section(listed, "操作留痕", other)[-1].startswith(f"{listed.last().id} | ")


def test_a_notice_that_was_taken_back_says_why(listed: Office) -> None:
    notices.withdraw_notice(listed.app, listed.staff, 1, 1, "名单有误")
    shown = section(listed, NOTICE)
    [result] = [line for line in shown if line.startswith("结果 | ")]
    assert result.endswith("李经办撤回公示：名单有误")
    [opened] = [line for line in section(listed, "办理经过") if "公示拟创建对象" in line or "开始公示" in line]
    assert opened.endswith("李经办作废：名单有误")
    listed.on(LAST)
    publish(listed, day=LAST)
    assert [line for line in section(listed, NOTICE) if line.startswith("2026年度")] == [
        "2026年度拟创建对象公示（2026年6月1日）",
        "2026年度拟创建对象公示（2026年6月8日）",
    ]


def test_an_acceptance_has_the_case_that_was_decided_by_it(opened: Office) -> None:
    uscc = "12210100MB0000001P"
    case = taken_over(opened.app, opened.staff, "creating", date(2024, 5, 1), "虚构市旧平台", uscc=uscc)
    row = {"推荐汇总表": {"申报类别": "期满验收", "统一社会信用代码": uscc}}
    opened.put(SHENYANG, applicant("platform", "PT-009", "虚构市旧平台", row))
    opened.take(SHENYANG)
    number = number_of(opened, key="pt-009")
    assert section(opened, "办理经过", number) == ["没有据此办理的创建对象。"]
    opened.on(PUBLISHED)
    entered(opened.app, opened.staff, case, "acceptance_passed", PUBLISHED, application_id=number)
    shown = section(opened, "办理经过", number)
    assert [line.split(" | ")[:2] for line in shown[1:]] == [
        ["2024年5月1日（周三）", "按存量资料建档"],
        ["2026年6月1日（周一）", "验收通过，列为拟认定对象"],
    ]
    assert section(opened, "申报基本情况", number)[-1] == "创建对象 | “虚构市旧平台”，拟认定对象"
    assert section(opened, "操作留痕", number)[-1].startswith(f"{opened.last().id} | ")
