"""Names that are really in use go in as an old cohort and come out in the registry with nothing changed."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest

from core.services import cohorts, registry
from core.standards.recommenders import find_recommender, recommenders
from sheets_schema.fold import fold_key
from tests.cohorts import cohort_file
from tests.office import Office
from tests.publication.test_registry import Page

REAL = Path(__file__).parents[1] / "cases" / "publication" / "real_platforms.csv"
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


@pytest.fixture
def filled(opened: Office) -> Office:
    """All of them, recognised."""
    given = {"目前状态": "已认定", "认定日期": "2023-06-30", "认定文号": "虚构发〔2023〕6号"}
    rows = [
        {"推荐单位": city, "平台（基地）名称": name, "运营主体": operator or None, "类型": kind, **given}
        for city, kind, name, operator in real()
    ]
    book = cohort_file(*rows)
    digest = hashlib.sha256(book).hexdigest()
    cohorts.import_cohort(opened.app, opened.staff, book, "存量.xlsx", expected_sha256=digest, why="存量", others=True)
    return opened


def test_real_names_come_out_unharmed_in_every_file(filled: Office) -> None:
    wanted = sorted(real())
    shown, files = registry.site(filled.app)
    assert sorted((each.city, each.kind_word, each.name, each.operator) for each in shown.objects) == wanted
    table = csv.DictReader(io.StringIO(files["registry.csv"].decode("utf-8-sig"), newline=""))
    assert sorted((line["地区"], line["类型"], line["名称"], line["运营主体"]) for line in table) == wanted
    document = json.loads(files["registry.json"])
    assert (
        sorted((each["city"], each["kind"], each["name"], each["operator"]) for each in document["objects"]) == wanted
    )
    pages = [Page(data) for name, data in files.items() if name.startswith("city-")]
    assert sorted((page.texts["h1"][0], name) for page in pages for name in page.texts.get("h2", [])) == sorted(
        (city, name) for city, _, name, _ in wanted
    )
