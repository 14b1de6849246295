"""What goes wrong, by plan: which of the requests to come, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.sheets_emulator import problems
from tests.sheets_emulator.calls import Call
from tests.sheets_emulator.problems import STATUS, Problem

HTML = (
    "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error {code} (Server Error)!!1</title>\n"
    "<p><b>{code}.</b> <ins>That’s an error.</ins>\n<p>The server encountered a temporary error and could not complete "
    "your request.<p>Please try again in 30 seconds. <ins>That’s all we know.</ins>\n"
)


@dataclass
class Outcome:
    """What a fault makes of an answer."""

    kind: str  # problem, body, drop, hang, late or call
    problem: Problem | None = None
    code: int = 200
    body: bytes = b""
    mime: str = "application/json; charset=UTF-8"
    seconds: float = 0.0
    run: Callable[[Call], Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)


def status(code: int, *, retry_after: str = "", service: str = "sheets", message: str = "") -> Outcome:
    """An error as Google writes it; 429 is the quota's, of Sheets or (403) of Drive."""
    if code == 429 and not message:
        problem = problems.drive_quota() if service == "drive" else problems.quota("read")
    elif code == 401:
        problem = problems.unauthenticated()
    else:
        text = message or {500: "Internal error encountered.", 503: "The service is currently unavailable."}.get(
            code, ""
        )
        problem = problems.sheets(code, text or STATUS.get(code, "UNKNOWN"))
    if retry_after:
        problem.headers["Retry-After"] = retry_after
    return Outcome("problem", problem)


def refused(problem: Problem) -> Outcome:
    """Any other refusal (tests.sheets_emulator.problems makes them)."""
    return Outcome("problem", problem)


def html(code: int = 502) -> Outcome:
    """The page of a front end that has lost what stands behind it."""
    return Outcome("body", code=code, body=HTML.format(code=code).encode(), mime="text/html; charset=UTF-8")


def garbage(body: bytes = b'{"spreadsheetId": "', code: int = 200) -> Outcome:
    """An answer that is no JSON: by default one that breaks off."""
    return Outcome("body", code=code, body=body)


def api_off(service: str = "sheets") -> Outcome:
    """The interface (sheets or drive) is not switched on."""
    return Outcome("problem", problems.api_off(service))


def drop() -> Outcome:
    """The connection breaks off without an answer."""
    return Outcome("drop")


def hang(seconds: float) -> Outcome:
    """Silence, and then the connection breaks off."""
    return Outcome("hang", seconds=seconds)


def late(seconds: float) -> Outcome:
    """The usual answer, but late."""
    return Outcome("late", seconds=seconds)


def call(run: Callable[[Call], Any]) -> Outcome:
    """Something else happens just then; the request itself goes on as usual."""
    return Outcome("call", run=run)


@dataclass
class Plan:
    """A fault and the requests that it meets. `hits` tells how often it has struck."""

    outcome: Outcome
    after: bool = False
    times: int | None = 1
    skip: int = 0
    every: int = 1
    method: str = ""
    path: str = ""
    user: str = ""
    kind: str = ""
    seen: int = 0
    hits: int = 0

    def meets(self, call: Call) -> bool:
        """Whether it strikes this request; counts it."""
        if self.method and self.method.upper() != call.method:
            return False
        if self.kind and self.kind not in (call.kind, "sheets" if call.kind in ("read", "write") else ""):
            return False
        if (self.user and self.user != call.user) or not re.search(self.path, call.place):
            return False
        self.seen += 1
        if self.seen <= self.skip or (self.seen - self.skip - 1) % self.every:
            return False
        if self.times is not None and self.hits >= self.times:
            return False
        self.hits += 1
        return True
