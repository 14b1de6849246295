"""Every application gets its experts or is named; nobody scores what is barred; loads are even; the lot repeats."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Refused
from core.scoring.assignment import Plan, plan
from core.scoring.recusal import Expert, Subject
from core.scoring.severity import Scored, severities
from tests.scoring.documents import exact

Pairs = frozenset[tuple[int, str]]


def _subjects(count: int, *fields: str) -> list[Subject]:
    return [Subject(at, f"虚构平台{at}", f"虚构单位{at}", None, frozenset(fields)) for at in range(1, count + 1)]


def _experts(count: int) -> list[Expert]:
    return [Expert(f"E{at:02d}", f"专家{at}") for at in range(1, count + 1)]


def _plan(subjects: int, experts: int, each: int, barred: Pairs = frozenset(), **more: object) -> Plan:
    return plan(_subjects(subjects), _experts(experts), each, lambda one, what: (what.id, one.code) in barred, **more)  # type: ignore[arg-type]


@st.composite
def _tasks(draw: st.DrawFn) -> tuple[int, int, int, Pairs]:
    subjects, experts = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    pairs = list(product(range(1, subjects + 1), [one.code for one in _experts(experts)]))
    return subjects, experts, draw(st.integers(1, 4)), frozenset(draw(st.sets(st.sampled_from(pairs))))


@settings(deadline=None)
@given(_tasks(), st.integers(0, 5))
def test_whatever_is_barred(task: tuple[int, int, int, Pairs], seed: int) -> None:
    subjects, experts, each, barred = task
    made = _plan(subjects, experts, each, barred, seed=seed)
    assert set(made.assignments) == set(range(1, subjects + 1))
    for at, codes in made.assignments.items():
        able = experts - sum(pair[0] == at for pair in barred)
        assert (at in made.impossible) == (able < each)
        assert len(codes) == (0 if at in made.impossible else each)
        assert list(codes) == sorted(set(codes))
        assert not {(at, code) for code in codes} & barred
    counted = Counter(code for codes in made.assignments.values() for code in codes)
    assert made.loads == {one.code: counted[one.code] for one in _experts(experts)}
    assert made.added == {at: codes for at, codes in made.assignments.items() if codes}


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 12), st.integers(1, 5), st.integers(0, 99))
def test_loads_differ_by_one_at_most_where_nothing_is_barred(subjects: int, experts: int, each: int, seed: int) -> None:
    made = _plan(subjects, experts, each, seed=seed)
    if each > experts:
        assert len(made.impossible) == subjects
    else:
        assert made.impossible == {}
    assert made.spread <= 1


@settings(deadline=None, max_examples=40)
@given(_tasks())
def test_no_other_plan_has_more_even_loads(task: tuple[int, int, int, Pairs]) -> None:
    """Against every plan there is, tried one by one, for small rounds."""
    subjects, experts, each, barred = min(task[0], 4), min(task[1], 4), min(task[2], 2), task[3]
    made = _plan(subjects, experts, each, barred)
    codes = [one.code for one in _experts(experts)]
    choices = [
        [some for some in combinations(codes, each) if not {(at, code) for code in some} & barred]
        for at in range(1, subjects + 1)
        if at not in made.impossible
    ]
    every = (Counter(code for some in one for code in some) for one in product(*choices))
    best = min(sum(count**2 for count in loads.values()) for loads in every)
    assert sum(load**2 for load in made.loads.values()) == best


def test_an_application_that_cannot_be_done_is_named_with_its_numbers() -> None:
    barred = frozenset({(2, "E01"), (2, "E02")})
    made = _plan(3, 4, 3, barred, fixed={3: ["E04"]})
    assert made.impossible == {
        2: "“虚构平台2”应由 3 位专家评审，还差 3 位；4 位专家中除去回避的只有 2 位可派。"
        "请增加专家，或者核对回避后重新分派。"
    }
    assert {at: len(codes) for at, codes in made.assignments.items()} == {1: 3, 2: 0, 3: 3}
    held = _plan(1, 3, 3, frozenset({(1, "E02"), (1, "E03")}), fixed={1: ["E01"]})
    assert held.assignments == {1: ("E01",)}
    assert held.impossible == {
        1: "“虚构平台1”应由 3 位专家评审，已派 1 位，还差 2 位；3 位专家中除去回避的只有 0 位可派。"
        "请增加专家，或者核对回避后重新分派。"
    }


def test_what_stands_is_kept_and_counts() -> None:
    """E01 has three already, so the rest falls to the others; more than asked stays as it is."""
    fixed = {1: ["E01"], 2: ["E01"], 3: ["E01", "E02", "E03"]}
    made = _plan(4, 4, 2, fixed=fixed)
    assert all(set(codes) <= set(made.assignments[at]) for at, codes in fixed.items())
    assert made.assignments[3] == ("E01", "E02", "E03")
    assert {at: len(codes) for at, codes in made.added.items()} == {1: 1, 2: 1, 4: 2}
    assert made.loads == {"E01": 3, "E02": 2, "E03": 2, "E04": 2}


def test_a_second_plan_on_the_first_changes_nothing() -> None:
    first = _plan(20, 7, 3)
    again = _plan(20, 7, 3, fixed=first.assignments, seed=9)
    assert (again.assignments, again.added, again.loads) == (first.assignments, {}, first.loads)


def test_an_expert_who_left_is_kept_where_they_scored() -> None:
    made = _plan(1, 2, 3, fixed={1: ["E99"]})
    assert made.assignments == {1: ("E01", "E02", "E99")}
    assert made.loads == {"E01": 1, "E02": 1}


def test_what_stands_against_a_recusal_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refused:
        _plan(2, 3, 2, frozenset({(2, "E03")}), fixed={1: ["E01"], 2: ["E03"]})
    assert str(refused.value) == "已有的分派与回避相冲突：虚构平台2—专家3（E03）。请先撤回这些分派，再重新分派。"
    with pytest.raises(Refused) as refused:
        _plan(7, 2, 1, frozenset((at, "E02") for at in range(1, 8)), fixed={at: ["E02"] for at in range(1, 8)})
    assert str(refused.value).endswith("虚构平台5—专家2（E02）等 7 项。请先撤回这些分派，再重新分派。")


def test_fields_that_fit_come_first_then_unknown_ones() -> None:
    """Loads stay even: with room for it everybody scores what fits."""
    subjects = [
        Subject(at, f"虚构平台{at}", "虚构单位", None, frozenset({"甲" if at % 2 else "乙"})) for at in range(8)
    ]
    fit = [Expert(f"E{at}", f"专家{at}", (), None, frozenset({"甲" if at % 2 else "乙"})) for at in range(4)]
    made = plan(subjects, fit, 2, lambda *_: False)
    assert made.assignments == {at: ("E1", "E3") if at % 2 else ("E0", "E2") for at in range(8)}
    some = [Expert("A", "甲", (), None, frozenset({"丙"})), Expert("B", "乙"), Expert("C", "丙")]
    assert plan(subjects[:1], some, 2, lambda *_: False).assignments == {0: ("B", "C")}
    # even loads come before fields: the only one who fits does not score everything
    alone = [Expert("A", "甲", (), None, frozenset({"甲"})), Expert("B", "乙", (), None, frozenset({"丁"}))]
    assert plan(_subjects(6, "甲"), alone, 1, lambda *_: False).loads == {"A": 3, "B": 3}


def test_the_lot_repeats_and_another_lot_differs() -> None:
    first = _plan(30, 9, 3, seed=2026)
    assert _plan(30, 9, 3, seed=2026) == first
    mixed = plan(_subjects(30)[::-1], _experts(9)[::-1], 3, lambda *_: False, seed=2026)
    assert mixed == first
    assert _plan(30, 9, 3, seed=2027).assignments != first.assignments


def test_the_lot_mixes_experts_so_that_all_can_be_compared() -> None:
    made = _plan(60, 20, 3)
    scores = [Scored(at, code, exact("60")) for at, codes in made.assignments.items() for code in codes]
    assert severities(scores).comparable


def test_nothing_to_do() -> None:
    nobody = Plan({}, {}, {}, {})
    assert (plan([], [], 3, lambda *_: False), nobody.spread) == (nobody, 0)
    assert _plan(1, 0, 1).impossible.keys() == {1}
