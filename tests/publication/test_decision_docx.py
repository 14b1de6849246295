"""A dossier as a file: read back it is what was meant, whole and in its fonts; LibreOffice makes pages of it."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph

from core.publication.decision_docx import as_docx
from core.publication.dossier import Dossier, Line, Section, Table, heading, labelled, note
from tests.publication.hostile import NAMES

WARNING = "内部资料：载有评审情况，不得公开"
HOSTILE = (*NAMES, "制\t表", "虚\x00构\x0b", "\ufffe\ud800", "\r\n回车\r", "<w:t>&lt;", "")
DOSSIER = Dossier(
    WARNING,
    "申报办理卷",
    "2026年度　沈阳市　虚构市𠮷田平台（=PT-001）",
    (
        Section(
            "一、申报基本情况",
            (
                labelled(("名称", "=1+1"), ("运营主体", "a & b <c>")),
                heading("核定经过"),
                Line("没有核定过数值。"),
                note("联系人、联系电话不列入本卷。"),
            ),
        ),
        Section(
            "二、填报数据",
            (Table(("数据", "值"), tuple((f"第 {at} 行", text) for at, text in enumerate(HOSTILE)), (30, 126), (1,)),),
        ),
    ),
)


def read_back(data: bytes) -> list[str | list[list[str]]]:
    """The paragraphs that hold something and the tables of a file, in their order."""
    document = docx.Document(io.BytesIO(data))
    found: list[str | list[list[str]]] = []
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            table = DocxTable(element, document)
            found.append([[cell.text for cell in row.cells] for row in table.rows])
        elif element.tag == qn("w:p") and (text := Paragraph(element, document).text):
            found.append(text)
    return found


def kept(text: str) -> str:
    """A text without what XML cannot hold; line ends are one sign."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)


def test_what_is_read_back_is_what_was_meant() -> None:
    rows = DOSSIER.sections[1].blocks[0]
    assert isinstance(rows, Table)
    assert read_back(as_docx(DOSSIER)) == [
        WARNING,
        "申报办理卷",
        "2026年度　沈阳市　虚构市𠮷田平台（=PT-001）",
        "一、申报基本情况",
        [["名称", "=1+1"], ["运营主体", "a & b <c>"]],
        "核定经过",
        "没有核定过数值。",
        "联系人、联系电话不列入本卷。",
        "二、填报数据",
        [["数据", "值"], *([kept(cell) for cell in row] for row in rows.rows)],
    ]


def test_every_run_has_its_font_and_no_row_is_divided() -> None:
    with zipfile.ZipFile(io.BytesIO(as_docx(DOSSIER))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
        times = {member.date_time for member in archive.infolist()}
    assert times == {(2000, 1, 1, 0, 0, 0)}
    text, header = parts["word/document.xml"], next(parts[name] for name in parts if "/header" in name)
    for part in (text, header):
        runs = re.findall(r"<w:r>.*?</w:r>", part)
        assert len(runs) > 4
        assert [run for run in runs if not re.search(r'<w:rFonts [^>]*w:eastAsia="[^"]+"', run)] == []
    rows = re.findall(r"<w:tr>.*?</w:tr>", text)
    assert [row for row in rows if "<w:cantSplit/>" not in row] == []
    assert [row for row in rows if "<w:tblHeader/>" in row] == [row for row in rows if ">数据<" in row]
    assert re.findall(r'w:instr="([A-Z]+)"', header) == ["PAGE", "NUMPAGES"]
    assert WARNING in header
    assert "HYPERLINK " not in text.replace("=HYPERLINK(", "")


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert as_docx(DOSSIER) == as_docx(DOSSIER)
    other = Dossier(DOSSIER.warning, DOSSIER.title, DOSSIER.subject, DOSSIER.sections[:1])
    assert as_docx(other) != as_docx(DOSSIER)


def test_tables_fill_the_width_of_the_page() -> None:
    document = docx.Document(io.BytesIO(as_docx(DOSSIER)))
    page = document.sections[0]
    assert [round(side.mm) for side in (page.page_width, page.page_height) if side is not None] == [210, 297]
    for table in document.tables:
        width = sum(column.width.mm for column in table.columns if column.width is not None)
        assert width == pytest.approx(156, abs=0.1)


@pytest.mark.libreoffice
def test_libreoffice_makes_pages_of_it(tmp_path: Path) -> None:
    long = Table(("评语", "甲"), (("长" * 3000 + "末尾", "乙"),), (60, 96))
    made = Dossier(DOSSIER.warning, DOSSIER.title, DOSSIER.subject, (*DOSSIER.sections, Section("三、评语", (long,))))
    file = tmp_path / "卷.docx"
    file.write_bytes(as_docx(made))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    text = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "卷.pdf"), "-"], check=True, capture_output=True
    ).stdout.decode()
    pages = text.rstrip("\f").split("\f")
    assert "申报办理卷" in pages[0].replace(" ", "")
    assert "虚构市𠮷田平台" in pages[0].replace(" ", "")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        head = page.strip().splitlines()[0].replace(" ", "")
        assert head == f"{WARNING}　　申报办理卷　　第{number}页，共{len(pages)}页".replace("　", "")
    # a row higher than a page is not cut off
    assert "末尾" in re.sub(r"\s", "", text)
