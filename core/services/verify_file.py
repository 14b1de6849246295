"""Says of a file whether it is what was exported or made public, and how it departs from what is so today."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import FileRefused, Refused
from core.intake.prescreen import prescreen
from core.intake.sentences import refused
from core.intake.sniff import sniff
from core.intake.workbooks import load_file
from core.publication.docx_reading import read_document
from core.publication.list_reading import Difference, ReadList, differences, kind_in, plain_cell, read_lines
from core.publication.lists import KINDS
from core.services import lists
from core.services.uploads import read_upload
from core.store.tables import ledger, publications, rounds
from core.working_days.periods import long_day

_DOCUMENT: Final = "word/document.xml"
_EXPORTS: Final = (
    "list.exported",
    "document.exported",
    "registry.exported",
    "publication.made",
    "publication.replaced",
)
_NO_LIST: Final = "文件里没有认得出的名单，不能和现在的情况逐行比对。"
_NOT_A_LISTS: Final = "这份清单不是名单的，不能和现在的名单比对。"
_WHICH: Final = "看不出这是哪一份名单（标题和文件名里都没有写），不能和现在的情况逐行比对。"


@dataclass(frozen=True, slots=True)
class Origin:
    """An act by which these very bytes left the house: an entry of the ledger, as a sentence."""

    ledger_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """What was found of a file. `origins`: newest first; `differences`: from today's state.

    `compared` says with which list it was compared, or why with none.
    """

    name: str
    sha256: str
    origins: tuple[Origin, ...]
    compared: str
    differences: tuple[Difference, ...] = ()
    parts: tuple[str, ...] = ()
    sound: bool = True

    @property
    def right(self) -> bool:
        """Whether it is what was exported, and still what is so."""
        return bool(self.origins) and self.sound and not self.differences

    def lines(self) -> list[str]:
        """The verdict for people."""
        told = [f"{self.name}：{'是导出过的文件，一个字节也没有改动。' if self.origins else _UNKNOWN}"]
        told += [f"  {each.sentence}" for each in self.origins]
        told += [f"  {each}" for each in self.parts]
        told += [f"  {self.compared}"] if self.compared else []
        told += [f"    {each.text}" for each in self.differences]
        # a file may hold what a terminal takes for orders
        return ["".join(sign if sign.isprintable() else " " for sign in line) for line in told]

    def document(self) -> dict[str, Any]:
        """The verdict for programs."""
        return {
            "file": self.name,
            "sha256": self.sha256,
            "known": bool(self.origins),
            "same": self.right,
            "origins": [{"ledger": each.ledger_id, "text": each.sentence} for each in self.origins],
            "parts": list(self.parts),
            "compared": self.compared,
            "differences": [{"kind": each.kind, "text": each.text} for each in self.differences],
        }


_UNKNOWN: Final = "操作留痕里没有导出过这样的文件：不是这里导出的，或者导出以后改动过。"


@dataclass(slots=True)
class _About:
    """What is known of which list a file is: kind, round, and the past day it was exported as of."""

    kind: str = ""
    round_id: int | None = None
    as_of: date | None = None
    texts: list[str] = field(default_factory=list)


def verify_file(app: App, path: Path) -> FileVerdict:
    """Looks at one file (xlsx, docx, csv, manifest). Changes nothing.

    FileRefused where it cannot be read: nothing of a file is trusted, and what looks harmful is not opened.
    """
    if not path.is_file():
        raise FileRefused(str(path), "missing", "这是文件夹，不是文件。" if path.is_dir() else "找不到这个文件。")
    held = load_file(path)
    if held.problem is not None:
        raise held.problem
    with app.reader.connect() as connection:
        entries = _entries(connection, held.sha256)
        about = _about(connection, entries)
    origins = tuple(Origin(each.id, _sentence(each)) for each in entries)
    if path.suffix.lower() == ".json":
        return _manifest(app, path, held.data, held.sha256, origins)
    try:
        read = _read(path.name, held.data)
    except FileRefused:
        if not origins:
            raise
        read = None  # what we have exported ourselves needs no reading to be known
    if read is None:
        return FileVerdict(path.name, held.sha256, origins, _NO_LIST)
    return _compared(app, path.name, held.sha256, origins, read, about)


def _entries(connection: sa.Connection, sha256: str) -> list[Any]:
    """The entries by which a file of this SHA-256 left the house, newest first."""
    table = ledger.c
    query = sa.select(table.id, table.at, table.who, table.action, table.subject, table.round_id, table.details).where(
        table.action.in_(_EXPORTS), sa.cast(table.details, sa.Text).like(f'%"{sha256}"%')
    )
    return list(connection.execute(query.order_by(table.id.desc())))


def _about(connection: sa.Connection, entries: Sequence[Any]) -> _About:
    """Which list the newest of the entries exported."""
    for entry in entries:
        details: Mapping[str, Any] = entry.details
        if details.get("list") in KINDS:
            as_of = details.get("as_of")
            return _About(details["list"], entry.round_id, date.fromisoformat(as_of) if as_of else None)
        if entry.action.startswith("publication."):
            query = sa.select(publications.c.content).where(publications.c.ledger_id == entry.id)
            content = connection.execute(query).scalar() or {}
            if content.get("list") in KINDS:
                return _About(content["list"], entry.round_id)
    return _About()


def _sentence(entry: Any) -> str:
    at = f"{long_day(entry.at.date())}{entry.at:%H:%M}"
    details: Mapping[str, Any] = entry.details
    if entry.action.startswith("publication."):
        held = details.get("publication", {})
        number = f"，文号{held['number']}" if held.get("number") else ""
        day = long_day(date.fromisoformat(held["published"])) if held.get("published") else ""
        return f"{entry.who}{at}登记公布“{entry.subject}”所附的文件，公布日期{day}{number}。"
    as_of = details.get("as_of")
    known = f"，按{long_day(date.fromisoformat(as_of))}的情况" if as_of else "，按当时的情况"
    return f"{entry.who}{at}导出“{entry.subject}”{known}。"


def _read(name: str, data: bytes) -> ReadList | None:
    """The list in a file; None where it holds none."""
    sniffed = sniff(io.BytesIO(data), len(data))
    if sniffed.code == "ok":
        return _workbook(name, data)
    if sniffed.code == "csv":
        return _csv(name, data)
    if data.startswith(b"PK") and sniffed.code == "not_a_workbook":
        return _docx(name, data)
    raise FileRefused(name, sniffed.code, "不是能核对的文件。可以核对的有：导出的 xlsx、docx、csv 和校验清单（json）。")


def _workbook(name: str, data: bytes) -> ReadList | None:
    book = read_upload(data, name, "名单.xlsx")
    if book.raw is None:
        raise book.problem or refused(name, "reader_stopped")
    for sheet in book.raw.sheets:
        lines: dict[int, dict[int, str]] = {}
        for (row, column), cell in sorted(sheet.cells.items()):
            lines.setdefault(row, {})[column] = cell.text
        found = read_lines(
            [(row, [cells.get(at, "") for at in range(1, max(cells) + 1)]) for row, cells in lines.items()]
        )
        if found is not None:
            return found
    return None


def _csv(name: str, data: bytes) -> ReadList | None:
    try:
        text = data.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as broken:
        raise FileRefused(name, "damaged", "不是导出的 csv：编码或引号不对。") from broken
    return read_lines([(at, [plain_cell(cell) for cell in line]) for at, line in enumerate(lines, start=1)])


def _docx(name: str, data: bytes) -> ReadList | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _DOCUMENT not in archive.namelist():
                return None
            prescreen(archive, name)
            content = archive.read(_DOCUMENT)
        return read_lines(list(_numbered(read_document(content))))
    except FileRefused:
        raise
    except Refused as broken:
        raise FileRefused(name, "damaged", str(broken)) from broken
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as broken:
        raise refused(name, "damaged") from broken


def _numbered(lines: Sequence[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines of a document as people count them: rows from the head of their table on."""
    number = 0
    for cells in lines:
        number = number + 1 if len(cells) > 1 else 0
        yield number, cells


def _manifest(app: App, path: Path, data: bytes, sha256: str, origins: tuple[Origin, ...]) -> FileVerdict:
    """A manifest: the files it names, where they lie beside it, and its data against today's."""
    try:
        document = json.loads(data)
        files = {str(name): str(digest) for name, digest in document["files"].items()}
        kind, year, digest = document.get("list"), document.get("year"), document.get("data_sha256")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as broken:
        if origins:  # data of the registry
            return FileVerdict(path.name, sha256, origins, _NO_LIST)
        raise FileRefused(path.name, "damaged", "不是导出名单时的校验清单，没有办法核对。") from broken
    found = [_beside(path, name, one) for name, one in files.items()]
    parts, sound = tuple(text for text, _ in found), all(right for _, right in found)
    if kind not in KINDS:
        return FileVerdict(path.name, sha256, origins, _NOT_A_LISTS, (), parts, sound)
    round_id = _round(app, kind, year)
    if round_id is None:
        return FileVerdict(path.name, sha256, origins, f"现在没有{year}年度轮次，不能比对。", (), parts, False)
    listed = lists.public_list(app, round_id, kind)
    if listed.data_sha256 == digest:
        return FileVerdict(path.name, sha256, origins, f"和现在的“{listed.title}”内容相同。", (), parts, sound)
    said = "名单的内容和现在的不同，逐行的差别请用 xlsx、docx 或 csv 核对。"
    changed = Difference("changed", said)
    return FileVerdict(path.name, sha256, origins, f"和现在的“{listed.title}”比对：", (changed,), parts, sound)


def _beside(path: Path, name: str, digest: str) -> tuple[str, bool]:
    """What became of a file that a manifest names; only such as lie in the same folder are looked at."""
    if Path(name).name != name:
        return f"清单里的“{name}”不是文件名，没有核对。", False
    beside = path.with_name(name)
    if not beside.is_file():
        return f"清单里的“{name}”不在同一个文件夹，没有核对。", True
    try:
        same = hashlib.sha256(beside.read_bytes()).hexdigest() == digest
    except OSError:
        return f"清单里的“{name}”打不开，没有核对。", False
    return f"清单里的“{name}”{'与清单一致。' if same else '与清单不一致，改动过。'}", same


def _compared(
    app: App, name: str, sha256: str, origins: tuple[Origin, ...], read: ReadList, about: _About
) -> FileVerdict:
    """A list against the one of its kind and round as it is today."""
    if not about.kind:
        told = kind_in([*read.titles, name])
        if told is None:
            return FileVerdict(name, sha256, origins, _WHICH)
        about = _About(told[0], _round(app, *told))
        if about.round_id is None:
            return FileVerdict(name, sha256, origins, f"现在没有{told[1]}年度轮次，不能比对。")
    listed = lists.public_list(app, about.round_id or _newest(app), about.kind)
    found = tuple(differences(read, listed))
    if not found:
        return FileVerdict(name, sha256, origins, f"和现在的“{listed.title}”逐行相同，共 {len(listed.rows):,} 行。")
    said = f"和现在的“{listed.title}”比对，有 {len(found):,} 处不同："
    return FileVerdict(name, sha256, origins, said, found)


def _round(app: App, kind: str, year: int | None) -> int | None:
    if not lists.of_year(kind):
        return _newest(app)
    with app.reader.connect() as connection:
        return connection.execute(sa.select(rounds.c.id).where(rounds.c.year == year)).scalar()


def _newest(app: App) -> int:
    from core.services.command import round_of_year

    return round_of_year(app, None)
