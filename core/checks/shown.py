"""How the figures of a finding are written for people: the value, what is required, how far one is from the other."""

from __future__ import annotations

from fractions import Fraction

from core.standards.edition import Criterion
from core.standards.figures import decimal_text
from core.standards.rules import Judged

_LEAST_SHOWN = 0.1  # per cent of the threshold


def is_share(criterion: Criterion) -> bool:
    """Whether a criterion that people judge carries a share as its figure."""
    figures = (rule.figure for rule in criterion.rules.values() if isinstance(rule, Judged))
    return any(figure is not None and figure.unit == "percent" for figure in figures)


def shown_value(exact: str | None, required: str, *, share: bool = False) -> str:
    """A figure for people: `29.99%` where the threshold is a share, thousands separated.

    Cut to two places, more where it would otherwise read as if it stood exactly at its threshold.
    """
    if exact is None:
        return ""
    try:
        number = Fraction(exact)
    except ValueError:
        return exact
    *_, limit = required.split(" ")
    share = share or limit.endswith("%")
    try:
        bound = Fraction(limit.removesuffix("%"))
    except ValueError:
        bound = None
    whole, dot, behind = decimal_text(number * (100 if share else 1), apart_from=bound).partition(".")
    digits = f"{int(whole):,}" if whole.lstrip("-").isdigit() else whole
    return f"{digits}{dot}{behind}{'%' if share else ''}"


def shown_limit(required: str) -> str:
    """`>= 1000` as `≥ 1,000`; words stay."""
    sign, _, number = required.partition(" ")
    signs = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
    if sign not in signs:
        return required
    figure = number.removesuffix("%")
    plain = f"{int(figure):,}" if figure.isdigit() else figure
    return f"{signs[sign]} {plain}{'%' if number.endswith('%') else ''}"


def shown_margin(margin: float | None) -> str:
    """How far from the threshold, in per cent of it."""
    if margin is None:
        return ""
    if margin == 0:
        return "正好达到"
    word, far = "超出" if margin > 0 else "差", abs(margin) * 100
    return f"{word} {far:,.1f}%" if far >= _LEAST_SHOWN else f"{word}不到 {_LEAST_SHOWN}%"
