"""Any sequence of acts on cases: what is kept beside a history is what it leads to; what is taken back is undone."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.lifecycle.entries import OPENED, Entry
from core.lifecycle.table import load
from core.services import cases
from core.services.case_files import CaseFile, case_files
from core.services.counting import lives
from core.services.projection import names_of, standing_row
from core.store import tables
from core.upkeep.verify import verify
from tests.begun import entered, recommended, taken_over
from tests.conftest import one_database
from tests.office import Office

pytestmark = one_database
FIRST = date(2027, 1, 4)
GIVEN = {"document": "虚构工信〔2029〕2号", "why": "材料不全"}
ALONE = ("acceptance_failed", "review_failed", "change_reported", "change_decided", "dishonesty_found", "withdrawn")
OF_A_NOTICE = ("notice_opened", "objection_filed", "objection_resolved")
BEGINNINGS = st.sampled_from(["", "", "creating", "extended", "recognized", "rectifying"])
KINDS = ["enter"] * 5 + ["onward"] * 4 + ["late", "void", "void", "correct", "again"]
DAYS = st.sampled_from([0, 0, 0, 1, 3, 8, 12])
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 99), DAYS), min_size=4, max_size=14)


class Play:
    """Acts on one case of a store that holds many, each looked at afterwards."""

    def __init__(self, office: Office, seen: Counter[str], status: str) -> None:
        self.office, self.seen, self.day = office, seen, FIRST
        office.on(FIRST)
        name = f"虚构{sum(seen.values())}号平台"
        if status:
            self.case = taken_over(office.app, office.staff, status, FIRST, name)
        else:
            self.case = recommended(office.app, office.staff, FIRST, name)

    def act(self, kind: str, pick: int, days: int) -> None:
        """One act, refused or not, some days after the one before."""
        row = self.row()
        onward = kind == "onward" and row.due is not None
        self.day = max(self.day, row.due + timedelta(1)) if onward else self.day + timedelta(days)
        self.office.on(self.day)
        before = len(self.file().entries)
        try:
            getattr(self, f"_{kind}")(pick, days)
            self.seen[kind] += 1
        except Refused:
            self.seen["refused"] += 1
            assert len(self.file().entries) == before
        self.look()

    def look(self) -> None:
        """What is kept beside the entries is what they lead to."""
        file = self.file()
        counting = lives(self.office.app)
        assert dict(self.row()._mapping) == standing_row(file, counting)
        with self.office.app.reader.connect() as connection:
            query = sa.select(tables.case_names).where(tables.case_names.c.case_id == self.case)
            held = [dict(row._mapping) for row in connection.execute(query)]
        assert sorted(held, key=str) == sorted(names_of(file), key=str)

    def row(self) -> Any:
        """Its line of `standings`."""
        return self.office.row(tables.standings, case_id=self.case)

    def file(self) -> CaseFile:
        """Its entries."""
        with self.office.app.reader.connect() as connection:
            [file] = case_files(connection, [self.case])
        return file

    def _onward(self, pick: int, days: int) -> None:
        self._enter(pick, days)

    def _enter(self, pick: int, days: int, day: date | None = None) -> None:
        event = _chosen(load().possible(self.row().status), pick)
        data = _data(event, day or self.day, pick, days)
        office = self.office
        if event in ALONE:
            given: dict[str, Any] = {"event": event, "day": day or self.day, "data": data} | GIVEN
            cases.act(office.app, office.staff, self.case, self.file().version, **given)
        else:
            entered(office.app, office.staff, self.case, event, day or self.day, **data)
        self.seen[event] += 1

    def _late(self, pick: int, days: int) -> None:
        self._enter(pick, days, self.day - timedelta(days * 3))

    def _void(self, pick: int, _days: int) -> None:
        file = self.file()
        cases.void(self.office.app, self.office.staff, self.case, file.version, _some(file, pick).number, "误点")

    def _correct(self, pick: int, days: int) -> None:
        file = self.file()
        meant = _some(file, pick)
        given: dict[str, Any] = {
            "day": meant.day + timedelta(days - 4),
            "document": "虚构〔2029〕3号",
            "data": {},
            "why": "日期写错",
        }
        cases.correct(self.office.app, self.office.staff, self.case, file.version, meant.number, **given)

    def _again(self, pick: int, _days: int) -> None:
        """Voided and entered anew on its day, an entry leads to what it led to before."""
        file, before = self.file(), self.row()
        meant = _some(file, pick)
        cases.void(self.office.app, self.office.staff, self.case, file.version, meant.number, "误点")
        own = {key: value for key, value in meant.data.items() if key != "ended"}
        entered(self.office.app, self.office.staff, self.case, meant.type, meant.day, **own)
        assert self.row() == before


def _chosen(possible: tuple[str, ...], pick: int) -> str:
    """Something that the table allows, seldom what ends the case or what it does not allow."""
    ways = [event for event in possible if event not in ("withdrawn", "dishonesty_found", "not_selected")]
    among = [*ways * 4, *possible, "recognized"]
    return among[pick % len(among)]


def _some(file: CaseFile, pick: int) -> Entry:
    counted = [one for one in file.counted() if one.type != OPENED]
    if not counted:
        raise Refused("没有可以作废的。")
    return counted[-1 - pick % min(3, len(counted))]


def _data(event: str, day: date, pick: int, days: int) -> dict[str, Any]:
    """What the table asks for with an event."""
    carried: dict[str, dict[str, Any]] = {
        "notice_opened": {"days": 5 + pick % 2, "count_start": pick % 3 == 0},
        "objection_filed": {
            "id": f"{pick % 2}",
            "postmarked": (day - timedelta(days)).isoformat(),
            "evidence": "来信",
        },
        "objection_resolved": {"id": f"{pick % 2}", "upheld": pick % 4 == 0},
        "change_reported": {"occurred": (day - timedelta(days * 15)).isoformat(), "evidence": "登记"},
        "change_decided": {"keep": pick % 5 > 0, "name": f"虚构改名{pick}平台"},
        "dishonesty_found": {"evidence": "公示"},
    }
    return carried.get(event, {})


def test_what_is_kept_is_what_the_entries_lead_to(opened: Office) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(BEGINNINGS, STEPS)
    def play(status: str, steps: list[tuple[str, int, int]]) -> None:
        made = Play(opened, seen, status)
        for step in steps:
            made.act(*step)

    play()
    assert {"enter", "onward", "late", "void", "correct", "again", "refused"} <= set(seen), seen
    reached = {"creation_confirmed", "acceptance_failed", "recognized", "review_failed", "change_decided"}
    assert reached <= set(seen), seen
    problems = {result.check.name: result.problems for result in verify(opened.app) if result.problems}
    # objections are entered here without what stands beside them
    assert set(problems) <= {"公示和异议"}, problems
