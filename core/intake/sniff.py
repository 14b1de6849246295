"""What a file really is, by its content; the suffix is only what somebody called it.

Reads the first and last bytes, and of a zip its directory of members. Nothing is unpacked or parsed.
"""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from typing import BinaryIO

MAX_FILE = 50 * 1024 * 1024
MAX_PARTS = 5_000
MAX_DIRECTORY = 2 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = b"PK\x05\x06"
_HEAD = 8192
_ENCODINGS = (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"))


@dataclass(frozen=True, slots=True)
class Sniffed:
    """`code` is `ok` for an xlsx workbook, else a code of `[file]` in messages.toml with its `values`."""

    code: str
    values: tuple[tuple[str, object], ...] = ()


def sniff(source: BinaryIO, size: int) -> Sniffed:
    """Names what is in a seekable binary file of `size` bytes. Raises OSError where reading fails."""
    if size == 0:
        return Sniffed("empty")
    if size > MAX_FILE:
        megabytes = 1024 * 1024
        return Sniffed("too_large", (("size", -(-size // megabytes)), ("limit", MAX_FILE // megabytes)))
    source.seek(0)
    head = source.read(_HEAD)
    if not head.strip(b"\0"):
        return Sniffed("incomplete")  # sync programs reserve the room first and fill it later
    if head.startswith(b"PK"):
        return _zip(source, size)
    if head.startswith(_OLE):
        return _ole(source)
    return _text(source, head)


def _zip(source: BinaryIO, size: int) -> Sniffed:
    source.seek(max(0, size - 65_557))  # the end record may be followed by a comment of up to 65,535 bytes
    tail = source.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        return Sniffed("incomplete")
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    if entries > MAX_PARTS or directory > MAX_DIRECTORY:
        return Sniffed("too_many_parts", (("limit", MAX_PARTS),))
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                return Sniffed("too_many_parts", (("limit", MAX_PARTS),))
            return _members(archive, members)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, struct.error):
        return Sniffed("damaged")


def _members(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Sniffed:
    names = {member.filename.replace("\\", "/").lstrip("/").lower() for member in members}
    if any(member.flag_bits & 0x1 for member in members):
        return Sniffed("encrypted")
    if any(name.endswith("vbaproject.bin") for name in names):
        return Sniffed("macros")
    if "xl/workbook.bin" in names:
        return Sniffed("binary_workbook")
    if "[content_types].xml" in names and any(
        name.startswith("xl/") or name.endswith("workbook.xml") for name in names
    ):
        return Sniffed("ok")
    kind = next((member for member in members if member.filename == "mimetype"), None)
    if kind is not None and kind.file_size < 200 and b"spreadsheet" in archive.read(kind):
        return Sniffed("ods")
    return Sniffed("not_a_workbook")


def _ole(source: BinaryIO) -> Sniffed:
    import olefile  # only where it is needed: most folders hold no such file

    source.seek(0)
    try:
        with olefile.OleFileIO(source) as compound:
            streams = {"/".join(path).lower() for path in compound.listdir()}
    except Exception:  # noqa: BLE001 - hostile bytes may make the library raise anything
        return Sniffed("damaged")
    if "encryptedpackage" in streams:
        return Sniffed("encrypted")
    if streams & {"workbook", "book"}:
        return Sniffed("old_xls")
    return Sniffed("not_a_workbook")


def _text(source: BinaryIO, head: bytes) -> Sniffed:
    if head.startswith((b"\x09\x08", b"\x09\x00\x04", b"\x09\x02\x06", b"\x09\x04\x06")):
        return Sniffed("old_xls")  # BIFF without its container
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[tuple[str, str], ...] = (("utf-16", "UTF-16"),)
    elif b"\0" in head:
        return Sniffed("not_a_workbook")
    else:
        encodings = _ENCODINGS
    source.seek(0)
    data = source.read()
    for encoding, label in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _markup_or_lines(text.lstrip("\ufeff \t\r\n"), label)
    return Sniffed("not_a_workbook")


def _markup_or_lines(text: str, label: str) -> Sniffed:
    start = text[:2048].lower()
    if start.startswith("mime-version:"):
        return Sniffed("html")
    if start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            return Sniffed("xml_2003")
        marks = ("<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<style")
        return Sniffed("html" if any(mark in start for mark in marks) else "not_a_workbook")
    first = text.splitlines()[0] if text else ""
    if any(mark in first for mark in (",", "\t", ";")):
        return Sniffed("csv", (("encoding", label),))
    return Sniffed("not_a_workbook")
