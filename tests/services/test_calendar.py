"""工作日历: a whole arrangement in one act, what is refused, ending a day, and the calendar that follows at once."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from core.errors import Refused, Stale
from core.services import calendar as service
from core.services import counting, rounds
from core.services.arrangement import DayOverride, read_lines
from core.services.calendar import SetResult
from core.store.tables import calendar_overrides
from core.working_days.calendar import Working
from tests.office import Office

DOCUMENT = "虚构办发〔2026〕8号"
FRIDAY, SUNDAY = date(2026, 12, 18), date(2026, 12, 20)
REST, WORK = DayOverride(FRIDAY, "rest", DOCUMENT, "虚构市庆"), DayOverride(SUNDAY, "work", DOCUMENT)
WHOLE = """
2027-01-01 休 元旦
2027-02-05 至 2027-02-11 休 春节
2027-02-14 班
2027-04-05 休 清明节
2027-05-01 至 2027-05-05 休 劳动节
2027-10-01 至 2027-10-07 休 国庆节
2027-10-09 班
"""


def enter(office: Office, *rows: DayOverride, why: str = "按通知", **options: int) -> SetResult:
    return service.set_overrides(office.app, office.admin, rows, why, **options)


def refused(office: Office, *rows: DayOverride, why: str = "按通知", **options: int) -> str:
    return office.refuses(Refused, lambda: enter(office, *rows, why=why, **options))


def test_an_arrangement_is_one_act_and_counts_at_once(opened: Office) -> None:
    before = counting.calendar(opened.app)
    assert before.end_of_period(date(2026, 12, 14), 5).end == date(2026, 12, 21)
    assert enter(opened, WORK, REST) == SetResult(2, 0)
    after = counting.calendar(opened.app)
    assert (after.is_working_day(FRIDAY), after.is_working_day(SUNDAY)) == (Working(False, False), Working(True, False))
    assert after.end_of_period(date(2026, 12, 14), 5).end == date(2026, 12, 21)
    assert after.end_of_period(date(2026, 12, 14), 4).end == SUNDAY
    entry = opened.last()
    assert (entry.action, entry.who, entry.subject, entry.why) == ("calendar.set", "张主任", "工作日历", "按通知")
    assert entry.what == (
        "录入2026年工作日安排 2 天：2026年12月20日（周日）上班、2026年12月18日（周五）休息（虚构办发〔2026〕8号）"
    )
    assert entry.details == {
        "days": [["2026-12-20", "work", ""], ["2026-12-18", "rest", "虚构市庆"]],
        "documents": [DOCUMENT],
        "whole_year": None,
        "settled": 0,
        "moved": [],
    }
    row = opened.row(calendar_overrides, day=FRIDAY)
    assert (row.kind, row.document, row.note, row.who, row.at, row.ended_at, row.version) == (
        "rest",
        DOCUMENT,
        "虚构市庆",
        "张主任",
        entry.at,
        None,
        1,
    )


def test_a_provisional_day_becomes_certain_and_the_rest_of_its_year_does_not(opened: Office) -> None:
    enter(opened, DayOverride(date(2027, 1, 1), "rest", DOCUMENT))
    now = counting.calendar(opened.app)
    assert now.is_working_day(date(2027, 1, 1)) == Working(False, False)
    assert now.is_working_day(date(2027, 1, 4)) == Working(True, True)


def test_a_whole_year_settles_every_day_of_it(opened: Office) -> None:
    rows = read_lines(WHOLE, DOCUMENT)
    assert len(rows) == 23
    assert enter(opened, *rows, whole_year=2027) == SetResult(23, 342)
    now = counting.calendar(opened.app)
    days = now.year_days(2027)
    assert (len(days), any(one.provisional for one in days)) == (365, False)
    assert [one.day for one in days if one.working and one.day.weekday() > 4] == [date(2027, 2, 14), date(2027, 10, 9)]
    # two weekend days worked, 15 weekdays at rest: Monday to Friday are 261 of 2027
    assert sum(one.working for one in days) == 261 + 2 - 15
    assert opened.last().what == (
        "录入2027年工作日安排 23 天：2027年1月1日（周五）休息、2027年2月5日（周五）休息、2027年2月6日（周六）休息等"
        "（虚构办发〔2026〕8号）；2027年其余 342 天按周一至周五确定"
    )


def test_a_whole_year_must_name_the_holidays_by_law(opened: Office) -> None:
    rows = read_lines("2027-10-01 休 国庆节", DOCUMENT)
    assert (
        refused(opened, *rows, whole_year=2027)
        == "全年安排中没有写法定节假日：2027年1月1日（周五）元旦。请补上再保存。"
    )


def test_every_objection_is_told_at_once(opened: Office) -> None:
    enter(opened, REST)
    same = DayOverride(date(2026, 10, 1), "rest", DOCUMENT)
    plain = DayOverride(date(2026, 12, 21), "work", DOCUMENT)
    assert refused(opened, same, plain, WORK, DayOverride(FRIDAY, "work", "另一文件")) == (
        "2026年10月1日（周四）本来就是休息日，不用录入。"
        "2026年12月21日（周一）本来就是工作日，不用录入。"
        "2026年12月18日（周五）已按“虚构办发〔2026〕8号”录为休息；如有变动，请先终止原来的安排，再录入新的。"
    )


@pytest.mark.parametrize(
    ("rows", "options", "sentence"),
    [
        ([], {}, "没有写明任何日期，请先逐行写明日期和休、班。"),
        ([REST, DayOverride(SUNDAY, "work", " ")], {}, "请写明文号或文件名称，如 国办发明电〔2024〕12号。"),
        ([REST, WORK, REST], {}, "2026年12月18日（周五）写了不止一次，请只留一行。"),
        ([DayOverride(date(2206, 12, 18), "rest", "甲")], {}, "2206年12月18日（周四）的年份不对，请核对。"),
        ([DayOverride(FRIDAY, "off", "甲")], {}, "2026年12月18日（周五）请写明休息还是上班。"),  # type: ignore[arg-type]
        ([REST], {"whole_year": 2026}, "2026年的放假安排程序中已有，请只录入有变动的日期。"),
        ([REST], {"whole_year": 2027}, "所列日期没有一天在2027年，请核对年份。"),
        (
            [DayOverride(date(2027, 1, 1), "rest", "甲"), DayOverride(date(2027, 1, 4), "rest", "乙")],
            {"whole_year": 2027},
            "全年安排请只写一个文件。",
        ),
    ],
)
def test_what_cannot_be_entered_is_told(
    opened: Office, rows: list[DayOverride], options: dict[str, int], sentence: str
) -> None:
    assert refused(opened, *rows, **options) == sentence


def test_an_act_asks_for_its_reason(opened: Office) -> None:
    assert refused(opened, REST, why=" ") == "请写明理由，供日后核查。"
    enter(opened, REST)
    number = opened.row(calendar_overrides, day=FRIDAY).id
    sentence = opened.refuses(Refused, lambda: service.end_override(opened.app, opened.admin, number, 1, ""))
    assert sentence == "请写明理由，供日后核查。"


def test_an_ended_day_counts_as_before_and_may_be_entered_again(opened: Office) -> None:
    enter(opened, REST)
    first = opened.row(calendar_overrides, day=FRIDAY)
    service.end_override(opened.app, opened.admin, first.id, first.version, "文件作废")
    assert counting.calendar(opened.app).is_working_day(FRIDAY) == Working(True, False)
    ended = opened.row(calendar_overrides, id=first.id)
    entry = opened.last()
    assert (ended.ended_at, ended.version) == (entry.at, 2)
    assert (entry.action, entry.subject_kind, entry.subject_id, entry.based_on, entry.why) == (
        "calendar.ended",
        "calendar_override",
        str(first.id),
        1,
        "文件作废",
    )
    assert entry.what == "终止2026年12月18日（周五）的安排：休息（虚构办发〔2026〕8号）"
    enter(opened, REST)
    assert counting.calendar(opened.app).is_working_day(FRIDAY) == Working(False, False)


def test_who_ends_second_hears_who_came_first(opened: Office) -> None:
    enter(opened, REST)
    number = opened.row(calendar_overrides, day=FRIDAY).id
    service.end_override(opened.app, opened.admin, number, 1, "文件作废")
    at = opened.last().at
    again = lambda version: service.end_override(opened.app, opened.admin, number, version, "再办")  # noqa: E731
    assert opened.refuses(Stale, lambda: again(1)) == (
        f"2026年12月18日（周五）的安排已由张主任于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )
    assert opened.refuses(Refused, lambda: again(2)) == "2026年12月18日（周五）的安排已经终止，无需再办。"
    assert opened.refuses(Refused, lambda: service.end_override(opened.app, opened.admin, 99, 1, "x")) == (
        "没有这一天的安排。"
    )


def test_the_calendar_is_kept_until_an_override_changes(opened: Office) -> None:
    first = counting.calendar(opened.app)
    rounds.open_round(opened.app, opened.admin, year=2027)
    assert counting.calendar(opened.app) is first
    enter(opened, REST)
    assert counting.calendar(opened.app) is not first


def test_two_who_enter_the_same_day_at_once(opened: Office) -> None:
    said: list[str] = []

    def try_it(document: str) -> None:
        try:
            enter(opened, DayOverride(FRIDAY, "rest", document))
            said.append("entered")
        except Refused as refusal:
            said.append(str(refusal).split("”")[1])

    threads = [threading.Thread(target=try_it, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["entered", "录为休息；如有变动，请先终止原来的安排，再录入新的。"]
    assert opened.row(calendar_overrides, day=FRIDAY).kind == "rest"


# ---------------------------------------------------------------- lines as typed


def test_lines_are_days_and_runs_of_days() -> None:
    text = "2027-01-01 休 元旦\n\n 2027-02-13 班\n2027-10-06至2027-10-07休息：国庆节\n2027-10-09，上班"
    assert read_lines(text, " 甲 ") == [
        DayOverride(date(2027, 1, 1), "rest", "甲", "元旦"),
        DayOverride(date(2027, 2, 13), "work", "甲"),
        DayOverride(date(2027, 10, 6), "rest", "甲", "国庆节"),
        DayOverride(date(2027, 10, 7), "rest", "甲", "国庆节"),
        DayOverride(date(2027, 10, 9), "work", "甲"),
    ]


def test_every_line_that_cannot_be_read_is_named() -> None:
    text = (
        "2027-01-01 元旦\n2027-02-30 休\n2027-01-02 休\n2027-01-05 至 2027-01-04 休\n2027-01-01 至 2027-02-01 班\n"
        "2027-1-1 至 2027-01-02 休"
    )
    with pytest.raises(Refused) as caught:
        read_lines(text, "甲")
    assert str(caught.value) == (
        "第 1 行“2027-01-01 元旦”看不懂，请写成“2027-01-01 休 元旦”或“2027-10-01 至 2027-10-07 休 国庆节”的样子。"
        "第 2 行“2027-02-30 休”中的“2027-02-30”不是日期，请写成 2027-01-01 的样子。"
        "第 4 行“2027-01-05 至 2027-01-04 休”的起止日期颠倒了。"
        "第 5 行“2027-01-01 至 2027-02-01 班”共 32 天，一行最多 31 天，请核对年份。"
        "第 6 行“2027-1-1 至 2027-01-02 休”中的“2027-1-1”不是日期，请写成 2027-01-01 的样子。"
    )
