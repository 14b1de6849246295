"""`shifan intake` killed (SIGKILL) at moments spread over its whole run: each workbook is wholly in or wholly out, no
city's file is damaged, and a second run completes."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import random
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.standards.recommenders import recommenders
from tests.books import MAIN, applicant, filled
from tests.services.killable import command

MOMENTS, IN_ONE = 50, 5
AT_ONCE = 2
SEED = 20260630
POLL = 0.002  # seconds
WRONG = {"平台指标": {"专家数（人）": "约50"}}  # one error a workbook, so that each gets feedback
FEEDBACK = "审核反馈"
PACKAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Sent:
    """What the cities sent: bytes by file name, and the processes that work on copies of it."""

    books: dict[str, bytes]
    processes: ForkServerContext

    def run(self, base: Path, moment: float | None = None, each: float = 0) -> int | None:
        """Runs the command on `base`; None: to its end, else killed at a moment. Gives its exit code.

        3.25 is a quarter of the time that a workbook takes (`each`, in seconds) after the third was kept.
        """
        arguments = (str(base / "home"), str(base / "folder"))
        process = self.processes.Process(target=command, args=arguments)
        process.start()
        if moment is not None:
            count, part = divmod(moment, 1)
            while process.is_alive() and _kept(base) < count:
                process.join(POLL)
            # before the first there is the start to fall on: opening the store, reading the workbooks
            process.join(each * part * (1 if count else len(self.books)))
        else:
            process.join()
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
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["core.cli", "core.services.command", "sheets_schema.parse", "alembic.command"])
    starting = processes.Process()  # the server itself, so that no moment falls on its imports
    starting.start()
    starting.join()
    return Sent(dict(_books()), processes)


def _books() -> Iterator[tuple[str, bytes]]:
    """One workbook made over for each city, without the empty rows of the template: they only make reading slow."""
    import openpyxl

    first = recommenders()[0].name
    applicants = (applicant("platform", "PT-001", "", WRONG), applicant("base", "JD-001", ""))
    book = openpyxl.load_workbook(io.BytesIO(filled(first, *applicants)))
    for sheet in book:
        if sheet.title not in ("填报说明", "_字典", "_meta"):
            sheet.delete_rows(5, sheet.max_row)
    main, city = book[MAIN], book["_meta"]["B1"]
    name = next(cell.column for cell in main[1] if cell.value == "平台（基地）名称")
    assert city.value == first
    for each in recommenders():
        city.value = each.name
        main.cell(2, name).value, main.cell(3, name).value = f"虚构{each.code}号平台", f"虚构{each.code}号基地"
        target = io.BytesIO()
        book.save(target)
        yield f"2026-{each.name}.xlsx", target.getvalue()


def test_killed_at_any_moment_each_workbook_is_wholly_in_or_out(sent: Sent, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    sent.put(whole)
    started = time.monotonic()
    assert sent.run(whole) == 1  # done, with errors in the data
    each = (time.monotonic() - started) / len(sent.books)
    assert _taken(whole, sent) == set(sent.books)

    chance = random.Random(SEED)
    # Five in each store, anywhere, one after the other. The machine may be busy, so a moment is so much time
    # after so many workbooks have come, and those before the first are times from the start.
    moments = [sorted(chance.uniform(0, len(sent.books)) for _ in range(IN_ONE)) for _ in range(MOMENTS // IN_ONE)]
    moments[0][0] = 0.0  # and one before anything at all
    with ThreadPoolExecutor(AT_ONCE) as threads:
        done = [threads.submit(_killed, sent, tmp_path / str(at), pair, each) for at, pair in enumerate(moments)]
        counts = [count for one in done for count in one.result()]
    assert len(counts) == MOMENTS
    # the moments did fall on work: before the first workbook, between any two, and after the last
    assert (min(counts), max(counts) > 12, len(set(counts)) > 9) == (0, True, True)


def _killed(sent: Sent, base: Path, moments: list[float], each: float) -> list[int]:
    """Kills a run at each moment, then lets one end. Gives how many workbooks were in after each kill."""
    sent.put(base)
    counts = []
    for moment in moments:
        sent.run(base, moment, each)
        counts.append(len(_taken(base, sent)))
        _undamaged(base, sent)
    assert sent.run(base) == 1
    assert _taken(base, sent) == set(sent.books)
    assert _answered(base) == set(sent.books)
    _undamaged(base, sent, answered=True)
    shutil.rmtree(base)
    return counts


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


def _kept(base: Path) -> int:
    """How many workbooks' bytes are kept: the first thing that taking one in does."""
    return sum(1 for _ in (base / "home" / "snapshots").glob("*/[0-9a-f]*"))


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
