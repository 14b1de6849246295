"""Severities that were planted are found again; what cannot be compared is not."""

from __future__ import annotations

import math
import statistics
from fractions import Fraction
from random import Random

import numpy as np
import pytest

from core.scoring.severity import Scored, Severities, severities

NOISE, PLANTED = 5.0, 4.0


def _round(
    seed: int, applications: int = 600, experts: int = 60, each: int = 5
) -> tuple[list[Scored], dict[str, float]]:
    """A simulated round: totals with two places, and the severities planted in it, which add up to zero."""
    random = Random(seed)
    planted = {f"E{at:02d}": random.gauss(0, PLANTED) for at in range(experts)}
    middle = statistics.mean(planted.values())
    planted = {code: value - middle for code, value in planted.items()}
    rows = []
    for application in range(applications):
        level = random.gauss(75, 8)
        for code in random.sample(sorted(planted), each):
            total = level + planted[code] + random.gauss(0, NOISE)
            rows.append(Scored(application, code, Fraction(round(total * 100), 100)))
    return rows, planted


def _shifts(made: Severities) -> dict[str, float]:
    return {one.expert: one.shift for one in made.experts if one.shift is not None}


@pytest.mark.parametrize("seed", range(10))
def test_planted_severities_are_found(seed: int) -> None:
    """600 applications, 5 of 60 experts each: as well as least squares can, and the standard errors say how well."""
    rows, planted = _round(seed)
    made = severities(rows)
    found = _shifts(made)
    errors = [one.error for one in made.experts if one.error is not None]
    assert len(errors) == len(found) == 60
    off = math.sqrt(statistics.mean((found[code] - planted[code]) ** 2 for code in planted))
    theory = NOISE / math.sqrt(50 * (1 - 1 / 5))  # 50 scores each, a fifth of each application's own
    assert statistics.correlation([found[code] for code in planted], list(planted.values())) > 0.96
    assert off == pytest.approx(theory, rel=0.25)
    assert math.sqrt(statistics.mean(error**2 for error in errors)) == pytest.approx(theory, rel=0.06)
    assert made.noise == pytest.approx(NOISE, rel=0.05)
    within = [abs(found[one.expert] - planted[one.expert]) <= 2 * (one.error or 0) for one in made.experts]
    assert sum(within) >= 52
    assert made.comparable
    assert abs(sum(found.values())) < 1e-9


def test_severity_is_not_mistaken_for_the_luck_of_the_draw() -> None:
    """Lenient experts get the weak applications: raw means turn the experts' order round, the estimate does not."""
    random = Random(7)
    planted = {f"E{at:02d}": float(at - 10) for at in range(21)}
    rows = []
    for application in range(400):
        weak = application / 400  # 1 is the weakest
        level = 90 - 40 * weak
        # neighbours in severity score together, the lenient ones what is weak
        middle = round(1 + weak * 18)
        for code in (f"E{at:02d}" for at in range(middle - 1, middle + 2)):
            total = level + planted[code] + random.gauss(0, 1)
            rows.append(Scored(application, code, Fraction(round(total * 100), 100)))
    found = _shifts(severities(rows))
    means = {code: statistics.mean(float(one.total) for one in rows if one.expert == code) for code in planted}
    order = list(planted.values())
    assert statistics.correlation([means[code] for code in planted], order) < -0.9
    assert statistics.correlation([found[code] for code in planted], order) > 0.99
    assert max(abs(found[code] - planted[code]) for code in planted) < 2


def test_the_estimate_is_that_of_plain_regression() -> None:
    """The same model with one column for each application and expert, by numpy's own least squares."""
    rows, planted = _round(3, applications=40, experts=9, each=3)
    codes = sorted(planted)
    design = np.zeros((len(rows) + 1, 40 + 9))
    for at, one in enumerate(rows):
        design[at, [one.application, 40 + codes.index(one.expert)]] = 1
    design[-1, 40:] = 1  # the sum of severities is zero
    right = np.array([*(float(one.total) for one in rows), 0.0])
    solution = np.linalg.lstsq(design, right, rcond=None)[0]
    made = severities(reversed(rows))
    assert [one.shift for one in made.experts] == pytest.approx(list(solution[40:]))
    assert list(made.levels.values()) == pytest.approx(list(solution[:40]))
    residual = right[:-1] - (design @ solution)[:-1]
    freedom = len(rows) - 40 - 9 + 1
    assert made.noise == pytest.approx(math.sqrt(residual @ residual / freedom))
    covariance = np.linalg.pinv(design[:-1].T @ design[:-1])[40:, 40:]
    centred = np.eye(9) - 1 / 9
    errors = (made.noise or 0) * np.sqrt(np.diag(centred @ covariance @ centred))
    assert [one.error for one in made.experts] == pytest.approx(list(errors))


def test_without_noise_the_answer_is_exact() -> None:
    rows = [Scored(at, code, Fraction(60 + at + shift)) for at in range(3) for code, shift in (("A", 2), ("B", -2))]
    made = severities(rows)
    assert _shifts(made) == pytest.approx({"A": 2, "B": -2})
    assert made.levels == pytest.approx({0: 60, 1: 61, 2: 62})
    assert made.noise == pytest.approx(0, abs=1e-9)
    assert [one.scored for one in made.experts] == [3, 3]


def test_groups_that_share_nothing_are_told_apart() -> None:
    """Each group adds up to zero by itself: 90 and 80 there say nothing about 50 and 60 here."""
    rows = [
        *(Scored(at, code, Fraction(value)) for at in (1, 2) for code, value in (("A", 90), ("C", 80))),
        *(Scored(at, code, Fraction(value)) for at in (3, 4) for code, value in (("B", 50), ("D", 60))),
        Scored(5, "E", Fraction(70)),
    ]
    made = severities(rows)
    assert made.groups == (("A", "C"), ("B", "D"), ("E",))
    assert not made.comparable
    assert [one.group for one in made.experts] == [0, 1, 0, 1, 2]
    assert _shifts(made) == pytest.approx({"A": 5, "C": -5, "B": -5, "D": 5})
    alone = made.experts[-1]
    assert (alone.shift, alone.error, made.levels[5]) == (None, None, None)
    assert (made.levels[1], made.levels[3]) == pytest.approx((85, 55))


def test_what_leaves_nothing_to_estimate_from_has_no_error() -> None:
    made = severities([Scored(1, "A", Fraction(80)), Scored(1, "B", Fraction(70))])
    assert [(one.shift, one.error) for one in made.experts] == [(5.0, None), (-5.0, None)]
    assert made.noise is None


def test_experts_with_few_applications_are_pointed_out() -> None:
    rows = [Scored(at, "A", Fraction(80)) for at in range(6)]
    rows += [Scored(at, "B", Fraction(70)) for at in range(5)]
    assert [(one.expert, one.scored, one.few) for one in severities(rows).experts] == [("A", 6, False), ("B", 5, True)]


def test_no_scores_and_double_scores() -> None:
    assert severities([]) == Severities((), {}, (), None)
    with pytest.raises(ValueError, match="twice"):
        severities([Scored(1, "A", Fraction(80)), Scored(1, "A", Fraction(70))])


def test_raw_scores_stay_what_they_are() -> None:
    rows, _ = _round(1, applications=20, experts=6, each=3)
    before = list(rows)
    severities(rows)
    assert rows == before
