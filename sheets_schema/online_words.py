"""The texts of online.toml: what concerns only the workbook as an online sheet."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from sheets_schema.schema import FOLDER


@cache
def online_words() -> dict[str, Any]:
    """All of them, by section."""
    return tomllib.loads((FOLDER / "online.toml").read_text(encoding="utf-8"))


def done(key: str, **values: object) -> str:
    """What was done, as people are told."""
    return str(online_words()["said"][key].format(**values))
