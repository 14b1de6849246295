"""Two people act on one case at once: one is heard, the other is told who and when, and nothing of theirs stays."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from core.accounts import Actor
from core.errors import Stale
from core.services import cases
from core.services.casework import Casework, New
from core.store import tables
from core.store.unit import Entry
from core.upkeep.verify import verify
from tests.begun import taken_over
from tests.notices import AFTER, DOCUMENT, LAST, confirm, proposed, publish
from tests.office import Office, dump

DAY = date(2029, 3, 2)
ROUNDS = 4  # the two meet in another way each time
Act = Callable[[Office, Actor, int, int], object]


def failed(office: Office, actor: Actor, case_id: int, version: int) -> object:
    given: dict[str, Any] = {"event": "review_failed", "day": DAY, "document": "虚构〔2029〕2号", "why": "材料不全"}
    return cases.act(office.app, actor, case_id, version, **given)


def found_out(office: Office, actor: Actor, case_id: int, version: int) -> object:
    given: dict[str, Any] = {"event": "dishonesty_found", "day": DAY, "document": "虚构〔2029〕3号", "why": "查实"}
    return cases.act(office.app, actor, case_id, version, **given, data={"evidence": "公示截图"})


def voided(office: Office, actor: Actor, case_id: int, version: int) -> object:
    return cases.void(office.app, actor, case_id, version, 2, "误点")


def corrected(office: Office, actor: Actor, case_id: int, version: int) -> object:
    given: dict[str, Any] = {"day": date(2029, 3, 1), "document": "虚构〔2029〕4号", "data": {}, "why": "日期写错"}
    return cases.correct(office.app, actor, case_id, version, 2, **given)


def at_once(works: Sequence[Callable[[], object]]) -> list[Any]:
    """What each gave or was refused with, all begun at the same moment."""
    start = threading.Barrier(len(works))
    ended: dict[int, Any] = {}

    def run(index: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            ended[index] = work()
        except Exception as error:  # noqa: BLE001
            ended[index] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[index] for index in range(len(works))]


def entries_of(office: Office, case_id: int) -> list[Any]:
    table = tables.case_events
    with office.app.reader.connect() as connection:
        return list(connection.execute(sa.select(table).where(table.c.case_id == case_id).order_by(table.c.number)))


@pytest.mark.parametrize(
    ("begun", "first", "second", "leads"),
    [
        (False, failed, failed, {"rectifying"}),
        (False, failed, found_out, {"rectifying", "revoked"}),
        (True, failed, voided, {"revoked", "recognized"}),
        (True, corrected, voided, {"rectifying", "recognized"}),
        (True, voided, voided, {"recognized"}),
    ],
    ids=["the same", "another", "act and void", "correct and void", "void twice"],
)
def test_of_two_at_once_one_is_heard(office: Office, begun: bool, first: Act, second: Act, leads: set[str]) -> None:
    office.on(DAY)
    for number in range(ROUNDS):
        case = taken_over(office.app, office.admin, "recognized", date(2027, 3, 1), f"虚构{number}号平台")
        if begun:
            failed(office, office.admin, case, 1)
        version, before, held = 1 + begun, len(office.entries()), len(entries_of(office, case))
        people = (office.staff, office.second)
        works = [partial(act, office, who, case, version) for act, who in zip((first, second), people, strict=True)]
        ended = at_once(works)
        [won] = [index for index, one in enumerate(ended) if isinstance(one, str)]
        told = ended[1 - won]
        assert type(told) is Stale
        last = office.last()
        assert (last.who, len(office.entries())) == (people[won].name, before + 1)
        assert str(told) == (
            f"“虚构{number}号平台”已由{last.who}于{last.at:%Y-%m-%d %H:%M}修改，您的改动没有写入。"
            "请刷新页面，核对后再办。"
        )
        added = entries_of(office, case)[held:]
        assert {row.ledger_id for row in added} == {last.id}
        assert len(added) == (2 if (first, second)[won] is corrected else 1)
        assert office.row(tables.cases, id=case).version == version + 1
        assert office.row(tables.standings, case_id=case).status in leads
    assert [problem for result in verify(office.app) for problem in result.problems] == []


def test_who_acts_on_a_case_that_a_batch_holds_waits_and_is_told(office: Office) -> None:
    """The batch is of many cases and its entry in the ledger is of none of them: it is named all the same."""
    office.on(DAY)
    names = [f"虚构{number}号平台" for number in range(3)]
    held = [taken_over(office.app, office.admin, "recognized", date(2027, 3, 1), name) for name in names]
    entered, asked = threading.Event(), threading.Event()

    def batch() -> str:
        with office.app.unit(office.second) as unit:
            work = Casework(office.app, unit, held)
            for each in held:
                work.enter(each, New("review_failed", DAY, {}, "虚构〔2029〕2号", "材料不全"))
            entered.set()
            assert asked.wait(30)
            unit.record(Entry("case.acted", "round", office.round_id, "一批", "批量办理", details=work.save()))
        return "done"

    def single() -> object:
        assert entered.wait(30)
        asked.set()
        return found_out(office, office.staff, held[1], 1)

    done, told = at_once([batch, single])
    assert done == "done"
    last = office.last()
    assert (last.what, type(told)) == ("批量办理", Stale)
    assert str(told) == (
        f"“虚构1号平台”已由赵经办于{last.at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )
    assert [(row.type, row.ledger_id == last.id) for row in entries_of(office, held[1])] == [
        ("opened", False),
        ("review_failed", True),
    ]
    assert office.row(tables.cases, id=held[1]).version == 2


def test_an_act_that_comes_before_a_batch_is_in_what_the_batch_does(office: Office) -> None:
    """A confirmation leaves out the case that was withdrawn while it waited, and says so."""
    first, second, _ = proposed(office)
    notice = publish(office)
    office.on(AFTER)
    begun, asked = threading.Event(), threading.Event()

    def withdraw() -> str:
        with office.app.unit(office.staff) as unit:
            work = Casework(office.app, unit, [second])
            work.enter(second, New("withdrawn", AFTER, {}, "", "申请撤回"))
            begun.set()
            assert asked.wait(30)
            unit.record(Entry("case.acted", "case", second, "", "撤回", details=work.save()))
        return "done"

    def whole() -> object:
        assert begun.wait(30)
        asked.set()
        return confirm(office, notice, AFTER, document=DOCUMENT)

    done, made = at_once([withdraw, whole])
    assert done == "done"
    assert (made.confirmed[0], [each[0] for each in made.left]) == (first, [second])
    assert office.row(tables.standings, case_id=second).status == "withdrawn"
    assert LAST < AFTER
    assert [row for row in dump(office.app)["case_events"] if row[0] == second and "creation_confirmed" in row] == []
