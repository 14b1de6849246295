"""The files of the emulated Drive: who may do what with them, and when each last changed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tests.sheets_emulator import problems
from tests.sheets_emulator.book import Book, new_book
from tests.sheets_emulator.problems import Json

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
FOLDER = "application/vnd.google-apps.folder"
ROLES = ("", "reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
START = datetime(2026, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """What the emulator takes its time from: quota minutes, tokens, times of change."""

    def now(self) -> float:
        """Seconds, since whenever."""
        ...


class RealClock:
    """The machine's own time."""

    def now(self) -> float:
        """Seconds of this machine's clock."""
        return time.time()


@dataclass
class File:
    """A spreadsheet or a folder."""

    id: str
    name: str
    mime: str
    owner: str
    created: float
    parents: list[str] = field(default_factory=list)
    app_properties: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    description: str = ""
    trashed: bool = False
    drive: str = ""  # the shared drive it lies on; nobody owns what lies there
    permissions: list[Json] = field(default_factory=list)
    book: Book | None = None
    changes: list[tuple[float, int, str]] = field(default_factory=list)  # when, version, by whom


def permission_id(email: str) -> str:
    """The id of a person's permission: the same on every file."""
    return str(int(hashlib.sha256(email.lower().encode()).hexdigest()[:16], 16)).zfill(20)


def iso(seconds: float) -> str:
    """A time as Drive writes it; a clock that does not count from 1970 is taken to start in 2026."""
    at = datetime.fromtimestamp(seconds, UTC) if seconds > 1e9 else START + timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


class State:
    """Every file, behind one lock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lag = 0.0  # seconds by which version and modifiedTime show late
        self.lock = threading.RLock()
        self.files: dict[str, File] = {}
        self.without_account: set[str] = set()  # addresses to which no Google account belongs
        self.without_storage: set[str] = set()  # who may not own a file (as service accounts made since 2025)
        self._made = 0

    def make(
        self,
        owner: str,
        name: str,
        mime: str = SPREADSHEET,
        *,
        file_id: str = "",
        book: Callable[[str], Book] | None = None,
        parents: list[str] | None = None,
    ) -> File:
        """A new file that belongs to `owner`."""
        self._made += 1
        digest = hashlib.sha256(f"{self._made}/{owner}".encode()).hexdigest()
        made = file_id or "1" + "".join(chr(ord("A") + int(sign, 16)) for sign in digest[:43])
        file = File(made, name, mime, owner, self.clock.now())
        if mime == SPREADSHEET:
            file.book = book(made) if book else new_book(made, name)
        file.parents = list(parents or ())
        file.drive = next((self.files[each].drive for each in file.parents if each in self.files), "")
        if not file.drive:
            file.permissions.append(grant(owner, "owner"))
        self.files[made] = file
        self.touch(file, owner)
        return file

    def touch(self, file: File, user: str) -> None:
        """The file has changed."""
        version = file.changes[-1][1] if file.changes else 0
        file.changes.append((self.clock.now(), version + 1, user))

    def shown(self, file: File) -> tuple[float, int, str]:
        """When the file changed last, its version and by whom: as Drive tells it, maybe late."""
        seen = [each for each in file.changes if each[0] <= self.clock.now() - self.lag]
        return seen[-1] if seen else file.changes[0]

    def role(self, file: File, user: str) -> str:
        """The highest role of a person on a file, own or from a folder above; empty for none."""
        best, seen, above = "", set(), [file]
        while above:
            each = above.pop()
            if each.id in seen:
                continue
            seen.add(each.id)
            for permission in each.permissions:
                meant = permission["type"] == "anyone" or permission.get("emailAddress", "").lower() == user.lower()
                role = permission["role"]
                if meant and ROLES.index(role) > ROLES.index(best):
                    best = role if each is file or role != "owner" else "writer"
            above += [self.files[parent] for parent in each.parents if parent in self.files]
        return best

    def may(self, file: File, user: str, role: str) -> bool:
        """Whether a person has at least this role."""
        return ROLES.index(self.role(file, user)) >= ROLES.index(role)

    def spreadsheet(self, file_id: str, user: str, role: str) -> tuple[File, Book]:
        """A spreadsheet for the Sheets interface: 404 where there is none, 403 where the person may not."""
        file = self.files.get(file_id)
        if file is None or file.book is None:
            raise problems.sheets(404, "Requested entity was not found.")
        if not self.may(file, user, role):
            raise problems.sheets(403, "The caller does not have permission")
        return file, file.book

    def file(self, file_id: str, user: str, role: str = "reader") -> File:
        """A file for the Drive interface: who may not even read it does not learn that it exists."""
        file = self.files.get(file_id)
        if file is None or not self.may(file, user, "reader"):
            raise problems.no_file(file_id)
        if not self.may(file, user, role):
            message = "The user does not have sufficient permissions for this file."
            raise problems.drive(403, "insufficientFilePermissions", message)
        return file

    def store(self, file: File, book: Book, user: str) -> None:
        """Keep what a change has made of a book."""
        file.book = book
        file.name = book.title
        self.touch(file, user)


def grant(email: str, role: str, kind: str = "user") -> Json:
    """A permission."""
    if kind == "anyone":
        return {"kind": "drive#permission", "id": "anyoneWithLink", "type": "anyone", "role": role}
    return {
        "kind": "drive#permission",
        "id": permission_id(email),
        "type": kind,
        "emailAddress": email,
        "displayName": email.partition("@")[0],
        "role": role,
        "deleted": False,
    }
