"""Cells come out as people typed them: exact digits, dates, errors, formulas with and without a result."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from core.intake.reader import duration_text, moment_text, number_text
from core.intake.workbooks import read_books
from sheets_schema.cells import RawBook, RawCell
from tests.intake import hostile
from tests.intake.hostile import HEAD, MAIN, text_cell

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2">'
    '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    '<numFmt numFmtId="177" formatCode="[h]:mm"/></numFmts><cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="31"/><xf numFmtId="176"/><xf numFmtId="177"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)


def read(tmp_path: Path, data: bytes) -> RawBook:
    path = tmp_path / "2026-沈阳市.xlsx"
    path.write_bytes(data)
    book = read_books([path])[0]
    assert book.problem is None
    assert book.raw is not None
    return book.raw


def cells(tmp_path: Path, row: str, **given: str) -> list[RawCell]:
    """The cells of one row, in order."""
    raw = read(tmp_path, hostile.book(sheet1=hostile.sheet(f'<row r="1">{row}</row>'), styles=STYLES, **given))
    return [cell for _, cell in sorted(raw.sheets[0].cells.items())]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("12", "12"),
        ("914302007770000018", "914302007770000018"),
        ("9.1430200777E+17", "9.1430200777e+17"),
        ("1200.0", "1200"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("1234.5600000000001", "1234.56"),
        ("1E-7", "0.0000001"),
        ("-2.5E-6", "-0.0000025"),
        ("999999999999999", "999999999999999"),
        ("1E15", "1e+15"),
        ("0", "0"),
        ("-3", "-3"),
    ],
)
def test_numbers_keep_their_digits(tmp_path: Path, stored: str, shown: str) -> None:
    assert cells(tmp_path, f'<c r="A1"><v>{stored}</v></c>') == [RawCell("number", shown)]


def test_dates_times_booleans_and_errors(tmp_path: Path) -> None:
    row = (
        '<c r="A1" s="1"><v>43891</v></c><c r="B1" s="2"><v>43891</v></c><c r="C1" s="3"><v>43891.5</v></c>'
        '<c r="D1" s="1"><v>0.5625</v></c><c r="E1" s="4"><v>1.25</v></c><c r="F1" t="b"><v>1</v></c>'
        '<c r="G1" t="b"><v>0</v></c><c r="H1" t="e"><v>#DIV/0!</v></c><c r="I1" t="e"><f>NA()</f><v>#N/A</v></c>'
        '<c r="J1" s="5"><v>0.85</v></c><c r="K1" s="1"><v>99999999</v></c><c r="L1" t="d"><v>2020-03-01</v></c>'
    )
    assert cells(tmp_path, row) == [
        RawCell("date", "2020-03-01 00:00:00"),
        RawCell("date", "2020-03-01 00:00:00"),
        RawCell("date", "2020-03-01 12:00:00"),
        RawCell("text", "13:30:00"),
        RawCell("text", "30:00:00"),
        RawCell("boolean", "TRUE"),
        RawCell("boolean", "FALSE"),
        RawCell("error", "#DIV/0!"),
        RawCell("error", "#N/A", formula=True),
        RawCell("number", "0.85"),
        RawCell("number", "99999999"),
        RawCell("date", "2020-03-01 00:00:00"),
    ]


def test_a_workbook_that_counts_from_1904(tmp_path: Path) -> None:
    workbook = hostile.parts()["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    found = cells(tmp_path, '<c r="A1" s="1"><v>42429</v></c>', workbook=workbook)
    assert found == [RawCell("date", "2020-03-01 00:00:00")]


def test_a_formula_with_a_result_is_told_from_one_without(tmp_path: Path) -> None:
    row = (
        '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+2</f></c><c r="C1"><f>1+3</f><v></v></c>'
        '<c r="D1" t="str"><f>"甲"</f><v>甲</v></c><c r="E1" t="str"><f>""</f><v></v></c>'
        '<c r="F1"><f t="shared" ref="F1:G1" si="0">A1*2</f><v>4</v></c><c r="G1"><f t="shared" si="0"/></c>'
    )
    assert cells(tmp_path, row) == [
        RawCell("number", "2", formula=True),
        RawCell("no_result", "=1+2", formula=True),
        RawCell("no_result", "=1+3", formula=True),
        RawCell("text", "甲", formula=True),
        RawCell("number", "4", formula=True),
        RawCell("no_result", "=A1*2", formula=True),
    ]


def test_texts_come_out_whole_and_blank_ones_not_at_all(tmp_path: Path) -> None:
    strings = (
        f'{HEAD}<sst xmlns="{MAIN}"><si><t xml:space="preserve"> 沈阳市 </t></si><si><r><t>小</t></r><r><rPr><b/></rPr>'
        "<t>巨人</t></r><rPh><t>xiao</t></rPh></si><si><t>a_x000D_b</t></si><si><t>_x005F_x000D_</t></si>"
        "<si><t>_xD800_</t></si><si><t>　\u00a0\u200b</t></si><si><t>１２３．５𠮷</t></si></sst>"
    )
    row = "".join(f'<c r="{column}1" t="s"><v>{index}</v></c>' for index, column in enumerate("ABCDEFG"))
    row += text_cell("H1", "法律\n政策") + text_cell("I1", "  ") + '<c r="J1"/><c r="K1" t="inlineStr"/>'
    row += '<c r="L1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙</t></r></is></c>'
    assert [cell.text for cell in cells(tmp_path, row, strings=strings)] == [
        " 沈阳市 ",
        "小巨人",
        "a\rb",
        "_x000D_",
        "_xD800_",
        "１２３．５𠮷",
        "法律\n政策",
        "甲乙",
    ]


def test_cells_and_rows_without_addresses_stand_next_to_those_before(tmp_path: Path) -> None:
    rows = '<row><c t="b"><v>1</v></c></row><row r="4"><c r="B4" s="1"/><c><v>2</v></c></row><row><c><v>3</v></c></row>'
    raw = read(tmp_path, hostile.book(sheet1=hostile.sheet(rows)))
    assert {place: cell.text for place, cell in raw.sheets[0].cells.items()} == {
        (1, 1): "TRUE",
        (4, 3): "2",
        (5, 1): "3",
    }


def test_hidden_rows_merged_ranges_and_hidden_sheets_are_told(tmp_path: Path) -> None:
    source = openpyxl.Workbook()
    sheet = source.active
    assert sheet is not None
    sheet.title = "推荐汇总表"
    sheet.append(["编号", "甲"])
    sheet.append(["SY-001", "乙"])
    sheet.row_dimensions[2].hidden = True
    sheet.merge_cells("C1:D3")
    meta = source.create_sheet("_meta")
    meta.append(["城市", "沈阳市"])
    meta.sheet_state = "veryHidden"
    source.create_chartsheet("图")
    source.save(tmp_path / "made.xlsx")
    raw = read(tmp_path, (tmp_path / "made.xlsx").read_bytes())
    assert [(s.name, s.hidden, s.hidden_rows, s.merged) for s in raw.sheets] == [
        ("推荐汇总表", False, frozenset({2}), ("C1:D3",)),
        ("_meta", True, frozenset(), ()),
    ]


def test_prefixed_names_are_the_same_names(tmp_path: Path) -> None:
    part = (
        f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>编号</x:t>'
        "</x:is></x:c></x:row></x:sheetData></x:worksheet>"
    )
    assert read(tmp_path, hostile.book(sheet1=part)).sheets[0].cells == {(1, 1): RawCell("text", "编号")}


def shown(value: object) -> str:
    """A value as openpyxl's own normal mode gives it, in our words."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, datetime | date):
        return moment_text(value)
    if isinstance(value, time | timedelta):
        return duration_text(value)
    return str(value)


@pytest.mark.parametrize("seed", range(5))
def test_the_cells_are_those_that_openpyxl_itself_reads(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    source = openpyxl.Workbook()
    sheet = source.active
    assert sheet is not None
    kinds = [
        lambda: chance.randint(-(10**6), 10**17),
        lambda: chance.uniform(-1e6, 1e6),
        lambda: chance.uniform(0, 1) / 10 ** chance.randint(0, 9),
        lambda: chance.random() < 0.5,
        lambda: datetime(2020, 1, 1) + timedelta(seconds=chance.randint(0, 10**8)),  # noqa: DTZ001
        lambda: date(1990, 1, 1) + timedelta(days=chance.randint(0, 20_000)),
        lambda: time(chance.randint(0, 23), chance.randint(0, 59)),
        lambda: timedelta(hours=chance.randint(25, 99)),
        lambda: "".join(chance.choice("沈阳市 １２ab,，\n<&\"'𠮷") for _ in range(8)).strip() or "甲",
        lambda: "#N/A",
        lambda: None,
    ]
    for _ in range(40):
        sheet.append([chance.choice(kinds)() for _ in range(12)])
    path = tmp_path / "made.xlsx"
    source.save(path)
    expected = {
        (cell.row, cell.column): shown(cell.value)
        for row in openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows()
        for cell in row
        if cell.value is not None
    }
    found = read(tmp_path, path.read_bytes()).sheets[0].cells
    assert {place: cell.text for place, cell in found.items()} == expected


def test_the_reader_runs_with_defusedxml_and_without_what_it_does_not_need() -> None:
    script = (
        "import sys; from core.intake import reader; sys.argv = ['reader', '500', '20']; sys.stdin.close();"
        "reader.lean(); kind = reader._parser_class();"
        "print(sorted(m for m in ('numpy', 'PIL', 'lxml', 'pandas', 'sqlalchemy') if sys.modules.get(m)));"
        "from openpyxl.worksheet import _reader; print(_reader.iterparse.__module__)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "defusedxml.common"]


def test_the_parent_imports_no_parser_of_workbooks() -> None:
    script = (
        "import sys; import core.intake.workbooks, core.intake.folder, core.intake.feedback;"
        "print(sorted(m for m in ('openpyxl', 'xlsxwriter', 'pandas', 'lxml', 'olefile') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
