"""Who recommends, and how people type their names."""

from __future__ import annotations

import pytest

from core.standards.recommenders import city_name, find_recommender, recommenders


def test_fourteen_cities_by_code_and_the_demonstration_zone_last() -> None:
    assert [(one.code, one.name, one.units) for one in recommenders()] == [
        ("210100", "沈阳市", 13),
        ("210200", "大连市", 10),
        ("210300", "鞍山市", 7),
        ("210400", "抚顺市", 7),
        ("210500", "本溪市", 6),
        ("210600", "丹东市", 6),
        ("210700", "锦州市", 7),
        ("210800", "营口市", 6),
        ("210900", "阜新市", 7),
        ("211000", "辽阳市", 7),
        ("211100", "盘锦市", 4),
        ("211200", "铁岭市", 7),
        ("211300", "朝阳市", 7),
        ("211400", "葫芦岛市", 6),
        ("LN-SF", "沈抚示范区", None),
    ]
    assert sum(one.units or 0 for one in recommenders()) == 100


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("沈阳", "沈阳市"),
        (" 沈阳市 ", "沈阳市"),
        ("辽宁省大连市", "大连市"),
        ("沈抚", "沈抚示范区"),
        ("沈抚示范区", "沈抚示范区"),
        ("虚构市", "虚构市"),
        (None, None),
    ],
)
def test_city_names(typed: str | None, name: str | None) -> None:
    assert city_name(typed) == name


def test_an_unknown_city_is_no_recommender() -> None:
    assert find_recommender("虚构市") is None
