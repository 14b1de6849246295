"""What can go wrong with online sheets: a stable code, and a Chinese sentence out of `messages.toml` beside it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from core.errors import Refused


@cache
def _texts() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "messages.toml").open("rb") as source:
        return tomllib.load(source)


def say(section: str, code: str, **values: object) -> str:
    """The sentence of a code, its places filled in. An unknown code or a missing value is a KeyError."""
    return _texts()[section][code].format_map(values)


class OnlineFault(Refused):
    """Online sheets did not go as they should. `code` is one of `[fault]` in `messages.toml`, `values` fill its places.

    It is never raised out of another exception: those of the libraries carry requests, and these carry tokens.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(say("fault", code, **values))
        self.code, self.values = code, values
