"""`verify` finds a case that does not stand where its entries lead, and an entry that is not as it was made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from core.services import cases
from core.store import tables
from core.upkeep.verify import verify
from tests.begun import taken_over
from tests.conftest import one_database
from tests.notices import PUBLISHED, confirm, object_to, proposed, publish, resolve
from tests.office import Office
from tests.upkeep.test_verify import meddle, wrong

ENTRIES, STANDINGS, NOTICES = "办理经过", "创建对象的状态", "公示和异议"
BACK = date(2027, 3, 1)
UNGUARD = {
    "sqlite": [f"DROP TRIGGER IF EXISTS case_events_no_{act}" for act in ("update", "delete", "insert")],
    "postgresql": ["ALTER TABLE case_events DISABLE TRIGGER case_events_append_only"],
}


@pytest.fixture
def lived(office: Office) -> Office:
    """Three cases under a notice with a settled and an open objection, one confirmed; one that was taken over."""
    first, second, third = proposed(office)
    notice = publish(office)
    [settled] = object_to(office, notice, first, received=PUBLISHED)
    resolve(office, settled, PUBLISHED)
    object_to(office, notice, second, received=PUBLISHED)
    assert confirm(office, notice, date(2026, 6, 9)).confirmed == (first, third)
    office.on(date(2029, 3, 2))
    number = taken_over(office.app, office.staff, "recognized", BACK, "虚构丁平台")
    for version, day in enumerate((date(2029, 3, 1), date(2029, 3, 2)), 1):
        given: dict[str, Any] = {"event": "review_failed", "day": day, "document": "虚构〔2029〕2号", "why": "材料不全"}
        cases.act(office.app, office.staff, number, version, **given)
    cases.void(office.app, office.staff, number, 3, 3, "误点")
    return office


def found(office: Office, *statements: str | sa.Executable, backend: str = "") -> dict[str, tuple[str, ...]]:
    """What `verify` says after somebody has changed the store; that the guards are gone is not told here."""
    meddle(office, *UNGUARD.get(backend, []), *statements)
    return {name: problems for name, problems in wrong(office).items() if name != "只增不改的保护"}


def case(name: str) -> sa.ScalarSelect[Any]:
    return sa.select(tables.cases.c.id).where(tables.cases.c.name == name).scalar_subquery()


def entry(name: str, number: int) -> sa.ColumnElement[bool]:
    return sa.and_(tables.case_events.c.case_id == case(name), tables.case_events.c.number == number)


def change(name: str, number: int, **values: Any) -> sa.Executable:
    return tables.case_events.update().where(entry(name, number)).values(**values)


def test_cases_in_order_are_in_order_and_counted(lived: Office) -> None:
    before = lived.dump()
    told = {result.check.name: (result.count, result.problems) for result in verify(lived.app)}
    made = len(before["case_events"])
    assert [told[name] for name in (ENTRIES, STANDINGS, NOTICES)] == [(made, ()), (4, ()), (3, ())]
    assert made == 3 * 3 + 3 + 2 + 4
    assert lived.dump() == before


# ---------------------------------------------------------------- what is kept beside the entries


def test_a_standing_that_was_changed_is_named_with_the_column(lived: Office) -> None:
    table = tables.standings
    changed = table.update().where(table.c.name == "虚构丁平台").values(status="revoked", due=None)
    assert found(lived, changed) == {
        STANDINGS: (
            "表 standings 的第 4 号对象“虚构丁平台”与办理经过不符："
            "status 是“revoked”、应为“rectifying”，due 是空、应为“2030-03-01”",
        )
    }


def test_a_last_day_that_a_start_of_the_server_puts_right_says_so(lived: Office) -> None:
    table = tables.standings
    changed = table.update().where(table.c.name == "虚构乙平台").values(due=date(2026, 6, 9))
    assert found(lived, changed) == {
        STANDINGS: (
            "表 standings 的第 2 号对象“虚构乙平台”与办理经过不符：due 是“2026-06-09”、应为“2026-06-08”"
            "（升级程序后还没有启动过服务的，启动一次即可）",
        )
    }


def test_what_an_earlier_edition_gave_is_left_to_the_next_start(lived: Office) -> None:
    table = tables.standings
    assert found(lived, table.update().values(standard_sha256="0" * 64, due=date(2026, 6, 9), provisional=True)) == {}
    assert found(lived, table.update().where(table.c.name == "虚构乙平台").values(city="大连")) == {
        STANDINGS: ("表 standings 的第 2 号对象“虚构乙平台”与办理经过不符：city 是“大连”、应为“大连市”",)
    }


def test_a_standing_or_a_name_that_is_missing_or_too_many_is_named(lived: Office) -> None:
    gone = [
        table.delete().where(table.c.case_id == case("虚构甲平台")) for table in (tables.standings, tables.case_names)
    ]
    strange = tables.case_names.insert().values(case_id=case("虚构乙平台"), name="虚构别名", uscc="")
    assert found(lived, *gone, strange) == {
        STANDINGS: (
            "表 standings 没有第 1 号对象“虚构甲平台”",
            "表 case_names 的第 1 号对象“虚构甲平台”与办理经过不符",
            "表 case_names 的第 2 号对象“虚构乙平台”与办理经过不符",
        )
    }


# ---------------------------------------------------------------- the entries


def number_of(office: Office, name: str, number: int) -> tuple[int, int]:
    """The case and the ledger entry of an entry."""
    with office.app.reader.connect() as connection:
        row = connection.execute(sa.select(tables.case_events).where(entry(name, number))).one()
    return row.case_id, row.ledger_id


@pytest.mark.parametrize(
    "values",
    [{"document": "虚构〔2029〕9号"}, {"why": "后补的理由"}, {"data": {"x": 1}}, {"place": 7}],
)
def test_a_changed_entry_is_named(lived: Office, backend: str, values: dict[str, Any]) -> None:
    number, told = number_of(lived, "虚构丁平台", 2)
    assert found(lived, change("虚构丁平台", 2, **values), backend=backend) == {
        ENTRIES: (f"操作留痕第 {told} 条办理的办理经过 {number}-2与它的校验值不符，内容改动过",)
    }


def test_a_changed_time_of_entering_is_named(lived: Office, backend: str) -> None:
    number, told = number_of(lived, "虚构丁平台", 2)
    earlier = datetime(2029, 3, 1, 9)  # noqa: DTZ001
    assert found(lived, change("虚构丁平台", 2, at=earlier), backend=backend) == {
        ENTRIES: (f"操作留痕第 {told} 条办理的办理经过 {number}-2的登记时间改动过",)
    }


def test_an_entry_that_is_gone_is_named(lived: Office, backend: str) -> None:
    number, told = number_of(lived, "虚构丁平台", 4)
    gone = tables.case_events.delete().where(entry("虚构丁平台", 4))
    # the voiding is gone: the second failure counts again, and the case would be revoked
    assert found(lived, gone, backend=backend) == {
        ENTRIES: (f"操作留痕第 {told} 条记下的办理经过 {number}-4不在了",),
        STANDINGS: (
            "表 standings 的第 4 号对象“虚构丁平台”与办理经过不符：status 是“rectifying”、应为“revoked”，"
            "since 是“2029-03-01”、应为“2029-03-02”，start 是“2029-03-01”、应为空，"
            "deadline 是“rectification_ends”、应为空，due 是“2030-03-01”、应为空",
        ),
    }


def test_an_entry_that_no_act_made_is_named(lived: Office) -> None:
    number, told = number_of(lived, "虚构丁平台", 4)
    values = {"case_id": case("虚构丁平台"), "number": 5, "at": datetime(2029, 3, 2), "type": "change_reported"}  # noqa: DTZ001
    values |= {"day": date(2029, 3, 2), "place": 5, "data": {"occurred": "2029-03-01"}}
    opened = sa.select(tables.ledger.c.id).where(tables.ledger.c.action == "round.opened").limit(1).scalar_subquery()
    assert found(lived, tables.case_events.insert().values(**values, ledger_id=opened))[ENTRIES] == (
        f"办理经过 {number}-5：操作留痕第 {round_opened(lived)} 条没有记下",
    )
    forged = tables.case_events.insert().values(**values | {"number": 6, "place": 6}, ledger_id=told)
    assert found(lived, forged)[ENTRIES][1:] == (f"办理经过 {number}-6：操作留痕第 {told} 条没有记下",)


@one_database
def test_entries_before_and_after_all_that_the_ledger_tells_are_named(lived: Office) -> None:
    number, _ = number_of(lived, "虚构丁平台", 4)
    values = {"case_id": number, "at": datetime(2029, 3, 2), "type": "voided", "day": date(2029, 3, 2), "place": 2}  # noqa: DTZ001
    forged = [
        tables.case_events.insert().values(**values, number=each, ledger_id=ledger, voids=2)
        for each, ledger in ((5, 0), (6, 999))
    ]
    assert found(lived, *forged)[ENTRIES] == (
        f"办理经过 {number}-5：操作留痕第 0 条没有记下",
        f"办理经过 {number}-6：操作留痕第 999 条没有记下",
    )


def round_opened(office: Office) -> int:
    """The ledger entry that opened the round."""
    return next(int(row.id) for row in office.entries() if row.action == "round.opened")


# ---------------------------------------------------------------- the histories themselves


def test_a_history_that_does_not_hold_is_named_with_its_entry(lived: Office, backend: str) -> None:
    early = change("虚构甲平台", 6, day=date(2026, 6, 8), data={"notice_id": 1, "ended": "2026-06-08"})
    problems = found(lived, early, backend=backend)
    assert problems[STANDINGS][0] == (
        "第 1 号对象“虚构甲平台”2026年6月8日（周一）的“确定为创建对象”（第 6 条）不成立："
        "公示最后一日是2026年6月8日（周一），过了这一天才能办理（第七条（二））"
    )


def test_a_history_that_cannot_be_read_is_named_and_the_others_are_read(lived: Office, backend: str) -> None:
    problems = found(lived, change("虚构丁平台", 1, data=None), backend=backend)
    assert problems[STANDINGS] == ("第 4 号对象“虚构丁平台”的办理经过读不出来",)
    problems = found(lived, change("虚构丙平台", 4, type="promoted"), backend=backend)
    assert problems[STANDINGS][0] == "第 3 号对象“虚构丙平台”的办理经过读不出来"


def test_a_gap_in_the_numbers_is_named(lived: Office, backend: str) -> None:
    gone = tables.case_events.delete().where(entry("虚构丁平台", 3))
    assert found(lived, gone, backend=backend)[STANDINGS][0] == "第 4 号对象“虚构丁平台”的办理经过第 3 条不在了"


# ---------------------------------------------------------------- notices and objections


def test_a_changed_list_of_a_notice_is_named(lived: Office, backend: str) -> None:
    unguard = {
        "sqlite": "DROP TRIGGER notice_entries_no_update",
        "postgresql": "ALTER TABLE notice_entries DISABLE TRIGGER notice_entries_append_only",
    }
    table = tables.notice_entries
    changed = table.update().where(table.c.name == "虚构乙平台").values(name="虚构另一平台")
    assert found(lived, unguard[backend], changed) == {
        NOTICES: ("2026年度拟创建对象公示（2026年6月1日）：名单与发布时的校验值不一致",)
    }


@pytest.mark.parametrize(
    ("name", "values", "sentences"),
    [
        (
            "虚构乙平台",
            {"filed_number": 3},
            [
                "异议2026-2的登记（第 3 条）与第 2 号对象“虚构乙平台”的办理经过不符",
                "办理经过 2-4是异议的，没有哪件异议与它对应",
            ],
        ),
        ("虚构乙平台", {"filed_number": None}, ["办理经过 2-4是异议的，没有哪件异议与它对应"]),
        (
            "虚构甲平台",
            {"finding": "upheld"},
            ["异议2026-1的核查结论（第 5 条）与第 1 号对象“虚构甲平台”的办理经过不符"],
        ),
        (
            "虚构甲平台",
            {"resolved_number": 6},
            [
                "异议2026-1的核查结论（第 6 条）与第 1 号对象“虚构甲平台”的办理经过不符",
                "办理经过 1-5是异议的，没有哪件异议与它对应",
            ],
        ),
        (
            "虚构乙平台",
            {"finding": "voided"},
            ["异议2026-2的登记（第 4 条）与第 2 号对象“虚构乙平台”的办理经过不符"],
        ),
    ],
)
@one_database
def test_an_objection_that_is_not_what_its_case_says_is_named(
    lived: Office, name: str, values: dict[str, Any], sentences: list[str]
) -> None:
    table = tables.objections
    assert found(lived, table.update().where(table.c.case_id == case(name)).values(**values)) == {
        NOTICES: tuple(sentences)
    }
