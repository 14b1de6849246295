"""What holds for any scores, and the same figures from statistics libraries that we did not write."""

from __future__ import annotations

import statistics
from decimal import Decimal
from fractions import Fraction

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.scoring.results import aggregate, result
from core.scoring.settings import Aggregation, ScoringSettings
from core.scoring.sheets import Sheet
from core.scoring.shown import shown, shown_root
from tests.scoring.documents import CODES, even, settings

POINTS = st.integers(0, 10_000).map(lambda hundredths: Decimal(hundredths) / 100)
# a handful of values too, so that several experts often give the same
TIED = st.sampled_from([Decimal(one) for one in ("0", "59.99", "60", "60.01", "100")])
SCORES = st.lists(POINTS, min_size=1, max_size=12) | st.lists(TIED, min_size=1, max_size=12)
WAYS: tuple[Aggregation, ...] = ("mean", "trimmed_mean", "median")
WAY = st.sampled_from(WAYS)
FROM = 5
patient = hypothesis.settings(deadline=None)  # a busy machine is no failure


def _settings(way: Aggregation, **changes: object) -> ScoringSettings:
    return settings({"aggregation": way, "trim_from": FROM if way == "trimmed_mean" else None, **changes})


def _exact(scores: list[Decimal]) -> list[Fraction]:
    return [Fraction(one) for one in scores]


@patient
@given(SCORES)
def test_mean_and_median_are_those_of_python(scores: list[Decimal]) -> None:
    exact = _exact(scores)
    assert aggregate(exact, _settings("mean")) == statistics.mean(exact)
    assert aggregate(exact, _settings("median")) == statistics.median(exact)


@patient
@given(SCORES)
def test_the_trimmed_mean_is_that_of_scipy_from_its_number_on(scores: list[Decimal]) -> None:
    exact = _exact(scores)
    found = aggregate(exact, _settings("trimmed_mean"))
    if len(scores) < FROM:
        assert found == statistics.mean(exact)
    else:
        # 1.5/n cuts exactly one at each end, whatever the product of floats comes to
        assert float(found) == pytest.approx(stats.trim_mean([float(one) for one in exact], 1.5 / len(scores)))


@patient
@given(SCORES)
def test_of_equal_scores_one_at_each_end_is_left_out(scores: list[Decimal]) -> None:
    """What the experts who count gave is what scipy keeps: ties at the ends lose one each, not all."""
    sheets = [even(f"E{at:02d}", score) for at, score in enumerate(scores)]
    whole = result([one.expert for one in sheets], sheets, _settings("trimmed_mean", experts=len(scores))).total
    kept = sorted(total for code, total in whole.by_expert.items() if code not in whole.dropped)
    cut = 1.5 / len(scores) if len(scores) >= FROM else 0
    assert [float(one) for one in kept] == sorted(stats.trimboth([float(one) for one in _exact(scores)], cut).tolist())
    assert whole.aggregate == statistics.mean(kept)


@patient
@given(st.lists(st.lists(st.integers(0, 20), min_size=len(CODES), max_size=len(CODES)), min_size=1, max_size=9), WAY)
def test_a_whole_application_is_that_of_numpy_and_scipy(given_: list[list[int]], way: Aggregation) -> None:
    """From half points on a scale of 10 to one figure, all in floats: weighing is a product of matrices."""
    chosen = _settings(way, experts=len(given_), scale={"top": "10", "step": "0.5"})
    sheets = [
        Sheet(f"E{at}", {code: Decimal(half) / 2 for code, half in zip(CODES, halves, strict=True)})
        for at, halves in enumerate(given_)
    ]
    totals = np.array(given_) / 20 @ np.array([float(chosen.weights[code]) for code in CODES])
    others = {
        "mean": np.mean(totals),
        "median": np.median(totals),
        "trimmed_mean": stats.trim_mean(totals, 1.5 / len(totals) if len(totals) >= FROM else 0),
    }
    made = result([one.expert for one in sheets], sheets, chosen)
    assert [float(one) for one in made.total.by_expert.values()] == pytest.approx(totals)
    assert made.total.aggregate is not None
    assert float(made.total.aggregate) == pytest.approx(others[way])


@patient
@given(st.lists(POINTS, min_size=2, max_size=12))
def test_range_and_deviation_are_those_of_python(scores: list[Decimal]) -> None:
    sheets = [even(f"E{at:02d}", score) for at, score in enumerate(scores)]
    whole = result([one.expert for one in sheets], sheets, _settings("mean", experts=len(scores))).total
    assert whole.variance == statistics.variance(_exact(scores))
    assert whole.range == max(_exact(scores)) - min(_exact(scores))
    shown_as = Decimal(shown_root(statistics.variance(_exact(scores))))
    assert abs(shown_as - Decimal(statistics.stdev(scores))) <= Decimal("0.005000001")


@patient
@given(SCORES, st.sampled_from(WAYS), st.randoms())
def test_the_order_of_experts_changes_nothing(scores: list[Decimal], way: Aggregation, random: object) -> None:
    mixed = list(scores)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert aggregate(_exact(mixed), _settings(way)) == aggregate(_exact(scores), _settings(way))


@patient
@given(SCORES, st.sampled_from(WAYS), st.integers(1, 500))
def test_a_higher_score_never_lowers_the_result(scores: list[Decimal], way: Aggregation, more: int) -> None:
    before = _exact(scores)
    after = [before[0] + more, *before[1:]]
    assert min(before) <= aggregate(before, _settings(way)) <= max(before)
    assert aggregate(after, _settings(way)) >= aggregate(before, _settings(way))


@patient
@given(SCORES, st.sampled_from(WAYS), st.data())
def test_a_missing_score_leaves_no_result(scores: list[Decimal], way: Aggregation, data: st.DataObject) -> None:
    sheets = [even(f"E{at:02d}", score) for at, score in enumerate(scores)]
    gone = data.draw(st.sets(st.sampled_from([one.expert for one in sheets])))
    left = [one for one in sheets if one.expert not in gone]
    chosen = _settings(way, experts=len(scores), pass_line="60")
    made = result([one.expert for one in sheets], left, chosen)
    figures = [made.total, *made.indicators.values()]
    assert made.missing == tuple(sorted(gone))
    assert {one.aggregate is None for one in figures} == {made.passed is None} == {bool(gone)}
    assert made.complete is not bool(gone)


@patient
@given(st.fractions(-200, 200))
def test_what_is_shown_is_never_further_than_half_a_hundredth(value: Fraction) -> None:
    written = Fraction(shown(value))
    assert abs(written - value) <= Fraction(1, 200)
    assert Decimal(shown(value)) == Decimal(shown(value)).quantize(Decimal("0.01"))


@patient
@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_is_shown_beside_the_line_is_on_its_side(value: int, line: int) -> None:
    exact, bound = Fraction(value, 3), Fraction(line)
    written = Fraction(shown(exact, bound))
    assert (written >= bound) == (exact >= bound)
    assert (written == bound) == (exact == bound)
