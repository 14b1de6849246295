"""The case documents of tests/cases/entries: what was entered, voided, corrected and taken over, and where it leads."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.lifecycle.documents import life, path_to, standing_document
from tests.lifecycle.paper import Paper

FOLDER = Path(__file__).parent.parent / "cases" / "entries"
FILES = sorted(path.name for path in FOLDER.iterdir())
CASES = [(file, case) for file in FILES for case in tomllib.loads((FOLDER / file).read_text("utf-8"))["case"]]
ACTS = {"enter", "void", "correct", "date", "at", "refused"}


def begun(case: dict[str, Any]) -> Paper:
    """A case on paper as its document begins it."""
    paper = Paper()
    if "opened" in case:
        paper.take_over(**case["opened"])
    for event in path_to(case.get("begin", "")):
        assert paper.enter(event["type"], event["date"], _facts(event)) is None
    return paper


def happen(paper: Paper, act: dict[str, Any]) -> str | None:
    """Lets one line of a document happen; the code of what stands against it."""
    at = act.get("at") or act.get("date") or max(one.at for one in paper.entries).date()
    if "enter" in act:
        problem = paper.enter(act["enter"], act["date"], _facts(act), at)
    elif "void" in act:
        problem = paper.void(act["void"], at)
    else:
        meant = paper.entries[act["correct"] - 1]
        problem = paper.correct(act["correct"], act.get("date", meant.day), _facts(act), at)
    return None if problem is None else f"{problem.index + 1} {problem.code}"


def _facts(written: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in written.items() if key not in {*ACTS, "type"}}


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{file}: {case['name']}" for file, case in CASES])
def test_a_case_stands_where_its_entries_put_it(file: str, case: dict[str, Any]) -> None:
    assert set(case) <= {"name", "begin", "opened", "acts", "expect"}, file
    paper = begun(case)
    for act in case["acts"]:
        before = list(paper.entries)
        assert happen(paper, act) == act.get("refused"), act
        if "refused" in act:
            assert paper.entries == before
    for expect in case["expect"]:
        on: date = expect["on"]
        found = life().standing(paper.known(on), on).document()
        assert found == standing_document({key: value for key, value in expect.items() if key != "on"}), on


def test_every_kind_of_document_says_when_something_cannot_be_done() -> None:
    refusing = {file for file, case in CASES for act in case["acts"] if "refused" in act}
    assert refusing == {"voiding.toml", "correcting.toml", "taking_over.toml"}
    assert FILES == ["correcting.toml", "known.toml", "taking_over.toml", "voiding.toml"]
