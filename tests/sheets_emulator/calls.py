"""A request as the interfaces see it, and the table of what answers which path."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.sheets_emulator import interface, masks
from tests.sheets_emulator.masks import Mask
from tests.sheets_emulator.problems import invalid

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
ALWAYS = {"fields", "alt", "key", "prettyPrint", "quotaUser", "access_token", "$.xgafv"}


ALREADY = ("Spreadsheet", "BatchUpdateSpreadsheetResponse")  # made as the mask asks from the beginning


@dataclass(frozen=True)
class Route:
    """What answers a method and path: the messages it takes and gives, and its parameters (None: whichever)."""

    method: str
    pattern: re.Pattern[str]
    run: Run
    takes: str = ""
    gives: str = ""
    query: frozenset[str] | None = None

    def answer(self, state: State, call: Call) -> Any:
        """The answer, once the request is seen to be one that Google understands."""
        if self.query is not None and (strange := call.query.keys() - self.query - ALWAYS):
            name = min(strange)
            message = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
            raise invalid(f"{message} Field '{name}' could not be found in request message.")
        if call.mask is not None and self.gives:
            interface.check_mask(self.gives, call.mask, "sheets" if call.path.startswith("/v4/") else "drive")
        if self.takes:
            call.body = interface.checked(self.takes, call.body or {}, "data" if self.takes == "ValueRange" else "")
        answer = self.run(state, call)
        if call.mask is not None and call.path.startswith("/v4/") and self.gives not in ALREADY:
            return masks.pick(call.mask, answer)
        return answer


ROUTES: list[Route] = []


def route(method: str, path: str, takes: str = "", gives: str = "", query: str | None = None) -> Callable[[Run], Run]:
    """Enter a function as the answer to a method and path; `{}` is a piece of the path."""
    pattern = "([^/]+)".join(re.escape(part) for part in path.split("{}"))

    def enter(run: Run) -> Run:
        known = None if query is None else frozenset(query.split())
        ROUTES.append(Route(method, re.compile(pattern), run, takes, gives, known))
        return run

    return enter
