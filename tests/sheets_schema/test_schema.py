"""The declarations: what they say is what the contract says, and a wrong file is refused by file, key and reason."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

from sheets_schema.declared import SchemaRefused
from sheets_schema.schema import FOLDER, Relation, load, load_from

CONTRACT = tomllib.loads((Path(__file__).parent.parent / "cases" / "columns.toml").read_text(encoding="utf-8"))


def test_sheets_and_columns_are_those_of_the_contract() -> None:
    declared = {sheet.name: {"columns": [column.name for column in sheet.columns]} for sheet in load().sheets}
    assert declared == CONTRACT
    assert [sheet.name for sheet in load().sheets] == list(CONTRACT)


def test_the_unit_decides_between_whole_numbers_and_decimals() -> None:
    units = {
        (column.type, column.unit) for sheet in load().sheets for column in sheet.columns if column.unit is not None
    }
    assert units == {
        *(("integer", unit) for unit in "家人个件只场"),
        *(("decimal", unit) for unit in ("万元", "亩", "分钟")),
    }


def test_relations_are_those_of_the_contract() -> None:
    assert load().sheet("平台指标").relations == (
        Relation("已覆盖下一级行政区数（个）", "下一级行政区总数（个）"),
        Relation("满意用户数（人）", "满意度评价用户数（人）"),
    )
    assert load().sheet("基地指标").relations == (
        Relation("主导产业企业营业收入（万元）", "基地企业营业总收入（万元）"),
        Relation("高技术产业企业营业收入（万元）", "基地企业营业总收入（万元）"),
        Relation("运营主体服务性收入（万元）", "运营主体总收入（万元）"),
        Relation("入驻中小企业数（家）", "基地企业数（家）"),
    )
    [total] = load().sheet("基地指标").sums
    assert (len(total.parts), total.whole) == (6, "基地企业数（家）")


def test_the_services_of_the_annex() -> None:
    options = load().sheet("平台指标").column("服务内容").options_of
    assert {category: len(listed) for category, listed in options.items()} == {"综合服务": 11, "专业服务": 9}


def test_an_unknown_name_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="平台指标: 无此列"):
        load().sheet("平台指标").column("无此列")
    with pytest.raises(KeyError, match="workbook: 无此表"):
        load().sheet("无此表")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(FOLDER / "book.toml", tmp_path)
    shutil.copytree(FOLDER / "sheets", tmp_path / "sheets")
    return tmp_path


def test_a_copy_of_the_declarations_is_the_same(copy: Path) -> None:
    assert load_from(copy) == load()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("线下活动", 'name = "线下活动"', 'name = "活动"', "线下活动.toml: name: file and name differ: '活动'"),
        ("线下活动", 'type = "date"', 'type = "day"', "线下活动.toml: 活动日期.type: must be one of "),
        ("线下活动", 'help = "活动的名称。"\n', "", "线下活动.toml: 活动名称.help: is missing"),
        ("线下活动", "width = 36", "wide = 36", "线下活动.toml: 活动名称.wide: is not known here"),
        ("线下活动", "width = 36", 'width = "36"', "线下活动.toml: 活动名称.width: must be int, is '36'"),
        ("线下活动", "order = 5", "order = true", "线下活动.toml: order: must be int, is True"),
        ("线下活动", 'examples = ["32"]', "examples = [32]", "线下活动.toml: 参加企业数（家）.examples: must be texts"),
        ("线下活动", 'examples = ["32"]', "examples = []", "线下活动.toml: examples: every column needs as many"),
        ("线下活动", 'key = "编号"', 'key = "活动名称"', "线下活动.toml: key: is not a column of type id: '活动名称'"),
        ("线下活动", 'name = "活动日期"', 'name = "活动 名称"', "线下活动.toml: 活动名称: two headers are the same"),
        ("线下活动", 'needed = "never"', 'needed = "maybe"', "线下活动.toml: needed: must be always, never or"),
        ("线下活动", "order = 5", "order = 5\norder = 6", "线下活动.toml: : not TOML: Cannot overwrite a value"),
        (
            "申报材料",
            'is = ["创建申报"]',
            'is = ["创建"]',
            "申报材料.toml: needed: is not an option of 申报类别: '创建'",
        ),
        ("申报材料", 'when = "申报类别"', 'when = "类别"', "申报材料.toml: needed: names no column: '类别'"),
        (
            "平台指标",
            'unless_rows = "线下活动"',
            'unless_rows = "活动"',
            "平台指标.toml: 年线下活动数（场）.required: names",
        ),
        (
            "平台指标",
            'part = "满意用户数（人）"',
            'part = "满意用户"',
            "平台指标.toml: relation: names no column of the",
        ),
        ("平台指标", '"专业服务" = [', '"专门服务" = [', "平台指标.toml: 服务内容.options_by: must list options for"),
        (
            "平台指标",
            'options = ["是", "否"]',
            'options = ["是", " 是"]',
            "平台指标.toml: 中小企业库.options: two options",
        ),
        ("平台指标", 'options = ["是", "否"]\n', "", "平台指标.toml: 中小企业库.options: must be there for choice"),
        (
            "基地指标",
            '  "创新型中小企业数（家）",\n]',
            '  "创新型",\n]',
            "基地指标.toml: sum: names no column of the sheet",
        ),
        ("book", 'applicants = "推荐汇总表"', 'applicants = "汇总"', "book.toml: applicants: is not a sheet: '汇总'"),
        ("book", '"申报类别", "类型"', '"申报"', "book.toml: judged_by: names no column of the sheet: '申报'"),
        ("book", 'version = "模板版本"', 'versions = "模板版本"', "book.toml: meta_keys.version: is missing"),
    ],
)
def test_a_wrong_declaration_is_refused(copy: Path, file: str, old: str, new: str, said: str) -> None:
    path = copy / "book.toml" if file == "book" else copy / "sheets" / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SchemaRefused) as refused:
        load_from(copy)
    assert str(refused.value)[: len(said)] == said


def test_a_missing_file_is_refused(copy: Path) -> None:
    (copy / "book.toml").unlink()
    with pytest.raises(SchemaRefused, match=r"^book\.toml: : file is missing$"):
        load_from(copy)
