"""Who may import whom: the written order of the rooms, held by a test (design.md §3)."""

from __future__ import annotations

from tests.structure.sources import OURS, imports, module, room, sources

FACES = ("streamlit", "altair", "pages", "streamlit_app")
BASE = {"core.errors", "core.settings", "core.clock", "sheets_schema"}
JUDGING = {"core.standards", "core.checks", "core.applications", "core.records", "core.derived", "core.relations"}
LATER = {"core.working_days", "core.lifecycle", "core.scoring", "core.cohorts"}
# What each room of core may import, beside itself and what stands in BASE.
MAY: dict[str, set[str]] = {
    "core.errors": set(),
    "core.settings": set(),
    "core.clock": set(),
    "core.accounts": set(),
    "core.serve": set(),
    "core.standards": {"core.checks"},
    "core.checks": JUDGING,
    "core.applications": JUDGING,
    "core.records": JUDGING,
    "core.cohorts": {"core.applications", "core.standards"},
    "core.derived": JUDGING,
    "core.relations": JUDGING,
    "core.working_days": {"core.standards"},
    "core.lifecycle": {"core.standards", "core.working_days", "core.accounts"},
    "core.scoring": JUDGING,
    "core.intake": {"core.records"},  # a difference is one of records
    "core.publication": {"core.standards"},  # who recommends, in which order
    "core.store": {"core.accounts"},
    "core.bootstrap": {"core.accounts", "core.intake", "core.store"},
}
USE = JUDGING | LATER | {"core.accounts", "core.bootstrap", "core.store", "core.intake", "core.publication"}
MAY |= {
    "core.services": USE,
    "core.views": USE | {"core.services"},
    "core.demo": USE | {"core.services", "core.views"},
}
MAY["core.upkeep"] = {"core.accounts", "core.bootstrap", "core.intake", "core.store"}
# whether cases stand where their entries lead is asked of what leads them
MAY["core.upkeep"] |= {"core.services", "core.lifecycle", "core.standards", "core.working_days"}
MAY["core.cli_upkeep"] = {"core.bootstrap", "core.upkeep", "core.services"}
MAY["core.cli_registry"] = {"core.accounts", "core.bootstrap", "core.services"}
MAY["core.cli_cases"] = LATER | {"core.standards"}
MAY["core.cli"] = set(MAY) | {"core.demo"}
PAGES = JUDGING | LATER | BASE | {"core.services", "core.views", "core.accounts", "core.bootstrap"}


def _strangers(allowed: set[str], *rooms: str) -> dict[str, set[str]]:
    """Modules of our own that a room imports without leave, by file."""
    found = {}
    for path in sources(*rooms):
        home = room(module(path))
        ours = {name for name in imports(path) if name.split(".")[0] in OURS}
        wrong = {name for name in ours if room(name) not in allowed | {home}}
        if wrong:
            found[str(path)] = wrong
    return found


def test_core_and_sheets_know_no_face() -> None:
    found = {
        str(path): wrong
        for path in sources("core", "sheets_schema")
        if (wrong := {name for name in imports(path) if name.split(".")[0] in FACES})
    }
    assert found == {}


def test_sheets_import_nothing_of_ours() -> None:
    assert _strangers(set(), "sheets_schema") == {}


def test_every_room_of_core_has_its_place_in_the_order() -> None:
    rooms = {room(module(path)) for path in sources("core")} - {"core"}
    assert rooms - set(MAY) == set()


def test_core_imports_downward_only() -> None:
    found = {}
    for path in sources("core"):
        home = room(module(path))
        wrong = {room(name) for name in imports(path) if name.split(".")[0] in OURS} - MAY.get(home, set()) - BASE
        if wrong - {home, "core"}:
            found[str(path)] = wrong - {home, "core"}
    assert found == {}


def test_pages_ask_services_and_views() -> None:
    assert _strangers(PAGES, "pages") == {}


def test_the_front_door_only_opens_the_pages() -> None:
    assert _strangers({"pages"}, "streamlit_app.py") == {}


def test_nothing_that_is_shipped_imports_the_tests() -> None:
    found = [
        str(path) for path in sources("core", "pages", "sheets_schema") for name in imports(path) if name == "tests"
    ]
    assert found == []
