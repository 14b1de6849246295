"""Processes of our own: two at once, and one that is killed (SIGKILL) in the middle of its work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Event

import pytest

from core.errors import Refused
from core.services.online_lease import BUSY
from core.services.online_sync import BROKEN_OFF
from core.store import tables
from tests.command import ROOT
from tests.office import DALIAN, SHENYANG
from tests.online.agreeing import DONE, SAME, agree, told
from tests.online.little import Little
from tests.online.online_office import MAILS
from tests.online.script import HEAD, READ, WRITE, Moment, Script
from tests.sheets_emulator.calls import Call

CREATING = (
    "import sys; from core.bootstrap import build; from core.services import accounts, online_setup;"
    "from core.accounts import SYSTEM; online_setup.create_sheets(build(), SYSTEM, 1)"
)


@contextmanager
def another(little: Little, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process on the same home and the same service."""
    settings = little.office.app.settings
    own = {
        "SHIFAN_HOME": str(settings.home),
        "SHIFAN_GOOGLE_URL": little.google.url,
        "SHIFAN_TODAY": "2026-05-20",
        "PYTHONPATH": str(ROOT),
    }
    started = subprocess.Popen([sys.executable, *arguments], env=os.environ | own, stdout=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.kill()
        started.wait()


def stopped_at(little: Little, moment: Moment) -> tuple[Event, Event]:
    """The request of this moment waits: set when it has come, and to be set to let it go on."""
    come, go = Event(), Event()

    def waits() -> str:
        come.set()
        assert go.wait(60)
        return "waits"

    Script(little, edits={moment: waits})
    return come, go


def time_is_up(little: Little) -> None:
    """As much later as a lease lasts."""
    with little.office.app.writer.begin() as connection:
        connection.execute(tables.sync_leases.update().values(until=0))


@pytest.mark.parametrize(
    "moment",
    [
        Moment(SHENYANG, HEAD, 1),
        Moment(DALIAN, READ, 1, True),
        Moment(DALIAN, WRITE, 1),
        Moment(DALIAN, WRITE, 1, True),
    ],
    ids=["looking", "having read", "writing", "having written"],
)
def test_a_sync_that_is_killed_is_completed_by_the_next(little: Little, moment: Moment) -> None:
    come, go = stopped_at(little, moment)
    with another(little, "-m", "core.cli", "intake", "google") as process:
        assert come.wait(60)
        with pytest.raises(Refused) as caught:  # the second is told, and touches nothing
            little.online.sync()
        assert str(caught.value) == BUSY
        process.kill()
        process.wait()
    go.set()
    with pytest.raises(Refused) as caught:
        little.online.sync()
    assert str(caught.value) == BUSY
    time_is_up(little)
    script = Script(little)
    outcomes = told(little.online.sync())
    taken = set() if moment.kind in (HEAD, READ) else {SHENYANG, DALIAN}  # before that, nothing had been written
    assert {city: outcomes[city] for city in (SHENYANG, DALIAN)} == {
        city: f"2026-{city}：{SAME}" if city in taken else DONE[city] for city in (SHENYANG, DALIAN)
    }
    agree(little, script)
    actions = Counter(row.action for row in little.office.entries())
    assert (actions["intake.taken"], actions["intake.feedback"]) == (2, 2)
    runs = [(row[6], row[7]) for row in little.office.dump()["sync_runs"]]
    assert runs == [("failed", BROKEN_OFF), ("done", "同步完毕：2 个在线表格正常，0 个有问题。")]


def test_two_syncs_at_once_do_the_work_once(little: Little) -> None:
    come, go = stopped_at(little, Moment(DALIAN, READ, 1))
    with another(little, "-m", "core.cli", "intake", "google") as process:
        assert come.wait(60)
        with pytest.raises(Refused) as caught:
            little.online.sync()
        assert str(caught.value) == BUSY
        go.set()
        assert process.wait(60) == 1  # there are errors in the data
    agree(little)
    assert Counter(row.action for row in little.office.entries())["intake.taken"] == 2


@pytest.mark.parametrize("nth", [1, 2, 6])
def test_a_creation_that_is_killed_is_completed_by_the_next(little: Little, nth: int) -> None:
    """At the n-th change that is made at the service; nothing is made twice."""
    google = little.google
    with little.office.app.writer.begin() as connection:
        connection.execute(tables.book_sources.update().values(spreadsheet_id="", title="", link=""))
    google.state.files.clear()
    come, go, seen = Event(), Event(), count(1)

    def waits(call: Call) -> None:
        if call.kind != "token" and call.method != "GET" and next(seen) == nth:
            come.set()
            assert go.wait(60)

    google.hook(waits, times=None, after=True)
    with another(little, "-c", CREATING) as process:
        assert come.wait(60)
        process.kill()
        process.wait()
    go.set()
    google.heal()
    with pytest.raises(Refused) as caught:
        little.online.create()
    assert str(caught.value) == BUSY
    time_is_up(little)
    assert {each.state for each in little.online.create()} <= {"made", "repaired", "kept"}
    assert sorted(file.name for file in google.state.files.values()) == ["2026-大连市", "2026-沈阳市"]
    for city in (SHENYANG, DALIAN):
        emails = [each.get("emailAddress") for each in google.file(little.online.book(city)).permissions]
        assert emails.count(MAILS[city]) == 1
    assert [each.state for each in little.online.create()] == ["kept", "kept"]
