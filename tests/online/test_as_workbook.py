"""What was received online can be opened as a file: the same bytes each time, and every cell as it was."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from core.intake.online.answer import snapshot, taken_book
from core.intake.online.as_workbook import as_workbook
from tests.online.answers import Book, Page, Typed, answer, cells, read
from tests.online.test_answer import HOSTILE, MAIN

META = Page("_meta", {(1, 1): "城市", (1, 2): "沈阳市"}, hidden=True)
BOOK = Book("2026-沈阳市", (META, Page(MAIN, HOSTILE, hidden_rows=(3, 9), merged=((1, 1, 1, 3), (9, 2, 11, 2)))))


def made(book: Book, folder: Path) -> Path:
    """The file of a book's snapshot."""
    path = folder / "received.xlsx"
    path.write_bytes(as_workbook(snapshot(answer(book))))
    return path


def test_read_again_it_is_the_book_that_was_received(tmp_path: Path) -> None:
    received = taken_book(snapshot(answer(BOOK)))
    again = read(made(BOOK, tmp_path), BOOK.title)
    assert cells(again.sheets[1]) == cells(received.sheets[1])
    assert again == received


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    data = snapshot(answer(BOOK))
    assert as_workbook(data) == as_workbook(data)
    with zipfile.ZipFile(io.BytesIO(as_workbook(data))) as archive:
        assert archive.read("docProps/core.xml").decode().count("2000-01-01T00:00:00Z") == 2


def test_days_that_a_file_counts_otherwise_are_shown_as_they_were(tmp_path: Path) -> None:
    days = {(row, 1): date(1900, month, day) for row, (month, day) in enumerate(((1, 1), (2, 27), (2, 28), (3, 1)), 1)}
    book = Book("表", (Page(MAIN, {**days, (5, 1): date(1899, 12, 31)}),))
    path = made(book, tmp_path)
    with zipfile.ZipFile(path) as archive:  # 60 would be shown as 1900-02-29
        assert re.findall("<v>([0-9]+)</v>", archive.read("xl/worksheets/sheet1.xml").decode())[:4] == [
            "1",
            "58",
            "59",
            "61",
        ]
    assert cells(read(path, "表").sheets[0]) == {
        (1, 1): ("date", "1900-01-01 00:00:00", False),
        (2, 1): ("date", "1900-02-27 00:00:00", False),
        (3, 1): ("date", "1900-02-28 00:00:00", False),
        (4, 1): ("date", "1900-03-01 00:00:00", False),
        (5, 1): ("text", "1899-12-31 00:00:00", False),
    }


def test_a_formula_that_not_every_program_understands_is_a_result_with_a_note(tmp_path: Path) -> None:
    content = {
        (1, 1): Typed(5, formula="=SUM(B2:B)"),
        (2, 1): Typed("甲", formula='=QUERY(A1:B2,"select A")'),
        (3, 1): Typed(7, formula="=SUM($B$2:B3)*2%"),
        (4, 1): Typed(8, formula="='别的'!A1"),
        (5, 1): Typed(9, formula='=IF(A1>=1,"甲(乙"&"丙",ROUND(A2,1))'),
        (6, 1): Typed(None, formula="=IMPORTRANGE(A1)"),
        (7, 1): Typed(10, formula="=" + "1" * 400 + "x"),
    }
    path = made(Book("表", (Page(MAIN, content),)), tmp_path)
    page = openpyxl.load_workbook(path)[MAIN]
    shown = [(cell.value, cell.comment.text if cell.comment else None) for (cell,) in page["A1:A7"]]
    assert shown == [
        (5, "公式：=SUM(B2:B)"),
        ("甲", '公式：=QUERY(A1:B2,"select A")'),
        ("=SUM($B$2:B3)*2%", None),
        (8, "公式：='别的'!A1"),
        ('=IF(A1>=1,"甲(乙"&"丙",ROUND(A2,1))', None),
        ("=IMPORTRANGE(A1)", "公式：=IMPORTRANGE(A1)"),
        (10, "公式：=" + "1" * 400 + "x"),
    ]
    assert page["A6"].data_type == "s"
    stored = [cell.value for (cell,) in openpyxl.load_workbook(path, data_only=True)[MAIN]["A1:A5"]]
    assert stored == [5, "甲", 7, 8, 9]


def test_nothing_is_calculated_anew_on_opening(tmp_path: Path) -> None:
    path = made(Book("表", (Page(MAIN, {(1, 1): Typed(5, formula="=1+1")}),)), tmp_path)
    with zipfile.ZipFile(path) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    assert 'calcMode="manual"' in workbook
    assert "fullCalcOnLoad" not in workbook


def test_texts_never_become_formulas_or_links(tmp_path: Path) -> None:
    texts = ["=1+1", "@SUM(A1)", "+1", "http://example.com", "{=1}", "'1", "_x000D_", "<b>&amp;"]
    path = made(Book("表", (Page(MAIN, dict(zip(((n, 1) for n in range(1, 9)), texts, strict=True))),)), tmp_path)
    found = read(path, "表").sheets[0]
    assert [found.cells[row, 1].text for row in range(1, 9)] == texts
    assert {cell.kind for cell in found.cells.values()} == {"text"}
    assert not any(cell.formula for cell in found.cells.values())


def test_names_and_lengths_that_a_file_does_not_take(tmp_path: Path) -> None:
    titles = ["甲/乙:[丙]", "甲_乙__丙_", "长" * 60, "长" * 50, "'", "Sheet", "SHEET"]
    pages = tuple(Page(title, {(1, 1): "字" * 40_000}) for title in titles)
    found = read(made(Book("表", pages), tmp_path), "表")
    assert [sheet.name for sheet in found.sheets] == [
        "甲_乙__丙_",
        "甲_乙__丙__2",
        "长" * 31,
        "长" * 29 + "_2",
        "_",
        "Sheet",
        "SHEET_2",
    ]
    assert found.sheets[0].cells[1, 1].text == "字" * 32_766 + "…"


def test_a_book_without_sheets_can_be_opened() -> None:
    assert openpyxl.load_workbook(io.BytesIO(as_workbook(snapshot(answer(Book("表"))))))


@pytest.mark.libreoffice
def test_libreoffice_shows_what_was_received(tmp_path: Path) -> None:
    path = made(Book("表", (Page(MAIN, {(1, 1): Typed(5, formula="=1+1"), (2, 1): date(2026, 3, 1)}),)), tmp_path)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None, "LibreOffice is needed for this test"
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "out"
    command = [program, profile, "--headless", "--convert-to", "csv", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (out / "received.csv").read_text().split() == ["5", "2026-03-01"]
