"""A sheet as it is typed: texts by indicator, complete or not, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.scoring.settings import ScoringSettings
from core.scoring.sheets import NO_SCORE, Sheet, indicator_problems, total
from core.scoring.shown import shown
from core.standards.rubric import Rubric
from sheets_schema.fold import fold_width

SCORES: Final = "scores"
COMMENTS: Final = "comments"
COUNTS: Final = "counts"
PARTS: Final = (SCORES, COMMENTS, COUNTS)
# the longest that a box takes, in characters
LONGEST: Final[Mapping[str, int]] = {SCORES: 12, COMMENTS: 2000, COUNTS: 4}
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
Texts = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, read: `problems` by indicator, as whole sentences; a sheet with none can be handed in.

    `total` is the weighted total as it is shown, "" while a score is missing or wrong.
    """

    sheet: Sheet
    problems: Mapping[str, tuple[str, ...]]
    total: str


def read_typed(expert: str, texts: Mapping[str, Mapping[str, str]], settings: ScoringSettings, rubric: Rubric) -> Typed:
    """Reads what an expert typed. Full-width digits and blanks around are accepted; nothing else is guessed."""
    scores: dict[str, Decimal] = {}
    comments: dict[str, str] = {}
    counts: dict[str, int] = {}
    unread: dict[str, list[str]] = {code: [] for code in rubric.names}
    for code, name in rubric.names.items():
        if text := _plain(texts, SCORES, code):
            if _NUMBER.fullmatch(text):
                scores[code] = Decimal(text)
            else:
                unread[code].append(f"“{name}”的得分填的“{text}”不是数，请改正。")
        if comment := texts.get(COMMENTS, {}).get(code, "").strip():
            comments[code] = comment
        if text := _plain(texts, COUNTS, code):
            if text.removeprefix("-").isascii() and text.removeprefix("-").isdecimal():
                counts[code] = int(text)
            else:
                unread[code].append(f"“{name}”数出的条数填的“{text}”不是整数，请改正。")
    sheet = Sheet(expert, scores, comments, counts)
    found = {}
    for code, name in rubric.names.items():
        said = indicator_problems(sheet, settings, rubric, code)
        if _plain(texts, SCORES, code):
            said = tuple(one for one in said if one != NO_SCORE.format(name))  # what cannot be read is not missing
        if problems := (*unread[code], *said):
            found[code] = problems
    whole = all(code in scores and settings.scale_of(code).holds(scores[code]) for code in settings.weights)
    return Typed(sheet, found, shown(total(sheet, settings)) if whole else "")


def texts_of(content: Mapping[str, Any]) -> Texts:
    """What a stored sheet or draft holds, as it stands in the boxes; empty ones are left out."""
    return {
        part: {code: str(value) for code, value in content.get(part, {}).items() if str(value) != ""} for part in PARTS
    }


def _plain(texts: Mapping[str, Mapping[str, str]], part: str, code: str) -> str:
    return fold_width(texts.get(part, {}).get(code, "")).strip()
