"""Read model of one application: every finding with where it came from and what people did to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.applications import APPLICATIONS, KINDS
from core.bootstrap import App
from core.checks.finding import Stage
from core.checks.shown import is_share, shown_limit, shown_margin, shown_value
from core.records import APPLICANTS, ONE_ROW_SHEETS, shown
from core.services.judging import OVERALL
from core.standards import loader
from core.standards.edition import Criterion, Edition
from core.store import tables
from core.store.queries import (
    Held,
    held_applications,
    newest_assessments,
    one,
    standing_determinations,
    standing_verified,
    text_of,
)
from core.views.checks import facts
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """One cell that a finding looks at: as reported (填报值), as verified (核定值, '' where none), and before.

    `history`: (when taken in, text) of the versions in which it was another, oldest first.
    """

    sheet: str
    column: str
    cell: str
    reported: str
    error: str
    verified: str
    verified_by: str
    history: tuple[tuple[datetime, str], ...]

    @property
    def can_be_verified(self) -> bool:
        """Rows of lists (名录, 活动) are corrected by the city, not cell by cell here."""
        return self.sheet in ONE_ROW_SHEETS


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition that people decide by itself (第五条); `verdict` '' while open."""

    code: str
    clause: str
    text: str
    verdict: str
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, ready to be read. `open`: it is a person's to settle; `settled`: a person has."""

    criterion: str
    name: str
    short: str
    clause: str
    gist: str
    verdict: str
    value: str
    required: str
    margin: str
    message: str
    values: tuple[ReportedValue, ...]
    open: bool
    settled: bool
    determined_by: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application. `version` goes back with every act; `flips`: (when, what, before, after), newest first."""

    id: int
    round_id: int
    version: int
    city: str
    number: str
    name: str
    operator: str
    kind: str
    application: str
    category: str
    verdict: str
    withdrawal: str
    preferences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    findings: tuple[FindingView, ...]
    errors: tuple[Mapping[str, Any], ...]
    notes: tuple[tuple[datetime, str, str], ...]
    flips: tuple[tuple[datetime, str, str, str], ...]
    versions: tuple[tuple[datetime, str], ...]


def application_view(app: App, application_id: int) -> ApplicationView:
    """One application with all that is known of it; Refused where there is none (or all its intakes are undone)."""
    return remember(app, ("application", application_id), lambda connection: _ask(connection, application_id))


def _ask(connection: sa.Connection, number: int) -> ApplicationView:
    table = tables.applications
    round_id = one(
        connection, sa.select(table.c.round_id).where(table.c.id == number), "没有这个申报，请回到列表重新选择。"
    ).round_id
    held_now = held_applications(connection, round_id, ids=[number])
    judged = newest_assessments(connection, [number]).get(number)
    if not held_now or judged is None:
        from core.errors import Refused

        raise Refused("这个申报的受理已全部撤销，目前没有可审核的内容。")
    held = held_now[0]
    edition = loader.load(judged.standard_id)
    versions = _versions(connection, number)
    verified = {(row.sheet, row.column): row for row in standing_verified(connection, [number]).get(number, ())}
    decided = standing_determinations(connection, [number]).get(number, [])
    known = facts(held)
    kind = KINDS[text_of(held, "类型")]
    stage: Stage = "creation" if APPLICATIONS[known["申报类别"]] == "creation" else "recognition"
    findings = []
    for finding in judged.findings:
        criterion = edition.criterion(finding["criterion"])
        values = tuple(
            _value(held, versions, verified, ref.sheet, ref.column) for ref in criterion.columns(kind, stage)
        )
        findings.append(_finding(edition, criterion, finding, values, decided))
    rows = {(sheet, row["row"]) for sheet, lines in held.record["rows"].items() for row in lines}
    intake = one(connection, sa.select(tables.intakes).where(tables.intakes.c.id == held.intake_id), "")
    return ApplicationView(
        id=number,
        round_id=round_id,
        version=held.version,
        city=held.city,
        number=known["编号"],
        name=known["名称"],
        operator=known["运营主体"],
        kind=kind,
        application=known["申报类别"],
        category=known["平台类别"],
        verdict=judged.verdict,
        withdrawal=held.withdrawal,
        preferences=tuple(
            each.text for each in edition.preferences if text_of(held, each.column.column) == each.option
        ),
        facts=_facts(held),
        findings=tuple(findings),
        errors=tuple(
            error
            for error in intake.errors
            if (error["sheet"], error["row"]) in rows
            or (error["code"] == "missing_row" and error["value"] == known["编号"])
        ),
        notes=_notes(connection, number),
        flips=_flips(connection, number, edition),
        versions=tuple((at, name) for at, name, _ in versions),
    )


def _facts(held: Held) -> tuple[tuple[str, str], ...]:
    fields = held.record["rows"][APPLICANTS][0]["fields"]
    return tuple((column, shown(field)) for column, field in fields.items())


def _versions(connection: sa.Connection, number: int) -> list[tuple[datetime, str, dict[str, Any]]]:
    intakes, submissions = tables.intakes, tables.submissions
    query = (
        sa.select(intakes.c.taken_at, intakes.c.file_name, submissions.c.record)
        .join(submissions, submissions.c.intake_id == intakes.c.id)
        .where(submissions.c.application_id == number, intakes.c.state == "effective")
        .order_by(intakes.c.id)
    )
    return [(row.taken_at, row.file_name, row.record) for row in connection.execute(query)]


def _value(
    held: Held,
    versions: Sequence[tuple[datetime, str, dict[str, Any]]],
    verified: Mapping[tuple[str, str], Any],
    sheet: str,
    column: str,
) -> ReportedValue:
    lines = held.record["rows"].get(sheet, [])
    if sheet not in ONE_ROW_SHEETS:
        reported = f"{len(lines)} 行明细" if lines else ""
        cell = f"第 {lines[0]['row']}–{lines[-1]['row']} 行" if lines else ""
        return ReportedValue(sheet, column, cell, reported, "", "", "", ())
    cell, reported, error = _cell(held.record, sheet, column)
    history: list[tuple[datetime, str]] = []
    for at, _, record in versions:
        text = _cell(record, sheet, column)[1]
        if not history or history[-1][1] != text:
            history.append((at, text))
    row = verified.get((sheet, column))
    return ReportedValue(
        sheet,
        column,
        cell,
        reported,
        error,
        row.value if row else "",
        f"{row.who}，{row.at:%Y-%m-%d}，{row.reason}（依据：{row.evidence}）" if row else "",
        tuple(history) if len(history) > 1 else (),
    )


def _cell(record: dict[str, Any], sheet: str, column: str) -> tuple[str, str, str]:
    lines = record["rows"].get(sheet)
    field = lines[0]["fields"].get(column) if lines else None
    return ("", "", "") if field is None else (field[0], shown(field), field[4] or "")


def _finding(
    edition: Edition,
    criterion: Criterion,
    finding: Mapping[str, Any],
    values: tuple[ReportedValue, ...],
    decided: Sequence[Any],
) -> FindingView:
    own = [row for row in decided if row.criterion == criterion.code]
    by_item = {row.item: row for row in own}
    clause = edition.clauses.get(finding["clause"])
    return FindingView(
        criterion=criterion.code,
        name=criterion.name,
        short=criterion.short,
        clause=finding["clause"],
        gist=clause.gist if clause else "",
        verdict=finding["verdict"],
        value=shown_value(finding["value"], finding["required"], share=is_share(criterion)),
        required=shown_limit(finding["required"]),
        margin=shown_margin(finding["margin"]),
        message=finding["message"],
        values=values,
        open=finding["open"],
        settled=finding["settled"],
        determined_by=f"{by_item[''].who}，{by_item[''].at:%Y-%m-%d}：{by_item[''].reason}" if "" in by_item else "",
        conditions=tuple(
            Condition(
                item.code,
                item.clause,
                item.text,
                by_item[item.code].verdict if item.code in by_item else "",
                by_item[item.code].reason if item.code in by_item else "",
                by_item[item.code].who if item.code in by_item else "",
            )
            for item in criterion.items.values()
        ),
    )


def _notes(connection: sa.Connection, number: int) -> tuple[tuple[datetime, str, str], ...]:
    table = tables.notes
    query = sa.select(table).where(table.c.application_id == number).order_by(table.c.id.desc())
    return tuple((row.at, row.who, row.text) for row in connection.execute(query))


def _flips(connection: sa.Connection, number: int, edition: Edition) -> tuple[tuple[datetime, str, str, str], ...]:
    table = tables.assessments
    query = sa.select(table.c.at, table.c.flips).where(table.c.application_id == number).order_by(table.c.id.desc())
    names = {each.code: each.name for each in edition.criteria} | {OVERALL: "总的结论"}
    return tuple(
        (row.at, names.get(code, code), before, after)
        for row in connection.execute(query)
        for code, before, after in row.flips
    )
