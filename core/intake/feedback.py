"""Takes the province's answers back to a city: onto the sheet 审核反馈 of its workbook, or into a file beside it.

The workbook is written only while it is the very file that was read, nobody has it open, and nothing but the one
sheet changes. It is replaced in one step, so that a power cut leaves the old file or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import tempfile
import time
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from core.errors import FileRefused
from core.intake.durable import settle
from core.intake.locks import find_lock
from core.intake.sentences import say
from core.intake.surgery import Altered, NoSuchSheet, Workbook, clean_text

SHEET = "审核反馈"
COLUMNS = ("编号", "工作表", "单元格", "列", "级别", "问题", "处理建议", "反馈时间")
_WIDTHS = (14, 14, 9, 26, 8, 60, 60, 18)
_TEMPORARY = ".~shifan-"
_LEFT_BEHIND = 600  # seconds
_TRIES, _PAUSE = 10, 0.05
_BUSY = (5, 32)  # Windows: access denied, sharing violation


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One line of 审核反馈: places that do not apply are ''. `at` is when it was found, None for now."""

    id: str
    sheet: str
    cell: str
    column: str
    level: str
    problem: str
    advice: str
    at: datetime | None = None

    def texts(self, now: datetime) -> tuple[str, ...]:
        """The cells of the line, in the order of `COLUMNS`."""
        places = (self.id, self.sheet, self.cell, self.column, self.level, self.problem, self.advice)
        return (*map(clean_text, places), f"{self.at or now:%Y-%m-%d %H:%M}")


@dataclass(frozen=True, slots=True)
class FeedbackOutcome:
    """What became of it. `path` is the file written (or left as it was), `new_sha256` of that file's bytes;
    `sentence` says which way was gone and why, naming the workbook."""

    way: Literal["in_book", "beside", "unchanged"]
    path: Path
    new_sha256: str
    sentence: str

    @property
    def name(self) -> str:
        """The name of that file."""
        return self.path.name


class _Reason(Exception):
    """Why the workbook itself cannot be written: the sentence's first part."""


def write_feedback(path: Path, expected_sha256: str, rows: Sequence[FeedbackRow], now: datetime) -> FeedbackOutcome:
    """Writes the lines into the workbook that was read as `expected_sha256`, else into a file beside it.

    `now` carries the time zone. Lines that differ from those in the workbook by their time only are no change, and
    the file is not touched. Raises FileRefused (`not_writable`) where neither file could be written.
    """
    lines = [row.texts(now) for row in rows]
    _sweep(path.parent)
    try:
        new = _in_book(path, expected_sha256, lines, now)
    except _Reason as reason:
        return _beside(path, lines, now, str(reason))
    if new is None:
        return _told(path, "unchanged", path, expected_sha256, say("feedback", "unchanged"))
    code = "in_book" if lines else "in_book_cleared"
    return _told(path, "in_book", path, hashlib.sha256(new).hexdigest(), say("feedback", code, count=len(lines)))


def _told(
    path: Path, way: Literal["in_book", "beside", "unchanged"], written: Path, sha256: str, sentence: str
) -> FeedbackOutcome:
    return FeedbackOutcome(way, written, sha256, f"{path.name}：{sentence}")


def _in_book(path: Path, expected: str, lines: list[tuple[str, ...]], now: datetime) -> bytes | None:
    """The new bytes, written; None where there was nothing to change. Raises _Reason."""
    data = _still(path, expected)
    try:
        book = Workbook(data, SHEET, COLUMNS)
        if [line[:-1] for line in book.rows()] == [line[:-1] for line in lines]:
            return None
        _free(path, now)
        new = book.with_rows(lines)
    except NoSuchSheet as missing:
        raise _Reason(say("feedback", "reason_no_sheet")) from missing
    except (Altered, zipfile.BadZipFile, zlib.error, NotImplementedError) as altered:
        raise _Reason(say("feedback", "reason_altered")) from altered
    temporary: Path | None = None
    try:
        temporary = _prepared(path, new)
        _still(path, expected)
        _free(path, now)
        _replace(temporary, path)
        temporary = None
    except PermissionError as refused:
        busy = getattr(refused, "winerror", None) in _BUSY
        raise _Reason(say("feedback", "reason_busy" if busy else "reason_read_only")) from refused
    except OSError as refused:
        raise _Reason(say("feedback", "reason_read_only")) from refused
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return new


def _sweep(folder: Path) -> None:
    """Clears away what a run that was stopped in the middle left behind."""
    for left in folder.glob(f"{_TEMPORARY}*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()


def _still(path: Path, expected: str) -> bytes:
    """The file's bytes, if they are those that were read."""
    try:
        data = path.read_bytes()
    except FileNotFoundError as gone:
        raise _Reason(say("feedback", "reason_vanished")) from gone
    except OSError as busy:
        raise _Reason(say("feedback", "reason_busy")) from busy
    if hashlib.sha256(data).hexdigest() != expected:
        raise _Reason(say("feedback", "reason_changed"))
    return data


def _free(path: Path, now: datetime) -> None:
    """Nobody has it open, and it may be written."""
    lock = find_lock(path, now)
    if lock is not None and not lock.stale:
        raise _Reason(say("feedback", "reason_open", who=lock.who, since=lock.since_text))
    try:
        writable = path.stat().st_mode & stat.S_IWUSR and not path.is_symlink() and os.access(path, os.W_OK)
    except OSError as gone:
        raise _Reason(say("feedback", "reason_vanished")) from gone
    if not writable:
        raise _Reason(say("feedback", "reason_read_only"))


def _prepared(path: Path, data: bytes, *, like: bool = True) -> Path:
    """A temporary file of these bytes in the same folder, on the disk, with the permissions of the original."""
    handle, name = tempfile.mkstemp(prefix=_TEMPORARY, suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        if like:
            status = path.stat()
            temporary.chmod(stat.S_IMODE(status.st_mode))
            if hasattr(os, "chown"):
                with contextlib.suppress(PermissionError):  # only root may give a file away
                    os.chown(temporary, status.st_uid, status.st_gid)
        else:
            temporary.chmod(0o664)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _replace(temporary: Path, path: Path) -> None:
    """Puts the file in its place in one step; waits a little where Windows says that somebody is reading it."""
    for left in reversed(range(_TRIES)):
        try:
            temporary.replace(path)
            break
        except PermissionError as held:
            if getattr(held, "winerror", None) not in _BUSY or not left:
                raise
            time.sleep(_PAUSE)
    settle(path.parent)


def _beside(path: Path, lines: list[tuple[str, ...]], now: datetime, reason: str) -> FeedbackOutcome:
    data = beside_workbook(lines)
    stem = f"{path.stem}_审核反馈_{now:%Y%m%d-%H%M}"
    target = path.with_name(f"{stem}.xlsx")
    number = 2
    while target.exists():
        target = path.with_name(f"{stem}-{number}.xlsx")
        number += 1
    temporary: Path | None = None
    try:
        temporary = _prepared(target, data, like=False)
        _replace(temporary, target)
    except OSError as refused:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise FileRefused(path.name, "not_writable", say("feedback", "not_writable")) from refused
    sentence = say("feedback", "beside", reason=reason, file=target.name, count=len(lines))
    return _told(path, "beside", target, hashlib.sha256(data).hexdigest(), sentence)


def beside_workbook(lines: Sequence[Sequence[str]]) -> bytes:
    """A workbook that holds 审核反馈 only. Texts stay texts, also those that begin like a formula or a link."""
    import xlsxwriter  # only here: most feedback goes into the workbooks themselves

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1, "valign": "vcenter"})
    body = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@", "border": 1})
    for column, (title, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for number, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            sheet.write_string(number, column, text, body)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(lines)), len(COLUMNS) - 1)
    book.close()
    return target.getvalue()
