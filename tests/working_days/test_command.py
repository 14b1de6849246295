"""`shifan workdays`, as called from a shell (contract §4)."""

from __future__ import annotations

import json

import pytest

from core.working_days.calendar import KNOWN_YEARS
from tests.command import Ran, shifan

UNKNOWN = KNOWN_YEARS.stop


def test_end_as_json() -> None:
    ran = shifan("workdays", "end", "--start", "2026-09-28", "--days", "5", "--json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert document == {
        "start": "2026-09-28",
        "days": 5,
        "count_start": False,
        "end": "2026-10-10",
        "provisional": False,
        "working_days": ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"],
    }
    assert list(document) == ["start", "days", "count_start", "end", "provisional", "working_days"]


def test_end_with_the_first_day_counted() -> None:
    ran = shifan("workdays", "end", "--start", "2026-09-28", "--days", "5", "--count-start", "--json")
    assert json.loads(ran.out) == {
        "start": "2026-09-28",
        "days": 5,
        "count_start": True,
        "end": "2026-10-09",
        "provisional": False,
        "working_days": ["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09"],
    }


def test_count_as_json() -> None:
    ran = shifan("workdays", "count", "--from", "2026-10-01", "--to", "2026-10-11", "--json")
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert document == {
        "from": "2026-10-01",
        "to": "2026-10-11",
        "count": 3,
        "provisional": False,
        "working_days": ["2026-10-08", "2026-10-09", "2026-10-10"],
    }
    assert list(document) == ["from", "to", "count", "provisional", "working_days"]


def test_a_year_not_arranged_is_provisional() -> None:
    ran = shifan("workdays", "count", "--from", f"{UNKNOWN}-05-01", "--to", f"{UNKNOWN}-05-02", "--json")
    assert json.loads(ran.out) == {
        "from": f"{UNKNOWN}-05-01",
        "to": f"{UNKNOWN}-05-02",
        "count": 0,
        "provisional": True,
        "working_days": [],
    }


def test_end_for_people() -> None:
    assert shifan("workdays", "end", "--start", "2026-12-07", "--days", "2") == Ran(
        0,
        "自2026年12月7日（周一）起 2 个工作日（当日不计入，民法典第二百零一条）\n"
        "最后一日：2026年12月9日（周三）\n"
        "计入的工作日：\n"
        "  2026年12月8日（周二）\n"
        "  2026年12月9日（周三）\n",
        "",
    )


def test_count_for_people() -> None:
    assert shifan("workdays", "count", "--from", "9999-12-31", "--to", "9999-12-31") == Ran(
        0,
        "9999年12月31日（周五）至9999年12月31日（周五）（含首尾）\n"
        "工作日：1 天\n"
        "其中：\n"
        "  9999年12月31日（周五）\n"
        "暂定：其中有的年份放假安排还没有收录，先按周一至周五减去法定固定节假日计，安排公布后可能改变。\n",
        "",
    )


def test_ten_thousand_days() -> None:
    ran = shifan("workdays", "end", "--start", "2026-01-01", "--days", "10000", "--json")
    document = json.loads(ran.out)
    assert (ran.code, len(document["working_days"]), document["provisional"]) == (0, 10000, True)
    assert document["end"] == document["working_days"][-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["end", "--start", "2026-01-01", "--days", "0"], "工作日的天数至少是 1。"),
        (["end", "--start", "2026-01-01", "--days", "-1"], "工作日的天数至少是 1。"),
        (
            ["end", "--start", "2026-01-01", "--days", "2.5"],
            "命令写得不对：--days “2.5”不是整数。用 shifan workdays end --help 查看说明。",
        ),
        (
            ["end", "--start", "2026-02-29", "--days", "5"],
            "命令写得不对：--start “2026-02-29”不是日期，请写成 2026-06-30 的样子。"
            "用 shifan workdays end --help 查看说明。",
        ),
        (
            ["end", "--days", "5"],
            "命令写得不对：缺少 --start。用 shifan workdays end --help 查看说明。",
        ),
        (["end", "--start", "9999-12-31", "--days", "1"], "算出的日期超出了9999年，无法计算。"),
        (["end", "--start", "2026-01-01", "--days", "99999999999"], "算出的日期超出了9999年，无法计算。"),
        (
            ["count", "--from", "2026-01-02", "--to", "2026-01-01"],
            "开始日期 2026-01-02 晚于结束日期 2026-01-01。",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments: list[str], sentence: str) -> None:
    assert shifan("workdays", *arguments, "--json") == Ran(2, "", f"shifan：{sentence}\n")
