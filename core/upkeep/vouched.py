"""Rows that the ledger vouches for: each is as the act that added it left it, and none is missing or strange."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa

from core.store.tables import ledger
from core.upkeep.checks import Looked
from core.upkeep.rows import stream

Place = tuple[int, int]
_NAMED: Final = 5  # rows named in a sentence


@dataclass(frozen=True, slots=True)
class Vouched:
    """A table whose rows name their ledger entry, and are named by it.

    `key`: the two columns that a row is known by; `told`, `digest`: where the details of a ledger entry say which
    rows it added and what their digest is; `digest_of` computes it. `name`: what people call a row.
    """

    table: sa.Table
    key: tuple[str, str]
    told: str
    digest: str
    digest_of: Callable[[Iterable[Mapping[str, Any]]], str]
    name: str

    def looked(self, connection: sa.Connection) -> Looked:
        """Every row is as the ledger has it, by the SHA-256 in its details and the time; none is missing or strange."""
        looked = Looked()
        columns = self.table.c
        ordered = sa.select(self.table).order_by(columns.ledger_id, *(columns[name] for name in self.key))
        told = stream(connection, self._telling())
        entry = next(told, None)
        for number, rows in groupby(stream(connection, ordered), attrgetter("ledger_id")):
            theirs = list(rows)
            looked.count += len(theirs)
            while entry is not None and entry.id < number:
                looked.problems += self._changed(entry, [])
                entry = next(told, None)
            if entry is not None and entry.id == number:
                looked.problems += self._changed(entry, theirs)
                entry = next(told, None)
            else:
                looked.problems.append(f"{self.places(theirs)}：操作留痕第 {number} 条没有记下")
        while entry is not None:
            looked.problems += self._changed(entry, [])
            entry = next(told, None)
        return looked

    def places(self, rows: Sequence[Any]) -> str:
        """`办理经过 12-3、12-4`: what the rows are known by."""
        return f"{self.name} " + _named([self._place(row) for row in rows])

    def _place(self, row: Any) -> Place:
        first, second = (getattr(row, name) for name in self.key)
        return first, second

    def _telling(self) -> sa.Select[Any]:
        """The entries of the ledger that tell of such rows."""
        text = sa.cast(ledger.c.details, sa.Text)
        query = sa.select(ledger.c.id, ledger.c.at, ledger.c.details)
        return query.where(text.contains(self.digest)).order_by(ledger.c.id)

    def _changed(self, entry: Any, rows: Sequence[Any]) -> Iterator[str]:
        """What of the rows that one act added is not as the ledger has it."""
        details: Mapping[str, Any] = entry.details
        held = {self._place(row): row for row in rows}
        made = [(first, second) for first, second, *_ in details.get(self.told, ())]
        missing = [place for place in made if place not in held]
        if missing:
            yield f"操作留痕第 {entry.id} 条记下的{self.name} {_named(missing)}不在了"
            return
        strange = [row for place, row in held.items() if place not in set(made)]
        if strange:
            yield f"{self.places(strange)}：操作留痕第 {entry.id} 条没有记下"
            return
        if self.digest_of(held[place]._mapping for place in made) != details.get(self.digest):
            yield f"操作留痕第 {entry.id} 条办理的{self.places(rows)}与它的校验值不符，内容改动过"
        elif any(row.at != entry.at for row in rows):
            yield f"操作留痕第 {entry.id} 条办理的{self.places(rows)}的登记时间改动过"


def _named(places: Sequence[Place]) -> str:
    told = "、".join(f"{first}-{second}" for first, second in places[:_NAMED])
    return told if len(places) <= _NAMED else f"{told} 等 {len(places):,} 条"
