"""What a sheet says, read without any of the program's reading; what the store holds; and whether the two agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Any

import sqlalchemy as sa

from core.applications import assemble, duplicate_applicants
from core.intake.feedback import COLUMNS
from core.records import to_record
from core.services.feedback import feedback_rows
from core.services.intake_sources import round_context
from core.store import tables
from core.store.unit import entry_hash
from sheets_schema.cells import RawBook, RawCell, RawSheet
from sheets_schema.fold import fold_header, fold_key
from sheets_schema.layout import column_number
from sheets_schema.parse import parse
from tests.office import Office
from tests.online.online_office import FEEDBACK
from tests.sheets_emulator.book import Book
from tests.sheets_emulator.cells import ERRORS
from tests.sheets_emulator.formulas import Worth
from tests.sheets_emulator.problems import Json

SIGNS = {kind: sign for sign, kind in ERRORS.items()}
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no time zone


@dataclass(frozen=True)
class Said:
    """What a sheet says, or what is held of it: records by 编号, 编号 that cannot be judged, errors as JSON texts."""

    records: Mapping[str, Any]
    unjudged: tuple[str, ...]
    errors: tuple[str, ...]


def raw_book(book: Book) -> RawBook:
    """The cells of a spreadsheet as its service holds them."""
    worth, sheets = Worth(book), []
    for sheet in book.sheets:
        cells: dict[tuple[int, int], RawCell] = {}
        for (row, column), cell in sheet.cells.items():
            if "userEnteredValue" in cell and (found := _cell(worth.of(sheet.id, row, column), cell)):
                cells[row + 1, column + 1] = found
        sheets.append(RawSheet(sheet.title, cells))
    return RawBook(book.title, tuple(sheets))


def _cell(value: Json | None, cell: Json) -> RawCell | None:
    assert value is not None
    ((kind, what),) = value.items()
    formula = "formulaValue" in cell["userEnteredValue"]
    if kind == "errorValue":
        return RawCell("error", SIGNS[what["type"]], formula)
    if kind == "boolValue":
        return RawCell("boolean", str(what).upper(), formula)
    if kind == "stringValue":
        return RawCell("text", what, formula) if what.strip(" \t\r\n\u00a0\u3000") else None
    form = cell.get("userEnteredFormat", {}).get("numberFormat", {})
    if form.get("type") == "DATE" and abs(what) < 2_958_466:  # days; the calendar ends there
        moment = EPOCH + timedelta(days=what)
        day = moment.date() != EPOCH.date()
        return RawCell("date" if day else "text", str(moment if day else moment.time()), formula)
    return RawCell("number", str(what) if isinstance(what, int) and what < 1e15 else format(what, ".15g"), formula)


class Reader:
    """Works out what sheets say; the same cells are worked out once."""

    def __init__(self, office: Office) -> None:
        with office.app.reader.connect() as connection:
            self._context = round_context(office.app, connection, office.round_id)
        self._known: list[tuple[Book, Said]] = []

    def said(self, book: Book) -> Said:
        """What a sheet says, 审核反馈 apart."""
        known = next((said for other, said in self._known if same_content(other, book)), None)
        if known is None:
            known = self._said(book)
            self._known.append((book, known))
        return known

    def _said(self, book: Book) -> Said:
        parsed = parse(raw_book(book))
        found, errors = assemble(parsed, self._context.edition, self._context.as_of)
        records = {each.key: to_record(each.rows) for each in found if each.key}
        unjudged = tuple(key for key in parsed.first_rows("推荐汇总表") if key not in records)
        told = (*parsed.errors, *errors, *(error for _, error in duplicate_applicants(found)))
        return Said(_plain(records), unjudged, _told([error.as_dict() for error in told]))


def meant(said: Said) -> Said:
    """The same without the ways in which a value can be typed: those make no new version."""
    return replace(said, records={key: _meant(record) for key, record in said.records.items()})


def wherever(said: Said) -> Said:
    """The same without the places where it stands."""
    records = {
        key: {
            sheet: sorted(json.dumps({column: each[1:] for column, each in fields.items()}) for _, fields in rows)
            for sheet, rows in record.items()
        }
        for key, record in meant(said).records.items()
    }
    return Said(records, said.unjudged, ())


def _meant(record: Mapping[str, Any]) -> Any:
    return {
        sheet: [(row["row"], {name: _value(name, *field) for name, field in row["fields"].items()}) for row in rows]
        for sheet, rows in record["rows"].items()
    }


def _value(column: str, cell: str, raw: str, tag: str, value: Any, error: str | None) -> list[Any]:
    if column == "编号":
        return [cell, fold_key(raw)]
    return [cell, tag, value] if value is not None and error is None else [cell, " ".join(raw.split()), error]


def apart(one: Said, other: Said) -> str:
    """Where two differ."""
    texts = [json.dumps(asdict(each), ensure_ascii=False, indent=1, sort_keys=True) for each in (one, other)]
    lines = [text.splitlines() for text in texts]
    return "\n".join(unified_diff(*lines, lineterm="", n=2))


def same_content(one: Book, other: Book) -> bool:
    """Whether two states of a book say the same, 审核反馈 apart."""
    kept = [[each for each in book.sheets if each.title != FEEDBACK] for book in (one, other)]
    return [(each.title, each.cells) for each in kept[0]] == [(each.title, each.cells) for each in kept[1]]


def held(office: Office, intake: Any) -> Said:
    """What the store holds of one intake."""
    query = (
        sa.select(tables.applications.c.key, tables.submissions.c.record)
        .join(tables.applications, tables.applications.c.id == tables.submissions.c.application_id)
        .where(tables.submissions.c.intake_id == intake.id)
    )
    with office.app.reader.connect() as connection:
        records = {row.key: row.record for row in connection.execute(query)}
    return Said(records, tuple(intake.unjudged), _told(intake.errors))


def newest(office: Office, *states: str) -> dict[str, Any]:
    """The newest intake of each city in one of these states."""
    query = sa.select(tables.intakes).where(tables.intakes.c.state.in_(states)).order_by(tables.intakes.c.id)
    with office.app.reader.connect() as connection:
        return {row.city: row for row in connection.execute(query)}


def feedback_wrong(office: Office, intake: Any, book: Book) -> list[str]:
    """What is wrong on 审核反馈: it says what is held, once, and each line names the cell where its row stands."""
    with office.app.reader.connect() as connection:
        context = round_context(office.app, connection, office.round_id)
        rows = feedback_rows(connection, context, intake, office.app.clock.now())
    wanted = [row.texts(office.app.clock.now())[:-1] for row in rows]
    raw = {sheet.name: sheet.cells for sheet in raw_book(book).sheets}
    there: dict[int, dict[int, str]] = {}
    for (row, column), cell in raw[FEEDBACK].items():
        if row > 1 and column < len(COLUMNS):
            there.setdefault(row, {})[column] = cell.text
    shown = [tuple(line.get(at, "") for at in range(1, len(COLUMNS))) for _, line in sorted(there.items())]
    found = [] if shown == wanted else [f"审核反馈 says {shown}, it should say {wanted}"]
    if sorted(there) != list(range(2, len(there) + 2)):
        found.append(f"审核反馈 has gaps: {sorted(there)}")
    for number, sheet, cell, column, *_ in shown:
        if not cell:
            continue
        cells = raw[sheet]
        head = cells.get((1, column_number(cell)))
        at = int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        key = next((c for (r, c), each in sorted(cells.items()) if r == 1 and fold_header(each.text) == "编号"), 0)
        own = cells.get((at, key))
        if column and (head is None or fold_header(head.text) != fold_header(column)):
            found.append(f"{sheet}!{cell} is not in the column {column}")
        if number and at > 1 and (own is None or fold_key(own.text) != fold_key(number)):
            found.append(f"{sheet}!{cell} is not in the row of {number}")
    return found


def ledger_wrong(office: Office) -> list[str]:
    """What is wrong in the ledger: every entry hangs on the one before, every intake on the one that it replaced."""
    found, previous = [], ""
    waiting: dict[str, int] = {}
    effective: dict[str, list[tuple[int, str]]] = {}
    with office.app.reader.connect() as connection:
        states = {row.id: row.state for row in connection.execute(sa.select(tables.intakes))}
    taken = []
    for entry in office.entries():
        row = {name: value for name, value in entry._mapping.items() if name != "hash"}
        if entry.hash != entry_hash(row, previous):
            found.append(f"entry {entry.id} does not hang on the one before")
        previous = entry.hash
        city, number = entry.subject, int(entry.subject_id) if entry.subject_kind == "intake" else 0
        chain = effective.setdefault(city, [])
        if entry.action in ("intake.taken", "intake.held"):
            taken.append(number)
            based_on = waiting.get(city) or (chain[-1][0] if chain else None)
            if entry.based_on != based_on:
                found.append(f"entry {entry.id} is based on {entry.based_on}, not on {based_on}")
            if entry.action == "intake.held":
                waiting[city] = number
            else:
                if chain and chain[-1][1] == entry.details["sha256"]:
                    found.append(f"entry {entry.id} takes in the same content again")
                chain.append((number, entry.details["sha256"]))
        elif entry.action == "intake.undone":
            chain.remove(next(each for each in chain if each[0] == number))
        elif entry.action == "intake.late_declined":
            waiting.pop(city)
        elif entry.action == "intake.late_accepted":
            waiting.pop(city)
            chain.append((number, ""))
    if sorted(taken) != sorted(states):
        found.append(f"the ledger tells of the intakes {sorted(taken)}, the store holds {sorted(states)}")
    chains = {number for chain in effective.values() for number, _ in chain}
    if chains != {number for number, state in states.items() if state == "effective"}:
        found.append(f"by the ledger the intakes {sorted(chains)} hold, by the store {states}")
    return found


def _told(errors: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Errors as texts in some order. Whether another city has the same applicant is not this sheet's to say."""
    texts = (json.dumps(error, ensure_ascii=False, sort_keys=True) for error in errors)
    return tuple(sorted(text for text in texts if "已推荐过这个申报" not in text))


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False))
