"""The list of 创建对象: filters, counts, official order, pages, and the same as known on a past day."""

from __future__ import annotations

from datetime import date

import pytest

from core.lifecycle.table import load
from core.services import cases
from core.store import tables
from core.views.cases import CaseFilter, case_counts, case_lines, groups
from tests.begun import entered, recommended, taken_over
from tests.conftest import BOTH
from tests.office import Office

DAY = date(2029, 3, 2)


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


@pytest.fixture
def several(opened: Office) -> Office:
    """Six cases in four cities; it is 2 March 2029."""
    office, app = opened, opened.app
    office.on(DAY)
    taken_over(app, office.staff, "recognized", date(2027, 3, 1), "虚构乙基地", kind="base", city="大连市")
    taken_over(app, office.staff, "recognized", date(2027, 3, 2), "虚构甲平台", city="大连市", operator="虚构海公司")
    taken_over(
        app, office.staff, "creating", date(2027, 4, 1), "虚构丙平台", city="沈抚示范区", uscc="91210000MA00000X01"
    )
    late = taken_over(app, office.staff, "rectifying", date(2028, 5, 31), "虚构丁平台")
    entered(app, office.staff, late, "change_reported", DAY, occurred="2028-01-05", evidence="登记")
    ended = recommended(app, office.staff, DAY, "虚构戊平台", city="鞍山市")
    entered(app, office.staff, ended, "not_selected", DAY)
    noticed = recommended(app, office.staff, date(2029, 2, 1), "虚构己平台", city="鞍山市")
    entered(app, office.staff, noticed, "selected", date(2029, 2, 2))
    entered(app, office.staff, noticed, "notice_opened", date(2029, 2, 5), days=5, count_start=False)
    entered(app, office.staff, noticed, "objection_filed", DAY, id="异议1", postmarked="2029-02-06", evidence="来信")
    return office


def names(office: Office, on: date | None = None, **wanted: str) -> list[str]:
    """The names in the list, shortened to what tells them apart."""
    found = case_lines(office.app, CaseFilter(**wanted), on, size=20)
    assert len(found) == case_counts(office.app, CaseFilter(**wanted), on).total
    return [each.name[2] for each in found]


def test_the_list_is_in_official_order_and_says_where_each_stands(several: Office) -> None:
    found = case_lines(several.app, CaseFilter(), size=20)
    assert [(one.city, one.name, one.status_name, one.due, one.left, one.hints) for one in found] == [
        ("沈阳市", "虚构丁平台", "整改期", date(2029, 5, 31), 90, ("有变更报告待决定", "变更报告超过期限")),
        ("大连市", "虚构乙基地", "已认定", date(2029, 3, 1), -1, ()),
        ("大连市", "虚构甲平台", "已认定", DAY, 0, ()),
        ("鞍山市", "虚构己平台", "创建公示", date(2029, 2, 12), -18, ("1 件异议未处理完",)),
        ("鞍山市", "虚构戊平台", "未入选", None, None, ()),
        ("沈抚示范区", "虚构丙平台", "创建期", date(2029, 4, 1), 30, ()),
    ]
    assert [one.provisional for one in found] == [False, False, False, True, False, False]
    assert (found[0].operator, found[0].since, found[0].deadline) == (
        "虚构甲公司",
        date(2028, 5, 31),
        "rectification_ends",
    )


def test_each_filter_leaves_what_fits(several: Office) -> None:
    assert names(several, status="recognized") == ["乙", "甲"]
    assert names(several, status="published") == ["己"]
    assert names(several, status="ended") == ["戊"]
    assert names(several, status="revoked") == []
    assert names(several, kind="base") == ["乙"]
    assert names(several, city="鞍山市") == ["己", "戊"]
    # a day is overdue when it is past, and within 30 days when it is the thirtieth
    assert names(several, due="overdue") == ["乙", "己"]
    assert names(several, due="30") == ["甲", "丙"]
    assert names(several, due="90") == ["丁", "甲", "丙"]
    assert names(several, open="objection") == ["己"]
    assert names(several, open="change") == ["丁"]
    assert names(several, city="大连市", kind="platform", status="recognition", due="30") == ["甲"]


def test_text_is_looked_for_in_names_of_all_times_operator_and_code(several: Office) -> None:
    assert names(several, text="基地") == ["乙"]
    assert names(several, text="海公司") == ["甲"]
    assert names(several, text="ma00000x01") == names(several, text="ＭＡ00000X01") == ["丙"]
    assert names(several, text="%") == []
    decided = {"keep": True, "name": "虚构癸平台", "operator": "虚构新公司"}
    entered(several.app, several.staff, 4, "change_decided", DAY, **decided)
    assert names(several, text="丁平台") == names(several, text="新公司") == ["癸"]


def test_counts_are_by_status_whatever_status_is_chosen(several: Office) -> None:
    counts = case_counts(several.app, CaseFilter(status="recognized"))
    assert counts.total == 2
    assert counts.by_status == {
        "recognized": 2, "creating": 1, "rectifying": 1, "not_selected": 1, "creation_notice": 1
    }  # fmt: skip
    assert {each.code: counts.of(each) for each in groups() if counts.of(each)} == {
        "published": 1, "creation": 1, "recognition": 2, "rectification": 1, "ended": 1
    }  # fmt: skip
    assert counts.every == 6
    assert case_counts(several.app, CaseFilter(city="大连市", status="creating")).by_status == {"recognized": 2}
    assert case_counts(several.app, CaseFilter(text="虚构乙", status="creating")).by_status == {"recognized": 1}


def test_every_status_is_in_one_group() -> None:
    assert sorted(status for each in groups() for status in each.statuses) == sorted(load().statuses)


def test_pages_follow_each_other(several: Office) -> None:
    pages = [case_lines(several.app, CaseFilter(), first=first, size=4) for first in (0, 4, 8)]
    assert [[each.name[2] for each in page] for page in pages] == [["丁", "乙", "甲", "己"], ["戊", "丙"], []]


def test_a_case_that_was_taken_back_is_in_no_list(several: Office) -> None:
    called = names(several)
    several.on(date(2029, 3, 20))
    cases.void(several.app, several.staff, 1, 1, 1, "误建")
    gone = several.row(tables.standings, case_id=1)
    assert (gone.status, gone.name) == (None, "虚构乙基地")
    assert names(several) == [each for each in called if each != "乙"]
    assert names(several, text="基地") == []
    assert case_counts(several.app, CaseFilter()).every == len(called) - 1
    # on a day before that, it is there as it was
    assert names(several, on=DAY) == called


def test_the_list_of_a_past_day_shows_what_was_known_then(several: Office) -> None:
    office = several
    office.on(date(2029, 3, 20))
    entered(office.app, office.staff, 1, "review_failed", date(2029, 3, 1))
    cases.void(office.app, office.staff, 5, 2, 2, "误点")
    assert names(office, status="ended") == []
    assert names(office, status="rectifying") == ["丁", "乙"]
    assert names(office, on=DAY, status="ended") == ["戊"]
    assert names(office, on=DAY, status="rectifying") == ["丁"]
    assert names(office, on=DAY, due="overdue", text="基地") == ["乙"]
    # the days left are those of that day
    assert case_lines(office.app, CaseFilter(text="丙"), DAY, size=20)[0].left == 30
    assert case_lines(office.app, CaseFilter(text="丙"), size=20)[0].left == 12
    assert names(office, on=date(2029, 3, 1)) == []
