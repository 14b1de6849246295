"""What differs between two editions: for the person who decides which one a round uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.standards.edition import Edition
from core.standards.guide import STAGE_NAMES, required_text
from core.standards.rules import KINDS, STAGES, Kind
from core.standards.threshold import Values

KIND_NAMES: dict[Kind, str] = {"platform": "平台", "base": "基地"}


Sort = Literal["criterion", "rule", "weight", "items", "period", "indicator", "demand", "point", "reason", "clause"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `where` names the criterion, clause, weight or period; `old`/`new` None where it is not there."""

    sort: Sort
    where: str
    old: str | None
    new: str | None


def compare_editions(old: Edition, new: Edition, day: date) -> tuple[Change, ...]:
    """The differences that hold on a day, in the order of the new edition; sources and notes are not compared."""
    found: list[Change] = []
    found += _texts("criterion", {one.code: one.name for one in old.criteria}, {o.code: o.name for o in new.criteria})
    names = {one.code: one.name for one in (*old.criteria, *new.criteria)}
    found += _texts("rule", _asked(old, names, day), _asked(new, names, day))
    found += _texts("weight", _weights(old, day), _weights(new, day))
    found += _texts("items", _items(old), _items(new))
    found += _texts("period", _periods(old, day), _periods(new, day))
    found += _texts("indicator", _indicators(old), _indicators(new))
    found += _texts("demand", _demands(old, day), _demands(new, day))
    found += _texts("point", _points(old), _points(new))
    found += _texts("reason", _reasons(old), _reasons(new))
    found += _texts("clause", _gists(old), _gists(new))
    return tuple(found)


def _texts(
    sort: Sort,
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> Iterable[Change]:
    for where in dict.fromkeys((*new, *old)):
        if old.get(where) != new.get(where):
            yield Change(sort, where, old.get(where), new.get(where))


def _asked(edition: Edition, names: Mapping[str, str], day: date) -> dict[str, str]:
    return {
        f"{names[criterion.code]}（{criterion.clause}）{KIND_NAMES[kind]}{STAGE_NAMES[stage]}": required_text(rule, day)
        for criterion in edition.criteria
        for kind in KINDS
        for stage in STAGES
        if (rule := criterion.rule(kind, stage)) is not None
    }


def _weights(edition: Edition, day: date) -> dict[str, str]:
    return {title.name: _value(title.weight, day) for title in edition.titles}


def _items(edition: Edition) -> dict[str, str]:
    return {category: "、".join(items) for category, items in edition.items.items()}


def _periods(edition: Edition, day: date) -> dict[str, str]:
    return {f"{one.name}（{one.clause}）": f"{_value(one.values, day)} {one.unit}" for one in edition.periods.values()}


def _indicators(edition: Edition) -> dict[str, str]:
    return {one.code: f"{one.name}：{one.looks}" for one in edition.rubric.indicators}


def _demands(edition: Edition, day: date) -> dict[str, str]:
    return {
        f"{one.name}：{one.demand.name}": f"{one.demand.threshold.words} {one.demand.threshold.amount(day)}"
        for one in edition.rubric.indicators
        if one.demand is not None
    }


def _points(edition: Edition) -> dict[str, str]:
    return {
        f"{one.name}：{point.text}": "、".join(KIND_NAMES[kind] for kind in point.kinds)
        + "都看" * (point.kinds == KINDS)
        for one in edition.rubric.indicators
        for point in one.points
    }


def _reasons(edition: Edition) -> dict[str, str]:
    rubric = edition.rubric
    merits = {one.code: f"{one.text}（{one.clause}）" for one in rubric.merits}
    return merits | {one.code: f"{one.text}（{one.clause}）" for one in rubric.reasons}


def _gists(edition: Edition) -> dict[str, str]:
    return {number: f"{clause.heading}：{clause.gist}" for number, clause in edition.clauses.items()}


def _value(values: Values, day: date) -> str:
    return f"{values.at(day).value:f}"
