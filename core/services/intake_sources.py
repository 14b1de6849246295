"""The books of a round: a round may have some recommenders in the shared folder and others on online sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.intake.folder_source import FolderSource
from core.intake.sentences import say
from core.intake.source import BookEntry, BookRead, Progress, Source
from core.standards import loader
from core.standards.edition import Edition
from core.standards.recommenders import recommenders as all_recommenders
from core.store.queries import one
from core.store.tables import book_sources, recommenders, rounds

ONLINE, FOLDER = "online", "folder"
NO_FOLDER = "本轮次还没有设置共享文件夹。请先在“年度轮次”中填写文件夹。"


@dataclass(frozen=True, slots=True)
class RoundContext:
    """What every step of an intake needs of its round, asked once. `online`: rows of book_sources, by recommender."""

    settings: Any
    edition: Edition
    as_of: date
    cities: tuple[str, ...]
    quotas: Mapping[str, int | None]
    online: Mapping[str, Any]

    @property
    def id(self) -> int:
        """The round's number."""
        return int(self.settings.id)


@dataclass(frozen=True, slots=True)
class Book:
    """One book as listed, and the source that it stands in."""

    source: Source
    entry: BookEntry


def round_context(app: App, connection: sa.Connection, round_id: int) -> RoundContext:
    """The round with its edition, its day of reference, its recommenders and their sources."""
    settings = one(connection, sa.select(rounds).where(rounds.c.id == round_id), "没有这个年度轮次。")
    rows = connection.execute(
        sa.select(recommenders).where(recommenders.c.round_id == round_id, recommenders.c.taking_part)
    )
    quotas = {row.city: row.quota for row in rows}
    cities = tuple(each.name for each in all_recommenders() if each.name in quotas)
    as_of = settings.reference_day or settings.deadline or app.clock.today()
    chosen = sa.select(book_sources).where(book_sources.c.round_id == round_id, book_sources.c.kind == ONLINE)
    online = {row.city: row for row in connection.execute(chosen) if row.city in quotas}
    return RoundContext(settings, loader.load(settings.standard_id), as_of, cities, quotas, online)


def folder_books(app: App, context: RoundContext, folder: Path | None = None) -> list[Book]:
    """The files of the round's folder (or of another), each with what is wrong with it.

    What lies there of a recommender with an online sheet is left alone and said so; in a round that is online
    altogether there need be no folder.
    """
    if folder is None and not context.settings.folder and set(context.cities) <= set(context.online):
        return []
    source = folder_source(app, context, folder)
    entries = source.books()
    if folder is None:
        entries = [
            replace(entry, state="other_source", sentence=_elsewhere(entry.name, entry.city))
            if entry.city in context.online and entry.readable
            else entry
            for entry in entries
        ]
    return [Book(source, entry) for entry in entries]


def online_books(app: App, context: RoundContext, cities: Sequence[str] | None = None) -> list[Book]:
    """The online sheets of the round, or those of some recommenders; asks the service which have changed."""
    if not any(row.spreadsheet_id and (cities is None or city in cities) for city, row in context.online.items()):
        return []
    source = online_source(app, context, cities)
    return [Book(source, entry) for entry in source.books()]


def all_books(app: App, context: RoundContext, cities: Sequence[str] | None = None) -> list[Book]:
    """The books of both sources. `cities` chooses whose online sheets are asked for."""
    return [*folder_books(app, context), *online_books(app, context, cities)]


def folder_source(app: App, context: RoundContext, folder: Path | None = None) -> FolderSource:
    """The round's folder, or another one. Raises Refused where none is set."""
    place = folder or (Path(context.settings.folder) if context.settings.folder else None)
    if place is None:
        raise Refused(NO_FOLDER)
    return FolderSource(place, context.settings.year, context.cities, app.remembered, app.lock)


def online_source(app: App, context: RoundContext, cities: Sequence[str] | None = None) -> Source:
    """The online sheets of the round, or those of some recommenders. Raises Refused where no key is there."""
    from core.intake.online.source import OnlineBook, OnlineSource  # brings a client with it: not for every start
    from core.services.online_access import online_client

    books = [
        OnlineBook(city, context.online[city].spreadsheet_id, context.online[city].title)
        for city in context.cities
        if city in context.online and context.online[city].spreadsheet_id and (cities is None or city in cities)
    ]
    return OnlineSource(
        online_client(app),
        books,
        context.settings.year,
        app.remembered,
        app.lock,
        clock=app.online_clock,
    )


def place_of(app: App, context: RoundContext, city: str, file_name: str) -> tuple[Source, str]:
    """Where the feedback of a recommender goes: its source, and what the source knows the book by."""
    row = context.online.get(city)
    if row is None:
        source = folder_source(app, context)
        found = [each.entry for each in folder_books(app, context) if each.entry.readable and each.entry.city == city]
        return source, found[0].key if found else str(source.folder / file_name)
    if not row.spreadsheet_id:
        raise Refused(f"{city}的在线表格还没有建立。请先在“在线表格”中建立。")
    return online_source(app, context), row.spreadsheet_id


def read(books: Sequence[Book], progress: Progress | None = None) -> list[BookRead]:
    """Reads books of any source, in the order given."""
    found: dict[int, BookRead] = {}
    sources = list({id(book.source): book.source for book in books}.values())
    for source in sources:
        at = [place for place, book in enumerate(books) if book.source is source]
        done = len(found)

        def tell(number: int, _total: int, name: str, done: int = done) -> None:
            if progress is not None:
                progress(done + number, len(books), name)

        found.update(zip(at, source.read([books[place].entry for place in at], tell), strict=True))
    return [found[place] for place in range(len(books))]


def _elsewhere(name: str, city: str | None) -> str:
    return f"{name}：{say('folder', 'other_source', city=city)}"
