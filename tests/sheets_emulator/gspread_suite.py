"""gspread's own test-suite against the emulator: `python -m tests.sheets_emulator.gspread_suite CHECKOUT`.

CHECKOUT is a copy of gspread's repository at the version that is installed. Neither its source distribution nor its
wheel on the package index carries the tests, so they have to be brought from the repository by hand.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from tests.sheets_emulator.emulator import Emulator

HERE = Path(__file__).parent
LIST = HERE / "gspread_suite.toml"
NEEDED = ("pytest<9", "pytest-vcr")  # a marked fixture, as the suite has one, is an error from pytest 9 on
FEWEST = 139
TOKEN = "<ACCESS_TOKEN>"  # what the suite carries where it is given no key
PRIVATE = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"  # a stranger's spreadsheet that the suite asks for


@dataclass(frozen=True)
class Outcome:
    """What became of each test: passed, failed or skipped, by `worksheet_test.py::WorksheetTest::test_sort`."""

    tests: dict[str, str]
    seconds: float
    output: str

    @property
    def passed(self) -> int:
        """How many passed."""
        return sum(each == "passed" for each in self.tests.values())

    @property
    def others(self) -> set[str]:
        """Which did not."""
        return {name for name, each in self.tests.items() if each != "passed"}


def listed() -> dict[str, str]:
    """The tests that are known not to pass, with the reason for each."""
    found: dict[str, str] = tomllib.loads(LIST.read_text("utf-8")).get("not_passing", {})
    return found


def environment() -> Path:
    """A Python with the installed gspread and what its suite needs; made once and kept among the temporary files."""
    folder = Path(tempfile.gettempdir()) / f"shifan-gspread-{version('gspread')}-{os.getuid()}"
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True, capture_output=True)
        wanted = [*NEEDED, f"gspread=={version('gspread')}"]
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True, capture_output=True)
        (folder / "ready").touch()
    return python


def run(checkout: Path, python: Path, *options: str) -> Outcome:
    """Run the suite of a checkout with a Python that has what it needs; its cassettes have no part in it."""
    with tempfile.TemporaryDirectory() as name, Emulator() as emulator:
        folder = Path(name)
        shutil.copytree(checkout / "tests", folder / "tests", ignore=shutil.ignore_patterns("cassettes", "__pycache__"))
        emulator.quota.limits.update(read=None, write=None)
        emulator.add_book("Private", "stranger@example.com", file_id=PRIVATE)
        emulator.tokens.give(emulator.account.email, token=TOKEN)
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("GS_", "PYTEST_"))} | {
            "EMULATOR_URL": emulator.url,
            "OUTCOMES": str(folder / "outcomes.json"),
            "PYTHONPATH": str(HERE / "plugin"),
        }
        started = time.monotonic()
        command = [str(python), "-m", "pytest", "-q", "-p", "to_emulator", *options, "tests"]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - started
        written, output = folder / "outcomes.json", done.stdout + done.stderr
        return Outcome(json.loads(written.read_text("utf-8")) if written.exists() else {}, seconds, output)


def run_gspreads(checkout: Path) -> Outcome:
    """Run gspread's own suite."""
    return run(checkout, environment(), "--disable-vcr")


def main() -> int:
    """Run, and say what differs from the list."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    outcome, known = run_gspreads(Path(sys.argv[1])), listed()
    print(f"{outcome.passed} of {len(outcome.tests)} pass in {outcome.seconds:.1f} s")
    for name in sorted(outcome.others):
        print(f"  {name}: {known.get(name, 'NOT LISTED')}")
    for name in sorted(set(known) - outcome.others):
        print(f"  {name}: listed, and passes")
    right = outcome.others == set(known) and outcome.passed >= FEWEST
    if not right:
        print(outcome.output)
    return int(not right)


if __name__ == "__main__":
    sys.exit(main())
