"""The rows of 变更报告 that a workbook brings (第十一条): those that can be read wholly. Pure.

A row has no 编号: what tells reports apart is who changed what, and the two days. The rest may be put right later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, Final

from sheets_schema.fold import fold_key
from sheets_schema.rows import ParsedBook

SHEET: Final = "变更报告"
# what a report is made of: the column of the sheet, and its name here
_COLUMNS: Final = {
    "name": "平台（基地）名称",
    "change": "变更类型",
    "occurred": "变更发生日期",
    "reported": "向市级报告日期",
    "content": "变更内容",
    "opinion": "市级意见",
}
FIELDS: Final = tuple(_COLUMNS)


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """One row: what happened to a platform or base, when, and what the city proposes (保留, 撤销)."""

    row: int
    name: str
    change: str
    occurred: date
    reported: date
    content: str
    opinion: str

    @property
    def identity(self) -> tuple[str, str, date, date]:
        """What tells it from another report of the same city."""
        return fold_key(self.name), self.change, self.occurred, self.reported


def change_reports(parsed: ParsedBook) -> tuple[ChangeReport, ...]:
    """The rows of a book in which nothing is missing or wrong; what is wrong in the others is told by cell errors."""
    found = []
    for row in parsed.rows.get(SHEET, ()):
        values: dict[str, Any] = {name: row.value(column) for name, column in _COLUMNS.items()}
        if all(value is not None for value in values.values()):
            found.append(ChangeReport(row.number, **values))
    return tuple(found)


def from_row(stored: Any) -> ChangeReport:
    """A report as the store holds it."""
    return ChangeReport(stored.row, *(getattr(stored, name) for name in FIELDS))


def new_ones(reports: Sequence[ChangeReport], before: Iterable[ChangeReport]) -> list[ChangeReport]:
    """Those that are not among others, wherever they stand on the sheet."""
    left = Counter(_said(each) for each in before)
    found = []
    for each in reports:
        if left[_said(each)]:
            left[_said(each)] -= 1
        else:
            found.append(each)
    return found


def told(reports: Sequence[ChangeReport], before: Sequence[ChangeReport]) -> str:
    """What to add to a sentence about a workbook: how many it brings, and how many of them are new."""
    if not reports and not before:
        return ""
    new = len(new_ones(reports, before))
    return f"，变更报告 {len(reports)} 件" + (f"（新 {new} 件）" if before and new else "")


def _said(report: ChangeReport) -> tuple[Any, ...]:
    return astuple(report)[1:]
