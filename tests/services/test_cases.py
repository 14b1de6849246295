"""What is entered on a case: checked against its whole history, voided by a new entry, never lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.accounts import Actor
from core.errors import Refused, Stale
from core.lifecycle.entries import Identity
from core.services import cases
from core.services.casework import Casework, New
from core.store import tables
from core.store.unit import Entry
from tests.office import Office

DAY = date(2029, 3, 2)


@pytest.fixture
def recognized(office: Office) -> tuple[Office, int]:
    """A platform taken over as recognised on 2027-03-01; it is 2 March 2029."""
    office.on(DAY)
    return office, taken_over(office, "recognized", date(2027, 3, 1))


def taken_over(office: Office, status: str, since: date, name: str = "虚构甲平台") -> int:
    """Begins the file of a case that was there before."""
    with office.app.unit(office.staff) as unit:
        work = Casework(office.app, unit)
        first = Identity(name, "虚构甲公司", "")
        number = work.begin(first, kind="platform", city="沈阳市", standard_id="ln-2025-draft")
        work.take_over(number, status, since, since, document="虚构〔2027〕1号", why="存量")
        unit.record(Entry("cohort.imported", "case", number, name, "建档", "存量", details=work.save()))
    return number


def standing(office: Office, case_id: int) -> Any:
    return office.row(tables.standings, case_id=case_id)


def act(office: Office, actor: Actor, case_id: int, version: int, event: str, **more: Any) -> str:
    given = {"day": DAY, "document": "虚构〔2029〕2号", "why": "材料不全"} | more
    return cases.act(office.app, actor, case_id, version, event=event, **given)


def test_a_state_taken_over_counts_from_its_own_day(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    row = standing(office, number)
    found = (row.status, row.since, row.deadline, row.due, row.provisional, row.flags)
    assert found == ("recognized", date(2027, 3, 1), "review_due", date(2029, 3, 1), False, "")


def test_an_act_moves_the_case_and_is_one_entry_of_the_ledger(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    said = act(office, office.staff, number, 1, "review_failed")
    assert said == "“虚构甲平台”2029年3月2日（周五）复核未通过；现为“整改期”。"
    row = standing(office, number)
    assert (row.status, row.due) == ("rectifying", date(2030, 3, 2))
    last = office.last()
    assert (last.action, last.subject_id, last.why, last.based_on) == ("case.acted", str(number), "材料不全", 1)
    assert last.details["events"] == [[number, 2, "review_failed", "2029-03-02"]]
    assert office.row(tables.cases, id=number).version == 2


def test_what_the_table_asks_for_must_be_given(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "review_failed", document=" "))
    assert said == "办理“复核未通过，限期整改”要写明文号（第十条）。"
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "review_failed", why=""))
    assert said == "办理“复核未通过，限期整改”要写明理由（第十条）。"
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "dishonesty_found"))
    assert said == "办理“失信或弄虚作假，撤销认定”要写明依据材料（第十二条）。"


def test_nothing_happens_that_the_table_does_not_allow_or_before_its_day(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "acceptance_passed"))
    assert said.startswith("“虚构甲平台”不能办理“验收通过”：在“已认定”时不能办理；这时可以办理的是")
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "review_passed", day=date(2029, 3, 3)))
    assert said == "日期2029年3月3日（周六）还没有到，不能提前办理。"
    said = office.refuses(Refused, lambda: act(office, office.staff, number, 1, "recognized"))
    assert said == "“认定”不在这里办理。"


def test_the_second_of_two_is_told_what_happened(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "review_failed")
    said = office.refuses(Stale, lambda: act(office, office.second, number, 1, "review_passed"))
    at = office.last().at
    assert said == (f"“虚构甲平台”已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。")


def test_voiding_takes_an_entry_back_and_keeps_it(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "review_failed")
    said = cases.void(office.app, office.staff, number, 2, 2, "误点")
    assert said == "“虚构甲平台”作废2029年3月2日（周五）的“复核未通过”；现为“已认定”。"
    assert standing(office, number).status == "recognized"
    kept = [(row.number, row.type, row.voids, row.why) for row in rows(office)]
    assert kept == [(1, "opened", None, "存量"), (2, "review_failed", None, "材料不全"), (3, "voided", 2, "误点")]
    said = office.refuses(Refused, lambda: cases.void(office.app, office.staff, number, 3, 2, "再来"))
    assert said == "这一条已经作废，或者没有这一条。请刷新页面。"


def test_voiding_says_what_blocks_it(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "review_failed")
    office.on(date(2029, 9, 3))
    act(office, office.staff, number, 2, "review_failed", day=date(2029, 9, 3))
    assert standing(office, number).status == "revoked"
    # without the first failure the second would be the first: allowed, and the case is under rectification again
    cases.void(office.app, office.staff, number, 3, 2, "误点")
    assert (standing(office, number).status, standing(office, number).due) == ("rectifying", date(2030, 9, 3))
    # entered anew on its day it takes its old place, and everything is as it was
    act(office, office.staff, number, 4, "review_failed", day=DAY)
    assert standing(office, number).status == "revoked"
    act_blocked = office.refuses(Refused, lambda: cases.void(office.app, office.staff, number, 5, 1, "误点"))
    assert act_blocked.startswith("“虚构甲平台”2029年3月2日（周五）的“复核未通过”（第 5 条）会因此不成立：还没有推荐")


def test_a_correction_stands_in_the_place_of_what_it_corrects(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "review_failed")
    said = cases.correct(
        office.app,
        office.staff,
        number,
        2,
        2,
        day=date(2029, 3, 1),
        document="虚构〔2029〕3号",
        data={},
        why="日期写错",
    )
    assert said == "“虚构甲平台”更正2029年3月2日（周五）的“复核未通过”，日期改为2029年3月1日（周四）；现为“整改期”。"
    assert standing(office, number).due == date(2030, 3, 1)
    assert [(row.type, row.voids, row.place) for row in rows(office)][1:] == [
        ("review_failed", None, 2), ("voided", 2, 2), ("review_failed", None, 2),
    ]  # fmt: skip


def test_a_correction_keeps_the_reason_of_what_it_corrects_unless_that_is_corrected(
    recognized: tuple[Office, int],
) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "review_failed")
    given: dict[str, Any] = {"day": DAY, "document": "虚构〔2029〕3号", "data": {}}
    cases.correct(office.app, office.staff, number, 2, 2, **given, why="文号写错")
    cases.correct(office.app, office.staff, number, 3, 4, **given, why="理由写错", reason=" 现场核查不合格 ")
    assert [(row.type, row.why) for row in rows(office)][1:] == [
        ("review_failed", "材料不全"), ("voided", "文号写错"), ("review_failed", "材料不全"),
        ("voided", "理由写错"), ("review_failed", "现场核查不合格"),
    ]  # fmt: skip


def test_what_is_entered_late_takes_its_place_by_its_day(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    office.on(date(2029, 6, 1))
    act(office, office.staff, number, 1, "review_failed", day=date(2029, 5, 31))
    given = {"occurred": "2029-03-01", "evidence": "工商变更登记"}
    act(office, office.staff, number, 2, "change_reported", day=date(2029, 5, 30), data=given)
    assert (standing(office, number).status, standing(office, number).flags) == ("rectifying", ",change_open,")
    said = office.refuses(
        Refused, lambda: act(office, office.staff, number, 3, "dishonesty_found", day=DAY, data={"evidence": "公示"})
    )
    assert said.startswith("“虚构甲平台”2029年5月30日（周三）的“报告重大变更”（第 3 条）会因此不成立：")


def test_a_renamed_case_keeps_its_history_and_its_former_names(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    act(office, office.staff, number, 1, "change_reported", data={"occurred": "2029-01-05", "evidence": "登记"})
    given = {"keep": True, "name": "虚构乙平台", "operator": "虚构乙公司"}
    act(office, office.staff, number, 2, "change_decided", data=given)
    row = standing(office, number)
    assert (row.name, row.operator, row.status, row.due) == ("虚构乙平台", "虚构乙公司", "recognized", date(2029, 3, 1))
    names = {each[1] for each in office.dump()["case_names"]}
    assert names == {"虚构甲平台", "虚构乙平台"}


def test_a_batch_is_entered_whole_or_not_at_all(recognized: tuple[Office, int]) -> None:
    office, number = recognized
    other = taken_over(office, "creating", date(2028, 1, 1), "虚构丙平台")

    def both() -> None:
        with office.app.unit(office.staff) as unit:
            work = Casework(office.app, unit, [number, other])
            for each in (number, other):
                work.enter(each, New("review_passed", DAY))
            unit.record(Entry("case.acted", "case", number, "", "", details=work.save()))

    assert office.refuses(Refused, both).startswith("“虚构丙平台”不能办理“复核通过”：在“创建期”时不能办理")


def test_a_name_of_any_length_is_kept_whole_and_found_by_its_beginning(office: Office) -> None:
    long = "虚" * 300 + "平台"
    number = taken_over(office, "creating", date(2025, 1, 1), long)
    assert standing(office, number).name == long
    assert [each[1] for each in office.dump()["case_names"]] == ["虚" * 255]


def rows(office: Office) -> list[Any]:
    table = tables.case_events
    with office.app.reader.connect() as connection:
        return list(connection.execute(table.select().order_by(table.c.case_id, table.c.number)))
