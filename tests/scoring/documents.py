"""Reads the case documents of tests/cases/scoring into settings, sheets and experts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from core.scoring.settings import ScoringSettings
from core.scoring.settings_document import read
from core.scoring.sheets import Sheet
from core.standards.loader import load

CASES = Path(__file__).parent.parent / "cases" / "scoring"
RUBRIC = load("ln-2025-draft").rubric
CODES = tuple(RUBRIC.names)
WEIGHTS = dict(zip(CODES, ("20", "20", "20", "15", "15", "10"), strict=True))


@cache
def document(name: str) -> dict[str, Any]:
    """A case document, its numbers exact."""
    return tomllib.loads((CASES / name).read_text("utf-8"), parse_float=Decimal)


def draft(changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A document of settings that can be used, with some of it changed."""
    plain = {
        "weights": WEIGHTS,
        "scale": {"top": "100", "step": "0.01"},
        "own_scales": {},
        "experts": 5,
        "aggregation": "mean",
        "trim_from": None,
        "pass_line": None,
        "grades": None,
        "same_city": False,
        "comments": "none",
        "visibility": "never",
        "range_mark": None,
        "deviation_mark": None,
    }
    return plain | dict(changes or {})


def settings(changes: Mapping[str, Any] | None = None) -> ScoringSettings:
    """Settings that can be used, with some of them changed."""
    return read(draft(changes), RUBRIC)


def even(expert: str, score: Decimal | int) -> Sheet:
    """A sheet with one score on every indicator, whose total out of 100 is therefore that score."""
    return Sheet(expert, dict.fromkeys(CODES, Decimal(score)))


def exact(text: str) -> Fraction:
    """A figure of a document, `359/6` or `59.5`."""
    return Fraction(text)
