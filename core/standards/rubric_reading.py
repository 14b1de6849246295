"""Reads `scoring.toml` of an edition: indicators, merits and reasons."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from core.standards.reading import Table
from core.standards.rubric import (
    CHECKS,
    LINES,
    OUTCOMES,
    Checks,
    Demand,
    Indicator,
    Line,
    Merit,
    Outcome,
    Point,
    Reason,
    Rubric,
)
from core.standards.rule_reading import Known, read_threshold
from core.standards.rules import KINDS, Kind


def read_rubric(file: Table, known: Known, clauses: Collection[str], preferences: Collection[str]) -> Rubric:
    """The rubric in the file's table; every clause it names must be one of `clauses`.

    `preferences`: the codes of the edition's grounds that come from a column.
    """
    rubric = Rubric(
        tuple(file.keyed("indicator", lambda table: _indicator(table, known, clauses)).values()),
        tuple(file.keyed("merit", lambda table: _merit(table, clauses)).values()),
        tuple(file.keyed("reason", lambda table: _reason(table, clauses)).values()),
    )
    file.done()
    names = [one.name for one in rubric.indicators]
    if len(set(names)) != len(names):
        file.refuse("indicator", "指标的名称有重复")
    shared = {one.code for one in rubric.indicators} & {one.code for one in rubric.merits}
    if shared:
        file.refuse("merit", f"“{shared.pop()}”已经是指标的代码")
    grounds = {"", *preferences, *(one.code for one in rubric.merits)}
    for position, reason in enumerate(rubric.reasons, start=1):
        if reason.ground not in grounds:
            file.refuse(f"reason[{position}].ground", f"没有“{reason.ground}”这项倾斜或者优先支持")
    for outcome in OUTCOMES:
        if not rubric.reasons_for(outcome):
            file.refuse("reason", f"没有 {outcome} 的理由")
    return rubric


def _indicator(table: Table, known: Known, clauses: Collection[str]) -> Indicator:
    points = []
    for row in table.tables("point"):
        points.append(Point(row.text("text"), _kinds(row)))
        row.done()
    for kind in KINDS:
        if not any(kind in one.kinds for one in points):
            table.refuse("point", f"没有说 {kind} 看什么")
    demand = None
    if table.has("demand"):
        below = table.table("demand")
        demand = Demand(below.text("name"), read_threshold(below, known))
        if any(one.value != one.value.to_integral_value() for one in demand.threshold.values.dated):
            below.refuse("values", "应当是整数")
        below.done()
    return Indicator(
        table.text("code"),
        table.text("name"),
        table.clause(clauses),
        table.text("looks"),
        tuple(points),
        demand,
    )


def _merit(table: Table, clauses: Collection[str]) -> Merit:
    return Merit(
        table.text("code"),
        table.text("name"),
        table.clause(clauses),
        _kinds(table),
        table.text("text"),
        table.text("evidence"),
    )


def _reason(table: Table, clauses: Collection[str]) -> Reason:
    return Reason(
        table.text("code"),
        cast(Outcome, table.one_of("of", OUTCOMES)),
        table.clause(clauses),
        table.text("text"),
        table.flag("words", default=False),
        cast(Checks, table.one_of("checks", CHECKS, "pass")),
        cast(Line, table.one_of("line", LINES, "")),
        table.text("ground", ""),
    )


def _kinds(table: Table) -> tuple[Kind, ...]:
    return cast(tuple[Kind, ...], table.some_of("kinds", KINDS)) if table.has("kinds") else KINDS
