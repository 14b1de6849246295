"""The workbook that an expert scores in: as made, as filled in, as LibreOffice saves it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.scoring.workbook import ScoreBook, Wanted, asked_of, read_scores
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.errors import COHORT_CODES, ERROR_CODES, SCORING_CODES, WARNING_CODES
from sheets_schema.parse import parse
from sheets_schema.scoring_schema import column_name, scoring_schema, whose
from sheets_schema.scoring_template import About, Fact, Line, build_scoring_book
from tests.scoring.documents import RUBRIC
from tests.scoring.documents import settings as scoring_settings
from tests.sheets_schema.template_view import opened, saved, validations
from tests.sheets_schema.test_hostile import CELLS, TEXTS
from tests.workbooks import raw_book

DAY = date(2026, 6, 30)
SHEET, NUMBER, NAME, RECUSAL = "评分", "申报编号", "平台（基地）名称", column_name("recusal")
SETTINGS = scoring_settings(
    {"comments": "each", "scale": {"top": "10", "step": "0.5"}, "own_scales": {"path": {"top": "100", "step": "1"}}}
)
ASKED = asked_of(SETTINGS, RUBRIC, DAY)
SCHEMA = scoring_schema(ASKED)
COLUMNS = [column.name for column in SCHEMA.sheets[0].columns]
LINES = [
    Line("沈阳市-PT-001", "虚构市云帆服务平台", "沈阳市", "平台", "=1+1"),
    Line("大连市-JD-001", "虚构市望海基地", "大连市", "基地", "虚构公司"),
]
FACTS = [Fact("沈阳市-PT-001", "虚构市云帆服务平台", "平台指标", "专家数（人）", "48", "核定")]
ABOUT = About(2026, "专家02", "虚构冯某", "2026年6月8日（周一）", "发至省厅评审组。")
BUILT = build_scoring_book(ASKED, ABOUT, LINES, FACTS, "0.1.0")
WANTED = Wanted({"沈阳市-pt-001": LINES[0].name, "大连市-jd-001": LINES[1].name})


def read(book: RawBook) -> ScoreBook:
    return read_scores(parse(book, SCHEMA), ASKED, "专家02", WANTED)


def test_the_same_state_gives_the_same_bytes() -> None:
    assert build_scoring_book(ASKED, ABOUT, LINES, FACTS, "0.1.0") == BUILT
    assert build_scoring_book(ASKED, ABOUT, LINES, [], "0.1.0") != BUILT
    with zipfile.ZipFile(io.BytesIO(BUILT)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert opened(BUILT).properties.created == datetime(2026, 1, 1)  # noqa: DTZ001 - the format has no time zone


def test_each_indicator_brings_its_columns_and_scores_and_words_alone_are_open() -> None:
    sheet = opened(BUILT)[SHEET]
    assert [cell.value for cell in sheet[1]] == COLUMNS
    assert COLUMNS[5:10] == [
        "创建内容（分）",
        "创建内容评语",
        "创新特色（分）",
        "典型或特色经验做法（条）",
        "创新特色评语",
    ]
    assert COLUMNS[-1] == "申请回避（写明理由）"
    locked = {column: sheet.cell(2, at).protection.locked for at, column in enumerate(COLUMNS, start=1)}
    assert [column for column, shut in locked.items() if shut] == COLUMNS[:5]
    assert (sheet.protection.sheet, sheet.freeze_panes, sheet.max_row) == (True, "C2", 3)
    assert sheet["E2"].data_type == "s"  # what reads as a formula is a text


def test_a_limit_lets_in_what_is_on_the_scale_and_says_it() -> None:
    limits = {found[0]: found for found in validations(opened(BUILT)[SHEET])}
    content, path, count = limits["F2:F3"], limits["M2:M3"], limits["I2:I3"]
    assert (content[1], content[4]) == (
        "custom", "AND(ISNUMBER(F2),F2>=0,F2<=10,ABS(ROUND(F2/0.5,0)*0.5-F2)<1E-9)",
    )  # fmt: skip
    assert content[6] == "“创建内容（分）”可打的分数是 0 至 10 分，每 0.5 分一档，只填数字。"
    assert path[8] == "创建活动做不做得成。可打的分数：0 至 100 分，每 1 分一档。"
    assert (count[1:3], count[4]) == (("whole", "greaterThanOrEqual"), "0")
    assert count[8] == "数一数方案里有几条，附件3 要求不少于 2 条；不数的可不填。"


def test_points_are_told_by_kind_and_nothing_asks_for_a_total() -> None:
    book = opened(BUILT)
    rows = {row[0]: row for row in book["评价要点"].iter_rows(min_row=4, values_only=True)}
    assert (rows["实施路径"][1], rows["实施路径"][2]) == ("15", "0 至 100 分，每 1 分一档")
    assert "写明要完善哪些功能模块。" in str(rows["实施路径"][4])
    assert "写明要完善哪些功能模块。" not in str(rows["实施路径"][5])
    said = " ".join(str(row[0]) for row in book["填写说明"].iter_rows(values_only=True))
    assert "请于2026年6月8日（周一）前交回。交回方式：发至省厅评审组。" in said
    assert "总分由工作台按本轮确定的权重计算，不用填；评分只供评审使用，不排名次。" in said
    assert not any("总分" in column for column in COLUMNS)


def whole(book_row: dict[str, object]) -> dict[str, object]:
    """A row with a score and a comment for each indicator."""
    made: dict[str, object] = dict.fromkeys((one.score_column for one in ASKED), 8)
    return made | {one.comment_column: "虚构评语" for one in ASKED} | book_row


def typed(rows: dict[int, dict[str, object]]) -> bytes:
    """The workbook with rows filled in."""
    book = opened(BUILT)
    for row, values in rows.items():
        for column, value in values.items():
            book[SHEET].cell(row, COLUMNS.index(column) + 1).value = value  # type: ignore[assignment]
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.libreoffice
def test_what_libreoffice_saves_says_the_same_and_has_its_limits(tmp_path: Path) -> None:
    path = tmp_path / "2026-评分-专家02-虚构冯某.xlsx"
    path.write_bytes(
        typed({2: whole({"创建内容（分）": 7.5, "典型或特色经验做法（条）": 3}), 3: {RECUSAL: "虚构顾问"}})
    )
    before, after = raw_book(path), raw_book(saved(path, tmp_path))
    assert whose(after, SCHEMA) == whose(before, SCHEMA)
    assert (whose(after, SCHEMA).year, whose(after, SCHEMA).expert) == ("2026", "专家02")
    assert read(after) == read(before)
    [one, other] = read(after).rows
    assert one.sheet is not None
    assert (one.sheet.scores["content"], one.sheet.counts) == (Decimal("7.5"), {"innovation": 3})
    assert (other.sheet, other.reason, read(after).errors) == (None, "虚构顾问", ())
    limits = [found[:2] for found in validations(opened(saved(path, tmp_path))[SHEET])]
    assert limits == [found[:2] for found in validations(opened(path)[SHEET])]


# Right values often enough for whole rows to come about.
RIGHT = {
    column.name: st.sampled_from(("0", "7.5", "10")).map(lambda text: RawCell("number", text))
    if column.type in ("decimal", "integer")
    else st.just(RawCell("text", "虚构"))
    for column in SCHEMA.sheets[0].columns
} | {
    NUMBER: st.sampled_from([line.number for line in LINES]).map(lambda text: RawCell("text", text)),
    NAME: st.sampled_from([line.name for line in LINES]).map(lambda text: RawCell("text", text)),
}
ROWS = st.fixed_dictionaries(
    {name: st.one_of(*[right] * 9, CELLS) for name, right in RIGHT.items() if name != RECUSAL},
    optional={RECUSAL: st.one_of(RIGHT[RECUSAL], CELLS)},
)


@settings(max_examples=300, deadline=2000)
@given(name=TEXTS, rows=st.lists(ROWS, max_size=4), headers=st.permutations(COLUMNS))
def test_rows_are_whole_or_told(name: str, rows: list[dict[str, RawCell]], headers: list[str]) -> None:
    places = {column: at for at, column in enumerate(headers, start=1)}
    cells = {(1, at): RawCell("text", header) for header, at in places.items()}
    for number, row in enumerate(rows, start=2):
        cells |= {(number, places[column]): cell for column, cell in row.items()}
    found = read(RawBook(name, (RawSheet(SHEET, cells),)))
    wrong = {error.row for error in found.errors}
    for one in found.rows:
        assert one.row not in wrong
        assert one.key in WANTED.names
        if one.sheet is None:
            assert one.reason
        else:
            assert all(SETTINGS.scale_of(code).holds(one.sheet.scores[code]) for code in RUBRIC.names)
            assert all(one.sheet.comments[code].strip() for code in RUBRIC.names)
    assert len({one.key for one in found.rows}) == len(found.rows)
    for error in found.errors:
        assert error.code in ERROR_CODES + COHORT_CODES + SCORING_CODES + WARNING_CODES
        assert error.message.startswith(f"{name}〔{SHEET}〕{error.cell}：")
        assert error.message.endswith("。")
