"""A template that LibreOffice has opened and saved is still ours: nothing lost that we rely on."""

from __future__ import annotations

from pathlib import Path

import pytest

from sheets_schema.parse import parse
from sheets_schema.rows import ParsedBook
from sheets_schema.schema import load
from sheets_schema.template import build_template
from tests.sheets_schema.template_view import fill, relied_on, saved
from tests.workbooks import raw_book

pytestmark = pytest.mark.libreoffice

GUIDE = {("平台指标", "服务机构数（家）"): ["创建：≥ 40（附件1 服务能力/汇集服务资源情况）"]}


def content(parsed: ParsedBook) -> dict[str, list[dict[str, object]]]:
    """Values and cells, without the texts they were read from (1200 may come back as 1200.0)."""
    return {
        sheet: [{name: (f.cell, f.value) for name, f in row.fields.items()} for row in rows]
        for sheet, rows in parsed.rows.items()
    }


def test_nothing_we_rely_on_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "2026-沈阳市.xlsx"
    path.write_bytes(build_template(year=2026, city="沈阳市", guide=GUIDE, program_version="0.1.0"))
    before, after = relied_on(path), relied_on(saved(path, tmp_path))
    # Compared by parts, so that a difference is readable.
    assert list(after) == list(before)
    for part in before:
        assert after[part] == before[part], part


def test_a_filled_template_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "2026-沈阳市.xlsx"
    fill(build_template(year=2026, city="沈阳市", guide=GUIDE, program_version="0.1.0"), path)
    before, after = parse(raw_book(path)), parse(raw_book(saved(path, tmp_path)))
    assert (after.city, after.year, after.template_version, after.errors) == ("沈阳市", 2026, "1", ())
    assert content(after) == content(before)
    assert {sheet: len(rows) for sheet, rows in after.rows.items()} == {
        sheet.name: len(sheet.columns[0].examples) for sheet in load().city_sheets
    }
