"""The document that `shifan check --json` prints (contract §3), from parsed workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.applications import Application, assemble, duplicate_applicants
from core.checks.finding import Finding
from core.checks.judge import Assessment, Baselines, judge
from core.standards.edition import Edition
from sheets_schema.errors import CellError
from sheets_schema.rows import ParsedBook


def check_books(
    books: Sequence[ParsedBook], baselines: Sequence[ParsedBook], edition: Edition, as_of: date
) -> dict[str, Any]:
    """Judges every application of the books, in the order of books and rows; errors by book, sheet, row, column.

    Errors of the baseline books are not reported: they are not what was handed in.
    """
    candidates = Baselines(one for book in baselines for one in assemble(book, edition, as_of)[0])
    applications: list[Application] = []
    errors: list[tuple[int, CellError]] = []
    homes: list[int] = []
    for position, book in enumerate(books):
        made, found = assemble(book, edition, as_of)
        applications += made
        homes += [position] * len(made)
        errors += [(position, error) for error in (*book.errors, *found)]
    errors += [(homes[place], error) for place, error in duplicate_applicants(applications)]
    return {
        "standard": edition.id,
        "as_of": as_of.isoformat(),
        "applications": [
            application_dict(one, judge(one, edition, as_of, candidates.find(one))) for one in applications
        ],
        "errors": [error.as_dict() for _, error in sorted(errors, key=_place)],
    }


def application_dict(application: Application, assessment: Assessment) -> dict[str, Any]:
    """One object of `applications`."""
    return {
        "city": application.city,
        "id": application.id,
        "name": application.name,
        "kind": application.kind,
        "application": application.application,
        "verdict": assessment.verdict,
        "preferences": list(assessment.preferences),
        "findings": [finding_dict(one) for one in assessment.findings],
    }


def finding_dict(finding: Finding) -> dict[str, Any]:
    """One object of `findings`; here, and only here, an exact share becomes a binary float."""
    value = finding.value
    return {
        "criterion": finding.criterion,
        "clause": finding.clause,
        "verdict": finding.verdict,
        "value": float(value) if isinstance(value, (Fraction, Decimal)) else value,
        "required": finding.required,
        "message": finding.message,
    }


def sort_errors(errors: Sequence[CellError]) -> tuple[CellError, ...]:
    """The errors of one book in the order in which a person reads it: sheet, row, column."""
    return tuple(error for _, error in sorted(((0, error) for error in errors), key=_place))


def _place(entry: tuple[int, CellError]) -> tuple[int, int, int, tuple[int, str]]:
    position, error = entry
    return position, _sheet_order(error.sheet), error.row or 0, _column_order(error.cell)


def _sheet_order(sheet: str | None) -> int:
    from sheets_schema.schema import load

    schema = load()
    order = {schema.meta: -1} | {one.name: one.order for one in schema.sheets}
    return order.get(sheet or schema.meta, len(order) + 1)


def _column_order(cell: str | None) -> tuple[int, str]:
    letters = "".join(character for character in cell or "" if character.isalpha())
    return len(letters), letters
