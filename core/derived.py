"""Counts that come from rows rather than from a cell: titled enterprises (附件2 note 2) and events (附件1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from core.standards.edition import Edition
from core.standards.threshold import Ref
from sheets_schema.fold import fold_key
from sheets_schema.rows import Field, Row


@dataclass(frozen=True, slots=True)
class Derived:
    """A count made of rows. `value` is None where a row cannot be used; `cells` then names what is wrong."""

    value: int | None
    cells: tuple[str, ...]


# codes and names come again and again: in every round, every judging, every comparison with a baseline
folded: Final = lru_cache(maxsize=1 << 16)(fold_key)
EMPTY: Final = Field("", "", "", None)


def count_titles(rows: Sequence[Row], edition: Edition) -> dict[tuple[str, str], Derived]:
    """The count of each title, every enterprise once under its heaviest; {} without rows.

    Its 统一社会信用代码 identifies an enterprise, else its name; a row without code is the enterprise of that name
    that has one. A row whose identity or titles cannot be read leaves all counts unknown.
    """
    if not rows:
        return {}
    roster = edition.roster
    faults: list[str] = []
    codes: dict[str, str] = {}
    for row in rows:
        code, name, titles = _field(row, roster.code), _field(row, roster.name), _field(row, roster.titles)
        if code.error is not None or (code.value is None and name.value is None):
            faults.append(_place(row, roster.code))
        if titles.value is None:
            faults.append(_place(row, roster.titles))
        if code.value is not None and name.value is not None:
            codes.setdefault(folded(str(name.value)), folded(str(code.value)))
    if faults:
        return {title.column: Derived(None, tuple(faults)) for title in edition.titles}
    order = [title.name for title in edition.titles]
    heaviest: dict[str, int] = {}
    for row in rows:
        titles_held = row.value(roster.titles.column)
        held = [order.index(one) for one in titles_held if one in order] if isinstance(titles_held, tuple) else []
        if held:
            identity = _identity(row, edition, codes)
            heaviest[identity] = min(*held, heaviest.get(identity, len(order)))
    counted = list(heaviest.values())
    cells = tuple(_place(row, roster.titles) for row in rows)
    return {title.column: Derived(counted.count(at), cells) for at, title in enumerate(edition.titles)}


def count_events(rows: Sequence[Row], edition: Edition, as_of: date) -> dict[tuple[str, str], Derived]:
    """The number of events with enough enterprises; {} without rows, unknown where one cannot be read."""
    if not rows:
        return {}
    rule = edition.events
    attendances = [row.value(rule.attendance.column) for row in rows]
    faults = [_place(row, rule.attendance) for row, one in zip(rows, attendances, strict=True) if one is None]
    if faults:
        return {rule.column: Derived(None, tuple(faults))}
    enough = sum(isinstance(one, (int, Decimal)) and rule.minimum.meets(one, as_of) for one in attendances)
    return {rule.column: Derived(enough, tuple(_place(row, rule.attendance) for row in rows))}


def _identity(row: Row, edition: Edition, codes: Mapping[str, str]) -> str:
    code = row.value(edition.roster.code.column)
    if code is not None:
        return folded(str(code))
    name = folded(str(row.value(edition.roster.name.column)))
    return codes.get(name, "名称：" + name)


def _field(row: Row, ref: Ref) -> Field:
    return row.fields.get(ref.column, EMPTY)


def _place(row: Row, ref: Ref) -> str:
    cell = _field(row, ref).cell
    return f"{row.sheet}!{cell}" if cell else f"{row.sheet}第{row.number}行"
