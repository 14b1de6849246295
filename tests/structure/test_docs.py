"""The documents name what there is: every code, every criterion, every command; and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from core.cli import _parser
from core.standards import loader
from sheets_schema.errors import ERROR_CODES, WARNING_CODES
from tests.structure.sources import ROOT, files

CODE = re.compile(r"`([a-z0-9_.]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")


def _documents() -> dict[Path, str]:
    return {path: (ROOT / path).read_text("utf-8") for path in files(".md") if path.parts[0] != "tests"}


def _named_in_tables() -> set[str]:
    """Codes in backticks that stand in a table of the manual."""
    manual = [text for path, text in _documents().items() if path.is_relative_to("docs/manual")]
    rows = [line for text in manual for line in text.splitlines() if line.startswith("|")]
    return {code for row in rows for code in CODE.findall(row)}


def test_the_manual_has_every_code_of_a_cell_error() -> None:
    assert {*ERROR_CODES, *WARNING_CODES} - _named_in_tables() == set()


def test_the_manual_has_every_criterion() -> None:
    assert {each.code for each in loader.load(loader.default()).criteria} - _named_in_tables() == set()


def test_the_manual_has_every_command() -> None:
    commands = next(action for action in _parser()._actions if action.choices and not action.option_strings)
    text = (ROOT / "docs" / "manual" / "命令行.md").read_text("utf-8")
    assert [name for name in commands.choices or () if f"shifan {name}" not in text] == []


def test_every_link_leads_somewhere() -> None:
    broken = [
        f"{path}: {target}"
        for path, text in _documents().items()
        for target in LINK.findall(text)
        if "://" not in target and not (ROOT / path.parent / unquote(target)).exists()
    ]
    assert broken == []
