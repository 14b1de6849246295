"""How figures of the measure are compared and written: exact numbers in, Chinese text out.

Nothing here rounds before a comparison; a figure is shortened only where it is shown, and never so far that
the text contradicts the verdict (29.999% is not shown as 30%).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

Exact = int | Decimal | Fraction

PERCENT: Final = 100
_MOST_PLACES: Final = 12
_USUAL_PLACES: Final = 2


def decimal_text(value: Exact, *, apart_from: Exact | None = None) -> str:
    """The value in digits, cut (not rounded) to two places, with more where that would equal `apart_from`."""
    if isinstance(value, int):
        return str(value)
    exact = value if isinstance(value, Fraction) else Fraction(value)
    for places in range(_USUAL_PLACES, _MOST_PLACES + 1):
        text = _cut(exact, places)
        if apart_from is None or exact == Fraction(apart_from) or text != _cut(Fraction(apart_from), places):
            return text
    return f"{exact.numerator}/{exact.denominator}"


def percent_text(value: Exact, *, apart_from: Exact | None = None) -> str:
    """A share as a percentage: Fraction(3, 10) -> `30%`. `apart_from` is a share too."""
    other = None if apart_from is None else Fraction(apart_from) * PERCENT
    return decimal_text(Fraction(value) * PERCENT, apart_from=other) + "%"


def figure_text(value: Exact, unit: str, *, apart_from: Exact | None = None) -> str:
    """A figure with its unit; the unit `percent` (or `%`) writes a share as a percentage."""
    if unit in ("percent", "%"):
        return percent_text(value, apart_from=apart_from)
    return f"{decimal_text(value, apart_from=apart_from)} {unit}".rstrip()


def _cut(exact: Fraction, places: int) -> str:
    digits = str(abs(exact.numerator) * 10**places // exact.denominator).rjust(places + 1, "0")
    whole, behind = digits[:-places], digits[-places:].rstrip("0")
    text = f"{whole}.{behind}" if behind else whole
    return "-" + text if exact < 0 and text != "0" else text
