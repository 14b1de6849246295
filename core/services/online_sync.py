"""Synchronising online sheets: what has changed is taken in, and the answer goes back beside it (第七条（一）).

Taking in, differences, undoing and the deadline are those of 推荐接收; here stand when it runs and what its diary says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.intake.source import Progress
from core.services.intake import Outcome, answered, take_in_one
from core.services.intake_books import Preview, previews
from core.services.intake_sources import RoundContext, online_books, round_context
from core.services.online_access import online_client
from core.services.online_lease import lease, renewing
from core.store.tables import intakes, sync_runs

if TYPE_CHECKING:
    from core.intake.online.client import Spent

AT_ONCE = 4  # cities that are answered at the same time
NOTHING = "本轮次没有已建立的在线表格。请先在“在线表格”中选择哪些市用在线表格，并建立表格。"
BROKEN_OFF = "同步中途中断，没有完成。已受理的内容都在，下一次同步会接着办。"


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a run did: its number in the diary, a sentence about the whole, and the outcome by recommender.

    `problems` are sentences about sheets that could not even be asked for (deleted, not shared any more).
    """

    run_id: int
    sentence: str
    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...]


def sync(
    app: App,
    actor: Actor,
    round_id: int,
    *,
    trigger: str = "demand",
    cities: Sequence[str] | None = None,
    progress: Progress | None = None,
    due: Callable[[], bool] = lambda: True,
) -> SyncResult | None:
    """Reads the online sheets that have changed, takes them in and sends the feedback; one run at a time.

    `trigger` is a key of core.views.sync_runs.TRIGGERS. `due` is asked once nobody else can be at it: where it says
    no, nothing is done (None). Raises Refused where another run is going on, where there is nothing to synchronise,
    and where the service cannot be reached at all; the last is in the diary, too.
    """
    actor.require(Permission.TAKE_IN)
    with lease(app) as renew:
        if not due():
            return None
        with app.reader.connect() as connection:
            context = round_context(app, connection, round_id)
        if not any(row.spreadsheet_id for city, row in context.online.items() if cities is None or city in cities):
            raise Refused(NOTHING)
        run = _Run(app, round_id, _begin(app, actor, round_id, trigger))
        try:
            run.outcomes = _take_in(app, actor, context, cities, run, renewing(renew, progress))
        except Refused as refused:
            run.end("failed", str(refused))
            raise
        except BaseException:
            run.end("failed", BROKEN_OFF)
            raise
        return SyncResult(run.id, run.end("done", ""), tuple(run.outcomes), tuple(run.problems))


class _Run:
    """A run of the diary while it goes on."""

    def __init__(self, app: App, round_id: int, number: int) -> None:
        self.id, self._round_id, self._app = number, round_id, app
        self.outcomes: list[Outcome] = []
        self.problems: list[str] = []
        self.books: list[dict[str, Any]] = []
        self.client: Any = None
        self._before: Spent | None = None

    def connect(self) -> None:
        """From here on requests are counted. Raises Refused where no key is held."""
        self.client = online_client(self._app)
        self._before = self.client.spent

    def note(self, city: str, ok: bool, sentence: str, sha256: str = "", feedback: str = "") -> None:
        """What became of one online sheet."""
        noted = {"city": city, "ok": ok, "sha256": sha256, "sentence": sentence, "feedback": feedback}
        self.books.append(noted)

    def end(self, state: str, sentence: str) -> str:
        """Closes the run in the diary and gives the sentence about it."""
        spent = self._spent()
        good = sum(book["ok"] for book in self.books)
        told = sentence or f"同步完毕：{good} 个在线表格正常，{len(self.books) - good} 个有问题。"
        with self._app.writer.begin() as connection:
            # what is taken in later the run knows nothing of: told by number, for a clock may be put back
            newest = sa.select(sa.func.max(intakes.c.id)).where(intakes.c.round_id == self._round_id)
            known = {"newest_intake": connection.scalar(newest) or 0}
            books = [{**book, **known} for book in self.books]
            connection.execute(
                sync_runs.update()
                .where(sync_runs.c.id == self.id)
                .values(ended_at=self._app.clock.now(), state=state, sentence=told, books=books, **spent)
            )
        return told

    def _spent(self) -> Mapping[str, int]:
        if self._before is None:
            return {}
        before = asdict(self._before)
        return {name: count - before[name] for name, count in asdict(self.client.spent).items()}


def _begin(app: App, actor: Actor, round_id: int, trigger: str) -> int:
    """A new run. Whoever left one open is gone: the lease is ours."""
    with app.writer.begin() as connection:
        left = sync_runs.c.state == "running"
        connection.execute(
            sync_runs.update().where(left).values(state="failed", ended_at=app.clock.now(), sentence=BROKEN_OFF)
        )
        opened = sync_runs.insert().values(
            round_id=round_id,
            trigger=trigger,
            who=actor.name,
            started_at=app.clock.now(),
            state="running",
            books=[],
        )
        key = connection.execute(opened).inserted_primary_key
        return int(key[0]) if key else 0


def _take_in(
    app: App, actor: Actor, context: RoundContext, cities: Sequence[str] | None, run: _Run, progress: Progress
) -> list[Outcome]:
    run.connect()
    listed = online_books(app, context, cities)
    for book in listed:
        if not book.entry.readable:
            run.note(book.entry.city or "", False, book.entry.sentence)
            run.problems.append(book.entry.sentence)
    total = 2 * sum(book.entry.readable for book in listed)
    found = previews(app, context, listed, cities, lambda number, _total, name: progress(number, total, name))
    refused = _sent_back(app, context.id)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="online-answer") as pool:
        # while one city is answered over the network, the next is taken in
        begun: list[tuple[Preview, Future[Outcome]]] = []
        try:
            for seen in found:
                outcome = _left(seen) if seen.sha256 and refused.get(seen.city) == seen.sha256 else _empty(seen)
                done = outcome or take_in_one(app, actor, context, seen)
                begun.append((seen, pool.submit(answered, app, actor, context, seen, done)))
            outcomes = []
            for number, (seen, answering) in enumerate(begun, start=1):
                outcome = answering.result()
                progress(total // 2 + number, total, seen.file_name)
                sha256 = "" if _empty(seen) else seen.sha256  # nothing that could be taken in
                run.note(outcome.city, outcome.ok, outcome.sentence, sha256, outcome.feedback_sentence)
                outcomes.append(outcome)
        finally:
            pool.shutdown(cancel_futures=True)
    return outcomes


def _sent_back(app: App, round_id: int) -> dict[str, str]:
    """The content that people undid or declined, by recommender, where nothing came after it."""
    query = sa.select(intakes.c.city, intakes.c.state, intakes.c.snapshot).where(intakes.c.round_id == round_id)
    with app.reader.connect() as connection:
        newest = {row.city: row for row in connection.execute(query.order_by(intakes.c.id))}
    return {city: row.snapshot for city, row in newest.items() if row.state in ("undone", "declined")}


def _left(seen: Preview) -> Outcome:
    """By the clock, nothing that a person has sent back is taken in again."""
    sentence = (
        f"{seen.file_name}：内容与已撤销受理或不予受理的一致，同步时不再受理。市里改动后会照常受理；"
        "要受理现有内容，请在“推荐接收”中比较后受理。"
    )
    return Outcome(seen.city, True, sentence, seen.file_name, errors=seen.error_count)


def _empty(seen: Preview) -> Outcome | None:
    """A sheet that nobody has filled in yet reports nothing; one that was emptied withdraws nothing by the clock."""
    if seen.problem is not None or seen.records or seen.unjudged or seen.reports or seen.errors:
        return None
    sentence = f"{seen.file_name}：还没有填报。"
    if seen.based_on is not None:
        sentence = (
            f"{seen.file_name}：表格是空的，没有受理，已受理的内容仍然有效。"
            "如确实要全部撤回，请在“推荐接收”中比较后受理。"
        )
    return Outcome(seen.city, True, sentence, seen.file_name)
