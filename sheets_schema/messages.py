"""The sentences of messages.toml, filled in. Messages are public: tests compare whole sentences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sheets_schema.schema import Column

_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, Any]]:
    return tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))


def quoted(text: str) -> str:
    """A received text as a sentence shows it between “ and ”: on one line, printable, cut where it is long."""
    joined = _BLANKS.sub(" ", text).strip().replace("“", "‘").replace("”", "’")
    shown = "".join(character for character in joined if character.isprintable())
    join = _texts()["join"]
    return shown if len(shown) <= join["longest"] else shown[: join["longest"]] + join["cut"]


def listed(options: Sequence[str]) -> str:
    """Options in a row, each in quotes: “是”或“否”."""
    join = _texts()["join"]
    shown = [f"“{quoted(option)}”" for option in options]
    if len(shown) < 2:
        return "".join(shown)
    return f"{join['between'].join(shown[:-1])}{join['last']}{shown[-1]}"


def sentence(key: str, **values: object) -> str:
    """The sentence `key`, without its place."""
    return str(_texts()["sentence"][key].format(**values))


def place(book: str, sheet: str, *, cell: str | None = None, row: int | None = None) -> str:
    """Where: 「2026-沈阳市.xlsx〔平台指标〕N7：」."""
    kind = "cell" if cell is not None else "row" if row is not None else "sheet"
    return str(_texts()["place"][kind].format(book=book, sheet=sheet, cell=cell, row=row))


def missing_required(column: Column, options: Sequence[str]) -> str:
    """What to fill into an empty cell, by the column's type; `options` as they hold for this row."""
    what = _texts()["what"][column.type].format(options=listed(options), example=column.example)
    return sentence("missing_required", column=quoted(column.name), rule=column.required.words, what=what)
