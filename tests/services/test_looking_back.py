"""Where cases stood on a past day: only what was known then counts."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.services import calendar, cases
from core.services.arrangement import read_lines
from core.services.looking_back import standings_of
from core.store.tables import case_names, standings
from tests.begun import entered, recommended, taken_over
from tests.office import Office


def stood(office: Office, on: date | None) -> list[tuple[Any, ...]]:
    """Name, status, due, whether provisional, and flags of every case, in official order."""
    told = (standings.c.name, standings.c.status, standings.c.due, standings.c.provisional, standings.c.flags)
    query = sa.select(*told).order_by(standings.c.place, standings.c.name)
    with standings_of(office.app, on) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_what_is_entered_later_was_not_known(opened: Office) -> None:
    office, app = opened, opened.app
    office.on(date(2029, 3, 2))
    first = taken_over(app, office.staff, "recognized", date(2027, 3, 1))
    office.on(date(2029, 5, 10))
    entered(app, office.staff, first, "review_failed", date(2029, 4, 20))
    taken_over(app, office.staff, "creating", date(2028, 1, 1), "虚构乙平台", city="大连市")
    office.on(date(2029, 6, 1))
    cases.void(app, office.staff, first, 2, 2, "误点")
    known = ("虚构甲平台", "recognized", date(2029, 3, 1), False, "")
    failed = ("虚构甲平台", "rectifying", date(2030, 4, 20), False, "")
    other = ("虚构乙平台", "creating", date(2030, 1, 1), False, "")
    assert stood(office, date(2029, 3, 1)) == []
    assert stood(office, date(2029, 5, 9)) == [known]
    assert stood(office, date(2029, 5, 10)) == stood(office, date(2029, 5, 31)) == [failed, other]
    assert stood(office, date(2029, 6, 1)) == stood(office, None) == [known, other]


def test_a_day_counts_by_the_arrangement_known_then(opened: Office) -> None:
    office, app = opened, opened.app
    office.on(date(2026, 12, 29))
    number = recommended(app, office.staff, date(2026, 12, 1))
    entered(app, office.staff, number, "selected", date(2026, 12, 2))
    entered(app, office.staff, number, "notice_opened", date(2026, 12, 28), days=5, count_start=False)
    office.on(date(2026, 12, 30))
    calendar.set_overrides(app, office.admin, read_lines("2027-01-04 休 元旦", "虚构办发〔2026〕9号"), "按通知")
    before, after = date(2027, 1, 5), date(2027, 1, 6)
    assert stood(office, date(2026, 12, 29)) == [("虚构甲平台", "creation_notice", before, True, "")]
    assert stood(office, date(2026, 12, 30)) == [("虚构甲平台", "creation_notice", after, True, "")]
    assert stood(office, None) == [("虚构甲平台", "creation_notice", after, True, "")]


def test_a_name_was_not_known_before_it_was_decided(opened: Office) -> None:
    office, app = opened, opened.app
    office.on(date(2029, 3, 2))
    number = taken_over(app, office.staff, "recognized", date(2027, 3, 1))
    entered(app, office.staff, number, "change_reported", date(2029, 3, 2), occurred="2029-01-05", evidence="登记")
    office.on(date(2029, 3, 5))
    entered(app, office.staff, number, "change_decided", date(2029, 3, 3), keep=True, name="虚构新平台")
    reported = ("虚构甲平台", "recognized", date(2029, 3, 1), False, ",change_open,")
    assert stood(office, date(2029, 3, 4)) == [reported]
    assert stood(office, date(2029, 3, 5)) == [("虚构新平台", "recognized", date(2029, 3, 1), False, "")]
    with standings_of(office.app, date(2029, 3, 4)) as connection:
        assert connection.execute(sa.select(case_names.c.name)).scalars().all() == ["虚构甲平台"]


def test_a_day_is_replayed_once_and_only_two_are_kept(opened: Office) -> None:
    office, app = opened, opened.app
    office.on(date(2029, 3, 2))
    number = taken_over(app, office.staff, "recognized", date(2027, 3, 1))
    days = [date(2029, 3, day) for day in (2, 3, 4)]
    office.on(date(2029, 3, 10))
    for day in days:
        stood(office, day)
    held = dict(app.remembered["past"])
    assert list(held) == days[1:]
    entered(app, office.staff, number, "review_failed", date(2029, 3, 10))
    stood(office, days[1])
    assert app.remembered["past"][days[1]] is held[days[1]]
    # a day that is not over yet goes on learning
    stood(office, date(2029, 3, 10))
    entered(app, office.staff, number, "review_failed", date(2029, 3, 10))
    assert [row[1] for row in stood(office, date(2029, 3, 10))] == ["revoked"]
