"""Read models of the yearly rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.services.contacts import RoundContact, held_contact
from core.standards.recommenders import recommenders as all_recommenders
from core.store import tables
from core.views.remembering import remember


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round's settings as stored; `reference_day` is the day in force (审核基准日), None where judging uses today."""

    id: int
    year: int
    notice_number: str
    notice_date: date | None
    standard_id: str
    deadline: date | None
    reference_day: date | None
    count_start: bool | None
    over_quota: str
    folder: str
    version: int

    @property
    def title(self) -> str:
        """`2026年度`."""
        return f"{self.year}年度"


def rounds(app: App) -> list[RoundView]:
    """All rounds, newest first."""

    def ask(connection: sa.Connection) -> list[RoundView]:
        found = connection.execute(sa.select(tables.rounds).order_by(tables.rounds.c.year.desc()))
        return [RoundView(**row._mapping) for row in found]

    return remember(app, ("rounds",), ask)


def newest_round_id(app: App) -> int | None:
    """The round of the latest year; None before the first."""
    found = rounds(app)
    return found[0].id if found else None


def round_view(app: App, round_id: int) -> RoundView:
    """One round; Refused where there is none."""
    for each in rounds(app):
        if each.id == round_id:
            return each
    raise Refused("没有这个年度轮次。")


def round_contact(app: App, round_id: int) -> RoundContact:
    """Whom one reaches about what a round publishes, with its version. Not remembered: people edit it."""
    with app.reader.connect() as connection:
        return held_contact(connection, round_id)


def recommenders_frame(app: App, round_id: int) -> pd.DataFrame:
    """推荐单位 in official order: columns 推荐单位, 参加, 推荐名额, 联系人, version. Not remembered: people edit it."""
    table = tables.recommenders
    with app.reader.connect() as connection:
        rows = {row.city: row for row in connection.execute(sa.select(table).where(table.c.round_id == round_id))}
    ordered = [rows[each.name] for each in all_recommenders() if each.name in rows]
    return pd.DataFrame(
        {
            "推荐单位": [row.city for row in ordered],
            "参加": [row.taking_part for row in ordered],
            "推荐名额": pd.array([row.quota for row in ordered], dtype="Int64"),
            "联系人": [row.contact for row in ordered],
            "version": [row.version for row in ordered],
        }
    )
