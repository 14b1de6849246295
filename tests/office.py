"""An office to test in: a store, a round with its folder, and people of every role."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.accounts import Actor, Role
from core.bootstrap import App, build
from core.clock import Clock
from core.errors import Refused
from core.services import accounts, intake, rounds
from core.settings import Settings, sqlite_url
from core.store import tables
from tests.books import Sheets, applicant, filled
from tests.postgresql import Cluster
from tests.statements import kept

TODAY = date(2026, 5, 20)
DEADLINE = date(2026, 6, 15)
AS_OF = date(2026, 6, 30)
PASSWORD = "tests-only-password"
SHENYANG, DALIAN, SHENFU = "沈阳市", "大连市", "沈抚示范区"
Dump = dict[str, list[tuple[Any, ...]]]
Start = Callable[[], Cluster]


def shenyang() -> list[Sheets]:
    """A platform and a base that pass every computed criterion."""
    return [applicant("platform", "PT-001", "虚构市云帆服务平台"), applicant("base", "JD-001", "虚构市望海基地")]


def better() -> list[Sheets]:
    """大连市 with both mistakes put right."""
    return [
        applicant("platform", "PT-001", "虚构市星河服务平台", {"平台指标": {"年服务中小企业数（家）": "1000"}}),
        applicant("platform", "PT-002", "虚构市北辰服务平台"),
    ]


def dalian() -> list[Sheets]:
    """A platform that serves too few, and one with a figure that is no number."""
    few = {"平台指标": {"年服务中小企业数（家）": "900"}}
    vague = {"平台指标": {"专家数（人）": "约50"}}
    return [
        applicant("platform", "PT-001", "虚构市星河服务平台", few),
        applicant("platform", "PT-002", "虚构市北辰服务平台", vague),
    ]


def shenfu() -> list[Sheets]:
    """One platform of the recommender that stands last in every list."""
    return [applicant("platform", "PT-001", "虚构区安山服务平台")]


@dataclass(slots=True)
class Office:
    """Everything a test needs. The round is of 2026, its deadline and day of reference are set, no quotas."""

    app: App
    folder: Path
    round_id: int
    admin: Actor
    staff: Actor
    second: Actor
    expert: Actor
    supervisor: Actor

    def put(self, city: str, *applicants: Sheets, name: str = "", **options: Any) -> Path:
        """Lays a city's workbook into the folder, in the place of the one that is there."""
        path = self.folder / (name or f"2026-{city}.xlsx")
        path.write_bytes(filled(city, *applicants, **options))
        return path

    def take(self, *cities: str, **options: Any) -> list[intake.Outcome]:
        """Takes workbooks in, as staff."""
        return intake.take_in(self.app, self.staff, self.round_id, cities or None, **options)

    def on(self, day: date) -> None:
        """Lets it be another day."""
        self.app.clock = Clock(day)

    def row(self, table: sa.Table, **where: Any) -> Any:
        """The one row with these values."""
        query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
        with self.app.reader.connect() as connection:
            return connection.execute(query).one()

    def application(self, city: str, key: str) -> Any:
        """The application of a city with this folded 编号."""
        return self.row(tables.applications, city=city, key=key)

    def judged(self, city: str, key: str) -> Any:
        """Its newest assessment."""
        number = self.application(city, key).id
        table = tables.assessments
        query = sa.select(table).where(table.c.application_id == number).order_by(table.c.id.desc()).limit(1)
        with self.app.reader.connect() as connection:
            return connection.execute(query).one()

    def verdicts(self, city: str, key: str) -> dict[str, str]:
        """Criterion -> verdict."""
        return {each["criterion"]: each["verdict"] for each in self.judged(city, key).findings}

    def entries(self) -> list[Any]:
        """The ledger, oldest first."""
        with self.app.reader.connect() as connection:
            return list(connection.execute(sa.select(tables.ledger).order_by(tables.ledger.c.id)))

    def last(self) -> Any:
        """The newest ledger entry."""
        return self.entries()[-1]

    def dump(self) -> Dump:
        """Every row of every table."""
        return dump(self.app)

    def refuses(self, kind: type[Refused], act: Callable[[], object]) -> str:
        """The sentence with which an act is refused; nothing may have been written."""
        return refuses(self.app, kind, act)


@cache
def _orders() -> dict[str, sa.Select[Any]]:
    held = tables.metadata.sorted_tables
    return {table.name: sa.select(table).order_by(*table.primary_key.columns) for table in held}


def dump(app: App) -> Dump:
    """Every row of every table, by primary key."""
    with app.reader.connect() as connection:
        return {name: [tuple(row) for row in connection.execute(query)] for name, query in _orders().items()}


def _written(app: App) -> list[Any]:
    """Every row of every table as the database itself says it: hundreds of tests ask for it twice."""
    names = _orders()
    with app.reader.connect() as connection:
        if connection.dialect.name == "sqlite":
            return [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in names]
        every = " UNION ALL ".join(f"SELECT '{name}', CAST({name} AS text) FROM {name}" for name in names)
        return sorted(map(tuple, connection.exec_driver_sql(every)))


def refuses(app: App, kind: type[Refused], act: Callable[[], object]) -> str:
    """The sentence with which an act is refused (exactly this kind); nothing may have been written."""
    before = _written(app)
    with pytest.raises(Refused) as caught:
        act()
    assert caught.type is kind
    assert _written(app) == before
    return str(caught.value)


class Worlds:
    """States of an office, each made once a run and a backend, and copied for each test."""

    def __init__(self, base: Path, start: Start) -> None:
        self._base, self._start = base, start
        self._made: dict[tuple[str, str], str] = {}
        self.folder = base / "round"

    def settings(self, backend: str, name: str, home: Path) -> Settings:
        """A copy of a world: its store, snapshots and the round's folder."""
        if name == "":
            home.mkdir(parents=True, exist_ok=True)
            return Settings(home, self._empty(backend, home))
        if (backend, name) not in self._made:
            self._made[backend, name] = self._make(backend, name)
        world = self._kept(backend, name)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(world / "folder", self.folder)
        shutil.copytree(world / "home", home, dirs_exist_ok=True)
        url = sqlite_url(home) if backend == "sqlite" else self._copy(self._made[backend, name])
        return Settings(home, url)

    def office(self, backend: str, name: str, home: Path) -> Office:
        """An office in a world; the caller closes its app."""
        return office_of(kept(build(self.settings(backend, name, home), Clock(TODAY))), self.folder)

    def _kept(self, backend: str, name: str) -> Path:
        return self._base / f"{backend}-{name}"

    def _empty(self, backend: str, home: Path) -> str:
        return sqlite_url(home) if backend == "sqlite" else self._copy("template0")

    def _copy(self, template: str) -> str:
        cluster = self._start()
        return cluster.url(cluster.database(template))

    def _make(self, backend: str, name: str) -> str:
        home, folder = self._base / "making", self._base / "round"
        for left in (home, folder):
            shutil.rmtree(left, ignore_errors=True)
        folder.mkdir()
        app = build(self.settings(backend, BEFORE[name], home), Clock(TODAY))
        url = app.settings.database_url
        BUILDERS[name](app, folder)
        app.close()
        shutil.move(home, self._kept(backend, name) / "home")
        shutil.copytree(folder, self._kept(backend, name) / "folder")
        return url.partition("@/")[2].partition("?")[0]


def office_of(app: App, folder: Path) -> Office:
    """The office of a store that has its people and one round."""
    with app.reader.connect() as connection:
        held = list(connection.execute(sa.select(tables.accounts).order_by(tables.accounts.c.id)))
        round_id = connection.execute(sa.select(tables.rounds.c.id)).scalar_one()
    people = [Actor(row.id, row.login, row.name, Role(row.role)) for row in held]
    return Office(app, folder, round_id, *people)


def _open(app: App, folder: Path) -> None:
    token = accounts.setup_token(app)
    made = accounts.create_first_admin(app, token=token, login="zhang", name="张主任", password=PASSWORD)
    admin = Actor(made, "zhang", "张主任", Role.ADMIN)
    for login, name, role in (
        ("li", "李经办", Role.STAFF),
        ("zhao", "赵经办", Role.STAFF),
        ("wang", "王专家", Role.EXPERT),
        ("chen", "陈监督", Role.SUPERVISOR),
    ):
        accounts.create_account(app, admin, login=login, name=name, role=role, password=PASSWORD)
    rounds.open_round(
        app, admin, year=2026, folder=str(folder), deadline=DEADLINE, reference_day=AS_OF, count_start=False
    )


def _take(app: App, folder: Path) -> None:
    office = office_of(app, folder)
    office.put(SHENYANG, *shenyang())
    office.put(DALIAN, *dalian())
    office.put(SHENFU, *shenfu())
    assert [each.ok for each in office.take()] == [True, True, True]


def _nothing(_app: App, _folder: Path) -> None:
    """The tables are there, and nothing in them."""


BUILDERS: dict[str, Callable[[App, Path], None]] = {"empty": _nothing, "opened": _open, "taken": _take}
BEFORE = {"empty": "", "opened": "empty", "taken": "opened"}
