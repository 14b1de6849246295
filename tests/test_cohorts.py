"""Objects of former years: which days a row may have; the rules of dates are documents in tests/cases/cohorts/."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.cohorts import STATUSES, CohortRow, read_cohort
from core.lifecycle import table
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.errors import COHORT_CODES, ERROR_CODES, CellError
from sheets_schema.parse import parse
from sheets_schema.schema import COHORT, load
from tests.cohorts import NAME, SHEET, WHO, Values, cohort_book
from tests.workbooks import BookMaker

CASES = Path(__file__).parent / "cases" / "cohorts"
TODAY = date(2026, 6, 30)
RUNNING = {"目前状态": "创建期", "确定为创建对象日期": "2025-06-20"}


def read(book: RawBook, today: date = TODAY) -> tuple[tuple[CohortRow, ...], tuple[CellError, ...]]:
    return read_cohort(parse(book, load(COHORT)), today)


def found(*rows: Values) -> list[str]:
    return [f"{error.cell} {error.code}" for error in read(cohort_book(*rows))[1]]


def documents() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.toml")):
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        for case in held["case"]:
            yield pytest.param(case.get("today", held["today"]), case, id=f"{path.stem}: {case['name']}")


@pytest.mark.parametrize(("today", "case"), list(documents()))
def test_dates_of_a_row(today: date, case: dict[str, Any]) -> None:
    rows, errors = read(cohort_book(WHO | case["row"]), today)
    assert [f"{error.cell} {error.code}" for error in errors] == case["errors"]
    assert len(rows) == (not case["errors"])
    assert {error.level for error in errors} <= {"error"}


def test_the_examples_are_read_whole() -> None:
    rows, errors = read(BookMaker("存量对象.xlsx", load(COHORT)).book())
    assert errors == ()
    recognized, creating, extended, rectifying = rows
    assert recognized == CohortRow(
        row=2,
        city="沈阳市",
        kind="platform",
        category="综合服务",
        name="示例市虚构中小企业服务平台",
        operator="示例市虚构服务有限公司",
        uscc="91210100MA0000002K",
        status="recognized",
        confirmed=None,
        confirmed_document=None,
        extended=None,
        recognized=date(2022, 9, 30),
        recognized_document="虚构发〔2022〕15号",
        review_passed=date(2024, 10, 12),
        review_failed=None,
        note="本行为虚构示例",
    )
    assert (creating.kind, creating.status, creating.confirmed, creating.confirmed_document) == (
        "base",
        "creating",
        date(2025, 6, 20),
        "虚构发〔2025〕8号",
    )
    assert (extended.status, extended.confirmed, extended.extended) == (
        "extended",
        date(2023, 7, 10),
        date(2025, 8, 15),
    )
    assert (rectifying.status, rectifying.recognized, rectifying.review_passed, rectifying.review_failed) == (
        "rectifying",
        date(2021, 11, 5),
        date(2023, 12, 1),
        date(2025, 12, 10),
    )
    assert (extended.operator, extended.uscc, rectifying.recognized_document) == (None, None, "虚构发〔2021〕21号")


def test_statuses_are_called_as_everywhere() -> None:
    names = {code: status.name for code, status in table.load().statuses.items()}
    assert {code: name for name, code in STATUSES.items()} == {code: names[code] for code in STATUSES.values()}
    assert tuple(STATUSES) == load(COHORT).sheet(SHEET).column("目前状态").options


def test_a_base_has_no_category() -> None:
    [row], errors = read(cohort_book(WHO | RUNNING | {"类型": "基地", "平台类别": "综合服务"}))
    assert (errors, row.kind, row.category) == ((), "base", None)


def test_the_sentences_say_what_to_do() -> None:
    rows: list[Values] = [
        WHO | RUNNING | {"认定日期": RawCell("date", "2025-07-01 00:00:00")},
        WHO | {NAME: "虚构二", "目前状态": "已认定", "认定日期": "2026-07-01"},
        WHO
        | {
            NAME: "虚构三",
            "目前状态": "延长创建期",
            "确定为创建对象日期": "2023-6-20",
            "延长决定日期": "2023年6月20日",
        },
        WHO | {NAME: "虚构四", "目前状态": "整改期", "认定日期": "2023-06-20", "复核未通过日期": "2023-06-19"},
        WHO | RUNNING | {NAME: "　虚构市云帆中小企业服务平台 "},
        WHO | {NAME: "虚构六", "目前状态": "整改期", "认定日期": "2023-06-20"},
    ]
    assert [(error.code, error.value, error.message) for error in read(cohort_book(*rows))[1]] == [
        (
            "not_expected",
            "2025-07-01 00:00:00",
            "存量对象.xlsx〔存量对象〕K2：“目前状态”为“创建期”的，“认定日期”不填，现在是“2025-07-01”，请清空这一格；"
            "如果是“目前状态”填错了，请改“目前状态”。",
        ),
        (
            "in_future",
            "2026-07-01",
            "存量对象.xlsx〔存量对象〕K3：“认定日期”（2026-07-01）晚于导入当天（2026-06-30），请核对后改填实际日期。",
        ),
        (
            "bad_order",
            "2023年6月20日",
            "存量对象.xlsx〔存量对象〕J4：“延长决定日期”（2023-06-20）应晚于“确定为创建对象日期”（2023-06-20），"
            "请核对 J4 和 H4 两格，改正填错的一格。",
        ),
        (
            "bad_order",
            "2023-06-19",
            "存量对象.xlsx〔存量对象〕N5：“复核未通过日期”（2023-06-19）不能早于“认定日期”（2023-06-20），"
            "请核对 N5 和 K5 两格，改正填错的一格。",
        ),
        (
            "duplicate_applicant",
            "　虚构市云帆中小企业服务平台 ",
            "存量对象.xlsx〔存量对象〕B6：“虚构市云帆中小企业服务平台”与第 2 行重复，类型和名称都相同，请只保留一行；"
            "如果是两个不同的平台，请把名称写完整，以便区分。",
        ),
        (
            "missing_required",
            None,
            "存量对象.xlsx〔存量对象〕N7：“复核未通过日期”没有填写（目前状态为整改期的必填），"
            "请填到年月日的日期，例如 2020-03-01。",
        ),
    ]


@pytest.mark.parametrize(("column", "most"), [(NAME, 100), ("运营主体", 100), ("确定文号", 100), ("备注", 2000)])
def test_a_text_has_its_longest(column: str, most: int) -> None:
    assert found(WHO | RUNNING | {column: "长" * most}) == []
    [error] = read(cohort_book(WHO | RUNNING | {column: "长" * (most + 1)}))[1]
    said = f"“{column}”有 {most + 1} 个字，最多填 {most} 个字，请核对是否贴错了内容，并改短。"
    assert (error.code, error.level, error.message) == (
        "too_long",
        "error",
        f"存量对象.xlsx〔存量对象〕{error.cell}：{said}",
    )


def test_a_text_is_as_long_as_what_it_is_compared_by() -> None:
    # one character that stands for eighteen
    assert found(WHO | RUNNING | {NAME: "\ufdfa" * 6}) == ["B2 too_long"]


def test_an_error_is_the_object_every_check_prints() -> None:
    [error] = read(cohort_book(WHO | RUNNING | {"延长决定日期": "2025-07-01"}))[1]
    printed = error.as_dict()
    assert list(printed) == ["book", "sheet", "row", "column", "cell", "value", "code", "level", "message"]
    assert list(printed.values())[:8] == [
        "存量对象.xlsx", SHEET, 2, "延长决定日期", "J2", "2025-07-01", "not_expected", "error",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("second", "errors"),
    [
        ({}, ["B3 duplicate_applicant"]),
        ({NAME: "虚构市ＹＦ中小企业服务平台　"}, ["B3 duplicate_applicant"]),
        ({"推荐单位": "大连市", "统一社会信用代码": "12210100MB0000001P"}, ["B3 duplicate_applicant"]),
        ({"目前状态": "已认定", "确定为创建对象日期": "", "认定日期": "2024-01-01"}, ["B3 duplicate_applicant"]),
        ({"类型": "基地"}, []),
        ({NAME: "虚构市yf中小企业服务平台二部"}, []),
    ],
)
def test_an_object_stands_in_one_row(second: Values, errors: list[str]) -> None:
    first = WHO | RUNNING | {NAME: "虚构市yf中小企业服务平台", "统一社会信用代码": "91210100MA0000002K"}
    assert found(first, {**first, **second}) == errors


def test_every_further_row_of_an_object_is_told_even_where_another_cell_is_wrong() -> None:
    wrong = WHO | RUNNING | {"推荐单位": "沈阳"}
    assert found(wrong, WHO | RUNNING, WHO | {"目前状态": "已认定"}) == [
        "A2 not_in_list",
        "B3 duplicate_applicant",
        "B4 duplicate_applicant",
        "K4 missing_required",
    ]


def test_a_row_that_says_nothing_of_who_it_is_is_told_cell_by_cell() -> None:
    assert found({"备注": "虚构"}) == [f"{cell} missing_required" for cell in ("A2", "B2", "C2", "G2")]


def test_rows_without_errors_are_read_beside_those_with() -> None:
    book = cohort_book(
        WHO | RUNNING, {}, WHO | RUNNING | {NAME: "虚构二", "类型": "园区"}, WHO | RUNNING | {NAME: "虚构三"}
    )
    rows, errors = read(book)
    assert [(row.row, row.name) for row in rows] == [(2, "虚构市云帆中小企业服务平台"), (5, "虚构三")]
    assert [(error.row, error.code) for error in errors] == [(4, "not_in_list")]


def test_warnings_keep_no_row_out() -> None:
    book = cohort_book(WHO | RUNNING)
    [sheet] = book.sheets
    cells = sheet.cells | {(1, 16): RawCell("text", "主管处室")}
    rows, errors = read(
        RawBook(book.name, (RawSheet(SHEET, cells), RawSheet("随手记", {(1, 1): RawCell("text", "记")})))
    )
    assert len(rows) == 1
    assert [(error.level, error.message) for error in errors] == [
        (
            "warning",
            "存量对象.xlsx〔存量对象〕P1：“主管处室”不是模板中的列，不读入；"
            "如果本来要填的是模板中的某一列，请把表头改成模板的写法。",
        ),
        (
            "warning",
            "存量对象.xlsx〔随手记〕：“随手记”不是模板中的工作表，不读入；"
            "如果本来要填的是模板中的某张表，请把表名改成模板的写法。",
        ),
    ]


def test_without_a_needed_column_no_row_is_read() -> None:
    maker = BookMaker("存量对象.xlsx", load(COHORT)).drop_column(SHEET, "复核未通过日期").drop_column(SHEET, "备注")
    rows, errors = read(maker.book())
    assert rows == ()
    assert [(error.row, error.column, error.cell, error.code) for error in errors] == [
        (1, "复核未通过日期", None, "missing_column")
    ]


def test_another_workbook_is_told_by_its_sheets() -> None:
    rows, errors = read(BookMaker().drop_row("推荐汇总表", 3).book())
    assert rows == ()
    assert (errors[0].sheet, errors[0].code, errors[0].message) == (
        SHEET,
        "missing_sheet",
        "2026-沈阳市.xlsx〔存量对象〕：缺少工作表“存量对象”，请从模板中补回这张表并填写。",
    )
    assert {error.code for error in errors[1:]} == {"extra_sheet"}


def test_an_empty_book_says_nothing() -> None:
    assert read(cohort_book()) == ((), ())


def test_columns_may_stand_in_any_order_and_hidden_rows_count() -> None:
    [sheet] = cohort_book(WHO | RUNNING, WHO | RUNNING | {NAME: "虚构二", "确定为创建对象日期": "2027-01-01"}).sheets
    turned = {(row, 16 - at): cell for (row, at), cell in sheet.cells.items()}
    turned[1, 14] = RawCell("text", " 平台 (基地)\n名称")
    rows, errors = read(RawBook("存量对象.xlsx", (RawSheet(" 存量 对象", turned, hidden_rows=frozenset({2, 3})),)))
    assert [(row.name, row.confirmed) for row in rows] == [("虚构市云帆中小企业服务平台", date(2025, 6, 20))]
    assert [(error.sheet, error.cell, error.code) for error in errors] == [(SHEET, "H3", "in_future")]


def test_the_codes_of_this_book_are_its_own() -> None:
    assert set(COHORT_CODES) & set(ERROR_CODES) == set()


def test_a_row_does_not_change() -> None:
    [row], _ = read(cohort_book(WHO | RUNNING))
    with pytest.raises(AttributeError):
        row.status = "recognized"  # type: ignore[misc]
    assert asdict(row)["status"] == "creating"
