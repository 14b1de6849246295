"""What the registry shows and what everything in it is called: `registry.toml`, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """Statuses that the public looks at together; `statuses` are codes of the transition table."""

    code: str
    name: str
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that is told of an object. `type`: text, day, texts, names or steps (see `registry.toml`)."""

    key: str
    title: str
    type: str
    about: str
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """The whole file. `documented`: steps whose document number is told; `renamed`, `transferred`: how changes read."""

    title: str
    order: str
    groups: tuple[Group, ...]
    columns: tuple[Column, ...]
    documented: frozenset[str]
    renamed: str
    transferred: str

    def group_of(self, status: str | None) -> str:
        """The code of the group that a status is in; '' where the registry does not show it."""
        return next((each.code for each in self.groups if status in each.statuses), "")

    def group_name(self, code: str) -> str:
        """What a group is called."""
        return next(each.name for each in self.groups if each.code == code)


@cache
def words() -> Words:
    """The file beside this one."""
    held: dict[str, Any] = tomllib.loads(Path(__file__).with_name("registry.toml").read_text("utf-8"))
    history = held["history"]
    return Words(
        held["title"],
        held["order"],
        tuple(Group(each["code"], each["name"], tuple(each["statuses"])) for each in held["group"]),
        tuple(Column(**{**each, "among": tuple(each.get("among", ()))}) for each in held["field"]),
        frozenset(history["documented"]),
        history["renamed"],
        history["transferred"],
    )
