"""Which case something that a city wrote is about: code and kind first, then the name; else a sentence."""

from __future__ import annotations

from datetime import date

import pytest

from core.services import cases
from core.services.matching import Match, Wanted, match
from tests.begun import entered, taken_over
from tests.office import Office

CODE, OTHER, THIRD = "12210100MB0000001P", "91210100MA0000003N", "91210100MA0000005J"
SINCE = date(2024, 3, 1)
DAY = date(2026, 4, 1)


def begun(office: Office, name: str, uscc: str = "", status: str = "creating", **more: str) -> int:
    return taken_over(office.app, office.staff, status, SINCE, name, uscc=uscc, **more)


def matched(office: Office, city: str, name: str, kind: str = "", uscc: str = "") -> Match:
    with office.app.reader.connect() as connection:
        return match(connection, [Wanted(city, name, kind, uscc)])[0]


def renamed(office: Office, case_id: int, name: str, uscc: str = "") -> None:
    entered(office.app, office.staff, case_id, "change_reported", DAY, occurred="2026-03-02", evidence="登记")
    given = {"keep": True, "name": name} | ({"uscc": uscc} if uscc else {})
    entered(office.app, office.staff, case_id, "change_decided", DAY, **given)


def test_a_code_that_one_case_of_the_kind_has_tells_it_whatever_the_name(opened: Office) -> None:
    platform = begun(opened, "虚构甲平台", CODE)
    base = begun(opened, "虚构乙基地", CODE, kind="base")
    assert matched(opened, "沈阳市", "虚构新名", "platform", CODE) == Match(platform, "code")
    assert matched(opened, "大连市", "虚构新名", "base", f" {CODE.lower()} ") == Match(base, "code")


def test_of_several_with_the_code_the_name_tells_now_or_former_however_it_is_typed(opened: Office) -> None:
    first = begun(opened, "虚构甲平台", CODE)
    second = begun(opened, "虚构A平台", CODE)
    renamed(opened, second, "虚构丙平台")
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE) == Match(first, "name")
    for name in ("虚构丙平台", " 虚构Ａ平台", "虚构a平台"):
        assert matched(opened, "沈阳市", name, "platform", CODE) == Match(second, "name")
    assert matched(opened, "沈阳市", "虚构丁平台", "platform", CODE) == Match(
        None,
        "",
        "统一社会信用代码与 2 个创建对象（“虚构甲平台”、“虚构丙平台”）相同，名称“虚构丁平台”都对不上，"
        "认不出是哪一个。请核对名称；已更名的，请先办理变更。",
    )


def test_a_former_code_still_finds_its_case(opened: Office) -> None:
    number = begun(opened, "虚构甲平台", CODE)
    renamed(opened, number, "虚构乙平台", OTHER)
    for code in (CODE, OTHER):
        assert matched(opened, "沈阳市", "虚构丙平台", "platform", code) == Match(number, "code")


def test_a_case_whose_code_nobody_has_entered_is_told_by_its_name_among_those_of_the_operator(opened: Office) -> None:
    codeless = begun(opened, "虚构乙平台")
    coded = begun(opened, "虚构甲平台", CODE)
    assert matched(opened, "沈阳市", "虚构乙平台", "platform", CODE) == Match(codeless, "name")
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE) == Match(coded, "code")
    assert matched(opened, "大连市", "虚构乙平台", "platform", CODE) == Match(coded, "code")
    begun(opened, "虚构丙平台", CODE)
    assert matched(opened, "沈阳市", "虚构乙平台", "platform", CODE) == Match(codeless, "name")
    begun(opened, "虚构甲平台")
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE) == Match(coded, "name")


@pytest.mark.parametrize("uscc", ["", THIRD])
def test_without_a_code_that_is_known_the_name_tells_in_the_same_city(opened: Office, uscc: str) -> None:
    number = begun(opened, "虚构甲平台")
    begun(opened, "虚构甲平台", city="大连市")
    begun(opened, "虚构甲平台", kind="base")
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", uscc) == Match(number, "name")
    by = "统一社会信用代码和名称" if uscc else "名称"
    assert matched(opened, "鞍山市", "虚构甲平台", "platform", uscc).sentence == (
        f"鞍山市的创建对象中没有与“虚构甲平台”{by}相符的（曾用名也查过）。请核对；已更名的，请先办理变更。"
    )


def test_of_several_of_one_name_the_one_whose_life_has_not_ended(opened: Office) -> None:
    begun(opened, "虚构甲平台", CODE, "exited")
    living = begun(opened, "虚构甲平台", CODE)
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE) == Match(living, "name")
    begun(opened, "虚构甲平台", CODE)
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE).sentence == (
        "有 2 个创建对象都叫“虚构甲平台”（现名“虚构甲平台”、“虚构甲平台”），认不出是哪一个，请核对。"
    )


def test_a_case_that_was_taken_back_is_not_meant(opened: Office) -> None:
    gone = begun(opened, "虚构甲平台", CODE)
    cases.void(opened.app, opened.staff, gone, 1, 1, "建错")
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE).case_id is None
    anew = begun(opened, "虚构甲平台", CODE)
    assert matched(opened, "沈阳市", "虚构甲平台", "platform", CODE) == Match(anew, "code")
    assert matched(opened, "沈阳市", "虚构甲平台") == Match(anew, "name")


def test_an_empty_store_knows_nobody_and_an_empty_name_means_nobody(opened: Office) -> None:
    with opened.app.reader.connect() as connection:
        assert match(connection, []) == []
        assert match(connection, [Wanted("沈阳市", "")])[0].case_id is None
    begun(opened, "虚构甲平台")
    assert matched(opened, "沈阳市", "", "", "").case_id is None
