"""What the sheets on one application come to. Exact throughout; a score that is missing is never averaged away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from core.scoring.settings import Aggregation, ScoringSettings
from core.scoring.sheets import Sheet, total

Mark = Literal["range", "deviation"]
MARKS: Final[Mapping[Mark, str]] = {"range": "最高分与最低分相差较大", "deviation": "评分较分散"}


@dataclass(frozen=True, slots=True)
class Summary:
    """The scores of several experts on one thing.

    `aggregate` is None while the application's scores are not complete; `dropped` names the experts whose score the
    trimmed mean leaves out. `range` and `variance` (of a sample) need two scores.
    """

    by_expert: Mapping[str, Fraction]
    aggregate: Fraction | None
    dropped: tuple[str, ...]
    range: Fraction | None
    variance: Fraction | None


@dataclass(frozen=True, slots=True)
class Result:
    """What an application's scores come to.

    `asked`: experts that the round's settings ask for. `assigned`, `handed_in`, `missing`: experts by code.
    `set_aside`: sheets of experts who are not assigned (any more); they count for nothing. `passed` is None without
    a pass line and while scores are not complete. `marks` point out how far the experts are apart.
    """

    asked: int
    assigned: tuple[str, ...]
    handed_in: tuple[str, ...]
    missing: tuple[str, ...]
    set_aside: tuple[str, ...]
    indicators: Mapping[str, Summary]
    total: Summary
    passed: bool | None
    marks: tuple[Mark, ...]

    @property
    def lacking(self) -> int:
        """How many experts are still to be assigned."""
        return max(self.asked - len(self.assigned), 0)

    @property
    def complete(self) -> bool:
        """Whether every score that the settings ask for is there."""
        return not self.missing and not self.lacking

    @property
    def gap(self) -> str:
        """What is missing, as a sentence; "" where nothing is."""
        parts = []
        if self.lacking:
            parts.append(f"应由 {self.asked} 位专家评审，只分派了 {len(self.assigned)} 位")
        if self.missing:
            parts.append(f"还差 {len(self.missing)} 位专家的评分（{'、'.join(self.missing)}）")
        return f"{'；'.join(parts)}，暂不计算得分。" if parts else ""


def aggregate(scores: Sequence[Fraction], settings: ScoringSettings) -> Fraction:
    """One figure out of at least one score, by the settings' way."""
    return _WAYS[settings.aggregation](sorted(scores), settings.trim_from)


def grade(total: Fraction, settings: ScoringSettings) -> str:
    """The name of the grade that a total out of 100 belongs to; "" without grades and below the lowest."""
    return next((one.name for one in settings.grades or () if total >= Fraction(one.start)), "")


def nearest_bound(value: Fraction, settings: ScoringSettings) -> Fraction | None:
    """The pass line or the beginning of a grade that a score is nearest to; None where there is neither."""
    lines = () if settings.pass_line is None else (settings.pass_line,)
    bounds = [Fraction(one) for one in (*lines, *(each.start for each in settings.grades or ()))]
    return min(bounds, key=lambda bound: abs(bound - value), default=None)


def result(assigned: Iterable[str], sheets: Iterable[Sheet], settings: ScoringSettings) -> Result:
    """The result of one application: `sheets` are those handed in, each complete (`sheet_problems`), one an expert."""
    experts = tuple(sorted(set(assigned)))
    by_expert: dict[str, Sheet] = {}
    for sheet in sheets:
        if sheet.expert in by_expert:
            raise ValueError(f"two sheets of {sheet.expert}")
        by_expert[sheet.expert] = sheet
    counted = {code: by_expert[code] for code in experts if code in by_expert}
    complete = len(counted) == len(experts) >= settings.experts
    whole = _summary({code: total(one, settings) for code, one in counted.items()}, settings, complete)
    line = settings.pass_line
    return Result(
        asked=settings.experts,
        assigned=experts,
        handed_in=tuple(counted),
        missing=tuple(code for code in experts if code not in counted),
        set_aside=tuple(sorted(set(by_expert) - set(experts))),
        indicators={
            code: _summary({who: Fraction(one.scores[code]) for who, one in counted.items()}, settings, complete)
            for code in settings.weights
        },
        total=whole,
        passed=None if line is None or whole.aggregate is None else whole.aggregate >= Fraction(line),
        marks=_marks(whole, settings),
    )


def _summary(by_expert: Mapping[str, Fraction], settings: ScoringSettings, complete: bool) -> Summary:
    scores = list(by_expert.values())
    several = len(scores) > 1
    return Summary(
        by_expert,
        aggregate(scores, settings) if complete else None,
        _dropped(by_expert, settings) if complete else (),
        max(scores) - min(scores) if several else None,
        _variance(scores) if several else None,
    )


def _marks(whole: Summary, settings: ScoringSettings) -> tuple[Mark, ...]:
    found: list[Mark] = []
    if settings.range_mark is not None and whole.range is not None and whole.range >= Fraction(settings.range_mark):
        found.append("range")
    mark = settings.deviation_mark
    if mark is not None and whole.variance is not None and whole.variance >= Fraction(mark) ** 2:
        found.append("deviation")
    return tuple(found)


def _dropped(by_expert: Mapping[str, Fraction], settings: ScoringSettings) -> tuple[str, ...]:
    """The experts left out: of equal scores the first by code at the low end, the last at the high end."""
    if settings.aggregation != "trimmed_mean" or not _trims(len(by_expert), settings.trim_from):
        return ()
    order = sorted(by_expert, key=lambda code: (by_expert[code], code))
    return (order[0], order[-1])


def _trims(count: int, trim_from: int | None) -> bool:
    return trim_from is not None and count >= trim_from


def _mean(scores: Sequence[Fraction], _: int | None = None) -> Fraction:
    return sum(scores, Fraction(0)) / len(scores)


def _trimmed_mean(scores: Sequence[Fraction], trim_from: int | None) -> Fraction:
    return _mean(scores[1:-1] if _trims(len(scores), trim_from) else scores)


def _median(scores: Sequence[Fraction], _: int | None = None) -> Fraction:
    middle = len(scores) // 2
    return scores[middle] if len(scores) % 2 else (scores[middle - 1] + scores[middle]) / 2


def _variance(scores: Sequence[Fraction]) -> Fraction:
    mean = _mean(scores)
    return sum(((one - mean) ** 2 for one in scores), Fraction(0)) / (len(scores) - 1)


_WAYS: Final[Mapping[Aggregation, Callable[[Sequence[Fraction], int | None], Fraction]]] = {
    "mean": _mean,
    "trimmed_mean": _trimmed_mean,
    "median": _median,
}
