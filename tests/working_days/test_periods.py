"""Months and years (民法典 第二百零二条), and how days are read and written."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused, StandardRefused
from core.working_days.periods import add_months, add_years, long_day, read_day
from core.working_days.statutory import FILE, read, statutory

CASES = Path(__file__).parent.parent / "cases" / "working_days"
DOCUMENT: dict[str, list[dict[str, Any]]] = tomllib.loads((CASES / "months.toml").read_text("utf-8"))


@pytest.mark.parametrize("row", DOCUMENT["months"], ids=lambda row: f"{row['start']}+{row['months']}")
def test_months(row: dict[str, Any]) -> None:
    assert add_months(row["start"], row["months"]) == row["end"]


@pytest.mark.parametrize("row", DOCUMENT["years"], ids=lambda row: f"{row['start']}+{row['years']}")
def test_years(row: dict[str, Any]) -> None:
    assert add_years(row["start"], row["years"]) == row["end"]


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.integers(0, 240))
def test_months_are_as_another_library_adds_them(day: date, months: int) -> None:
    assert add_months(day, months) == day + relativedelta(months=months)


def test_what_leaves_the_calendar_is_refused() -> None:
    assert add_years(date(9998, 12, 31), 1) == date(9999, 12, 31)
    assert add_months(date(9999, 11, 30), 1) == date(9999, 12, 30)
    for day, months in ((date(9999, 12, 1), 1), (date(1, 1, 1), -1), (date(2026, 1, 1), 10**9)):
        with pytest.raises(Refused) as refused:
            add_months(day, months)
        assert str(refused.value) == "算出的日期超出了9999年，无法计算。"


def test_days_are_read_in_one_form_only() -> None:
    assert read_day("2028-02-29") == date(2028, 2, 29)
    for text in (
        "2027-02-29",
        "2026-13-01",
        "2026-00-10",
        "0000-01-01",
        "20260630",
        "2026-6-30",
        "2026-W27-2",
        "2026-06-30T00:00:00",
        " 2026-06-30",
        "2026-06-30\n",
        "２０２６-06-30",
        "2026/06/30",
        "",
    ):
        assert (text, read_day(text)) == (text, None)


def test_days_are_written_as_an_office_writes_them() -> None:
    assert long_day(date(2026, 9, 28)) == "2026年9月28日（周一）"
    assert long_day(date(2026, 10, 4)) == "2026年10月4日（周日）"


@pytest.mark.parametrize(
    ("find", "put", "sentence"),
    [
        (
            '"05-02"',
            '"05-32"',
            "标准文件 statutory.toml 的 holiday[2].days：“05-32”不是一个日子，请写成“05-01”的样子。",
        ),
        ('"05-02"', '"5-2"', "标准文件 statutory.toml 的 holiday[2].days：“5-2”不是一个日子，请写成“05-01”的样子。"),
        ('"05-02"', '"01-01"', "标准文件 statutory.toml 的 holiday[2].days：“01-01”写了两次。"),
        ("year = 2026", "year = 2025", "标准文件 statutory.toml 的 arrangement[2].year：2025年写了两次。"),
        ('name = "元旦"', 'label = "元旦"', "标准文件 statutory.toml 的 holiday[1].name：缺少这一项。"),
    ],
)
def test_a_wrong_data_file_is_refused(find: str, put: str, sentence: str) -> None:
    text = FILE.read_text("utf-8")
    assert text.count(find) == 1
    with pytest.raises(StandardRefused) as refused:
        read(text.replace(find, put).encode())
    assert str(refused.value) == sentence


def test_a_data_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(StandardRefused, match=r"^标准文件 statutory\.toml：不是正确的 TOML"):
        read(b"[[holiday")


def test_the_fixed_holidays_are_those_of_the_contract() -> None:
    assert sorted(statutory().fixed) == [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
