"""The words around the columns: 填报说明 and the small windows of the template."""

from __future__ import annotations

from sheets_schema.help import HelpRow, format_words, help_rows, stop_text, window_text
from sheets_schema.schema import load

LINES = ["创建：≥ 40（附件1 服务能力/汇集服务资源情况）", "认定：≥ 80（附件1 服务能力/汇集服务资源情况）"]
GUIDE = {("平台指标", "服务机构数（家）"): LINES}


def test_every_column_is_explained_in_the_contracts_order() -> None:
    rows = help_rows(GUIDE)
    assert [(row.sheet, row.column) for row in rows] == [
        (sheet.name, column.name) for sheet in load().sheets for column in sheet.columns
    ]
    assert [row for row in rows if not (row.what and row.required and row.format)] == []


def test_one_column_explained() -> None:
    [row] = [row for row in help_rows(GUIDE) if row.column == "服务机构数（家）"]
    assert row == HelpRow(
        sheet="平台指标",
        column="服务机构数（家）",
        what="汇聚的专业服务机构数。",
        required="必填",
        format="整数，单位：家，不小于 0",
        standards=tuple(LINES),
        example="66",
    )


def test_conditions_in_words() -> None:
    said = {row.column: row.required for row in help_rows({}) if row.sheet in ("推荐汇总表", "平台指标", "基地指标")}
    assert [
        said[name] for name in ("平台类别", "移动端入口", "年线下活动数（场）", "高新技术企业数（家）", "备注")
    ] == [
        "类型为平台的必填",
        "申报类别为创建申报的选填，其余必填",
        "必填；〔线下活动〕填了明细的可不填",
        "必填；〔优质企业名录〕填了明细的可不填",
        "选填",
    ]


def test_forms_in_words() -> None:
    sheets = {sheet.name: sheet for sheet in load().sheets}
    said = [
        format_words(sheets[sheet].column(column), sheets[sheet])
        for sheet, column in (
            ("推荐汇总表", "编号"),
            ("线下活动", "编号"),
            ("推荐汇总表", "类型"),
            ("基地指标", "占地面积（亩）"),
            ("推荐汇总表", "承担公共服务方式"),
        )
    ]
    assert said == [
        "文字或数字，同一张表内不重复",
        "文字或数字",
        "选一项：平台、基地",
        "数字，可带小数，单位：亩，不小于 0",
        "可填多项，用“、”隔开：政府委托、购买服务、合作共建、其他方式",
    ]


def test_the_window_says_help_and_standards() -> None:
    sheet = load().sheet("平台指标")
    assert window_text(sheet.column("服务机构数（家）"), GUIDE) == (
        "汇聚的专业服务机构数。\n用于：\n创建：≥ 40（附件1 服务能力/汇集服务资源情况）\n"
        "认定：≥ 80（附件1 服务能力/汇集服务资源情况）"
    )
    assert window_text(sheet.column("专家数（人）"), GUIDE) == "汇聚的专家数。"


def test_the_window_never_holds_more_than_a_spreadsheet_takes() -> None:
    sheet = load().sheet("平台指标")
    guide = {("平台指标", column.name): ["很长的一行" * 20] * 3 for column in sheet.columns}
    for column in sheet.columns:
        said = window_text(column, guide)
        assert len(said) <= 255
        assert said.endswith("其余见〔填报说明〕。")


def test_what_a_spreadsheet_says_when_a_value_does_not_fit() -> None:
    assert stop_text(load().sheet("推荐汇总表").column("开始运营日期")) == (
        "“开始运营日期”应填到年月日的日期，例如 2020-03-01。"
    )
