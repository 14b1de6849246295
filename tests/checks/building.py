"""Makes books out of the case documents: the sample of a kind, with the cells a case changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from core.applications import Application, assemble
from core.checks.report import check_books
from core.standards.edition import Edition
from core.standards.loader import load
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.parse import parse
from sheets_schema.rows import ParsedBook
from sheets_schema.schema import load as load_schema

CASES = Path(__file__).parent.parent / "cases" / "checks"
AS_OF = date(2026, 6, 30)
BOOK = "2026-沈阳市.xlsx"

Sheets = dict[str, list[dict[str, str]]]


def edition() -> Edition:
    """The edition that the cases are written for."""
    return load("ln-2025-draft")


@cache
def _sample() -> dict[str, Any]:
    return tomllib.loads((CASES / "sample.toml").read_text("utf-8"))


def sample(kind: str, cells: Mapping[str, Mapping[str, str]] | None = None, application: str = "创建申报") -> Sheets:
    """The sheets of one applicant: the sample with some cells changed ("" empties one)."""
    made: Sheets = {sheet: [dict(row)] for sheet, row in deepcopy(_sample()[kind]).items()}
    made["推荐汇总表"][0]["申报类别"] = application
    for sheet, changed in (cells or {}).items():
        made[sheet][0].update(changed)
    return made


def book(*applicants: Sheets, name: str = BOOK) -> ParsedBook:
    """A parsed workbook with the rows of some applicants; columns in the order of the schema."""
    sheets = []
    for declared in load_schema().city_sheets:
        rows = [row for applicant in applicants for row in applicant.get(declared.name, [])]
        if not rows:
            continue
        columns = [column.name for column in declared.columns]
        lines = [dict(zip(columns, columns, strict=True)), *rows]
        cells = {
            (at, columns.index(column) + 1): RawCell("text", text)
            for at, line in enumerate(lines, start=1)
            for column, text in line.items()
            if text
        }
        sheets.append(RawSheet(declared.name, cells))
    return parse(RawBook(name, tuple(sheets)))


def applicants(parsed: ParsedBook, as_of: date = AS_OF) -> tuple[Application, ...]:
    """The applications of a book."""
    return assemble(parsed, edition(), as_of)[0]


def check(books: Sequence[ParsedBook], baselines: Sequence[ParsedBook] = (), as_of: date = AS_OF) -> dict[str, Any]:
    """The document of contract §3."""
    return check_books(books, baselines, edition(), as_of)


def places(report: Mapping[str, Any]) -> list[tuple[str, str | None, str]]:
    """(sheet, column, code) of every cell error, in order."""
    return [(error["sheet"], error["column"], error["code"]) for error in report["errors"]]


def figure(written: object) -> object:
    """A figure as a case writes it: `3/10` is a share, `none` no figure."""
    if written == "none":
        return None
    if isinstance(written, str) and "/" in written:
        above, below = written.split("/")
        return float(Decimal(above) / Decimal(below))
    return written


def case_documents() -> list[tuple[str, dict[str, Any]]]:
    """Every case of every document: (document: name, case)."""
    found = []
    for path in sorted(CASES.glob("*.toml")):
        if path.name != "sample.toml":
            document = tomllib.loads(path.read_text("utf-8"))
            found += [(f"{path.stem}：{case['name']}", case) for case in document["case"]]
    return found
