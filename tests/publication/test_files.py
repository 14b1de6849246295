"""Lists as files: what is read back is what was meant, and nothing in them starts a formula."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile

import docx
import openpyxl
import pytest

from core.publication.docx import as_docx
from core.publication.harmless import harmless
from core.publication.lists import (
    KINDS,
    ListedObject,
    PublicList,
    as_csv,
    in_official_order,
    manifest,
    write_files,
)
from core.publication.xlsx import as_xlsx
from tests.publication.hostile import FORMULAS, NAMES

LISTED = PublicList(
    "creation_candidates",
    2026,
    tuple(
        ListedObject("210100", "沈阳市", name, "platform" if number % 2 else "base", name)
        for number, name in enumerate(NAMES)
    ),
)
HEADER, NOTE = LISTED.header, LISTED.note
ROWS = [list(row) for row in LISTED.rows]
FORMATS = {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}


def test_a_line_has_its_number_and_what_is_made_public() -> None:
    assert HEADER == ("序号", "地区", "平台（基地）名称", "类型", "运营主体")
    assert LISTED.rows[1] == ("2", "沈阳市", NAMES[1], "平台", NAMES[1])
    assert LISTED.title == "2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单"
    assert NOTE == "注：按行政区划排列，排名不分先后。"
    assert dict(KINDS) == {
        "creation_candidates": "拟创建对象公示名单",
        "creation_objects": "创建对象名单",
        "recognition_candidates": "拟认定公示名单",
        "recognized": "认定名单",
        "revoked": "撤销名单",
        "renamed": "更名变更名单",
        "review_results": "复核结果名单",
        "in_force": "现有名单",
    }


def test_hostile_names_come_back_from_a_workbook_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(LISTED)))["名单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=len(NAMES) + 2)]
    assert rows == ROWS
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s"}
    assert [cell.value for cell in sheet[2]] == list(HEADER)
    assert (sheet["A1"].value, sheet.cell(len(NAMES) + 3, 1).value) == (LISTED.title, NOTE)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_hostile_names_come_back_from_a_document_as_text() -> None:
    data = as_docx(LISTED)
    document = docx.Document(io.BytesIO(data))
    [table] = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [list(HEADER), *ROWS]
    assert [each.text for each in document.paragraphs] == [LISTED.title, NOTE]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("word/document.xml").decode()
        assert text.count("<w:rFonts") == text.count("w:eastAsia=")
        assert "HYPERLINK " not in text.replace("=HYPERLINK(", "")


def test_hostile_names_come_back_from_csv_with_an_apostrophe_at_most() -> None:
    data = as_csv(LISTED)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [list(HEADER), *([harmless(cell) for cell in row] for row in ROWS)]
    marked = [row[2] for row in rows[1:] if row[2].startswith("'")]
    assert marked == [f"'{name}" for name in FORMULAS]


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", " =1", "  ＝1", "\u3000=1", "\ufeff=1", "\u200b=1"])
def test_blanks_before_a_formula_do_not_hide_it(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1=1", "虚构=平台", "a@b", "3-1", " 虚构"])
def test_a_harmless_text_stays(text: str) -> None:
    assert harmless(text) == text


def test_control_characters_are_left_out_of_documents() -> None:
    listed = PublicList("recognized", 2026, (ListedObject("210100", "沈阳市", "虚\x00构\x0b平台", "base", "丙"),))
    [table] = docx.Document(io.BytesIO(as_docx(listed))).tables
    assert table.rows[1].cells[2].text == "虚构平台"


def test_an_empty_list_is_a_list() -> None:
    empty = PublicList("recognized", 2026, ())
    assert as_csv(empty).decode("utf-8-sig") == "序号,地区,平台（基地）名称,类型,运营主体\r\n"
    [table] = docx.Document(io.BytesIO(as_docx(empty))).tables
    assert len(table.rows) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(empty)))["名单"]
    assert [row[0].value for row in sheet.iter_rows()] == [empty.title, "序号", NOTE]


def test_the_order_is_division_code_then_name_and_shenfu_last() -> None:
    made = [
        ListedObject("", "沈抚示范区", "甲", "base", ""),
        ListedObject("210200", "大连市", "乙", "base", ""),
        ListedObject("210100", "沈阳市", "乙", "platform", ""),
        ListedObject("211400", "葫芦岛市", "甲", "base", ""),
        ListedObject("210100", "沈阳市", "乙2", "base", ""),
        ListedObject("210100", "沈阳市", "丙", "base", ""),
    ]
    ordered = in_official_order(made)
    assert [(each.city, each.name) for each in ordered] == [
        ("沈阳市", "丙"),
        ("沈阳市", "乙"),
        ("沈阳市", "乙2"),
        ("大连市", "乙"),
        ("葫芦岛市", "甲"),
        ("沈抚示范区", "甲"),
    ]
    assert in_official_order(reversed(made)) == ordered


def test_the_same_list_gives_the_same_bytes_and_the_manifest_says_which() -> None:
    first, second = (write_files(LISTED, FORMATS, "名单") for _ in range(2))
    assert first == second
    assert list(first) == ["名单.xlsx", "名单.docx", "名单.csv"]
    described = json.loads(
        manifest(
            LISTED,
            first,
            standard_id="ln-2025-draft",
            program="1.2",
            as_of="2026-06-30",
            reference_day="2026-06-15",
            who="李经办",
            at="2026-06-30T09:00:00",
        )
    )
    assert described == {
        "list": "creation_candidates",
        "year": 2026,
        "title": LISTED.title,
        "rows": len(NAMES),
        "data_sha256": LISTED.data_sha256,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(first.items())},
        "as_of": "2026-06-30",
        "reference_day": "2026-06-15",
        "standard": "ln-2025-draft",
        "program": "1.2",
        "who": "李经办",
        "at": "2026-06-30T09:00:00",
    }
    other = PublicList(LISTED.kind, 2027, LISTED.objects)
    assert other.data_sha256 != LISTED.data_sha256
