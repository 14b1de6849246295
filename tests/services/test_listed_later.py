"""The lists of what becomes of objects: renamed, reviewed, in force; and as was known on any past day."""

from __future__ import annotations

from datetime import date

import pytest

from core.services import cases, lists
from core.store import tables
from tests.begun import entered, taken_over
from tests.office import DALIAN, SHENFU, SHENYANG, TODAY, Office

Rows = list[tuple[str, ...]]
LATER = date(2026, 6, 3)


def rows(office: Office, kind: str, as_of: date | None = None) -> Rows:
    """Without the number of the line."""
    return [row[1:] for row in lists.public_list(office.app, office.round_id, kind, as_of).rows]


def change(office: Office, case_id: int, day: date, **data: object) -> None:
    entered(office.app, office.staff, case_id, "change_reported", day, occurred=day.isoformat(), evidence="登记")
    entered(office.app, office.staff, case_id, "change_decided", day, **data)


def void(office: Office, case_id: int, number: int) -> None:
    version = office.row(tables.cases, id=case_id).version
    cases.void(office.app, office.staff, case_id, version, number, "误登记")


# ---------------------------------------------------------------- renamed


def test_a_decided_change_of_name_or_operator_is_a_line(opened: Office) -> None:
    app, staff = opened.app, opened.staff
    first = taken_over(app, staff, "recognized", date(2025, 3, 1), "虚构丁平台", city=SHENFU, operator="虚构丁公司")
    second = taken_over(app, staff, "creating", date(2025, 3, 1), "虚构乙基地", kind="base", operator="虚构乙公司")
    kept = taken_over(app, staff, "recognized", date(2025, 3, 1), "虚构丙平台", city=DALIAN)
    ended = taken_over(app, staff, "recognized", date(2025, 3, 1), "虚构戊平台", city=DALIAN)
    change(opened, first, TODAY, keep=True, name="虚构甲平台")
    change(opened, second, TODAY, keep=True, operator="虚构乙集团")
    change(opened, kept, TODAY, keep=True)  # merged, and called as before
    change(opened, ended, TODAY, keep=False, name="虚构己平台")
    assert lists.public_list(app, opened.round_id, "renamed").header == (
        "序号", "地区", "原名称", "现名称", "类型", "原运营主体", "现运营主体",
    )  # fmt: skip
    told = [
        (SHENYANG, "虚构乙基地", "虚构乙基地", "基地", "虚构乙公司", "虚构乙集团"),
        (SHENFU, "虚构丁平台", "虚构甲平台", "平台", "虚构丁公司", "虚构丁公司"),
    ]
    assert rows(opened, "renamed") == told
    opened.on(LATER)
    void(opened, second, 3)
    change(opened, first, LATER, keep=True, name="虚构庚平台", operator="虚构庚公司")
    now = [
        (SHENFU, "虚构甲平台", "虚构庚平台", "平台", "虚构丁公司", "虚构庚公司"),
        (SHENFU, "虚构丁平台", "虚构甲平台", "平台", "虚构丁公司", "虚构丁公司"),
    ]
    assert rows(opened, "renamed") == now
    assert rows(opened, "renamed", TODAY) == told


def test_a_change_of_another_year_is_of_that_year(opened: Office) -> None:
    number = taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1))
    change(opened, number, date(2025, 12, 31), keep=True, name="虚构新名")
    assert rows(opened, "renamed") == []
    assert lists.listing(opened.app, opened.round_id, "renamed").empty == (
        "2026年没有同意更名、变更运营主体的。在“创建对象”办理重大变更之后，会列在这里。"
    )


# ---------------------------------------------------------------- reviewed


def test_a_review_is_told_in_public_words_and_the_last_one_counts(opened: Office) -> None:
    app, staff = opened.app, opened.staff
    passed, failed, twice, ended = (
        taken_over(app, staff, status, date(2025, 3, 1), name)
        for status, name in (
            ("recognized", "虚构甲平台"),
            ("recognized", "虚构乙平台"),
            ("rectifying", "虚构丙平台"),
            ("rectifying", "虚构丁平台"),
        )
    )
    taken_over(app, staff, "recognized", date(2025, 3, 1), "虚构戊平台")
    entered(app, staff, passed, "review_passed", TODAY)
    entered(app, staff, failed, "review_failed", TODAY)
    entered(app, staff, twice, "review_passed", TODAY)
    entered(app, staff, ended, "review_failed", TODAY)
    told = [(row[1], row[-1]) for row in rows(opened, "review_results")]
    assert told == [
        ("虚构丁平台", "撤销认定"),
        ("虚构丙平台", "复核通过"),
        ("虚构乙平台", "限期整改"),
        ("虚构甲平台", "复核通过"),
    ]
    opened.on(LATER)
    entered(app, staff, failed, "review_passed", LATER)
    void(opened, passed, 2)
    assert [(row[1], row[-1]) for row in rows(opened, "review_results")] == [*told[:2], ("虚构乙平台", "复核通过")]
    assert [(row[1], row[-1]) for row in rows(opened, "review_results", TODAY)] == told


# ---------------------------------------------------------------- in force


def test_in_force_are_all_that_are_recognised_or_rectify_whatever_the_round(opened: Office) -> None:
    app, staff = opened.app, opened.staff
    for status, name, city in (
        ("recognized", "虚构乙平台", DALIAN),
        ("rectifying", "虚构甲平台", SHENFU),
        ("creating", "虚构丙平台", SHENYANG),
        ("revoked", "虚构丁平台", SHENYANG),
    ):
        taken_over(app, staff, status, date(2020, 3, 1), name, city=city, operator=f"{name}中心")
    number = taken_over(app, staff, "recognized", date(2019, 3, 1), "虚构戊平台")
    line = lambda city, name: (city, name, "平台", f"{name}中心")  # noqa: E731
    before = [(SHENYANG, "虚构戊平台", "平台", "虚构甲公司"), line(DALIAN, "虚构乙平台"), line(SHENFU, "虚构甲平台")]
    assert rows(opened, "in_force") == before
    opened.on(LATER)
    change(opened, number, LATER, keep=True, name="虚构己平台")
    entered(app, staff, 1, "dishonesty_found", LATER, evidence="信用中国")
    now = [(SHENYANG, "虚构己平台", "平台", "虚构甲公司"), line(SHENFU, "虚构甲平台")]
    assert rows(opened, "in_force") == now
    assert rows(opened, "in_force", TODAY) == before


def test_the_list_in_force_says_as_of_when_and_no_year(opened: Office) -> None:
    taken_over(opened.app, opened.staff, "recognized", date(2020, 3, 1))
    opened.on(LATER)
    name, _ = lists.download(opened.app, opened.staff, opened.round_id, "in_force", "csv", TODAY)
    assert name == "现有省级示范平台（基地）名单（截至2026-05-20）.csv"
    assert opened.last().what == f"导出现有省级示范平台（基地）名单（按2026年5月20日（周三）已知的）：{name}"
    then, now = (lists.public_list(opened.app, opened.round_id, "in_force", day) for day in (TODAY, None))
    assert now.title == "辽宁省中小企业公共服务示范平台（基地）现有名单"
    assert then.title == f"{now.title}（截至2026年5月20日）"
    assert then.data_sha256 == now.data_sha256


@pytest.mark.parametrize(
    ("kind", "sentence", "page"),
    [
        ("review_results", "2026年还没有办理运行复核的。在“创建对象”登记复核结果之后，会列在这里。", "cases"),
        ("in_force", "还没有已认定的。存量对象可以在“存量建档”一次录入。", "cohort"),
    ],
)
def test_an_empty_list_says_why(opened: Office, kind: str, sentence: str, page: str) -> None:
    told = lists.listing(opened.app, opened.round_id, kind)
    assert (told.empty, told.page) == (sentence, page)
