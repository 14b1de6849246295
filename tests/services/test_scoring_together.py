"""Thirty experts at once: what was said to be kept is kept, and no two windows write the same version."""

from __future__ import annotations

import threading
from time import monotonic
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Role
from core.bootstrap import App, build
from core.errors import Refused, Stale
from core.services import scoring
from core.services.own_sheets import own_sheets
from core.store import tables
from tests.office import Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, seen
from tests.scoring.documents import CODES

PEOPLE, SECONDS = 30, 3.0
NAMES = (YUNFAN, WANGHAI, XINGHE, ANSHAN)


def crowd(office: Office, count: int) -> list[Actor]:
    """Experts with an account and two sheets each, on which no conflict was declared."""
    now, people = office.app.clock.now(), []
    subjects = {each.name: each.id for each in seen(office).subjects.values()}
    with office.app.writer.begin() as connection:

        def add(table: sa.Table, **values: Any) -> int:
            return int(connection.execute(table.insert().values(**values)).inserted_primary_key[0])

        for place in range(count):
            login, name = f"zj{place:02}", f"虚构专家{place:02}"
            number = add(
                tables.accounts, login=login, name=name, role="expert", unit="", password_hash="", created_at=now
            )
            people.append(Actor(number, login, name, Role.EXPERT))
            expert = add(tables.experts, account_id=number, code=f"人{place:02}", name=name, units=[], fields=[])
            for chosen in (NAMES[place % 4], NAMES[(place + 1) % 4]):
                pair = {"application_id": subjects[chosen], "expert_id": expert, "round_id": office.round_id}
                add(tables.assignments, **pair, who="李经办", at=now, cleared_at=now)
    return people


class Typing:
    """One expert who saves as fast as it goes, in a process of the own as it were: another App on the same store."""

    def __init__(self, office: Office, actor: Actor) -> None:
        self.app: App = build(office.app.settings, office.app.clock)
        self.actor, self.versions, self.problems = actor, dict[int, list[int]](), list[BaseException]()

    def run(self, start: threading.Barrier, until: float) -> None:
        start.wait()
        try:
            with self.app.reader.connect() as connection:
                numbers = list(own_sheets(self.app, connection, self.actor))
            self.versions = {number: [0] for number in numbers}
            place = 0
            while monotonic() < until:
                number = numbers[place % len(numbers)]
                content = {"scores": {CODES[place % 6]: str(place % 100)}, "comments": {"path": f"{place}"}}
                held = self.versions[number]
                held.append(scoring.save_draft(self.app, self.actor, number, content, held[-1], 1))
                place += 1
        except Exception as error:  # noqa: BLE001 - the test tells what happened
            self.problems.append(error)
        finally:
            self.app.close()


def test_thirty_experts_save_at_once_and_nothing_is_lost(convened: Office) -> None:
    people = [Typing(convened, actor) for actor in crowd(convened, PEOPLE)]
    start, until = threading.Barrier(PEOPLE), monotonic() + SECONDS
    threads = [threading.Thread(target=each.run, args=(start, until)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.problems for each in people] == [[]] * PEOPLE
    with convened.app.reader.connect() as connection:
        stored = {row.assignment_id: row.version for row in connection.execute(sa.select(tables.score_drafts))}
    said = {number: versions for each in people for number, versions in each.versions.items()}
    assert len(said) == 2 * PEOPLE
    for number, versions in said.items():
        assert versions == list(range(len(versions)))
        assert stored.get(number, 0) == versions[-1]
    assert sum(stored.values()) >= 2 * PEOPLE


def at_once(works: list[Any]) -> list[Any]:
    """What each gave or was refused with, begun at the same moment."""
    start, ended = threading.Barrier(len(works)), dict[int, Any]()

    def run(place: int, work: Any) -> None:
        start.wait()
        try:
            ended[place] = work()
        except Refused as refused:
            ended[place] = refused

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[place] for place in range(len(works))]


def test_of_two_windows_at_the_same_moment_one_is_told(convened: Office) -> None:
    [actor] = crowd(convened, 1)
    with convened.app.reader.connect() as connection:
        number = next(iter(own_sheets(convened.app, connection, actor)))
    for version in range(4):
        works = [
            lambda text=text, version=version: scoring.save_draft(
                convened.app, actor, number, {"comments": {"path": f"{text}{version}"}}, version, 1
            )
            for text in ("左", "右")
        ]
        found = at_once(works)
        assert sorted(type(each) for each in found if isinstance(each, Stale)) == [Stale]
        assert [each for each in found if each == version + 1] == [version + 1]


def test_handing_in_twice_at_the_same_moment_is_once(convened: Office) -> None:
    [actor] = crowd(convened, 1)
    with convened.app.reader.connect() as connection:
        numbers = list(own_sheets(convened.app, connection, actor))
    content = {"scores": dict.fromkeys(CODES, "80")}
    for number in numbers:
        found = at_once([lambda number=number: scoring.submit(convened.app, actor, number, content, 0, 1)] * 2)
        assert sorted(str(type(each)) for each in found) == sorted(map(str, (type(None), Refused)))
    with convened.app.reader.connect() as connection:
        rows = connection.execute(sa.select(tables.score_entries)).all()
    assert sorted((row.assignment_id, row.number) for row in rows) == [(number, 1) for number in sorted(numbers)]
