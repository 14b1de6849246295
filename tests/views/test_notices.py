"""公示与异议 as pages get it: the period both ways, where entries stand, what was known on a past day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core import views
from core.errors import Refused
from core.services import cases, notices, objections, rounds
from core.store import tables
from tests.notices import (
    AFTER,
    CONTACT,
    DOCUMENT,
    LAST,
    NAMES,
    PUBLISHED,
    accepted,
    confirm,
    entry_states,
    object_to,
    proposed,
    publish,
    resolve,
)
from tests.office import Office

RECEIVED = date(2026, 6, 3)
ARTICLE_12 = "核查属实，并且属于列入严重失信主体名单或者数据、资料弄虚作假的，请在“创建对象”中按第十二条办理"


def shown(office: Office, notice: int, on: date | None = None) -> views.NoticeView:
    return views.notice_view(office.app, notice, on)


# ---------------------------------------------------------------- the notice itself


def test_the_period_is_shown_both_ways_and_the_rule_is_named(opened: Office) -> None:
    proposed(opened)
    view = shown(opened, publish(opened))
    assert (view.name, view.stage_name) == ("2026年度拟创建对象公示（2026年6月1日）", "拟创建对象公示")
    assert (view.without_start.end, view.with_start.end) == (LAST, date(2026, 6, 5))
    assert view.counted.working_days == tuple(date(2026, 6, day) for day in (2, 3, 4, 5, 8))
    assert view.rule == "发布当日不计入，从下一个工作日起数（民法典第二百零一条）"
    assert (view.left, view.confirm_from, view.state) == (5, AFTER, "running")
    assert view.state_text == "公示中，最后一日是2026年6月8日（周一），还有 5 个工作日。"
    assert (view.can_confirm, view.confirm_text) == (False, "公示最后一日是2026年6月8日（周一），过了这一天才能确认。")
    assert (view.warnings, view.intact, view.contact) == ((), True, CONTACT)
    assert view.sha256 == opened.row(tables.notices, id=view.id).sha256


def test_days_left_and_over(opened: Office) -> None:
    proposed(opened)
    notice = publish(opened)
    opened.on(LAST)
    assert (shown(opened, notice).left, shown(opened, notice).state) == (1, "running")
    assert shown(opened, notice).state_text == "公示中，最后一日是2026年6月8日（周一），含今天还有 1 个工作日。"
    opened.on(AFTER)
    # of a past day it is not said that it is today
    before = shown(opened, notice, LAST)
    assert before.state_text == "公示中，最后一日是2026年6月8日（周一），含当天还有 1 个工作日。"
    view = shown(opened, notice)
    assert (view.left, view.state, view.can_confirm) == (0, "over", True)
    assert view.state_text == "公示期已满（最后一日2026年6月8日（周一））：3 个可以确认。"
    assert view.confirm_text == "将确定为创建对象 3 个。"


def test_a_signature_after_the_first_day_is_pointed_out(opened: Office) -> None:
    proposed(opened)
    view = shown(opened, publish(opened, day=date(2026, 6, 7), signed=date(2026, 6, 8)))
    assert view.warnings == (
        "落款日期2026年6月8日（周一）晚于公示首日2026年6月7日（周日），请核对。",
        "公示首日2026年6月7日（周日）不是工作日，公示期从下一个工作日起算。",
    )


def test_where_each_entry_stands(opened: Office) -> None:
    made = proposed(opened, [*NAMES, ("虚构丁平台", "鞍山市"), ("虚构戊平台", "抚顺市"), ("虚构己平台", "本溪市")])
    notice = publish(opened)
    jia, yi, _, ding, wu, _ = made
    object_to(opened, notice, jia, received=RECEIVED)
    [true] = object_to(opened, notice, yi, received=RECEIVED)
    resolve(opened, true, RECEIVED, upheld=True)
    version = {each: opened.row(tables.cases, id=each).version for each in made}
    cases.act(opened.app, opened.staff, ding, version[ding], event="withdrawn", day=RECEIVED, why="来函")
    cases.void(opened.app, opened.staff, wu, version[wu], 3, "误列")
    opened.on(AFTER)
    view = shown(opened, notice)
    assert [(each.name, each.state, each.text, each.objections) for each in view.entries] == [
        ("虚构甲平台", "open", "还有1件异议没有核查完", ("异议2026-1",)),
        ("虚构乙平台", "upheld", "已是“公示异议属实”", ("异议2026-2",)),
        ("虚构丁平台", "ended", "已是“撤回”", ()),
        ("虚构戊平台", "voided", "公示登记已作废", ()),
        ("虚构己平台", "ready", "没有异议妨碍，可以确认", ()),
        ("虚构丙平台", "ready", "没有异议妨碍，可以确认", ()),
    ]
    assert [each.position for each in view.entries] == [1, 2, 3, 4, 5, 6]
    assert view.counts == {
        "ready": 2, "open": 1, "held": 0, "running": 0, "confirmed": 0, "upheld": 1, "ended": 1, "voided": 1,
    }  # fmt: skip
    assert view.state_text == ("公示期已满（最后一日2026年6月8日（周一））：2 个可以确认，1 个有异议待核查。")
    assert view.confirm_text == "将确定为创建对象 2 个，其余 1 个留待核查后再确认。"
    confirm(opened, notice, AFTER)
    assert shown(opened, notice).state_text == "公示期已满（最后一日2026年6月8日（周一））：1 个有异议待核查。"
    view = shown(opened, notice)
    assert (view.state, view.confirm_text) == ("over", "没有可以确认的对象：1 个异议待核查。")
    assert view.entries[4].text == f"已于2026年6月9日（周二）确定为创建对象（{DOCUMENT}）"
    resolve(opened, 1, AFTER)
    confirm(opened, notice, AFTER)
    view = shown(opened, notice)
    assert (view.state, view.can_confirm) == ("done", False)
    assert view.state_text == "已办结：确定为创建对象 3 个，异议属实 1 个，退出 1 个。"
    object_to(opened, notice, jia, received=AFTER)
    told = "已办结：确定为创建对象 3 个，异议属实 1 个，退出 1 个，还有 1 件异议待核查。"
    assert (shown(opened, notice).state, shown(opened, notice).state_text) == ("done", told)


def test_a_notice_taken_back(opened: Office) -> None:
    proposed(opened)
    notice = publish(opened)
    notices.withdraw_notice(opened.app, opened.staff, notice, 1, "附件有误")
    view = shown(opened, notice)
    assert (view.state, view.state_text) == ("withdrawn", "公示已撤回，对象回到“拟创建对象”。")
    later = publish(opened, day=date(2026, 6, 2))
    assert [each.id for each in views.notices_of(opened.app, opened.round_id)] == [later, notice]


def test_years_later_a_creation_notice_still_says_what_came_of_it(opened: Office) -> None:
    numbers = proposed(opened)
    notice = publish(opened)
    confirm(opened, notice, AFTER)
    opened.on(date(2028, 6, 20))
    version = opened.row(tables.cases, id=numbers[0]).version
    cases.act(
        opened.app, opened.staff, numbers[0], version, event="dishonesty_found", day=date(2028, 6, 20),
        document="虚构〔2028〕3号", why="查实", data={"evidence": "通报"},
    )  # fmt: skip
    assert {each[0] for each in entry_states(opened, notice)} == {"confirmed"}


def test_a_list_that_was_changed_shows(opened: Office) -> None:
    proposed(opened)
    notice = publish(opened)
    with opened.app.writer.begin() as connection:
        connection.execute(tables.notices.update().values(sha256="0"))
    assert not shown(opened, notice).intact


# ---------------------------------------------------------------- before it is published


def test_a_form_begins_with_what_is_known(opened: Office) -> None:
    form = views.notice_form(opened.app, opened.round_id, "creation")
    assert (form.waiting, form.days, form.count_start, form.contact) == ((), 5, False, None)
    numbers = proposed(opened)
    accepted(opened)
    publish(opened, "recognition")
    form = views.notice_form(opened.app, opened.round_id, "creation")
    assert [each.case_id for each in form.waiting] == numbers
    assert (form.contact, form.published) == (CONTACT, PUBLISHED)


def test_a_preview_is_what_is_published(opened: Office) -> None:
    proposed(opened)
    opened.on(PUBLISHED)
    given: dict[str, Any] = {
        "published": PUBLISHED,
        "signed": PUBLISHED,
        "contact": replace(CONTACT, phone="  024-00000000 "),
    }
    preview = views.notice_preview(opened.app, opened.round_id, "creation", **given)
    before = opened.last().id
    view = shown(opened, publish(opened))
    assert opened.last().id == before + 1
    assert (preview.text, preview.counted, preview.listed.data_sha256) == (view.text, view.counted, view.sha256)
    assert [each.name for each in preview.entries] == [each.name for each in view.entries]
    with pytest.raises(Refused, match="没有“拟创建对象”等待公示，请先选定要公示的对象。"):
        views.notice_preview(opened.app, opened.round_id, "creation", **given)


def test_the_text_stays_as_it_was_published(opened: Office) -> None:
    proposed(opened)
    notice = publish(opened)
    before = shown(opened, notice).text
    held = opened.row(tables.rounds, id=opened.round_id)
    names = ("notice_date", "standard_id", "deadline", "reference_day", "count_start", "over_quota", "folder")
    kept = {name: getattr(held, name) for name in names}
    rounds.change_round(opened.app, opened.admin, opened.round_id, 1, **kept, notice_number="虚构〔2026〕7号", why="补")
    assert shown(opened, notice).text == before


# ---------------------------------------------------------------- objections


def test_an_objection_is_shown_with_what_it_means(opened: Office) -> None:
    first, second, third = proposed(opened)
    notice = publish(opened)
    object_to(opened, notice, first, received=AFTER, postmarked=LAST)
    object_to(opened, notice, second, received=AFTER, source="anonymous", from_name="", channel="phone")
    confirm(opened, notice, date(2026, 6, 10))
    object_to(opened, notice, third, received=date(2026, 6, 11), source="unit", from_name="虚构协会")
    object_to(opened, notice, third, received=date(2026, 6, 5))
    opened.on(date(2026, 6, 12))
    told = shown(opened, notice).objections
    assert [(each.number, each.name, each.source, each.channel, each.mark, each.blocks) for each in told] == [
        ("异议2026-1", "虚构甲平台", "实名（个人）", "信函", "", True),
        ("异议2026-2", "虚构乙平台", "匿名", "电话", "逾期提出", False),
        ("异议2026-3", "虚构丙平台", "单位", "信函", "确认之后收到", False),
        ("异议2026-4", "虚构丙平台", "实名（个人）", "信函", "确认之后登记", False),
    ]
    assert [each.sentence for each in told] == [
        "在公示期内提出，核查完毕之前不能确认。",
        "收到日期晚于公示最后一日2026年6月8日（周一），不妨碍确认。",
        f"登记在案，不影响2026年6月10日（周三）确定为创建对象；{ARTICLE_12}。",
        "收到日期不晚于2026年6月10日（周三）确定为创建对象，但当时没有登记。应当按异议核查的，请先在“创建对象”中"
        f"作废“确定为创建对象”，异议随之进入核查；否则登记在案，{ARTICLE_12}。",
    ]
    assert [(each.late, each.on_paper, each.open) for each in told] == [
        (False, False, True),
        (True, False, True),
        (True, True, True),
        (False, True, True),
    ]


def test_a_finding_and_a_voided_registration_are_told(opened: Office) -> None:
    first, second, _ = proposed(opened)
    notice = publish(opened)
    [one] = object_to(opened, notice, first, received=RECEIVED)
    [two] = object_to(opened, notice, second, received=RECEIVED)
    objections.assign(opened.app, opened.staff, one, 1, "赵经办")
    resolve(opened, one, date(2026, 6, 4))
    objections.void(opened.app, opened.staff, two, 1, "登记错了")
    found, gone = shown(opened, notice).objections
    assert (found.investigator, found.finding, found.finding_name, found.answer, found.resolved, found.version) == (
        "赵经办", "unfounded", "不属实", "已书面答复", date(2026, 6, 4), 3,
    )  # fmt: skip
    assert (found.sentence, found.blocks, found.open) == ("", False, False)
    assert (gone.mark, gone.finding_reason, gone.blocks, gone.on_paper) == ("登记已作废", "登记错了", False, False)


# ---------------------------------------------------------------- a past day


def test_a_past_day_is_shown_as_it_was_known(opened: Office) -> None:
    first, *_ = proposed(opened)
    notice = publish(opened)
    [one] = object_to(opened, notice, first, received=RECEIVED)
    opened.on(date(2026, 6, 4))
    objections.assign(opened.app, opened.staff, one, 1, "赵经办")
    resolve(opened, one, date(2026, 6, 5))
    confirm(opened, notice, AFTER)
    [two] = object_to(opened, notice, first, received=AFTER, postmarked=LAST)
    opened.on(date(2026, 6, 10))
    version = opened.row(tables.cases, id=first).version
    cases.void(opened.app, opened.staff, first, version, 6, "漏了一件异议")
    objections.reopen(opened.app, opened.staff, one, 3, "再查")

    def on(day: date) -> tuple[str, list[tuple[str, str, str, bool]]]:
        view = shown(opened, notice, day)
        told = [(each.number, each.investigator, each.finding, each.on_paper) for each in view.objections]
        return view.entries[0].state, told

    assert on(date(2026, 6, 2)) == ("running", [])
    assert on(date(2026, 6, 3)) == ("open", [("异议2026-1", "", "", False)])
    assert on(date(2026, 6, 4)) == ("open", [("异议2026-1", "赵经办", "", False)])
    assert on(date(2026, 6, 5)) == ("running", [("异议2026-1", "赵经办", "unfounded", False)])
    assert on(AFTER) == (
        "confirmed",
        [("异议2026-1", "赵经办", "unfounded", False), ("异议2026-2", "", "", True)],
    )
    assert on(date(2026, 6, 10)) == (
        "open",
        [("异议2026-1", "赵经办", "", False), ("异议2026-2", "", "", False)],
    )
    assert shown(opened, notice).objections == shown(opened, notice, date(2026, 6, 10)).objections
    assert two == shown(opened, notice).objections[1].id
    assert shown(opened, notice, date(2026, 6, 3)).left == 4


def test_before_it_was_published_there_is_none(opened: Office) -> None:
    proposed(opened)
    notice = publish(opened)
    assert views.notices_of(opened.app, opened.round_id, date(2026, 5, 31)) == ()
    with pytest.raises(Refused) as caught:
        shown(opened, notice, date(2026, 5, 31))
    assert str(caught.value) == (
        "2026年5月31日（周日）还没有登记2026年度拟创建对象公示（2026年6月1日），请选择以后的日期。"
    )
    with pytest.raises(Refused, match="没有这次公示，请回到列表重新选择。"):
        shown(opened, 99)
