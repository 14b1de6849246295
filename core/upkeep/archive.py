"""The file of a backup: a zip of the tables' rows, the bytes received and a manifest that knows the hash of each."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from core.errors import FileRefused, system_reason

FORMAT, EDITION = "shifan-backup", 1
MANIFEST, SNAPSHOTS = "manifest.json", "snapshots/"
_PIECE = 1 << 20
# what zipfile says of bytes that are not what they were
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    RuntimeError,
)


def member_of(table: str) -> str:
    """Where the rows of a table stand in the file."""
    return f"tables/{table}.jsonl"


@dataclass(frozen=True, slots=True)
class TableOf:
    """A table as it was saved; `columns` in the order of the values in each row."""

    name: str
    columns: tuple[str, ...]
    rows: int

    @property
    def member(self) -> str:
        """Where its rows stand in the file."""
        return member_of(self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the form of the tables (`revision`), the newest ledger entry, each member's SHA-256."""

    program: str
    made_at: str
    revision: str
    ledger_id: int
    ledger_hash: str
    tables: tuple[TableOf, ...]
    members: dict[str, str]

    @property
    def snapshots(self) -> list[str]:
        """The hashes of the bytes received."""
        return [name.removeprefix(SNAPSHOTS) for name in self.members if name.startswith(SNAPSHOTS)]

    @property
    def rows(self) -> int:
        """How many rows there are in all tables."""
        return sum(table.rows for table in self.tables)


class Writer(AbstractContextManager["Writer"]):
    """Writes the members of a backup one after another; the manifest comes last."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED)
        self.members: dict[str, str] = {}

    def lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Adds a member out of lines and gives their number; of any length, none of it kept in memory."""
        count, digest = 0, hashlib.sha256()
        with self._zip.open(_entry(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as member:
            for line in lines:
                member.write(line)
                digest.update(line)
                count += 1
        self.members[name] = digest.hexdigest()
        return count

    def snapshot(self, sha256: str, data: bytes) -> None:
        """Adds the bytes received under their hash, as they are: workbooks are deflated already."""
        self._zip.writestr(_entry(SNAPSHOTS + sha256, zipfile.ZIP_STORED), data)
        self.members[SNAPSHOTS + sha256] = sha256

    def manifest(self, manifest: Manifest) -> None:
        """Adds what makes a backup of the members."""
        document = {"format": FORMAT, "edition": EDITION} | asdict(manifest)
        self._zip.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), json.dumps(document, ensure_ascii=False, indent=1))

    def __exit__(self, *_fault: object) -> None:
        self._zip.close()


def _entry(name: str, method: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = method
    entry.external_attr = 0o600 << 16
    return entry


class Backup:
    """A backup that was looked through: every member is there and has its hash."""

    def __init__(self, file: Path, opened: zipfile.ZipFile) -> None:
        self._file, self._zip = file, opened
        self.manifest = self._manifest()
        present = opened.namelist()
        strange = set(present) ^ {*self.manifest.members, MANIFEST}
        strange |= {table.member for table in self.manifest.tables} - set(present)
        if strange or len(present) != len(set(present)):
            raise self._damaged(min(strange, default=MANIFEST))
        for name, sha256 in self.manifest.members.items():
            with self._reading(name), opened.open(name) as member:
                digest = hashlib.sha256()
                while piece := member.read(_PIECE):
                    digest.update(piece)
                if digest.hexdigest() != sha256 or name.removeprefix(SNAPSHOTS) not in (name, sha256):
                    raise ValueError(name)

    def lines(self, table: TableOf) -> Iterator[bytes]:
        """The rows of a table."""
        with self._reading(table.member), self._zip.open(table.member) as member:
            yield from member

    def snapshot(self, sha256: str) -> bytes:
        """The bytes received under this hash."""
        with self._reading(SNAPSHOTS + sha256):
            return self._zip.read(SNAPSHOTS + sha256)

    def _manifest(self) -> Manifest:
        if MANIFEST not in self._zip.namelist():
            raise foreign(self._file)
        with self._reading(MANIFEST):
            document = json.loads(self._zip.read(MANIFEST))
            if document.pop("format") != FORMAT:
                raise foreign(self._file)
            if document.pop("edition") > EDITION:
                raise newer(self._file, document["program"])
            return _manifest(document)

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as damage:
            raise self._damaged(name) from damage

    def _damaged(self, name: str) -> FileRefused:
        return FileRefused(
            str(self._file), "damaged", f"备份中的 {name} 已损坏或不齐全，没有恢复任何内容。请换一份备份。"
        )


def _manifest(document: dict[str, Any]) -> Manifest:
    tables = (TableOf(one["name"], tuple(one["columns"]), int(one["rows"])) for one in document.pop("tables"))
    return Manifest(tables=tuple(tables), **document)


@contextmanager
def open_backup(file: Path) -> Iterator[Backup]:
    """Opens a backup and looks through all of it. Raises FileRefused where it is foreign, damaged or not there."""
    if not file.is_file():
        raise FileRefused(str(file), "missing", "这是文件夹，不是文件。" if file.is_dir() else "找不到这个文件。")
    try:
        opened = file.open("rb")
    except OSError as error:
        raise FileRefused(str(file), "unreadable", f"读不出来，{system_reason(error)}。") from error
    with opened:
        try:
            found = zipfile.ZipFile(opened)
        except _DAMAGE as damage:
            raise foreign(file) from damage
        yield Backup(file, found)


def foreign(file: Path) -> FileRefused:
    """The refusal of what is no backup, or not a whole one."""
    return FileRefused(
        str(file), "foreign", "这不是完整的备份文件（没有传完，或不是用 shifan backup 做的），没有恢复任何内容。"
    )


def newer(file: Path, program: str) -> FileRefused:
    """The refusal of a backup that a later program made."""
    return FileRefused(
        str(file), "newer", f"这份备份是较新的程序（版本 {program}）做的，没有恢复任何内容。请先升级程序，再恢复。"
    )
