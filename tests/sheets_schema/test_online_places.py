"""Which sheet and column is which, after people have renamed, moved, copied and added some of their own."""

from __future__ import annotations

from sheets_schema.online_guards import mark
from sheets_schema.online_places import runs
from sheets_schema.online_rules import formula_form, same_rule
from sheets_schema.online_steps import painted
from tests.sheets_schema.online_paper import CONTACT, SERVICE, Json, Paper, kinds

WHOLE = Paper().short()
HEADER = WHOLE.header("推荐汇总表")


def paper() -> Paper:
    made = Paper(filled=False)
    made.book = WHOLE.book
    return made


def columns(book: Paper, start: int, count: int = 1, sheet: str = "推荐汇总表") -> Json:
    end = start + count
    return {"sheetId": book.id(sheet), "dimension": "COLUMNS", "startIndex": start, "endIndex": end}


def named(book: Paper, sheet: str, title: str) -> Json:
    properties = {"sheetId": book.id(sheet), "title": title}
    return {"updateSheetProperties": {"properties": properties, "fields": "title"}}


def test_a_header_in_another_width_is_right_and_stays() -> None:
    book = paper()
    book.type("推荐汇总表", 0, 0, " 编　号", "申报类别", "平台(基地)名称", who=SERVICE)
    assert not book.plan()


def test_columns_may_stand_in_any_order() -> None:
    book = paper()
    book.type("推荐汇总表", 1, 6, "91210100MA0000002K")
    book.type("推荐汇总表", 0, 20, "本市自用")
    move = {"source": columns(book, 2, 3), "destinationIndex": 12}
    book.send([{"moveDimension": move}], SERVICE)
    assert book.header("推荐汇总表")[:5] == ["编号", "申报类别", "运营主体", "统一社会信用代码", "运营主体性质"]
    assert not book.plan()
    book.send([{"moveDimension": {"source": columns(book, 0), "destinationIndex": 22}}], SERVICE)
    header = book.header("推荐汇总表")
    plan = book.fix()
    assert (plan.said, kinds(plan)) == (("恢复“推荐汇总表”的表头保护",), {"addProtectedRange": 1})
    assert book.header("推荐汇总表") == header
    assert not book.plan()


def test_a_column_that_is_gone_is_put_right_of_all_that_is_there() -> None:
    book = paper()
    book.type("推荐汇总表", 0, 20, "本市自用")
    book.type("推荐汇总表", 3, 21, "随手记的")
    book.send([{"deleteDimension": {"range": columns(book, 3, 2)}}], SERVICE)
    before = book.data()
    plan = book.fix()
    assert plan.said == (
        "在“推荐汇总表”右侧补上缺少的列“类型”“平台类别”",
        "恢复“推荐汇总表”的表头保护",
        "重新登记“推荐汇总表”的识别标记",
    )
    assert book.header("推荐汇总表") == [*HEADER[:3], *HEADER[5:], "", "本市自用", "", "类型", "平台类别"]
    assert book.data() == before
    assert not book.plan()


def test_there_is_room_made_where_there_is_none() -> None:
    book = paper()
    book.send([{"deleteDimension": {"range": columns(book, 19, 4)}}], CONTACT)
    book.send([{"deleteDimension": {"range": columns(book, 0)}}], SERVICE)
    book.send([{"deleteDimension": {"range": columns(book, 0)}}], SERVICE)
    plan = book.fix()
    assert kinds(plan)["appendDimension"] == 1
    assert book.header("推荐汇总表") == [*HEADER[2:], *HEADER[:2]]
    assert not book.plan()


def test_a_header_without_a_mark_is_the_citys_own_and_stays() -> None:
    book = paper()
    forget = {"developerMetadataLookup": {"metadataValue": "平台（基地）名称"}}
    book.send([{"deleteDeveloperMetadata": {"dataFilter": forget}}], SERVICE)
    book.type("推荐汇总表", 0, 2, "全称", who=SERVICE)
    book.type("推荐汇总表", 1, 2, "示例市虚构产业基地")
    book.fix()
    assert book.header("推荐汇总表") == [*HEADER[:2], "全称", *HEADER[3:], "平台（基地）名称"]
    assert book.texts("推荐汇总表")[1][2] == "示例市虚构产业基地"
    assert not book.plan()


def test_of_two_equal_headers_the_one_that_is_not_marked_so_gets_its_own_back() -> None:
    book = paper()
    book.type("推荐汇总表", 0, 2, "类型", who=SERVICE)
    plan = book.fix()
    assert plan.said == ("恢复“推荐汇总表”的表头“平台（基地）名称”",)
    assert book.header("推荐汇总表") == HEADER


def test_exchanged_headers_are_where_the_office_has_put_them() -> None:
    book = paper()
    book.type("推荐汇总表", 0, 14, "联系电话", "联系人", who=SERVICE)
    book.fix()
    assert book.header("推荐汇总表")[14:16] == ["联系电话", "联系人"]
    assert not book.plan()


def test_exchanged_sheets_get_their_names_back() -> None:
    book = paper()
    book.send([named(book, "平台指标", "暂")], CONTACT)
    book.send([named(book, "基地指标", "平台指标")], CONTACT)
    book.send([named(book, "暂", "基地指标")], CONTACT)
    plan = book.fix()
    assert plan.said == (
        "工作表“基地指标”改回原名“平台指标”",
        "工作表“平台指标”改回原名“基地指标”",
    )
    assert book.header("平台指标") == WHOLE.header("平台指标")
    assert not book.plan()


def test_a_sheet_that_took_the_name_of_a_renamed_one_gives_it_back() -> None:
    book = paper()
    main, events = book.id("推荐汇总表"), book.id("线下活动")
    book.send([named(book, "推荐汇总表", "汇总")], SERVICE)
    book.send([named(book, "线下活动", "推荐汇总表")], SERVICE)
    book.fix()
    assert (book.id("推荐汇总表"), book.id("线下活动")) == (main, events)
    assert not book.plan()


def test_a_copy_that_took_the_name_of_a_renamed_one_is_taken_for_it() -> None:
    book = paper()
    book.send(
        [{"duplicateSheet": {"sourceSheetId": book.id("线下活动"), "newSheetId": 900, "newSheetName": "副本"}}], SERVICE
    )
    kind, body = mark("shifan_sheet", "线下活动", {"sheetId": 900})  # a copy bears the mark of what it is a copy of
    book.send([{kind: body}, named(book, "推荐汇总表", "汇总"), named(book, "副本", "推荐汇总表")], SERVICE)
    book.fix()
    assert book.id("推荐汇总表") == 900
    assert not book.plan()


def test_a_sheet_that_bears_one_of_our_names_is_taken_for_it() -> None:
    """Whoever reads the book takes it for that; the old one is nobody's but the city's."""
    book = paper()
    book.type("线下活动", 1, 0, "示例-001")
    book.send([named(book, "线下活动", "旧活动"), {"addSheet": {"properties": {"title": "线下活动"}}}], CONTACT)
    book.type("线下活动", 0, 0, "活动名称", "自己的")
    book.type("线下活动", 1, 0, "虚构对接会")
    book.fix()
    assert book.texts("线下活动")[:2] == [
        ["活动名称", "自己的", "编号", "活动日期", "参加企业数（家）"],
        ["虚构对接会", "", "", "", ""],
    ]
    assert book.texts("旧活动")[1] == ["示例-001", "", "", ""]
    assert not book.plan()


def test_a_name_in_another_width_is_right_for_a_sheet_of_the_city() -> None:
    book = paper()
    book.send([named(book, "平台指标", "平台指标 ")], CONTACT)
    assert not book.plan()


def test_a_missing_sheet_comes_back_at_its_place_among_those_of_the_city() -> None:
    book = paper()
    book.send([{"addSheet": {"properties": {"title": "本市说明", "index": 2}}}], CONTACT)
    book.send([{"deleteSheet": {"sheetId": book.id("平台指标")}}], SERVICE)
    book.fix()
    titles = [sheet.title for sheet in book.book.sheets]
    assert titles[:5] == ["填报说明", "推荐汇总表", "平台指标", "本市说明", "基地指标"]


def test_a_book_that_was_not_made_by_us_keeps_what_is_in_it() -> None:
    book = Paper(filled=False)
    book.send(
        [
            {
                "updateCells": {
                    "range": {
                        "sheetId": 0,
                        "startRowIndex": 0,
                        "endRowIndex": 1,
                        "startColumnIndex": 0,
                        "endColumnIndex": 1,
                    },
                    "rows": [{"values": [{"userEnteredValue": {"stringValue": "我市的"}}]}],
                    "fields": "userEnteredValue",
                }
            }
        ]
    )
    plan = book.fix()
    assert not plan.made
    assert book.texts("Sheet1") == [["我市的"]]
    assert not book.plan()


def test_rules_are_the_same_however_they_are_shown() -> None:
    def rule(kind: str, value: str, strict: bool = True) -> Json:
        return {"condition": {"type": kind, "values": [{"userEnteredValue": value}]}, "strict": strict}

    lists = rule("ONE_OF_RANGE", "='_字典'!$A$2:$A$5")
    assert same_rule(lists, rule("ONE_OF_RANGE", "=_字典!A2:A5"))
    assert not same_rule(lists, rule("ONE_OF_RANGE", "='_字典'!$A$2:$A$4"))
    assert not same_rule(lists, rule("ONE_OF_LIST", "='_字典'!$A$2:$A$5"))
    assert not same_rule(lists, rule("ONE_OF_RANGE", "='_字典'!$A$2:$A$5", False))
    assert not same_rule(lists, None)
    assert same_rule(rule("DATE_ON_OR_AFTER", "1900-01-01"), rule("DATE_ON_OR_AFTER", "1900/1/1"))
    assert not same_rule(rule("DATE_ON_OR_AFTER", "1900-01-01"), rule("DATE_ON_OR_AFTER", "2000-01-01"))
    assert same_rule(rule("NUMBER_GREATER_THAN_EQ", "0"), rule("NUMBER_GREATER_THAN_EQ", "0.0"))
    assert not same_rule(rule("NUMBER_GREATER_THAN_EQ", "0"), rule("NUMBER_GREATER_THAN_EQ", "一"))
    own = rule("CUSTOM_FORMULA", "=AND(ISNUMBER(K2),K2>=0,K2=INT(K2))")
    assert same_rule(own, rule("CUSTOM_FORMULA", "=AND(ISNUMBER(M77); M77 >= 0; M77=INT(M77))"))
    assert not same_rule(own, rule("CUSTOM_FORMULA", "=AND(ISNUMBER(M77),M77>=1,M77=INT(M77))"))
    assert formula_form('=IF($A$1="A1",B2,LOG10(2))') == '=IF(@="A1",@,LOG10(2))'


def test_neighbours_go_together() -> None:
    assert runs([7, 1, 3, 2]) == [(1, 4), (7, 8)]
    assert painted({1: "a", 2: "b", 3: "b", 4: "a", 5: "a", 9: "a"}) == [
        ((1, 6), "a"),
        ((2, 4), "b"),
        ((9, 10), "a"),
    ]
    assert painted({}) == []
