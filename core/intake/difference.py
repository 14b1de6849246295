"""What a workbook that came in changes of what is held: shown to a person before anything is taken in. Pure.

Works on records (`Application.to_record`): `{"rows": {sheet: [{"row": 5, "key": "...", "fields":
{column: [cell, raw, tag, value, error]}}]}}`. Where a row stands plays no part: cities sort and insert. Typing a
value another way (`1,200` for `1200`) is no change either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from core.records import shown

Record = Mapping[str, Any]
Row = Mapping[str, Any]

NAME_SHEET, NAME_COLUMN = "推荐汇总表", "平台（基地）名称"
IDENTITY = "编号"  # what rows are matched by: typed another way it is no change

# Sheets with several rows an applicant, and what tells the rows apart: all of it together, then each alone.
LINE_KEYS: dict[str, tuple[str, ...]] = {
    "优质企业名录": ("企业名称", "统一社会信用代码"),
    "线下活动": ("活动名称", "活动日期"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An applicant that came or went."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CellChange:
    """One value: texts as typed, '' where there is none. `line` names the row of a sheet with several, else ''."""

    id: str
    name: str
    sheet: str
    line: str
    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LineChange:
    """A whole row of a sheet that came or went; `text` is its values."""

    id: str
    name: str
    sheet: str
    what: Literal["added", "removed"]
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Applicants added and gone, cells changed, rows of the several-row sheets added or removed, and the ids that stay.

    In the order of the new workbook; those gone in the order held.
    """

    added: tuple[Entry, ...]
    changed: tuple[CellChange, ...]
    lines: tuple[LineChange, ...]
    gone: tuple[Entry, ...]
    unchanged: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether taking in would change nothing."""
        return not (self.added or self.changed or self.lines or self.gone)


def difference(held: Mapping[str, Record], new: Mapping[str, Record]) -> Difference:
    """Compares the records held of one workbook with those that came in, both by the applicant's 编号."""
    changed: list[CellChange] = []
    lines: list[LineChange] = []
    unchanged: list[str] = []
    for key, record in new.items():
        if key in held:
            cells, rows = _compared(key, held[key], record)
            changed += cells
            lines += rows
            if not cells and not rows:
                unchanged.append(key)
    return Difference(
        added=tuple(Entry(key, name_of(record)) for key, record in new.items() if key not in held),
        changed=tuple(changed),
        lines=tuple(lines),
        gone=tuple(Entry(key, name_of(record)) for key, record in held.items() if key not in new),
        unchanged=tuple(unchanged),
    )


def name_of(record: Record) -> str:
    """The applicant's name as typed, '' where there is none."""
    rows = record["rows"].get(NAME_SHEET) or ()
    return _raw(rows[0], NAME_COLUMN) if rows else ""


def number_of(record: Record) -> str:
    """The applicant's 编号 as typed, for people; the ids of a Difference are folded, for comparison."""
    rows = record["rows"].get(NAME_SHEET) or ()
    return _raw(rows[0], IDENTITY).strip() if rows else ""


def _compared(key: str, old: Record, new: Record) -> tuple[list[CellChange], list[LineChange]]:
    name = name_of(new) or name_of(old)
    cells: list[CellChange] = []
    lines: list[LineChange] = []
    sheets = [*new["rows"], *(sheet for sheet in old["rows"] if sheet not in new["rows"])]
    for sheet in sheets:
        before, after = old["rows"].get(sheet) or (), new["rows"].get(sheet) or ()
        several = sheet in LINE_KEYS or max(len(before), len(after)) > 1
        pairs, removed, added = _paired(before, after, LINE_KEYS.get(sheet, ()), several)
        for one, other in pairs:
            label = _label(other, LINE_KEYS.get(sheet, ())) if several else ""
            cells += (CellChange(key, name, sheet, label, *change) for change in _cells(one, other))
        if several:
            lines += (LineChange(key, name, sheet, "removed", _line(row)) for row in removed)
            lines += (LineChange(key, name, sheet, "added", _line(row)) for row in added)
        else:
            cells += (CellChange(key, name, sheet, "", *change) for row in removed for change in _cells(row, None))
            cells += (CellChange(key, name, sheet, "", *change) for row in added for change in _cells(None, row))
    return cells, lines


def _paired(
    before: Sequence[Row], after: Sequence[Row], keys: tuple[str, ...], several: bool
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Rows that belong together, in the new order; then those without a partner, old and new."""
    if not several:
        return list(zip(before, after, strict=False)), list(before[len(after) :]), list(after[len(before) :])
    old, new = list(range(len(before))), list(range(len(after)))
    found: dict[int, int] = {}
    ways: list[Callable[[Row], Any]] = [_whole]
    if keys:
        ways.append(partial(_keyed, keys=keys))
        ways += [partial(_keyed, keys=(key,)) for key in reversed(keys)]
    for way in ways:
        waiting: dict[Any, list[int]] = {}
        for index in old:
            if (mark := way(before[index])) is not None:
                waiting.setdefault(mark, []).append(index)
        for index in list(new):
            mark = way(after[index])
            if mark is not None and waiting.get(mark):
                found[index] = waiting[mark].pop(0)
                new.remove(index)
                old.remove(found[index])
    pairs = [(before[found[index]], after[index]) for index in sorted(found)]
    return pairs, [before[index] for index in old], [after[index] for index in new]


def _whole(row: Row) -> tuple[tuple[str, Any], ...]:
    return tuple(
        sorted(
            (column, _mark(field)) for column, field in row["fields"].items() if column != IDENTITY and _filled(field)
        )
    )


def _keyed(row: Row, keys: tuple[str, ...]) -> tuple[Any, ...] | None:
    """What tells a row apart; None where a part of it is empty, for empty is not the same as empty."""
    fields = [row["fields"].get(key) for key in keys]
    return tuple(_mark(field) for field in fields) if all(map(_filled, fields)) else None


def _cells(old: Row | None, new: Row | None) -> list[tuple[str, str, str]]:
    """(column, old, new) of the columns that differ."""
    before: Mapping[str, Any] = old["fields"] if old is not None else {}
    after: Mapping[str, Any] = new["fields"] if new is not None else {}
    columns = [*after, *(column for column in before if column not in after)]
    return [
        (column, _text(before.get(column)), _text(after.get(column)))
        for column in columns
        if column != IDENTITY and _mark(before.get(column)) != _mark(after.get(column))
    ]


def _filled(field: Any) -> bool:
    return bool(_text(field).strip())


def _mark(field: Any) -> tuple[str, str]:
    """What a field comes down to: its typed value, or the text where it has none."""
    if not _filled(field):
        return "", ""
    raw, tag, value, error = field[1:5]  # a verified value carries one item more
    if error is None and value is not None:
        return str(tag), str(value)
    return "raw", " ".join(raw.split())


def _text(field: Any) -> str:
    return shown(field)


def _raw(row: Row, column: str) -> str:
    return _text(row["fields"].get(column))


def _label(row: Row, keys: tuple[str, ...]) -> str:
    return next((text for key in keys if (text := _raw(row, key).strip())), "") or f"第 {row['row']} 行"


def _line(row: Row) -> str:
    """The values of a row, in its own order, without the 编号."""
    filled = [
        f"{column}：{_text(field)}" for column, field in row["fields"].items() if column != IDENTITY and _filled(field)
    ]
    return "；".join(filled)
