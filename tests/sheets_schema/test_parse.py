"""Rules over rows and sheets: what is required, which 编号 are right, where errors stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.parse import parse
from sheets_schema.schema import load
from tests.workbooks import BookMaker

TITLES = (
    "制造业单项冠军企业数（家）",
    "专精特新“小巨人”企业数（家）",
    "专精特新中小企业数（家）",
    "高新技术企业数（家）",
    "科技型中小企业数（家）",
    "创新型中小企业数（家）",
)


def found(book: RawBook) -> list[tuple[str | None, str | None, str | None, str]]:
    return [(e.sheet, e.cell, e.value, e.code) for e in parse(book).errors]


def missing(book: RawBook) -> list[tuple[str | None, str | None]]:
    return [(e.sheet, e.column) for e in parse(book).errors if e.code == "missing_required"]


def test_fields_are_typed_and_know_their_cell() -> None:
    parsed = parse(BookMaker().book())
    platform, base = parsed.rows["推荐汇总表"]
    assert (platform.key, platform.number, base.number) == ("示例-001", 2, 3)
    assert platform.value("开始运营日期") == date(2018, 3, 1)
    assert platform.value("承担公共服务方式") == ("政府委托", "购买服务")
    assert base.fields["平台类别"].cell == "E3"
    assert (base.fields["平台类别"].raw, base.value("平台类别")) == ("", None)
    [figures] = parsed.rows["基地指标"]
    assert (figures.value("占地面积（亩）"), figures.value("基地企业数（家）")) == (Decimal("350.5"), 160)
    assert parsed.rows_of("优质企业名录", "示例-002")[0].value("称号") == ("制造业单项冠军企业", "高新技术企业")
    assert list(parsed.rows) == [sheet.name for sheet in load().city_sheets]


@pytest.mark.parametrize(
    ("sheet", "row", "column"),
    [
        (sheet.name, row, column.name)
        for sheet in load().city_sheets
        for column in sheet.columns
        if column.required.mode == "always" and column.type != "id"
        for row in range(2, 2 + len(column.examples))
        if column.name not in ("类型", "申报类别", "运营主体性质")
    ],
)
def test_an_empty_required_cell_is_told_alone(sheet: str, row: int, column: str) -> None:
    parsed = parse(BookMaker().put(sheet, row, {column: None}).book())
    assert [(e.sheet, e.row, e.column, e.value, e.code) for e in parsed.errors] == [
        (sheet, row, column, None, "missing_required")
    ]


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("推荐汇总表", "所在县（市、区）"),
        ("推荐汇总表", "国家级高新区"),
        ("推荐汇总表", "初审日期"),
        ("推荐汇总表", "备注"),
        ("基地指标", "上年基地企业营业总收入（万元）"),
        ("基地指标", "前年基地企业营业总收入（万元）"),
        ("基地指标", "上年服务活动数（场）"),
        ("优质企业名录", "统一社会信用代码"),
    ],
)
def test_an_empty_optional_cell_is_no_error(sheet: str, column: str) -> None:
    assert found(BookMaker().put(sheet, 2, {column: None}).book()) == []


def test_what_is_always_optional_is_what_the_contract_lists() -> None:
    assert [
        (sheet.name, column.name)
        for sheet in load().city_sheets
        for column in sheet.columns
        if column.required.mode == "never"
    ] == [
        ("推荐汇总表", "所在县（市、区）"),
        ("推荐汇总表", "国家级高新区"),
        ("推荐汇总表", "初审日期"),
        ("推荐汇总表", "备注"),
        ("基地指标", "上年基地企业营业总收入（万元）"),
        ("基地指标", "前年基地企业营业总收入（万元）"),
        ("基地指标", "上年服务活动数（场）"),
        ("优质企业名录", "统一社会信用代码"),
    ]


def test_the_sentence_says_what_to_fill_in() -> None:
    made = BookMaker().put("平台指标", 2, {"服务机构数（家）": None, "注册用时（分钟）": None, "中小企业库": None})
    made.put("推荐汇总表", 2, {"平台类别": None, "统一社会信用代码": None}).put("线下活动", 2, {"活动日期": None})
    assert [error.message for error in parse(made.book()).errors] == [
        "2026-沈阳市.xlsx〔推荐汇总表〕E2：“平台类别”没有填写（类型为平台的必填），请填“综合服务”或“专业服务”。",
        "2026-沈阳市.xlsx〔推荐汇总表〕G2：“统一社会信用代码”没有填写（必填），请填 18 位代码。",
        "2026-沈阳市.xlsx〔平台指标〕B2：“中小企业库”没有填写（必填），请填“是”或“否”。",
        "2026-沈阳市.xlsx〔平台指标〕I2：“注册用时（分钟）”没有填写（申报类别为创建申报的选填，其余必填），"
        "请填数字，没有的填 0。",
        "2026-沈阳市.xlsx〔平台指标〕K2：“服务机构数（家）”没有填写（必填），请填整数，没有的填 0。",
        "2026-沈阳市.xlsx〔线下活动〕C2：“活动日期”没有填写（必填），请填到年月日的日期，例如 2020-03-01。",
    ]


@pytest.mark.parametrize(("kind", "asked"), [("平台", [("推荐汇总表", "平台类别")]), ("基地", []), ("园区", [])])
def test_the_category_is_asked_of_platforms(kind: str, asked: list[tuple[str, str]]) -> None:
    assert missing(BookMaker().put("推荐汇总表", 2, {"类型": kind, "平台类别": None}).book()) == asked


@pytest.mark.parametrize(
    ("nature", "asked"),
    [
        ("政府", False),
        ("国有企业", False),
        ("事业单位", False),
        ("其他非营利法人", False),
        ("企业", True),
        ("民办非企业", True),
        ("社会团体", True),
        ("合伙", False),
    ],
)
def test_the_way_of_public_service_is_asked_of_three_kinds(nature: str, asked: bool) -> None:
    made = BookMaker().put("推荐汇总表", 2, {"运营主体性质": nature, "承担公共服务方式": None})
    assert missing(made.book()) == ([("推荐汇总表", "承担公共服务方式")] if asked else [])


@pytest.mark.parametrize(
    ("application", "asked"),
    [("创建申报", False), ("期满验收", True), ("延期验收", True), ("运行复核", True), ("新申报", False)],
)
def test_mobile_entry_and_registration_are_optional_at_creation(application: str, asked: bool) -> None:
    made = BookMaker().put("推荐汇总表", 2, {"申报类别": application})
    made.copy_row("申报材料", 2, 3, {"编号": "示例-001"})
    made.put("平台指标", 2, {"移动端入口": None, "注册用时（分钟）": None})
    assert missing(made.book()) == ([("平台指标", "移动端入口"), ("平台指标", "注册用时（分钟）")] if asked else [])


def test_the_count_of_events_may_be_empty_where_the_events_are_listed() -> None:
    made = BookMaker().put("平台指标", 2, {"年线下活动数（场）": None})
    assert missing(made.book()) == []
    assert missing(made.drop_row("线下活动", 2).book()) == [("平台指标", "年线下活动数（场）")]


def test_the_counts_of_titles_may_be_empty_where_the_roster_is_filled() -> None:
    made = BookMaker().put("基地指标", 2, dict.fromkeys(TITLES))
    assert missing(made.book()) == []
    of_another = made.put("优质企业名录", 2, {"编号": "示例-001"})
    assert missing(of_another.book()) == [("基地指标", title) for title in TITLES]
    assert missing(of_another.drop_sheet("优质企业名录").book()) == [("基地指标", title) for title in TITLES]


def test_rows_without_a_key_belong_to_nobody() -> None:
    made = BookMaker().put("优质企业名录", 2, {"编号": None}).copy_row("基地指标", 2, 3, {"编号": None})
    made.put("基地指标", 3, {"高新技术企业数（家）": None})
    assert missing(made.book()) == [
        ("基地指标", "编号"),
        ("基地指标", "高新技术企业数（家）"),
        ("优质企业名录", "编号"),
    ]


def test_a_cell_in_error_is_not_missing_too() -> None:
    made = BookMaker().put("平台指标", 2, {"专家数（人）": RawCell("error", "#DIV/0!", formula=True)})
    parsed = parse(made.book())
    assert [(e.cell, e.value, e.code) for e in parsed.errors] == [("L2", "#DIV/0!", "formula_error")]
    field = parsed.rows["平台指标"][0].fields["专家数（人）"]
    assert (field.raw, field.value, field.error) == ("#DIV/0!", None, "formula_error")


def test_wholly_empty_rows_and_rows_of_other_columns_do_not_count() -> None:
    made = BookMaker()
    cells = made.sheets["平台指标"]
    cells[1, 30] = RawCell("text", "自评")
    cells[5, 30] = RawCell("text", "合计")
    cells[6, 2] = RawCell("text", " \u3000")
    assert [error.code for error in parse(made.book()).errors] == ["extra_column"]
    assert [row.number for row in parse(made.book()).rows["平台指标"]] == [2]


def test_hidden_rows_count_like_others() -> None:
    made = BookMaker().put("平台指标", 2, {"专家数（人）": "约30"})
    book = made.book()
    hidden = tuple(RawSheet(s.name, s.cells, hidden_rows=frozenset({2})) for s in book.sheets)
    assert found(RawBook(book.name, hidden)) == [("平台指标", "L2", "约30", "not_a_number")]


def test_a_key_is_one_as_number_or_text() -> None:
    made = BookMaker()
    for sheet, row in (("推荐汇总表", 2), ("平台指标", 2)):
        made.put(sheet, row, {"编号": RawCell("number", "7.0")})
    made.put("线下活动", 2, {"编号": " ７ "})
    parsed = parse(made.book())
    assert parsed.errors == ()
    assert parsed.rows["推荐汇总表"][0].value("编号") == "7"
    assert list(parsed.first_rows("推荐汇总表")) == ["7", "示例-002"]


@pytest.mark.parametrize("sheet", ["推荐汇总表", "平台指标", "基地指标", "申报材料"])
def test_a_key_seen_again_is_told_at_each_further_row(sheet: str) -> None:
    made = BookMaker()
    key = made.sheets[sheet][2, 1].text
    made.copy_row(sheet, 2, 8, {"编号": f" {key}"}).copy_row(sheet, 2, 9, {})
    parsed = parse(made.book())
    assert [(e.sheet, e.cell, e.value, e.code) for e in parsed.errors] == [
        (sheet, "A8", f" {key}", "duplicate_id"),
        (sheet, "A9", key, "duplicate_id"),
    ]
    assert parsed.errors[0].message == (
        f"2026-沈阳市.xlsx〔{sheet}〕A8：编号“{key}”与第 2 行重复，本表只审核第 2 行，"
        "请改成各不相同的编号，或删去多余的一行。"
    )
    assert parsed.first_rows(sheet)[key].number == 2


@pytest.mark.parametrize("sheet", ["优质企业名录", "线下活动"])
def test_a_key_may_repeat_where_an_applicant_has_several_rows(sheet: str) -> None:
    assert found(BookMaker().copy_row(sheet, 2, 3, {}).book()) == []


@pytest.mark.parametrize("sheet", ["平台指标", "基地指标", "优质企业名录", "线下活动", "申报材料"])
def test_a_key_that_is_not_recommended_is_told(sheet: str) -> None:
    made = BookMaker().copy_row(sheet, 2, 7, {"编号": "示例-999"})
    [error] = parse(made.book()).errors
    assert (error.sheet, error.row, error.column, error.cell, error.value, error.code) == (
        sheet,
        7,
        "编号",
        "A7",
        "示例-999",
        "unknown_id",
    )
    assert error.message == (
        f"2026-沈阳市.xlsx〔{sheet}〕A7：编号“示例-999”不在推荐汇总表中，请改成推荐汇总表里的编号，"
        "或在推荐汇总表中补上这个平台（基地）。"
    )


def test_a_row_that_is_not_there_is_told_on_the_sheet_that_lacks_it() -> None:
    made = BookMaker().drop_row("平台指标", 2).drop_row("基地指标", 2).drop_row("申报材料", 2)
    errors = parse(made.book()).errors
    assert [(e.sheet, e.row, e.column, e.cell, e.value, e.code) for e in errors] == [
        ("平台指标", None, "编号", None, "示例-001", "missing_row"),
        ("基地指标", None, "编号", None, "示例-002", "missing_row"),
        ("申报材料", None, "编号", None, "示例-002", "missing_row"),
    ]
    assert errors[0].message == (
        "2026-沈阳市.xlsx〔平台指标〕：推荐汇总表中的“示例-001”（示例市虚构中小企业服务平台）在本表没有对应的一行，"
        "请补填这一行，编号与推荐汇总表一致。"
    )


@pytest.mark.parametrize("column", ["申报类别", "类型"])
def test_of_an_applicant_that_cannot_be_judged_no_row_is_asked(column: str) -> None:
    made = BookMaker().drop_row("基地指标", 2).drop_row("申报材料", 2).put("推荐汇总表", 3, {column: "不清楚"})
    assert found(made.book()) == [("推荐汇总表", "B3" if column == "申报类别" else "D3", "不清楚", "not_in_list")]


def test_a_row_without_a_key_is_told_alone() -> None:
    made = BookMaker().copy_row("推荐汇总表", 3, 4, {"编号": None}).copy_row("推荐汇总表", 3, 5, {"编号": None})
    assert found(made.book()) == [
        ("推荐汇总表", "A4", None, "missing_required"),
        ("推荐汇总表", "A5", None, "missing_required"),
    ]


def test_other_errors_of_a_repeated_or_unknown_row_are_told_too() -> None:
    made = BookMaker().copy_row("平台指标", 2, 3, {"专家数（人）": "约30"})
    made.copy_row("平台指标", 2, 4, {"编号": "示例-999", "专家数（人）": "-1"})
    assert found(made.book()) == [
        ("平台指标", "A3", "示例-001", "duplicate_id"),
        ("平台指标", "L3", "约30", "not_a_number"),
        ("平台指标", "A4", "示例-999", "unknown_id"),
        ("平台指标", "L4", "-1", "negative"),
    ]


def test_each_item_outside_the_list_is_a_warning_with_the_item_as_value() -> None:
    made = BookMaker().put("平台指标", 2, {"服务内容": "创业指导、数字化转型；喝茶"})
    parsed = parse(made.book())
    assert [(e.cell, e.value, e.code, e.level) for e in parsed.errors] == [
        ("J2", "数字化转型", "extra_item", "warning"),
        ("J2", "喝茶", "extra_item", "warning"),
    ]
    assert parsed.rows["平台指标"][0].value("服务内容") == ("创业指导",)
    unknown_category = made.put("推荐汇总表", 2, {"平台类别": "其他"})
    parsed = parse(unknown_category.book())
    assert [(e.value, e.code) for e in parsed.errors] == [("其他", "not_in_list"), ("喝茶", "extra_item")]


def test_errors_stand_in_the_order_of_sheets_rows_and_columns() -> None:
    made = BookMaker().add_sheet("草稿", [["x"]]).put("申报材料", 2, {"资质许可": "有"})
    made.put("推荐汇总表", 3, {"类型": "园区", "编号": None}).put("推荐汇总表", 2, {"联系电话": "无"})
    made.drop_column("优质企业名录", "企业名称").drop_row("平台指标", 2)
    assert [(e.sheet, e.row, e.cell) for e in parse(made.book()).errors] == [
        ("推荐汇总表", 2, "P2"),
        ("推荐汇总表", 3, "A3"),
        ("推荐汇总表", 3, "D3"),
        ("平台指标", None, None),
        ("基地指标", 2, "A2"),
        ("优质企业名录", 1, None),
        ("优质企业名录", 2, "A2"),
        ("申报材料", 2, "A2"),
        ("申报材料", 2, "H2"),
        ("草稿", None, None),
    ]


def test_the_sheet_of_the_province_is_not_judged() -> None:
    made = BookMaker().add_sheet("审核反馈", [["编号", "随便"], ["示例-777", "#DIV/0!"]])
    parsed = parse(made.book())
    assert parsed.errors == ()
    assert "审核反馈" not in parsed.rows


def test_change_reports_are_read_but_belong_to_no_applicant() -> None:
    made = BookMaker().put("变更报告", 2, {"变更类型": "搬迁"})
    parsed = parse(made.book())
    assert [(e.sheet, e.cell, e.value, e.code) for e in parsed.errors] == [("变更报告", "B2", "搬迁", "not_in_list")]
    assert (parsed.rows["变更报告"][0].key, parsed.rows["变更报告"][0].value("向市级报告日期")) == (
        "",
        date(2026, 2, 10),
    )
