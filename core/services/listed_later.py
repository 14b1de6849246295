"""What becomes of objects once they are listed, as lists: renamed, reviewed, and all that there are (第九至十一条)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from core.lifecycle.entries import Entry, identities, reached
from core.lifecycle.table import load
from core.publication.lists import ListedObject
from core.services.case_files import CaseFile, places
from core.services.listed_asked import Answer, Asked
from core.services.looking_back import standings_of
from core.store.tables import case_events, standings

IN_FORCE: Final = ("recognized", "rectifying")
DECIDED: Final = "change_decided"
REVIEWED: Final = ("review_passed", "review_failed")


def renamed(asked: Asked) -> Answer:
    """Whom a decided change of the year gave another name or operator: a line for each such decision."""
    objects = [line for file, at, counted in _happened(asked, (DECIDED,)) for line in _renaming(file, at, counted)]
    source = f"是{asked.year}年同意更名、变更运营主体的，每次决定一行。"
    empty = f"{asked.year}年没有同意更名、变更运营主体的。在“创建对象”办理重大变更之后，会列在这里。"
    return Answer(objects, source, empty, "cases")


def review_results(asked: Asked) -> Answer:
    """Who was reviewed in the year, with the last result, in the words that are made public."""
    found: dict[int, ListedObject] = {}
    for file, at, counted in _happened(asked, REVIEWED):
        if result := _result(asked, file, at, counted):
            found[file.id] = asked.line(file, counted[at].day, (result,))
    empty = f"{asked.year}年还没有办理运行复核的。在“创建对象”登记复核结果之后，会列在这里。"
    return Answer(found.values(), f"是{asked.year}年办理运行复核的，复核过几次的列最近一次的结果。", empty, "cases")


def in_force(asked: Asked) -> Answer:
    """Everybody who is recognised or under rectification, whatever the round, by the name of the day."""
    table = standings.c
    query = sa.select(table.city, table.name, table.kind, table.operator).where(table.status.in_(IN_FORCE))
    with standings_of(asked.app, asked.as_of) as connection:
        rows = connection.execute(query).all()
    codes = {city: code for city, (_, code) in places().items()}
    objects = [ListedObject(codes[row.city], row.city, row.name, row.kind, row.operator) for row in rows]
    source = "是已认定、没有撤销的，包括在整改期内的，也包括存量建档的，不分年度，名称用现在的名称。"
    return Answer(objects, source, "还没有已认定的。存量对象可以在“存量建档”一次录入。", "cohort")


def _happened(asked: Asked, types: tuple[str, ...]) -> Iterator[tuple[CaseFile, int, list[Entry]]]:
    """The entries of some types and of the year that count: the case, the entry's place, and all that count."""
    query = sa.select(case_events.c.case_id).where(case_events.c.type.in_(types)).distinct()
    for file in asked.files(asked.connection.execute(query).scalars()):
        counted = asked.counted(file)
        for at, entry in enumerate(counted):
            if entry.type in types and entry.day.year == asked.year and entry.day <= asked.seen.day:
                yield file, at, counted


def _renaming(file: CaseFile, at: int, counted: list[Entry]) -> Iterator[ListedObject]:
    before, after = identities(file.first, counted[:at])[-1], identities(file.first, counted[: at + 1])[-1]
    if counted[at].keep and (before.name, before.operator) != (after.name, after.operator):
        code = places()[file.city][1]
        yield ListedObject(code, file.city, after.name, file.kind, after.operator, (before.name, before.operator))


def _result(asked: Asked, file: CaseFile, at: int, counted: list[Entry]) -> str:
    """What a review came to, in public words: the same event tells another thing in another status."""
    status = reached(asked.seen.lives.of(file.standard_id), counted[:at]).status
    rows = load().rows.get((status, counted[at].type), ())
    return next((row.public for row in rows), "")
