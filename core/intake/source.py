"""Where the workbooks of a round come from: one interface, whatever lies behind it (a folder, online sheets).

Cells come as `RawBook`s and go back as rows of 审核反馈; nothing above this knows paths, requests or libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from core.errors import FileRefused
from core.intake.feedback import FeedbackRow
from sheets_schema.cells import RawBook
from sheets_schema.help import Guide

Progress = Callable[[int, int, str], None]
Level = Literal["ok", "notice", "error"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a source can do, for those who tell people what to expect of it.

    `protects`: headers and the province's sheets can be closed to the city. `beside`: feedback can go into a file of
    its own where the workbook cannot be written. `live`: the city sees what is written without opening anything anew.
    """

    protects: bool
    beside: bool
    live: bool


class BookEntry(Protocol):
    """One book as listed: cheap, its cells are not read. `key` is what the source knows it by."""

    @property
    def key(self) -> str:
        """What the source knows it by."""

    @property
    def name(self) -> str:
        """What people know it by."""

    @property
    def city(self) -> str | None:
        """The recommender that it is of; None where only its content tells."""

    @property
    def year(self) -> int | None:
        """The year that its name tells."""

    @property
    def modified(self) -> datetime | None:
        """When it was last changed, as far as the source tells."""

    @property
    def state(self) -> str:
        """A stable code: ok, or what is wrong."""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do; '' where nothing is."""

    @property
    def readable(self) -> bool:
        """Whether it is to be read."""

    @property
    def level(self) -> Level:
        """`error`: somebody has to do something before it is read; `notice`: worth knowing."""


class BookRead(Protocol):
    """One book as read: exactly one of `raw` and `problem` is there. `sha256` is of `data`, the bytes that are kept."""

    @property
    def name(self) -> str:
        """What people know it by."""

    @property
    def sha256(self) -> str:
        """Of `data`."""

    @property
    def data(self) -> bytes:
        """The bytes that are kept."""

    @property
    def raw(self) -> RawBook | None:
        """Its cells; None where there is a problem."""

    @property
    def problem(self) -> FileRefused | None:
        """Why it could not be read."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The version of a book that feedback answers. `sha256` is the newest one known to hold the same content.

    `data` gives the bytes as taken in, for a source that has to find where a row stands by now.
    """

    sha256: str
    data: Callable[[], bytes]


class Written(Protocol):
    """What became of the feedback: where it is (`name`), the version that holds it, and a sentence for people.

    The version is '' where the book had changed by then so that lines name other cells: it is to be sent again, should
    the book be as it was taken in.
    """

    @property
    def way(self) -> Literal["in_book", "beside", "unchanged"]:
        """Where the feedback went."""

    @property
    def name(self) -> str:
        """What people know it by."""

    @property
    def new_sha256(self) -> str:
        """Of the version that holds it."""

    @property
    def sentence(self) -> str:
        """What is wrong and what to do; '' where nothing is."""


@dataclass(frozen=True, slots=True)
class BookWanted:
    """A book of one city that is to be there, made from the schema. `title` is its name without a suffix.

    Where the source shares with people: `email` is of whoever fills it in, `key` of the book known to be the city's,
    and `anew` says to make another where that one is gone.
    """

    city: str
    year: int
    title: str
    email: str = ""
    key: str = ""
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What all books of a round are made with. `guide`: by (sheet, column), which standard a column feeds.

    `place` is where they are put, for a source that has places ('' for none).
    """

    guide: Guide
    program_version: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one wanted book. `state`: made, repaired, kept (complete already), gone, failed."""

    city: str
    name: str
    state: Literal["made", "repaired", "kept", "gone", "failed"]
    sentence: str
    key: str = ""
    link: str = ""


class Source(Protocol):
    """What every source offers. Refusals are `core.errors.Refused` with a sentence for people."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    def books(self) -> Sequence[BookEntry]:
        """Every book that is there, and what is wrong with it."""

    def read(self, entries: Sequence[BookEntry], progress: Progress | None = None) -> Sequence[BookRead]:
        """Reads books, in the order given; never raises for what one of them holds."""

    def holds(self, entry: BookEntry, versions: Collection[str]) -> bool:
        """Whether a book, as far as a cheap look tells, is one of the versions (SHA-256) known."""

    def write_feedback(self, key: str, taken: Taken, rows: Sequence[FeedbackRow], now: datetime) -> Written:
        """Puts the rows into the province's sheet of a book. Raises Refused where they could not be put anywhere."""

    def create(self, wanted: Sequence[BookWanted], terms: Terms, progress: Progress | None = None) -> Sequence[Made]:
        """Makes what is not there yet; nothing that a city has filled in is ever touched."""
