"""Cases as the store holds them: who they are, and every entry of their lives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from core.lifecycle.entries import NOTHING, Entry, Identity, identity, reached, standing
from core.lifecycle.replay import Life, State
from core.standards.recommenders import recommenders
from core.store.tables import case_events, cases

AT_ONCE: Final = 500  # ids in one question: databases have a limit
STREAMED: Final = 250  # rows held at a time: few enough to be gone before garbage is looked for
One = TypeVar("One")
_NO_MORE: Final[tuple[int, Iterator[Any]]] = (0, iter(()))
_ENTRY: Final = tuple(case_events.c[name] for name in Entry._fields)
_TEXTS: Final = len(("document", "why", "ledger_id"))  # the last of them
STORED: Final = ("number", "type", "day", "place", "voids", "document", "why", "data")


@dataclass(slots=True)
class CaseFile:
    """One platform or base for its whole life. `first` is what it was called when its file was begun."""

    id: int
    kind: str
    category: str
    city: str
    first: Identity
    standard_id: str
    round_id: int | None
    application_id: int | None
    version: int
    entries: list[Entry] = field(default_factory=list)

    def counted(self, known_by: datetime | None = None) -> list[Entry]:
        """The entries that count, in order."""
        return standing(self.entries, known_by)

    def identity(self, on: date = date.max, known_by: datetime | None = None) -> Identity:
        """What it is called on a day."""
        return identity(self.first, self.counted(known_by), on)


def case_files(connection: sa.Connection, ids: Sequence[int] | None = None, texts: bool = True) -> Iterator[CaseFile]:
    """Cases with their entries, by number: those named, or all of them, one after the other.

    Without `texts` entries lack document numbers, reasons and the ledger's numbers, which no standing rests on.
    """
    columns = _ENTRY if texts else _ENTRY[:-_TEXTS]
    if ids is None:
        yield from _read(connection, columns, None)
        return
    for some in in_batches(sorted(set(ids))):
        yield from _read(connection, columns, some)


def replayed(life: Life, file: CaseFile, on: date = date.max, known_by: datetime | None = None) -> State:
    """The state of a case on a day. Where a history does not hold, which use cases prevent, the last that did."""
    return reached(life, file.counted(known_by), on)


def in_batches(many: Sequence[One]) -> Iterator[Sequence[One]]:
    """Some hundreds at a time."""
    return (many[start : start + AT_ONCE] for start in range(0, len(many), AT_ONCE))


@cache
def places() -> Mapping[str, tuple[int, str]]:
    """The position in official order and the division code of each recommender, by name."""
    return {each.name: (place, each.code) for place, each in enumerate(recommenders())}


def events_digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over entries as the store holds them: the ledger keeps it, so that a changed entry shows."""
    plain = [
        [row["case_id"], *(value.isoformat() if isinstance(value := row[name], date) else value for name in STORED)]
        for row in rows
    ]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read(
    connection: sa.Connection, columns: Sequence[sa.ColumnElement[Any]], ids: Sequence[int] | None
) -> Iterator[CaseFile]:
    asked, happened = sa.select(cases), sa.select(case_events.c.case_id, *columns)
    if ids is not None:
        asked, happened = asked.where(cases.c.id.in_(ids)), happened.where(case_events.c.case_id.in_(ids))
    rows = _streamed(connection, happened.order_by(case_events.c.case_id, case_events.c.number))
    by_case = groupby(rows, itemgetter(0))
    case_id, theirs = next(by_case, _NO_MORE)
    # rows are taken apart at once: asking one for each value by its name takes ten times as long
    for number, kind, category, city, name, operator, uscc, *held in _streamed(connection, asked.order_by(cases.c.id)):
        file = CaseFile(number, kind, category, city, Identity(name, operator, uscc), *held)
        if case_id == file.id:
            file.entries = [
                Entry(number, type_, day, place, at, voids, data or NOTHING, *more)
                for _, number, type_, day, place, at, voids, data, *more in theirs
            ]
            case_id, theirs = next(by_case, _NO_MORE)
        yield file


def _streamed(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    return chain.from_iterable(_parts(connection, query))


def _parts(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    # closed with this generator, even where it is left half read
    with connection.execute(query, execution_options={"yield_per": STREAMED}) as found:
        yield from found.partitions()
