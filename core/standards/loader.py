"""Loads an edition from its folder and refuses whatever is wrong with it, by file, key and reason."""

from __future__ import annotations

import hashlib
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from core.checks.finding import Stage
from core.errors import StandardRefused
from core.standards.edition import (
    MARKS,
    Clause,
    Criterion,
    Edition,
    EventsRule,
    Mark,
    Period,
    Preference,
    Roster,
    Statement,
)
from core.standards.reading import CLAUSES_FILE, Table
from core.standards.rubric_reading import read_rubric
from core.standards.rule_reading import (
    Columns,
    Known,
    read_ref,
    read_rule,
    read_threshold,
    read_values,
)
from core.standards.rules import KINDS, STAGES, Judged, Kind, Rule, Title
from core.standards.threshold import Comparison, Threshold, Values

EDITIONS: Final = Path(__file__).parent / "editions"
EDITION_FILE: Final = "edition.toml"
SCORING_FILE: Final = "scoring.toml"
FILES: Final = (EDITION_FILE, CLAUSES_FILE, SCORING_FILE)
PERIOD_UNITS: Final = ("年", "月", "工作日")


@cache
def available() -> tuple[str, ...]:
    """The editions there are, oldest first (by year, then id)."""
    folders = [path for path in EDITIONS.iterdir() if (path / EDITION_FILE).is_file()]
    return tuple(path.name for path in sorted(folders, key=lambda path: (_year(path.name), path.name)))


def default() -> str:
    """The newest edition."""
    return available()[-1]


@cache
def load(standard_id: str) -> Edition:
    """One edition, read once. `StandardRefused` where there is none of that name or its files are wrong."""
    if standard_id not in available():
        raise StandardRefused(f"没有“{standard_id}”这一版标准（现有：{'、'.join(available())}）。")
    edition = load_folder(EDITIONS / standard_id, _columns())
    if edition.id != standard_id:
        raise StandardRefused(f"标准文件 {standard_id}/{EDITION_FILE} 的 standard.id：与文件夹的名称不同。")
    return edition


def load_folder(folder: Path, columns: Columns) -> Edition:
    """An edition from any folder; `columns` are the columns there are, by sheet."""
    parts = {name: _bytes(folder / name) for name in FILES}
    top, clauses, scoring = (Table(_toml(part, name), name) for name, part in parts.items())
    sha256 = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts.values())).hexdigest()
    return build(top, clauses, scoring, columns, sha256)


def build(top: Table, clause_file: Table, scoring: Table, columns: Columns, sha256: str) -> Edition:
    """An edition from the tables of its files."""
    clauses = _clauses(clause_file)
    known = _known(top, columns)
    head = top.table("standard")
    events = top.table("events")
    roster = top.table("roster")
    titles = _titles(top, known)
    attendance = read_ref(events, "attendance", known)
    whole = read_ref(roster, "whole", known)
    events_column = read_ref(events, "column", known)
    known = Known(known.columns, known.comparisons, titles, whole, events_column)
    preferences = top.keyed("preference", lambda table: _preference(table, known, clauses))
    edition = Edition(
        id=head.text("id"),
        name=head.text("name"),
        year=head.whole("year"),
        issuer=head.text("issuer"),
        source=head.text("source"),
        note=head.text("note"),
        checked_on=head.day("checked_on"),
        sha256=sha256,
        criteria=tuple(top.keyed("criterion", lambda table: _criterion(table, known, clauses)).values()),
        clauses=clauses,
        titles=titles,
        roster=Roster(
            read_ref(roster, "code", known),
            read_ref(roster, "name", known),
            read_ref(roster, "titles", known),
            whole,
        ),
        events=EventsRule(events_column, attendance, _whole(events, read_threshold(events, known))),
        items=top.table("items").lists(),
        preferences=tuple(preferences.values()),
        periods=top.keyed("period", lambda table: _period(table, clauses)),
        list_rules=top.keyed("list_rule", lambda table: _statement(table, clauses)),
        settings=top.keyed("setting", lambda table: _statement(table, clauses)),
        later=top.keyed("later", lambda table: _statement(table, None)),
        rubric=read_rubric(scoring, known, clauses, preferences),
    )
    for table in (head, events, roster, top):
        table.done()
    _prove_used_by(clause_file, edition)
    return edition


def _year(standard_id: str) -> int:
    head = _toml(_bytes(EDITIONS / standard_id / EDITION_FILE), EDITION_FILE).get("standard", {})
    return int(head.get("year", 0)) if isinstance(head, dict) else 0


def _columns() -> Columns:
    from sheets_schema.schema import load as load_schema

    return {sheet.name: {column.name for column in sheet.columns} for sheet in load_schema().sheets}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise StandardRefused(f"标准文件 {path.name}：打不开（{error.strerror}）。") from error


def _toml(content: bytes, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode(), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardRefused(f"标准文件 {file}：不是正确的 TOML（{error}）。") from error


def _known(top: Table, columns: Columns) -> Known:
    table = top.table("comparisons")
    signs: dict[str, Comparison] = {}
    for sign in (">=", ">", "<="):
        for words in table.texts(sign):
            if words in signs:
                table.refuse(sign, f"“{words}”已经写在别的符号下")
            signs[words] = sign
    table.done()
    return Known(columns, signs)


def _titles(top: Table, known: Known) -> tuple[Title, ...]:
    made = []
    for table in top.tables("title"):
        name, column, weight = table.text("name"), read_ref(table, "column", known), read_values(table)
        table.done()
        made.append(Title(name, column, weight))
        if len({one.name for one in made}) != len(made):
            table.refuse("name", f"“{name}”重复")
    return tuple(made)


def _criterion(table: Table, known: Known, clauses: dict[str, Clause]) -> Criterion:
    kinds = cast(tuple[Kind, ...], table.some_of("kinds", KINDS))
    rules: dict[tuple[Kind, Stage], Rule] = {}
    for row in table.tables("rule"):
        of = cast(tuple[Kind, ...], row.some_of("kinds", kinds)) if row.has("kinds") else kinds
        stages = cast(tuple[Stage, ...], row.some_of("stages", STAGES))
        rule = read_rule(row, known)
        for kind in of:
            for stage in stages:
                if (kind, stage) in rules:
                    row.refuse("stages", f"{kind}、{stage} 已经有一条判断方式")
                rules[kind, stage] = rule
        if isinstance(rule, Judged):
            for item in rule.items:
                if item.clause not in clauses:
                    row.refuse("items", f"{CLAUSES_FILE} 里没有“{item.clause}”这一条")
    for kind in kinds:
        if not any((kind, stage) in rules for stage in STAGES):
            table.refuse("rule", f"没有说 {kind} 怎样判断")
    short = table.text("short")
    if not 2 <= len(short) <= 4:
        table.refuse("short", "应当是二至四个字")
    return Criterion(table.text("code"), table.text("name"), short, table.clause(clauses), kinds, rules)


def _whole(table: Table, threshold: Threshold) -> Threshold:
    if any(one.value != one.value.to_integral_value() for one in threshold.values.dated):
        table.refuse("values", "应当是整数")
    return threshold


def _preference(table: Table, known: Known, clauses: dict[str, Clause]) -> Preference:
    return Preference(
        table.text("code"),
        table.clause(clauses),
        read_ref(table, "column", known),
        table.text("option"),
        table.text("text"),
    )


def _period(table: Table, clauses: dict[str, Clause]) -> Period:
    values: Values = read_values(table)
    if any(one.value != one.value.to_integral_value() or not one.value for one in values.dated):
        table.refuse("values", "应当是大于零的整数")
    return Period(
        table.text("code"),
        table.text("name"),
        table.clause(clauses),
        table.one_of("unit", PERIOD_UNITS),
        values,
    )


def _statement(table: Table, clauses: dict[str, Clause] | None) -> Statement:
    clause = None if clauses is None else table.clause(clauses)
    return Statement(table.text("code"), table.text("text"), clause)


def _clauses(file: Table) -> dict[str, Clause]:
    found: dict[str, Clause] = {}
    for table in file.tables("clause"):
        mark = cast(Mark, table.one_of("mark", MARKS))
        used_by = table.texts("used_by") if table.has("used_by") else ()
        if (mark == "rule") != bool(used_by):
            table.refuse("used_by", "规则要写明由什么执行，职责和原则不写")
        clause = Clause(table.text("number"), table.text("heading"), table.text("gist"), mark, used_by)
        if clause.number in found:
            table.refuse("number", f"“{clause.number}”重复")
        table.done()
        found[clause.number] = clause
    file.done()
    return found


def _prove_used_by(file: Table, edition: Edition) -> None:
    # `lifecycle:` names a period, or an event of the transition table, which is no part of an edition: a test proves it
    there = {
        "list": edition.list_rules,
        "setting": edition.settings,
        "preference": {one.code for one in edition.preferences},
        "scoring": edition.rubric.codes,
        "later": edition.later,
    }
    criteria = {one.code for one in edition.criteria}
    for clause in edition.clauses.values():
        for user in clause.used_by:
            prefix, mark, code = user.partition(":")
            if prefix == "lifecycle" and code:
                continue
            if not (code in there.get(prefix, ()) if mark else user in criteria):
                file.refuse(f"clause（{clause.number}）.used_by", f"没有“{user}”")
