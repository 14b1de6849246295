"""What people type, and what becomes of it: the cases are documents in tests/cases/values/."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sheets_schema.cells import RawCell
from sheets_schema.schema import Column, load
from sheets_schema.values import EMPTY, Reading, read_text, read_value

CASES = Path(__file__).parent.parent / "cases" / "values"


def documents() -> Iterator[tuple[str, Column, dict[str, Any]]]:
    for path in sorted(CASES.glob("*.toml")):
        held = tomllib.loads(path.read_text(encoding="utf-8"))
        column = load().sheet(held["sheet"]).column(held["column"])
        for case in held["case"]:
            yield path.stem, column, case


def expected(column: Column, case: dict[str, Any]) -> Any:
    """The value as the column's type holds it."""
    value = case.get("becomes")
    if column.type == "decimal" and value is not None:
        return Decimal(value)
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize(
    ("column", "case"),
    [pytest.param(column, case, id=f"{name}: {case['typed']!r}") for name, column, case in documents()],
)
def test_a_cell_becomes_its_value_or_its_error(column: Column, case: dict[str, Any]) -> None:
    read = read_value(column, RawCell(case.get("kind", "text"), case["typed"]))
    value = expected(column, case)
    assert (read.value, type(read.value), read.error, read.message, [said for _, said in read.extra]) == (
        value,
        type(value),
        case.get("error"),
        case.get("says", ""),
        case.get("extra", []),
    )


def test_every_type_of_column_has_a_document() -> None:
    assert {column.type for _, column, _ in documents()} | {"id"} == {
        column.type for sheet in load().sheets for column in sheet.columns
    }


@pytest.mark.parametrize("column", [column for sheet in load().city_sheets for column in sheet.columns])
def test_the_invented_examples_of_every_column_are_right(column: Column) -> None:
    for example in filter(None, column.examples):
        read = read_text(column, example)
        assert (read.error, read.extra) == (None, ())


@pytest.mark.parametrize("empty", [None, RawCell("text", ""), RawCell("text", " \u3000\u200b\n")])
def test_an_empty_cell_is_missing_never_zero(empty: RawCell | None) -> None:
    for column in load().sheet("基地指标").columns:
        assert read_value(column, empty) == EMPTY == Reading(None, None, "", ())


def test_a_decimal_keeps_the_digits_typed() -> None:
    column = load().sheet("基地指标").column("占地面积（亩）")
    assert str(read_text(column, "350.50").value) == "350.50"


def test_services_are_taken_from_the_list_of_the_category() -> None:
    column = load().sheet("平台指标").column("服务内容")
    typed = RawCell("text", "创业指导、数字化转型")
    assert [read_value(column, typed, selector=category).value for category in ("综合服务", "专业服务", None)] == [
        ("创业指导",),
        ("数字化转型",),
        ("创业指导", "数字化转型"),
    ]
    assert read_value(column, typed, selector="专业服务").extra == (
        (
            "创业指导",
            "“服务内容”中的“创业指导”不在可填的范围内，这一项不计，请改填“数字化转型”、“绿色化发展”、“计量校准”、"
            "“认证认可”、“试验检验”、“质量标准”、“知识产权”、“设备共享”或“科技成果转化”，或删去这一项。",
        ),
    )


def test_an_item_outside_the_list_is_named_as_typed() -> None:
    column = load().sheet("优质企业名录").column("称号")
    assert [item for item, _ in read_text(column, "瞪羚企业（市级） ；ＡＢＣ").extra] == ["瞪羚企业（市级）", "ＡＢＣ"]


def test_a_long_value_is_cut_in_the_sentence() -> None:
    column = load().sheet("平台指标").column("专家数（人）")
    assert read_text(column, "约" * 50 + "\n“人”\x07").message == (
        f"“专家数（人）”应填数字，现在是“{'约' * 40}…”，请只填阿拉伯数字，例如 34，不写“约”“万”“+”等字样。"
    )
    assert read_text(column, "约\n“三十”\x07{x}").message == (
        "“专家数（人）”应填数字，现在是“约 ‘三十’{x}”，请只填阿拉伯数字，例如 34，不写“约”“万”“+”等字样。"
    )


def test_a_verified_value_is_read_like_a_cell() -> None:
    sheet = load().sheet("推荐汇总表")
    assert read_text(sheet.column("开始运营日期"), " 2018年3月1日 ").value == date(2018, 3, 1)
    assert read_text(sheet.column("类型"), "平台").value == "平台"
    assert read_text(sheet.column("类型"), "园区").error == "not_in_list"
    assert read_text(sheet.column("备注"), "  ") == EMPTY
