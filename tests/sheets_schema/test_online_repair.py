"""What people have damaged in an online sheet is put right, only that, and no cell that a city has filled in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sheets_emulator.problems import PROTECTED, Problem
from tests.sheets_schema.online_paper import CONTACT, SERVICE, Json, Paper, kinds

WHOLE = Paper().short()
RULES_OF_COLUMN = {"setDataValidation": 1}


def paper() -> Paper:
    """A complete book with some rows in it."""
    made = Paper(filled=False)
    made.book = WHOLE.book
    made.type("推荐汇总表", 1, 0, "示例-001", "期满验收", "示例市虚构中小企业服务平台", "平台")
    made.type("推荐汇总表", 2, 0, "示例-002", "创建申报", "示例市虚构产业基地", "基地")
    made.type("线下活动", 1, 0, "示例-001", "虚构对接会", "2026-03-01", "25")
    made.type("推荐汇总表", 0, 20, "本市自用")
    made.type("推荐汇总表", 1, 20, "不要动")
    return made


def rule(book: Paper, sheet: str, column: int, found: Json | None = None, rows: int = 8) -> Json:
    area = book.area(sheet, 2, column, rows)
    return {"setDataValidation": {"range": area, **({"rule": found} if found else {})}}


def guards(book: Paper, sheet: str) -> list[Json]:
    return book.sheet(sheet).protected


def unguard(book: Paper, sheet: str) -> list[Json]:
    return [{"deleteProtectedRange": {"protectedRangeId": guards(book, sheet)[0]["protectedRangeId"]}}]


def reguard(book: Paper, sheet: str, fields: str, **changed: object) -> list[Json]:
    changes = {"protectedRangeId": guards(book, sheet)[0]["protectedRangeId"], **changed}
    return [{"updateProtectedRange": {"protectedRange": changes, "fields": fields}}]


def properties(book: Paper, sheet: str, fields: str, **changed: object) -> list[Json]:
    return [{"updateSheetProperties": {"properties": {"sheetId": book.id(sheet), **changed}, "fields": fields}}]


def note(book: Paper, sheet: str, column: int, text: str) -> Json:
    rows = [{"values": [{"note": text} if text else {}]}]
    return {"updateCells": {"range": book.area(sheet, 0, column), "rows": rows, "fields": "note"}}


def form(book: Paper, sheet: str, row: int, column: int, rows: int, kind: str) -> Json:
    look = {"userEnteredFormat": {"numberFormat": {"type": kind}}}
    area = book.area(sheet, row, column, rows)
    return {"repeatCell": {"range": area, "cell": look, "fields": "userEnteredFormat.numberFormat"}}


def colour(book: Paper, sheet: str, at: int, columns: int = 3) -> Json:
    """The contact's own colour rule, before ours."""
    condition = {"type": "TEXT_EQ", "values": [{"userEnteredValue": "是"}]}
    found = {"ranges": [book.area(sheet, 1, 0, 20, columns)], "booleanRule": {"condition": condition, "format": {}}}
    return {"addConditionalFormatRule": {"rule": found, "index": at}}


def uncolour(book: Paper, sheet: str, at: int) -> Json:
    return {"deleteConditionalFormatRule": {"sheetId": book.id(sheet), "index": at}}


def forget(**lookup: object) -> Json:
    return {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": lookup}}}


Damage = Callable[[Paper], list[Json]]
# what happens, by whom, what is said of the repair, with which requests
DAMAGES: dict[str, tuple[Damage, str, tuple[str, ...], dict[str, int]]] = {
    "drop-down taken from some cells": (
        lambda book: [rule(book, "推荐汇总表", 3)],
        CONTACT,
        ("恢复“推荐汇总表”中“类型”的下拉选项",),
        RULES_OF_COLUMN,
    ),
    "another drop-down": (
        lambda book: [
            rule(
                book,
                "推荐汇总表",
                3,
                {"condition": {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": "是"}]}, "strict": True},
            )
        ],
        CONTACT,
        ("恢复“推荐汇总表”中“类型”的下拉选项",),
        RULES_OF_COLUMN,
    ),
    "limit only warns": (
        lambda book: [
            rule(
                book,
                "线下活动",
                3,
                {
                    "condition": {
                        "type": "CUSTOM_FORMULA",
                        "values": [{"userEnteredValue": "=AND(ISNUMBER(D3),D3>=0,D3=INT(D3))"}],
                    },
                    "strict": False,
                },
            )
        ],
        CONTACT,
        ("恢复“线下活动”中“参加企业数（家）”的填写限制",),
        RULES_OF_COLUMN,
    ),
    "two columns lose their limits": (
        lambda book: [rule(book, "线下活动", 2), rule(book, "线下活动", 3)],
        CONTACT,
        ("恢复“线下活动”中“活动日期”的填写限制", "恢复“线下活动”中“参加企业数（家）”的填写限制"),
        {"setDataValidation": 2},
    ),
    "codes would lose their zeros": (
        lambda book: [form(book, "推荐汇总表", 1, 6, 5, "NUMBER"), form(book, "推荐汇总表", 9, 6, 2, "DATE")],
        CONTACT,
        ("恢复“推荐汇总表”中“统一社会信用代码”空白单元格的格式",),
        {"repeatCell": 2},
    ),
    "shown again": (
        lambda book: properties(book, "_meta", "hidden", hidden=False),
        SERVICE,
        ("重新隐藏“_meta”",),
        {"updateSheetProperties": 1},
    ),
    "header no longer frozen": (
        lambda book: properties(
            book, "平台指标", "gridProperties.frozenRowCount", gridProperties={"frozenRowCount": 0}
        ),
        CONTACT,
        ("重新冻结“平台指标”的表头",),
        {"updateSheetProperties": 1},
    ),
    "sheet of the city renamed": (
        lambda book: properties(book, "平台指标", "title", title="平台情况"),
        CONTACT,
        ("工作表“平台情况”改回原名“平台指标”",),
        {"updateSheetProperties": 1},
    ),
    "feedback renamed": (
        lambda book: properties(book, "审核反馈", "title", title="反馈"),
        SERVICE,
        ("工作表“反馈”改回原名“审核反馈”",),
        {"updateSheetProperties": 1},
    ),
    "colours gone": (
        lambda book: [uncolour(book, "平台指标", 0)],
        CONTACT,
        ("恢复“平台指标”的问题标色",),
        {"deleteConditionalFormatRule": 2, "addConditionalFormatRule": 3},
    ),
    "colours in another order": (
        lambda book: [
            {"updateConditionalFormatRule": {"sheetId": book.id("平台指标"), "index": 0, "newIndex": 2}},
        ],
        CONTACT,
        ("恢复“平台指标”的问题标色",),
        {"deleteConditionalFormatRule": 3, "addConditionalFormatRule": 3},
    ),
    "sheet removed": (
        lambda book: [{"deleteSheet": {"sheetId": book.id("变更报告")}}],
        SERVICE,
        ("补建工作表“变更报告”",),
        {
            "addSheet": 1,
            "updateCells": 1,
            "repeatCell": 4,
            "updateDimensionProperties": 6,
            "setDataValidation": 6,
            "addConditionalFormatRule": 3,
            "addProtectedRange": 1,
            "createDeveloperMetadata": 7,
        },
    ),
    "lists removed": (
        lambda book: [{"deleteSheet": {"sheetId": book.id("_字典")}}],
        SERVICE,
        ("补建工作表“_字典”",),
        {"addSheet": 1, "updateCells": 1, "addProtectedRange": 1, "createDeveloperMetadata": 1},
    ),
    "header emptied": (
        lambda book: [book.typing("推荐汇总表", 0, 2, "")],
        SERVICE,
        ("恢复“推荐汇总表”的表头“平台（基地）名称”",),
        {"updateCells": 1},
    ),
    "two headers changed": (
        lambda book: [book.typing("推荐汇总表", 0, 2, "名称", "种类")],
        SERVICE,
        ("恢复“推荐汇总表”的表头“平台（基地）名称”", "恢复“推荐汇总表”的表头“类型”"),
        {"updateCells": 2},
    ),
    "header of the feedback changed": (
        lambda book: [book.typing("审核反馈", 0, 5, "说明")],
        SERVICE,
        ("恢复“审核反馈”的表头“问题”",),
        {"updateCells": 1},
    ),
    "notes gone": (
        lambda book: [note(book, "推荐汇总表", 2, ""), note(book, "推荐汇总表", 3, "")],
        SERVICE,
        ("更新“推荐汇总表”表头的填写说明",),
        {"updateCells": 1},
    ),
    "header open to all": (
        lambda book: unguard(book, "平台指标"),
        SERVICE,
        ("恢复“平台指标”的表头保护",),
        {"addProtectedRange": 1},
    ),
    "header guarded by a warning": (
        lambda book: reguard(book, "平台指标", "warningOnly,editors", warningOnly=True),
        SERVICE,
        ("恢复“平台指标”的表头保护",),
        {"deleteProtectedRange": 1, "addProtectedRange": 1},
    ),
    "feedback open to a contact": (
        lambda book: reguard(book, "审核反馈", "editors", editors={"users": [SERVICE, CONTACT]}),
        SERVICE,
        ("恢复“审核反馈”的整表保护",),
        {"deleteProtectedRange": 1, "addProtectedRange": 1},
    ),
    "guard over data rows": (
        lambda book: reguard(book, "平台指标", "range", range=book.area("平台指标", 0, 0, 9, 21)),
        SERVICE,
        ("恢复“平台指标”的表头保护",),
        {"deleteProtectedRange": 1, "addProtectedRange": 1},
    ),
    "lists damaged": (
        lambda book: [book.typing("_字典", 1, 1, "", "平台站")],
        SERVICE,
        ("恢复“_字典”的内容",),
        {"updateCells": 1},
    ),
    "another year": (
        lambda book: [book.typing("_meta", 1, 1, "2025"), book.typing("_meta", 2, 0, "", "1")],
        SERVICE,
        ("恢复“_meta”的内容",),
        {"updateCells": 1},
    ),
    "help changed": (
        lambda book: [book.typing("填报说明", 2, 0, "随便填")],
        SERVICE,
        ("恢复“填报说明”的内容",),
        {"updateCells": 1, "repeatCell": 27, "updateDimensionProperties": 52},
    ),
    "marks forgotten": (
        lambda _: [forget(metadataKey="shifan_column", metadataValue="活动日期"), forget(metadataValue="线下活动")],
        SERVICE,
        ("重新登记“线下活动”的识别标记",),
        {"createDeveloperMetadata": 2},
    ),
    "dates as elsewhere": (
        lambda _: [{"updateSpreadsheetProperties": {"properties": {"locale": "en_US"}, "fields": "locale"}}],
        CONTACT,
        ("将表格的地区和时区改回中国",),
        {"updateSpreadsheetProperties": 1},
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_put_right_and_nothing_else_is_done(name: str) -> None:
    damage, who, said, asked = DAMAGES[name]
    book = paper()
    book.send(damage(book), who)
    before = book.data()
    plan = book.fix()
    assert (plan.said, kinds(plan), plan.made) == (said, asked, False)
    assert not book.plan()
    after = book.data()
    assert {tab: after[tab] for tab in after if tab in before} == {tab: before[tab] for tab in before if tab in after}
    assert len(after) >= len(WHOLE.data())
    assert [sheet.title for sheet in book.book.sheets] == [sheet.title for sheet in WHOLE.book.sheets]
    for sheet in WHOLE.book.sheets:
        assert book.texts(sheet.title)[0][: len(WHOLE.header(sheet.title))] == WHOLE.header(sheet.title)


def protected(book: Paper, requests: list[Json]) -> bool:
    """Whether a contact is kept from it."""
    before = book.book
    with pytest.raises(Problem) as caught:
        book.send(requests, CONTACT)
    assert book.book is before
    return str(caught.value.body["error"]["message"]).endswith(PROTECTED)


def test_a_contact_is_kept_from_what_is_the_provinces() -> None:
    book = paper()
    column = {"sheetId": book.id("推荐汇总表"), "dimension": "COLUMNS", "startIndex": 2, "endIndex": 3}
    for requests in (
        [book.typing("推荐汇总表", 0, 0, "序号")],
        [note(book, "推荐汇总表", 0, "")],
        [{"deleteDimension": {"range": column}}],
        [{"insertDimension": {"range": column}}],
        [{"moveDimension": {"source": column, "destinationIndex": 7}}],
        [book.typing("审核反馈", 1, 5, "没有问题")],
        [book.typing("审核反馈", 0, 5, "说明")],
        [book.typing("_meta", 0, 1, "大连市")],
        [book.typing("_字典", 1, 0, "其他")],
        [book.typing("填报说明", 2, 0, "随便填")],
        [{"deleteSheet": {"sheetId": book.id("推荐汇总表")}}],
        [{"deleteSheet": {"sheetId": book.id("审核反馈")}}],
        properties(book, "审核反馈", "title", title="反馈"),
        properties(book, "_meta", "hidden", hidden=False),
        unguard(book, "推荐汇总表"),
        reguard(book, "推荐汇总表", "editors", editors={"users": [CONTACT]}),
    ):
        assert protected(book, requests), requests
    assert not book.plan()


def test_the_citys_own_rules_colours_and_guards_stay() -> None:
    book = paper()
    book.send([colour(book, "平台指标", 0), uncolour(book, "平台指标", 1)], CONTACT)
    mine = {"range": book.area("推荐汇总表", 1, 0, 5, 5), "description": "别动", "editors": {"users": [CONTACT]}}
    book.send([{"addProtectedRange": {"protectedRange": mine}}], CONTACT)
    assert book.fix().said == ("恢复“平台指标”的问题标色",)
    kept = book.sheet("平台指标").rules[3]["booleanRule"]["condition"]
    assert kept == {"type": "TEXT_EQ", "values": [{"userEnteredValue": "是"}]}
    assert len(book.sheet("平台指标").rules) == 4
    assert [guard["description"] for guard in guards(book, "推荐汇总表")] == ["表头由省里统一设置，请勿改动", "别动"]
    assert not book.plan()


def test_a_filled_cell_keeps_the_form_that_the_city_gave_it() -> None:
    book = paper()
    book.send([form(book, "线下活动", 1, 2, 1, "TEXT"), form(book, "推荐汇总表", 1, 0, 1, "NUMBER")], CONTACT)
    assert not book.plan()


def test_dates_may_be_shown_in_another_way() -> None:
    book = paper()
    book.send([form(book, "线下活动", 2, 2, 100, "DATE_TIME")], CONTACT)
    assert not book.plan()


def test_rows_that_people_add_at_the_end_are_made_ready_too() -> None:
    book = paper()
    book.send([{"appendDimension": {"sheetId": book.id("线下活动"), "dimension": "ROWS", "length": 5}}], CONTACT)
    plan = book.fix()
    assert kinds(plan) == {"repeatCell": 3, "setDataValidation": 4}
    assert not book.plan()


def test_a_new_guide_changes_the_words_of_its_column_alone() -> None:
    book = paper()
    book.guide["平台指标", "专家数（人）"] = ["创建：≥ 50（附件1）"]
    plan = book.fix()
    assert plan.said == (
        "恢复“填报说明”的内容",
        "更新“平台指标”表头的填写说明",
        "恢复“平台指标”中“专家数（人）”的填写限制",
    )
    rule_now = book.sheet("平台指标").cells[1, 11]["dataValidation"]
    assert rule_now["inputMessage"].endswith("用于：\n创建：≥ 50（附件1）")
    assert not book.plan()
