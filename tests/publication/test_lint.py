"""The lint that stands before every file that leaves (第八条): what it finds (tests/cases/lint)."""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import xlsxwriter

from core.errors import Refused
from core.publication.docx import as_docx
from core.publication.lint import Problem, check_file, check_rows, check_text, refuse
from core.publication.lists import KINDS, ListedObject, PublicList, as_csv
from core.publication.xlsx import as_xlsx
from tests.publication.hostile import NAMES

CASES = Path(__file__).parents[1] / "cases" / "lint"
HEADER = ("序号", "地区", "平台（基地）名称", "类型", "运营主体")


def cases(name: str) -> list[Any]:
    made = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))["case"]
    return [pytest.param(case, id=case.get("name", str(at))) for at, case in enumerate(made)]


def found(problems: list[Problem]) -> list[str]:
    """`code where`; of an order, how far it follows scores."""
    exact = {True: "exact", False: "like"}
    return [f"{each.code} {exact['就是' in each.what] if each.code == 'order' else each.where}" for each in problems]


@pytest.mark.parametrize("case", cases("rows"))
def test_a_table(case: dict[str, Any]) -> None:
    problems = check_rows(case["header"], case["rows"], scores=case.get("scores"), opens=case.get("opens", False))
    assert found(problems) == case["problems"]


@pytest.mark.parametrize("case", cases("texts"))
def test_a_text(case: dict[str, Any]) -> None:
    assert found(check_text(case["text"], case.get("allowed", ()))) == case["problems"]


# ---------------------------------------------------------------- what it says


def test_a_problem_is_a_whole_sentence_that_says_where_and_what_to_do() -> None:
    rows = [["1", "虚构甲平台", "电话13800000000"], ["2", "=1", "85分"]]
    problems = check_rows(["名次", "名称", "备注"], rows, where="文件“a.csv”", first=5, opens=True)
    assert [str(each) for each in problems] == [
        "文件“a.csv”“名次”列写的是得分或名次，对外不列（第八条），请去掉这一列。",
        "文件“a.csv”第6行“名称”列以“=”开头，表格软件会当作公式，请在前面加一个撇号。",
        "文件“a.csv”第5行“备注”列有电话号码“13800000000”，不能对外公开，请去掉。",
        "文件“a.csv”第6行“备注”列写着“85分”，像得分或名次，对外不写（第八条），请改写。",
    ]


def test_everything_wrong_is_refused_at_once_and_nothing_wrong_is_not() -> None:
    refuse([])
    problems = check_text("得分高\n13800000000")
    with pytest.raises(Refused) as caught:
        refuse(problems)
    assert str(caught.value) == f"没有发出，有不能对外公开的内容：{problems[0]}{problems[1]}"
    with pytest.raises(Refused) as caught:
        refuse(check_text("得分高\n" * 25))
    assert str(caught.value).count("得分") == 20 * 2
    assert str(caught.value).endswith("另外还有 5 处。")


# ---------------------------------------------------------------- finished files


def listed(kind: str = "recognized") -> PublicList:
    told = {"renamed": ("原名称", "原主体"), "review_results": ("复核通过",)}.get(kind, ())
    return PublicList(kind, 2026, tuple(ListedObject("210100", "沈阳市", name, "base", name, told) for name in NAMES))


@pytest.mark.parametrize("kind", KINDS)
def test_our_own_lists_pass_whatever_they_name(kind: str) -> None:
    made = {"a.xlsx": as_xlsx(listed(kind)), "a.docx": as_docx(listed(kind)), "a.csv": as_csv(listed(kind))}
    assert [each for name, data in made.items() for each in check_file(name, data)] == []


def workbook(write: Callable[[Any, Any], object]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("名单")
    sheet.merge_range(0, 0, 0, 4, "")
    sheet.write_string(0, 0, "2026年度名单")
    for row, cells in enumerate([HEADER, ("1", "沈阳市", "虚构甲平台", "平台", "甲")], start=1):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text)
    write(book, sheet)
    book.close()
    return made.getvalue()


WORKBOOKS: dict[str, tuple[Callable[[Any, Any], object], list[str]]] = {
    "good": (lambda _, sheet: sheet.write_string(3, 0, "注：排名不分先后。"), []),
    "formula": (
        lambda _, sheet: sheet.write_formula(2, 5, "=1+1"),
        ["文件“a.xlsx”工作表“名单”F3单元格是公式，请改成文字或数。"],
    ),
    "number": (
        lambda _, sheet: sheet.write_number(2, 5, 13800000000),
        ["文件“a.xlsx”工作表“名单”第3行第6列有电话号码“13800000000”，不能对外公开，请去掉。"],
    ),
    "title": (
        lambda _, sheet: sheet.write_string(0, 0, "按得分排列"),
        ["文件“a.xlsx”工作表“名单”第1行写着“得分”，像得分或名次，对外不写（第八条），请改写。"],
    ),
    "hidden": (
        lambda book, _: book.add_worksheet("底稿").write_row(0, 0, ["名称", "总分"]) or book.worksheets()[1].hide(),
        ["文件“a.xlsx”工作表“底稿”“总分”列写的是得分或名次，对外不列（第八条），请去掉这一列。"],
    ),
    "comment": (
        lambda _, sheet: sheet.write_comment("C3", "专家评了85分"),
        ["文件“a.xlsx”“xl/comments1.xml”写着“85分”，像得分或名次，对外不写（第八条），请改写。"],
    ),
    "author": (
        lambda book, _: book.set_properties({"author": "甲某 13800000000"}),
        ["文件“a.xlsx”“docProps/core.xml”有电话号码“13800000000”，不能对外公开，请去掉。"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_to_its_last_part(name: str) -> None:
    write, told = WORKBOOKS[name]
    said = [re.sub(r"xml”第\d行", "xml”", str(each)) for each in check_file("a.xlsx", workbook(write))]
    assert list(dict.fromkeys(said)) == told


def document(change: Callable[[Any], object]) -> bytes:
    made = docx.Document()
    made.add_paragraph("关于虚构名单的公示")
    table = made.add_table(2, 3)
    for cell, text in zip(table._cells, ("序号", "名称", "备注", "1", "虚构甲平台", ""), strict=True):
        cell.text = text
    change(made)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


DOCUMENTS: dict[str, tuple[Callable[[Any], object], list[str]]] = {
    "good": (lambda made: made.add_paragraph("联系电话：024-86890000"), []),
    "text": (
        lambda made: made.add_paragraph("综合得分"),
        ["文件“a.docx”第8段写着“得分”，像得分或名次，对外不写（第八条），请改写。"],
    ),
    "cell": (
        lambda made: setattr(made.tables[0].cell(1, 2), "text", "138\n00000000"),
        ["文件“a.docx”表格第1行“备注”列有电话号码“138 00000000”，不能对外公开，请去掉。"],
    ),
    "footer": (
        lambda made: setattr(made.sections[0].footer.paragraphs[0], "text", "内部：前3名"),
        ["文件“a.docx”“word/footer1.xml”写着“前3名”，像得分或名次，对外不写（第八条），请改写。"],
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_to_its_last_part(name: str) -> None:
    change, told = DOCUMENTS[name]
    assert [str(each) for each in check_file("a.docx", document(change), allowed=["024-86890000"])] == told


def test_a_field_that_fetches_something_is_found() -> None:
    data = as_docx(listed())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    footer = next(name for name in members if name.startswith("word/footer"))
    assert b'w:instr="PAGE"' in members[footer]
    members[footer] = members[footer].replace(b'w:instr="PAGE"', b'w:instr="INCLUDETEXT c:\\a.txt"')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert [str(each) for each in check_file("a.docx", made.getvalue())] == [
        f"文件“a.docx”“{footer}”有会自动更新的域“INCLUDETEXT”，打开时可能取来别的内容，请改成文字。"
    ]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "序号,名称\r\n1,=1+1\r\n", ["formula 文件“a.csv”第2行“名称”列"]),
        ("a.csv", "序号,名称,得分\r\n1,甲,90\r\n", ["score_column 文件“a.csv”“得分”列"]),
        ("a.csv", "\ufeff说明：第3名\r\n序号,名称\r\n1,甲\r\n", ["score 文件“a.csv”第1行第1列"]),
        (
            "a.json",
            json.dumps({"对象": [{"名称": "甲", "得分": 1}]}),
            ["score_column 文件“a.json”“得分”列", "score 文件“a.json”第5行"],
        ),
        ("a.json", json.dumps({"a": {"b": ["13800000000"]}}), ["phone 文件“a.json”第4行"]),
        ("a.html", "<!-- 85分 --><p title='第2名'>好</p>", ["score 文件“a.html”第1行", "score 文件“a.html”第2行"]),
        ("a.txt", "名单\n024-80000000", ["phone 文件“a.txt”第2行"]),
        ("a.pdf", "%PDF", ["unreadable 文件“a.pdf”"]),
        ("a.json", "{", ["unreadable 文件“a.json”"]),
        ("a.xlsx", "PK\x03\x04", ["unreadable 文件“a.xlsx”"]),
    ],
)  # fmt: skip
def test_other_files(name: str, text: str, told: list[str]) -> None:
    assert found(check_file(name, text.encode())) == told


def test_files_in_an_archive_are_looked_through_too() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("一/a.xlsx", workbook(WORKBOOKS["formula"][0]))
        archive.writestr("b.txt", "第一名")
    assert [str(each) for each in check_file("c.zip", made.getvalue())] == [
        "文件“c.zip/一/a.xlsx”工作表“名单”F3单元格是公式，请改成文字或数。",
        "文件“c.zip/b.txt”写着“第一名”，像得分或名次，对外不写（第八条），请改写。",
    ]


@pytest.mark.parametrize("suffix", ["xlsx", "docx", "csv"])
def test_an_order_of_scores_is_found_in_a_finished_file(suffix: str) -> None:
    names = ("丙", "甲", "乙", "丁")
    made = PublicList("recognized", 2026, tuple(ListedObject("", "沈阳市", name, "base", "某") for name in names))
    data = {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}[suffix](made)
    best = {name: 90 - at for at, name in enumerate(names)}
    assert [each.code for each in check_file(f"a.{suffix}", data, scores=best)] == ["order"]
    assert check_file(f"a.{suffix}", data, scores=best | {"甲": 99, "丁": 95}) == []


def test_what_openpyxl_takes_for_a_formula_is_one() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["序号", "名称"])
    sheet.append(["1", "=HYPERLINK(1)"])
    made = io.BytesIO()
    book.save(made)
    assert [each.code for each in check_file("a.xlsx", made.getvalue())] == ["formula"]
