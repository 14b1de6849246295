"""Who recommends: 14 cities and 沈抚示范区, in the order of a published list (design §4, order of a list)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.standards.reading import Table
from sheets_schema.fold import fold_key

FILE: Final = "recommenders.toml"


@dataclass(frozen=True, slots=True)
class Recommender:
    """`code`: administrative division code; `units`: number of divisions one level down, None where none."""

    code: str
    name: str
    units: int | None
    aliases: tuple[str, ...]


@cache
def recommenders() -> tuple[Recommender, ...]:
    """All of them, by code, 沈抚示范区 last."""
    top = Table(tomllib.loads((Path(__file__).parent / FILE).read_text("utf-8")), FILE)
    top.day("checked_on")
    made = []
    for row in top.tables("recommender"):
        units = row.whole("units") if row.has("units") else None
        aliases = row.texts("aliases") if row.has("aliases") else ()
        made.append(Recommender(row.text("code"), row.text("name"), units, aliases))
        row.done()
    top.done()
    return tuple(made)


def find_recommender(typed: str | None) -> Recommender | None:
    """The recommender meant by a name as people type it: 沈阳 and 辽宁省沈阳市 are 沈阳市; None where unknown."""
    return None if typed is None else _by_name().get(fold_key(typed))


def city_name(typed: str | None) -> str | None:
    """The full name of the city meant; an unknown one stays as typed."""
    found = find_recommender(typed)
    return typed if found is None else found.name


@cache
def _by_name() -> dict[str, Recommender]:
    names: dict[str, Recommender] = {}
    for one in recommenders():
        for name in (one.name, one.name.removesuffix("市"), *one.aliases):
            names[fold_key(name)] = one
            names[fold_key("辽宁省" + name)] = one
    return names
