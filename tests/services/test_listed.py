"""The five lists: as published, before that as chosen, before that as judged; and as was known on any past day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from core.errors import Refused
from core.publication.lists import KINDS
from core.services import cases, intake, lists, notices, review
from core.services.notices import Contact
from core.store import tables
from tests.begun import entered, taken_over
from tests.books import MAIN, applicant
from tests.chosen import chosen
from tests.conftest import one_database
from tests.office import DALIAN, SHENFU, SHENYANG, TODAY, Office, better, shenyang
from tests.settled import settled

FIRST, SECOND, THIRD = "虚构市云帆服务平台", "虚构市望海基地", "虚构市星河服务平台"
CONTACT = Contact("024-00000000", "虚构市虚构路1号", "", "虚构处")
PUBLISHED, CONFIRMED = date(2026, 6, 1), date(2026, 6, 9)
CREATION, RECOGNITION = "creation_candidates", "recognition_candidates"


def names(office: Office, kind: str = CREATION, as_of: date | None = None) -> list[str]:
    return [each.name for each in lists.public_list(office.app, office.round_id, kind, as_of).objects]


def judge(office: Office) -> dict[str, int]:
    """大连市 puts its figures right; then three applications pass. Gives them by name."""
    office.put(DALIAN, *better())
    office.take(DALIAN)
    found = {
        FIRST: office.application(SHENYANG, "pt-001").id,
        SECOND: office.application(SHENYANG, "jd-001").id,
        THIRD: office.application(DALIAN, "pt-001").id,
    }
    for number in found.values():
        settled(office.app, office.staff, number)
    return found


def select(office: Office, *numbers: int, **declined: int) -> None:
    reasons = {number: reason for reason, number in declined.items()}
    chosen(office.app, office.staff, office.round_id, office.app.clock.today(), numbers, reasons)


def publish(office: Office, stage: str, day: date) -> int:
    office.on(day)
    return notices.open_notice(
        office.app, office.staff, office.round_id, stage, published=day, signed=day, contact=CONTACT
    )


def case_of(office: Office, application: int) -> int:
    return int(office.row(tables.cases, application_id=application).id)


def test_a_list_goes_from_judged_to_chosen_to_published(office: Office) -> None:
    found = judge(office)
    assert names(office) == [FIRST, SECOND, THIRD]
    source = lambda: lists.listing(office.app, office.round_id, CREATION).source  # noqa: E731
    assert source() == "是结论为“达标”的创建申报，还没有审定拟创建对象。"
    office.on(date(2026, 5, 25))
    select(office, found[FIRST], found[THIRD], 名额有限=found[SECOND])
    assert names(office) == [FIRST, THIRD]
    assert source() == "是审定列为拟创建对象的，还没有公示。"
    publish(office, "creation", PUBLISHED)
    assert (names(office), source()) == ([FIRST, THIRD], "是已经发布的公示名单。")
    withdrawn = case_of(office, found[THIRD])
    cases.act(office.app, office.staff, withdrawn, 2, event="withdrawn", day=PUBLISHED, why="来函")
    assert names(office) == [FIRST, THIRD]  # it was published


def test_who_withdraws_before_the_notice_is_not_on_the_list_and_nobody_chosen_is_told(office: Office) -> None:
    found = judge(office)
    select(office, found[FIRST])
    cases.act(office.app, office.staff, case_of(office, found[FIRST]), 1, event="withdrawn", day=TODAY, why="来函")
    told = lists.listing(office.app, office.round_id, CREATION)
    assert (told.listed.objects, told.source) == ((), "")
    assert told.empty == "审定时没有列为拟创建对象的，或者列入的已经撤回、取消资格。"


def test_a_notice_that_was_taken_back_is_no_list(office: Office) -> None:
    found = judge(office)
    select(office, found[FIRST], found[SECOND])
    number = publish(office, "creation", PUBLISHED)
    notices.withdraw_notice(office.app, office.staff, number, 1, "名单有误")
    assert lists.listing(office.app, office.round_id, CREATION).source == "是审定列为拟创建对象的，还没有公示。"


def test_before_the_notice_a_verified_name_is_the_one_that_will_be_published(office: Office) -> None:
    found = judge(office)
    select(office, found[FIRST])
    version = office.application(SHENYANG, "pt-001").version
    review.verify_value(
        office.app, office.staff, found[FIRST], version, sheet=MAIN, column="平台（基地）名称", text="核定名称",
        why="与证书不符", evidence="证书",
    )  # fmt: skip
    assert names(office) == ["核定名称"]


def test_objects_are_those_confirmed_by_the_notices_of_the_round_by_the_name_of_that_day(office: Office) -> None:
    found = judge(office)
    select(office, found[FIRST], found[THIRD])
    number = publish(office, "creation", PUBLISHED)
    assert names(office, "creation_objects") == []
    office.on(CONFIRMED)
    notices.confirm(office.app, office.staff, number, 1, day=CONFIRMED, document="虚构〔2026〕1号")
    case = case_of(office, found[FIRST])
    given = {"occurred": "2026-06-09", "evidence": "登记", "change": "更名"}
    entered(office.app, office.staff, case, "change_reported", CONFIRMED, **given)
    office.on(date(2026, 6, 10))
    entered(office.app, office.staff, case, "change_decided", date(2026, 6, 10), keep=True, name="虚构新名")
    assert names(office, "creation_objects") == [FIRST, THIRD]
    other = case_of(office, found[THIRD])
    cases.void(office.app, office.staff, other, office.row(tables.cases, id=other).version, 4, "误点")
    assert names(office, "creation_objects") == [FIRST]
    taken_over(office.app, office.staff, "creating", date(2026, 3, 1), "虚构老对象")
    assert names(office, "creation_objects") == [FIRST]


def test_recognition_goes_the_same_way(opened: Office) -> None:
    passing = applicant("platform", "PT-009", "虚构丙平台", None, "期满验收")
    opened.put(SHENYANG, passing, applicant("base", "JD-009", "虚构丁基地", None, "运行复核"))
    opened.take(SHENYANG)
    for key in ("pt-009", "jd-009"):
        settled(opened.app, opened.staff, opened.application(SHENYANG, key).id)
    source = lambda: lists.listing(opened.app, opened.round_id, RECOGNITION).source  # noqa: E731
    assert (names(opened, RECOGNITION), source()) == (["虚构丙平台"], "是结论为“达标”的验收申报，还没有办理验收。")
    case = taken_over(opened.app, opened.staff, "creating", date(2024, 3, 1), "虚构丙平台")
    cases.act(opened.app, opened.staff, case, 1, event="acceptance_passed", day=TODAY, why="验收会议")
    later = taken_over(opened.app, opened.staff, "creating", date(2024, 3, 1), "虚构戊平台", city=SHENFU)
    entered(opened.app, opened.staff, later, "acceptance_passed", TODAY)
    assert names(opened, RECOGNITION) == ["虚构丙平台", "虚构戊平台"]
    assert source() == "是验收通过、列为拟认定对象的，还没有公示。"
    number = publish(opened, "recognition", PUBLISHED)
    assert (names(opened, RECOGNITION), source()) == (["虚构丙平台", "虚构戊平台"], "是已经发布的公示名单。")
    assert names(opened, "recognized") == []
    opened.on(CONFIRMED)
    notices.confirm(opened.app, opened.staff, number, 1, day=CONFIRMED, document="虚构〔2026〕2号")
    assert names(opened, "recognized") == ["虚构丙平台", "虚构戊平台"]
    assert names(opened, "creation_objects") == []


def test_what_was_accepted_after_the_year_waits_for_the_list_of_a_later_round(opened: Office) -> None:
    case = taken_over(opened.app, opened.staff, "creating", date(2024, 3, 1))
    opened.on(date(2027, 1, 4))
    entered(opened.app, opened.staff, case, "acceptance_passed", date(2027, 1, 4))
    assert names(opened, RECOGNITION) == []


def test_revoked_are_those_of_the_year_however_it_came(opened: Office) -> None:
    by_review = taken_over(opened.app, opened.staff, "rectifying", date(2025, 9, 1), "虚构甲平台")
    by_list = taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构乙平台", city=DALIAN)
    by_change = taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构丙平台", city=SHENFU)
    taken_over(opened.app, opened.staff, "revoked", date(2025, 12, 31), "虚构上年平台")
    disqualified = taken_over(opened.app, opened.staff, "creating", date(2025, 3, 1), "虚构丁平台")
    entered(opened.app, opened.staff, by_review, "review_failed", TODAY)
    for each in (by_list, disqualified):
        entered(opened.app, opened.staff, each, "dishonesty_found", TODAY, evidence="信用中国")
    entered(
        opened.app, opened.staff, by_change, "change_reported", date(2026, 5, 6), occurred="2026-05-06", evidence="x"
    )
    entered(opened.app, opened.staff, by_change, "change_decided", date(2026, 5, 7), keep=False)
    assert names(opened, "revoked") == ["虚构甲平台", "虚构乙平台", "虚构丙平台"]
    opened.on(date(2026, 5, 21))
    cases.void(opened.app, opened.staff, by_list, 2, 2, "认错了对象")
    assert names(opened, "revoked") == ["虚构甲平台", "虚构丙平台"]
    assert names(opened, "revoked", TODAY) == ["虚构甲平台", "虚构乙平台", "虚构丙平台"]


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (CREATION, "还没有结论为“达标”的创建申报。请到“条件审核”逐项认定。"),
        ("creation_objects", "2026年度还没有确定创建对象。公示期满、在“公示与异议”确认之后，会列在这里。"),
        (
            RECOGNITION,
            "还没有验收通过的创建对象，也没有结论为“达标”的验收申报。请到“条件审核”逐项认定，再在“创建对象”办理验收。",
        ),
        ("recognized", "2026年度还没有认定的。认定公示期满、在“公示与异议”确认之后，会列在这里。"),
        ("revoked", "2026年没有撤销认定的。"),
    ],
)
@one_database
def test_an_empty_list_says_why_and_is_written_all_the_same(
    office: Office, kind: str, sentence: str, tmp_path: Path
) -> None:
    assert lists.listing(office.app, office.round_id, kind).empty == sentence
    paths = lists.export_to(office.app, office.staff, office.round_id, kind, tmp_path / "out")
    described = json.loads(paths[3].read_text("utf-8"))
    assert (described["list"], described["rows"]) == (kind, 0)


def test_every_list_of_a_past_day_is_what_it_was_on_that_day(office: Office) -> None:
    """Whatever is done later, what a day's lists said stays what a question about that day answers."""
    kept: dict[date, dict[str, tuple[str, str]]] = {}

    def close(day: date) -> None:
        """The evening of a day: what its lists say."""
        assert office.app.clock.today() == day
        kept[day] = {kind: read(kind, None) for kind in KINDS}

    def read(kind: str, as_of: date | None) -> tuple[str, str]:
        told = lists.listing(office.app, office.round_id, kind, as_of)
        return told.listed.data_sha256, told.source + told.empty

    found = judge(office)
    close(TODAY)
    office.on(date(2026, 5, 21))  # the row disappears, then is kept, then stands in the workbook again
    office.put(SHENYANG, shenyang()[0])
    gone = office.take(SHENYANG)[0].intake_id or 0
    close(date(2026, 5, 21))
    office.on(date(2026, 5, 22))
    version = office.application(SHENYANG, "jd-001").version
    intake.decide_withdrawal(office.app, office.staff, found[SECOND], version, withdrawn=False, why="市里来函")
    close(date(2026, 5, 22))
    office.on(date(2026, 5, 23))
    intake.decide_withdrawal(office.app, office.staff, found[SECOND], version + 1, withdrawn=True, why="市里来函")
    close(date(2026, 5, 23))
    office.on(date(2026, 5, 24))
    intake.undo(office.app, office.staff, gone, "误受理")
    close(date(2026, 5, 24))
    office.on(date(2026, 5, 25))
    version = office.application(SHENYANG, "pt-001").version
    given = {"sheet": MAIN, "column": "平台（基地）名称"}
    review.verify_value(
        office.app, office.staff, found[FIRST], version, **given, text="核定名称", why="不符", evidence="证书"
    )
    close(date(2026, 5, 25))
    office.on(date(2026, 5, 26))
    review.end_verified(office.app, office.staff, found[FIRST], version + 1, **given, why="有误")
    version = office.application(DALIAN, "pt-001").version
    review.end_determination(
        office.app, office.staff, found[THIRD], version, criterion="annex1.assurance", why="认定有误"
    )
    close(date(2026, 5, 26))
    office.on(date(2026, 5, 27))
    select(office, found[FIRST], found[SECOND])
    close(date(2026, 5, 27))
    number = publish(office, "creation", PUBLISHED)
    close(PUBLISHED)
    office.on(CONFIRMED)
    notices.confirm(office.app, office.staff, number, 1, day=CONFIRMED, document="虚构〔2026〕1号")
    close(CONFIRMED)
    office.on(date(2026, 6, 10))
    case = case_of(office, found[FIRST])
    cases.void(office.app, office.staff, case, office.row(tables.cases, id=case).version, 4, "误点")
    close(date(2026, 6, 10))
    office.on(date(2026, 6, 22))  # after the deadline: a late workbook, accepted two days later
    office.put(DALIAN, applicant("platform", "PT-001", "虚构市改名服务平台"))
    late = office.take(DALIAN)[0]
    assert late.held
    close(date(2026, 6, 22))
    office.on(date(2026, 6, 24))
    intake.accept_held(office.app, office.staff, late.intake_id or 0, "情况特殊")
    close(date(2026, 6, 24))
    office.on(date(2027, 3, 1))
    assert {day: {kind: read(kind, day) for kind in KINDS} for day in kept} == kept
    assert len({answers[CREATION] for answers in kept.values()}) == 6
    assert len({answers["creation_objects"] for answers in kept.values()}) == 3
    assert names(office, CREATION, date(2026, 5, 19)) == []


def test_files_of_a_past_day_say_so(office: Office, tmp_path: Path) -> None:
    found = judge(office)
    office.on(date(2026, 5, 25))
    select(office, found[FIRST])
    paths = lists.export_to(office.app, office.staff, office.round_id, CREATION, tmp_path, TODAY)
    assert [path.name for path in paths][2:] == [
        "2026年度拟创建对象公示名单（截至2026-05-20）.csv",
        "2026年度拟创建对象公示名单（截至2026-05-20）.manifest.json",
    ]
    described = json.loads(paths[3].read_text("utf-8"))
    assert (described["as_of"], described["rows"]) == ("2026-05-20", 3)
    assert office.last().what.startswith("导出2026年度拟创建对象公示名单（按2026年5月20日（周三）已知的）：")
    assert office.last().details["as_of"] == "2026-05-20"
    name, data = lists.download(office.app, office.staff, office.round_id, CREATION, "csv", TODAY)
    assert (name, data) == (paths[2].name, paths[2].read_bytes())
    said = office.refuses(Refused, lambda: names(office, CREATION, date(2026, 5, 26)))
    assert said == "2026年5月26日（周二）还没有到，不能查看那一天的名单。"
