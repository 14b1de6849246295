"""The public registry of 10,000 objects, each with an application that tells its services."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any

import sqlalchemy as sa

from core.accounts import SYSTEM
from core.bootstrap import App, build
from core.clock import Clock
from core.intake.workbooks import read_books
from core.publication.registry.folder import replace_folder
from core.publication.registry.site import site_files
from core.records import Record, records_of
from core.services import registry
from core.settings import Settings, sqlite_url
from core.standards import loader
from core.standards.recommenders import recommenders
from core.store.tables import applications, intakes, rounds, submissions
from core.store.unit import Entry, Unit
from core.views.registry import RegistryFilter, registry_view
from sheets_schema.parse import parse
from tests.bench.cases import DAY, fill
from tests.bench.figure import Figure, in_turn, seconds
from tests.bench.histories import case_rows
from tests.books import applicant, filled

OBJECTS, CASES = 10_000, 12_700  # so many lives have led that many to where the public sees them
TIMES, SEARCHES, YEARS = 3, 15, 11
SITE_SECONDS, SEARCH_MILLISECONDS = 10, 150
FIRST_YEAR = 2040  # later than what the cases have
TAKEN = 1  # the application that entries of these lives say they rest on
MAIN = "推荐汇总表"


def measure_registry(base: Path) -> Iterator[Figure]:
    """One store; the site made of it, piece by piece and whole, and the page of the app."""
    app = build(Settings(base / "home", sqlite_url(base / "home")), Clock(DAY))
    fill(app, str(sa.make_url(app.settings.database_url).database), 1, CASES)
    apply_for(app, base)
    shown = registry.registry(app)
    assert len(shown.objects) >= OBJECTS, len(shown.objects)
    assert sum(bool(each.services or each.industry) for each in shown.objects) == len(shown.objects)
    _, files = registry.site(app)
    named = f"registry of {len(shown.objects):,}"
    yield Figure(f"{named}: size of its files", sum(map(len, files.values())) / 1e6, "MB")
    floor, whole = in_turn((partial(_written, files), partial(_exported, app)), TIMES)
    yield Figure(f"{named}: the same bytes into a folder (floor)", floor, "s")
    yield Figure(f"{named}: exported as a site", whole, "s", SITE_SECONDS)
    yield Figure(f"{named}: the same, processor time", seconds(partial(_exported, app), 1, process_time), "s")
    yield Figure(f"{named}: gathered from the store", seconds(partial(registry.registry, app), TIMES), "s")
    yield Figure(f"{named}: looked through for what may not be public", seconds(partial(registry.unfit, shown), 1), "s")
    yield Figure(f"{named}: its files made", seconds(partial(site_files, shown), 1), "s")
    yield Figure(f"{named}: of a past day", seconds(partial(registry.registry, app, DAY.replace(day=1)), 1), "s")
    view = registry_view(app)
    search = seconds(lambda: view.found(RegistryFilter(text="虚构改名 公司", kind="platform")), SEARCHES)
    yield Figure(f"{named}: searched in the app", search * 1000, "ms", SEARCH_MILLISECONDS)
    app.close()


def apply_for(app: App, base: Path) -> None:
    """An application for every case, laid over some rounds, as its city would have sent it."""
    patterns = _patterns(base)
    cases = list(case_rows(1, CASES))
    with app.unit(SYSTEM) as unit:
        for year in range(YEARS):
            _round(unit, FIRST_YEAR + year, cases[year::YEARS], patterns)
        unit.record(Entry("intake.taken", "intake", "", "", ""))


def _round(unit: Unit, year: int, cases: list[tuple[Any, ...]], patterns: dict[str, Record]) -> None:
    round_id = unit.insert(rounds, year=year, standard_id=loader.default())
    for city in recommenders():
        here = [case for case in cases if case[3] == city.name]
        came = {"file_name": "", "snapshot": "", "size": 0, "taken_at": unit.now, "state": "effective"}
        known = {"errors": [], "unjudged": [], **came}
        intake = unit.insert(intakes, round_id=round_id, city=city.name, **known)
        first = (unit.execute(sa.select(sa.func.max(applications.c.id))).scalar() or TAKEN) + 1
        many = [
            {"id": first + at, "round_id": round_id, "city": city.name, "key": f"pt-{at}"} for at in range(len(here))
        ]
        unit.execute(applications.insert(), many)
        sent = [
            {"intake_id": intake, "application_id": first + at, "record": _record(patterns[case[1]], case)}
            for at, case in enumerate(here)
        ]
        unit.execute(submissions.insert(), sent)


def _patterns(base: Path) -> dict[str, Record]:
    """What an application for a review looks like, by kind."""
    path = base / "2026-沈阳市.xlsx"
    kinds = ("platform", "base")
    path.write_bytes(filled("沈阳市", *(applicant(kind, kind, "虚构", application="运行复核") for kind in kinds)))
    [read] = read_books([path])
    assert read.raw is not None
    return dict(zip(kinds, (record for _, record in records_of(parse(read.raw))), strict=True))


def _record(pattern: Record, case: tuple[Any, ...]) -> Record:
    made = copy.deepcopy(pattern)
    fields = made["rows"][MAIN][0]["fields"]
    for column, value in (("平台（基地）名称", case[4]), ("统一社会信用代码", case[6])):
        fields[column][1] = fields[column][3] = value
        fields[column][4] = None
    return made


def _written(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        replace_folder(Path(folder) / "site", files)


def _exported(app: App) -> None:
    with tempfile.TemporaryDirectory() as folder:
        registry.export_to(app, SYSTEM, Path(folder) / "site")
