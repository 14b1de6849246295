"""Judging again: runs inside the unit of work of whatever changed data, edition or determination.

Nothing else writes assessments, so an application's newest one is always true of what the store holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from core.accounts import SYSTEM
from core.applications import Application, assemble_one
from core.bootstrap import App
from core.checks.finding import Finding, Verdict
from core.checks.judge import Assessment, Determination, judge, settle
from core.records import with_verified
from core.services.baselines import Creation
from core.standards import loader
from core.store.queries import (
    Held,
    held_applications,
    newest_assessments,
    standing_determinations,
    standing_verified,
)
from core.store.tables import applications, assessments, rounds
from core.store.unit import Entry, Unit
from sheets_schema.errors import CellError

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Flip:
    """A verdict that is not what it was: of one criterion, or of the whole application (`overall`)."""

    application_id: int
    city: str
    name: str
    criterion: str
    before: Verdict
    after: Verdict


def rejudge(app: App, unit: Unit, round_id: int, ids: Sequence[int] | None = None) -> list[Flip]:
    """Judges the applications of a round (or some of them) and writes those assessments that changed."""
    settings = unit.execute(sa.select(rounds).where(rounds.c.id == round_id)).one()
    edition = loader.load(settings.standard_id)
    as_of = settings.reference_day or settings.deadline or app.clock.today()
    held = held_applications(unit.connection, round_id, ids=ids)
    numbers = [each.application_id for each in held]
    before = newest_assessments(unit.connection, numbers)
    verified = standing_verified(unit.connection, numbers)
    decided = standing_determinations(unit.connection, numbers)
    flips: list[Flip] = []
    rows: list[dict[str, Any]] = []
    read: list[tuple[Held, Application, tuple[CellError, ...]]] = []
    for each in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(each.application_id, ())}
        record = with_verified(each.record, values) if values else each.record
        application, errors = assemble_one(record, edition, as_of, book="", city=each.city)
        if application is not None:  # a verified value cannot take 申报类别 or 类型 away; the parser saw to the rest
            read.append((each, application, errors))
    later = {each.application_id: one for each, one, _ in read if one.stage == "recognition"}
    baselines = Creation(unit.connection, settings.year).of(later)
    for each, application, errors in read:
        computed = judge(application, edition, as_of, baselines.get(each.application_id))
        judged = settle(
            computed,
            [
                Determination(row.criterion, row.item, row.verdict, row.reason, row.who)
                for row in decided.get(each.application_id, ())
            ],
            edition,
        )
        row = {
            "application_id": each.application_id,
            "ledger_id": unit.ledger_id,
            "at": unit.now,
            "standard_id": edition.id,
            "standard_sha256": edition.sha256,
            "as_of": as_of,
            "verdict": judged.verdict,
            "findings": [
                finding_to_json(finding, open_=before_people.verdict == "review")
                for finding, before_people in zip(judged.findings, computed.findings, strict=True)
            ],
            "errors": [error.as_dict() for error in errors],
        }
        old = before.get(each.application_id)
        if old is not None and all(getattr(old, name) == row[name] for name in _COMPARED):
            continue
        turned = [] if old is None else _flips(each, application, old, judged)
        flips += turned
        row["flips"] = [[flip.criterion, flip.before, flip.after] for flip in turned]
        rows.append(row)
    if rows:
        unit.execute(assessments.insert(), rows)
    return flips


def rejudge_where_stale(app: App) -> int:
    """Judges rounds again whose edition's data file is not the one they were judged by (a new program version).

    Returns how many rounds were judged. Called at the start of the server and of `shifan intake`.
    """
    judged = sa.select(rounds.c.id, rounds.c.year, rounds.c.standard_id, assessments.c.standard_sha256)
    newest = sa.select(sa.func.max(assessments.c.id)).group_by(assessments.c.application_id)
    query = (
        judged.join(applications, applications.c.round_id == rounds.c.id)
        .join(assessments, assessments.c.application_id == applications.c.id)
        .where(assessments.c.id.in_(newest))
        .distinct()
    )
    with app.reader.connect() as connection:
        found = list(connection.execute(query))
    stale = {
        (row.id, row.year): row.standard_id
        for row in found
        if loader.load(row.standard_id).sha256 != row.standard_sha256
    }
    for (round_id, year), standard_id in stale.items():
        with app.unit(SYSTEM) as unit:
            flips = rejudge(app, unit, round_id)
            what = f"标准“{standard_id}”的数据有更新，{year}年度全部申报已重新审核{flips_sentence(flips)}"
            unit.record(Entry("round.rejudged", "round", round_id, f"{year}年度", what, "标准数据更新", round_id))
    return len(stale)


def finding_to_json(finding: Finding, *, open_: bool) -> dict[str, Any]:
    """A finding as the store keeps it. `open`: it is a person's to settle; `settled`: a person has."""
    return {
        "criterion": finding.criterion,
        "clause": finding.clause,
        "verdict": finding.verdict,
        "value": exact_text(finding.value),
        "required": finding.required,
        "message": finding.message,
        "cells": list(finding.cells),
        "margin": None if finding.margin is None else float(finding.margin),
        "open": open_,
        "settled": open_ and finding.verdict != "review",
    }


def exact_text(value: int | Fraction | Decimal | str | None) -> str | None:
    """A figure as text that loses nothing (`3/10`, `1200`, `7.5`)."""
    return None if value is None else str(value)


def flips_sentence(flips: Sequence[Flip]) -> str:
    """What to add to a ledger sentence: how many applications stand otherwise than before."""
    count = len({flip.application_id for flip in flips if flip.criterion == OVERALL})
    return f"；{count} 个申报的审核结论因此改变" if count else ""


_COMPARED = ("standard_id", "standard_sha256", "as_of", "verdict", "findings", "errors")


def _flips(held: Held, application: Application, old: Any, judged: Assessment) -> list[Flip]:
    was: dict[str, Verdict] = {each["criterion"]: each["verdict"] for each in old.findings}
    turned = [
        Flip(
            held.application_id,
            held.city,
            application.name or held.key,
            finding.criterion,
            was[finding.criterion],
            finding.verdict,
        )
        for finding in judged.findings
        if finding.criterion in was and was[finding.criterion] != finding.verdict
    ]
    if old.verdict != judged.verdict:
        turned.append(
            Flip(held.application_id, held.city, application.name or held.key, OVERALL, old.verdict, judged.verdict)
        )
    return turned
