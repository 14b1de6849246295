"""The workbook of objects of former years as declared: apart from the cities' book, in the same language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.standards.recommenders import recommenders
from sheets_schema.declared import SchemaRefused
from sheets_schema.help import help_rows, window_text
from sheets_schema.schema import COHORT, FOLDER, load, load_from

SHEET = load(COHORT).sheet("存量对象")


def test_the_columns() -> None:
    assert [column.name for column in SHEET.columns] == [
        *("推荐单位", "平台（基地）名称", "类型", "平台类别", "运营主体", "统一社会信用代码", "目前状态"),
        *("确定为创建对象日期", "确定文号", "延长决定日期", "认定日期", "认定文号"),
        *("最近一次复核通过日期", "复核未通过日期", "备注"),
    ]
    assert [sheet.name for sheet in load(COHORT).sheets] == ["存量对象"]


def test_the_cities_book_is_another() -> None:
    assert load(COHORT) is load(COHORT)
    assert "存量对象" not in [sheet.name for sheet in load().sheets]
    assert {column.forbidden.mode for sheet in load().sheets for column in sheet.columns} == {"never"}


def test_who_recommends_is_who_may_be_chosen() -> None:
    assert SHEET.column("推荐单位").options == tuple(one.name for one in recommenders())


def test_what_both_books_ask_for_has_the_same_options() -> None:
    cities = load().sheet("推荐汇总表")
    for name in ("类型", "平台类别"):
        assert SHEET.column(name).options == cities.column(name).options


def test_what_is_required_and_what_stays_empty_in_words() -> None:
    said = {row.column: row.required for row in help_rows({}, load(COHORT))}
    assert {name: words for name, words in said.items() if words not in ("必填", "选填")} == {
        "确定为创建对象日期": "目前状态为创建期、延长创建期的必填",
        "延长决定日期": "目前状态为延长创建期的必填；目前状态为创建期的不填",
        "认定日期": "目前状态为已认定、整改期的必填；目前状态为创建期、延长创建期的不填",
        "认定文号": "选填；目前状态为创建期、延长创建期的不填",
        "最近一次复核通过日期": "选填；目前状态为创建期、延长创建期的不填",
        "复核未通过日期": "目前状态为整改期的必填；目前状态为创建期、延长创建期、已认定的不填",
    }
    assert [name for name, words in said.items() if words == "必填"] == [
        "推荐单位",
        "平台（基地）名称",
        "类型",
        "目前状态",
    ]


def test_the_windows_hold_the_whole_help() -> None:
    for column in SHEET.columns:
        assert window_text(column, {}).startswith(column.help)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "sheets/存量对象",
            'forbidden = { when = "目前状态", is = ["创建期"] }',
            'forbidden = { when = "目前状态", is = ["创建期", "延长创建期"] }',
            "存量对象.toml: 延长决定日期.forbidden: forbids what is required",
        ),
        (
            "sheets/存量对象",
            'forbidden = { when = "目前状态", is = ["创建期"] }',
            'forbidden = { when = "目前状态", is = ["创建"] }',
            "存量对象.toml: 延长决定日期.forbidden: is not an option of 目前状态: '创建'",
        ),
        (
            "sheets/存量对象",
            'required = "never"\noptions = ["综合服务"',
            'required = "never"\nforbidden = { when = "目前状态", is = ["创建期"] }\noptions = ["综合服务"',
            "存量对象.toml: 平台类别.forbidden: must be never or `when` of an earlier column of the sheet",
        ),
        (
            "sheets/存量对象",
            'required = "never"\nforbidden = { when',
            'required = "always"\nforbidden = { when',
            "存量对象.toml: 认定文号.forbidden: forbids what is required",
        ),
        (
            "sheets/存量对象",
            'forbidden = { when = "目前状态", is = ["创建期"] }',
            'forbidden = "always"',
            "存量对象.toml: 延长决定日期.forbidden: must be never or `when` of an earlier column of the sheet",
        ),
        ("book", "of_city = false", "of_city = true", "book.toml: meta_keys.city: is missing"),
        (
            "book",
            'version = "模板版本"',
            'version = "模板版本"\nyear = "年度"',
            "book.toml: meta_keys.year: is not known",
        ),
        ("book", 'left_alone = "不读入"\n', "", "book.toml: left_alone: is missing"),
    ],
)
def test_a_wrong_declaration_is_refused(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    shutil.copytree(FOLDER / COHORT, tmp_path / COHORT)
    path = tmp_path / COHORT / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaRefused) as refused:
        load_from(tmp_path / COHORT)
    assert str(refused.value)[: len(said)] == said
