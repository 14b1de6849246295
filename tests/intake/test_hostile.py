"""Files made to exhaust a machine are refused with their sentence, quickly and in little memory.

Each is read by a process of its own which then asks the system what its reader child used: the figures are those of
real processes, and none of it is in this one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.intake import hostile

SHEET, STRINGS, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from core.intake.workbooks import read_books
start = time.perf_counter()
book = read_books([Path(sys.argv[1])])[0]
print(json.dumps({
    "seconds": time.perf_counter() - start,
    "megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    "said": str(book.problem) if book.problem else None,
    "cells": None if book.raw is None else sum(len(sheet.cells) for sheet in book.raw.sheets),
}))
"""

FAR = (
    "坏.xlsx：工作表中 {} 处有单元格，远在填报区域之外（第 100,000 行或第 1,000 列以外）。"
    "请删除多余的行和列（选中后整行、整列删除），保存后重新发送。"
)
BOMB = "坏.xlsx：文件展开后过大（超过 {} MB），不像正常填报的工作簿，已拒绝读取。请用下发的模板重新填报。"
RATIO = (
    "坏.xlsx：文件的压缩比例异常（展开后是原来的 400 倍以上），"
    "不像正常填报的工作簿，已拒绝读取。请用下发的模板重新填报。"
)
CELLS = (
    "坏.xlsx：工作簿中的单元格超过 200,000 个（包括只设了格式的空单元格）。"
    "请删除多余的空行和空列（选中后整行、整列删除），保存后重新发送。"
)
PARTS = "坏.xlsx：文件内部的部件过多（超过 5,000 个），不像正常填报的工作簿，已拒绝读取。请用下发的模板重新填报。"
ENTITIES = (
    "坏.xlsx：文件内部含有不允许的定义（DOCTYPE），不像表格软件保存的工作簿，已拒绝读取。请用下发的模板重新填报。"
)
COMPLEX = "坏.xlsx：文件的内部结构过于复杂，不像正常填报的工作簿，已拒绝读取。请用下发的模板重新填报。"
TEXT = "坏.xlsx：工作簿中的文字过多，超出填报的正常范围，已拒绝读取。请用下发的模板重新填报。"
DAMAGED = "坏.xlsx：文件已损坏，无法读取。请用 WPS 表格打开、检查内容并另存为新文件后重新发送；打不开时请重新填报。"
ENCRYPTED = "坏.xlsx：文件设有打开密码，无法读取。请在 WPS 表格“文件—文档加密—密码加密”中清除密码，保存后重新发送。"

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "far corner": (lambda: hostile.one_cell_at("XFD1048576"), FAR.format("XFD1048576")),
    "far row": (lambda: hostile.one_cell_at("A1048576"), FAR.format("A1048576")),
    "far column": (lambda: hostile.one_cell_at("ALM2"), FAR.format("ALM2")),
    "12 million styled blanks": (lambda: hostile.styled_blanks(200_000, 60), BOMB.format(100)),
    "1.2 million styled blanks": (lambda: hostile.styled_blanks(20_000, 60), CELLS),
    "1.5 GB of blanks": (lambda: hostile.blanks(1536), BOMB.format(100)),
    "31 MB of blanks, well packed": (lambda: hostile.blanks(31, level=9), RATIO),
    "sizes that lie": (lambda: hostile.lying_sizes(50), DAMAGED),
    "2 GB in the zip directory": (lambda: hostile.declared(2 * 10**9), BOMB.format(100)),
    "20,000 members": (lambda: hostile.many_members(20_000), PARTS),
    "800,000 shared strings": (lambda: hostile.many_strings(800_000), RATIO),
    "250,000 differing strings": (lambda: hostile.many_strings(250_000, differing=True), TEXT),
    "one long text shown by many cells": (lambda: hostile.repeated_string(2_000, 30_000), TEXT),
    "3 million empty rows": (lambda: hostile.empty_rows(3_000_000), COMPLEX),
    "a thousand levels": (lambda: hostile.nested(1_000), COMPLEX),
    "billion laughs, sheet": (lambda: hostile.with_doctype(SHEET, hostile.LAUGHS), ENTITIES),
    "billion laughs, strings": (lambda: hostile.with_doctype(STRINGS, hostile.LAUGHS), ENTITIES),
    "billion laughs, workbook": (lambda: hostile.with_doctype(WORKBOOK, hostile.LAUGHS), ENTITIES),
    "billion laughs, sheet, late": (lambda: hostile.with_doctype(SHEET, hostile.LAUGHS, 6_144), ENTITIES),
    "billion laughs, strings, late": (lambda: hostile.with_doctype(STRINGS, hostile.LAUGHS, 6_144), ENTITIES),
    "billion laughs, workbook, late": (lambda: hostile.with_doctype(WORKBOOK, hostile.LAUGHS, 6_144), ENTITIES),
    "billion laughs, UTF-16": (lambda: hostile.in_utf16(SHEET, hostile.LAUGHS), ENTITIES),
    "billion laughs, far-off part": (lambda: hostile.with_part("customXml/item1.xml", hostile.LAUGHS), ENTITIES),
    "external entity": (lambda: hostile.with_doctype(SHEET, hostile.EXTERNAL), ENTITIES),
    "encrypted members": (hostile.encrypted_member, ENCRYPTED),
    "damaged sheet": (lambda: hostile.flipped(SHEET), DAMAGED),
    "damaged strings": (lambda: hostile.flipped(STRINGS), DAMAGED),
    "two parts of one name": (lambda: hostile.twice(SHEET), DAMAGED),
    "sheet part that is none": (lambda: hostile.book(sheet1="<other/>"), DAMAGED),
}


def measured(path: Path) -> dict[str, object]:
    """What reading the file took and said, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_under_two_seconds_and_300_megabytes(case: str, tmp_path: Path) -> None:
    make, sentence = REFUSED[case]
    path = tmp_path / "坏.xlsx"
    path.write_bytes(make())
    found = measured(path)
    assert found["said"] == sentence
    assert found["seconds"] < 2
    assert found["megabytes"] < 300


def test_a_dimension_that_lies_neither_hurts_nor_refuses(tmp_path: Path) -> None:
    row = f'<row r="1">{hostile.text_cell("A1", "编号")}</row>'
    for number, declared in enumerate(("A1:XFD1048576", "A1", "A1:A1", "A1:ZZZ2147483648")):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(hostile.book(sheet1=hostile.sheet(row, dimension=declared)))
        found = measured(path)
        assert (found["said"], found["cells"]) == (None, 1)
        assert found["seconds"] < 2
        assert found["megabytes"] < 300


def test_ranges_over_a_whole_sheet_are_only_named(tmp_path: Path) -> None:
    whole = "A1:XFD1048576"
    tail = (
        f'<mergeCells count="1"><mergeCell ref="{whole}"/></mergeCells>'
        f'<conditionalFormatting sqref="{whole}"><cfRule type="unheard of" priority="1"/></conditionalFormatting>'
        f'<dataValidations count="1"><dataValidation type="unheard of" sqref="{whole}"/></dataValidations>'
        f'<hyperlinks><hyperlink ref="{whole}" location="x"/></hyperlinks>'
    )
    row = f'<row r="1">{hostile.text_cell("A1", "编号")}</row>'
    path = tmp_path / "范围.xlsx"
    path.write_bytes(hostile.book(sheet1=hostile.sheet(row, tail=tail)))
    found = measured(path)
    assert (found["said"], found["cells"]) == (None, 1)
    assert found["seconds"] < 2
    assert found["megabytes"] < 300


def test_the_largest_workbook_that_is_let_through_stays_within_the_cap(tmp_path: Path) -> None:
    path = tmp_path / "大.xlsx"
    path.write_bytes(hostile.filled(rows=3_300, columns=60))
    found = measured(path)
    assert (found["said"], found["cells"]) == (None, 198_000)
    assert found["megabytes"] < 300
