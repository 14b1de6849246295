"""What every file holds to: short, described, finished, and tests that always run."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.structure.sources import ROOT, files, sources, tree

LONGEST = 400
SHIPPED = ("core", "pages", "sheets_schema", "streamlit_app.py")
# Written in two parts, so that this file does not name what it looks for.
UNFINISHED = re.compile(
    r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "raise Not" + "ImplementedError")) + r")\b"
)
RESTING = re.compile(r"pytest\.(?:" + "|".join(("sk" + "ip", "xf" + "ail", "importor" + "skip")) + r")|\bsleep\(")
FAKED = re.compile(r"\b(?:unittest\.mock|Magic" + r"Mock|mock\.patch)\b")
INDEX = re.compile("|".join((r"https?://[^\s\"')]*/sim" + "ple", "index" + "-url", "trusted" + "-host")))


def _text(path: Path) -> str:
    return (ROOT / path).read_text("utf-8")


def _matching(pattern: re.Pattern[str], paths: tuple[Path, ...]) -> list[str]:
    return [f"{path}: {found[0]}" for path in paths if (found := pattern.search(_text(path)))]


def test_no_file_is_longer_than_a_person_reads() -> None:
    assert [str(path) for path in sources() if len(_text(path).splitlines()) >= LONGEST] == []


def test_nothing_is_left_for_later() -> None:
    assert _matching(UNFINISHED, files(".py", ".toml", ".css", ".html", "Makefile")) == []


def test_every_test_runs() -> None:
    assert _matching(RESTING, sources("tests")) == []


def test_nothing_is_faked_but_the_clock() -> None:
    assert _matching(FAKED, sources("tests")) == []


def test_no_package_index_is_named() -> None:
    assert _matching(INDEX, files(".py", ".toml", ".lock", ".md", "Makefile", "run", "system")) == []


def test_the_lock_pins_every_package_by_hash() -> None:
    entries = re.split(r"\n(?=\S)", _text(Path("requirements.lock")).strip())
    assert [
        entry.splitlines()[0] for entry in entries if not re.match(r"[a-z0-9._-]+==\S+.*\\\n    --hash=sha256:", entry)
    ] == []


def test_modules_and_public_functions_say_what_they_are_for() -> None:
    silent = []
    for path in sources(*SHIPPED):
        module = tree(path)
        if module.body and ast.get_docstring(module) is None:
            silent.append(str(path))
        silent += [f"{path}: {name}" for name, node in _public(module) if ast.get_docstring(node) is None]
    assert silent == []


def test_tests_say_what_they_are_about() -> None:
    assert [str(path) for path in sources("tests") if tree(path).body and not ast.get_docstring(tree(path))] == []


def test_annotations_are_never_run() -> None:
    line = "from __future__ import annotations"
    paths = [path for path in sources("core", "sheets_schema") if tree(path).body]
    imported = {path: ast.unparse(tree(path)) for path in paths}
    assert [str(path) for path in paths if line not in imported[path] and "import" in imported[path]] == []


def _public(module: ast.Module) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """Public functions and classes, and the public methods of public classes.

    A method that several classes of a module share is described where it comes first.
    """
    seen: set[str] = set()
    found: list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]] = []
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found.append((node.name, node))
            if isinstance(node, ast.ClassDef):
                inside = [each for each in node.body if isinstance(each, ast.FunctionDef)]
                for each in inside:
                    if not each.name.startswith("_") and each.name not in seen:
                        found.append((f"{node.name}.{each.name}", each))
                        seen.add(each.name)
    return found
