"""Names of organisations made comparable: the same unit, its branches, and those that may belong to it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from core.standards.reading import Table
from sheets_schema.fold import fold_header

FILE: Final = Path(__file__).with_name("units.toml")


@dataclass(frozen=True, slots=True)
class Forms:
    """The words of `units.toml`, folded as names are."""

    branches: tuple[str, ...]
    endings: tuple[str, ...]
    forms: tuple[str, ...]
    places: tuple[str, ...]
    shortest: int


@cache
def forms() -> Forms:
    """The file beside this one, read once."""
    top = Table(tomllib.loads(FILE.read_text("utf-8")), FILE.name)
    top.day("checked_on")
    words = {key: tuple(map(fold_header, top.texts(key))) for key in ("branches", "endings", "forms", "places")}
    made = Forms(**words, shortest=top.whole("shortest"))
    top.done()
    return made


@lru_cache(maxsize=1 << 14)
def unit_key(name: str) -> str:
    """What is equal for a unit and its branches, however the name is typed; "" for an empty one."""
    known, key = forms(), fold_header(name)
    for place in known.places:
        key = key.removeprefix(place)
    for branch in known.branches:
        if key.endswith(branch):
            # 虚构科技有限公司沈阳[分公司]: the unit's own name ends with the last ending before the branch
            owner = key.removesuffix(branch)
            ends = [owner.rfind(end) + len(end) for end in known.endings if end in owner]
            return owner[: max(ends)] if ends else key
    return key


@lru_cache(maxsize=1 << 14)
def unit_root(name: str) -> str:
    """The part of a unit's name that its relatives share (字号): without its legal form. "" where too short to tell."""
    known, key = forms(), unit_key(name)
    for form in known.forms:
        if key.endswith(form):
            key = key.removesuffix(form)
            break
    return key if len(key) >= known.shortest else ""


def same_unit(one: str, other: str) -> bool:
    """Whether two names are those of one unit, or of it and its branch."""
    return bool(unit_key(one)) and unit_key(one) == unit_key(other)


def related_units(one: str, other: str) -> bool:
    """Whether one name begins with the other's 字号, so that a person should look: 虚构大学 and 虚构大学科技园."""
    first, second = unit_root(one), unit_root(other)
    return bool(first and second) and (unit_key(one).startswith(second) or unit_key(other).startswith(first))
