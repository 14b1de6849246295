"""Read models of 推荐接收: where the workbook of each recommender stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.services.intake_books import QUOTA_TYPE
from core.services.intake_sources import FOLDER, ONLINE, Book, RoundContext, folder_books, round_context
from core.services.received import SUFFIX
from core.store.queries import held_applications, newest_intakes, text_of
from core.store.tables import intakes
from core.views.checks import facts
from core.views.sync_runs import SyncedBook, newest_synced

STATES: dict[str, str] = {
    "not_sent": "未报送",
    "ready": "待受理",
    "changed": "有新版本",
    "held": "逾期待定",
    "refused": "不能读取",
    "taken": "已受理",
}


@dataclass(frozen=True, slots=True)
class CityState:
    """Where one recommender stands.

    `recommended` counts 创建申报, which quotas are of; `sentence` says what is wrong or worth knowing.
    """

    city: str
    state: str
    sentence: str = ""
    file_name: str = ""
    modified: datetime | None = None
    open_elsewhere: bool = False
    intake_id: int | None = None
    intake_version: int | None = None
    held_id: int | None = None
    taken_at: datetime | None = None
    applications: int = 0
    recommended: int = 0
    errors: int = 0
    warnings: int = 0
    feedback_way: str = ""
    feedback_name: str = ""
    quota: int | None = None
    # what the newest book received is called as a file
    received_name: str = ""
    # folder, online; where an online sheet opens
    source: str = FOLDER
    link: str = ""

    @property
    def title(self) -> str:
        """The state in Chinese."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class FolderView:
    """The books of a round: a state for each recommender, and sentences about files that belong to none."""

    folder: str
    problem: str
    cities: tuple[CityState, ...]
    others: tuple[str, ...]

    def count(self, *states: str) -> int:
        """How many recommenders are in one of the states."""
        return sum(each.state in states for each in self.cities)


def folder_view(app: App, round_id: int) -> FolderView:
    """Looks at the folder (cheap: nothing is parsed) and at what was taken in. A missing folder is a `problem`.

    Of online sheets it tells what the newest synchronising saw: no page waits for the network.
    """
    with app.reader.connect() as connection:
        context = round_context(app, connection, round_id)
        newest = newest_intakes(connection, round_id)
        waiting = {
            row.city: row
            for row in connection.execute(
                sa.select(intakes).where(intakes.c.round_id == round_id, intakes.c.state == "held")
            )
        }
        held = [each for each in held_applications(connection, round_id) if each.withdrawal != "withdrawn"]
    counts = Counter(each.city for each in held)
    new = Counter(each.city for each in held if text_of(each, "申报类别") == QUOTA_TYPE)
    synced = newest_synced(app, round_id) if context.online else {}
    try:
        books, problem = folder_books(app, context), ""
    except Refused as refused:
        # nobody waits for a folder where all report online
        books, problem = [], "" if set(context.cities) <= set(context.online) else str(refused)
    by_city: dict[str, list[Book]] = {}
    for book in books:
        if book.entry.city and book.entry.city not in context.online:
            by_city.setdefault(book.entry.city, []).append(book)
    cities = tuple(
        _online(context, city, synced.get(city), newest.get(city), waiting.get(city), counts[city], new[city])
        if city in context.online
        else _state(context, city, by_city.get(city, []), newest.get(city), waiting.get(city), counts[city], new[city])
        for city in context.cities
    )
    chosen = {each.file_name for each in cities if each.source == FOLDER}
    others = tuple(book.entry.sentence for book in books if book.entry.sentence and book.entry.name not in chosen)
    return FolderView(context.settings.folder, problem, cities, others)


def intake_errors(app: App, intake_id: int) -> pd.DataFrame:
    """What was wrong in a workbook as taken in: 工作表, 单元格, 列, 级别 (error or warning), 问题, in sheet order."""
    with app.reader.connect() as connection:
        found = connection.execute(sa.select(intakes.c.errors).where(intakes.c.id == intake_id)).scalar() or []
    rows = [
        (each["sheet"] or "", each["cell"] or "", each["column"] or "", each["level"], each["message"])
        for each in found
    ]
    return pd.DataFrame(rows, columns=["工作表", "单元格", "列", "级别", "问题"])


def pending_withdrawals(app: App, round_id: int) -> pd.DataFrame:
    """Applications whose row disappeared and nobody has decided on: id, version, 地区, 编号, 名称."""
    with app.reader.connect() as connection:
        gone = [each for each in held_applications(connection, round_id) if each.withdrawal == "pending"]
    rows = [{"id": each.application_id, "version": each.version, **facts(each)} for each in gone]
    return pd.DataFrame(rows, columns=["id", "version", "地区", "编号", "名称", "运营主体", "申报类别"])


def _state(
    context: RoundContext,
    city: str,
    books: list[Book],
    newest: Any,
    waiting: Any,
    applications: int,
    recommended: int,
) -> CityState:
    readable = next((each for each in books if each.entry.readable), None)
    shown = readable.entry if readable else books[0].entry if books else None
    known = waiting or newest
    if readable is not None:
        state = "ready"
        if known is not None:
            same = readable.source.holds(readable.entry, (known.snapshot, known.feedback_snapshot))
            state = _resting(newest, waiting) if same else "changed"
    elif shown is not None and shown.level == "error":
        state = "refused"
    else:
        state = _resting(newest, waiting)
    return replace(
        _known(context, city, state, newest, waiting, applications, recommended),
        sentence=shown.sentence if shown and shown.state != "ok" else "",
        file_name=shown.name if shown else "",
        modified=shown.modified.replace(tzinfo=None) if shown and shown.modified else None,
        open_elsewhere=bool(readable and readable.entry.state == "open_elsewhere"),
    )


def _online(
    context: RoundContext,
    city: str,
    seen: SyncedBook | None,
    newest: Any,
    waiting: Any,
    applications: int,
    recommended: int,
) -> CityState:
    row, known = context.online[city], waiting or newest
    state, sentence = _resting(newest, waiting), ""
    if not row.spreadsheet_id:
        sentence = "在线表格还没有建立。"
    elif seen is None:
        sentence = "还没有同步过。"
    elif known is not None and known.id > seen.newest_intake:
        pass  # taken in since, after a comparison: the newest run knows less
    elif not seen.ok:
        state, sentence = "refused", seen.sentence
    elif not seen.sha256:
        sentence = seen.sentence
    elif known is None or seen.sha256 not in (known.snapshot, known.feedback_snapshot):
        state, sentence = "changed" if known else "ready", seen.sentence
    return replace(
        _known(context, city, state, newest, waiting, applications, recommended),
        sentence=sentence,
        file_name=row.title,
        modified=seen.at if seen else None,
        source=ONLINE,
        link=row.link,
    )


def _resting(newest: Any, waiting: Any) -> str:
    """The state of a recommender whose book says nothing new."""
    return "held" if waiting else "taken" if newest else "not_sent"


def _known(
    context: RoundContext, city: str, state: str, newest: Any, waiting: Any, applications: int, recommended: int
) -> CityState:
    """What the store knows of a recommender."""
    known = waiting or newest
    errors = Counter(error["level"] for error in known.errors) if known else Counter[str]()
    return CityState(
        city=city,
        state=state,
        intake_id=newest.id if newest else None,
        intake_version=newest.version if newest else None,
        held_id=waiting.id if waiting else None,
        taken_at=known.taken_at if known else None,
        applications=applications,
        recommended=recommended,
        errors=errors["error"],
        warnings=errors["warning"],
        feedback_way=newest.feedback_way if newest else "",
        feedback_name=newest.feedback_name if newest else "",
        received_name=known.file_name.removesuffix(SUFFIX) + SUFFIX if known else "",
        quota=context.quotas.get(city),
    )
