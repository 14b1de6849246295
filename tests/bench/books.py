"""15 workbooks of 40 applications each, by the generator of the demo round."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from core.demo.fill import fill_many
from core.demo.invent import invent
from core.demo.plan import load_plan
from core.standards import loader
from core.standards.recommenders import recommenders
from sheets_schema.template import build_template

YEAR = 2026
PLATFORMS, BASES = 24, 16


def write_books(folder: Path) -> list[Path]:
    """Writes the workbooks; about one application in six has an error or misses a threshold."""
    plan = load_plan()
    cities = [
        {"name": each.name, "mark": f"B{number:02d}", "创建申报": [PLATFORMS, BASES]}
        for number, each in enumerate(recommenders())
    ]
    made = invent(replace(plan, main=plan.main | {"city": cities}, cases=(), books={}))
    first = next(iter(made.first))
    guide = loader.load(loader.default()).guide(date(YEAR, 6, 30))
    template = build_template(year=YEAR, city=first, guide=guide, program_version="bench")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for book in made.first.values():
        # every tenth figure typed as cities do when they are not sure
        for row in book.rows["平台指标"][::10]:
            row["专家数（人）"] = "约50"
    for (city, _), data in zip(made.first.items(), fill_many(template, first, made.first.values()), strict=True):
        paths.append(folder / f"{YEAR}-{city}.xlsx")
        paths[-1].write_bytes(data)
    return paths
