"""From sheets to results, by the case documents: worked examples, boundaries, ties, and what is missing."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.scoring.results import result
from core.scoring.sheets import Sheet, sheet_problems, total
from core.scoring.shown import shown, shown_root
from tests.scoring.documents import CODES, RUBRIC, document, even, exact, settings

CASES: list[dict[str, Any]] = document("results.toml")["case"]
EXAMPLES: dict[str, dict[str, Any]] = document("sheets.toml")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_scores_come_to_what_the_document_says(case: dict[str, Any]) -> None:
    chosen = settings({"experts": len(case["scores"])} | case.get("settings", {}))
    made = result(
        case.get("assigned", case["scores"]), [even(code, score) for code, score in case["scores"].items()], chosen
    )
    score, variance = made.total.aggregate, made.total.variance
    found = {
        "score": score,
        "shown": None if score is None else shown(score, chosen.pass_line),
        "passed": made.passed,
        "dropped": list(made.total.dropped),
        "missing": list(made.missing),
        "set_aside": list(made.set_aside),
        "gap": made.gap,
        "marks": list(made.marks),
    }
    found |= {"range": made.total.range, "deviation": None if variance is None else shown_root(variance)}
    expect = dict(case["expect"])
    for name in ("range", "deviation"):  # the documents say them where they are the point
        if name not in expect:
            del found[name]
    expect |= {name: exact(expect[name]) for name in ("score", "range") if name in expect}
    nothing = {"score": None, "shown": None, "passed": None, "gap": ""}
    nothing |= {name: [] for name in ("dropped", "missing", "set_aside", "marks")}
    assert found == nothing | expect
    assert made.complete == (made.gap == "") == (score is not None)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("way", ["mean", "trimmed_mean", "median"])
def test_a_worked_example_by_every_way(name: str, way: str) -> None:
    example = EXAMPLES[name]
    count = len(example["sheets"])
    trims = {"trim_from": count if way == "trimmed_mean" else None}
    chosen = settings(example["settings"] | {"aggregation": way, "experts": count} | trims)
    sheets = [
        Sheet(one["expert"], {code: Decimal(score) for code, score in zip(CODES, one["scores"], strict=True)})
        for one in example["sheets"]
    ]
    assert [sheet_problems(sheet, chosen, RUBRIC) for sheet in sheets] == [()] * count
    assert [shown(total(sheet, chosen)) for sheet in sheets] == [one["total"] for one in example["sheets"]]
    made = result([sheet.expert for sheet in sheets], sheets, chosen)
    assert made.total.aggregate is not None
    assert made.total.range is not None
    assert made.total.variance is not None
    assert shown(made.total.aggregate) == example[way]
    assert list(made.total.dropped) == (example["dropped"] if way == "trimmed_mean" else [])
    assert (shown(made.total.range), shown_root(made.total.variance)) == (example["range"], example["deviation"])
    content = made.indicators["content"]
    assert content.aggregate is not None
    if way == "mean":
        assert shown(content.aggregate) == example["content"]
        together = sum(
            Fraction(chosen.weights[code]) * one.aggregate / Fraction(chosen.scale_of(code).top)
            for code, one in made.indicators.items()
            if one.aggregate is not None
        )
        assert together == made.total.aggregate


def test_an_expert_has_one_sheet() -> None:
    with pytest.raises(ValueError, match="two sheets of E1"):
        result(["E1"], [even("E1", 60), even("E1", 61)], settings({"experts": 1}))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0.00"),
        ("1/200", "0.01"),
        ("4999/1000000", "0.00"),
        ("85.5", "85.50"),
        ("99.995", "100.00"),
        ("99.9949999999", "99.99"),
        ("-1/200", "-0.01"),
        ("-1/1000", "0.00"),
        ("100", "100.00"),
    ],
)
def test_figures_are_shown_half_up_at_two_places(value: str, text: str) -> None:
    assert shown(exact(value)) == text


@pytest.mark.parametrize(
    ("square", "text"), [("0", "0.00"), ("2", "1.41"), ("3", "1.73"), ("0.000025", "0.01"), ("0.00002499", "0.00")]
)
def test_a_root_is_shown_half_up(square: str, text: str) -> None:
    """0.005 is exactly half and goes up; a little less goes down. No floating point is asked."""
    assert shown_root(exact(square)) == text


def test_figures_that_differ_are_never_shown_alike_beside_the_line() -> None:
    assert shown(exact("59.9999"), Decimal(60)) == "59.9999"
    assert shown(60, Decimal(60)) == "60.00"
    assert shown(Fraction(60) - Fraction(1, 10**15), 60) == f"{60 * 10**15 - 1}/{10**15}"
