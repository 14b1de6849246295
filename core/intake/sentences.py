"""The Chinese sentences of intake, read from `messages.toml` beside this file."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from core.errors import FileRefused


@cache
def _texts() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "messages.toml").open("rb") as source:
        return tomllib.load(source)


def say(section: str, code: str, **values: object) -> str:
    """The sentence of a code, its places filled in. An unknown code or a missing value is a KeyError."""
    return _texts()[section][code].format_map(values)


def refused(name: str, code: str, **values: object) -> FileRefused:
    """The refusal of one file: `name` is its file name as people know it, `code` one of `[file]`."""
    return FileRefused(name, code, say("file", code, **values))
