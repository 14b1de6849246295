"""The marks that programs leave beside a workbook while it is open (research: spreadsheets §4.1).

A mark may stay behind when its program or machine dies, so an old one only warns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from core.intake.sentences import say

STALE_AFTER = timedelta(hours=12)
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Lock:
    """An open mark: the file it is, who holds the workbook (a phrase), since when, and whether it is too old."""

    path: Path
    who: str
    since: datetime
    stale: bool

    @property
    def since_text(self) -> str:
        """`11月23日 10:05`."""
        return f"{self.since.month}月{self.since.day}日 {self.since:%H:%M}"


def marks_of(name: str) -> tuple[str, ...]:
    """The names a mark of the workbook `name` may have: WPS and Excel, LibreOffice, WPS on Linux and macOS."""
    return f"~${name}", f"~${name[2:]}", f".~lock.{name}#", f".~{name}"


def find_lock(path: Path, now: datetime) -> Lock | None:
    """The mark beside a workbook, the freshest if there are several. `now` carries a time zone."""
    found = [lock for name in marks_of(path.name) if (lock := _read(path.parent / name, now)) is not None]
    return max(found, key=lambda lock: lock.since, default=None)


def _read(mark: Path, now: datetime) -> Lock | None:
    try:
        if mark.is_symlink() or not mark.is_file():
            return None
        since = datetime.fromtimestamp(mark.stat().st_mtime, now.tzinfo)
    except OSError:
        return None
    try:
        with mark.open("rb") as source:
            data = source.read(_LONGEST)
    except OSError:
        data = b""  # Windows lets nobody read the mark of an open workbook; that it is there says enough
    if mark.name.startswith(".~lock."):
        kind, user = "libreoffice", _libreoffice_user(data)
    else:
        kind, user = "office", _office_user(data)
    who = say("lock", f"{kind}_named", user=user) if user else say("lock", kind)
    return Lock(mark, who, since, now - since > STALE_AFTER)


def _libreoffice_user(data: bytes) -> str:
    fields = data.decode("utf-8", "replace").split(",")
    return _plain(next((field for field in fields[:2] if field.strip()), ""))


def _office_user(data: bytes) -> str:
    """One byte length and the name in the machine's code page; at byte 54 length and name again in UTF-16."""
    if len(data) >= 58:
        count = int.from_bytes(data[54:56], "little")
        if 0 < count <= 54 and len(data) >= 56 + 2 * count:
            return _plain(data[56 : 56 + 2 * count].decode("utf-16-le", "replace"))
    if data and 0 < data[0] < len(data):
        return _plain(data[1 : 1 + data[0]].decode("gb18030", "replace"))
    return ""


def _plain(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\ufffd]", "", text).strip()[:40]
