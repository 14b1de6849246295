"""The workbook in which objects of former years are brought in: as made, as filled in, as LibreOffice saves it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from core.cohorts import read_cohort
from sheets_schema.help import help_rows
from sheets_schema.parse import parse
from sheets_schema.schema import COHORT, load
from sheets_schema.template import COHORT_FILE, build_cohort_template
from sheets_schema.template_data import LAST_ROW, READY_ROWS
from tests.cohorts import SHEET, WHO, cohort_file
from tests.sheets_schema.template_view import fill, opened, relied_on, saved
from tests.workbooks import raw_book

SCHEMA = load(COHORT)
COLUMNS = SCHEMA.sheet(SHEET).columns
BUILT = build_cohort_template("0.1.0")
VIEW = relied_on(BUILT, SCHEMA)
TODAY = date(2026, 6, 30)


def test_the_same_program_gives_the_same_bytes() -> None:
    assert build_cohort_template("0.1.0") == BUILT
    assert build_cohort_template("0.2.0") != BUILT
    with zipfile.ZipFile(io.BytesIO(BUILT)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
    assert opened(BUILT).properties.created == datetime(2025, 1, 1)  # noqa: DTZ001 - the format has no time zone


def test_one_sheet_to_fill_in_with_the_help_before_it_and_ours_hidden() -> None:
    assert VIEW["sheets"] == [
        ("填报说明", "visible"),
        ("存量对象", "visible"),
        ("_字典", "hidden"),
        ("_meta", "hidden"),
    ]
    assert VIEW["meta"] == [["模板版本", "1"]]
    assert VIEW["properties"] == {"shifan_template": "1", "shifan_program": "0.1.0"}


def test_the_sheet_is_open_from_its_second_row() -> None:
    found = VIEW[SHEET]
    assert found["header"][: len(COLUMNS)] == [column.name for column in COLUMNS]
    assert set(found["header cells"]) == {True}
    assert {locked for locked, _ in found["first cells"]} == {False}
    assert found["far cells"] == found["first cells"]
    assert (found["beside"], found["password"], found["filter"]) == (False, None, f"A1:O{LAST_ROW}")
    assert found["colours"] == []
    sheet = opened(BUILT)[SHEET]
    # Who a row is about stays in sight beside its dates.
    assert (sheet.freeze_panes, sheet.max_row) == ("C2", READY_ROWS + 1)


def test_drop_downs_dates_and_codes() -> None:
    lists = {column[0]: [value for value in column[1:] if value] for column in zip(*VIEW["dictionary"], strict=True)}
    limits = {found[0].split("2:")[0]: (found[1], found[4]) for found in VIEW[SHEET]["validations"]}
    forms = {}
    for column, (_, form) in zip(COLUMNS, VIEW[SHEET]["first cells"], strict=True):
        kind, formula = limits["ABCDEFGHIJKLMNO"[column.index - 1]]
        forms[column.type] = (kind, form)
        if column.type == "choice":
            assert tuple(lists[formula]) == column.options
    assert forms == {
        "choice": ("list", "@"),
        "text": ("none", "@"),
        "uscc": ("textLength", "@"),
        "date": ("date", "yyyy-mm-dd"),
    }
    assert len(lists["选项_推荐单位"]) == 15


def test_the_help_page_explains_every_column() -> None:
    texts = [[value or "" for value in row] for row in VIEW["help"]]
    assert texts[0][0] == "存量平台（基地）和创建对象填报说明"
    names = {column.name for column in COLUMNS}
    assert [tuple(row) for row in texts if row[0] in names] == [
        (row.column, row.what, row.required, row.format, row.example) for row in help_rows({}, SCHEMA)
    ]


def test_an_empty_template_is_not_wrong(tmp_path: Path) -> None:
    path = tmp_path / COHORT_FILE
    path.write_bytes(BUILT)
    parsed = parse(raw_book(path), SCHEMA)
    assert (parsed.city, parsed.year, parsed.template_version, parsed.rows, parsed.errors) == (
        None,
        None,
        "1",
        {SHEET: ()},
        (),
    )


def test_a_template_filled_in_with_dates_is_read(tmp_path: Path) -> None:
    path = tmp_path / COHORT_FILE
    path.write_bytes(cohort_file(WHO | {"目前状态": "已认定", "认定日期": date(2024, 2, 29)}))
    [row], errors = read_cohort(parse(raw_book(path), SCHEMA), TODAY)
    assert (errors, row.status, row.recognized) == ((), "recognized", date(2024, 2, 29))


@pytest.mark.libreoffice
def test_nothing_we_rely_on_is_lost(tmp_path: Path) -> None:
    path = tmp_path / COHORT_FILE
    path.write_bytes(BUILT)
    after = relied_on(saved(path, tmp_path), SCHEMA)
    assert list(after) == list(VIEW)
    for part in VIEW:
        assert after[part] == VIEW[part], part


@pytest.mark.libreoffice
def test_a_filled_template_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / COHORT_FILE
    fill(BUILT, path, SCHEMA)
    before = read_cohort(parse(raw_book(path), SCHEMA), TODAY)
    after = read_cohort(parse(raw_book(saved(path, tmp_path)), SCHEMA), TODAY)
    assert after == before
    assert [row.status for row in after[0]] == ["recognized", "creating", "extended", "rectifying"]
    assert after[1] == ()
