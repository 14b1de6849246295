"""Invents the figures of one applicant within the ranges of the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from sheets_schema.schema import Column, load

Figures = dict[str, Any]
_TENTH = Decimal("0.1")


def draw(rng: Random, ranges: Mapping[str, Any], *, clean: bool, given: Mapping[str, Any], sheet: str) -> Figures:
    """The figures of one row. `clean`: from the part of each range that misses no threshold.

    `ranges` is one table of figures.toml (counts, shares, odds, picks); `given` figures that are fixed already,
    on which shares may lean.
    """
    made: Figures = dict(given)
    for name, bounds in ranges["counts"].items():
        made[name] = _typed(_column(sheet, name), _between(rng, bounds, clean), ROUND_HALF_UP)
    for name, (whole, *bounds) in ranges["shares"].items():
        exact = _between(rng, bounds, clean) / 100 * Decimal(made[whole])
        made[name] = _typed(_column(sheet, name), exact, ROUND_CEILING)
    for name, odds in ranges.get("odds", {}).items():
        made[name] = "是" if clean or rng.randrange(100) < odds else "否"
    for name, options in ranges.get("picks", {}).items():
        made[name] = options[0] if clean else rng.choice(options)
    return made


def draw_items(rng: Random, bounds: Sequence[int], options: Sequence[str], *, clean: bool) -> str:
    """Some of the options, as a city lists them."""
    lowest, sure, highest = bounds
    count = rng.randint(sure if clean else lowest, min(highest, len(options)))
    chosen = set(rng.sample(list(options), count))
    return "、".join(option for option in options if option in chosen)


def at_creation(rng: Random, ranges: Mapping[str, Any], now: Mapping[str, Any], *, sheet: str) -> Figures:
    """The figures of a base at its creation, made out of today's so that the base has grown since.

    A count is a part of today's; a share keeps today's proportion to another column, times a part.
    """
    made: Figures = dict(now)
    for name, bounds in ranges["counts"].items():
        made[name] = _typed(_column(sheet, name), Decimal(now[name]) * _between(rng, bounds, True) / 100, ROUND_HALF_UP)
    for name, (whole, *bounds) in ranges["shares"].items():
        kept = Decimal(now[name]) / Decimal(now[whole]) * Decimal(made[whole])
        made[name] = _typed(_column(sheet, name), kept * _between(rng, bounds, True) / 100, ROUND_HALF_UP)
    return made


def _between(rng: Random, bounds: Sequence[float], clean: bool) -> Decimal:
    lowest, sure, highest = (Decimal(str(bound)) for bound in bounds)
    start = sure if clean else lowest
    # thousandths, so that nothing hangs on how a machine rounds binary fractions
    return start + (highest - start) * rng.randrange(1001) / 1000


def _typed(column: Column, exact: Decimal, rounding: str) -> int | Decimal:
    if column.type == "integer":
        return int(exact.to_integral_value(rounding))
    return exact.quantize(_TENTH, rounding).normalize() + 0


def _column(sheet: str, name: str) -> Column:
    return load().sheet(sheet).column(name)
