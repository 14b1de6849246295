"""Whether the order of lines follows scores (第八条): exactly, or so far that one reads the scores out of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from numbers import Rational
from typing import Final

from core.publication.lint_words import words
from core.standards.recommenders import find_recommender

Score = Rational | float
_LAST: Final = "~"


def follows(groups: Iterable[Sequence[Score]]) -> str:
    """`exact` or `like` where the lines of each group stand by score, upward or downward; "" where they do not.

    Groups are judged together: 15 short ones that are each sorted by score tell as much as a long one.
    """
    up = down = longest = 0
    for group in groups:
        longest = max(longest, len(set(group)))
        before: list[Score] = []
        for each in group:
            up += bisect_left(before, each)
            down += len(before) - bisect_right(before, each)
            insort(before, each)
    known, told = words(), up + down
    if told >= _pairs(known.exact_lines) and not (up and down):
        return "exact"
    likeness = Fraction(abs(up - down), told) if told else Fraction(0)
    return "like" if told >= _pairs(known.lines) and likeness >= Fraction(known.likeness) else ""


def _pairs(lines: int) -> int:
    return lines * (lines - 1) // 2


def official_key(city: str, name: str) -> tuple[bool, str, str]:
    """What lines are sorted by (contract §6): division code, who has none last, then name."""
    found = find_recommender(city)
    code = found.code if found is not None else _LAST + city
    return (not code.isdigit(), code, name)


def by_score(cities: Sequence[str], names: Sequence[str], scores: Mapping[str, Score]) -> str:
    """As `follows`, of lines by city and name; "" for lines in official order, whatever their scores.

    Looks at the lines as a whole, and at those of each city: by division, but by score within it, tells scores too.
    """
    keys = [official_key(city, name) for city, name in zip(cities, names, strict=True)]
    if keys == sorted(keys):
        return ""
    held = [(city, scores[name]) for city, name in zip(cities, names, strict=True) if name in scores]
    groups: dict[str, list[Score]] = {}
    for city, score in held:
        groups.setdefault(city, []).append(score)
    return follows([[score for _, score in held]]) or follows(groups.values())
