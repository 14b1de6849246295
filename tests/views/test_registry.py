"""名录 as its page asks for it: the same search as on the site."""

from __future__ import annotations

from datetime import date

import pytest

from core.views.registry import RegistryFilter, RegistryView, registry_view
from tests.begun import entered, taken_over
from tests.office import DALIAN, SHENYANG, Office

RECOGNIZED, LATER = date(2024, 3, 1), date(2025, 6, 2)


@pytest.fixture
def held(opened: Office) -> Office:
    """A base that was renamed and a platform in two cities."""
    app, staff = opened.app, opened.staff
    number = taken_over(app, staff, "recognized", RECOGNIZED, "虚构望海基地", kind="base", operator="虚构望海公司")
    entered(app, staff, number, "change_reported", LATER, occurred="2025-05-01", evidence="工商")
    entered(app, staff, number, "change_decided", LATER, keep=True, name="虚构Ｙun帆基地")
    taken_over(app, staff, "creating", LATER, "虚构星河平台", city=DALIAN, operator="虚构星河公司")
    return opened


def seen(office: Office) -> RegistryView:
    return registry_view(office.app)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (RegistryFilter(), ["虚构Ｙun帆基地", "虚构星河平台"]),
        (RegistryFilter(text="yun帆"), ["虚构Ｙun帆基地"]),
        (RegistryFilter(text="  望海  公司 "), ["虚构Ｙun帆基地"]),
        (RegistryFilter(text="望海基地"), ["虚构Ｙun帆基地"]),
        (RegistryFilter(text="望海 星河"), []),
        (RegistryFilter(city=DALIAN), ["虚构星河平台"]),
        (RegistryFilter(city=SHENYANG, kind="platform"), []),
        (RegistryFilter(kind="base"), ["虚构Ｙun帆基地"]),
        (RegistryFilter(group="creating"), ["虚构星河平台"]),
        (RegistryFilter(year="2024"), ["虚构Ｙun帆基地"]),
        (RegistryFilter(year="2025"), ["虚构星河平台"]),
        (RegistryFilter(text="虚构", year="2023"), []),
    ],
)
def test_what_is_asked_for_is_found(held: Office, wanted: RegistryFilter, names: list[str]) -> None:
    assert [each.name for each in seen(held).found(wanted)] == names


def test_groups_are_counted_whichever_is_chosen(held: Office) -> None:
    wanted = RegistryFilter(group="revoked", city=DALIAN)
    assert seen(held).counts(wanted) == {"recognized": 0, "creating": 1, "rectifying": 0, "revoked": 0}


def test_it_is_asked_for_once_until_something_changes(held: Office) -> None:
    before = seen(held)
    assert seen(held) is before
    entered(held.app, held.staff, 2, "dishonesty_found", date(2026, 5, 4), evidence="虚构")
    assert [each.name for each in seen(held).registry.objects] == ["虚构Ｙun帆基地"]
    assert (seen(held).one("LN00001") is not None, seen(held).one("LN00002")) == (True, None)
