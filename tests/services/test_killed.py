"""`shifan intake` killed (SIGKILL) at moments spread over its whole run: each workbook is wholly in or wholly out, no
city's file is damaged, and a second run completes."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import os
import random
import shutil
import sqlite3
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.standards.recommenders import recommenders
from tests.books import applicant, filled

MOMENTS = 50
AT_ONCE = 2
SEED = 20260630
WRONG = {"平台指标": {"专家数（人）": "约50"}}  # one error a workbook, so that each gets feedback
FEEDBACK = "审核反馈"
PACKAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def command(home: str, folder: str) -> None:
    """`shifan intake FOLDER --round 2026` in a process of its own; ends with its exit code."""
    from core.cli import main

    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.environ["SHIFAN_HOME"] = home
    os._exit(main(["intake", folder, "--round", "2026"]))


@dataclass(frozen=True)
class Sent:
    """What the cities sent: bytes by file name, and the processes that work on copies of it."""

    books: dict[str, bytes]
    processes: ForkServerContext

    def run(self, base: Path, moment: float | None = None) -> int | None:
        """Runs the command on `base`, killed after `moment` seconds (None: not at all). Gives its exit code."""
        arguments = (str(base / "home"), str(base / "folder"))
        process = self.processes.Process(target=command, args=arguments)
        process.start()
        process.join(moment)
        process.kill()  # does nothing to a process that has ended
        process.join()
        return process.exitcode

    def put(self, base: Path) -> None:
        """A folder as the cities left it, and no store yet."""
        (base / "folder").mkdir(parents=True)
        for name, data in self.books.items():
            (base / "folder" / name).write_bytes(data)


@pytest.fixture(scope="module")
def sent() -> Sent:
    """15 workbooks of two applicants each, and a server that starts commands with everything imported."""
    books = {
        f"2026-{each.name}.xlsx": _short(
            filled(
                each.name,
                applicant("platform", "PT-001", f"虚构{each.code}号平台", WRONG),
                applicant("base", "JD-001", f"虚构{each.code}号基地"),
            )
        )
        for each in recommenders()
    }
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["core.cli", "core.services.command", "sheets_schema.parse", "alembic.command"])
    return Sent(books, processes)


def _short(data: bytes) -> bytes:
    """Without the empty rows that the template holds ready: they only make reading slow."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book:
        if sheet.title not in ("填报说明", "_字典", "_meta"):
            sheet.delete_rows(5, sheet.max_row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_killed_at_any_moment_each_workbook_is_wholly_in_or_out(sent: Sent, tmp_path: Path) -> None:
    sent.put(tmp_path / "whole")
    started = time.monotonic()
    assert sent.run(tmp_path / "whole") == 1  # done, with errors in the data
    lasts = time.monotonic() - started
    assert _taken(tmp_path / "whole", sent) == set(sent.books)

    chance = random.Random(SEED)
    moments = [lasts * (number + chance.random()) / MOMENTS for number in range(MOMENTS)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        found = list(threads.map(lambda at: _killed(sent, tmp_path / f"{at:.4f}", at), moments))
    counts = [count for count, _ in found]
    # the moments did fall on work: before the first workbook, between two, and near the end
    assert (min(counts), max(counts) > 10, len(set(counts)) > 5) == (0, True, True)
    assert [code for _, code in found] == [1] * MOMENTS


def _killed(sent: Sent, base: Path, moment: float) -> tuple[int, int | None]:
    """Kills one run and lets a second one end: how many workbooks were in between, and the second's exit code."""
    sent.put(base)
    sent.run(base, moment)
    before = _taken(base, sent)
    _undamaged(base, sent)
    code = sent.run(base)
    assert _taken(base, sent) == set(sent.books)
    assert _answered(base) == set(sent.books)
    _undamaged(base, sent, answered=True)
    shutil.rmtree(base)
    return len(before), code


def _ask(base: Path, question: str) -> list[tuple[object, ...]]:
    store = base / "home" / "shifan.db"
    if not store.is_file():
        return []
    connection = sqlite3.connect(store)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'intakes'").fetchone():
            return []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def _taken(base: Path, sent: Sent) -> set[str]:
    """The workbooks that are in; of each, everything is: bytes, two applications, judgements, ledger entry."""
    whole = """
        SELECT i.file_name, i.snapshot, i.state,
          (SELECT count(*) FROM submissions s WHERE s.intake_id = i.id),
          (SELECT count(*) FROM applications a WHERE a.city = i.city),
          (SELECT count(DISTINCT s.application_id) FROM assessments s JOIN applications a ON a.id = s.application_id
            WHERE a.city = i.city),
          (SELECT count(*) FROM ledger l WHERE l.action = 'intake.taken' AND l.subject_id = CAST(i.id AS TEXT))
        FROM intakes i"""
    found = set()
    for name, snapshot, *rest in _ask(base, whole):
        assert rest == ["effective", 2, 2, 2, 1], name
        kept = base / "home" / "snapshots" / str(snapshot)[:2] / str(snapshot)
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == snapshot
        assert kept.read_bytes() == sent.books[str(name)]
        assert name not in found
        found.add(str(name))
    assert _ask(base, "SELECT count(*) FROM applications WHERE id NOT IN (SELECT application_id FROM submissions)") in (
        [],
        [(0,)],
    )
    return found


def _answered(base: Path) -> set[str]:
    ways = _ask(base, "SELECT file_name, feedback_way FROM intakes")
    return {str(name) for name, way in ways if way in ("in_book", "unchanged")}


def _undamaged(base: Path, sent: Sent, *, answered: bool = False) -> None:
    """Each city's file opens, and holds byte for byte what the city wrote; only 审核反馈 may be another."""
    visible = {path.name for path in (base / "folder").iterdir() if not path.name.startswith((".", "~"))}
    assert visible == set(sent.books)
    for name, data in sent.books.items():
        now, before = _parts((base / "folder" / name).read_bytes()), _parts(data)
        changed = {part for part in now.keys() | before.keys() if now.get(part) != before.get(part)}
        feedback = _feedback_part(before)
        assert changed in ([{feedback}] if answered else [{feedback}, set()]), name
        ElementTree.fromstring(now[feedback])


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _feedback_part(parts: dict[str, bytes]) -> str:
    """The part of the sheet 审核反馈."""
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    number = next(each.get(PACKAGE) for each in book.iter() if each.get("name") == FEEDBACK and each.get(PACKAGE))
    target = next(str(each.get("Target")) for each in links if each.get("Id") == number)
    return "xl/" + target.removeprefix("/xl/")
