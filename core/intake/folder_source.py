"""The shared folder as a source of workbooks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, MutableMapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from core.clock import SHANGHAI
from core.errors import Refused, system_reason
from core.intake.feedback import FeedbackOutcome, FeedbackRow, write_feedback
from core.intake.folder import FolderEntry, survey
from core.intake.source import BookEntry, BookWanted, Capabilities, Made, Progress, Taken, Terms
from core.intake.workbooks import ReadBook, read_books

_REMEMBERED_BOOKS = 64


class FolderSource:
    """Workbooks in a folder. `remembered` keeps what was read and hashed as long as files keep size and time."""

    capabilities = Capabilities(protects=True, beside=True, live=False)

    def __init__(
        self, folder: Path, year: int, cities: Sequence[str], remembered: MutableMapping[Any, Any], lock: Lock
    ) -> None:
        self.folder = folder
        self._year, self._cities = year, cities
        self._books: dict[Any, ReadBook] = remembered.setdefault("books", {})
        self._hashes: dict[tuple[str, int, int], str] = remembered.setdefault("hashes", {})
        self._lock = lock

    def books(self) -> list[FolderEntry]:
        """The files of the folder but temporary ones. Raises Refused where there is no such folder."""
        if not self.folder.is_dir():
            raise Refused(f"找不到文件夹 {self.folder}。请检查路径，或在“年度轮次”中改正。")
        return survey(self.folder, year=self._year, cities=self._cities, now=datetime.now(SHANGHAI))

    def read(self, entries: Sequence[BookEntry], progress: Progress | None = None) -> list[ReadBook]:
        """Reads workbooks; those unchanged since an earlier look (size and time) are not read twice."""
        paths = [Path(entry.key) for entry in entries]
        stamps = {path: _stamp(path) for path in paths}
        missing = [path for path in paths if (path, stamps[path]) not in self._books]
        fresh = dict(zip(missing, read_books(missing, progress=progress), strict=True))
        made = [fresh[path] if path in fresh else self._books[path, stamps[path]] for path in paths]
        with self._lock:
            if len(self._books) + len(fresh) > _REMEMBERED_BOOKS:
                self._books.clear()
            self._books.update({(path, stamps[path]): book for path, book in fresh.items() if book.problem is None})
        return made

    def holds(self, entry: BookEntry, versions: Collection[str]) -> bool:
        """By the file's SHA-256, which is not computed twice while its size and time stay the same."""
        path = Path(entry.key)
        try:
            status = path.stat()
            key = (entry.key, status.st_size, status.st_mtime_ns)
            if key not in self._hashes:
                self._hashes[key] = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return False  # gone or locked since the folder was listed: the next look tells
        return self._hashes[key] in versions

    def write_feedback(self, key: str, taken: Taken, rows: Sequence[FeedbackRow], now: datetime) -> FeedbackOutcome:
        """Into the workbook while it is the very file that was read, else into a file beside it."""
        path = Path(key)
        try:
            return write_feedback(path, taken.sha256, rows, now)
        except OSError as error:
            raise Refused(f"{path.name}：{system_reason(error)}。请检查共享文件夹后重试。") from error

    def create(self, wanted: Sequence[BookWanted], terms: Terms, progress: Progress | None = None) -> list[Made]:
        """Puts workbooks into the folder. A file that is there already is never overwritten."""
        made = []
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for number, each in enumerate(wanted, start=1):
                made.append(self._create(each, terms))
                if progress is not None:
                    progress(number, len(wanted), made[-1].name)
        except OSError as error:
            reason = system_reason(error)
            raise Refused(f"写不进文件夹 {self.folder}：{reason}。请检查文件夹是否存在、是否有写入权限。") from None
        return made

    def _create(self, wanted: BookWanted, terms: Terms) -> Made:
        from sheets_schema.template import build_template  # brings a writer of workbooks with it

        name = f"{wanted.title}.xlsx"
        path = self.folder / name
        if path.exists():
            return Made(wanted.city, name, "kept", f"{name}：已有，没有改动。", str(path))
        made = build_template(
            year=wanted.year, city=wanted.city, guide=terms.guide, program_version=terms.program_version
        )
        draft = self.folder / f".{name}.tmp"
        draft.write_bytes(made)
        draft.replace(path)
        return Made(wanted.city, name, "made", f"{name}：已生成。", str(path))


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
