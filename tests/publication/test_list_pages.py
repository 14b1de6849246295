"""Lists as they are printed, as their XML names fonts, and byte for byte in another environment."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from core.publication.lists import KINDS
from tests.pages import printed
from tests.publication.listing import FORMATS, LONG, listed

ROOT = Path(__file__).parents[2]
ALLOWED = {"方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"}
CJK = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\U00020000-\U0002ffff]")


# ---------------------------------------------------------------- the same bytes


def sums(**environment: str) -> list[str]:
    """What a fresh process makes of every kind in every form."""
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.publication.listing"],
        check=True, capture_output=True, text=True, cwd=environment.pop("cwd"), env=known | environment,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_another_language_time_and_place_give_the_same_bytes(tmp_path: Path) -> None:
    here = sums(LC_ALL="C", TZ="Asia/Shanghai", PYTHONHASHSEED="1", cwd=str(ROOT))
    there = sums(
        LC_ALL="C.UTF-8", LANG="de_DE.UTF-8", TZ="America/Los_Angeles", PYTHONHASHSEED="4242", cwd=str(tmp_path),
        HOME=str(tmp_path), PYTHONUTF8="1",
    )  # fmt: skip
    assert len(here) == len(KINDS) * len(FORMATS)
    assert here == there


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_no_time_of_making_is_in_a_file(suffix: str) -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS[suffix](listed("recognized")))) as archive:
        times = {each.date_time for each in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()
    assert len(times) == 1
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[^<]*", core)) == {"2000-01-01T00:00:00Z"}


# ---------------------------------------------------------------- fonts, page, table


@pytest.mark.parametrize("kind", KINDS)
def test_every_run_with_chinese_has_its_own_east_asian_font(kind: str) -> None:
    document = docx.Document(io.BytesIO(FORMATS["docx"](listed(kind))))
    roots = [document.element, *(section.footer._element for section in document.sections)]
    runs = [run for root in roots for run in root.iter(qn("w:r"))]
    texts = ["".join(each.text or "" for each in run.iter(qn("w:t"))) for run in runs]
    told = [
        run.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") for run, text in zip(runs, texts, strict=True) if CJK.search(text)
    ]
    assert len(told) > 50
    assert {None if each is None else each.get(qn("w:eastAsia")) for each in told} <= ALLOWED


@pytest.mark.parametrize("kind", ["recognized", "renamed"])
def test_the_page_and_the_table_are_as_they_should_be(kind: str) -> None:
    document = docx.Document(io.BytesIO(FORMATS["docx"](listed(kind))))
    page = document.sections[0]
    sides = [getattr(page, f"{side}_margin").mm for side in ("top", "bottom", "left", "right")]
    size = [page.page_width.mm, page.page_height.mm]  # type: ignore[union-attr]
    wanted = ([210, 297], [37, 35, 28, 26]) if kind == "recognized" else ([297, 210], [28, 26, 37, 35])
    assert (size, sides) == (pytest.approx(wanted[0], abs=0.1), pytest.approx(wanted[1], abs=0.1))
    [table] = document.tables
    width = sum(column.width.mm for column in table.columns if column.width is not None)
    assert width == pytest.approx(size[0] - sides[2] - sides[3], abs=0.2)
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]  # type: ignore[union-attr]
    whole = [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows]  # type: ignore[union-attr]
    assert heads == [True] + [False] * (len(heads) - 1)
    assert all(whole)
    merged = ("w:gridSpan", "w:vMerge")
    assert [each for tag in merged for each in table._tbl.iter(qn(tag))] == []


@pytest.mark.parametrize("kind", ["recognized", "renamed"])
def test_the_sheet_is_ready_to_be_printed(kind: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](listed(kind))))["名单"]
    assert (sheet.page_setup.paperSize, sheet.print_title_rows, sheet.freeze_panes) == (9, "$2:$2", "A3")
    assert sheet.page_setup.orientation == ("portrait" if kind == "recognized" else "landscape")
    # as wide as one page, as long as it takes
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.oddFooter.center.text == "— &P —"
    assert sheet.column_dimensions["C"].width < 50
    name = 2 if kind == "recognized" else 3
    lines = [row[name].value.count("\n") for row in sheet.iter_rows(min_row=3, max_row=sheet.max_row - 1)]
    two = lines.index(1) + 3
    assert sheet.row_dimensions[two].height == pytest.approx(37, abs=0.5)
    assert {cell.font.name for row in sheet.iter_rows() for cell in row if cell.value} == {
        "方正小标宋简体",
        "黑体",
        "仿宋",
    }


# ---------------------------------------------------------------- printed


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["recognized", "renamed"])
@pytest.mark.parametrize("suffix", ["docx", "xlsx"])
def test_long_names_are_broken_and_not_cut_on_page_after_page(kind: str, suffix: str, tmp_path: Path) -> None:
    names = tuple(f"{LONG[: at % len(LONG) + 1]}{at:03}" for at in range(120))
    made = listed(kind, names)
    pages = ["".join(page.split()) for page in printed(tmp_path, f"名单.{suffix}", FORMATS[suffix](made))]
    assert len(pages) > 3
    title = made.title.replace("（", "(").replace("）", ")")
    assert pages[0].replace("（", "(").replace("）", ")").startswith(title)
    for number, page in enumerate(pages, start=1):
        assert "".join(made.header[:2]) in page
        assert page.endswith(f"—{number}—")
    assert made.note in pages[-1]
    # the marks of the names' ends are on the paper; a cut line would have lost them
    ends = [name[-3:] for name in names]
    assert [end for end in ends if not any(end in page for page in pages)] == []
