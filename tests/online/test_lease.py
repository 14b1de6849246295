"""One synchronises at a time, over all threads and processes; one that died is waited for no longer than needed."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from core.errors import Refused
from core.services.online_lease import BUSY, SECONDS, lease
from core.store import tables
from tests.conftest import BOTH
from tests.office import Office


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """A lease is a matter of the database."""
    return str(request.param)


def held(office: Office) -> list[tuple[str, int]]:
    """Until when the lease is held."""
    return [(row[0], row[2]) for row in office.dump()["sync_leases"]]


def test_the_second_is_told_and_the_third_comes_after_the_first(opened: Office) -> None:
    with lease(opened.app, lambda: 1000.0):
        assert held(opened) == [("sync", 1000 + SECONDS)]
        assert opened.refuses(Refused, lambda: lease(opened.app, lambda: 1000.0 + SECONDS).__enter__()) == BUSY
    assert held(opened) == []
    with lease(opened.app, lambda: 1001.0):
        assert held(opened) == [("sync", 1001 + SECONDS)]


def test_who_died_holds_it_until_the_time_is_up(opened: Office) -> None:
    dead = lease(opened.app, lambda: 1000.0)
    dead.__enter__()
    with lease(opened.app, lambda: 1001.0 + SECONDS):
        assert held(opened) == [("sync", 1001 + 2 * SECONDS)]
        with pytest.raises(Refused, match="同一时间只能有一个"):
            lease(opened.app, lambda: 1002.0 + SECONDS).__enter__()


def test_who_works_on_keeps_it(opened: Office) -> None:
    now = [1000.0]
    with lease(opened.app, lambda: now[0]) as renew:
        now[0] += SECONDS - 1
        renew()
        assert held(opened) == [("sync", 999 + 2 * SECONDS)]


def test_who_slept_while_another_took_over_stops_and_leaves_it_to_the_other(opened: Office) -> None:
    sleeper = lease(opened.app, lambda: 1000.0)
    renew = sleeper.__enter__()
    with lease(opened.app, lambda: 1001.0 + SECONDS):
        with pytest.raises(Refused) as told:
            renew()
        assert str(told.value) == BUSY
        assert sleeper.__exit__(None, None, None) is False
        assert len(held(opened)) == 1


def test_of_many_at_once_one_gets_it(opened: Office) -> None:
    start, end = Barrier(6), Barrier(6)
    got: list[bool] = []

    def work() -> None:
        start.wait()
        try:
            with lease(opened.app):
                got.append(True)
                end.wait()
        except Refused:
            got.append(False)
            end.wait()

    threads = [Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]
    with opened.app.reader.connect() as connection:
        assert connection.execute(tables.sync_leases.select()).all() == []
