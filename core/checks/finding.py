"""The result of holding one application against one criterion (contract §3)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Verdict = Literal["pass", "fail", "review", "missing"]
Stage = Literal["creation", "recognition"]

VERDICTS: tuple[Verdict, ...] = ("fail", "missing", "review", "pass")


@dataclass(frozen=True, slots=True)
class Finding:
    """One 审核结论.

    `value` is the computed figure, exact (a share is a Fraction); None where there is none.
    `required` is the threshold in words of the contract (`>= 40`, `> 20%`).
    `cells` names the cells it came from, `平台指标!N7`; `margin` is how far the value is from its threshold
    as a fraction of the threshold (0 = exactly at it, negative = short of it), None where there is none.
    """

    criterion: str
    clause: str
    verdict: Verdict
    value: int | Fraction | Decimal | str | None
    required: str
    message: str
    cells: tuple[str, ...] = ()
    margin: Fraction | None = None


def overall(verdicts: tuple[Verdict, ...]) -> Verdict:
    """fail if any fails, else missing, else review, else pass."""
    return next((verdict for verdict in VERDICTS if verdict in verdicts), "pass")
