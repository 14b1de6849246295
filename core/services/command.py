"""What the command line does in one go, where the app lets a person look first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.errors import Refused
from core.services.intake import Outcome, take_in
from core.services.intake_sources import folder_books, round_context
from core.services.judging import rejudge_where_stale
from core.services.online_sync import sync
from core.services.rounds import open_round
from core.store.tables import rounds

ONLINE = "google"


def round_of_year(app: App, year: int | None) -> int:
    """The round of a year, or the newest; Refused where there is none."""
    query = sa.select(rounds.c.id).order_by(rounds.c.year.desc())
    if year is not None:
        query = query.where(rounds.c.year == year)
    with app.reader.connect() as connection:
        found = connection.execute(query.limit(1)).scalar()
    if found is None:
        raise Refused(f"还没有{f'{year}年度' if year else ''}轮次。请先在工作台“年度轮次”中建立。")
    return int(found)


def take_in_online(app: App, actor: Actor, year: int | None) -> tuple[list[str], bool]:
    """Synchronises the online sheets of a round. Gives the lines to print, and whether any data is wrong."""
    rejudge_where_stale(app)
    round_id = round_of_year(app, year)
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    done = sync(app, actor, round_id, trigger="command")
    assert done is not None  # asked for by a person, not by the clock
    lines = [f"{context.settings.year}年度 在线表格", *_told(done.outcomes), *done.problems, done.sentence]
    return lines, bool(done.problems) or any(not each.ok or each.errors for each in done.outcomes)


def take_in_folder(app: App, actor: Actor, folder: Path, year: int | None) -> tuple[list[str], bool]:
    """Takes in every workbook of a folder and writes the feedback back.

    A named year that has no round yet gets one with the newest standard and nothing else set, so that the
    command works on a new store. Gives the lines to print, and whether any data is wrong.
    """
    if not folder.is_dir():
        raise Refused(f"{folder}：找不到这个文件夹。")
    rejudge_where_stale(app)
    try:
        round_id = round_of_year(app, year)
    except Refused:
        round_id = open_round(app, actor, year=year or _year_of(folder), folder=str(folder.resolve()))
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
    entries = [each.entry for each in folder_books(app, context, folder)]
    refused = [each.sentence for each in entries if each.level == "error"]
    outcomes = take_in(app, actor, round_id, folder=folder)
    lines = [f"{context.settings.year}年度 {folder}"]
    lines += [*_told(outcomes), *refused]
    wrong = bool(refused) or any(not each.ok or each.errors for each in outcomes)
    done = sum(each.ok for each in outcomes)
    left = len(outcomes) - done + len(refused)
    lines.append(f"共 {done + left} 个工作簿，受理 {done} 个，不能受理 {left} 个。")
    return lines, wrong


def _told(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for each in outcomes:
        yield each.sentence
        if each.feedback_sentence:
            yield f"  {each.feedback_sentence}"


def _year_of(folder: Path) -> int:
    """The year that most file names of a folder begin with."""
    years = Counter(name[:4] for path in folder.iterdir() if (name := path.name)[:4].isdigit())
    if not years:
        raise Refused(f"{folder}：文件名中看不出年度，请用 --round 写明。")
    return int(years.most_common(1)[0][0])
