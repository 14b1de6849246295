"""What acceptance and review rest on: an application that was handed in for it, and passes only if that does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core import views
from core.errors import Refused
from core.services import cases, intake
from core.store import tables
from tests.begun import entered, taken_over
from tests.books import applicant
from tests.confirmed import confirmed
from tests.office import SHENYANG, TODAY, Office
from tests.settled import settled

CODE = "12210100MB0000001P"  # of the platform in tests/checks/sample.toml
NAME = "虚构甲平台"
HOW = "请市里在推荐汇总表中以“{}”报送，受理并审核之后再办。"


def begun(office: Office, status: str, since: date = date(2024, 3, 1), uscc: str = CODE) -> int:
    return taken_over(office.app, office.staff, status, since, NAME, uscc=uscc)


def hand_in(office: Office, application: str, *more: Any, cells: Any = None, name: str = NAME) -> int:
    """Takes in 沈阳市's workbook with one application of the case (and others), and gives its number."""
    office.put(SHENYANG, applicant("platform", "PT-009", name, cells, application), *more)
    [done] = office.take(SHENYANG)
    assert done.ok, done.sentence
    return int(office.application(SHENYANG, "pt-009").id)


def act(office: Office, case_id: int, version: int, event: str, **more: Any) -> str:
    values = {"day": TODAY, "document": "虚构〔2026〕2号", "why": "会议研究"} | more
    return cases.act(office.app, office.staff, case_id, version, event=event, **values)


def data_of(office: Office, case_id: int, number: int) -> Any:
    return office.row(tables.case_events, case_id=case_id, number=number).data


@pytest.mark.parametrize(
    ("status", "event", "asked"),
    [
        ("creating", "acceptance_passed", "期满验收"),
        ("extended", "acceptance_passed", "延期验收"),
        ("recognized", "review_passed", "运行复核"),
        ("rectifying", "review_passed", "运行复核"),
    ],
)
def test_nothing_passes_that_was_not_handed_in(opened: Office, status: str, event: str, asked: str) -> None:
    number = begun(opened, status, date(2022, 3, 1))
    word = {"acceptance_passed": "验收通过", "review_passed": "复核通过"}[event]
    assert opened.refuses(Refused, lambda: act(opened, number, 1, event)) == (
        f"“{NAME}”不能办理“{word}”：还没有收到它的“{asked}”。{HOW.format(asked)}"
    )


def test_what_is_not_settled_does_not_pass_and_what_passes_is_kept_with_the_entry(opened: Office) -> None:
    number = begun(opened, "creating")
    application = hand_in(opened, "期满验收")
    assert opened.refuses(Refused, lambda: act(opened, number, 1, "acceptance_passed")) == (
        f"“{NAME}”不能办理“验收通过”：2026年度的“期满验收”（沈阳市编号“PT-009”）审核结论是“待认定”，"
        "结论为“达标”才能通过。请到“条件审核”核定、认定。"
    )
    settled(opened.app, opened.staff, application)
    assert views.basis(opened.app, number).sentence == "2026年度的“期满验收”（沈阳市编号“PT-009”）审核结论是“达标”。"
    said = act(opened, number, 1, "acceptance_passed", data={"application_id": 77, "ended": "2026-01-01"})
    assert said == f"“{NAME}”2026年5月20日（周三）验收通过；现为“拟认定对象”。"
    assert data_of(opened, number, 2) == {"application_id": application}
    assert views.basis(opened.app, number).sentence == "目前是“拟认定对象”，不办理验收或复核。"


def test_what_the_table_forbids_is_told_before_what_is_missing(opened: Office) -> None:
    number = begun(opened, "recognized")
    said = opened.refuses(Refused, lambda: act(opened, number, 1, "acceptance_passed"))
    assert said.startswith(f"“{NAME}”不能办理“验收通过”：在“已认定”时不能办理；")


def test_a_failure_rests_on_what_was_handed_in_where_there_is_something(opened: Office) -> None:
    number = begun(opened, "creating")
    assert act(opened, number, 1, "acceptance_failed").endswith("现为“延长创建期”。")
    assert data_of(opened, number, 2) is None
    cases.void(opened.app, opened.staff, number, 2, 2, "误点")
    application = hand_in(opened, "期满验收", cells={"平台指标": {"年服务中小企业数（家）": "900"}})
    assert views.basis(opened.app, number).application.verdict == "fail"  # type: ignore[union-attr]
    said = opened.refuses(Refused, lambda: act(opened, number, 3, "acceptance_failed", why=" "))
    assert said == "办理“初次验收未通过，延长创建期”要写明理由（第七条（三））。"
    act(opened, number, 3, "acceptance_failed")
    assert data_of(opened, number, 4) == {"application_id": application}


def test_an_application_serves_once_until_what_rests_on_it_is_voided(opened: Office) -> None:
    number = begun(opened, "recognized", date(2023, 3, 1))
    application = hand_in(opened, "运行复核")
    settled(opened.app, opened.staff, application)
    act(opened, number, 1, "review_failed")
    assert opened.refuses(Refused, lambda: act(opened, number, 2, "review_passed")) == (
        f"“{NAME}”不能办理“复核通过”：2026年度的“运行复核”（沈阳市编号“PT-009”）已用于“复核未通过”，没有新的。"
        f"{HOW.format('运行复核')}"
    )
    cases.void(opened.app, opened.staff, number, 2, 2, "误点")
    act(opened, number, 3, "review_passed")
    assert data_of(opened, number, 4) == {"application_id": application}
    cases.correct(opened.app, opened.staff, number, 4, 4, day=date(2026, 5, 19), document="", data={}, why="日期写错")
    assert data_of(opened, number, 6) == {"application_id": application}


def test_two_of_one_round_and_one_that_is_gone_from_the_workbook_are_told(opened: Office) -> None:
    number = begun(opened, "creating")
    hand_in(opened, "期满验收", applicant("platform", "PT-010", "虚构另名", None, "期满验收"))
    assert views.basis(opened.app, number).sentence == (
        "2026年度有 2 个“期满验收”与它对应（沈阳市编号“PT-009”、沈阳市编号“PT-010”），请市里只留一个。"
    )
    other = opened.application(SHENYANG, "pt-010")
    opened.put(SHENYANG, applicant("platform", "PT-001", "虚构乙平台", {"推荐汇总表": {"统一社会信用代码": ""}}))
    opened.take(SHENYANG)
    intake.decide_withdrawal(opened.app, opened.staff, other.id, other.version, withdrawn=True, why="市里来函")
    assert views.basis(opened.app, number).sentence == (
        "2026年度的“期满验收”（沈阳市编号“PT-009”）已不在市里的工作簿中，请先到“推荐接收”确认撤回或保留。"
    )
    one = opened.application(SHENYANG, "pt-009")
    intake.decide_withdrawal(opened.app, opened.staff, one.id, one.version, withdrawn=True, why="市里来函")
    assert views.basis(opened.app, number).sentence == (
        f"2026年度的“期满验收”（沈阳市编号“PT-009”）已经撤回。{HOW.format('期满验收')}"
    )


def test_every_application_of_a_case_is_linked_with_what_rests_on_it(opened: Office) -> None:
    number = begun(opened, "recognized", date(2023, 3, 1))
    other = taken_over(opened.app, opened.staff, "recognized", date(2023, 3, 1), "虚构丙平台")
    application = hand_in(opened, "运行复核", applicant("platform", "PT-001", "虚构丙平台", None, "创建申报"))
    act(opened, number, 1, "review_failed")
    [found] = views.linked_applications(opened.app, number)
    assert (found.application_id, found.year, found.number, found.application) == (
        application, 2026, "PT-009", "运行复核",
    )  # fmt: skip
    assert (found.verdict, found.withdrawal, found.how, found.used) == ("review", "", "used", "review_failed")
    assert views.linked_applications(opened.app, other) == ()  # a 创建申报 is of the case that it opens
    said = opened.refuses(Refused, lambda: views.linked_applications(opened.app, 77))
    assert said == "没有这个创建对象，请回到列表重新选择。"


def test_a_verified_code_ties_the_application_to_its_case(opened: Office) -> None:
    from core.services import review

    number = begun(opened, "creating", uscc="91210100MA0000003N")
    application = hand_in(opened, "期满验收", name="虚构乙平台")
    assert views.linked_applications(opened.app, number) == ()
    review.verify_value(
        opened.app, opened.staff, application, 1, sheet="推荐汇总表", column="统一社会信用代码",
        text="91210100MA0000003N", why="填错", evidence="执照",
    )  # fmt: skip
    assert [each.how for each in views.linked_applications(opened.app, number)] == ["code"]


def test_a_change_of_name_is_decided_with_the_new_name(opened: Office) -> None:
    number = begun(opened, "recognized")
    given = {"occurred": "2026-03-02", "evidence": "登记", "change": "更名", "opinion": "保留"}
    act(opened, number, 1, "change_reported", data=given)

    def decide(**data: Any) -> str:
        return act(opened, number, 2, "change_decided", data={"keep": True} | data)

    assert opened.refuses(Refused, lambda: decide(name=" ")) == (
        f"“{NAME}”报告的是更名，请写明新的平台（基地）名称（第十一条）。"
    )
    assert opened.refuses(Refused, lambda: decide(name=NAME)) == f"新的名称与现在的“{NAME}”相同，请核对。"
    said = opened.refuses(Refused, lambda: decide(name="虚构乙平台", uscc="12210100MB0000001X"))
    assert said.startswith("新的统一社会信用代码“12210100MB0000001X”不能用：")
    decide(name=" 虚构乙平台 ", uscc="91210100ma0000003n")
    assert data_of(opened, number, 3) == {"keep": True, "name": "虚构乙平台", "uscc": "91210100MA0000003N"}
    row = opened.row(tables.standings, case_id=number)
    assert (row.name, row.uscc, row.status) == ("虚构乙平台", "91210100MA0000003N", "recognized")


def test_other_changes_and_a_case_that_is_not_kept_need_no_name(opened: Office) -> None:
    number = begun(opened, "recognized")
    given = {"occurred": "2026-03-02", "evidence": "登记"}
    entered(opened.app, opened.staff, number, "change_reported", date(2026, 5, 6), change="重组", **given)
    act(opened, number, 2, "change_decided", data={"keep": True})
    entered(opened.app, opened.staff, number, "change_reported", date(2026, 5, 20), change="更名", **given)
    said = act(opened, number, 4, "change_decided", data={"keep": False})
    assert said.endswith("现为“撤销认定”。")


def test_an_application_names_its_case_or_says_why_there_is_none(opened: Office) -> None:
    application = hand_in(opened, "期满验收", applicant("platform", "PT-001", "虚构丁平台"))
    assert views.case_of(opened.app, application) == views.CaseOf(
        None,
        "",
        f"沈阳市的创建对象中没有与“{NAME}”统一社会信用代码和名称相符的（曾用名也查过）。请核对；已更名的，请先办理变更。",
    )
    number = begun(opened, "creating")
    assert views.case_of(opened.app, application) == views.CaseOf(number, NAME, "")
    # a 创建申报 with the code of a case is not of that case
    new = int(opened.application(SHENYANG, "pt-001").id)
    assert views.case_of(opened.app, new) == views.CaseOf(None, "", "")
    led = confirmed(opened.app, opened.staff, new, date(2026, 5, 1))
    assert views.case_of(opened.app, new) == views.CaseOf(led, "虚构丁平台", "")
