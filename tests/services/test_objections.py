"""Objections to a notice: registered with their numbers, late ones block nothing, and each is answered for."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest

from core.errors import Refused, Stale
from core.services import cases, objections
from core.store import tables
from tests.conftest import one_database
from tests.notices import (
    AFTER,
    LAST,
    PUBLISHED,
    accepted,
    confirm,
    events,
    object_to,
    proposed,
    publish,
    resolve,
    status,
)
from tests.office import Office, dump

RECEIVED = date(2026, 6, 3)


@pytest.fixture
def running(office: Office) -> tuple[Office, int, list[int]]:
    """Three cases under a creation notice of 1 June; it is 3 June."""
    numbers = proposed(office)
    notice = publish(office)
    office.on(RECEIVED)
    return office, notice, numbers


def row(office: Office, number: int) -> Any:
    return office.row(tables.objections, id=number)


# ---------------------------------------------------------------- registering


def test_one_row_for_each_entry_each_with_its_number(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, second, _] = running
    made = object_to(office, notice, first, second, received=RECEIVED, postmarked=date(2026, 6, 2))
    kept = [row(office, number) for number in made]
    assert [(each.number, each.case_id, each.filed_number) for each in kept] == [
        ("异议2026-1", first, 4),
        ("异议2026-2", second, 4),
    ]
    assert events(office, first)[3] == (4, "objection_filed", RECEIVED, None)
    data = office.row(tables.case_events, case_id=first, number=4).data
    assert data == {
        "id": "异议2026-1", "postmarked": "2026-06-02", "evidence": "清单一份", "objection_id": made[0],
    }  # fmt: skip
    assert office.row(tables.standings, case_id=first).open_objections == 1
    last = office.last()
    assert (last.action, last.subject) == ("objection.filed", "异议2026-1、异议2026-2")
    assert last.what == (
        "登记信函异议 异议2026-1（“虚构甲平台”）、异议2026-2（“虚构乙平台”），"
        "收到日2026年6月3日（周三），邮戳日2026年6月2日（周二）"
    )


def test_numbers_run_within_the_year_and_are_never_given_twice(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, second, _] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    objections.void(office.app, office.staff, one, 1, "登记错了")
    [two] = object_to(office, notice, first, received=RECEIVED)
    office.on(date(2027, 1, 4))
    [three] = object_to(office, notice, second, received=RECEIVED)
    assert [row(office, number).number for number in (one, two, three)] == ["异议2026-1", "异议2026-2", "异议2027-1"]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"source": "x"}, "请选择异议来源：实名（个人）、单位、匿名。"),
        ({"channel": "x"}, "请选择提出方式：信函、邮件、电话、来访、转办。"),
        ({"from_name": " "}, "请填写提出异议的人的姓名；不知道的，来源请选匿名。"),
        ({"source": "unit", "from_name": ""}, "请填写提出异议的单位名称；不知道的，来源请选匿名。"),
        ({"source": "anonymous"}, "匿名异议不填姓名；知道是谁提出的，请把来源改为实名或者单位。"),
        ({"content": " "}, "请写明异议的内容。"),
        ({"evidence": " "}, "请写明附了哪些佐证材料；没有附的，请写“未提供”。"),
        (
            {"postmarked": date(2026, 6, 4)},
            "发信邮戳日2026年6月4日（周四）晚于收到日期2026年6月3日（周三），请核对。",
        ),
        ({"cases": [999]}, "请从公示名单中选择异议针对的对象。"),
        ({"cases": []}, "请从公示名单中选择异议针对的对象。"),
    ],
)
@one_database
def test_what_does_not_fit_together_is_told(
    running: tuple[Office, int, list[int]], given: dict[str, Any], sentence: str
) -> None:
    office, notice, [first, *_] = running
    chosen = given.pop("cases", [first])
    act = lambda: object_to(office, notice, *chosen, received=RECEIVED, **given)  # noqa: E731
    assert office.refuses(Refused, act) == sentence


@one_database
def test_days_of_receipt_that_cannot_be(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    words: dict[str, Any] = {
        "source": "anonymous",
        "from_name": "",
        "contact": "",
        "channel": "phone",
        "postmarked": None,
    }

    def act(day: date) -> object:
        given = {"content": "甲", "evidence": "未提供", **words}
        return objections.file(office.app, office.staff, notice, [first], received=day, **given)

    said = office.refuses(Refused, lambda: act(date(2026, 6, 4)))
    assert said == "收到日期2026年6月4日（周四）还没有到，请核对。"
    said = office.refuses(Refused, lambda: act(date(2026, 5, 29)))
    assert said == "收到日期2026年5月29日（周五）早于公示首日2026年6月1日（周一），请核对。"


# ---------------------------------------------------------------- in time and late


@pytest.mark.parametrize(
    ("postmarked", "received", "blocks"),
    [
        (None, LAST, True),
        (None, AFTER, False),
        (LAST, AFTER, True),
        (LAST, date(2026, 6, 12), True),
        (AFTER, AFTER, False),
        (date(2026, 5, 30), date(2026, 6, 12), True),
    ],
)
@one_database
def test_the_postmark_counts_and_else_the_receipt(
    running: tuple[Office, int, list[int]], postmarked: date | None, received: date, blocks: bool
) -> None:
    office, notice, [first, *others] = running
    object_to(office, notice, first, postmarked=postmarked, received=received)
    made = confirm(office, notice, max(received, AFTER))
    assert made.confirmed == (tuple(others) if blocks else (first, *others))
    assert office.row(tables.standings, case_id=first).open_objections == int(blocks)


@one_database
def test_a_late_one_that_is_upheld_in_time_still_ends_the_case(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *others] = running
    [one] = object_to(office, notice, first, received=AFTER)
    said = resolve(office, one, AFTER, upheld=True)
    assert said == "异议2026-1：2026年6月9日（周二）核查属实，“虚构甲平台”现为“公示异议属实”。"
    assert confirm(office, notice, AFTER).confirmed == tuple(others)


def test_one_that_comes_after_the_confirmation_is_handled_on_paper(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    confirm(office, notice, AFTER)
    [one] = object_to(office, notice, first, postmarked=date(2026, 6, 5), received=date(2026, 6, 11))
    assert row(office, one).filed_number is None
    assert office.last().what == (
        "登记信函异议 异议2026-1（“虚构甲平台”已是“创建期”，登记在案，不影响已作的决定；"
        "核查属实，并且属于列入严重失信主体名单或者数据、资料弄虚作假的，请在“创建对象”中按第十二条办理），"
        "收到日2026年6月11日（周四），邮戳日2026年6月5日（周五）"
    )
    version = office.row(tables.cases, id=first).version
    said = resolve(office, one, date(2026, 6, 12), upheld=True)
    assert said == (
        "异议2026-1：2026年6月12日（周五）核查属实，“虚构甲平台”现为“创建期”，不因此改变；"
        "核查属实，并且属于列入严重失信主体名单或者数据、资料弄虚作假的，请在“创建对象”中按第十二条办理。"
    )
    assert (row(office, one).finding, row(office, one).resolved_number) == ("upheld", None)
    assert (status(office, first), office.row(tables.cases, id=first).version) == ("creating", version)


# ---------------------------------------------------------------- looking into it


@one_database
def test_who_looks_into_it_is_named_and_may_change(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    objections.assign(office.app, office.staff, one, 1, " 李 经办 ")
    assert row(office, one).investigator == "李 经办"
    objections.assign(office.app, office.staff, one, 2, "赵经办", "李经办回避")
    last = office.last()
    assert (last.what, last.why, last.subject) == ("核查人：赵经办（原为李 经办）", "李经办回避", "异议2026-1")
    act = lambda name: lambda: objections.assign(office.app, office.staff, one, 3, name)  # noqa: E731
    assert office.refuses(Refused, act(" ")) == "请写明核查人的姓名（不超过 64 个字）。"
    assert office.refuses(Refused, act("某" * 65)) == "请写明核查人的姓名（不超过 64 个字）。"


def test_an_unfounded_one_lets_the_case_go_on(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one, _] = (
        *object_to(office, notice, first, received=RECEIVED),
        *object_to(office, notice, first, received=RECEIVED, source="anonymous", from_name=""),
    )
    said = resolve(office, one, date(2026, 6, 4))
    assert said == ("异议2026-1：2026年6月4日（周四）核查不属实，“虚构甲平台”现为“创建公示”，还有1件异议没有核查完。")
    kept = row(office, one)
    assert (kept.finding, kept.finding_reason, kept.answer, kept.resolved, kept.resolved_number) == (
        "unfounded", "现场核查", "已书面答复", date(2026, 6, 4), 6,
    )  # fmt: skip
    entry = office.row(tables.case_events, case_id=first, number=6)
    assert (entry.type, entry.why, entry.data) == (
        "objection_resolved",
        "现场核查",
        {"id": "异议2026-1", "upheld": False, "answer": "已书面答复", "objection_id": one},
    )


@one_database
def test_recognition_is_refused_where_one_is_upheld(office: Office) -> None:
    first, *others = accepted(office)
    notice = publish(office, "recognition")
    [one] = object_to(office, notice, first, received=RECEIVED)
    resolve(office, one, date(2026, 6, 4), upheld=True)
    assert status(office, first) == "not_recognized"
    assert confirm(office, notice, AFTER).confirmed == tuple(others)


@one_database
def test_findings_have_reasons_and_days_that_can_be(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    act = lambda **given: lambda: resolve(office, one, RECEIVED, **given)  # noqa: E731
    assert office.refuses(Refused, act(reason=" ")) == "请写明核查情况和理由，供日后核查。"
    early = lambda: resolve(office, one, date(2026, 6, 2))  # noqa: E731
    assert office.refuses(Refused, early) == "核查完毕的日期早于收到异议的2026年6月3日（周三），请核对。"
    late = lambda: objections.resolve(  # noqa: E731
        office.app, office.staff, one, 1, day=date(2026, 6, 4), upheld=False, reason="甲", answer=""
    )
    assert office.refuses(Refused, late) == "日期2026年6月4日（周四）还没有到，不能提前登记。"
    resolve(office, one, RECEIVED)
    again = lambda: resolve(office, one, RECEIVED)  # noqa: E731
    assert office.refuses(Refused, again) == "异议2026-1已核查完毕；结论有误的，请先取消结论，再重新办理。"
    with pytest.raises(Refused, match="没有这件异议，请刷新页面。"):
        objections.assign(office.app, office.staff, 99, 1, "甲")


def test_two_who_find_at_once(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    said: list[str] = []
    start = threading.Barrier(2)

    def try_it(who: Any, upheld: bool) -> None:
        start.wait()
        try:
            objections.resolve(office.app, who, one, 1, day=RECEIVED, upheld=upheld, reason="核查", answer="")
            said.append("entered")
        except Stale as stale:
            said.append(str(stale)[:10])

    people = ((office.staff, True), (office.second, False))
    threads = [threading.Thread(target=try_it, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["entered", "异议2026-1已由"]
    assert len(events(office, first)) == 5
    assert status(office, first) == ("objection_upheld" if row(office, one).finding == "upheld" else "creation_notice")


def test_a_case_that_somebody_has_open_is_told_of_the_finding(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    seen = office.row(tables.cases, id=first).version
    resolve(office, one, RECEIVED)
    act = lambda: cases.act(  # noqa: E731
        office.app, office.second, first, seen, event="withdrawn", day=RECEIVED, why="来函"
    )
    assert "您的改动没有写入" in office.refuses(Stale, act)


# ---------------------------------------------------------------- taken back


def test_a_registration_that_was_a_mistake_stays_on_file(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    said = objections.void(office.app, office.staff, one, 1, "登记到了别的平台")
    assert said == "异议2026-1：作废2026年6月3日（周三）收到的异议的登记（“虚构甲平台”）。"
    kept = row(office, one)
    assert (kept.finding, kept.finding_reason, kept.version) == ("voided", "登记到了别的平台", 2)
    assert events(office, first)[4] == (5, "voided", RECEIVED, 4)
    assert office.row(tables.standings, case_id=first).open_objections == 0
    again = lambda: resolve(office, one, RECEIVED)  # noqa: E731
    assert office.refuses(Refused, again) == "异议2026-1的登记已作废，不能再办理。"


@one_database
def test_the_same_from_the_page_of_the_case(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    cases.void(office.app, office.staff, first, office.row(tables.cases, id=first).version, 4, "登记错了")
    assert (row(office, one).finding, row(office, one).finding_reason) == ("voided", "登记错了")
    assert office.last().details["objections"][str(one)]["finding"] == "voided"


def test_a_finding_taken_back_opens_the_objection_again(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    [one] = object_to(office, notice, first, received=RECEIVED)
    resolve(office, one, RECEIVED, upheld=True)
    said = objections.reopen(office.app, office.staff, one, 2, "认错了对象")
    assert said == "异议2026-1：取消“属实”的核查结论，“虚构甲平台”现为“创建公示”。"
    kept = row(office, one)
    assert (kept.finding, kept.finding_reason, kept.answer, kept.resolved, kept.resolved_number) == (
        "", "", "", None, None,
    )  # fmt: skip
    again = lambda: objections.reopen(office.app, office.staff, one, 3, "再来")  # noqa: E731
    assert office.refuses(Refused, again) == "异议2026-1没有核查结论，无需取消。"
    resolve(office, one, RECEIVED)
    assert confirm(office, notice, AFTER).confirmed[0] == first


@one_database
def test_a_finding_on_paper_is_taken_back_too(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    confirm(office, notice, AFTER)
    [one] = object_to(office, notice, first, received=AFTER)
    resolve(office, one, AFTER, upheld=True)
    objections.reopen(office.app, office.staff, one, 2, "认错了对象")
    assert (row(office, one).finding, status(office, first)) == ("", "creating")
    objections.void(office.app, office.staff, one, 3, "重复登记")
    assert row(office, one).finding == "voided"


def test_entries_of_a_notice_are_not_corrected_one_by_one(running: tuple[Office, int, list[int]]) -> None:
    office, notice, [first, *_] = running
    object_to(office, notice, first, received=RECEIVED)
    before = dump(office.app)
    for number, word in ((3, "开始公示"), (4, "提出异议")):
        with pytest.raises(Refused) as caught:
            cases.correct(
                office.app, office.staff, first, office.row(tables.cases, id=first).version, number, day=PUBLISHED,
                document="", data={"days": 1, "postmarked": "2026-06-30"}, why="改短",
            )  # fmt: skip
        assert str(caught.value) == f"“{word}”不在这里更正，请作废后在“公示与异议”中重新办理。"
    assert dump(office.app) == before
