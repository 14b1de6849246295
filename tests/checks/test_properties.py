"""Laws that hold for any figures: exactness, and that more is never worse."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.checks.finding import Finding
from core.checks.judge import judge
from core.standards.figures import decimal_text, percent_text
from tests.checks.building import AS_OF, applicants, book, edition, sample

COUNTS = st.integers(min_value=0, max_value=10**12)
RANK = {"fail": 0, "review": 1, "pass": 2}


def platform(**cells: int) -> dict[str, Finding]:
    """The findings of a platform with some figures."""
    return _findings("platform", "平台指标", {column: str(value) for column, value in cells.items()})


def _findings(kind: str, sheet: str, cells: dict[str, str]) -> dict[str, Finding]:
    (application,) = applicants(book(sample(kind, {sheet: cells})))
    return {one.criterion: one for one in judge(application, edition(), AS_OF).findings}


def coverage(covered: int, total: int) -> Finding:
    """The finding on 服务覆盖面."""
    return platform(**{"已覆盖下一级行政区数（个）": covered, "下一级行政区总数（个）": total})["annex1.coverage"]


@settings(max_examples=60, deadline=None)
@given(whole=st.integers(min_value=1, max_value=10**12), data=st.data())
def test_a_share_is_exact_to_the_last_one(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(min_value=0, max_value=whole))
    finding = coverage(part, whole)
    assert finding.verdict == ("pass" if part * 100 >= whole * 30 else "fail")
    assert finding.value == Fraction(part, whole)


@settings(max_examples=40, deadline=None)
@given(scale=st.integers(min_value=1, max_value=10**11))
def test_exactly_at_the_limit_passes_at_any_size_and_one_less_does_not(scale: int) -> None:
    assert coverage(3 * scale, 10 * scale).verdict == "pass"
    assert coverage(3 * scale - 1, 10 * scale).verdict == "fail"


@settings(max_examples=40, deadline=None)
@given(cents=st.integers(min_value=1, max_value=10**12))
def test_more_than_is_strict_for_decimals_that_binary_floats_cannot_hold(cents: int) -> None:
    total = Decimal(cents) / 100
    cells = {
        "高技术产业企业营业收入（万元）": "0",
        "主导产业企业营业收入（万元）": f"{total / 2:f}",
        "基地企业营业总收入（万元）": f"{total:f}",
    }
    assert _findings("base", "基地指标", cells)["annex2.leading_share"].verdict == "pass"


@settings(max_examples=40, deadline=None)
@given(first=COUNTS, more=COUNTS)
def test_more_is_never_worse(first: int, more: int) -> None:
    for column, code in (
        ("年服务中小企业数（家）", "annex1.served"),
        ("专家数（人）", "annex1.resources"),
        ("年线下活动数（场）", "annex1.events"),
    ):
        fewer, greater = (platform(**{column: number})[code] for number in (first, first + more))
        assert RANK[fewer.verdict] <= RANK[greater.verdict]
        assert fewer.margin is not None
        assert greater.margin is not None
        assert fewer.margin <= greater.margin


@settings(max_examples=40, deadline=None)
@given(numbers=st.lists(st.integers(min_value=0, max_value=30), min_size=6, max_size=6), whole=st.integers(180, 2000))
def test_the_weighted_share_is_that_of_the_formula(numbers: list[int], whole: int) -> None:
    titles = ["制造业单项冠军", "专精特新“小巨人”", "专精特新中小", "高新技术", "科技型中小", "创新型中小"]
    cells = {f"{title}企业数（家）": str(number) for title, number in zip(titles, numbers, strict=True)}
    finding = _findings("base", "基地指标", cells | {"基地企业数（家）": str(whole)})["annex2.quality_share"]
    weighted = sum(weight * number for weight, number in zip((20, 10, 2, 1, 1, 1), numbers, strict=True))
    assert finding.value == Fraction(weighted, whole)
    assert finding.verdict == ("pass" if weighted * 100 > whole * 20 else "fail")


@given(above=st.integers(min_value=0, max_value=10**9), below=st.integers(min_value=1, max_value=10**9))
def test_what_is_shown_is_never_on_the_other_side_of_the_limit(above: int, below: int) -> None:
    share, limit = Fraction(above, below), Fraction(3, 10)
    assume("/" not in percent_text(share, apart_from=limit))
    shown = Fraction(percent_text(share, apart_from=limit).removesuffix("%"))
    assert (shown >= 30) == (share >= limit)
    assert (shown == 30) == (share == limit)


@given(value=st.decimals(min_value=0, max_value=10**9, places=2))
def test_two_places_are_shown_as_they_are(value: Decimal) -> None:
    assert Decimal(decimal_text(value)) == value
