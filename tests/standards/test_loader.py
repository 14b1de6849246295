"""The loader refuses a bad file by file, key and reason; the broken files are documents in tests/cases."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from core.errors import StandardRefused
from core.standards import loader
from core.standards.loader import EDITIONS, available, default, load, load_folder
from sheets_schema.schema import load as load_schema

BROKEN = sorted((Path(__file__).parent.parent / "cases" / "broken_standards").glob("*.toml"))
SHIPPED = EDITIONS / "ln-2025-draft"
COLUMNS = {sheet.name: {column.name for column in sheet.columns} for sheet in load_schema().sheets}


@pytest.mark.parametrize("path", BROKEN, ids=[path.stem for path in BROKEN])
def test_a_broken_file_is_refused_with_its_sentence(path: Path, tmp_path: Path) -> None:
    case = tomllib.loads(path.read_text("utf-8"))
    for file in loader.FILES:
        text = (SHIPPED / file).read_text("utf-8")
        if file == case["file"]:
            assert case["find"] in text
            text = text.replace(case["find"], case["put"], 1)
        (tmp_path / file).write_text(text, "utf-8")
    with pytest.raises(StandardRefused) as refused:
        load_folder(tmp_path, COLUMNS)
    said = str(refused.value)
    if case["says"].endswith("（"):  # the parser's own English words follow
        assert said.startswith(case["says"])
    else:
        assert said == case["says"]


def test_an_amendment_adds_a_line_and_holds_from_its_day(tmp_path: Path) -> None:
    text = (SHIPPED / loader.EDITION_FILE).read_text("utf-8")
    line = '{ from = 2025-01-01, value = 40, source = "征求意见稿附件1 服务能力/汇集服务资源情况（创建）" }'
    assert text.count(line) == 1
    amended = line + ', { from = 2026-07-01, value = 45, source = "虚构通知〔2026〕1号" }'
    for file in loader.FILES:
        (tmp_path / file).write_bytes((SHIPPED / file).read_bytes())
    (tmp_path / loader.EDITION_FILE).write_text(text.replace(line, amended), "utf-8")
    edition = load_folder(tmp_path, COLUMNS)
    rule = edition.criterion("annex1.resources").rule("platform", "creation")
    assert rule is not None
    days = (date(2024, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2030, 1, 1))
    assert [rule.threshold.required(day) for day in days] == [">= 40", ">= 40", ">= 45", ">= 45"]  # type: ignore[union-attr]
    assert edition.sha256 != load("ln-2025-draft").sha256


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StandardRefused) as refused:
        load_folder(tmp_path, COLUMNS)
    assert str(refused.value) == "标准文件 edition.toml：打不开（No such file or directory）。"


def test_an_unknown_edition_is_refused_with_those_there_are() -> None:
    with pytest.raises(StandardRefused) as refused:
        load("ln-1999")
    assert str(refused.value) == "没有“ln-1999”这一版标准（现有：ln-2025-draft）。"


def test_the_newest_edition_is_the_default() -> None:
    assert available() == ("ln-2025-draft",)
    assert default() == "ln-2025-draft"


def test_an_edition_is_loaded_once() -> None:
    assert load("ln-2025-draft") is load("ln-2025-draft")
