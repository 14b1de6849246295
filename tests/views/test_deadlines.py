"""期限: everything that is due, overdue first, by every filter, a page at a time, today and on a past day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core import views
from core.services import calendar, cases, changes, notices, objections, rounds
from core.services.arrangement import read_lines
from core.services.due import ITEMS, KIND_WORDS, WHO, WITHIN, Filters
from core.standards.recommenders import recommenders
from core.store import tables
from core.views import DueRow
from tests.begun import entered, taken_over
from tests.conftest import BOTH
from tests.due import CONTACT, DAY, Due, make_due
from tests.office import DALIAN, SHENYANG, Office, shenyang

ALL = slice(0, 1000)
OVER, AHEAD = "2026年度拟创建对象公示（2026年12月18日），2 个", "2026年度拟创建对象公示（2026年12月28日），1 个"


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


@pytest.fixture
def due(office: Office) -> tuple[Office, Due]:
    """The office at the end of the year, with something due of every kind."""
    office.on(DAY)
    return office, make_due(office.app, office.staff, office.round_id)


def listed(office: Office, on: date | None = None, **filters: str) -> list[DueRow]:
    return views.deadlines(office.app, Filters(**filters), ALL, on)


def told(rows: list[DueRow]) -> list[tuple[Any, ...]]:
    return [(row.what, row.subject, row.city, row.day, row.state) for row in rows]


def test_everything_that_is_due_overdue_first(due: tuple[Office, Due]) -> None:
    office, _ = due
    assert told(listed(office)) == [
        ("report", "2026年度轮次", "", date(2026, 6, 15), "overdue"),
        ("review", "虚构甲平台", "沈阳市", date(2026, 12, 16), "overdue"),
        ("change", "虚构乙基地", "大连市", None, "now"),
        ("objection", "虚构戊平台", "大连市", None, "now"),
        ("notice", OVER, "", date(2026, 12, 25), "now"),
        ("arrangement", "2027年", "", date(2026, 12, 31), "ahead"),
        ("notice", AHEAD, "锦州市", date(2027, 1, 5), "ahead"),
        ("acceptance", "虚构乙基地", "大连市", date(2027, 1, 15), "ahead"),
        ("second_review", "虚构丙平台", "鞍山市", date(2027, 3, 2), "ahead"),
    ]


def test_each_says_who_acts_by_what_clause_and_where(due: tuple[Office, Due]) -> None:
    office, made = due
    rows = {(row.what, row.subject): row for row in listed(office)}
    found = {key: (row.acts, row.clause, row.left, row.since, row.note, row.link) for key, row in rows.items()}
    assert found["review", "虚构甲平台"] == (
        "省厅会同沈阳市", "第十条", -12, date(2024, 12, 16), "", ("cases", (("case", str(made.overdue)),)),
    )  # fmt: skip
    assert found["change", "虚构乙基地"] == (
        "省厅", "第十一条", None, date(2026, 12, 7), "", ("cases", (("case", str(made.creating)),)),
    )  # fmt: skip
    number = office.row(tables.objections, id=made.objection).number
    assert found["objection", "虚构戊平台"] == (
        "省厅", "第七条（二）", None, date(2026, 12, 24), f"{number}，还没有指定核查人",
        ("notices", (("notice", str(made.over)), ("objection", str(made.objection)))),
    )  # fmt: skip
    assert found["notice", OVER] == (
        "省厅", "第七条（二）", -3, date(2026, 12, 18), "还有 1 件异议没有处理完",
        ("notices", (("notice", str(made.over)),)),
    )  # fmt: skip
    assert found["report", "2026年度轮次"] == (
        "推荐单位", "第七条（一）", -196, None, "还没有报送：12 个推荐单位", ("intake", (("year", "2026"),)),
    )  # fmt: skip
    assert [row.provisional for row in rows.values()] == [False] * 6 + [True] + [False] * 2


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"who": "joint"}, ["review", "second_review"]),
        ({"who": "recommender"}, ["report"]),
        ({"city": "大连市"}, ["change", "objection", "notice", "acceptance"]),
        ({"city": "锦州市"}, ["report", "notice"]),
        ({"what": "notice"}, ["notice", "notice"]),
        ({"what": "objection", "city": "沈阳市"}, []),
        ({"kind": "base"}, ["change", "acceptance"]),
        ({"within": "overdue"}, ["report", "review"]),
        ({"within": "now"}, ["change", "objection", "notice"]),
        (
            {"within": "30"},
            ["report", "review", "change", "objection", "notice", "arrangement", "notice", "acceptance"],
        ),
        ({"within": "provisional"}, ["notice"]),
        ({"who": "joint", "within": "90", "kind": "platform"}, ["review", "second_review"]),
        ({"what": "review", "who": "recommender"}, []),
    ],
)
def test_filters(due: tuple[Office, Due], filters: dict[str, str], found: list[str]) -> None:
    assert [row.what for row in listed(due[0], **filters)] == found


def test_of_a_notice_of_several_cities_each_city_sees_its_own(due: tuple[Office, Due]) -> None:
    [row] = listed(due[0], city="沈阳市", what="notice")
    assert (row.subject, row.city, row.note) == (OVER.replace("2 个", "1 个"), "沈阳市", "")


def test_the_counts_are_those_of_the_list(due: tuple[Office, Due]) -> None:
    office, _ = due
    assert views.tally(office.app, Filters()) == views.Tally(2, 3, (3, 1, 0), 0, 1)
    for name, values in (("who", WHO), ("what", ITEMS), ("kind", KIND_WORDS), ("within", WITHIN)):
        for value in values:
            filters = replace(Filters(), **{name: value})
            rows = views.deadlines(office.app, filters, ALL)
            counts = views.tally(office.app, filters)
            assert (counts.total, counts.provisional) == (len(rows), sum(row.provisional for row in rows))
            assert counts.overdue == sum(row.state == "overdue" for row in rows)


def test_pages_put_together_are_the_list(due: tuple[Office, Due]) -> None:
    office, _ = due
    cities = [each.name for each in recommenders()]
    for number in range(12):
        since = date(2024, 12, 1) + timedelta(days=17 * (number % 5))
        taken_over(office.app, office.staff, "recognized", since, f"虚构第{number}平台", city=cities[number])
    whole = listed(office)
    assert len(whole) == 21
    assert [row.order for row in whole] == sorted(row.order for row in whole)
    for size in (1, 2, 5, 20):
        pages = [views.deadlines(office.app, Filters(), slice(at, at + size)) for at in range(0, 30, size)]
        assert [row for page in pages for row in page] == whole


def test_those_with_a_day_for_pictures_and_months(due: tuple[Office, Due]) -> None:
    office, _ = due
    rows, count = views.dated(office.app, Filters(), 3)
    assert ([row.what for row in rows], count) == (["report", "review", "notice"], 7)
    january = (date(2027, 1, 1), date(2027, 1, 31))
    rows, count = views.dated(office.app, Filters(), 9, january)
    assert ([row.what for row in rows], count) == (["notice", "acceptance"], 2)
    rows, count = views.dated(office.app, Filters(within="now"), 9, january)
    assert (rows, count) == ([], 0)


def test_a_past_day_shows_what_was_known_then(due: tuple[Office, Due]) -> None:
    office, made = due
    then = listed(office)
    office.on(DAY + timedelta(days=1))
    held = office.row(tables.objections, id=made.objection)
    given = {"day": DAY, "upheld": False, "reason": "查无实据", "answer": "已书面答复"}
    objections.resolve(office.app, office.staff, held.id, held.version, **given)
    decided = {"day": DAY, "document": "虚构〔2026〕9号", "why": "符合条件", "data": {"keep": True}}
    version = office.row(tables.cases, id=made.creating).version
    cases.act(office.app, office.staff, made.creating, version, event="change_decided", **decided)
    settings = office.row(tables.rounds, id=office.round_id)
    kept = {name: getattr(settings, name) for name in ("notice_number", "notice_date", "standard_id", "count_start")}
    kept |= {"over_quota": settings.over_quota, "folder": settings.folder, "reference_day": date(2027, 1, 8)}
    rounds.change_round(
        office.app, office.staff, settings.id, settings.version, deadline=date(2026, 12, 30), why="延期", **kept
    )
    calendar.set_overrides(office.app, office.admin, read_lines("2027-01-04 休", "虚构办发〔2026〕8号"), "按通知")
    assert [(row.what, row.day) for row in listed(office)] == [
        ("review", date(2026, 12, 16)),
        ("notice", date(2026, 12, 25)),
        ("report", date(2026, 12, 30)),
        ("arrangement", date(2026, 12, 31)),
        ("notice", date(2027, 1, 6)),
        ("reference", date(2027, 1, 8)),
        ("acceptance", date(2027, 1, 15)),
        ("second_review", date(2027, 3, 2)),
    ]
    assert listed(office, DAY) == then
    # before anything had been entered of the cases, the round had its days
    assert told(listed(office, date(2026, 5, 20))) == [
        ("report", "2026年度轮次", "", date(2026, 6, 15), "ahead"),
        ("reference", "2026年度轮次", "", date(2026, 6, 30), "ahead"),
        ("arrangement", "2027年", "", date(2026, 12, 31), "ahead"),
    ]


def test_a_notice_taken_back_and_published_anew(due: tuple[Office, Due]) -> None:
    office, made = due
    office.on(DAY + timedelta(days=1))
    version = office.row(tables.notices, id=made.ahead).version
    notices.withdraw_notice(office.app, office.staff, made.ahead, version, "名单有误")
    assert [row.subject for row in listed(office, what="notice")] == [OVER]
    given = {"signed": DAY, "contact": CONTACT, "published": DAY + timedelta(days=1), "case_ids": [made.in_ahead]}
    notices.open_notice(office.app, office.staff, office.round_id, "creation", **given)
    again = "2026年度拟创建对象公示（2026年12月29日），1 个"
    assert [row.subject for row in listed(office, what="notice")] == [OVER, again]
    assert [row.subject for row in listed(office, DAY, what="notice")] == [OVER, AHEAD]


def test_a_report_waits_to_be_entered_and_then_to_be_decided(office: Office) -> None:
    number = taken_over(office.app, office.staff, "creating", date(2025, 3, 1), "虚构甲平台")
    row = {"变更类型": "更名", "变更发生日期": "2026-01-12", "向市级报告日期": "2026-04-12", "市级意见": "保留"}
    row |= {"平台（基地）名称": "虚构甲平台", "变更内容": "更名为虚构乙平台"}
    office.put(SHENYANG, *shenyang(), {"变更报告": [row]})
    assert [each.ok for each in office.take(SHENYANG)] == [True]
    [waits] = listed(office, city=SHENYANG, within="now")
    assert (waits.what, waits.subject, waits.since, waits.clause) == (
        "register", "虚构甲平台", date(2026, 4, 12), "第十一条",
    )  # fmt: skip
    assert (waits.note, waits.link) == ("更名，市级意见：保留", ("cases", (("view", "reports"),)))
    assert listed(office, city=DALIAN, what="register") == []
    [report] = views.change_reports(office.app)
    changes.register(office.app, office.staff, report.id, number, "")
    [waits] = listed(office, city=SHENYANG, within="now")
    assert (waits.what, waits.since) == ("change", date(2026, 4, 12))


def test_a_report_that_was_voided_does_not_count(due: tuple[Office, Due]) -> None:
    office, made = due
    given = {"occurred": "2026-12-01", "evidence": "虚构登记通知书"}
    number = entered(office.app, office.staff, made.creating, "change_reported", date(2026, 12, 21), **given)
    assert [row.since for row in listed(office, what="change")] == [date(2026, 12, 21)]
    office.on(DAY + timedelta(days=1))
    version = office.row(tables.cases, id=made.creating).version
    cases.void(office.app, office.staff, made.creating, version, number, "误点")
    assert [row.since for row in listed(office, what="change")] == [date(2026, 12, 7)]
    assert [row.since for row in listed(office, DAY, what="change")] == [date(2026, 12, 21)]


def test_the_calendar_file_is_of_the_filters_and_stays_the_same(due: tuple[Office, Due]) -> None:
    office, made = due
    whole = views.calendar_file(office.app, Filters())
    assert (whole.days, whole.left_out) == (7, 0)
    short = views.calendar_file(office.app, Filters(), most=2)
    assert (short.days, short.left_out, short.content.count(b"BEGIN:VEVENT")) == (2, 5, 2)
    office.app.remembered.clear()
    assert views.calendar_file(office.app, Filters()).content == whole.content
    ours = views.calendar_file(office.app, Filters(city="锦州市")).content.decode()
    assert "X-WR-CALNAME:示范创建期限（锦州市）" in ours
    assert f"SUMMARY:公示期满确认：{AHEAD}（暂定）" in ours.replace("\r\n ", "")
    before = uids(ours)
    calendar.set_overrides(office.app, office.admin, read_lines("2027-01-04 休", "虚构办发〔2026〕8号"), "按通知")
    after = views.calendar_file(office.app, Filters(city="锦州市")).content.decode()
    # the deadline has moved, and is the same one to a calendar
    assert ("DTSTART;VALUE=DATE:20270105" in ours, "DTSTART;VALUE=DATE:20270106" in after) == (True, True)
    assert uids(after) == before
    assert [one.partition("@")[0] for one in before] == ["round-1-report", f"notice-{made.ahead}"]


def uids(content: str) -> list[str]:
    return [line.removeprefix("UID:") for line in content.split("\r\n") if line.startswith("UID:")]


def test_nothing_is_due_before_there_is_anything(opened: Office) -> None:
    # of the round only what it has set; nobody waits for a calendar that is published in autumn
    assert [row.what for row in listed(opened, kind="platform")] == []
    assert [each.text for each in views.today(opened.app, opened.admin).waiting if each.page == "deadlines"] == []


def test_today_leads_to_what_is_due(due: tuple[Office, Due]) -> None:
    office, _ = due
    waiting = [each for each in views.today(office.app, office.admin).waiting if each.page in ("deadlines", "calendar")]
    assert [(each.text, each.count, each.query, each.urgent) for each in waiting] == [
        ("个期限已经逾期", 2, (("within", "overdue"),), True),
        ("个公示已经期满，待确认", 1, (("what", "notice"), ("within", "now")), True),
        ("件异议待核查，核查完才能确认", 1, (("what", "objection"),), True),
        ("个变更报告待决定", 1, (("what", "change"),), False),
        ("2027年放假安排还没有录入，公布后请录入", 1, (("of", "2027"),), False),
    ]
    for each in waiting[:4]:
        assert len(views.deadlines(office.app, Filters(**dict(each.query)), ALL)) == each.count
    staff = views.today(office.app, office.staff).waiting
    assert [each for each in staff if each.page == "calendar"] == []
    assert views.today(office.app, office.supervisor).waiting == ()
