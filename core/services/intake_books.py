"""Reading the workbooks of a round for the use cases of 推荐接收: gather and decide, nothing is written here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from core.applications import KINDS, USCC, Application, assemble, duplicate_applicants
from core.bootstrap import App
from core.intake.changes import ChangeReport, change_reports, from_row, new_ones
from core.intake.difference import Difference, difference
from core.intake.folder import one_city
from core.intake.source import BookEntry, BookRead, Progress
from core.records import to_record
from core.services.intake_sources import Book, RoundContext, read
from core.standards.recommenders import city_name
from core.store.queries import Held, held_applications, newest_intakes, text_of
from core.store.tables import change_reports as kept_reports
from core.store.tables import intakes
from sheets_schema.errors import CellError
from sheets_schema.fold import fold_key
from sheets_schema.messages import place
from sheets_schema.parse import parse
from sheets_schema.rows import ParsedBook

Identity = tuple[str, str, str]
MAIN_SHEET = "推荐汇总表"
QUOTA_TYPE = "创建申报"  # later stages of older objects take no place


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking a workbook in would do. `problem` says why it cannot be taken in at all."""

    city: str
    book: Book = field(repr=False)
    file_name: str
    sha256: str = ""
    data: bytes = field(default=b"", repr=False)
    based_on: int | None = None
    difference: Difference | None = None
    errors: tuple[CellError, ...] = ()
    records: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    unjudged: tuple[str, ...] = ()
    application_count: int = 0
    quota: int | None = None
    over_quota: bool = False
    late: bool = False
    problem: str | None = None
    locked: bool = False
    # a row that can no longer be judged, a wrong figure in a column that was empty: told, though no record changes
    other_errors: bool = False
    # a row stands there again that was gone from the last workbook, be it the same as before
    returned: bool = False
    # the same cells stand elsewhere on the sheet: feedback has to name the new ones
    moved: bool = False
    # the very file already waits for a decision (arrived after the deadline)
    registered: bool = False
    # another content waits for a decision: the city has gone back on it
    overtaken: bool = False
    # the rows of 变更报告 that can be read, and those that are held now
    reports: tuple[ChangeReport, ...] = ()
    reports_before: tuple[ChangeReport, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything would be other than it is held."""
        if self.problem is not None:
            return False
        if self.based_on is None or self.other_errors or (self.difference and not self.difference.empty):
            return True
        if self.new_reports or self.gone_reports or self.returned or self.overtaken:
            return True
        return self.moved and not self.late  # sorting after the deadline is nothing to decide on

    @property
    def new_reports(self) -> list[ChangeReport]:
        """Change reports that are not held yet, or say something else than before."""
        return new_ones(self.reports, self.reports_before)

    @property
    def gone_reports(self) -> list[ChangeReport]:
        """Change reports that are held and no longer in the workbook."""
        return new_ones(self.reports_before, self.reports)

    @property
    def error_count(self) -> int:
        """Cell errors without the warnings."""
        return sum(1 for error in self.errors if error.level == "error")


def previews(
    app: App,
    context: RoundContext,
    listed: Sequence[Book],
    cities: Sequence[str] | None,
    progress: Progress | None = None,
) -> list[Preview]:
    """Reads the workbooks of the chosen cities and compares each with what is held.

    A file whose name does not say the city is read too: the workbook's own `_meta` says it.
    """
    chosen = [
        each
        for each in listed
        if each.entry.readable and (cities is None or each.entry.city is None or each.entry.city in cities)
    ]
    books = [_parsed(each, found) for each, found in zip(chosen, read(chosen, progress), strict=True)]
    doubled = one_city({book.entry.name: book.city for book in books})
    with app.reader.connect() as connection:
        newest = newest_intakes(connection, context.id)
        waiting = _waiting(connection, context.id)
        reported = _reported(connection, [row.id for row in newest.values()])
        held: dict[str, list[Held]] = {}
        for each in held_applications(connection, context.id):
            held.setdefault(each.city, []).append(each)
    made = []
    elsewhere = _identities(held)
    for book in books:
        if cities is not None and book.city not in cities:
            continue
        last = newest.get(book.city or "")
        late = waiting.get(book.city or "")
        based_on = late.id if late is not None else None if last is None else int(last.id)
        plain = Preview(
            book.city or "", book.listed, book.entry.name, book.read.sha256, book.read.data, based_on,
            locked=book.entry.state == "open_elsewhere",
        )  # fmt: skip
        problem = doubled[book.entry.name].sentence if book.entry.name in doubled else _problem(context, book)
        if problem is not None:
            made.append(replace(plain, problem=problem))
        else:
            compared = _compared(app, context, book, plain, held.get(book.city or "", []), elsewhere)
            made.append(
                replace(
                    compared,
                    other_errors=last is not None and _told(compared.errors) != _told(last.errors),
                    moved=compared.moved or (last is not None and _cells(compared.errors) != _cells(last.errors)),
                    registered=late is not None and late.snapshot == book.read.sha256,
                    overtaken=late is not None and late.snapshot != book.read.sha256,
                    reports_before=() if last is None else reported.get(last.id, ()),
                )
            )
    order = {city: place for place, city in enumerate(context.cities)}
    return sorted(made, key=lambda each: order.get(each.city, len(order)))


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook read and parsed, and the city it is of: by its own `_meta`, else by its name."""

    listed: Book
    read: BookRead
    parsed: ParsedBook | None
    city: str | None

    @property
    def entry(self) -> BookEntry:
        """As its source listed it."""
        return self.listed.entry


def _parsed(listed: Book, book: BookRead) -> _Book:
    parsed = None if book.raw is None else parse(book.raw)
    inside = city_name(parsed.city) if parsed and parsed.city else None
    return _Book(listed, book, parsed, inside or listed.entry.city)


def _problem(context: RoundContext, book: _Book) -> str | None:
    """Why a workbook cannot be taken in at all; None where it can."""
    if book.parsed is None:
        return book.read.problem.sentence if book.read.problem else "读取失败，请稍后重试。"
    if book.city is None:
        return "认不出是哪个市的工作簿。请用下发的模板填报，或把文件名改为“年度-城市.xlsx”。"
    if book.city not in context.cities:
        return f"“{book.city}”不是本轮次的推荐单位。请核对工作簿，或在“年度轮次”中设置推荐单位。"
    if book.city in context.online and book.listed.source.capabilities.beside:
        return f"{book.city}本轮次用在线表格，文件夹中的工作簿不受理。如要改用文件夹，请在“在线表格”中设置。"
    if book.entry.city and book.entry.city != book.city:
        return f"工作簿内写明的城市是“{book.city}”，与文件名不符。请核对是否放错或改错了名。"
    if book.parsed.year and book.parsed.year != context.settings.year:
        return f"工作簿内写明的年度是 {book.parsed.year}，不是本轮次的 {context.settings.year}。请改用本年度的模板。"
    if MAIN_SHEET not in book.parsed.rows or any(
        (error.code, error.sheet, error.column) == ("missing_column", MAIN_SHEET, "编号")
        for error in book.parsed.errors
    ):
        return f"缺少工作表“{MAIN_SHEET}”或其中的“编号”列，认不出申报。请用下发的模板填报。"
    return None


def _waiting(connection: sa.Connection, round_id: int) -> dict[str, Any]:
    """The intake of each city that waits for a person (arrived after the deadline)."""
    query = sa.select(intakes).where(intakes.c.round_id == round_id, intakes.c.state == "held")
    return {row.city: row for row in connection.execute(query.order_by(intakes.c.id))}


def _reported(connection: sa.Connection, intake_ids: Sequence[int]) -> dict[int, tuple[ChangeReport, ...]]:
    """The change reports that intakes brought, by intake."""
    found: dict[int, tuple[ChangeReport, ...]] = {}
    query = sa.select(kept_reports).where(kept_reports.c.intake_id.in_(intake_ids)).order_by(kept_reports.c.id)
    for row in connection.execute(query):
        found[row.intake_id] = (*found.get(row.intake_id, ()), from_row(row))
    return found


def _told(errors: Sequence[Any]) -> Counter[tuple[str, ...]]:
    """What is wrong in a workbook, wherever it stands: sorting rows is no change."""
    return _counted(errors, "sheet", "column", "value", "code")


def _cells(errors: Sequence[Any]) -> Counter[tuple[str, ...]]:
    """Where it stands."""
    return _counted(errors, "sheet", "cell", "code")


def _counted(errors: Sequence[Any], *names: str) -> Counter[tuple[str, ...]]:
    found = (error.as_dict() if isinstance(error, CellError) else error for error in errors)
    return Counter(tuple(str(each[name]) for name in names) for each in found)


def _compared(
    app: App,
    context: RoundContext,
    book: _Book,
    plain: Preview,
    held: Sequence[Held],
    elsewhere: dict[Identity, tuple[str, str]],
) -> Preview:
    assert book.parsed is not None
    found, errors = assemble(book.parsed, context.edition, context.as_of)
    doubles = (*(error for _, error in duplicate_applicants(found)), *_elsewhere(plain, found, elsewhere))
    records = {each.key: to_record(each.rows) for each in found if each.key}
    unjudged = tuple(key for key in book.parsed.first_rows(MAIN_SHEET) if key not in records)
    there = {*records, *unjudged}
    # what had gone from the workbook before this one does not go again, but may come back
    returned = any(each.withdrawal != "" and each.key in there for each in held)
    known = [each for each in held if each.withdrawal != "withdrawn" and (each.withdrawal == "" or each.key in there)]
    kept = {each.key: each.record for each in known}
    # what is held of a row that is there but cannot be judged stays: it is not gone
    new = {**records, **{key: kept[key] for key in unjudged if key in kept}}
    quota = context.quotas.get(plain.city)
    return replace(
        plain,
        difference=difference(kept, new),
        errors=tuple(sorted((*book.parsed.errors, *errors, *doubles), key=_place)),
        records=records,
        unjudged=unjudged,
        reports=change_reports(book.parsed),
        moved=any(_places(record) != _places(records[key]) for key, record in kept.items() if key in records),
        application_count=len(found),
        quota=quota,
        returned=returned,
        over_quota=quota is not None and sum(map(_counts_for_quota, found)) > quota,
        late=context.settings.deadline is not None and app.clock.today() > context.settings.deadline,
    )


def _places(record: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Where a record stands: its cells, by sheet, row and column."""
    return {
        sheet: [{column: field[0] for column, field in row["fields"].items()} for row in rows]
        for sheet, rows in record["rows"].items()
    }


def _identities(held: Mapping[str, Sequence[Held]]) -> dict[Identity, tuple[str, str]]:
    """Who is held already, and where: (code, kind, name) -> city and 编号."""
    found: dict[Identity, tuple[str, str]] = {}
    # who came first stays first, however often the other sends its workbook again
    for each in sorted((each for rows in held.values() for each in rows), key=lambda each: each.application_id):
        code, kind, name = (text_of(each, column) for column in ("统一社会信用代码", "类型", "平台（基地）名称"))
        if code and each.withdrawal != "withdrawn":
            found.setdefault((fold_key(code), KINDS[kind], fold_key(name)), (each.city, text_of(each, "编号")))
    return found


def _elsewhere(
    plain: Preview, found: Sequence[Application], elsewhere: dict[Identity, tuple[str, str]]
) -> Iterator[CellError]:
    """Applicants that another city has recommended already (contract §2, duplicate_applicant)."""
    for each in found:
        if each.uscc is None or each.name is None:
            continue
        who = (fold_key(each.uscc), each.kind, fold_key(each.name))
        city, number = elsewhere.setdefault(who, (plain.city, each.id or ""))
        if city != plain.city:
            field = each.fields[USCC]
            message = place(each.book, MAIN_SHEET, cell=field.cell) + (
                f"{city}已推荐过这个申报（编号“{number}”）：统一社会信用代码、类型和名称都相同，"
                "请与省厅和对方市核对，只由一个市推荐。"
            )
            row = each.rows[MAIN_SHEET][0].number
            yield CellError(
                each.book, MAIN_SHEET, row, USCC.column, field.cell, field.raw, "duplicate_applicant", message
            )


def _counts_for_quota(application: Application) -> bool:
    """Quotas are of new 创建申报; later stages of older objects take no place."""
    return application.application == "creation"


def _place(error: CellError) -> tuple[str, int, str]:
    return (error.sheet or "", error.row or 0, error.column or "")
