"""What does not fit together within one application (contract §2): parts and wholes, zero denominators,
counts given beside rows that say otherwise.

Runs on the values that count (verified ones in the place of reported ones), so it belongs here and not in
the parser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from core.checks.finding import Stage
from core.derived import Derived
from core.standards.edition import Edition
from core.standards.figures import decimal_text
from core.standards.rules import Kind
from core.standards.threshold import Ref
from sheets_schema.errors import CellError
from sheets_schema.messages import place
from sheets_schema.rows import Field
from sheets_schema.schema import load

Fields = Mapping[tuple[str, str], Field]


class Places:
    """Makes cell errors of one book's rows."""

    def __init__(self, book: str, rows: Mapping[str, int]) -> None:
        self._book, self._rows = book, rows

    def error(self, ref: Ref, field: Field, code: str, message: str) -> CellError:
        """A cell error at a field."""
        row = self._rows.get(ref.sheet)
        cell = field.cell or None
        where = place(self._book, ref.sheet, cell=cell)
        return CellError(self._book, ref.sheet, row, ref.column, cell, field.raw, code, where + message)


def mismatches(
    places: Places, fields: Fields, derived: Mapping[tuple[str, str], Derived], edition: Edition, as_of: date
) -> list[CellError]:
    """Warnings at given counts that differ from the rows."""
    found = []
    for (sheet, column), count in derived.items():
        ref = Ref(sheet, column)
        field = fields.get(ref)
        given = None if field is None else field.value
        if field is None or given is None or count.value is None or given == count.value:
            continue
        if ref == edition.events.column:
            found.append(
                places.error(
                    ref,
                    field,
                    "events_mismatch",
                    f"“{ref.column}”填的是 {_text(field)}，按〔{edition.events.attendance.sheet}〕"
                    f"逐场计算是 {count.value}"
                    f"（参加企业不足 {edition.events.minimum.amount(as_of)}的不算），审核以逐场计算为准；"
                    "请核对后改一致，或把这一格留空。",
                )
            )
        else:
            found.append(
                places.error(
                    ref,
                    field,
                    "roster_mismatch",
                    f"“{ref.column}”填的是 {_text(field)}，按〔{edition.roster.titles.sheet}〕计算是 {count.value}"
                    "（一家企业只按最高的称号计一次），审核以名录为准；请核对后改一致，或把这一格留空。",
                )
            )
    return found


def excesses(
    places: Places, fields: Fields, derived: Mapping[tuple[str, str], Derived], edition: Edition, sheet: str
) -> tuple[list[CellError], set[tuple[str, str]]]:
    """Errors where a part is more than its whole, and the columns that may therefore not be used."""
    found: list[CellError] = []
    unusable: set[tuple[str, str]] = set()
    for relation in load().sheet(sheet).relations:
        part, whole = Ref(sheet, relation.part), Ref(sheet, relation.whole)
        of, total = fields.get(part), fields.get(whole)
        if of is None or total is None or not _more(of, total):
            continue
        message = (
            f"“{part.column}”（{_text(of)}）大于“{whole.column}”（{_text(total)}），部分不能大于总数；"
            f"请核对 {of.cell} 和 {total.cell} 两格，改正填错的一格。"
        )
        found.append(places.error(part, of, "part_exceeds_whole", message))
        unusable |= {part, whole}
    whole = edition.roster.whole
    total = fields.get(whole)
    if sheet == whole.sheet and total is not None and isinstance(total.value, int):
        counts = [_count(title.column, fields, derived) for title in edition.titles]
        titled = sum(count for count in counts if count is not None)
        if None not in counts and titled > total.value:
            message = (
                f"六项优质企业数合计 {titled}，大于“{whole.column}”（{_text(total)}）；一家企业只计入最高的一项称号，"
                f"请核对 {total.cell} 和六项优质企业数。"
            )
            found.append(places.error(whole, total, "part_exceeds_whole", message))
            unusable |= {whole}
    return found, unusable


def zeros(
    places: Places, fields: Fields, edition: Edition, kind: Kind, stage: Stage
) -> tuple[list[CellError], set[tuple[str, str]]]:
    """Errors at a 0 by which a criterion of this kind and stage divides, and those columns."""
    found: list[CellError] = []
    unusable: set[tuple[str, str]] = set()
    for ref in edition.divisors(kind, stage):
        field = fields.get(ref)
        if field is None or field.value is None or field.value != 0:
            continue
        names = "、".join(_dividing(ref, edition, kind, stage))
        message = f"“{ref.column}”填的是 0，{names}要用它作分母，无法计算；请填写实际数。"
        found.append(places.error(ref, field, "zero_denominator", message))
        unusable.add(ref)
    return found, unusable


def _dividing(ref: Ref, edition: Edition, kind: Kind, stage: Stage) -> Iterable[str]:
    for criterion in edition.criteria_for(kind, stage):
        rule = criterion.rule(kind, stage)
        if rule is not None and ref in rule.divisors:
            yield criterion.name


def _count(ref: Ref, fields: Fields, derived: Mapping[tuple[str, str], Derived]) -> int | None:
    if ref in derived:
        return derived[ref].value
    value = fields[ref].value if ref in fields else None
    return value if isinstance(value, int) else None


def _more(part: Field, whole: Field) -> bool:
    numbers = (int, Decimal)
    return isinstance(part.value, numbers) and isinstance(whole.value, numbers) and part.value > whole.value


def _text(field: Field) -> str:
    return decimal_text(field.value) if isinstance(field.value, (int, Decimal)) else field.raw
