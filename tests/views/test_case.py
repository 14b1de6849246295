"""One case: where it stands, its history with what was taken back, what may happen next, and a past day of it."""

from __future__ import annotations

from datetime import date

import pytest

from core.errors import Refused
from core.services import cases, notices, objections
from core.services.notices import Contact
from core.store.unit import Entry
from core.views.case import CaseView, case_view
from tests.begun import entered, recommended, taken_over
from tests.conftest import BOTH
from tests.office import Office

CONTACT = Contact("024-00000000", "虚构市虚构路1号", "yiyi@example.invalid", "虚构处")
LATE = {"occurred": "2029-01-05", "evidence": "工商变更登记", "change": "更名", "opinion": "保留"}


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


@pytest.fixture
def case(opened: Office) -> tuple[Office, int]:
    """A platform with an objection that was unfounded, in its creation period; each entry was made on its day."""
    office, app = opened, opened.app
    office.on(date(2026, 6, 1))
    number = recommended(app, office.staff, date(2026, 5, 6), round_id=office.round_id)
    entered(app, office.staff, number, "selected", date(2026, 5, 20))
    published = date(2026, 6, 1)
    notice = notices.open_notice(
        app, office.staff, office.round_id, "creation", published=published, signed=published, contact=CONTACT
    )
    office.on(date(2026, 6, 3))
    [objection] = objections.file(
        app, office.second, notice, [number], source="unit", from_name="虚构协会", contact="", channel="letter",
        postmarked=date(2026, 6, 2), received=date(2026, 6, 3), content="服务机构数不实", evidence="来信",
    )  # fmt: skip
    office.on(date(2026, 6, 10))
    objections.resolve(
        app, office.second, objection, 1, day=date(2026, 6, 10), upheld=False, reason="台账齐全", answer=""
    )
    office.on(date(2026, 6, 15))
    entered(app, office.staff, number, "creation_confirmed", date(2026, 6, 15), notice_id=notice)
    return office, number


def acts(seen: CaseView) -> dict[str, str]:
    """What may be done on the case, by its name, with what stands against it."""
    return {one.name: one.problem for one in seen.offers if not one.elsewhere}


def test_a_case_says_where_it_stands_and_what_it_went_through(case: tuple[Office, int]) -> None:
    office, number = case
    seen = case_view(office.app, number)
    assert (seen.called.name, seen.kind, seen.city, seen.year, seen.version) == (
        "虚构甲平台",
        "platform",
        "沈阳市",
        2026,
        6,
    )
    assert (seen.status_name, seen.since, seen.ended, seen.taken_over) == ("创建期", date(2026, 6, 15), False, False)
    until = seen.deadline
    assert until is not None
    assert (until.name, until.due, until.left, until.provisional) == ("创建期满", date(2028, 6, 15), 731, False)
    assert (until.clause, until.overdue) == ("第七条（二）", False)
    assert [(each.name, each.start, each.end) for each in seen.bands] == [
        ("已推荐", date(2026, 5, 6), date(2026, 5, 20)),
        ("拟创建对象", date(2026, 5, 20), date(2026, 6, 1)),
        ("创建公示", date(2026, 6, 1), date(2026, 6, 15)),
        ("创建期", date(2026, 6, 15), None),
    ]
    assert [(one.number, one.name, one.who, one.document) for one in seen.entries] == [
        (1, "受理市级推荐", "李经办", ""),
        (2, "列为拟创建对象", "李经办", "虚构工信〔2029〕2号"),
        (3, "公示拟创建对象", "李经办", ""),
        (4, "登记异议", "赵经办", ""),
        (5, "异议不属实", "赵经办", ""),
        (6, "确定为创建对象，进入创建期", "李经办", "虚构工信〔2029〕2号"),
    ]
    assert seen.entries[3].details == (
        ("异议编号", "异议2026-1"), ("发信邮戳日", "2026年6月2日（周二）"), ("依据材料", "来信")
    )  # fmt: skip
    assert seen.entries[4].details == (("异议编号", "异议2026-1"), ("是否属实", "不属实"))
    assert seen.entries[5].details == (("公示最后一日", "2026年6月8日（周一）"),)
    [(notice, objection)] = seen.objections
    assert (notice, objection.number, objection.finding_name, objection.late) == (1, "异议2026-1", "不属实", False)


def test_only_what_the_table_allows_is_offered_with_the_reason_it_waits_for(case: tuple[Office, int]) -> None:
    office, number = case
    early = "创建期满是2028年6月15日（周四），过了这一天才能办理（第七条（三））。"
    assert acts(case_view(office.app, number)) == {
        "验收通过，列为拟认定对象": early,
        "初次验收未通过，延长创建期": early,
        "撤回申报": "",
        "失信或弄虚作假，取消创建资格": "",
        "登记重大变更报告": "",
        "变更后不予保留，取消创建资格": "没有等待决定的变更报告。",
        "变更后予以保留": "没有等待决定的变更报告。",
    }
    office.on(date(2028, 6, 16))
    seen = case_view(office.app, number)
    assert seen.deadline is not None
    assert (seen.deadline.left, seen.deadline.overdue) == (-1, True)
    failed = next(one for one in seen.offers if one.event == "acceptance_failed")
    assert (failed.problem, failed.given, failed.ends) == ("", ("date", "document", "reason"), False)
    assert failed.leads == "转为“延长创建期”。今天办理的，创建期满是2029年6月15日（周五）。"
    gone = next(one for one in seen.offers if one.event == "withdrawn")
    assert (gone.leads, gone.ends) == ("转为“撤回”。", True)
    # nothing passes that was not handed in, and it is not said to be possible
    assert acts(seen)["验收通过，列为拟认定对象"] == (
        "还没有收到它的“期满验收”。请市里在推荐汇总表中以“期满验收”报送，受理并审核之后再办。"
    )
    assert seen.next == (
        "创建期满是2028年6月15日（周四）。接下来可以办理：初次验收未通过，延长创建期；"
        "撤回申报；失信或弄虚作假，取消创建资格；登记重大变更报告。"
    )


def test_what_is_done_where_notices_are_is_marked(opened: Office) -> None:
    opened.on(date(2029, 3, 5))
    number = recommended(opened.app, opened.staff, date(2029, 2, 20))
    elsewhere = [one.event for one in case_view(opened.app, number).offers if one.elsewhere]
    assert elsewhere == ["selected", "not_selected"]
    entered(opened.app, opened.staff, number, "selected", date(2029, 2, 21))
    entered(opened.app, opened.staff, number, "notice_opened", date(2029, 3, 1), days=5, count_start=False)
    seen = case_view(opened.app, number)
    waits = {one.event: one.problem for one in seen.offers if one.elsewhere}
    assert (
        waits["creation_confirmed"]
        == "公示最后一日是2029年3月8日（周四）（暂定），过了这一天才能办理（第七条（二））。"
    )
    assert waits["objection_filed"] == ""
    assert seen.next.startswith("公示最后一日是2029年3月8日（周四）（暂定）。接下来可以办理：")


def test_a_case_that_has_ended_offers_nothing(case: tuple[Office, int]) -> None:
    office, number = case
    entered(office.app, office.staff, number, "withdrawn", date(2026, 6, 15))
    seen = case_view(office.app, number)
    assert (seen.ended, seen.deadline, seen.offers, seen.next) == (True, None, (), "已经终结，不再办理。")


def test_what_was_voided_or_corrected_stays_with_who_and_why(case: tuple[Office, int]) -> None:
    office, number = case
    app = office.app
    office.on(date(2028, 7, 3))
    entered(app, office.staff, number, "acceptance_failed", date(2028, 7, 3))
    entered(app, office.staff, number, "change_reported", date(2028, 7, 3), occurred="2028-07-01", evidence="误登")
    cases.void(app, office.second, number, 8, 8, "登记错了对象")
    given = {"day": date(2028, 7, 2), "document": "虚构〔2028〕9号", "data": {}}
    cases.correct(app, office.second, number, 9, 7, **given, why="日期写错", reason="两项指标未达到")
    at = office.last().at
    seen = case_view(app, number)
    # 9 took 8 back, 10 took 7 back, 11 stands in the place of 7
    shown = {one.number: one for one in seen.entries}
    assert list(shown) == [1, 2, 3, 4, 5, 6, 11, 7, 8]
    gone, wrong, right = shown[8].voided, shown[7].voided, shown[11]
    assert gone is not None
    assert (gone.who, gone.why, gone.by) == ("赵经办", "登记错了对象", None)
    assert wrong is not None
    assert (wrong.who, wrong.at, wrong.why, wrong.by) == ("赵经办", at, "日期写错", 11)
    assert (right.corrects, right.day, right.why, right.document, right.voided) == (
        7, date(2028, 7, 2), "两项指标未达到", "虚构〔2028〕9号", None
    )  # fmt: skip
    assert (shown[7].name, right.name) == ("验收未通过", "初次验收未通过，延长创建期")
    assert [one.number for one in seen.standing] == [1, 2, 3, 4, 5, 6, 11]
    assert (seen.bands[-1].name, seen.bands[-1].start) == ("延长创建期", date(2028, 7, 2))


def test_what_stands_against_voiding_is_what_the_refusal_says(case: tuple[Office, int]) -> None:
    office, number = case
    shown = {one.number: one for one in case_view(office.app, number).entries}
    assert [one.stands_against == "" for one in shown.values()] == [False, False, False, False, False, True]
    assert [one.correctable for one in shown.values()] == [True, True, False, False, False, True]
    refusal = office.refuses(Refused, lambda: cases.void(office.app, office.staff, number, 6, 4, "误登"))
    assert refusal == shown[4].stands_against
    assert refusal == (
        "“虚构甲平台”2026年6月10日（周三）的“异议核查完毕”（第 5 条）会因此不成立："
        "没有编号为“异议2026-1”的尚未处理的异议。请先作废它，再办这一件。"
    )


def test_changes_say_whether_they_were_in_time_what_the_city_thinks_and_what_became_of_them(opened: Office) -> None:
    office, app = opened, opened.app
    office.on(date(2029, 9, 3))
    number = taken_over(app, office.staff, "recognized", date(2028, 3, 1))
    entered(app, office.staff, number, "change_reported", date(2029, 4, 6), **LATE)
    entered(app, office.staff, number, "change_decided", date(2029, 5, 8), keep=True, name="虚构新平台")
    entered(app, office.staff, number, "change_reported", date(2029, 9, 3), occurred="2029-06-03", evidence="协议")
    seen = case_view(app, number)
    (first, decided), (second, waiting) = seen.changes
    # three months after 5 January is 5 April; three months after 3 June is the day it was reported
    assert (first.late, second.late) == (True, False)
    assert dict(first.details) == {
        "变更发生日期": "2029年1月5日（周五）", "依据材料": "工商变更登记", "变更类型": "更名", "市级意见": "保留"
    }  # fmt: skip
    assert decided is not None
    assert (dict(decided.details), waiting) == ({"保留或撤销": "保留", "新名称": "虚构新平台"}, None)
    assert seen.hints == ("有变更报告待决定", "变更报告超过期限")
    assert [(one.called.name, one.until) for one in seen.former] == [("虚构甲平台", date(2029, 5, 8))]
    assert (seen.called.name, seen.taken_over, seen.year) == ("虚构新平台", True, None)
    opened_with = seen.entries[0]
    assert (opened_with.name, opened_with.correctable) == ("按存量资料建档", False)
    assert ("期限起算日", "2028年3月1日（周三）") in opened_with.details


def test_an_objection_that_comes_late_is_marked_and_one_taken_up_is_no_correction(case: tuple[Office, int]) -> None:
    office, number = case
    office.on(date(2026, 6, 16))
    objections.file(
        office.app, office.second, 1, [number], source="anonymous", from_name="", contact="", channel="letter",
        postmarked=date(2026, 6, 12), received=date(2026, 6, 14), content="专家数不实", evidence="来信",
    )  # fmt: skip
    # it came after the notice, so that it stood on paper only; taking the confirmation back takes it up
    cases.void(office.app, office.staff, number, 6, 6, "先核查")
    seen = case_view(office.app, number)
    assert [(one.number, one.type, one.late) for one in seen.standing][-3:] == [
        (4, "objection_filed", False), (5, "objection_resolved", False), (8, "objection_filed", True)
    ]  # fmt: skip
    gone = next(one.voided for one in seen.entries if one.number == 6)
    assert gone is not None
    assert (gone.why, gone.by) == ("先核查", None)
    assert [one.corrects for one in seen.standing] == [None] * 6
    assert [each.late for _, each in seen.objections] == [False, True]


def test_notes_and_the_ledger_of_a_case(case: tuple[Office, int]) -> None:
    office, number = case
    cases.add_note(office.app, office.second, number, text="电话催报年度总结", document="虚构函〔2026〕3号")
    with office.app.unit(office.staff) as unit:
        unit.record(Entry("case.acted", "case", number + 1, "别的", "别的对象"))
    seen = case_view(office.app, number)
    assert [note[1:] for note in seen.notes] == [("赵经办", "虚构函〔2026〕3号", "电话催报年度总结")]
    told = [(who, what) for _, _, who, what, _ in seen.ledger]
    assert told[0] == ("赵经办", "“虚构甲平台”备注：电话催报年度总结（虚构函〔2026〕3号）")
    # the notice is no act on the case alone, and stands in its history all the same
    assert ("李经办", "公示 1 个，2026年6月1日（周一）至2026年6月8日（周一）") in told
    assert len(told) == 7


def test_a_past_day_knows_nothing_of_what_came_later(case: tuple[Office, int]) -> None:
    office, number = case
    office.on(date(2026, 7, 1))
    cases.add_note(office.app, office.staff, number, text="后来的备注")
    cases.correct(
        office.app, office.staff, number, 6, 6,
        day=date(2026, 6, 12), document="虚构〔2026〕7号", data={}, why="日期写错",
    )  # fmt: skip
    seen = case_view(office.app, number, date(2026, 6, 4))
    assert (seen.past, seen.day, seen.status_name, seen.offers, seen.notes) == (
        True,
        date(2026, 6, 4),
        "创建公示",
        (),
        (),
    )
    assert [one.number for one in seen.entries] == [1, 2, 3, 4]
    assert seen.deadline is not None
    assert (seen.deadline.due, seen.deadline.left, seen.hints) == (date(2026, 6, 8), 4, ("1 件异议未处理完",))
    assert [each.finding_name for _, each in seen.objections] == ["待核查"]
    before = case_view(office.app, number, date(2026, 6, 30))
    assert (before.since, [one.number for one in before.standing][-1]) == (date(2026, 6, 15), 6)
    assert (len(seen.ledger), len(before.ledger), len(case_view(office.app, number).ledger)) == (4, 6, 8)
    assert case_view(office.app, number).since == date(2026, 6, 12)
    with pytest.raises(Refused) as refused:
        case_view(office.app, number, date(2026, 5, 31))
    assert str(refused.value) == "这个创建对象在2026年5月31日（周日）还没有建档，请换一天查看。"
    with pytest.raises(Refused) as refused:
        case_view(office.app, number + 1)
    assert str(refused.value) == "没有这个创建对象，请回到列表重新选择。"
