"""Who scores what: every application gets its experts, loads are even, fields fit; drawn by lot where all is equal.

A flow of least cost, solved as a linear programme by HiGHS (scipy). The constraints are those of a network, so the
solution is whole by itself. In order of weight: even loads (the sum of their squares), fitting fields, the lot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from core.errors import Refused
from core.scoring.recusal import Expert, Subject

_FITS, _UNKNOWN, _FOREIGN = range(3)
_NAMED: Final = 5  # pairs named in a sentence; of more the number is told


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is to score what, for a person to look at before it holds.

    `assignments`: experts of each application by code, those that stood before included. `added`: the new ones
    alone. `loads`: applications of each expert. `impossible`: why an application got nobody new, as a sentence.
    """

    assignments: Mapping[int, tuple[str, ...]]
    added: Mapping[int, tuple[str, ...]]
    loads: Mapping[str, int]
    impossible: Mapping[int, str]

    @property
    def spread(self) -> int:
        """The largest load less the smallest."""
        return max(self.loads.values()) - min(self.loads.values()) if self.loads else 0


@dataclass(frozen=True, slots=True)
class _Pair:
    subject: int  # position among those that still need somebody
    expert: int
    cost: float


def plan(
    subjects: Sequence[Subject],
    experts: Sequence[Expert],
    each: int,
    barred: Callable[[Expert, Subject], bool],
    *,
    fixed: Mapping[int, Sequence[str]] | None = None,
    seed: int = 0,
) -> Plan:
    """`each` experts for every application.

    `fixed`: what stands already, by application; it is kept and counts, also where its expert is not among `experts`
    any more. An application with too few experts who are not barred gets nobody new and is named. The same input,
    in whatever order, gives the same plan; `seed` is the round's lot. Refused where a fixed expert is barred.
    """
    subjects = sorted(subjects, key=lambda one: one.id)
    experts = sorted(experts, key=lambda one: one.code)
    held = {one.id: tuple(sorted(set((fixed or {}).get(one.id, ())))) for one in subjects}
    _refuse_conflicts(subjects, {one.code: one for one in experts}, held, barred)
    free: dict[int, list[Expert]] = {}
    impossible = {}
    for subject in subjects:
        need = each - len(held[subject.id])
        if need <= 0:
            continue
        able = [one for one in experts if one.code not in held[subject.id] and not barred(one, subject)]
        if len(able) < need:
            impossible[subject.id] = _why(subject, each, held[subject.id], len(able), len(experts))
        else:
            free[subject.id] = able
    loads = {one.code: sum(one.code in codes for codes in held.values()) for one in experts}
    added = _draw([one for one in subjects if one.id in free], free, held, each, loads, Random(seed))
    assignments = {one.id: tuple(sorted((*held[one.id], *added.get(one.id, ())))) for one in subjects}
    for codes in added.values():
        for code in codes:
            loads[code] += 1
    return Plan(assignments, added, loads, impossible)


def _refuse_conflicts(
    subjects: Sequence[Subject],
    experts: Mapping[str, Expert],
    held: Mapping[int, tuple[str, ...]],
    barred: Callable[[Expert, Subject], bool],
) -> None:
    wrong = [
        f"{subject.name}—{experts[code].name}（{code}）"
        for subject in subjects
        for code in held[subject.id]
        if code in experts and barred(experts[code], subject)
    ]
    if wrong:
        more = f"等 {len(wrong)} 项" if len(wrong) > _NAMED else ""
        raise Refused(f"已有的分派与回避相冲突：{'、'.join(wrong[:_NAMED])}{more}。请先撤回这些分派，再重新分派。")


def _why(subject: Subject, each: int, held: tuple[str, ...], able: int, experts: int) -> str:
    already = f"，已派 {len(held)} 位" if held else ""
    return (
        f"“{subject.name}”应由 {each} 位专家评审{already}，还差 {each - len(held)} 位；{experts} 位专家中除去回避的"
        f"只有 {able} 位可派。请增加专家，或者核对回避后重新分派。"
    )


def _draw(
    subjects: Sequence[Subject],
    free: Mapping[int, Sequence[Expert]],
    held: Mapping[int, tuple[str, ...]],
    each: int,
    loads: Mapping[str, int],
    lot: Random,
) -> dict[int, tuple[str, ...]]:
    """The new experts of each subject, by code."""
    if not subjects:
        return {}
    codes = {code: at for at, code in enumerate(loads)}
    # A better solution differs along rounds that pass every expert once at most: that bounds what the lot (each
    # cost below 1) can come to beside one step of fields, and both beside one step of loads.
    step = 2 * len(codes) + 1
    pairs = [
        _Pair(at, codes[one.code], step * _fit(one, subject) + lot.random())
        for at, subject in enumerate(subjects)
        for one in free[subject.id]
    ]
    needs = [each - len(held[one.id]) for one in subjects]
    chosen = _solve(pairs, needs, list(loads.values()), 2 * len(codes) * (_FOREIGN * step + 1) + 1)
    names, found = list(codes), dict[int, list[str]]()
    for pair in chosen:
        found.setdefault(subjects[pair.subject].id, []).append(names[pair.expert])
    return {id_: tuple(sorted(some)) for id_, some in found.items()}


def _fit(expert: Expert, subject: Subject) -> int:
    if not expert.fields or not subject.fields:
        return _UNKNOWN
    return _FITS if expert.fields & subject.fields else _FOREIGN


def _solve(pairs: Sequence[_Pair], needs: Sequence[int], loads: Sequence[int], weight: float) -> list[_Pair]:
    """The pairs of least cost: as many a subject as needed, with `weight` on the sum of squared loads."""
    import numpy as np
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    subject = np.array([one.subject for one in pairs])
    expert = np.array([one.expert for one in pairs])
    most = np.bincount(expert, minlength=len(loads))
    # one more application for an expert who has k costs (k+1)² - k²: a place for each, the cheap ones taken first
    owner = np.repeat(np.arange(len(loads)), most)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(most) - most, most)
    middle = (sum(needs) + sum(loads)) / len(loads)  # the same for every whole plan; keeps the figures small
    places = weight * 2 * (np.array(loads)[owner] + rank + 0.5 - middle)
    costs = np.concatenate([[one.cost for one in pairs], places])
    rows = np.concatenate([subject, len(needs) + expert, len(needs) + owner])
    columns = np.concatenate([np.arange(len(pairs)), np.arange(len(pairs) + len(owner))])
    signs = np.repeat([1.0, 1.0, -1.0], [len(pairs), len(pairs), len(owner)])
    matrix = csr_array((signs, (rows, columns)), shape=(len(needs) + len(loads), len(costs)))
    right = np.concatenate([needs, np.zeros(len(loads))])
    solved: Any = linprog(costs, A_eq=matrix, b_eq=right, bounds=(0, 1), method="highs-ds")
    taken = np.rint(solved.x[: len(pairs)]) if solved.success else np.zeros(len(pairs))
    if not np.array_equal(np.bincount(subject, taken), needs):
        raise Refused("专家分派没有算出结果，请重新分派一次；仍然不行的，请与技术人员联系。")
    return [pair for pair, one in zip(pairs, taken, strict=True) if one]
