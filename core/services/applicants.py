"""Who each application is of: what ties it to a case. Asked of every round at once, so without the long records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.bootstrap import App
from core.records import APPLICANTS, with_verified
from core.services.case_files import in_batches
from core.store.queries import HeldVersion, held_versions, ledger_head, standing_verified
from core.store.tables import rounds, submissions

_TYPE: Final = "申报类别"
_STREAMED: Final = 50  # records held at a time: with their rosters they are long


@dataclass(frozen=True, slots=True)
class Applicant:
    """One held application. Texts as verified (核定值) where they are, '' where empty or wrong.

    `application` is its 申报类别, `number` its 编号, `kind` platform or base; `withdrawal` as in `Held`.
    """

    application_id: int
    round_id: int
    year: int
    city: str
    number: str
    name: str
    operator: str
    uscc: str
    kind: str
    application: str
    withdrawal: str


def applicants(app: App) -> tuple[Applicant, ...]:
    """The applications of every round, withdrawn ones too, oldest round first; remembered until the ledger grows."""
    with app.reader.connect() as connection:
        head = ledger_head(connection)
        held: tuple[int, tuple[Applicant, ...]] | None = app.remembered.get("applicants")
        if held is not None and held[0] == head:
            return held[1]
        found: list[Applicant] = []
        for row in connection.execute(sa.select(rounds.c.id, rounds.c.year).order_by(rounds.c.year)).all():
            found += _of_round(app, connection, row.id, row.year)
    app.remembered["applicants"] = (head, tuple(found))
    return tuple(found)


def _of_round(app: App, connection: sa.Connection, round_id: int, year: int) -> list[Applicant]:
    versions = held_versions(connection, round_id)
    lines = _lines(app, connection, versions)
    verified = {
        number: {(row.sheet, row.column): row.value for row in rows if row.sheet == APPLICANTS}
        for some in in_batches([each.application_id for each in versions])
        for number, rows in standing_verified(connection, some).items()
    }
    return [
        _applicant(
            each, round_id, year, _read(lines[each.intake_id, each.application_id], verified.get(each.application_id))
        )
        for each in versions
    ]


def _applicant(held: HeldVersion, round_id: int, year: int, texts: Mapping[str, str]) -> Applicant:
    return Applicant(
        held.application_id,
        round_id,
        year,
        held.city,
        texts.get("编号", held.key),
        texts.get("平台（基地）名称", ""),
        texts.get("运营主体", ""),
        texts.get("统一社会信用代码", ""),
        KINDS.get(texts.get("类型", ""), ""),
        texts.get(_TYPE, ""),
        held.withdrawal,
    )


def _lines(
    app: App, connection: sa.Connection, versions: Sequence[HeldVersion]
) -> Mapping[tuple[int, int], dict[str, Any]]:
    """The line of 推荐汇总表 of each version. What was submitted never changes: it is read once a process."""
    known: dict[tuple[int, int], dict[str, Any]] = app.remembered.setdefault("lines", {})
    missing = [each for each in versions if (each.intake_id, each.application_id) not in known]
    for some in in_batches(missing):
        query = sa.select(submissions).where(
            sa.tuple_(submissions.c.intake_id, submissions.c.application_id).in_(
                [(each.intake_id, each.application_id) for each in some]
            )
        )
        for row in connection.execute(query, execution_options={"yield_per": _STREAMED}):
            known[row.intake_id, row.application_id] = row.record["rows"][APPLICANTS][0]["fields"]
    return known


def _read(fields: dict[str, Any], verified: Mapping[tuple[str, str], str] | None) -> dict[str, str]:
    if verified:
        record = {"rows": {APPLICANTS: [{"row": 0, "key": "", "fields": fields}]}}
        fields = with_verified(record, verified)["rows"][APPLICANTS][0]["fields"]
    return {column: "" if written[3] is None else str(written[3]) for column, written in fields.items()}
