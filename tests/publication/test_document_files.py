"""Official documents as files: whole, in their fonts, on the page of GB/T 9704-2012; pages made by LibreOffice."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.publication.documents.kinds import Kind, words
from core.publication.documents.sample import told
from core.publication.documents.template import template
from core.publication.documents.wording import bracketed, broken, lead
from core.settings import PROJECT
from tests.pages import printed
from tests.publication.hostile import NAMES
from tests.publication.made import BODY, TITLE, facts, made

KINDS = list(words().kinds.values())
CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff]")
FONTS = {"方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"}
BRACES = ("{{ 标题 }}", "{_{ 甲 }_}", "{% if %}", "{{x}}{%p endfor %}", "a{#b#}")
SECONDS = 20
LONG = tuple(f"虚构市{'很长的' * 8}第{number}号平台" for number in range(1, 41))


def opened(data: bytes) -> Any:
    return docx.Document(io.BytesIO(data))


def cells(data: bytes) -> list[list[str]]:
    """The rows of the annex below its header."""
    [table] = opened(data).tables
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_is_filled_in_comes_out_whole(kind: Kind) -> None:
    names = (*NAMES, *BRACES, "A&B <c>", "&amp;{{ 7*7 }}")
    given = facts(kind, names)
    data = made(kind, names)
    assert cells(data) == [list(row) for row in given.rows]
    assert "49" not in told(data)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_run_with_chinese_names_its_east_asian_font(kind: Kind) -> None:
    for data in (made(kind), template(kind)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [one for one in archive.namelist() if re.match(r"word/(document|header|footer)\d*\.xml", one)]
        document = opened(data)
        roots = [document.element, *(each.element for each in document.part.package.parts if "footer" in each.partname)]
        assert len(roots) == len(parts) == 3
        runs = [run for root in roots for run in root.iter(qn("w:r"))]
        texts = {run: "".join(text.text or "" for text in run.iter(qn("w:t"))) for run in runs}
        found = [run.rPr.rFonts.get(qn("w:eastAsia")) for run, text in texts.items() if CJK.search(text)]
        assert len(found) > 10
        assert set(found) <= FONTS


def test_the_page_is_that_of_the_standard() -> None:
    document = opened(made(words().kinds["creation_objects"]))
    section = document.sections[0]
    sizes = [section.page_width, section.page_height, section.top_margin, section.left_margin]
    sizes += [section.right_margin, section.bottom_margin]
    assert [round((each or 0) / Mm(1)) for each in sizes] == [210, 297, 37, 28, 26, 35]
    held = {each.text: each for each in document.paragraphs if each.text}
    [title] = [each for text, each in held.items() if text.startswith("关于公布")]
    [body] = [each for text, each in held.items() if "现予公布" in text]
    heading, annex = held["一、扎实推进创建"], held["附件"]
    look = {name: (each.runs[0].font.name, each.runs[0].font.size) for name, each in (
        ("title", title), ("body", body), ("heading", heading), ("annex", annex))}  # fmt: skip
    assert look == {
        "title": ("方正小标宋简体", Pt(22)), "body": ("仿宋_GB2312", Pt(16)),
        "heading": ("黑体", Pt(16)), "annex": ("黑体", Pt(16)),
    }  # fmt: skip
    assert body.paragraph_format.line_spacing == Pt(28.95)
    assert body._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert (annex.paragraph_format.page_break_before, held["2026年6月1日"]._p.pPr.ind.get(qn("w:rightChars"))) == (
        True, "400",
    )  # fmt: skip
    assert document.settings.odd_and_even_pages_header_footer is True
    sides = [str(each.paragraphs[0].alignment) for each in (section.footer, section.even_page_footer)]
    assert sides == ["RIGHT (2)", "LEFT (0)"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_annex_is_one_table_that_goes_over_pages_well(kind: Kind) -> None:
    [table] = opened(made(kind)).tables
    head, *rows = [row._tr for row in table.rows]
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in (head, *rows))
    merged = [tag for tag in ("w:gridSpan", "w:vMerge") if next(table._tbl.iter(qn(tag)), None) is not None]
    assert merged == []
    assert sum(column.width or 0 for column in table.columns) == pytest.approx(Mm(156), abs=Mm(1))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_pages(kind: Kind, tmp_path: Path) -> None:
    found = [page.replace(" ", "") for page in printed(tmp_path, f"{kind.code}.docx", made(kind, LONG))]
    begin = next(number for number, page in enumerate(found) if page.lstrip("\n").startswith("附件"))
    front, annex = "".join(found[:begin]), found[begin:]
    assert "辽宁省工业和信息化厅" in front
    assert "虚构工信〔2026〕9号" in found[0]
    assert "注：按行政区划排列，排名不分先后。" in annex[-1] or not kind.note
    rows = [page for page in annex if "很长的" in page]
    assert len(rows) > 1
    assert [page for page in rows if "序号" not in page] == []
    assert [number for number, page in enumerate(found, start=1) if f"—{number}—" not in page] == []


def test_a_notice_is_read_as_it_was_registered(tmp_path: Path) -> None:
    kind = words().kinds["notice_creation"]
    found = printed(tmp_path, "notice.docx", made(kind, ("虚构甲平台", "虚构乙平台")))
    first, annex = (re.sub(r"\s", "", page) for page in found)
    assert f"{BODY * 6}联系电话：024-00000000附件：{TITLE}辽宁省工业和信息化厅2026年6月1日" in first
    assert annex.startswith(f"附件{TITLE}序号地区平台（基地）名称类型运营主体1平台虚构甲平台平台虚构甲平台2")
    assert "注：按行政区划排列，排名不分先后。—2—" in annex


def test_the_same_facts_give_the_same_bytes_anywhere() -> None:
    def there(**environment: str) -> str:
        command = [sys.executable, "-m", "tests.publication.made"]
        settings = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
        done = subprocess.run(
            command, env=settings | environment, cwd=PROJECT, check=True, capture_output=True, text=True, timeout=120
        )
        return done.stdout

    west = there(TZ="America/Anchorage", LC_ALL="C", PYTHONHASHSEED="7")
    east = there(TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8", PYTHONHASHSEED="4242")
    assert west == east
    assert len(west.split()) == len(KINDS)


def test_ten_thousand_rows_are_written_in_seconds() -> None:
    names = tuple(f"虚构第{number}平台" for number in range(10_000))
    begun = time.perf_counter()
    data = made(words().kinds["recognized"], names)
    assert time.perf_counter() - begun < SECONDS
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert len(re.findall(rb"<w:tr[ >]", archive.read("word/document.xml"))) == 10_001


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("虚构工信[2026]9号", "虚构工信〔2026〕9号"),
        ("虚构工信（2026）9号", "虚构工信〔2026〕9号"),
        ("虚构工信(2026)第009号", "虚构工信〔2026〕9号"),
        ("虚构工信【２０２６】９号", "虚构工信〔2026〕9号"),
        ("虚构工信［2026］ 10 号", "虚构工信〔2026〕10号"),
        ("虚构工信〔2026〕100号", "虚构工信〔2026〕100号"),
        ("  2026年第5号 ", "2026年第5号"),
        ("虚构（试行）〔2026〕1号", "虚构（试行）〔2026〕1号"),
        ("", ""),
    ],
)
def test_the_year_of_a_number_stands_in_six_corner_brackets(typed: str, written: str) -> None:
    assert bracketed(typed) == written


def test_the_lead_names_three() -> None:
    assert [lead(names) for names in (["甲"], ["甲", "乙"], ["甲", "乙", "丙"], ["甲", "乙", "丙", "丁"])] == [
        "甲", "甲、乙等2家", "甲、乙、丙等3家", "甲、乙、丙等4家",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.title], ids=lambda kind: kind.code)
def test_titles_break_before_words_and_lose_nothing(kind: Kind) -> None:
    title = kind.title.format(年度=2026)
    told = broken(title, words().breaks).split("\n")
    assert "".join(told) == title
    assert all(len(line) <= 22 for line in told)
    assert all(line.startswith(words().breaks) for line in told[1:])
