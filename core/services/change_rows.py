"""The change reports that are held (第十一条): those of each city's newest effective workbook, and which are entered.

A city sends the same row again with every workbook; it is one report, whichever intake brought it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from core.intake.changes import ChangeReport, from_row
from core.services.case_files import CaseFile, case_files, in_batches
from core.store.queries import newest_intakes
from core.store.tables import change_reports, intakes, ledger, rounds

REGISTERED = "change.registered"
Identity = tuple[str, str, str, date, date]


@dataclass(frozen=True, slots=True)
class HeldReport:
    """A row of 变更报告 as it is held, and the round and city whose workbook brought it."""

    id: int
    round_id: int
    year: int
    city: str
    standard_id: str
    report: ChangeReport

    @property
    def identity(self) -> Identity:
        """What it is among all reports, whichever workbook brought it."""
        return (self.city, *self.report.identity)


@dataclass(frozen=True, slots=True)
class EnteredReport:
    """The entry of a case that a report was entered as, and the row as it was then."""

    case_id: int
    case_name: str
    number: int
    report: ChangeReport


def held_reports(connection: sa.Connection, known_by: datetime | None = None) -> list[HeldReport]:
    """The reports that are held, those of the newest round first; `known_by`: at that moment."""
    found: list[HeldReport] = []
    seen: set[Identity] = set()
    for settings in connection.execute(sa.select(rounds).order_by(rounds.c.year.desc())).all():
        newest = newest_intakes(connection, settings.id, known_by)
        cities = {row.id: row.city for row in newest.values()}
        query = sa.select(change_reports).where(change_reports.c.intake_id.in_(cities)).order_by(change_reports.c.id)
        of_round = [
            HeldReport(row.id, settings.id, settings.year, cities[row.intake_id], settings.standard_id, from_row(row))
            for row in connection.execute(query)
        ]
        # what stands in a newer round's workbook too is that one
        found += [each for each in of_round if each.identity not in seen]
        seen |= {each.identity for each in of_round}
    return found


def entered_reports(connection: sa.Connection, known_by: datetime | None = None) -> dict[Identity, EnteredReport]:
    """The entries that count of reports that were entered; `known_by`: at that moment."""
    acts = sa.select(ledger.c.details).where(ledger.c.action == REGISTERED)
    if known_by is not None:
        acts = acts.where(ledger.c.at <= known_by)
    cases = {case_id for details in connection.execute(acts).scalars() for _, case_id in details["reports"]}
    by_report = {
        entry.data["report_id"]: (file, entry.number)
        for file in case_files(connection, sorted(cases))
        for entry in file.counted(known_by)
        if entry.type == "change_reported" and "report_id" in entry.data
    }
    return _by_identity(connection, by_report, known_by)


def _by_identity(
    connection: sa.Connection, by_report: Mapping[int, tuple[CaseFile, int]], known_by: datetime | None
) -> dict[Identity, EnteredReport]:
    found: dict[Identity, EnteredReport] = {}
    for some in in_batches(sorted(by_report)):
        query = sa.select(change_reports, intakes.c.city).join(intakes, intakes.c.id == change_reports.c.intake_id)
        for row in connection.execute(query.where(change_reports.c.id.in_(some))):
            file, number = by_report[row.id]
            report = from_row(row)
            entered = EnteredReport(file.id, file.identity(known_by=known_by).name, number, report)
            found[row.city, *report.identity] = entered
    return found
