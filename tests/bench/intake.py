"""Intake of 15 workbooks of 40 rows, from sheets to findings and feedback, beside openpyxl only reading them."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from core.accounts import SYSTEM
from core.bootstrap import build
from core.services.intake import take_in
from core.services.rounds import open_round
from core.settings import Settings, sqlite_url
from tests.bench.books import YEAR, write_books
from tests.bench.figure import Figure

TIMES = 3


def measure_intake(base: Path) -> Iterator[Figure]:
    """Whole intakes and bare readings, one after the other, so that both meet the same machine."""
    paths = write_books(base / "books")
    read(paths)  # imports
    floors, whole = [], []
    for number in range(TIMES):
        start = time.perf_counter()
        read(paths)
        floors.append(time.perf_counter() - start)
        whole.append(_take_in(base / str(number), paths))
    floor, taken = statistics.median(floors), statistics.median(whole)
    yield Figure("openpyxl reads 15 workbooks of 40 rows (floor)", floor, "s")
    yield Figure("intake of the same, to findings and feedback", taken, "s", 8)
    yield Figure("intake over floor", taken / floor, "times", 6)


def read(paths: list[Path]) -> int:
    """Reads every cell with openpyxl and does nothing with it."""
    from openpyxl import load_workbook

    count = 0
    for path in paths:
        book = load_workbook(path)
        for sheet in book:
            for row in sheet.iter_rows(values_only=True):
                count += sum(value is not None for value in row)
        book.close()
    return count


def _take_in(base: Path, paths: list[Path]) -> float:
    folder = base / "folder"
    folder.mkdir(parents=True)
    for path in paths:
        shutil.copyfile(path, folder / path.name)
    app = build(Settings(base / "home", sqlite_url(base / "home")))
    round_id = open_round(app, SYSTEM, year=YEAR, reference_day=date(YEAR, 6, 30), folder=str(folder))
    start = time.perf_counter()
    done = take_in(app, SYSTEM, round_id)
    took = time.perf_counter() - start
    app.close()
    assert [each.feedback_way for each in done] == ["in_book"] * len(paths), done
    return took
