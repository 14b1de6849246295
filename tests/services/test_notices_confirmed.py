"""Confirming a notice: nobody early, by whomever; in one act, all or nothing; those left are caught up."""

from __future__ import annotations

import threading
import time
from datetime import date
from typing import Any

import pytest

from core.accounts import SYSTEM, command_line_actor
from core.errors import Refused, Stale
from core.services import cases, notices
from core.store import tables
from tests.conftest import one_database
from tests.notices import (
    AFTER,
    DOCUMENT,
    LAST,
    PUBLISHED,
    accepted,
    confirm,
    object_to,
    proposed,
    publish,
    resolve,
    status,
)
from tests.office import SHENYANG, Office, dump

NAME = "2026年度拟创建对象公示（2026年6月1日）"
EARLY = f"{NAME}没有可以确认的对象：公示最后一日是2026年6月8日（周一），过了这一天才能确认。"


@pytest.mark.parametrize("who", ["staff", "admin", "command line", "system"])
def test_whoever_asks_is_refused_until_the_last_day_is_over(office: Office, who: str) -> None:
    actor = {"command line": command_line_actor(), "system": SYSTEM}.get(who) or getattr(office, who)
    proposed(office)
    notice = publish(office)
    for day in (PUBLISHED, date(2026, 6, 5), LAST):
        assert office.refuses(Refused, lambda day=day: confirm(office, notice, day, actor=actor)) == EARLY
    said = office.refuses(Refused, lambda: confirm(office, notice, LAST, day=AFTER, actor=actor))
    assert said == "日期2026年6月9日（周二）还没有到，不能提前确认。"
    office.on(AFTER)
    assert office.refuses(Refused, lambda: confirm(office, notice, AFTER, day=LAST, actor=actor)) == EARLY
    assert len(confirm(office, notice, AFTER, actor=actor).confirmed) == 3


def test_all_that_can_be_are_confirmed_in_one_act(office: Office) -> None:
    numbers = proposed(office)
    notice = publish(office)
    before = office.last().id
    confirmed = confirm(office, notice, AFTER)
    assert (confirmed.confirmed, confirmed.left) == (tuple(numbers), ())
    assert {status(office, each) for each in numbers} == {"creating"}
    assert office.row(tables.standings, case_id=numbers[0]).due == date(2028, 6, 9)
    last = office.last()
    assert (last.id, last.action, last.based_on) == (before + 1, "notice.confirmed", 1)
    assert last.what == f"2026年6月9日（周二）确定为创建对象 3 个（{DOCUMENT}）"
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER))
    assert said == (f"{NAME}没有可以确认的对象：已于2026年6月9日（周二）确定为创建对象（{DOCUMENT}）。")


def test_those_with_an_objection_stay_behind_and_are_caught_up(office: Office) -> None:
    first, second, third = proposed(office)
    notice = publish(office)
    [one] = object_to(office, notice, first, received=date(2026, 6, 3))
    [two] = object_to(office, notice, second, received=date(2026, 6, 4))
    resolve(office, two, date(2026, 6, 5), upheld=True)
    made = confirm(office, notice, AFTER)
    assert (made.confirmed, made.left) == (
        (third,),
        (
            (first, "虚构甲平台", "还有1件异议没有核查完"),
            (second, "虚构乙平台", "已是“公示异议属实”"),
        ),
    )
    assert office.last().what.endswith("，还有 1 个没有确认")
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER))
    assert said.startswith(f"{NAME}没有可以确认的对象：“虚构甲平台”还有1件异议没有核查完；“虚构乙平台”已是")
    resolve(office, one, date(2026, 6, 10))
    said = office.refuses(Refused, lambda: confirm(office, notice, date(2026, 6, 10), day=AFTER))
    assert "“虚构甲平台”最近一次办理的日期是2026年6月10日（周三），确认的日期不能早于这一天" in said
    assert confirm(office, notice, date(2026, 6, 10)).confirmed == (first,)


@one_database
def test_those_who_left_stay_behind(office: Office) -> None:
    first, second, third = proposed(office)
    notice = publish(office)
    office.on(date(2026, 6, 3))
    version = office.row(tables.cases, id=first).version
    cases.act(office.app, office.staff, first, version, event="withdrawn", day=date(2026, 6, 3), why="申报单位来函")
    version = office.row(tables.cases, id=second).version
    cases.void(office.app, office.staff, second, version, 3, "误列")
    made = confirm(office, notice, AFTER)
    assert made.confirmed == (third,)
    assert made.left == ((first, "虚构甲平台", "已是“撤回”"), (second, "虚构乙平台", "公示登记已作废"))


def test_recognition_is_confirmed_the_same_way(office: Office) -> None:
    numbers = accepted(office)
    notice = publish(office, "recognition")
    assert office.refuses(Refused, lambda: confirm(office, notice, LAST)).endswith("过了这一天才能确认。")
    assert confirm(office, notice, AFTER).confirmed == tuple(numbers)
    assert {status(office, each) for each in numbers} == {"recognized"}
    assert dump(office.app)["case_baselines"] == []


@one_database
def test_a_document_number_is_asked_for(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    said = office.refuses(Refused, lambda: confirm(office, notice, AFTER, document=" "))
    assert said == "请写明确定为创建对象的文号（第七条（二））。"
    office.on(AFTER)
    with pytest.raises(Refused, match="没有这次公示，请回到列表重新选择。"):
        notices.confirm(office.app, office.staff, 99, 1, day=AFTER, document=DOCUMENT)


# ---------------------------------------------------------------- all or nothing, and two at once


def test_the_second_of_two_is_told_who_was_first(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    confirm(office, notice, AFTER)
    said = office.refuses(Stale, lambda: confirm(office, notice, AFTER, version=1, actor=office.second))
    at = office.last().at
    assert said == f"{NAME}已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"


def test_two_who_confirm_at_once(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    office.on(AFTER)
    said: list[str] = []
    start = threading.Barrier(2)

    def try_it(who: Any) -> None:
        start.wait()
        try:
            made = notices.confirm(office.app, who, notice, 1, day=AFTER, document=DOCUMENT)
            said.append(f"confirmed {len(made.confirmed)}")
        except Stale:
            said.append("told")

    threads = [threading.Thread(target=try_it, args=(who,)) for who in (office.staff, office.second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["confirmed 3", "told"]
    confirmations = [row for row in dump(office.app)["case_events"] if "creation_confirmed" in row]
    assert len(confirmations) == 3


def test_a_fault_in_the_middle_leaves_nothing_behind(office: Office) -> None:
    *_, third = proposed(office)
    notice = publish(office)
    with office.app.writer.begin() as connection:
        # an event that the program does not know: it cannot read this one history
        connection.execute(
            tables.case_events.insert().values(
                case_id=third, number=4, ledger_id=1, at=office.app.clock.now(), type="unknown", day=LAST, place=4
            )
        )
    before = dump(office.app)
    with pytest.raises(KeyError):
        confirm(office, notice, AFTER)
    assert dump(office.app) == before


@one_database
def test_three_hundred_are_confirmed_in_one_act(office: Office) -> None:
    numbers = proposed(office, [(f"虚构{number:03}号平台", SHENYANG) for number in range(300)])
    notice = publish(office)
    started = time.monotonic()
    assert confirm(office, notice, AFTER).confirmed == tuple(numbers)
    assert time.monotonic() - started < 20
