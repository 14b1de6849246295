"""The kinds of lists for publication (contract §6) as `lists.toml` describes them: names, titles, columns."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("lists.toml")
TOLD: Final = "told"
_VALUES: Final = ("number", "city", "name", "kind", "operator", TOLD)


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `value`: what of an object it shows.

    `mm`: its width on paper where it is `centred`, else its share of what is left; `most`: how many digits wide it
    may be in a sheet.
    """

    code: str
    head: str
    value: str
    mm: int
    most: int
    centred: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of list. `title` and `stem` (of its files' names) hold `{year}` where it is `of_year`."""

    code: str
    name: str
    title: str
    stem: str
    of_year: bool
    landscape: bool
    columns: tuple[Column, ...]
    note: str

    @property
    def header(self) -> tuple[str, ...]:
        """The heads of its columns."""
        return tuple(column.head for column in self.columns)


@cache
def kinds() -> Mapping[str, Kind]:
    """All of them by code, in the order in which they are published. Raises StandardRefused for a broken file."""
    top = Table(tomllib.loads(FILE.read_text("utf-8"), parse_float=Decimal), FILE.name)
    top.day("checked_on")
    note = top.text("note")
    columns = top.keyed("column", _column)
    found = top.keyed("kind", lambda table: _kind(table, columns, note))
    top.done()
    return found


def _kind(table: Table, columns: Mapping[str, Column], note: str) -> Kind:
    chosen = table.some_of("columns", tuple(columns))
    return Kind(
        table.text("code"),
        table.text("name"),
        table.text("title"),
        table.text("stem"),
        table.flag("of_year", default=True),
        table.flag("landscape", default=False),
        tuple(columns[code] for code in chosen),
        table.text("note", note),
    )


def _column(table: Table) -> Column:
    return Column(
        table.text("code"),
        table.text("head"),
        table.one_of("value", _VALUES),
        table.whole("mm"),
        table.whole("most"),
        table.flag("centred", default=False),
    )
