"""How long periods last where the edition's figures change on a day, or have other units."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.errors import StandardRefused
from core.lifecycle.replay import Life
from core.lifecycle.terms import Terms
from core.standards.edition import Period
from core.standards.loader import load
from core.standards.threshold import Dated, Values
from core.working_days.calendar import Calendar, Due
from tests.lifecycle.documents import history, path_to

PERIODS = load("ln-2025-draft").periods


def changed(code: str, since: date, value: int) -> dict[str, Period]:
    """The edition's periods, one of them with another value from a day on."""
    period = PERIODS[code]
    values = Values((*period.values.dated, Dated(since, Decimal(value), "虚构发〔2026〕1号")))
    return dict(PERIODS) | {code: replace(period, values=values)}


def test_a_period_is_as_long_as_the_edition_says_on_the_day_it_begins() -> None:
    terms = Terms(changed("creation", date(2026, 6, 1), 4), Calendar())
    before, after = date(2026, 5, 31), date(2026, 6, 1)
    assert terms.last_day(("creation",), before, before) == Due(date(2028, 5, 31), False)
    assert terms.last_day(("creation",), after, after) == Due(date(2030, 6, 1), False)
    # An extension granted later leaves the first period as long as it was.
    assert terms.last_day(("creation", "extension"), before, date(2028, 6, 1)) == Due(date(2029, 5, 31), False)


def test_an_extension_is_as_long_as_the_edition_says_on_the_day_it_is_granted() -> None:
    periods = changed("extension", date(2024, 6, 1), 2)
    standing = Life(periods, Calendar()).replay(history(path_to("extended")).events, date(2024, 7, 1))
    assert [(one.code, one.due) for one in standing.deadlines] == [("creation_ends", date(2026, 6, 1))]


def test_a_notice_lasts_as_many_working_days_as_the_edition_says() -> None:
    periods = changed("creation_notice", date(2022, 5, 1), 7)
    standing = Life(periods, Calendar()).replay(history(path_to("creation_notice")).events, date(2022, 5, 16))
    assert [(one.code, one.due) for one in standing.deadlines] == [("notice_ends", date(2022, 5, 25))]


def test_periods_in_months_and_years_add_up_from_the_first_day() -> None:
    half_year = replace(PERIODS["extension"], unit="月", values=Values((Dated(date(2025, 1, 1), Decimal(6), "虚构"),)))
    terms = Terms(dict(PERIODS) | {"extension": half_year}, Calendar())
    start = date(2024, 8, 31)
    assert terms.last_day(("creation", "extension"), start, date(2026, 9, 1)) == Due(date(2027, 2, 28), False)


def test_working_days_do_not_add_up_with_years() -> None:
    days = replace(PERIODS["extension"], unit="工作日")
    terms = Terms(dict(PERIODS) | {"extension": days}, Calendar())
    with pytest.raises(StandardRefused) as refused:
        terms.last_day(("creation", "extension"), date(2024, 1, 1), date(2026, 1, 2))
    assert str(refused.value) == "标准里“延长创建期”以工作日计，不能与别的期限相加。"
