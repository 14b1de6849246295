"""The unit of work: one act, one transaction, one ledger entry; all of it or nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.accounts import SYSTEM, Actor, Role
from core.bootstrap import App
from core.errors import Refused, Stale
from core.store.engine import open_engines
from core.store.tables import ledger, rounds
from core.store.unit import Entry, entry_hash
from tests.office import TODAY, Office, dump

ENTRY = Entry("test.done", "round", 1, "2026年度", "试一试")
TIMES = 25


class Fault(Exception):
    """Something that goes wrong in the middle."""


def act(app: App, year: int = 2026, actor: Actor = SYSTEM, entry: Entry = ENTRY) -> int:
    with app.unit(actor) as unit:
        made = unit.insert(rounds, year=year, standard_id="ln-2025-draft")
        unit.record(entry)
    return made


def test_an_act_is_written_with_its_entry(app: App) -> None:
    actor = Actor(None, "li", "李经办", Role.STAFF)
    entry = Entry("test.done", "round", 7, "2026年度", "试一试", "有理由", 7, 3, {"数": [1, None]})
    assert act(app, actor=actor, entry=entry) == 1
    [row] = dump(app)["ledger"]
    columns = dict(zip(ledger.columns.keys(), row, strict=True))
    at, digest = columns.pop("at"), columns.pop("hash")
    assert at.date() == TODAY
    assert columns == {
        "id": 1,
        "account_id": None,
        "who": "李经办",
        "role": "staff",
        "action": "test.done",
        "round_id": 7,
        "subject_kind": "round",
        "subject_id": "7",
        "subject": "2026年度",
        "what": "试一试",
        "details": {"数": [1, None]},
        "why": "有理由",
        "based_on": 3,
        "program": app.program,
    }
    assert digest == entry_hash(columns | {"at": at}, "")


@pytest.mark.parametrize("fault", [Fault(), Refused("不行"), KeyboardInterrupt()])
def test_any_fault_takes_everything_back(app: App, fault: BaseException) -> None:
    act(app, 2025)
    before = dump(app)

    def fail_at_the_end() -> None:
        with app.unit(SYSTEM) as unit:
            unit.insert(rounds, year=2026, standard_id="ln-2025-draft")
            unit.record(ENTRY)
            raise fault

    with pytest.raises(type(fault)):
        fail_at_the_end()
    assert dump(app) == before
    act(app, 2026)
    assert [row[0] for row in dump(app)["ledger"]] == [1, 2]


def test_without_an_entry_nothing_is_written(app: App) -> None:
    before = dump(app)
    with pytest.raises(RuntimeError) as caught, app.unit(SYSTEM) as unit:
        unit.insert(rounds, year=2026, standard_id="ln-2025-draft")
    assert str(caught.value) == "a unit of work without a ledger entry"
    assert dump(app) == before


def test_two_entries_are_one_too_many(app: App) -> None:
    before = dump(app)

    def record_twice() -> None:
        with app.unit(SYSTEM) as unit:
            unit.record(ENTRY)
            unit.record(ENTRY)

    with pytest.raises(RuntimeError) as caught:
        record_twice()
    assert str(caught.value) == "one unit of work writes one ledger entry"
    assert dump(app) == before


def change(app: App, actor: Actor, version: int, notice: str) -> None:
    with app.unit(actor) as unit:
        unit.update_version(rounds, rounds.c.id == 1, version, ("round", 1, "2026年度轮次"), notice_number=notice)
        unit.record(Entry("test.changed", "round", 1, "2026年度", notice, based_on=version))


def test_who_comes_second_hears_who_came_first_and_when(app: App) -> None:
    act(app)
    change(app, Actor(None, "li", "李经办", Role.STAFF), 1, "甲")
    at = dump(app)["ledger"][-1][1]
    before = dump(app)
    with pytest.raises(Stale) as caught:
        change(app, Actor(None, "zhao", "赵经办", Role.STAFF), 1, "乙")
    assert str(caught.value) == (
        f"2026年度轮次已由李经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )
    assert dump(app) == before
    change(app, Actor(None, "zhao", "赵经办", Role.STAFF), 2, "乙")
    [row] = dump(app)["rounds"]
    assert (row[2], row[-1]) == ("乙", 3)


def test_a_refusal_that_is_kept_stands_in_nobodys_way(app: App) -> None:
    """Not even in that of whoever writes next on its connection, after somebody on another."""
    act(app)
    for version, notice in ((1, "甲"), (2, "乙")):
        change(app, SYSTEM, version, notice)
    with pytest.raises(Stale) as kept:
        change(app, SYSTEM, 1, "丙")
    other, _ = open_engines(app.settings.database_url)
    with other.begin() as connection:
        connection.execute(rounds.update().values(notice_number="别人"))
    other.dispose()
    change(app, SYSTEM, 3, "丁")
    [row] = dump(app)["rounds"]
    assert (row[2], type(kept.value)) == ("丁", Stale)


def test_where_nobody_is_known_to_have_come_first_nobody_is_named(app: App) -> None:
    with pytest.raises(Stale) as caught:
        change(app, SYSTEM, 1, "甲")
    assert str(caught.value) == "2026年度轮次已由他人修改，您的改动没有写入。请刷新页面，核对后再办。"


def increment(app: App) -> None:
    """Reads, adds one, writes: what loses updates where two may read before either writes."""
    with app.unit(SYSTEM) as unit:
        held = unit.execute(sa.select(rounds).where(rounds.c.id == 1)).one()
        unit.update_version(
            rounds, rounds.c.id == 1, held.version, ("round", 1, "轮次"), folder=str(int(held.folder or 0) + 1)
        )
        unit.record(ENTRY)


def outcome(app: App) -> tuple[str, int, list[int]]:
    [row] = dump(app)["rounds"]
    return row[9], row[10], [entry[0] for entry in dump(app)["ledger"]]


def test_two_threads_lose_nothing(app: App) -> None:
    act(app)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(TIMES):
                increment(app)
        except BaseException as fault:  # noqa: BLE001 - told below, in the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert outcome(app) == (str(2 * TIMES), 2 * TIMES + 1, list(range(1, 2 * TIMES + 2)))
    assert broken_at(app) is None


WORKER = """
import sys
from pathlib import Path
from core.bootstrap import build
from core.settings import Settings
from tests.store.test_unit import TIMES, increment
app = build(Settings(Path(sys.argv[1]), sys.argv[2]))
sys.stdin.readline()
for _ in range(TIMES):
    increment(app)
"""


def test_two_processes_lose_nothing(app: App) -> None:
    act(app)
    command = [sys.executable, "-c", WORKER, str(app.settings.home), app.settings.database_url]
    root = Path(__file__).parents[2]
    workers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root, text=True) for _ in range(2)
    ]
    ended = [worker.communicate("go\n") for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], ended
    assert outcome(app) == (str(2 * TIMES), 2 * TIMES + 1, list(range(1, 2 * TIMES + 2)))
    assert broken_at(app) is None


def test_a_reader_sees_one_moment_while_another_writes(app: App) -> None:
    act(app)
    with app.unit(SYSTEM) as unit:
        unit.update_version(rounds, rounds.c.id == 1, 1, ("round", 1, "轮次"), folder="/x")
        unit.record(ENTRY)
        assert outcome(app) == ("", 1, [1])
    assert outcome(app) == ("/x", 2, [1, 2])


def broken_at(app: App) -> int | None:
    """The first entry whose hash is not that of its columns and the entry before; None where the chain holds."""
    previous = ""
    for row in dump(app)["ledger"]:
        columns = dict(zip(ledger.columns.keys(), row, strict=True))
        digest = columns.pop("hash")
        if digest != entry_hash(columns, previous):
            return int(columns["id"])
        previous = digest
    return None


def test_the_chain_holds_over_a_whole_round(office: Office) -> None:
    entries = dump(office.app)["ledger"]
    assert [row[0] for row in entries] == list(range(1, len(entries) + 1))
    assert [row[5] for row in entries] == [
        "account.first",
        *["account.created"] * 4,
        "round.opened",
        *["intake.taken", "intake.feedback"] * 3,
    ]
    assert broken_at(office.app) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [("what", "改写"), ("who", "别人"), ("at", datetime(2026, 1, 1)), ("why", "后补")],  # noqa: DTZ001
)
def test_a_changed_entry_shows(office: Office, column: str, value: object) -> None:
    drop = {
        "sqlite": ["DROP TRIGGER ledger_no_update"],
        "postgresql": ["DROP TRIGGER ledger_append_only ON ledger"],
    }[office.app.writer.dialect.name]
    with office.app.writer.begin() as connection:
        for statement in drop:
            connection.execute(sa.text(statement))
        connection.execute(ledger.update().where(ledger.c.id == 4).values(**{column: value}))
    assert broken_at(office.app) == 4
