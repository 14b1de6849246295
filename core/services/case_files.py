"""Cases as the store holds them: who they are, and every entry of their lives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache, lru_cache
from itertools import chain, groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, TypeAlias, TypeVar

import sqlalchemy as sa

from core.lifecycle.entries import NOTHING, Entry, Identity, identity, reached, standing
from core.lifecycle.replay import Life, State
from core.standards.recommenders import recommenders
from core.store.tables import case_events, cases

AT_ONCE: Final = 500  # ids in one question: databases have a limit
UNTOLD: Final = datetime.combine(date.min, time.min)
STREAMED: Final = 250  # rows held at a time: few enough to be gone before garbage is looked for
One = TypeVar("One")
_NO_MORE: Final[tuple[int, Iterator[Any]]] = (0, iter(()))
_BARE: Final = ("number", "type", "day", "place", "voids")
_WHOLE: Final = (*_BARE, "at", "document", "why", "ledger_id")
_Made: TypeAlias = Callable[[Iterable[Any]], list[Entry]]
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


def case_files(connection: sa.Connection, ids: Sequence[int] | None = None) -> Iterator[CaseFile]:
    """Cases with their entries, by number: those named, or all of them, one after the other."""
    yield from _chosen(connection, ids, _happened(_WHOLE), _entries)


def bare_files(
    connection: sa.Connection, ids: Sequence[int] | None = None, known_by: datetime | None = None
) -> Iterator[CaseFile]:
    """The same with what a standing rests on, for a hundred thousand at a time; `known_by`: as entered by that moment.

    Entries lack document numbers, reasons, the ledger's numbers and when they were entered: `at` is `UNTOLD`.
    """
    happened = _happened(_BARE)
    if known_by is not None:
        happened = happened.where(case_events.c.at <= known_by)
    yield from _chosen(connection, ids, happened, _bare)


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


def _happened(names: Sequence[str]) -> sa.Select[Any]:
    """The entries by case, `data` as the text that it is kept as: see `_facts`."""
    table = case_events.c
    asked = (table[name] for name in names)
    return sa.select(table.case_id, sa.cast(table.data, sa.Text), *asked).order_by(table.case_id, table.number)


def _chosen(
    connection: sa.Connection, ids: Sequence[int] | None, happened: sa.Select[Any], made: _Made
) -> Iterator[CaseFile]:
    asked = sa.select(cases).order_by(cases.c.id)
    if ids is None:
        yield from _read(connection, asked, happened, made)
        return
    for some in in_batches(sorted(set(ids))):
        named = asked.where(cases.c.id.in_(some)), happened.where(case_events.c.case_id.in_(some))
        yield from _read(connection, *named, made)


def _read(
    connection: sa.Connection, asked: sa.Select[Any], happened: sa.Select[Any], made: _Made
) -> Iterator[CaseFile]:
    by_case = groupby(_streamed(connection, happened), itemgetter(0))
    case_id, theirs = next(by_case, _NO_MORE)
    # rows are taken apart at once: asking one for each value by its name takes ten times as long
    for number, kind, category, city, name, operator, uscc, *held in _streamed(connection, asked):
        file = CaseFile(number, kind, category, city, Identity(name, operator, uscc), *held)
        if case_id == file.id:
            file.entries = made(theirs)
            case_id, theirs = next(by_case, _NO_MORE)
        yield file


def _entries(rows: Iterable[Any]) -> list[Entry]:
    return [
        Entry(number, type_, day, place, at, voids, _facts(data), document, why, ledger_id)
        for _, data, number, type_, day, place, voids, at, document, why, ledger_id in rows
    ]


def _bare(rows: Iterable[Any]) -> list[Entry]:
    # made of a tuple: a call with names for values takes twice as long, and there are a million of them
    return [
        Entry._make((number, type_, day, place, UNTOLD, voids, _facts(data), "", "", 0))
        for _, data, number, type_, day, place, voids in rows
    ]


@lru_cache(maxsize=4096)
def _facts(text: str | None) -> Mapping[str, Any]:
    """What an entry holds, never to be changed. Most say what others say: reading each anew was a fifth of a replay."""
    return MappingProxyType(json.loads(text) or {}) if text else NOTHING


def _streamed(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    return chain.from_iterable(_parts(connection, query))


def _parts(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Any]:
    # closed with this generator, even where it is left half read
    with connection.execute(query, execution_options={"yield_per": STREAMED}) as found:
        yield from found.partitions()
