"""The wheel holds everything that the program reads beside its code, and nothing of the tests."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, files

SHIPPED = ("core", "pages", "sheets_schema")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel made from a copy of the project, without any network."""
    copy = tmp_path_factory.mktemp("copy")
    for path in files(""):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, copy / path)
    made = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-q"]
    subprocess.run([*command, "-w", str(made), str(copy)], check=True, capture_output=True)
    (built,) = made.glob("shifan-*.whl")
    with zipfile.ZipFile(built) as opened:
        return set(opened.namelist())


def test_wheel_holds_every_file_of_the_program(wheel: set[str]) -> None:
    wanted = {path.as_posix() for path in files("") if path.parts[0] in SHIPPED}
    assert wanted - wheel == set()


def test_wheel_holds_the_front_door_and_the_licence(wheel: set[str]) -> None:
    assert "streamlit_app.py" in wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_wheel_holds_no_tests(wheel: set[str]) -> None:
    assert {name for name in wheel if Path(name).parts[0] in ("tests", "docs", "var")} == set()
