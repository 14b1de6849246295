"""Names that are really in use go in as an old cohort and come out in the list of all that are in force, unharmed."""

from __future__ import annotations

import csv
import io

import docx
import openpyxl
import pytest

from core.services import lists
from core.services.verify_file import verify_file
from tests.office import Office
from tests.real import CITIES, real, take_over

KIND = "in_force"


@pytest.fixture
def files(opened: Office) -> dict[str, bytes]:
    take_over(opened)
    made = lists.list_files(opened.app, opened.round_id, KIND)[1]
    return {name.rpartition(".")[2]: data for name, data in made.items()}


def wanted() -> list[list[str]]:
    """The rows as they have to be: by city, then by name."""
    rows = sorted(((CITIES.index(city), name, city, kind, operator) for city, kind, name, operator in real()))
    return [[str(at), city, name, kind, operator] for at, (_, name, city, kind, operator) in enumerate(rows, start=1)]


def test_every_name_is_what_it_was_in_every_form(files: dict[str, bytes]) -> None:
    assert len(wanted()) > 90
    assert {"（", "(", "+", "·"} <= set("".join(row[2] + row[4] for row in wanted()))  # the marks that are easily lost
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["名单"]
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=3)][:-1]
    [table] = docx.Document(io.BytesIO(files["docx"])).tables
    written = [[cell.text for cell in row.cells] for row in table.rows][1:]
    lines = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))[1:]
    assert cells == wanted()
    assert written == wanted()
    assert lines == wanted()


def test_real_names_pass_the_lint_and_are_known_again(opened: Office, files: dict[str, bytes]) -> None:
    del files
    folder = opened.app.settings.home / "out"
    for path in lists.export_to(opened.app, opened.staff, opened.round_id, KIND, folder):
        verdict = verify_file(opened.app, path)
        assert verdict.right, verdict.lines()
