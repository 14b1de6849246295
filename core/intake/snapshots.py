"""Keeps the bytes received, by their hash: what a city sent can be shown again, unchanged, years later."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from core.errors import Refused
from core.intake.durable import settle
from core.intake.sentences import say

_HASH = re.compile(r"[0-9a-f]{64}\Z")


class SnapshotStore:
    """A folder of files named by the SHA-256 of their content, in sub-folders of its first two digits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash lie. Raises ValueError for what is no hash."""
        if not _HASH.match(sha256):
            raise ValueError(sha256)
        return self._folder / sha256[:2] / sha256

    def keep(self, data: bytes, sha256: str | None = None) -> str:
        """Keeps the bytes and returns their hash; keeping the same bytes twice is one file.

        `sha256` is what the caller holds them for; Refused where the bytes are others. Once this returns, they are
        on the disk.
        """
        found = hashlib.sha256(data).hexdigest()
        if sha256 is not None and sha256 != found:
            raise Refused(say("snapshot", "wrong_hash", short=sha256[:12]))
        target = self.path(found)
        with contextlib.suppress(FileNotFoundError):
            if hashlib.sha256(target.read_bytes()).hexdigest() == found:
                return found
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".keep-", dir=target.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(data)
                opened.flush()
                os.fsync(opened.fileno())
            temporary.chmod(0o440)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        for folder in (target.parent, self._folder):
            settle(folder)
        return found

    def read(self, sha256: str) -> bytes:
        """The bytes of this hash, checked against it. Raises Refused where they are missing or damaged."""
        try:
            data = self.path(sha256).read_bytes()
        except FileNotFoundError as gone:
            raise Refused(say("snapshot", "missing", short=sha256[:12])) from gone
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Refused(say("snapshot", "damaged", short=sha256[:12]))
        return data

    def has(self, sha256: str) -> bool:
        """Whether a file of this hash is there; its content is not looked at."""
        return self.path(sha256).is_file()

    def all(self) -> Iterator[str]:
        """The hashes of all files, in their order; what else lies in the folder is left out."""
        for path in sorted(self._folder.glob("??/*")):
            if _HASH.match(path.name) and path.parent.name == path.name[:2]:
                yield path.name
