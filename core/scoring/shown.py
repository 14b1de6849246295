"""How exact figures are written: two places, half up. Only for showing; nothing is compared after it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import Final

Exact = int | Decimal | Fraction

PLACES: Final = 2
_MOST: Final = 12


def shown(value: Exact, apart_from: Exact | None = None) -> str:
    """`85.50`. With `apart_from` (a pass line) more places where two would make different figures look equal."""
    exact = Fraction(value)
    for places in range(PLACES, _MOST + 1):
        text = _written(_half_up(exact, 10**places), places)
        if apart_from is None or exact == Fraction(apart_from):
            return text
        if text != _written(_half_up(Fraction(apart_from), 10**places), places):
            return text
    return f"{exact.numerator}/{exact.denominator}"


def shown_root(square: Fraction) -> str:
    """The square root of an exact figure (a standard deviation of its variance), half up at two places."""
    # floor(√x·10ᵖ + ½) in whole numbers: the root of 4x·10²ᵖ, plus one, halved.
    scale = 10**PLACES
    return _written((isqrt(int(4 * square * scale**2)) + 1) // 2, PLACES)


def _half_up(value: Fraction, scale: int) -> int:
    units = int(abs(value) * scale + Fraction(1, 2))
    return units if value >= 0 else -units


def _written(units: int, places: int) -> str:
    digits = str(abs(units)).rjust(places + 1, "0")
    sign = "-" if units < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
