"""What lies in the folder of a round, and what is wrong with it: cheap, nothing is parsed or changed."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from core.errors import FileRefused, Refused
from core.intake.locks import STALE_AFTER, find_lock
from core.intake.naming import is_feedback, is_table, is_temporary, original_of, read_name
from core.intake.sentences import say
from core.intake.sniff import Sniffed, sniff
from core.intake.source import Level

# States of a file that is read all the same; every other state but `ok` is an error or none of our business.
_READ_ALL_THE_SAME = frozenset({"open_elsewhere", "stale_lock", "unnamed", "wrong_suffix"})
_LEFT_ALONE = frozenset({"not_a_table", "feedback_file", "other_source"})


@dataclass(frozen=True, slots=True)
class FolderEntry:
    """One file of the folder. `size` in bytes, `modified` in the time zone of the survey's `now`.

    `state` is a stable code: ok, the codes of `[file]` and `[folder]` in messages.toml, wrong_suffix. `sentence` names
    the file, what is wrong and what to do.
    """

    path: Path
    name: str
    size: int
    modified: datetime
    city: str | None
    year: int | None
    state: str
    sentence: str

    @property
    def key(self) -> str:
        """What the folder knows it by: its path."""
        return str(self.path)

    @property
    def readable(self) -> bool:
        """Whether the file is to be read."""
        return self.state == "ok" or self.state in _READ_ALL_THE_SAME

    @property
    def level(self) -> Level:
        """`error`: somebody has to do something before the file is read; `notice`: worth knowing."""
        if self.state == "ok":
            return "ok"
        return "notice" if self.state in _READ_ALL_THE_SAME | _LEFT_ALONE else "error"


def survey(folder: Path, *, year: int, cities: Sequence[str], now: datetime) -> list[FolderEntry]:
    """Every file of the folder but temporary and system files, by name; folders in it are not entered.

    `cities` are the round's recommenders, `now` carries the time zone to tell times in. Raises Refused where the
    folder cannot be listed.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not is_temporary(path.name))
    except OSError as gone:
        raise Refused(say("folder", "folder_missing", folder=folder)) from gone
    found = [entry for path in paths if (entry := _look(path, year, cities, now)) is not None]
    return _apart(_copies(found))


def one_city(cities: Mapping[str, str | None]) -> dict[str, FileRefused]:
    """Files that claim the same city, by file name: each is refused, naming all of them.

    `cities` maps file names to the city inside the workbook (its `_meta`), None where it names none.
    """
    refusals: dict[str, FileRefused] = {}
    for city, count in Counter(city for city in cities.values() if city).items():
        if count > 1:
            names = sorted(name for name, claimed in cities.items() if claimed == city)
            sentence = _two(city, names)
            refusals |= {name: FileRefused(name, "two_of_one_city", sentence) for name in names}
    return refusals


def _look(path: Path, year: int, cities: Sequence[str], now: datetime) -> FolderEntry | None:
    try:
        status = path.lstat()
    except OSError:
        return None  # gone between listing and looking: programs save by delete and rename
    if stat.S_ISDIR(status.st_mode):
        return None
    named = read_name(path.stem, cities)
    modified = datetime.fromtimestamp(status.st_mtime, now.tzinfo)
    entry = FolderEntry(path, path.name, status.st_size, modified, named.city, named.year, "ok", "")
    if stat.S_ISLNK(status.st_mode) or path.suffix.lower() == ".lnk":
        return _said(entry, "link")
    if not stat.S_ISREG(status.st_mode):
        return None
    if is_feedback(path.stem):
        return replace(_said(entry, "feedback_file", "folder"), city=None)
    if not is_table(path.suffix):
        return _said(entry, "not_a_table")
    kind = _sniffed(path, status.st_size, status.st_mtime_ns)
    if kind.code == "not_a_workbook" and path.suffix == "":
        return _said(entry, "not_a_table")
    if kind.code != "ok":
        return _said(entry, kind.code, "file", **dict(kind.values))
    if path.suffix.lower() in (".xlsm", ".xltm"):
        return _said(entry, "macros")
    example = f"{year}-{cities[0] if cities else '某某市'}.xlsx"
    if named.strange is not None:
        return _said(entry, "unknown_city", "folder", city=named.strange, example=example)
    if named.year is not None and named.year != year:
        return _said(entry, "other_year", "folder", found=named.year, year=year)
    return _readable(entry, now, example)


def _readable(entry: FolderEntry, now: datetime, example: str) -> FolderEntry:
    lock = find_lock(entry.path, now)
    if lock is not None and not lock.stale:
        return _said(entry, "open_elsewhere", "folder", who=lock.who, since=lock.since_text)
    if lock is not None:
        hours = int(STALE_AFTER.total_seconds() // 3600)
        mark = lock.path.name
        return _said(entry, "stale_lock", "folder", who=lock.who, since=lock.since_text, hours=hours, lock=mark)
    if entry.city is None:
        return _said(entry, "unnamed", "folder", example=example)
    if entry.path.suffix.lower() != ".xlsx":
        return _said(entry, "wrong_suffix", "notice", suffix=entry.path.suffix or "空")
    return _said(entry, "ok")


def _sniffed(path: Path, size: int, mtime_ns: int) -> Sniffed:
    try:
        return _sniffed_once(path, size, mtime_ns)
    except FileNotFoundError:
        return Sniffed("vanished")
    except OSError:
        return Sniffed("unreadable")


@lru_cache(maxsize=256)
def _sniffed_once(path: Path, size: int, _mtime_ns: int) -> Sniffed:
    """A file is opened again only when its size or time says that it is another one: the app looks at every click."""
    with path.open("rb") as source:
        return sniff(source, size)


def _copies(entries: list[FolderEntry]) -> list[FolderEntry]:
    """Copies whose original lies beside them. A copy alone is the city's workbook like any other."""
    stems = {entry.path.stem: entry.name for entry in entries if is_table(entry.path.suffix)}
    made: list[FolderEntry] = []
    for entry in entries:
        beside = stems.get(original_of(entry.path.stem) or "")
        if beside is not None and entry.state not in _LEFT_ALONE:
            entry = _said(entry, "copy_beside", "folder", original=beside)
        made.append(entry)
    return made


def _apart(entries: list[FolderEntry]) -> list[FolderEntry]:
    """Refuses all readable files of a city that has more than one."""
    by_city: dict[str, list[str]] = {}
    for entry in entries:
        if entry.readable and entry.city is not None:
            by_city.setdefault(entry.city, []).append(entry.name)
    return [
        replace(entry, state="two_of_one_city", sentence=f"{entry.name}：{_two(entry.city, by_city[entry.city])}")
        if entry.readable and entry.city is not None and len(by_city[entry.city]) > 1
        else entry
        for entry in entries
    ]


def _two(city: str, names: Iterable[str]) -> str:
    listed = sorted(names)
    shown = "、".join(f"“{name}”" for name in listed)
    return say("folder", "two_of_one_city", city=city, count=len(listed), names=shown)


def _said(entry: FolderEntry, state: str, section: str = "file", **values: object) -> FolderEntry:
    return replace(entry, state=state, sentence=f"{entry.name}：{say(section, state, **values)}")
