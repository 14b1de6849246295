"""Nothing that leaves the house tells a score, a rank, or an order that follows scores (第八条): every way out, walked.

A new way out has to be entered in tests/publication/ways_out.py, or these tests fail.
"""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from core.cli import main
from core.publication.docx import as_docx
from core.publication.lists import KINDS, ListedObject, PublicList, as_csv
from core.publication.xlsx import as_xlsx
from core.services import lists
from core.views.scores import scores_view
from pages._gate import ROUTES
from tests.begun import entered, taken_over
from tests.books import applicant
from tests.chosen import chosen
from tests.notices import AFTER, SELECTED, accepted, confirm, publish
from tests.office import DALIAN, SHENYANG, Office
from tests.publication.leaving import is_official, parts, told
from tests.publication.scored_round import CITIES, EXACT, SCORES, figures, score_round
from tests.publication.ways_out import (
    ADDRESSES,
    BUTTONS,
    CHANGING,
    COMMANDS,
    DECISION,
    NEEDED,
    OFFICIAL,
    WAYS,
    WRITERS,
    WRITING,
    Files,
)
from tests.structure.sources import imports, sources, tree

LATER = date(2026, 6, 30)


# ---------------------------------------------------------------- a round that is scored


@pytest.fixture
def scored(opened: Office) -> Office:
    """Nothing of it has been decided."""
    score_round(opened)
    return opened


def walk(office: Office, *names: str) -> dict[str, list[str]]:
    """What the named ways tell that they must not, by way."""
    found = {}
    for name in names:
        files = WAYS[name](office)
        found[name] = told(files, figures(), EXACT, NEEDED.get(name, ()))
        if name in OFFICIAL:
            texts = [one for file, data in files.items() for one in parts(file, data)]
            found[name] += [f"{part}: not by division" for part, text in texts if not is_official(text, list(SCORES))]
    return {name: wrong for name, wrong in found.items() if wrong}


# ---------------------------------------------------------------- nothing is told, from scoring to revocation


def test_no_way_out_tells_a_score_a_rank_or_an_order_of_scores(
    scored: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = scores_view(scored.app, scored.round_id)
    assert view is not None
    # what must not be told is there to be told
    assert [(row.subject.name, view.aggregate_text(row)) for row in view.rows.values()] == list(SCORES.items())
    assert walk(scored, *CHANGING, "forms", "scoring books", "received") == {}
    ids = {row.subject.name: number for number, row in view.rows.items()}
    scored.on(SELECTED)
    left_out = ids.pop("虚构区白鹭服务平台")
    chosen(scored.app, scored.staff, scored.round_id, SELECTED, ids.values(), {left_out: "虚构原因"})
    assert walk(scored, *CHANGING) == {}
    notice = publish(scored)
    assert walk(scored, *CHANGING) == {}
    confirm(scored, notice, AFTER)
    everybody = [(name, city) for city, names in CITIES.items() for name in names]
    accepted(scored, everybody)
    later = publish(scored, "recognition", AFTER)
    assert walk(scored, *CHANGING) == {}
    confirm(scored, later, LATER)
    for name, city in reversed(everybody):
        number = taken_over(scored.app, scored.staff, "recognized", date(2025, 3, 1), name, city=city)
        entered(scored.app, scored.staff, number, "review_passed", LATER)
        entered(scored.app, scored.staff, number, "change_reported", LATER, occurred=LATER.isoformat(), evidence="登记")
        entered(scored.app, scored.staff, number, "change_decided", LATER, keep=True, operator="虚构新主体")
        entered(scored.app, scored.staff, number, "dishonesty_found", LATER, evidence="虚构凭据")
    scored.put(DALIAN, *(applicant("platform", f"BH-{at}", name) for at, name in enumerate(CITIES[DALIAN])))
    scored.take(DALIAN)
    assert walk(scored, *CHANGING, "feedback") == {}
    sizes = [len(lists.public_list(scored.app, scored.round_id, kind).objects) for kind in KINDS]
    assert dict(zip(KINDS, sizes, strict=True)) == dict(zip(KINDS, (7, 7, *[8] * 6), strict=True))
    monkeypatch.setenv("SHIFAN_HOME", str(scored.app.settings.home))
    assert told(printed(scored, tmp_path / "out", capsys), figures(), EXACT) == []


def printed(office: Office, folder: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    """What the command writes and prints: the lists, and what it says of the workbooks in the folder."""
    books = [str(path) for path in office.folder.glob("2026-*.xlsx")]
    for kind in KINDS:
        assert main(["export", kind, "--round", "2026", "--out", str(folder)]) == 0
    for form in ([], ["--json"]):
        assert main(["check", *books, "--as-of", "2026-06-30", *form]) == 0
    assert main(["verify", *map(str, folder.iterdir())]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in SCORES)
    return {path.name: path.read_bytes() for path in folder.iterdir()} | {"printed.txt": said.encode()}


# ---------------------------------------------------------------- no way out is forgotten


def calls(path: Path, names: set[str]) -> list[ast.Call]:
    """The calls in a file of something by one of these names."""
    found = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [node for node in found if isinstance(node.func, ast.Attribute) and node.func.attr in names]


def test_every_button_is_a_way_that_is_walked() -> None:
    buttons = {
        f"{path}: {ast.unparse(call.args[0])}" for path in sources("pages") for call in calls(path, {"download_button"})
    }
    assert buttons == set(BUTTONS)
    assert {each for each in BUTTONS.values() if each not in WAYS} == {DECISION}


def test_every_command_every_address_and_every_module_that_writes_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE) == list(COMMANDS)
    assert sorted(route.path for route in ROUTES) == ADDRESSES
    # what the demo writes is fictional
    writing = {str(path) for path in sources("core") if calls(path, WRITING) and "demo" not in path.parts}
    assert writing == set(WRITERS)


def test_no_page_shows_scores_in_what_can_be_sorted_or_saved() -> None:
    grids = {"dataframe", "data_editor", "altair_chart", "vega_lite_chart", "line_chart", "bar_chart", "scatter_chart"}
    seeing = [
        path
        for path in sources("pages")
        if any(name.startswith(("core.views.scores", "core.scoring", "core.views.decision")) for name in imports(path))
    ]
    assert Path("pages/_parts/score_tables.py") in seeing
    assert [str(path) for path in seeing if calls(path, grids)] == []


# ---------------------------------------------------------------- it would be found


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("沈阳市,虚构市云帆服务平台,63.47", ["a.csv: figure 63.47"]),
        ("综合 92.63", ["a.csv: figure 92.63"]),
        ("列第3名", ["a.csv: word 第3名"]),
        ("第十二名、名次、排名", ["a.csv: word 名次", "a.csv: word 排名", "a.csv: word 第十二名"]),
        ("按行政区划排列，排名不分先后；163.47、63.471、第一名单", []),
        ("\n".join(sorted(SCORES, key=SCORES.__getitem__)), ["a.csv: order of scores"]),
        ("\n".join(sorted(SCORES, key=SCORES.__getitem__, reverse=True)[:5]), ["a.csv: order of scores"]),
        ("\n".join(SCORES), []),
    ],
)
def test_what_must_not_be_told_is_found(text: str, wrong: list[str]) -> None:
    assert told({"a.csv": text.encode()}, figures(), EXACT) == wrong


def test_it_is_found_inside_files_of_every_form() -> None:
    best = sorted(SCORES, key=SCORES.__getitem__, reverse=True)
    ranked = PublicList(
        "recognized", 2026, tuple(ListedObject("210100", SHENYANG, name, "base", SCORES[name]) for name in best)
    )
    for form, data in (("xlsx", as_xlsx(ranked)), ("docx", as_docx(ranked)), ("csv", as_csv(ranked))):
        found = told({f"a.{form}": data}, figures(), EXACT)
        assert {one.partition(": ")[2] for one in found} == {f"figure {one}" for one in SCORES.values()} | {
            "order of scores"
        }
