"""The kinds of documents as `kinds.toml` describes them: fields, columns of the annex, words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from core.publication import list_kinds

FILE: Final = Path(__file__).with_name("kinds.toml")
HEADING: Final = "# "  # what a paragraph of the file begins with that is a heading


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an annex: its header, the name that templates have for it, its share of the page's width."""

    head: str
    field: str
    mm: int
    centred: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. `stage` is that of the notice it announces, `list` the kind of its list ('' for none).

    `short` is what a button holds; `file` begins the names of its files. `required` and `optional`: fields that a
    template must and may have. `lead` is the header of the column whose texts 列举 names; `contact`: it cannot go
    out without the round's; `note` stands below the table of its annex.
    """

    code: str
    name: str
    short: str
    file: str
    stage: str
    list: str
    title: str
    to: str
    annex: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    columns: tuple[Column, ...]
    lead: str
    contact: bool
    paragraphs: tuple[str, ...]
    note: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that a template of it may use."""
        return (*self.required, *self.optional)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a letter puts where an application has led: `written`: the reason entered for it is given."""

    result: str
    reason: str
    selected: bool
    written: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All of the file."""

    signature: str
    annual: str
    breaks: tuple[str, ...]
    fields: Mapping[str, str]
    kinds: Mapping[str, Kind]
    outcomes: Mapping[str, Outcome]


@cache
def words() -> Words:
    """The file beside this one, read once."""
    held = tomllib.loads(FILE.read_text("utf-8"))
    return Words(
        held["signature"],
        held["annual"],
        tuple(held["breaks"]),
        held["fields"],
        {one["code"]: _kind(one, held["columns"]) for one in held["kind"]},
        {code: _outcome(one) for code, one in held["outcomes"].items()},
    )


def _kind(one: Mapping[str, Any], names: Mapping[str, str]) -> Kind:
    listed = list_kinds.kinds()[one["list"]] if "list" in one else None
    if listed is None:
        columns = [(each["head"], each["mm"], each.get("centred", False)) for each in one["columns"]]
    else:
        columns = [(each.head, each.mm, each.centred) for each in listed.columns]
    return Kind(
        one["code"],
        one["name"],
        one["short"],
        one["file"],
        one.get("stage", ""),
        one.get("list", ""),
        one.get("title", ""),
        one.get("to", ""),
        one.get("annex", ""),
        tuple(one["required"]),
        tuple(one["optional"]),
        tuple(Column(head, names.get(head, head), mm, centred) for head, mm, centred in columns),
        one["lead"],
        bool(one.get("contact")),
        tuple(one.get("paragraphs", ())),
        "" if listed is None else listed.note,
    )


def _outcome(one: Mapping[str, Any]) -> Outcome:
    return Outcome(one["result"], one.get("reason", ""), bool(one.get("selected")), bool(one.get("written")))
