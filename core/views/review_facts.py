"""What an expert reads of an application: what was reported and verified, and how it was judged.

Who can be called there is not the expert's to know; nor is what staff wrote to each other while they checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from core.bootstrap import App
from core.records import MANY_ROW_SHEETS, ONE_ROW_SHEETS, shown
from core.store.queries import held_applications, standing_verified
from core.views.one import FindingView, application_view
from core.views.remembering import remember
from sheets_schema.schema import load

# persons and telephones, and free words that may hold them; the number of a row says nothing to an expert
HIDDEN: Final = ("编号", "联系人", "联系电话", "备注")
MATERIALS: Final = "申报材料"


@dataclass(frozen=True, slots=True)
class Figure:
    """One column: as reported, and as verified ('' where it was not)."""

    column: str
    reported: str
    verified: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How one criterion was judged."""

    name: str
    clause: str
    gist: str
    verdict: str
    value: str
    required: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows of a sheet that has many of them."""

    sheet: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """All of it; sheets and columns in the schema's order."""

    judgements: tuple[Judgement, ...]
    sheets: tuple[tuple[str, tuple[Figure, ...]], ...]
    lists: tuple[Listed, ...]


def review_facts(app: App, round_id: int, application_id: int) -> ReviewFacts:
    """What an expert reads of an application; whether the expert may is asked before."""
    findings = application_view(app, application_id).findings

    def ask(connection: sa.Connection) -> ReviewFacts:
        [held] = held_applications(connection, round_id, ids=[application_id])
        verified = {
            (row.sheet, row.column): row.value
            for row in standing_verified(connection, [application_id]).get(application_id, ())
        }
        rows = held.record["rows"]
        sheets, lists = [], []
        for sheet in load().sheets:
            names = tuple(each.name for each in sheet.columns if each.name not in HIDDEN)
            lines = rows.get(sheet.name, [])
            if sheet.name in ONE_ROW_SHEETS and lines:
                fields = lines[0]["fields"]
                figures = (
                    Figure(name, shown(fields.get(name)), verified.get((sheet.name, name), "")) for name in names
                )
                sheets.append((sheet.name, tuple(one for one in figures if one.reported or one.verified)))
            elif sheet.name in MANY_ROW_SHEETS and lines:
                texts = (tuple(shown(line["fields"].get(name)) for name in names) for line in lines)
                lists.append(Listed(sheet.name, names, tuple(texts)))
        return ReviewFacts(tuple(map(_judgement, findings)), tuple(sheets), tuple(lists))

    return remember(app, ("review facts", application_id), ask)


def _judgement(one: FindingView) -> Judgement:
    return Judgement(one.name, one.clause, one.gist, one.verdict, one.value, one.required)
