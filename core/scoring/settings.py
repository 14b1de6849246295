"""What a round decides about scoring before the first score is given; the measure leaves all of it open (附件3).

Nothing here has a default: a value that nobody chose is a problem, not a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from core.standards.rubric import Rubric

Aggregation = Literal["mean", "trimmed_mean", "median"]
Comments = Literal["none", "each"]
Visibility = Literal["never", "after_own"]

OPEN: Final = "办法未规定，由本年度工作方案确定。"
FULL: Final = 100  # of the weights together, and therefore of a total
TRIMMED: Final = 2  # one at each end

AGGREGATIONS: Final[Mapping[Aggregation, str]] = {
    "mean": "平均分",
    "trimmed_mean": "去掉一个最高分和一个最低分后的平均分",
    "median": "中位数",
}
COMMENTS: Final[Mapping[Comments, str]] = {"none": "不要求写评语", "each": "每项指标都要写评语"}
VISIBILITIES: Final[Mapping[Visibility, str]] = {
    "never": "专家始终看不到其他专家的评分",
    "after_own": "专家交齐对该申报的评分后，可以看到其他专家的评分",
}
# What each setting is called, in the order of a work plan.
NAMES: Final[Mapping[str, str]] = {
    "weights": "权重",
    "scale": "满分和打分间隔",
    "own_scales": "单独规定的满分和打分间隔",
    "experts": "每项申报的评审专家人数",
    "aggregation": "合成办法",
    "trim_from": "去掉最高分和最低分的起始人数",
    "pass_line": "合格线",
    "grades": "等次",
    "same_city": "同市专家是否回避",
    "comments": "评语",
    "visibility": "其他专家的评分是否可见",
    "range_mark": "分歧提示（最高分与最低分之差）",
    "deviation_mark": "分歧提示（标准差）",
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Scores from 0 to `top`, in steps of `step`."""

    top: Decimal
    step: Decimal

    def holds(self, score: Decimal) -> bool:
        """Whether a score can be given on it."""
        return score.is_finite() and 0 <= score <= self.top and not Fraction(score) % Fraction(self.step)

    @property
    def text(self) -> str:
        """`0 至 100 分，每 0.5 分一档`."""
        return f"0 至 {self.top.normalize():f} 分，每 {self.step.normalize():f} 分一档"


@dataclass(frozen=True, slots=True)
class Grade:
    """A named group of totals: those from `start` (out of 100, reached when equal) up to the next better grade."""

    name: str
    start: Decimal


@dataclass(frozen=True, slots=True)
class ScoringSettings:
    """The settings of a round.

    `weights` by indicator, together 100. `scale` holds for indicators without one in `own_scales`. `experts`: how
    many score each application. `trim_from`: with so many scores or more the highest and the lowest are dropped
    (`trimmed_mean` only). `pass_line` of a total out of 100, reached when equal (以上包括本数); None: there is none.
    `grades` from the best down; None: there are none. `same_city`: experts of the applicant's city are recused.
    `range_mark`, `deviation_mark`: from which difference and which standard deviation of the totals on an
    application is pointed out; None: never.
    """

    weights: Mapping[str, Decimal]
    scale: Scale
    own_scales: Mapping[str, Scale]
    experts: int
    aggregation: Aggregation
    trim_from: int | None
    pass_line: Decimal | None
    grades: tuple[Grade, ...] | None
    same_city: bool
    comments: Comments
    visibility: Visibility
    range_mark: Decimal | None
    deviation_mark: Decimal | None

    def scale_of(self, indicator: str) -> Scale:
        """The scale that an indicator is scored on."""
        return self.own_scales.get(indicator, self.scale)


def problems(settings: ScoringSettings, rubric: Rubric) -> tuple[str, ...]:
    """Everything that keeps the settings from being used, as whole sentences; () where they can be."""
    return (
        *_weights(settings.weights, rubric),
        *_scales(settings, rubric),
        *_aggregation(settings),
        *_limits(settings),
        *_grades(settings.grades),
    )


def cautions(settings: ScoringSettings) -> tuple[str, ...]:
    """What can be used as it is but may not be what was meant, as whole sentences."""
    found = []
    start = settings.trim_from
    if settings.aggregation == "trimmed_mean" and start is not None and settings.experts < start:
        found.append(
            f"每项申报由 {settings.experts} 位专家评审，从 {start} 位起才去掉最高分和最低分："
            "只有加派专家的申报才会去掉，其余都是平均分。请确认是这个意思。"
        )
    if settings.grades and (lowest := settings.grades[-1].start) > 0:
        found.append(f"最低的等次从 {lowest:f} 分起，不到 {lowest:f} 分的不属于任何等次。请确认是这个意思。")
    return tuple(found)


def _weights(weights: Mapping[str, Decimal], rubric: Rubric) -> list[str]:
    found = [f"“{name}”的权重还没有定。{OPEN}" for code, name in rubric.names.items() if code not in weights]
    found += [f"附件3 没有“{code}”这项指标，不能给它权重。" for code in weights if code not in rubric.names]
    usable = True
    for code, weight in weights.items():
        if not weight.is_finite() or weight <= 0:
            found.append(f"“{rubric.names.get(code, code)}”的权重应当大于 0：附件3 的各项指标都要评。")
            usable = False
    if usable and not found and (total := sum(weights.values(), Decimal(0))) != FULL:
        found.append(f"各项指标的权重合计是 {total.normalize():f}，应当正好是 {FULL}，请调整。")
    return found


def _scales(settings: ScoringSettings, rubric: Rubric) -> list[str]:
    named = {"各项指标": settings.scale}
    found = []
    for code, scale in settings.own_scales.items():
        if code in rubric.names:
            named[f"“{rubric.names[code]}”"] = scale
        else:
            found.append(f"附件3 没有“{code}”这项指标，不能单独规定满分。")
    for name, scale in named.items():
        for word, value in (("满分", scale.top), ("打分间隔", scale.step)):
            if not value.is_finite() or value <= 0:
                found.append(f"{name}的{word}应当大于 0。")
                break
        else:
            if not scale.holds(scale.top):
                found.append(f"{name}的满分 {scale.top:f} 不是打分间隔 {scale.step:f} 的整数倍，打不出满分，请调整。")
    return found


def _aggregation(settings: ScoringSettings) -> list[str]:
    found = []
    if settings.experts < 1:
        found.append("每项申报至少要有 1 位专家评审。")
    if settings.aggregation == "trimmed_mean":
        start = settings.trim_from
        if start is None:
            found.append(f"还没有定从几位专家起去掉最高分和最低分。{OPEN}")
        elif start <= TRIMMED:
            found.append(f"至少要有 {TRIMMED + 1} 位专家，才能去掉一个最高分和一个最低分。")
    elif settings.trim_from is not None:
        found.append(f"合成办法是{AGGREGATIONS[settings.aggregation]}，不要再定从几位专家起去掉最高分和最低分。")
    return found


def _limits(settings: ScoringSettings) -> list[str]:
    found = []
    line = settings.pass_line
    if line is not None and not (line.is_finite() and 0 < line <= FULL):
        found.append(f"合格线应当大于 0、不超过 {FULL}；不设合格线的请选“不设”。")
    for name, value in (("最高分与最低分之差", settings.range_mark), ("标准差", settings.deviation_mark)):
        if value is not None and not (value.is_finite() and 0 < value <= FULL):
            found.append(f"{name}达到多少分要提示，应当大于 0、不超过 {FULL}；不提示的请选“不设”。")
    return found


def _grades(grades: tuple[Grade, ...] | None) -> list[str]:
    if grades is None:
        return []
    if not grades:
        return ["没有写任何等次；不分等次的请选“不设”。"]
    found = []
    names = [one.name for one in grades]
    if not all(names):
        found.append("每个等次都要有名称。")
    found += [
        f"等次“{name}”写了不止一次，请只留一个。" for name in dict.fromkeys(names) if name and names.count(name) > 1
    ]
    for one in grades:
        if not (one.start.is_finite() and 0 <= one.start <= FULL):
            found.append(f"等次“{one.name}”的起点分应当在 0 到 {FULL} 之间。")
    if not found:
        for better, worse in pairwise(grades):
            if worse.start >= better.start:
                found.append(f"等次应当从高到低写：“{worse.name}”的起点分应当低于“{better.name}”的起点分。")
    return found
