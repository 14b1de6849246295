"""Names that are really in use go in as an old cohort and come out in the registry with nothing changed."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core.services import registry
from tests.office import Office
from tests.publication.test_registry import Page
from tests.real import real, take_over


@pytest.fixture
def filled(opened: Office) -> Office:
    """All of them, recognised."""
    return take_over(opened)


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
