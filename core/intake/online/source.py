"""The cities' online sheets as a source of workbooks."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Collection, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Final, Literal

from core.clock import SHANGHAI
from core.errors import FileRefused
from core.intake.feedback import FeedbackRow
from core.intake.online import drive
from core.intake.online.answer import FIELDS, book_of, is_snapshot, snapshot, taken_book
from core.intake.online.clock import OnlineClock
from core.intake.online.faults import OnlineFault, say
from core.intake.online.feedback import write_feedback
from core.intake.source import BookEntry, BookWanted, Capabilities, Level, Made, Progress, Taken, Terms
from core.intake.workbooks import read_books
from sheets_schema.cells import RawBook

if TYPE_CHECKING:
    from core.intake.online.client import OnlineClient

AT_ONCE: Final = 4
# Drive's version tells that a book is as it was, but may tell so minutes late: after a while a book is read anyway.
TRUSTED: Final = 30 * 60.0  # seconds
# What concerns the connection and not one book. Asking for the others would only take more of everybody's time.
_FOR_ALL: Final = frozenset(
    {"no_network", "untrusted", "key_missing", "key_damaged", "key_refused", "key_clock", "api_off", "no_room"}
    | {"quota", "busy"}
)


@dataclass(frozen=True, slots=True)
class OnlineBook:
    """Whose online sheet is which. `title` is the one it was given, '' where nobody knows."""

    city: str
    spreadsheet_id: str
    title: str


@dataclass(frozen=True, slots=True)
class OnlineEntry:
    """One online sheet as Drive tells of it. `key` is the spreadsheet's id, `name` its title of today.

    `state` is ok, other_title (renamed, read all the same), trashed, or the code of a fault of this one book;
    `sentence` names the book, what is wrong and what to do. `version` changes with every change.
    """

    key: str
    name: str
    city: str
    year: int
    modified: datetime | None
    state: str
    sentence: str
    version: str = ""

    @property
    def readable(self) -> bool:
        """Whether the book is to be read."""
        return self.state in ("ok", "other_title")

    @property
    def level(self) -> Level:
        """`error`: somebody has to do something before the book is read; `notice`: worth knowing."""
        return "ok" if self.state == "ok" else "notice" if self.readable else "error"


@dataclass(frozen=True, slots=True)
class OnlineRead:
    """One online sheet as read; `data` is its snapshot (core.intake.online.answer), '' and b"" where there is none."""

    name: str
    sha256: str
    data: bytes = field(repr=False)
    raw: RawBook | None
    problem: FileRefused | None


@dataclass(frozen=True, slots=True)
class OnlineWritten:
    """What became of feedback. What the province writes is no content, so the version is the one taken in, or ''."""

    way: Literal["in_book", "unchanged"]
    name: str
    new_sha256: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A book as last read, the version that Drive told of before, and when that was."""

    version: str
    at: float
    read: OnlineRead


class OnlineSource:
    """Online sheets of one round. `remembered` keeps what was read as long as Drive tells of no other version."""

    capabilities = Capabilities(protects=True, beside=False, live=True)

    def __init__(
        self,
        client: OnlineClient,
        books: Sequence[OnlineBook],
        year: int,
        remembered: MutableMapping[Any, Any],
        lock: Lock,
        *,
        clock: OnlineClock | None = None,
    ) -> None:
        self._client, self._year, self._lock = client, year, lock
        self._listed = {book.spreadsheet_id: book for book in books}
        self._known: dict[str, _Known] = remembered.setdefault("online", {})
        self._clock = clock or OnlineClock()

    def books(self) -> list[OnlineEntry]:
        """Every sheet, and what is wrong with it. One call of Drive each, none of Sheets.

        Raises OnlineFault where the connection is at fault, or every single book.
        """
        listed = list(self._listed.values())
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="online-look") as pool:
            asked = [pool.submit(self._look, book) for book in listed]
            try:
                found = [each.result() for each in asked]
            finally:
                pool.shutdown(cancel_futures=True)
        faults = [fault for _, fault in found if fault is not None and fault.code in ("timed_out", "service_down")]
        if faults and len(faults) == len(found):
            raise faults[0]
        return [entry for entry, _ in found]

    def read(self, entries: Sequence[BookEntry], progress: Progress | None = None) -> list[OnlineRead]:
        """Reads sheets, a few at once; those that Drive tells no change of are not read again for half an hour."""
        results: dict[int, OnlineRead] = {}

        def done(at: int, read: OnlineRead) -> None:
            results[at] = read
            if progress is not None:
                progress(len(results), len(entries), entries[at].name)

        stopped = _Stop()
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="online-read") as pool:
            asked = {}
            for at, entry in enumerate(entries):
                known = self._current(entry)
                if known is not None and self._clock.now() - known.at < TRUSTED:
                    done(at, known.read)
                else:
                    asked[pool.submit(self._read, entry, stopped)] = at
            try:
                for each in as_completed(asked):
                    done(asked[each], each.result())
            finally:
                pool.shutdown(cancel_futures=True)
        return [results[at] for at in range(len(entries))]

    def holds(self, entry: BookEntry, versions: Collection[str]) -> bool:
        """By the reading that is remembered; False where the sheet has changed since, or was never read."""
        known = self._current(entry)
        return known is not None and known.read.sha256 in versions

    def write_feedback(self, key: str, taken: Taken, rows: Sequence[FeedbackRow], now: datetime) -> OnlineWritten:
        """Into 审核反馈 of the sheet as it is by now, each row with the cell where it stands by then."""
        book = _taken(taken.data()) if any(row.cell for row in rows) else RawBook("")
        way, moved = write_feedback(self._client, key, book, rows, now)
        code = way if rows or way == "unchanged" else "in_book_cleared"
        name = self._listed[key].title if key in self._listed and self._listed[key].title else book.name or key
        sentence = f"{name}：{say('feedback', code, count=len(rows))}"
        # cells that have moved may move back, and then the content is the one taken in but the lines name others
        return OnlineWritten(way, name, "" if moved and way == "in_book" else taken.sha256, sentence)

    def create(self, wanted: Sequence[BookWanted], terms: Terms, progress: Progress | None = None) -> list[Made]:
        """Makes the sheets that are not there, repairs the others, shares them with those who fill them in."""
        from core.intake.online import creating

        sheets = [
            creating.SheetWanted(
                city=each.city,
                year=each.year,
                name=each.title,
                mark=f"{each.year}-{each.city}",
                email=each.email,
                id=each.key,
                anew=each.anew,
            )
            for each in wanted
        ]
        how = creating.Terms(terms.place, terms.guide, terms.program_version, self._clock)
        return creating.create_books(self._client, sheets, how, progress)

    def _look(self, book: OnlineBook) -> tuple[OnlineEntry, OnlineFault | None]:
        title = book.title or f"{self._year}-{book.city}"
        plain = OnlineEntry(book.spreadsheet_id, title, book.city, self._year, None, "ok", "")
        try:
            head = drive.head(self._client, book.spreadsheet_id)
            if head.kind != drive.SPREADSHEET:
                raise OnlineFault("not_a_sheet")
        except OnlineFault as fault:
            if fault.code in _FOR_ALL:
                raise
            return _said(plain, fault.code, str(fault)), fault
        modified = datetime.fromisoformat(head.modified).astimezone(SHANGHAI) if head.modified else None
        found = OnlineEntry(
            book.spreadsheet_id, head.name or title, book.city, self._year, modified, "ok", "", head.version
        )
        if head.trashed:
            return _said(found, "trashed", say("book", "trashed")), None
        if book.title and found.name != book.title:
            return _said(found, "other_title", say("book", "other_title", title=book.title)), None
        return found, None

    def _current(self, entry: BookEntry) -> _Known | None:
        """What is remembered of a book, if Drive still tells of the same version."""
        known = self._known.get(entry.key)
        version = entry.version if isinstance(entry, OnlineEntry) else ""
        return known if known is not None and version and known.version == version else None

    def _read(self, entry: BookEntry, stopped: _Stop) -> OnlineRead:
        """One sheet, in a thread of its own. The version it is remembered by was asked for before its content."""
        problem = stopped.problem(entry.name)
        if problem is not None:
            return OnlineRead(entry.name, "", b"", None, problem)
        at = self._clock.now()
        try:
            answer = self._client.spreadsheet(entry.key, fields=FIELDS, grid=True)
            raw, data = book_of(answer), snapshot(answer)
        except FileRefused as refused:
            return OnlineRead(entry.name, "", b"", None, refused)
        except OnlineFault as fault:
            if fault.code in _FOR_ALL:
                stopped.because(fault)
            return OnlineRead(entry.name, "", b"", None, FileRefused(entry.name, fault.code, str(fault)))
        read = OnlineRead(entry.name, hashlib.sha256(data).hexdigest(), data, raw, None)
        if isinstance(entry, OnlineEntry):
            with self._lock:
                self._known[entry.key] = _Known(entry.version, at, read)
        return read


class _Stop:
    """Tells threads that the connection as a whole is at fault."""

    def __init__(self) -> None:
        self._set, self._fault = Event(), OnlineFault("no_network")

    def because(self, fault: OnlineFault) -> None:
        """What happened; later reads have no chance."""
        self._fault = fault
        self._set.set()

    def problem(self, name: str) -> FileRefused | None:
        """Why a book is not even asked for; None while nothing is wrong."""
        return FileRefused(name, self._fault.code, str(self._fault)) if self._set.is_set() else None


def _said(entry: OnlineEntry, state: str, sentence: str) -> OnlineEntry:
    return replace(entry, state=state, sentence=f"{entry.name}：{sentence}")


def _taken(data: bytes) -> RawBook:
    """The book as taken in. That of a city that has changed over from the folder since is a file."""
    if is_snapshot(data):
        return taken_book(data)
    with tempfile.TemporaryDirectory(prefix="shifan-") as folder:
        path = Path(folder) / "taken.xlsx"
        path.write_bytes(data)
        [read] = read_books([path])
    return read.raw or RawBook("")
