"""Reads the case documents of tests/cases/lifecycle into histories and expected standings."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.lifecycle.events import History, read_history
from core.lifecycle.replay import Life
from core.standards.loader import load
from core.working_days.calendar import Calendar

CASES = Path(__file__).parent.parent / "cases" / "lifecycle"

Entry = dict[str, Any]


def document(name: str) -> dict[str, Any]:
    """A case document."""
    return tomllib.loads((CASES / name).read_text("utf-8"))


@cache
def life() -> Life:
    """The rules under the edition that the cases are written for."""
    return Life(load("ln-2025-draft").periods, Calendar())


@cache
def _paths() -> dict[str, Any]:
    return document("paths.toml")


def path_to(status: str) -> list[Entry]:
    """The plain history that leads to a status; none for ""."""
    if not status:
        return []
    step = _paths()[status]
    return [*path_to(step.get("after", "")), *step["events"]]


def history(events: list[Entry]) -> History:
    """A history of events whose dates are TOML dates."""
    written = [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in event.items()}
        for event in events
    ]
    return read_history({"kind": "platform", "name": "虚构平台", "events": written})


def standing_document(expect: Entry) -> dict[str, Any]:
    """What `expect` says, in the shape of contract §5, the messages of errors left out."""
    deadlines = []
    for text in expect.get("deadlines", []):
        code, due, *marks = text.split()
        assert set(marks) <= {"overdue", "provisional"}
        deadlines.append(
            {"code": code, "due": due, "provisional": "provisional" in marks, "overdue": "overdue" in marks}
        )
    index, _, code = expect.get("error", "").partition(" ")
    assert set(expect) <= {"status", "since", "open", "deadlines", "flags", "error"}
    return {
        "status": expect["status"] or None,
        "since": expect["since"].isoformat() if "since" in expect else None,
        "open_objections": expect.get("open", 0),
        "deadlines": deadlines,
        "flags": expect.get("flags", []),
        "errors": [{"index": int(index), "code": code}] if code else [],
    }


def without_messages(standing: dict[str, Any]) -> dict[str, Any]:
    """A standing's document without the messages of its errors."""
    errors = [{key: value for key, value in error.items() if key != "message"} for error in standing["errors"]]
    return standing | {"errors": errors}
