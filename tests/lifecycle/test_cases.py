"""The case documents: what happened, and where the case stands on a day."""

from __future__ import annotations

from typing import Any

import pytest

from core.lifecycle.replay import State
from core.lifecycle.table import load
from tests.lifecycle.documents import document, history, life, path_to, standing_document, without_messages

FILES = ("notices.toml", "creation.toml", "reviews.toml", "changes.toml", "reading.toml")
CASES = [(file, case) for file in FILES for case in document(file)["case"]]
SITUATIONS: list[dict[str, Any]] = document("pairs.toml")["situation"]
VARIANTS: dict[str, dict[str, Any]] = {
    "objection_resolved 属实": {"type": "objection_resolved", "upheld": True},
    "change_decided 撤销": {"type": "change_decided", "keep": False},
}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_case_stands_where_its_history_puts_it(file: str, case: dict[str, Any]) -> None:
    assert set(case) == {"name", "begin", "events", "on", "expect"}, file
    events = history([*path_to(case["begin"]), *case["events"]]).events
    standing = life().replay(events, case["on"]).document()
    assert without_messages(standing) == standing_document(case["expect"])
    assert list(standing) == ["status", "since", "open_objections", "deadlines", "flags", "errors"]


def _trials() -> dict[str, dict[str, Any]]:
    return {code: {"type": code} for code in load().events} | VARIANTS


@pytest.mark.parametrize("trial", _trials())
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one["name"])
def test_every_event_in_every_situation(situation: dict[str, Any], trial: str) -> None:
    before = [*path_to(situation["begin"]), *situation.get("also", [])]
    on = situation["on"]
    event = _trials()[trial] | {"date": on}
    if trial == "change_reported":
        event["occurred"] = on
    standing = life().replay(history([*before, event]).events, on)
    held = life().replay(history(before).events, on)
    assert held.errors == ()
    if trial in situation["allowed"]:
        moved = situation["allowed"][trial] != held.status
        assert (standing.status, standing.errors) == (situation["allowed"][trial], ())
        assert standing.since == (on if moved else held.since)
    else:
        code = situation.get("refused", {}).get(trial, "not_allowed")
        assert [(error.index, error.code) for error in standing.errors] == [(len(before), code)]
        assert standing.document() | {"errors": []} == held.document()


def test_the_situations_name_only_events_and_cover_every_status() -> None:
    trials = _trials()
    for one in SITUATIONS:
        assert set(one["allowed"]) | set(one.get("refused", {})) <= set(trials), one["name"]
    begun = {one["begin"] for one in SITUATIONS}
    assert begun == {"", *load().statuses}


def test_every_row_of_the_table_happens_in_some_situation() -> None:
    happened = {
        (one["begin"] or None, _trials()[trial]["type"], to)
        for one in SITUATIONS
        for trial, to in one["allowed"].items()
    }
    rows = {(row.source, row.event, row.to) for rows in load().rows.values() for row in rows}
    assert rows - happened == set()


@pytest.mark.parametrize("status", ["", *load().statuses])
def test_what_is_offered_is_what_may_happen(status: str) -> None:
    """The app's choice of what may happen next is the replay's own answer, for every situation."""
    for one in SITUATIONS:
        if one["begin"] != status:
            continue
        state = life().fold(history([*path_to(status), *one.get("also", [])]).events)
        assert isinstance(state, State)
        offered = {}
        for offer in life().offers(state, one["on"]):
            row, when = offer.transition, dict(offer.transition.when)
            trial = row.event
            trial += " 属实" if when.get("upheld") else ""
            trial += " 撤销" if when.get("keep") is False else ""
            offered[trial] = offer.problem.code if offer.problem else row.to
        assert {trial: to for trial, to in offered.items() if to in load().statuses} == one["allowed"]
        refused = {trial: code for trial, code in offered.items() if code not in load().statuses}
        assert {trial: code for trial, code in refused.items() if code != "not_allowed"} == one.get("refused", {})
