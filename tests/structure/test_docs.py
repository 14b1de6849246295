"""The documents tell of what there is: pages, commands, codes, criteria, settings, dependencies, pictures."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from core.cli import main
from core.settings import program_version
from core.standards import loader
from core.standards.guide import required_text
from pages._catalog import PAGES
from sheets_schema.errors import ERROR_CODES, WARNING_CODES
from tests.structure.sources import ROOT, files

MANUAL = ROOT / "docs" / "manual"
PICTURES = MANUAL / "pictures"
HEAVIEST = 250 * 1024
FOR_CITIES = MANUAL / "给各市的填报说明.md"
# the day whose limits the page for the cities says that it lists
LISTED_ON = date(2026, 12, 31)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
SETTING = re.compile(r"SHIFAN_[A-Z]+(?:_[A-Z]+)*")


def _documents() -> tuple[Path, ...]:
    return tuple(ROOT / path for path in files(".md"))


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command's help says."""
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def _commands(help_text: str) -> list[str]:
    return re.findall(r"^    ([a-z]+) ", help_text, re.MULTILINE)


def test_every_link_leads_somewhere() -> None:
    links = [(path, unquote(target)) for path in _documents() for target in LINK.findall(_text(path))]
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path, target in links
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []


def test_every_picture_is_shown_and_light() -> None:
    shown = {
        (path.parent / unquote(target)).resolve()
        for path in _documents()
        for target in LINK.findall(_text(path))
        if target.endswith(".png")
    }
    assert shown == set(PICTURES.glob("*.png"))
    assert [path.name for path in shown if path.stat().st_size >= HEAVIEST] == []


def test_every_page_has_its_page_in_the_manual() -> None:
    index = _text(MANUAL / "index.md")
    for entry in PAGES:
        assert _text(MANUAL / f"{entry.title}.md").splitlines()[0] == f"# {entry.title}"
        assert f"[{entry.title}]({entry.title}.md)" in index


def test_every_page_of_the_manual_is_in_its_index() -> None:
    index = _text(MANUAL / "index.md")
    pages = sorted(path.name for path in MANUAL.glob("*.md") if path.name != "index.md")
    assert [name for name in pages if f"]({name})" not in index] == []


def test_cities_are_told_every_code_with_its_level() -> None:
    rows = re.findall(r"^\|.*\| (须改正|请核对) \| `([a-z_]+)` \|$", _text(FOR_CITIES), re.MULTILINE)
    levels = [*(("须改正", code) for code in ERROR_CODES), *(("请核对", code) for code in WARNING_CODES)]
    assert rows == levels


def test_cities_are_told_every_criterion_as_the_edition_has_it() -> None:
    told = _text(FOR_CITIES).splitlines()
    assert f"数值按 {LISTED_ON.year}年{LISTED_ON.month}月{LISTED_ON.day}日有效的规定" in _text(FOR_CITIES)
    wanted = []
    for kind in ("platform", "base"):
        for one in loader.load(loader.default()).criteria:
            rules = [one.rule(kind, stage) for stage in ("creation", "recognition")]
            asked = ["不要求" if rule is None else required_text(rule, LISTED_ON) for rule in rules]
            if any(rules):
                wanted.append(f"| {' | '.join([one.name, *asked, one.clause, f'`{one.code}`'])} |")
    assert [line for line in told if re.search(r"\| `(?:art|annex)\d", line)] == wanted


def test_every_command_and_option_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    sections = dict(re.findall(r"^## shifan ([a-z]+)\n(.*?)(?=^## |\Z)", _text(MANUAL / "命令行.md"), re.M | re.S))
    commands = _commands(_told([], capsys))
    assert list(sections) == commands
    silent = []
    for command in commands:
        told = _told([command], capsys)
        parts = [_told([command, part], capsys) for part in _commands(told)]
        names = [*_commands(told), *re.findall(r"--[a-z][a-z-]*", "".join([told, *parts]))]
        silent += [f"{command} {name}" for name in dict.fromkeys(names) if name not in sections[command]]
    assert [one for one in silent if not one.endswith(" --help")] == []


def test_every_setting_is_described() -> None:
    code = files(".py", "Makefile", "system", "run")
    read = {name for path in code if ROOT / path != Path(__file__) for name in SETTING.findall(_text(ROOT / path))}
    table = set(re.findall(r"^\| `(SHIFAN_[A-Z_]+)` \|", _text(ROOT / "docs" / "operations.md"), re.MULTILINE))
    assert table == read


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *(each for group in extras.values() for each in group)]
    names = {re.split(r"[\[<>=]", each)[0] for each in wanted}
    words = set(re.findall(r"[A-Za-z][A-Za-z0-9-]*", _text(ROOT / "docs" / "decisions.md")))
    assert names - words == set()


def test_the_change_log_begins_with_this_version() -> None:
    heads = re.findall(r"^## (\S+)", _text(ROOT / "CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == program_version()
