"""A workbook that a person uploads: under which name it is kept, and how it is read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from core.intake.workbooks import ReadBook, read_books

_LONGEST_NAME: Final = 80  # characters of a file's name: three bytes each, and a folder takes 255


def called(name: str, nameless: str) -> str:
    """A file's name as a person sent it, without folders and signs that no file can have, and not too long.

    `nameless`: what it is called where nothing is left of it.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if sign.isprintable()).strip()
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > len("xlsx"):
        stem, suffix = plain, ""
    stem = stem[: _LONGEST_NAME - len(suffix)].strip(". ")
    return f"{stem}{dot and '.'}{suffix}" if stem and suffix else stem or nameless


def read_upload(data: bytes, name: str, nameless: str) -> ReadBook:
    """The workbook in these bytes, read by the same child process as every workbook."""
    with tempfile.TemporaryDirectory(prefix="shifan-") as folder:
        path = Path(folder) / called(name, nameless)
        path.write_bytes(data)
        [read] = read_books([path])
    return read
