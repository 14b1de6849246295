"""Whose workbook it is."""

from __future__ import annotations

import pytest

from sheets_schema.identity import from_file_name
from sheets_schema.parse import parse
from tests.workbooks import BookMaker


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2026-沈阳市.xlsx", ("沈阳市", 2026)),
        ("２０２６－沈抚示范区.xlsx", ("沈抚示范区", 2026)),
        ("2026-沈阳市 (1).xlsx", ("沈阳市", 2026)),
        ("2026-沈阳市-改.xlsx", ("沈阳市", 2026)),
        ("沈阳市.xlsx", (None, None)),
        ("2026.xlsx", (None, None)),
        ("26-沈阳市.xlsx", (None, None)),
        ("12026-沈阳市.xlsx", (None, None)),
        ("", (None, None)),
    ],
)
def test_a_file_name_tells_city_and_year(name: str, told: tuple[str | None, int | None]) -> None:
    assert from_file_name(name) == told


def test_the_hidden_sheet_wins_over_the_file_name() -> None:
    rows = [["城市", "大连市"], ["年度", "2025年"], ["模板版本", "1"]]
    parsed = parse(BookMaker().add_sheet("_meta", rows).book())
    assert (parsed.city, parsed.year, parsed.template_version) == ("大连市", 2025, "1")


def test_what_the_hidden_sheet_does_not_say_the_file_name_may() -> None:
    parsed = parse(BookMaker().add_sheet("_meta", [["城市", "大连市"], ["年度", "明年"]]).book())
    assert (parsed.city, parsed.year, parsed.template_version) == ("大连市", 2026, None)


def test_without_either_the_sheet_is_missing() -> None:
    parsed = parse(BookMaker("推荐表.xlsx").book())
    assert (parsed.city, parsed.year) == (None, None)
    assert [error.as_dict() for error in parsed.errors] == [
        {
            "book": "推荐表.xlsx",
            "sheet": "_meta",
            "row": None,
            "column": None,
            "cell": None,
            "value": None,
            "code": "missing_sheet",
            "level": "error",
            "message": "推荐表.xlsx〔_meta〕：认不出是哪个市、哪一年的表，请用省里下发的模板填写，"
            "或把文件名改成“2026-沈阳市.xlsx”这样的写法。",
        }
    ]
