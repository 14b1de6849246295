"""The rounds of former years in the demo: opened, their workbooks in a folder of their own, taken in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from core.accounts import Actor
from core.bootstrap import App
from core.demo.fill import fill_many
from core.demo.invent import Book
from core.services.rounds import RecommenderChange, open_round, set_recommenders
from core.standards import loader
from core.store.tables import recommenders
from sheets_schema.template import build_template

_TOOK_PART = "（演示）当年推荐的单位"


def open_former(
    app: App,
    admin: Actor,
    year: int,
    quotas: Mapping[str, int | None],
    folder: Path,
    *,
    notice_number: str,
    notice_date: date,
    deadline: date,
    reference_day: date,
) -> int:
    """Opens the round of a former year for the recommenders in `quotas`."""
    made = open_round(
        app,
        admin,
        year=year,
        notice_number=notice_number,
        notice_date=min(notice_date, app.clock.today()),
        deadline=deadline,
        reference_day=reference_day,
        count_start=False,
        folder=str(folder),
    )
    set_taking_part(app, admin, made, quotas, _TOOK_PART)
    return made


def set_taking_part(app: App, admin: Actor, round_id: int, quotas: Mapping[str, int | None], why: str) -> None:
    """Sets who takes part and with which quota; who is not named takes no part."""
    with app.reader.connect() as connection:
        rows = list(connection.execute(recommenders.select().where(recommenders.c.round_id == round_id)))
    changes = [
        RecommenderChange(row.city, row.version, row.city in quotas, quotas.get(row.city), "演示联系人") for row in rows
    ]
    set_recommenders(app, admin, round_id, changes, why)


def send_former(app: App, books: Mapping[str, Book], folder: Path, reference_day: date) -> None:
    """Puts the filled workbooks of a former year into its folder."""
    folder.mkdir(parents=True)
    city, first = next(iter(books.items()))
    guide = loader.load(loader.default()).guide(reference_day)
    template = build_template(year=first.year, city=city, guide=guide, program_version=app.program)
    for book, data in zip(books.values(), fill_many(template, city, books.values()), strict=True):
        (folder / f"{book.year}-{book.city}.xlsx").write_bytes(data)
