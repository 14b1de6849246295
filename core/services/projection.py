"""Where each case stands, kept beside its history so that pages need not replay it (design: a case is its history).

Computed from entries and nothing else: it can be thrown away and made again, and `shifan verify` compares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import SYSTEM
from core.bootstrap import App
from core.derived import folded
from core.lifecycle.entries import identities, identity, reached
from core.services.case_files import CaseFile, bare_files, case_files, in_batches, places
from core.services.counting import Lives, lives
from core.standards import loader
from core.store.tables import case_names, standings
from core.store.unit import Entry, Unit

LONGEST_NAME: Final = 255  # of a folded name as the store has room for it in an index
_COLUMNS: Final = tuple(column.name for column in standings.columns)


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that is another day than before, or no longer provisional."""

    case_id: int
    name: str
    city: str
    deadline: str
    before: date
    after: date
    provisional: bool


def standing_row(file: CaseFile, counting: Lives, on: date = date.max) -> dict[str, Any]:
    """The line of `standings` that a case's entries lead to on a day."""
    life = counting.of(file.standard_id)
    counted = file.counted()
    state = reached(life, counted, on)
    called = identity(file.first, counted, on)
    due = state.due
    return {
        "case_id": file.id,
        "kind": file.kind,
        "city": file.city,
        "place": places()[file.city][0],
        "name": called.name,
        "operator": called.operator,
        "uscc": called.uscc,
        "round_id": file.round_id,
        "status": state.status,
        "since": state.since,
        "start": None if due is None else state.start,
        "deadline": "" if due is None or state.status is None else life.table.statuses[state.status].deadline,
        "due": None if due is None else due.day,
        "provisional": due is not None and due.provisional,
        "open_objections": state.open_objections,
        "flags": "".join(f",{flag}" for flag in sorted(state.flags)) + ("," if state.flags else ""),
        "standard_sha256": loader.load(file.standard_id).sha256,
    }


def standing_rows(
    connection: sa.Connection,
    counting: Lives,
    ids: Sequence[int] | None = None,
    on: date = date.max,
    known_by: datetime | None = None,
) -> Iterator[dict[str, Any]]:
    """The lines that the ledger alone leads to, by number of case; for a past day `counting` must be of that day.

    A case of which nothing was known then has no status.
    """
    for file in bare_files(connection, ids, known_by):
        yield standing_row(file, counting, on)


def write_standings(unit: Unit, files: Sequence[CaseFile], counting: Lives) -> None:
    """Writes where cases stand, and every name they have had."""
    for some in in_batches(files):
        ids = [file.id for file in some]
        unit.execute(standings.delete().where(standings.c.case_id.in_(ids)))
        unit.execute(standings.insert(), [standing_row(file, counting) for file in some])
        unit.execute(case_names.delete().where(case_names.c.case_id.in_(ids)))
        unit.execute(case_names.insert(), [row for file in some for row in names_of(file)])


def names_of(file: CaseFile) -> list[dict[str, Any]]:
    """Every name and code that a case has had, folded as texts of cities are compared."""
    ever = identities(file.first, file.counted())
    return [
        {"case_id": file.id, "name": name, "uscc": code}
        for name, code in sorted({(folded(each.name)[:LONGEST_NAME], folded(each.uscc)) for each in ever})
    ]


def recount(unit: Unit, counting: Lives) -> list[Moved]:
    """Computes again every deadline that rests on working days, on another calendar; tells which moved."""
    resting = counting.of(loader.default()).on_working_days()
    kept = {row.case_id: row for row in unit.execute(sa.select(standings).where(standings.c.status.in_(resting)))}
    files = list(case_files(unit.connection, list(kept)))
    moved, changed = [], []
    for file in files:
        row = standing_row(file, counting)
        before = kept[file.id]
        if not differs(row, before):
            continue
        changed.append(file)
        if (row["due"], row["provisional"]) != (before.due, before.provisional):
            called = (file.id, row["name"], file.city, row["deadline"])
            moved.append(Moved(*called, before.due, row["due"], row["provisional"]))
    if changed:
        write_standings(unit, changed, counting)
    return moved


def refresh_where_stale(app: App) -> int:
    """Computes again what stands otherwise since the program brought another calendar or edition; gives how many.

    Called at the start of the server, as `rejudge_where_stale` is.
    """
    counting = lives(app)
    current = {loader.load(each).sha256 for each in loader.available()}
    resting = counting.of(loader.default()).on_working_days()
    moving = sa.or_(standings.c.status.in_(resting), standings.c.standard_sha256.not_in(current))
    with app.reader.connect() as connection:
        held = {row.case_id: row for row in connection.execute(sa.select(standings).where(moving))}
        rows = standing_rows(connection, counting, list(held))
        stale = [row["case_id"] for row in rows if differs(row, held[row["case_id"]])]
    if stale:
        with app.unit(SYSTEM) as unit:
            write_standings(unit, list(case_files(unit.connection, stale)), counting)
            what = f"放假安排或标准的数据有更新，{len(stale)} 个对象的期限已重新推算"
            unit.record(Entry("case.recounted", "case", "", "创建对象", what, "数据更新", details={"cases": stale}))
    return len(stale)


def differs(row: dict[str, Any], held: Any) -> bool:
    """Whether a line of the store is not what the history leads to."""
    return any(getattr(held, name) != row[name] for name in _COLUMNS)
