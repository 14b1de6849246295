"""What the lists of a round are asked from: its cases and their entries, now or as was known on a past day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.bootstrap import App
from core.lifecycle.entries import Entry
from core.publication.lists import ListedObject
from core.services.case_files import CaseFile, case_files, places, replayed
from core.services.looking_back import Look


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which round, and from when one looks; `as_of` is the past day, None for now."""

    app: App
    connection: sa.Connection
    round_id: int
    year: int
    seen: Look
    as_of: date | None

    def files(self, ids: Iterable[int]) -> list[CaseFile]:
        """Cases of which something was known."""
        found = case_files(self.connection, sorted(set(ids)))
        return [file for file in found if self.counted(file)]

    def counted(self, file: CaseFile) -> list[Entry]:
        """The entries of a case that counted."""
        return file.counted(self.seen.known_by)

    def status(self, file: CaseFile) -> tuple[str | None, date | None]:
        """Where a case stood, and since when."""
        state = replayed(self.seen.lives.of(file.standard_id), file, self.seen.day, self.seen.known_by)
        return state.status, state.since

    def line(self, file: CaseFile, on: date = date.max, told: tuple[str, ...] = ()) -> ListedObject:
        """A case as it was called on a day, by what was known; `told` is for the list's own columns."""
        called = file.identity(on, self.seen.known_by)
        return ListedObject(places()[file.city][1], file.city, called.name, file.kind, called.operator, told)


@dataclass(frozen=True, slots=True)
class Answer:
    """The lines of a list in any order, and what a Listing says of them."""

    objects: Iterable[ListedObject]
    source: str
    empty: str = ""
    page: str = ""
