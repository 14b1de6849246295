"""The search of 创建对象 by text: however few or many hold it, what a plain look at every line finds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from core.derived import folded
from core.services import cases
from core.store import tables
from core.views import cases as searched
from core.views.cases import CaseFilter, case_counts, case_lines
from tests.begun import entered, taken_over
from tests.conftest import BOTH
from tests.office import Office

DAY, SIZE = date(2029, 3, 2), 4
CITIES = ("沈抚示范区", "大连市", "沈阳市", "鞍山市")
# none hold it, one, some, most, all; of codes, names, former names, operators; letters of either case and both widths
TEXTS = (
    "没有",
    "%",
    "_",
    "05号",
    "虚构1",
    "1",
    "9121",
    "ma00",
    "ＭＡ00",
    "Abc",
    "aBC",
    "癸",
    "曾用",
    "公司",
    "虚构",
    " 7号",
)


@pytest.fixture(params=BOTH)
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite, PostgreSQL."""
    return str(request.param)


@pytest.fixture(params=[(1000, 3000), (5, 6), (0, 1)], ids=["few", "near", "all"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the program's own limits two dozen cases are few; with smaller ones they are too many to be told so."""
    few, near = request.param
    monkeypatch.setattr(searched, "FEW", few)
    monkeypatch.setattr(searched, "NEAR", near)


@pytest.fixture
def many(opened: Office) -> Office:
    """Two dozen cases in four cities, one under its second name, one that was taken back."""
    opened.on(DAY)
    for number in range(1, 25):
        called = f"曾用{number:02d}号" if number == 9 else f"虚构{number:02d}号平台"
        status = "recognized" if number % 3 else "creating"
        kept = {"city": CITIES[number % 4], "uscc": "" if number == 3 else f"91210000MA{number:08d}"}
        operator = "虚构ABC公司" if number % 5 == 0 else f"虚构{number}公司"
        taken_over(opened.app, opened.staff, status, date(2027, 3, 1), called, operator=operator, **kept)
    entered(opened.app, opened.staff, 9, "change_reported", DAY, occurred="2028-01-05", evidence="登记")
    renamed = {"keep": True, "name": "虚构癸平台", "operator": "虚构9公司"}
    entered(opened.app, opened.staff, 9, "change_decided", DAY, **renamed)
    cases.void(opened.app, opened.staff, 7, 1, 1, "误建")
    return opened


def plainly(office: Office, text: str, status: str = "", city: str = "") -> list[Any]:
    """The lines that fit, in official order, each looked at by itself."""
    with office.app.reader.connect() as connection:
        lines = connection.execute(sa.select(tables.standings)).all()
        names = connection.execute(sa.select(tables.case_names)).all()
    held = {row.case_id for row in names if folded(text) in row.name or folded(text) in (row.uscc or "")}
    fitting = [
        row
        for row in lines
        if row.status is not None
        and (not status or row.status == status)
        and (not city or row.city == city)
        and (row.case_id in held or text.lower() in row.operator.lower())
    ]
    return sorted(fitting, key=lambda row: (row.place, row.name, row.case_id))


def pages(office: Office, wanted: CaseFilter, on: date | None = None) -> list[int]:
    """The numbers on all pages, one after the other; they are as many as is said."""
    total = case_counts(office.app, wanted, on).total
    found = [
        line.id
        for first in range(0, total + SIZE, SIZE)
        for line in case_lines(office.app, wanted, on, first=first, size=SIZE)
    ]
    assert len(found) == total
    return found


@pytest.mark.usefixtures("limits")
def test_every_page_holds_what_a_plain_look_finds(many: Office) -> None:
    for text in TEXTS:
        for status, city in (("", ""), ("creating", ""), ("", "大连市"), ("recognized", "沈抚示范区")):
            wanted = CaseFilter(status=status, city=city, text=text)
            fitting = plainly(many, text, status, city)
            assert pages(many, wanted) == [row.case_id for row in fitting], wanted
            by_status: dict[str, int] = {}
            for row in plainly(many, text, city=city):
                by_status[row.status] = by_status.get(row.status, 0) + 1
            assert case_counts(many.app, wanted).by_status == by_status


@pytest.mark.usefixtures("limits")
def test_what_is_entered_afterwards_is_found_at_once_and_not_on_an_earlier_day(many: Office) -> None:
    wanted = {text: CaseFilter(text=text) for text in ("新来", "虚构", "20号")}
    before = {text: pages(many, asked) for text, asked in wanted.items()}
    assert (before["新来"], before["20号"], len(before["虚构"])) == ([], [20], 23)
    many.on(date(2029, 3, 20))
    made = taken_over(many.app, many.staff, "creating", DAY, "虚构新来平台", city="沈抚示范区")
    cases.void(many.app, many.staff, 20, 1, 1, "误建")
    assert pages(many, wanted["新来"]) == [made]
    assert pages(many, wanted["20号"]) == []
    assert pages(many, wanted["虚构"]) == [row.case_id for row in plainly(many, "虚构")]
    assert {text: pages(many, asked, DAY) for text, asked in wanted.items()} == before
