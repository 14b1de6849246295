"""By the clock: a round is synchronised when its time has come, by one process, and the diary tells."""

from __future__ import annotations

from datetime import timedelta
from threading import Event

import pytest

from core.accounts import SCHEDULE
from core.services import intake, online_schedule, online_setup
from core.services.online_lease import lease
from core.store import tables
from core.views import sync_runs as diary
from tests.office import DALIAN, SHENYANG, TODAY, Office, dalian, shenyang
from tests.online.clocks import StandingClock
from tests.online.online_office import OnlineOffice, with_key
from tests.sheets_emulator.emulator import Emulator


@pytest.fixture
def online(opened: Office, google: Emulator, clock: StandingClock) -> OnlineOffice:
    """One city on an online sheet, synchronised every ten minutes."""
    opened.app.online_clock = clock
    made = with_key(opened, google)
    made.choose(SHENYANG)
    made.create()
    online_setup.set_online_round(
        opened.app, opened.staff, opened.round_id, 0, drive_folder="", minutes=10, why="按方案"
    )
    return made


def earlier(online: OnlineOffice, minutes: int) -> None:
    """As if the newest run had been some minutes earlier."""
    newest = diary.newest_runs(online.office.app, online.office.round_id)[0]
    with online.office.app.writer.begin() as connection:
        at = newest.started_at - timedelta(minutes=minutes)
        connection.execute(tables.sync_runs.update().where(tables.sync_runs.c.id == newest.id).values(started_at=at))


def test_the_clock_takes_in_what_changed_and_says_so_in_the_diary(online: OnlineOffice) -> None:
    app, round_id = online.office.app, online.office.round_id
    online.fill(SHENYANG, *shenyang())
    assert online_schedule.run_due(app) == 1
    [run] = diary.newest_runs(app, round_id, 5)
    assert (run.trigger, run.who, run.state, run.sentence) == (
        "schedule",
        "定时同步",
        "done",
        "同步完毕：1 个在线表格正常，0 个有问题。",
    )
    assert [(book.city, book.ok) for book in run.books] == [(SHENYANG, True)]
    assert (run.reads, run.retries) == (2, 0)
    taken = next(each for each in online.office.entries() if each.action == "intake.taken")
    assert (taken.who, taken.account_id) == ("定时同步", None)
    assert online_schedule.run_due(app) == 0
    earlier(online, 9)
    assert online_schedule.run_due(app) == 0
    earlier(online, 1)
    assert online_schedule.next_run(app, round_id) is not None
    assert online_schedule.run_due(app) == 1


def test_nothing_runs_while_another_process_is_at_it(online: OnlineOffice) -> None:
    with lease(online.office.app):
        assert online_schedule.run_due(online.office.app) == 0
    assert diary.newest_runs(online.office.app, online.office.round_id) == ()
    assert online_schedule.run_due(online.office.app) == 1


def test_rounds_without_a_schedule_or_a_sheet_are_left_alone(opened: Office) -> None:
    assert online_schedule.next_run(opened.app, opened.round_id) is None
    online_setup.set_online_round(
        opened.app, opened.staff, opened.round_id, 0, drive_folder="", minutes=5, why="按方案"
    )
    assert online_schedule.run_due(opened.app) == 0
    assert diary.newest_runs(opened.app, opened.round_id) == ()


def test_without_a_key_the_diary_says_so(online: OnlineOffice) -> None:
    office = online.office
    online_setup.forget_key(office.app, office.admin, "换人")
    assert online_schedule.run_due(office.app) == 0
    [run] = diary.newest_runs(office.app, office.round_id)
    assert (run.state, run.sentence) == ("failed", online_setup.NO_KEY)


def test_what_a_person_undid_is_not_taken_in_again_until_the_city_changes_it(online: OnlineOffice) -> None:
    office = online.office
    online.fill(SHENYANG, *shenyang())
    [taken] = online.sync().outcomes
    intake.undo(office.app, office.staff, taken.intake_id or 0, "误受理")
    before = len(office.entries())
    [left] = online.sync().outcomes
    assert left.sentence == (
        "2026-沈阳市：内容与已撤销受理或不予受理的一致，同步时不再受理。市里改动后会照常受理；"
        "要受理现有内容，请在“推荐接收”中比较后受理。"
    )
    assert len(office.entries()) == before
    [by_hand] = intake.take_in(office.app, office.staff, office.round_id, [SHENYANG])
    assert (by_hand.ok, by_hand.added) == (True, 2)
    intake.undo(office.app, office.staff, by_hand.intake_id or 0, "误受理")
    online.type(SHENYANG, "推荐汇总表", "PT-001", "备注", "已改")
    [again] = online.sync().outcomes
    assert (again.ok, again.added) == (True, 2)


def test_after_the_deadline_a_change_waits_for_a_person(online: OnlineOffice) -> None:
    office = online.office
    online.fill(SHENYANG, *shenyang())
    online.sync()
    office.on(TODAY + timedelta(days=60))
    online.type(SHENYANG, "平台指标", "PT-001", "专家数（人）", "77")
    [late] = online.sync().outcomes
    assert (late.ok, late.held, late.changed) == (True, True, 1)
    held = late.intake_id or 0
    [again] = online.sync().outcomes
    assert (again.held, again.intake_id) == (True, held)
    intake.accept_held(office.app, office.staff, held, "同意")
    assert office.judged(SHENYANG, "pt-001").id > 0
    assert office.row(tables.intakes, id=held).state == "effective"


def test_a_round_may_mix_both_ways(online: OnlineOffice) -> None:
    office = online.office
    online.fill(SHENYANG, *shenyang())
    office.put(DALIAN, *dalian())
    office.put(SHENYANG, *dalian())
    done = office.take()
    assert [(each.city, each.ok, each.added) for each in done] == [(SHENYANG, True, 2), (DALIAN, True, 2)]
    assert [each.feedback_way for each in done] == ["unchanged", "in_book"]


def test_the_worker_looks_until_it_is_stopped(online: OnlineOffice) -> None:
    online.fill(SHENYANG, *shenyang())
    faults: list[Exception] = []
    asked = Event()
    online.google.hook(lambda _call: asked.set(), kind="read")
    worker = online_schedule.Worker(online.office.app, faults.append, every=0.01)
    worker.start()
    assert asked.wait(timeout=20)
    worker.stop()  # lets the run that is going on come to its end
    assert faults == []
    [run] = diary.newest_runs(online.office.app, online.office.round_id, 5)
    assert (run.state, run.who) == ("done", SCHEDULE.name)
