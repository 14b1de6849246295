"""The words that say how figures come about, and the one figure of statistics: out of `method.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from core.scoring.settings import ScoringSettings
from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("method.toml")


@dataclass(frozen=True, slots=True)
class Method:
    """`few`: an expert who scored fewer applications is pointed out. `texts`: how each figure comes about, by code."""

    few: int
    texts: Mapping[str, str]

    def of_score(self, settings: ScoringSettings) -> tuple[str, ...]:
        """How a score comes about under some settings, sentence by sentence."""
        codes = ("total", settings.aggregation, "indicators", "rounding", "missing", "spread")
        return tuple(self.texts[code] for code in codes)

    @property
    def of_severity(self) -> tuple[str, ...]:
        """How the severity of experts is estimated, and what it is for."""
        return tuple(self.texts[code] for code in ("severity", "components", "use"))


@cache
def method() -> Method:
    """The file beside this one, read once."""
    top = Table(tomllib.loads(FILE.read_text("utf-8")), FILE.name)
    top.day("checked_on")
    below = top.table("texts")
    codes = (
        *("total", "mean", "trimmed_mean", "median", "indicators", "rounding", "missing", "spread"),
        *("severity", "components", "use", "assignment"),
    )
    made = Method(top.whole("few"), {code: below.text(code) for code in codes})
    for table in (below, top):
        table.done()
    return made
