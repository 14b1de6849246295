"""gspread's own tests against the emulator.

Neither the source distribution nor the wheel of gspread carries them, so they are run where GSPREAD_CHECKOUT names a
copy of its repository at the installed version. What always runs is the way there, with a small suite of that shape.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from pathlib import Path

from tests.sheets_emulator.gspread_suite import FEWEST, listed, run, run_gspreads

SMALL = """
import gspread
import pytest
from google.oauth2.credentials import Credentials

@pytest.fixture
def client():
    return gspread.Client(auth=Credentials("<ACCESS_TOKEN>"))

@pytest.fixture
def falls():
    yield
    raise ValueError

def test_right(client):
    sheet = client.create("x").sheet1
    sheet.update([["a", "", 1]], "A1")
    assert sheet.get_all_values() == [["a", "", "1"]]

def test_strangers(client):
    with pytest.raises(PermissionError):
        client.open_by_key("1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc")

def test_wrong(client):
    assert client.create("x").sheet1.row_count == 5

def test_cleared_away_wrongly(client, falls):
    assert client.create("x").sheet1.row_count == 1000
"""


def test_a_suite_goes_to_the_emulator_and_what_does_not_pass_is_told(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "small_test.py").write_text(SMALL, "utf-8")
    outcome = run(tmp_path, Path(sys.executable))
    assert outcome.tests == {
        "small_test.py::test_right": "passed",
        "small_test.py::test_strangers": "passed",
        "small_test.py::test_wrong": "failed",
        "small_test.py::test_cleared_away_wrongly": "failed",
    }, outcome.output
    assert (outcome.passed, outcome.others) == (
        2,
        {"small_test.py::test_wrong", "small_test.py::test_cleared_away_wrongly"},
    )


CHECKOUT = Path(os.environ.get("GSPREAD_CHECKOUT", ""))
if CHECKOUT.name:

    def test_of_gspreads_own_tests_all_pass_but_those_that_are_listed() -> None:
        said = (CHECKOUT / "gspread" / "__init__.py").read_text("utf-8")
        assert f'__version__ = "{version("gspread")}"' in said
        outcome = run_gspreads(CHECKOUT)
        assert outcome.others == set(listed()), outcome.output
        assert outcome.passed >= FEWEST
