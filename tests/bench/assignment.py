"""A whole round of 600 × 5 of 60 experts: who is barred, who scores what, and how severe they were."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from core.scoring.assignment import plan
from core.scoring.recusal import Expert, Recusals, Subject
from core.scoring.severity import Scored, severities
from core.standards.recommenders import recommenders
from tests.bench.figure import Figure, seconds

APPLICATIONS, EXPERTS, EACH, TIMES = 600, 60, 5, 3
FIELDS = ("综合服务", "数字化转型", "绿色化发展", "检验检测", "知识产权", "产业基地")
FIRST = """
import json, sys, time
from tests.bench.assignment import plan, round_of
subjects, experts, recusals = round_of()
start = time.perf_counter()
plan(subjects, experts, 5, recusals.barred)
print(json.dumps(time.perf_counter() - start))
"""


def round_of() -> tuple[list[Subject], list[Expert], Recusals]:
    """A fictional round with the same city barred: experts mostly from the larger cities."""
    lot = random.Random(2026)
    cities = [one.name for one in recommenders()]
    subjects = [
        Subject(at, f"虚构平台{at}", f"虚构运营{at}有限公司", lot.choice(cities), frozenset({lot.choice(FIELDS)}))
        for at in range(APPLICATIONS)
    ]
    experts = [
        Expert(f"E{at:02d}", f"专家{at}", (f"虚构大学{at}",), lot.choice(cities[:5]), frozenset(lot.sample(FIELDS, 2)))
        for at in range(EXPERTS)
    ]
    return subjects, experts, Recusals(same_city=True)


def measure_assignment(_: Path) -> Iterator[Figure]:
    """The first plan of a process (scipy is loaded in it), later ones, and the estimate of severities."""
    subjects, experts, recusals = round_of()
    done = subprocess.run([sys.executable, "-c", FIRST], check=True, capture_output=True, text=True)
    yield Figure("600 × 5 of 60: a first plan, loading scipy", json.loads(done.stdout), "s", 10)
    floor = seconds(lambda: [recusals.barred(one, what) for one in experts for what in subjects], TIMES)
    whole = seconds(lambda: plan(subjects, experts, EACH, recusals.barred), TIMES)
    yield Figure("600 × 5 of 60: 36,000 pairs asked for recusal (floor)", floor, "s")
    yield Figure("600 × 5 of 60: a plan", whole, "s", 3)
    yield Figure("600 × 5 of 60: the plan over floor", whole / floor, "times")
    made = plan(subjects, experts, EACH, recusals.barred)
    yield Figure("600 × 5 of 60: largest load less smallest", made.spread, "", 1)
    lot = random.Random(1)
    scores = [
        Scored(at, code, Fraction(lot.randint(0, 200), 2)) for at, codes in made.assignments.items() for code in codes
    ]
    yield Figure("3,000 totals: severities of 60 experts", seconds(lambda: severities(scores), TIMES), "s", 1)
