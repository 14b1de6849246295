"""The settings of a round in words, as a document tells them: every one, in the order of a work plan."""

from __future__ import annotations

from decimal import Decimal

from core.scoring.settings import AGGREGATIONS, COMMENTS, NAMES, VISIBILITIES, ScoringSettings
from core.standards.rubric import Rubric

NONE = "不设"


def setting_words(settings: ScoringSettings, rubric: Rubric) -> tuple[tuple[str, str], ...]:
    """(what it is called, what was decided) of each setting."""
    names = rubric.names
    said = {
        "weights": "；".join(f"{names[code]} {_number(weight)}" for code, weight in settings.weights.items()),
        "scale": settings.scale.text,
        "own_scales": "；".join(f"{names[code]} {scale.text}" for code, scale in settings.own_scales.items()) or NONE,
        "experts": f"{settings.experts} 位",
        "aggregation": AGGREGATIONS[settings.aggregation],
        "trim_from": "不适用" if settings.trim_from is None else f"{settings.trim_from} 位",
        "pass_line": _points(settings.pass_line),
        "grades": "；".join(f"{one.name}：{_number(one.start)} 分起" for one in settings.grades or ()) or NONE,
        "same_city": "回避" if settings.same_city else "不因同市回避",
        "comments": COMMENTS[settings.comments],
        "visibility": VISIBILITIES[settings.visibility],
        "range_mark": _mark(settings.range_mark),
        "deviation_mark": _mark(settings.deviation_mark),
    }
    return tuple((name, said[key]) for key, name in NAMES.items())


def _points(value: Decimal | None) -> str:
    return NONE if value is None else f"{_number(value)} 分（含本数）"


def _mark(value: Decimal | None) -> str:
    return NONE if value is None else f"达到 {_number(value)} 分提示"


def _number(value: Decimal) -> str:
    """Without zeros that say nothing: `20`, `0.5`."""
    return f"{value.normalize():f}"
