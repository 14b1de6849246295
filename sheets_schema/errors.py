"""What is wrong with a cell: code, place and a sentence a city contact can act on (contract §2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]

ERROR_CODES: tuple[str, ...] = (
    "missing_sheet",
    "missing_column",
    "missing_required",
    "not_a_number",
    "not_an_integer",
    "negative",
    "not_a_date",
    "not_in_list",
    "bad_uscc",
    "bad_phone",
    "bad_industry_code",
    "formula_error",
    "duplicate_id",
    "unknown_id",
    "missing_row",
    "part_exceeds_whole",
    "zero_denominator",
    "duplicate_applicant",
)
WARNING_CODES: tuple[str, ...] = (
    "roster_mismatch",
    "events_mismatch",
    "extra_item",
    "extra_column",
    "extra_sheet",
)
# Only in the workbook of objects of former years.
COHORT_CODES: tuple[str, ...] = (
    "not_expected",
    "in_future",
    "bad_order",
    "too_long",
)
# Only in the workbooks that experts score in; missing_score is also a comment that is asked for and not there.
SCORING_CODES: tuple[str, ...] = (
    "missing_score",
    "out_of_scale",
    "recused_and_scored",
    "closed_row",
    "other_name",
)


@dataclass(frozen=True, slots=True)
class CellError:
    """One finding about a cell, a row, a column or a sheet; places that do not apply are None."""

    book: str
    sheet: str | None
    row: int | None
    column: str | None
    cell: str | None
    value: str | None
    code: str
    message: str

    @property
    def level(self) -> Level:
        """`warning` lets judging go on; `error` does not."""
        return "warning" if self.code in WARNING_CODES else "error"

    def as_dict(self) -> dict[str, Any]:
        """The object of contract §3, keys in its order."""
        made = asdict(self)
        message = made.pop("message")
        return made | {"level": self.level, "message": message}
