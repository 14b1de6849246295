"""The project's own source files, and what each imports."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("core", "sheets_schema", "pages", "tests", "streamlit_app")


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Files of the project with these suffixes, those not committed yet included, ignored ones not."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = (Path(name) for name in listed.split("\0") if name.endswith(suffixes))
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def sources(*rooms: str) -> tuple[Path, ...]:
    """Python files of some rooms (`core`, `core/checks`, `tests`), of the whole project without them."""
    found = files(".py")
    if not rooms:
        return found
    return tuple(path for path in found if any(path.is_relative_to(room) for room in rooms))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax of a file."""
    return ast.parse((ROOT / path).read_text("utf-8"), str(path))


def module(path: Path) -> str:
    """`core.checks.judge` of `core/checks/judge.py`."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, at_start_only: bool = False) -> set[str]:
    """The modules a file imports; `from core import views` counts as `core.views`.

    `at_start_only`: without those inside functions and under TYPE_CHECKING, which cost nothing at start.
    """
    found: set[str] = set()
    for node in _at_start(tree(path).body) if at_start_only else ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if _is_room(node.module) else {node.module}
    return found


def room(name: str) -> str:
    """`core.checks` of `core.checks.judge`; outside core the first word."""
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "core" else parts[0]


def _is_room(name: str) -> bool:
    """A package whose modules are imported by name: `from core import views`."""
    return name in ("core", "pages", "tests") or (name.startswith("core.") and (ROOT / name.replace(".", "/")).is_dir())


def _at_start(body: list[ast.stmt]) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        found.append(node)
        for part in ("body", "orelse", "handlers", "finalbody"):
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found += _at_start(getattr(node, part, []))
    return found
