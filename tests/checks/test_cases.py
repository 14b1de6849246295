"""Runs the case documents of tests/cases/checks: sheets in, findings and cell errors out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.checks.building import AS_OF, book, case_documents, check, figure, places, sample

DOCUMENTS = case_documents()
KEYS = {"name", "kind", "application", "as_of", "cells", "rows", "drop", "baseline", "expect", "errors", "verdict"}


@pytest.mark.parametrize("case", [case for _, case in DOCUMENTS], ids=[name for name, _ in DOCUMENTS])
def test_case(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    sheets = sample(case["kind"], case.get("cells"), case.get("application", "创建申报"))
    for sheet, rows in case.get("rows", {}).items():
        sheets[sheet] = rows
    for sheet in case.get("drop", []):
        del sheets[sheet]
    baselines = []
    if "baseline" in case:
        before = sample(case["kind"], case["baseline"].get("cells"))
        baselines = [book(before, name="2024-沈阳市.xlsx")]
    as_of: date = case.get("as_of", AS_OF)
    report = check([book(sheets)], baselines, as_of)
    (application,) = report["applications"]
    found = {one["criterion"]: one for one in application["findings"]}
    for code, expected in case["expect"].items():
        wanted = {"verdict": expected} if isinstance(expected, str) else dict(expected)
        if "value" in wanted:
            wanted["value"] = figure(wanted["value"])
        assert {key: found[code][key] for key in wanted} == wanted
    assert [[sheet, column or "none", code] for sheet, column, code in places(report)] == case.get("errors", [])
    if "verdict" in case:
        assert application["verdict"] == case["verdict"]
