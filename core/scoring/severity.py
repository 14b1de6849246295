"""How severe experts are: estimated beside the raw scores, which are never altered.

score = application + expert + error, by least squares; the experts' parts add up to zero. Experts are compared
through the applications they share, so only within a connected group of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from core.scoring.method import method


class Scored(NamedTuple):
    """A total that an expert gave an application."""

    application: int
    expert: str
    total: Fraction


@dataclass(frozen=True, slots=True)
class Severity:
    """How an expert scores beside the others of the group: above zero higher (偏宽), below lower (偏严), in points.

    `shift` is None where nobody shares an application with the expert. `error`: its standard error, None where
    nothing is left to estimate it from. `few`: scored too few applications to say much.
    """

    expert: str
    scored: int
    group: int
    shift: float | None
    error: float | None
    few: bool


@dataclass(frozen=True, slots=True)
class Severities:
    """All experts by code, and what each application would have with average severity (for reference only).

    `groups`: experts of a group share applications, those of different groups do not. `noise`: the standard
    deviation of what neither application nor expert explains, over all groups; None where nothing is left for it.
    """

    experts: tuple[Severity, ...]
    levels: Mapping[int, float | None]
    groups: tuple[tuple[str, ...], ...]
    noise: float | None

    @property
    def comparable(self) -> bool:
        """Whether all experts can be compared with each other."""
        return len(self.groups) <= 1


def severities(scores: Iterable[Scored]) -> Severities:
    """The estimate from all totals of a round; an expert scores an application once."""
    import numpy as np

    rows = sorted(scores)
    if len({(one.application, one.expert) for one in rows}) != len(rows):
        raise ValueError("an expert scored an application twice")
    if not rows:
        return Severities((), {}, (), None)
    experts = {code: at for at, code in enumerate(sorted({one.expert for one in rows}))}
    applications = {code: at for at, code in enumerate(dict.fromkeys(one.application for one in rows))}
    who = np.array([experts[one.expert] for one in rows])
    what = np.array([applications[one.application] for one in rows])
    given = np.array([float(one.total) for one in rows])
    shifts, variances, labels = _solve(who, what, given)
    groups = tuple(
        tuple(code for code, at in experts.items() if labels[at] == group) for group in range(int(labels.max()) + 1)
    )
    levels = np.bincount(what, given - shifts[who]) / np.bincount(what)
    residual = given - shifts[who] - levels[what]
    freedom = len(rows) - len(applications) - len(experts) + len(groups)
    noise = float(np.sqrt(residual @ residual / freedom)) if freedom > 0 else None
    scored = np.bincount(who)
    alone = {group[0] for group in groups if len(group) == 1}
    return Severities(
        tuple(
            Severity(
                code,
                int(scored[at]),
                int(labels[at]),
                None if code in alone else float(shifts[at]),
                None if code in alone or noise is None else noise * float(np.sqrt(variances[at])),
                int(scored[at]) < method().few,
            )
            for code, at in experts.items()
        ),
        {
            one.application: None if one.expert in alone else float(levels[applications[one.application]])
            for one in rows
        },
        groups,
        noise,
    )


def _solve(who: Any, what: Any, given: Any) -> tuple[Any, Any, Any]:
    """Shift of each expert, its variance for a noise of 1, and the number of the group it belongs to.

    With the applications' parts eliminated the normal equations are those of the Laplacian of the graph of experts
    who share applications. Its null space is the groups' sums: with their projection added it can be inverted, and
    without it again the shifts add up to zero within each group.
    """
    import numpy as np
    from scipy.sparse.csgraph import connected_components

    share = np.zeros((what.max() + 1, who.max() + 1))
    share[what, who] = 1
    count = share.sum(axis=1)
    laplacian = np.diag(share.sum(axis=0)) - share.T @ (share / count[:, None])
    means = np.bincount(what, given) / count
    right = np.bincount(who, given - means[what])
    _, labels = connected_components(share.T @ share, directed=False)
    same = labels[:, None] == labels[None, :]
    projection = same / same.sum(axis=1)
    inverse = np.linalg.inv(laplacian + projection) - projection
    return inverse @ right, np.diag(inverse).clip(min=0), labels
