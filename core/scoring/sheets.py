"""What one expert says of one plan: a score for each indicator, and the total that comes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from core.scoring.settings import ScoringSettings
from core.standards.rubric import Rubric

NO_SCORE: Final = "“{}”还没有打分。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Scores by indicator as given, comments by indicator, and what was counted where the rubric asks for a count."""

    expert: str
    scores: Mapping[str, Decimal]
    comments: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)


def sheet_problems(sheet: Sheet, settings: ScoringSettings, rubric: Rubric) -> tuple[str, ...]:
    """What keeps a sheet from being handed in, as whole sentences; () where nothing does."""
    found = [one for code in rubric.names for one in indicator_problems(sheet, settings, rubric, code)]
    strange = {*sheet.scores, *sheet.comments, *sheet.counts} - set(rubric.names)
    return (*found, *(f"附件3 没有“{code}”这项指标。" for code in sorted(strange)))


def indicator_problems(sheet: Sheet, settings: ScoringSettings, rubric: Rubric, code: str) -> tuple[str, ...]:
    """What of it concerns one indicator; KeyError where the rubric has none of this code."""
    name, score, scale = rubric.names[code], sheet.scores.get(code), settings.scale_of(code)
    found = []
    if score is None:
        found.append(NO_SCORE.format(name))
    elif not scale.holds(score):
        found.append(f"“{name}”打了 {score:f} 分，不在可打的分数之内（{scale.text}），请改正。")
    if settings.comments == "each" and not sheet.comments.get(code, "").strip():
        found.append(f"“{name}”还没有写评语。")
    if sheet.counts.get(code, 0) < 0:
        found.append(f"“{name}”数出的条数不能小于 0。")
    return tuple(found)


def total(sheet: Sheet, settings: ScoringSettings) -> Fraction:
    """The weighted total out of 100, exact: each score as a share of its full mark, times the indicator's weight.

    KeyError where an indicator with a weight has no score: a sheet that is not complete has no total.
    """
    parts = (
        Fraction(weight) * Fraction(sheet.scores[code]) / Fraction(settings.scale_of(code).top)
        for code, weight in settings.weights.items()
    )
    return sum(parts, Fraction(0))
