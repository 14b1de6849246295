"""Names that are really in use (tests/cases/publication/real_platforms.csv), taken in as a cohort of former years."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from core.services import cohorts
from core.standards.recommenders import find_recommender, recommenders
from sheets_schema.fold import fold_key
from tests.cohorts import cohort_file
from tests.office import Office

REAL = Path(__file__).parent / "cases" / "publication" / "real_platforms.csv"
CITIES = [each.name for each in recommenders()]
Named = tuple[str, str, str, str]


def real() -> list[Named]:
    """City, kind, name and operator of each, a name once a kind; one of another province stands in a city of ours."""
    found: dict[tuple[str, str], Named] = {}
    lines = list(csv.DictReader(io.StringIO(REAL.read_text("utf-8-sig"))))
    assert len(lines) == 97
    for at, line in enumerate(lines):
        known = find_recommender(line["city"])
        city = CITIES[at % len(CITIES)] if known is None else known.name
        kind = "基地" if "基地" in line["type"] else "平台"
        found.setdefault((kind, fold_key(line["name"])), (city, kind, line["name"], line["operator"]))
    return list(found.values())


def take_over(office: Office) -> Office:
    """All of them, recognised."""
    given = {"目前状态": "已认定", "认定日期": "2023-06-30", "认定文号": "虚构发〔2023〕6号"}
    rows = [
        {"推荐单位": city, "平台（基地）名称": name, "运营主体": operator or None, "类型": kind, **given}
        for city, kind, name, operator in real()
    ]
    book = cohort_file(*rows)
    digest = hashlib.sha256(book).hexdigest()
    cohorts.import_cohort(office.app, office.staff, book, "存量.xlsx", expected_sha256=digest, why="存量", others=True)
    return office
