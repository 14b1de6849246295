"""What experts score: the 创建申报 of a round, each with its verdict and with what may tie an expert to it.

A record is long and never changes: what scoring needs of it is read once a process for each version of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.bootstrap import App
from core.records import APPLICANTS, with_verified
from core.scoring.recusal import Subject
from core.services.candidates import CREATION
from core.services.case_files import in_batches, places
from core.standards.rules import Kind
from core.store.queries import (
    HeldVersion,
    held_applications,
    held_versions,
    standing_determinations,
    standing_verified,
)
from core.store.tables import assessments, notes

BASES: Final = "基地建设与管理"  # the field of every base; that of a platform is its 服务内容
_SERVICES: Final = ("平台指标", "服务内容")
_REMARKS: Final = ("备注", "联系人")
PASS: Final = "pass"


@dataclass(frozen=True, slots=True)
class Scored:
    """A held 创建申报. `verdict` is that of its checks ('' before them), `subject` what recusal looks at."""

    subject: Subject
    key: str
    kind: Kind
    verdict: str

    @property
    def id(self) -> int:
        """The application's number in the store."""
        return self.subject.id

    @property
    def name(self) -> str:
        """平台（基地）名称."""
        return self.subject.name

    @property
    def city(self) -> str:
        """The recommender."""
        return self.subject.city or ""

    @property
    def eligible(self) -> bool:
        """Whether its checks are settled and it passes: only then is it scored (第七条（二）1)."""
        return self.verdict == PASS

    @property
    def order(self) -> tuple[int, str]:
        """Its place in official order (第八条)."""
        return places()[self.city][0], self.name


def scored(app: App, connection: sa.Connection, round_id: int, *, of: Sequence[int] | None = None) -> dict[int, Scored]:
    """The 创建申报 of a round by application, in official order; withdrawn and undecided ones are not among them.

    `of`: only these applications.
    """
    held = [each for each in held_versions(connection, round_id, ids=of) if each.withdrawal in ("", "kept")]
    ids = [each.application_id for each in held]
    verdicts = _verdicts(connection, ids)
    said = _said(connection, ids)
    found = []
    for each, (subject, creation, kind) in zip(held, _subjects(app, connection, round_id, held), strict=True):
        if creation:
            texts = dict(subject.texts) | said.get(each.application_id, {})
            verdict = verdicts.get(each.application_id, "")
            found.append(Scored(replace(subject, texts=texts), each.key, kind, verdict))
    return {each.id: each for each in sorted(found, key=lambda one: one.order)}


_Read = tuple[Subject, bool, Kind]


def _subjects(app: App, connection: sa.Connection, round_id: int, held: Sequence[HeldVersion]) -> list[_Read]:
    known: dict[tuple[Any, ...], _Read] = app.remembered.setdefault("subjects", {})
    verified = {
        number: rows
        for some in in_batches([each.application_id for each in held])
        for number, rows in standing_verified(connection, some).items()
    }
    keys = {
        each.application_id: (
            each.intake_id,
            each.application_id,
            *(row.id for row in verified.get(each.application_id, ())),
        )
        for each in held
    }
    missing = [number for number, key in keys.items() if key not in known]
    for some in in_batches(missing):
        for one in held_applications(connection, round_id, ids=some):
            values = {(row.sheet, row.column): row.value for row in verified.get(one.application_id, ())}
            record = with_verified(one.record, values) if values else one.record
            known[keys[one.application_id]] = _read(one.application_id, one.city, record)
    return [known[keys[each.application_id]] for each in held]


def _read(number: int, city: str, record: Mapping[str, Any]) -> _Read:
    rows = record["rows"]
    line = rows[APPLICANTS][0]["fields"]
    kind = KINDS[_text(line, "类型")]
    sheet, column = _SERVICES
    services = [_value(row["fields"], column) for row in rows.get(sheet, ())]
    fields = frozenset(one for some in services for one in some or ()) if kind == "platform" else frozenset({BASES})
    subject = Subject(
        number,
        _text(line, "平台（基地）名称"),
        _text(line, "运营主体"),
        city,
        fields,
        {column: text for column in _REMARKS if (text := _text(line, column))},
    )
    return subject, _text(line, "申报类别") == CREATION, kind


def _text(fields: Mapping[str, Any], column: str) -> str:
    value = _value(fields, column)
    return "" if value is None else str(value)


def _value(fields: Mapping[str, Any], column: str) -> Any:
    written = fields.get(column)
    return None if written is None else written[3]


def _verdicts(connection: sa.Connection, ids: Sequence[int]) -> dict[int, str]:
    """The verdict of the newest assessment of each, without its findings, which are long."""
    newest = sa.select(sa.func.max(assessments.c.id)).group_by(assessments.c.application_id)
    found: dict[int, str] = {}
    for some in in_batches(ids):
        query = sa.select(assessments.c.application_id, assessments.c.verdict).where(
            assessments.c.id.in_(newest.where(assessments.c.application_id.in_(some)))
        )
        found |= {row.application_id: row.verdict for row in connection.execute(query)}
    return found


def _said(connection: sa.Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """What staff wrote of each while they checked it: where an expert's name may turn up."""
    found: dict[int, dict[str, list[str]]] = {}

    def add(number: int, where: str, text: str) -> None:
        found.setdefault(number, {}).setdefault(where, []).append(text)

    for some in in_batches(ids):
        for row in connection.execute(
            sa.select(notes.c.application_id, notes.c.text).where(notes.c.application_id.in_(some))
        ):
            add(row.application_id, "经办备注", row.text)
        for rows in standing_verified(connection, some).values():
            for row in rows:
                add(row.application_id, f"{row.column}核定的理由和佐证", f"{row.reason} {row.evidence}")
        for rows in standing_determinations(connection, some).values():
            for row in rows:
                add(row.application_id, "人工认定的理由", row.reason)
    return {number: {where: " ".join(texts) for where, texts in by.items()} for number, by in found.items()}
