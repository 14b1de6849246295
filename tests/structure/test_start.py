"""What is loaded when: a command pays for nothing that it does not use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.structure.sources import ROOT

FACES = ("streamlit", "altair", "pages")
ONLINE = ("gspread", "google", "requests", "cryptography")
HEAVY = (
    "streamlit",
    "altair",
    "pandas",
    "numpy",
    "scipy",
    "openpyxl",
    "xlsxwriter",
    "sqlalchemy",
    "alembic",
    "lxml",
    "docx",
    "argon2",
    *ONLINE,
)
RUN = "import sys, json; sys.argv = ['shifan', *json.loads(sys.argv[1])]\n"
COMMAND = RUN + (
    "from core.cli import main\n"
    "try:\n    code = main()\nexcept SystemExit as done:\n    code = done.code\n"
    "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr)\n"
)


def _loaded(code: str, *arguments: str, home: Path | None = None) -> set[str]:
    """The packages that a new interpreter has loaded after running `code`."""
    environment = os.environ | ({"SHIFAN_HOME": str(home)} if home else {})
    command = [sys.executable, "-c", code, json.dumps(arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_nothing_heavy() -> None:
    assert _loaded(COMMAND, "--help") & set(HEAVY) == set()


@pytest.mark.parametrize(
    "command", ["template", "check", "intake", "export", "backup", "restore", "verify", "app", "demo"]
)
def test_help_of_every_command_loads_nothing_heavy(command: str) -> None:
    assert _loaded(COMMAND, command, "--help") & set(HEAVY) == set()


def test_check_loads_no_database_and_no_face(tmp_path: Path) -> None:
    assert (
        _loaded(COMMAND, "template", "--year", "2026", "--city", "沈阳市", "--out", str(tmp_path))
        & {
            *FACES,
            "pandas",
            "sqlalchemy",
            "openpyxl",
        }
        == set()
    )
    book = str(tmp_path / "2026-沈阳市.xlsx")
    loaded = _loaded(COMMAND, "check", book, "--as-of", "2026-06-30", "--json")
    assert loaded & set(HEAVY) == set()  # openpyxl works in the reader's own process


def test_the_store_is_opened_without_a_face(tmp_path: Path) -> None:
    code = "import sys, json\nfrom core.bootstrap import build\nbuild().close()\n" + COMMAND.splitlines()[-1]
    assert _loaded(code, home=tmp_path) & set(FACES) == set()


def test_the_store_is_opened_without_what_only_online_sheets_need(tmp_path: Path) -> None:
    """The app opens in the same time whether a round uses online sheets or not."""
    code = (
        "import sys, json\nfrom core.bootstrap import build\nimport core.intake.online.key, core.intake.online.budget\n"
    )
    code += "import core.services.intake, core.services.rounds\nbuild().close()\n"
    assert _loaded(code + COMMAND.splitlines()[-1], home=tmp_path) & set(ONLINE) == set()


def test_services_and_views_are_loaded_without_a_face() -> None:
    code = "import sys, json, pkgutil, importlib, core, sheets_schema\n" + (
        "for room in (core, sheets_schema):\n"
        "    for found in pkgutil.walk_packages(room.__path__, room.__name__ + '.'):\n"
        "        if not found.name.startswith('core.store.migrations') and found.name != 'core.intake.reader':\n"
        "            importlib.import_module(found.name)\n"
    )
    assert _loaded(code + COMMAND.splitlines()[-1]) & set(FACES) == set()
