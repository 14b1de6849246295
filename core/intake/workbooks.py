"""Reads workbooks through the child process of `reader.py`; the parent parses nothing and imports no openpyxl.

Each file's bytes are read once, hashed once, and handed to the child: what is parsed is what is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import FileRefused
from core.intake.sentences import refused, say
from core.intake.sniff import MAX_FILE
from sheets_schema.cells import RawBook, RawCell, RawSheet

_ROOT = Path(__file__).resolve().parents[2]

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use: address space in MB, and seconds a book, of the processor and of the clock."""

    memory_mb: int = 400
    seconds: float = 20


@dataclass(frozen=True, slots=True)
class ReadBook:
    """One workbook file as read. Exactly one of `raw` and `problem` is there.

    `sha256` is of `data`, the bytes of the file, '' where they could not be read; `mtime_ns` is the file's own.
    `notices` are sentences about a file that was read all the same.
    """

    path: Path
    name: str
    sha256: str
    data: bytes
    size: int
    mtime_ns: int
    raw: RawBook | None
    problem: FileRefused | None
    notices: tuple[str, ...] = ()


def read_books(
    paths: Sequence[Path], *, progress: Progress | None = None, limits: Limits | None = None
) -> list[ReadBook]:
    """Reads the files in the order given; never raises for what a file holds.

    `progress(done, of, name)` is called after each. One child reads all; where it falls, the book it was at is
    refused and a new child goes on with the next.
    """
    reader = Reader(limits or Limits())
    results: list[ReadBook] = []
    # One thread hands books to the child and waits for it, so that this one unpacks an answer meanwhile.
    with ThreadPoolExecutor(max_workers=1) as courier:
        try:
            asked = [courier.submit(reader.ask, path) for path in paths]
            for path, answered in zip(paths, asked, strict=True):
                held, reply = answered.result()
                results.append(held if reply is None else _understood(held, reply))
                if progress is not None:
                    progress(len(results), len(paths), path.name)
        finally:
            courier.shutdown(cancel_futures=True)
            reader.close()
    return results


def load_file(path: Path) -> ReadBook:
    """The bytes of a file and their SHA-256, unread: `raw` is None. A file that changes meanwhile is refused."""
    empty = ReadBook(path, path.name, "", b"", 0, 0, None, None)
    try:
        before = path.stat()
        if before.st_size > MAX_FILE:
            size = -(-before.st_size // 2**20)
            limit = MAX_FILE // 2**20
            return replace(empty, problem=refused(path.name, "too_large", size=size, limit=limit))
        data = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        return replace(empty, problem=refused(path.name, "vanished"))
    except OSError:
        return replace(empty, problem=refused(path.name, "unreadable"))
    sha256 = hashlib.sha256(data).hexdigest()
    held = ReadBook(path, path.name, sha256, data, len(data), after.st_mtime_ns, None, None)
    looks = (before.st_size, before.st_mtime_ns, before.st_ino)
    if looks != (after.st_size, after.st_mtime_ns, after.st_ino) or len(data) != after.st_size:
        return replace(held, problem=refused(path.name, "changed"))
    return held


class Reader:
    """Holds the child, started at the first need and anew after a fall."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: subprocess.Popen[bytes] | None = None

    def ask(self, path: Path) -> tuple[ReadBook, bytes | None]:
        """The file as held and the child's answer; None where there is a problem already."""
        child = self._child or self._start()  # before the file is read: it starts meanwhile
        held = load_file(path)
        if held.problem is not None:
            return held, None
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(self._limits.seconds, stop)
        clock.start()
        try:
            reply = _exchange(child, held)
        finally:
            clock.cancel()
        if reply.endswith(b"\n"):
            return held, reply
        self.end()
        if late.is_set():
            seconds = f"{self._limits.seconds:g}"
            return replace(held, problem=refused(held.name, "too_slow", seconds=seconds)), None
        return replace(held, problem=refused(held.name, "reader_stopped")), None

    def close(self) -> None:
        """Nothing more is to be read."""
        self.end()

    def end(self) -> None:
        """Ends the child and waits for it."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(BrokenPipeError):
            child.communicate()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", "")))),
            "PYTHONDONTWRITEBYTECODE": os.environ.get("PYTHONDONTWRITEBYTECODE", ""),
        }
        seconds = max(1, round(self._limits.seconds))
        command = [sys.executable, "-m", "core.intake.reader", str(self._limits.memory_mb), str(seconds)]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | environment,
        )
        return self._child


def _exchange(child: subprocess.Popen[bytes], held: ReadBook) -> bytes:
    """One book to the child, one line back; what came of it where the child fell."""
    assert child.stdin is not None
    assert child.stdout is not None
    header = json.dumps({"name": held.name, "size": held.size}).encode("ascii") + b"\n"
    with contextlib.suppress(BrokenPipeError):  # a child that has fallen shows in the answer that does not come
        child.stdin.write(header + held.data)
        child.stdin.flush()
    return child.stdout.readline()


def _understood(held: ReadBook, line: bytes) -> ReadBook:
    try:
        reply: dict[str, Any] = json.loads(line)
        if "code" in reply:
            return replace(held, problem=FileRefused(held.name, reply["code"], reply["sentence"]))
        sheets = _sheets(reply)
    except (ValueError, KeyError, TypeError):  # whoever speaks there is no longer our reader
        return replace(held, problem=refused(held.name, "reader_stopped"))
    suffix = held.path.suffix
    notices = () if suffix.lower() == ".xlsx" else (say("notice", "wrong_suffix", suffix=suffix or "空"),)
    return replace(held, raw=RawBook(held.name, sheets), notices=notices)


def _sheets(reply: dict[str, Any]) -> tuple[RawSheet, ...]:
    return tuple(
        RawSheet(
            name=sheet["name"],
            cells={(row, column): RawCell(kind, text, formula) for row, column, kind, text, formula in sheet["cells"]},
            hidden=sheet["hidden"],
            hidden_rows=frozenset(sheet["rows"]),
            merged=tuple(sheet["merged"]),
        )
        for sheet in reply["sheets"]
    )
