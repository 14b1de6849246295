"""What a city submitted for one applicant, typed, each value knowing its cell; ready to be judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Final, Literal, NamedTuple

from core import relations
from core.checks.finding import Stage
from core.derived import Derived, count_events, count_titles, folded
from core.records import (
    APPLICANTS,
    ONE_ROW_SHEETS,
    Record,
    Rows,
    applicant_rows,
    from_record,
    masked,
)
from core.standards.edition import Edition
from core.standards.recommenders import city_name
from core.standards.rules import Kind
from core.standards.threshold import Ref
from sheets_schema.errors import CellError
from sheets_schema.messages import place
from sheets_schema.rows import Field, ParsedBook, Row, Typed

ApplicationType = Literal["creation", "acceptance", "second_acceptance", "review"]

APPLICATIONS: Final[Mapping[str, ApplicationType]] = {
    "创建申报": "creation",
    "期满验收": "acceptance",
    "延期验收": "second_acceptance",
    "运行复核": "review",
}
KINDS: Final[Mapping[str, Kind]] = {"平台": "platform", "基地": "base"}
FIGURES: Final[Mapping[Kind, str]] = {"platform": "平台指标", "base": "基地指标"}

ID: Final = Ref(APPLICANTS, "编号")
TYPE: Final = Ref(APPLICANTS, "申报类别")
NAME: Final = Ref(APPLICANTS, "平台（基地）名称")
KIND: Final = Ref(APPLICANTS, "类型")
USCC: Final = Ref(APPLICANTS, "统一社会信用代码")
OPERATOR: Final = Ref(APPLICANTS, "运营主体")
CATEGORY: Final = Ref(APPLICANTS, "平台类别")
HIGH_TECH_ZONE: Final = Ref(APPLICANTS, "国家级高新区")


class Look(NamedTuple):
    """A value and where it comes from. `gap` says why there is none: `empty`, `error`, or `absent` (no cell)."""

    value: Typed
    cells: tuple[str, ...]
    gap: Literal["", "empty", "error", "absent"]


@dataclass(frozen=True, slots=True)
class Application:
    """One applicant of one book.

    `rows` as received (verified values in); `fields` the cells of the sheets with one row, those that may not
    be used (part over whole, zero denominator) as in error; `derived` counts that rows decide.
    """

    book: str
    city: str | None
    year: int | None
    id: str | None
    key: str
    name: str | None
    kind: Kind
    application: ApplicationType
    uscc: str | None
    rows: Mapping[str, tuple[Row, ...]]
    fields: Mapping[tuple[str, str], Field]
    derived: Mapping[tuple[str, str], Derived]
    _looks: dict[tuple[str, str], Look] = dataclass_field(default_factory=dict, repr=False, compare=False)

    @property
    def stage(self) -> Stage:
        """创建申报 is judged by the creation thresholds, the other three by those of recognition."""
        return "creation" if self.application == "creation" else "recognition"

    @property
    def operator(self) -> str | None:
        """运营主体, the organisation that builds and runs it."""
        return _text(self.fields, OPERATOR)

    @property
    def category(self) -> str | None:
        """平台类别; None for a base or where not given."""
        return _text(self.fields, CATEGORY) if self.kind == "platform" else None

    @property
    def high_tech_zone(self) -> bool:
        """Whether it belongs to a national high-tech zone (第十八条)."""
        return _text(self.fields, HIGH_TECH_ZONE) == "是"

    @property
    def roster(self) -> tuple[Row, ...]:
        """Rows of 优质企业名录."""
        return self.rows.get("优质企业名录", ())

    @property
    def events(self) -> tuple[Row, ...]:
        """Rows of 线下活动."""
        return self.rows.get("线下活动", ())

    def look(self, ref: tuple[str, str]) -> Look:
        """The value of a column that counts: from rows where they decide, else from its cell."""
        found = self._looks.get(ref)
        if found is None:
            found = self._looks[ref] = self._look(ref)
        return found

    def _look(self, ref: tuple[str, str]) -> Look:
        count = self.derived.get(ref)
        if count is not None:
            return Look(count.value, count.cells, "error" if count.value is None else "")
        field = self.fields.get(ref)
        if field is None:
            return Look(None, (), "absent")
        cells = (f"{ref[0]}!{field.cell}",) if field.cell else ()
        if field.value is None:
            return Look(None, cells, "empty" if field.error is None else "error")
        return Look(field.value, cells, "")


def assemble(
    parsed: ParsedBook, edition: Edition, as_of: date
) -> tuple[tuple[Application, ...], tuple[CellError, ...]]:
    """The applications of a book in its order, and the errors of what does not fit together in them.

    Rows whose 申报类别 or 类型 is empty or wrong are not among them (contract §2).
    """
    applications: list[Application] = []
    errors: list[CellError] = []
    city = city_name(parsed.city)
    for rows in applicant_rows(parsed):
        made, found = _assemble(rows, edition, as_of, parsed.name, city, parsed.year)
        errors += found
        if made is not None:
            applications.append(made)
    return tuple(applications), tuple(errors)


def assemble_one(
    record: Record,
    edition: Edition,
    as_of: date,
    *,
    book: str,
    city: str | None,
    year: int | None = None,
) -> tuple[Application | None, tuple[CellError, ...]]:
    """The application of a record, and what does not fit together in it; None where it cannot be judged."""
    return _assemble(from_record(record), edition, as_of, book, city_name(city), year)


def duplicate_applicants(applications: Sequence[Application]) -> tuple[tuple[int, CellError], ...]:
    """(position, error) of each application that repeats an earlier one: same code, kind and folded name."""
    seen: dict[tuple[str, str, str], Application] = {}
    found: list[tuple[int, CellError]] = []
    for position, one in enumerate(applications):
        if one.uscc is None or one.name is None:
            continue
        first = seen.setdefault((folded(one.uscc), one.kind, folded(one.name)), one)
        if first is one:
            continue
        field = one.fields[USCC]
        where = "本表" if first.book == one.book else f"“{first.book}”"
        message = place(one.book, APPLICANTS, cell=field.cell) + (
            f"与{where}中编号“{first.id or '（空）'}”的申报重复：统一社会信用代码、类型和名称都相同；"
            "请与推荐单位核对，只保留一行。"
        )
        row = one.rows[APPLICANTS][0].number
        found.append(
            (
                position,
                CellError(
                    one.book,
                    APPLICANTS,
                    row,
                    USCC.column,
                    field.cell,
                    field.raw,
                    "duplicate_applicant",
                    message,
                ),
            )
        )
    return tuple(found)


def _assemble(
    rows: Rows, edition: Edition, as_of: date, book: str, city: str | None, year: int | None
) -> tuple[Application | None, tuple[CellError, ...]]:
    fields = _fields(rows)
    kind = KINDS.get(_text(fields, KIND) or "")
    application = APPLICATIONS.get(_text(fields, TYPE) or "")
    if kind is None or application is None:
        return None, ()
    derived: dict[tuple[str, str], Derived]
    if kind == "base":
        derived = count_titles(rows.get(edition.roster.titles.sheet, ()), edition)
    else:
        derived = count_events(rows.get(edition.events.attendance.sheet, ()), edition, as_of)
    # a verified count is the province's own: it stands against rows as it does against a reported figure
    derived = {ref: count for ref, count in derived.items() if ref not in fields or not fields[ref].verified}
    stage: Stage = "creation" if application == "creation" else "recognition"
    places = relations.Places(book, {sheet: lines[0].number for sheet, lines in rows.items() if lines})
    errors = relations.mismatches(places, fields, derived, edition, as_of)
    more, excess = relations.excesses(places, fields, derived, edition, FIGURES[kind])
    zero, divisors = relations.zeros(places, fields, edition, kind, stage)
    for ref in excess:
        fields[ref] = masked(fields[ref], "part_exceeds_whole")
    for ref in divisors:
        fields[ref] = masked(fields[ref], "zero_denominator")
    made = Application(
        book=book,
        city=city,
        year=year,
        id=_text(fields, ID),
        key=rows[APPLICANTS][0].key,
        name=_text(fields, NAME),
        kind=kind,
        application=application,
        uscc=_text(fields, USCC),
        rows=rows,
        fields=fields,
        derived=derived,
    )
    return made, (*errors, *more, *zero)


def _fields(rows: Rows) -> dict[tuple[str, str], Field]:
    return {
        (sheet, column): field
        for sheet in ONE_ROW_SHEETS
        for row in _first(rows.get(sheet, ()))
        for column, field in row.fields.items()
    }


def _first(rows: tuple[Row, ...]) -> Iterable[Row]:
    return rows[:1]


def _text(fields: Mapping[tuple[str, str], Field], ref: Ref) -> str | None:
    field = fields.get(ref)
    return field.value if field is not None and isinstance(field.value, str) else None
