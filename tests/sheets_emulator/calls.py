"""A request as the interfaces see it, and the table of what answers which path."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.sheets_emulator import masks
from tests.sheets_emulator.masks import Mask

if TYPE_CHECKING:
    from tests.sheets_emulator.state import State

READING = (":getByDataFilter", ":batchGetByDataFilter", "/developerMetadata:search")


@dataclass
class Call:
    """One request: who, what, with which parameters."""

    user: str
    method: str
    path: str
    query: dict[str, list[str]] = field(default_factory=dict)
    body: Any = None
    parts: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The path as a person reads it."""
        return urllib.parse.unquote(self.path)

    def part(self, place: int) -> str:
        """A piece of the path: the file's id, the range, …"""
        return self.parts[place]

    def option(self, name: str) -> str:
        """A parameter after the `?`, empty where there is none."""
        return self.query.get(name, [""])[-1]

    def options(self, name: str) -> list[str]:
        """A parameter that may stand there several times."""
        return self.query.get(name, [])

    def flag(self, name: str) -> bool:
        """A parameter that is true or not."""
        return self.option(name).lower() in ("true", "1")

    @property
    def mask(self) -> Mask | None:
        """The fields parameter; None where there is none."""
        text = self.option("fields")
        return masks.parse(text) if text else None

    @property
    def kind(self) -> str:
        """read or write of Sheets, drive, or token: what it is counted as."""
        if self.path == "/token":
            return "token"
        if not self.path.startswith("/v4/"):
            return "drive"
        return "read" if self.method == "GET" or self.path.endswith(READING) else "write"


@dataclass
class Raw:
    """An answer that is not JSON."""

    content: bytes
    mime: str


Run = Callable[["State", Call], Any]
ROUTES: list[tuple[str, re.Pattern[str], Run]] = []


def route(method: str, path: str) -> Callable[[Run], Run]:
    """Enter a function as the answer to a method and path; `{}` is a piece of the path."""
    pattern = "([^/]+)".join(re.escape(part) for part in path.split("{}"))

    def enter(run: Run) -> Run:
        ROUTES.append((method, re.compile(pattern), run))
        return run

    return enter
