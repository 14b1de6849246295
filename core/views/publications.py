"""Read models of 公布: what was made public and what has become of it since, and what is still to be made public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.services.looking_back import look
from core.services.publication_content import Content, Suggested, content, suggested
from core.services.publication_rows import PUBLISHED, Place, files_of, kind_of, kind_of_stage
from core.standards import loader
from core.store import tables
from core.store.queries import one
from core.views.lists import listing
from core.views.notices import NoticeView, notice_view, notices_of
from core.views.publication_rows import NO_DIFFERENCE, Difference, difference
from core.views.remembering import remember
from core.working_days.periods import long_day

# how things stand with a publication, in the order in which people look at them
STATES: Final[Mapping[str, str]] = {
    "running": "公示中",
    "changed": "公布后有变化",
    "standing": "现行",
    "over": "公示期满",
    "withdrawn": "公示已撤回",
    "superseded": "已被替代",
}
_SUFFIXES: Final = ("docx", "xlsx", "csv")


@dataclass(frozen=True, slots=True)
class PublicationView:
    """A publication as it was made, and how it stands. `state` is one of STATES; `text` says it in a sentence.

    `supersedes`, `superseded_by`: numbers of publications, None for none. `difference`: what is not as it was made
    public; empty for a notice, whose list is frozen, and for what has been superseded. `why`: the reason given.
    """

    id: int
    kind: str
    kind_name: str
    round_id: int | None
    notice_id: int | None
    title: str
    number: str
    place: str
    published: date
    signed: date | None
    as_of: date
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    fields: Mapping[str, Any]
    data_sha256: str
    standard: str
    who: str
    at: datetime
    why: str
    supersedes: int | None
    superseded_by: int | None
    state: str
    text: str
    difference: Difference

    @property
    def of(self) -> Place:
        """What it is a publication of."""
        return Place(self.kind, self.round_id, self.notice_id)

    @property
    def stands(self) -> bool:
        """Whether no later one has taken its place."""
        return self.superseded_by is None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file of a publication. `problem`: why its bytes are not what they were; '' where they are."""

    name: str
    sha256: str
    size: int
    problem: str


@dataclass(frozen=True, slots=True)
class ToPublish:
    """What is still to be made public, or to be made public anew where `supersedes` names what stands.

    `text` says why; `urgent`: a notice runs whose list is not public. `called`: what it is, of which notice.
    """

    place: Place
    called: str
    text: str
    count: int
    supersedes: int | None = None
    urgent: bool = False


def publications(app: App, round_id: int, on: date | None = None) -> tuple[PublicationView, ...]:
    """The publications of a round and those of none, newest first; on a past day those known then."""
    found = (*of_round(app, round_id, on), *of_round(app, None, on))
    return tuple(sorted(found, key=lambda each: (each.published, each.id), reverse=True))


def of_round(app: App, round_id: int | None, on: date | None = None) -> tuple[PublicationView, ...]:
    """The publications of one round, or those of none, as they were added."""
    today = app.clock.today()

    def ask(connection: sa.Connection) -> tuple[PublicationView, ...]:
        table = tables.publications
        query = sa.select(table).where(table.c.round_id.is_not_distinct_from(round_id)).order_by(table.c.id)
        seen = look(app, connection, on)
        if seen.known_by is not None:
            query = query.where(table.c.at <= seen.known_by)
        return tuple(_view(app, connection, row, on) for row in connection.execute(query).all())

    return remember(app, ("publications", round_id, on, today), ask)


def publication_view(app: App, publication_id: int, on: date | None = None) -> PublicationView:
    """One publication, today or as it stood on a past day. Refused where there is none, or was none yet."""
    today = app.clock.today()

    def ask(connection: sa.Connection) -> PublicationView:
        table = tables.publications
        query = sa.select(table).where(table.c.id == publication_id)
        held = one(connection, query, "没有这次公布，请回到列表重新选择。")
        seen = look(app, connection, on)
        if seen.known_by is not None and held.at > seen.known_by:
            raise Refused(f"{long_day(seen.day)}还没有登记“{held.title}”的公布，请选择以后的日期。")
        return _view(app, connection, held, on)

    return remember(app, ("publication", publication_id, on, today), ask)


def files_view(app: App, publication_id: int) -> tuple[FileView, ...]:
    """The files of a publication, each looked at now: bytes may be lost behind the program's back."""
    with app.reader.connect() as connection:
        held = sorted(files_of(connection, publication_id), key=lambda each: (_rank(each.name), each.name))
    return tuple(FileView(each.name, each.sha256, each.size, _damage(app, each.sha256)) for each in held)


def to_publish(app: App, round_id: int) -> tuple[ToPublish, ...]:
    """What of a round is still to be made public, notices first. Remembered: callers change nothing in it."""
    key = ("to-publish", round_id, app.clock.today())
    return remember(app, key, lambda _: tuple(_to_publish(app, round_id)))


def running_elsewhere(app: App, round_id: int) -> tuple[NoticeView, ...]:
    """Notices of the other rounds that run while nothing has been registered of their publication, oldest first."""

    def ask(connection: sa.Connection) -> tuple[NoticeView, ...]:
        table, made = tables.notices, tables.publications
        query = sa.select(table.c.id).where(
            table.c.round_id != round_id, ~sa.exists().where(made.c.notice_id == table.c.id)
        )
        numbers = connection.execute(query.order_by(table.c.id)).scalars().all()
        return tuple(seen for each in numbers if (seen := notice_view(app, each)).state == "running")

    return remember(app, ("running-elsewhere", round_id, app.clock.today()), ask)


def publication_preview(app: App, place: Place) -> tuple[Content, Suggested]:
    """What a publication would hold now, and what its form begins with. Remembered: callers change nothing in it."""

    def ask(_: sa.Connection) -> tuple[Content, Suggested]:
        made = content(app, place)
        return made, suggested(app, made)

    return remember(app, ("publication-preview", place, app.clock.today()), ask)


def countdown(seen: NoticeView, today: date) -> str:
    """Where a running notice stands: `公示第 2 个工作日，还有 3 个，最后一日是……`."""
    counted = seen.counted
    done = sum(each <= today for each in counted.working_days)
    left = len(counted.working_days) - done
    unsure = "（暂定）" if counted.provisional else ""
    if today in counted.working_days:
        here = f"公示第 {done} 个工作日"
    else:
        here = f"公示已过 {done} 个工作日" if done else "公示首日，不计入公示期"
    rest = f"还有 {left} 个" if left else "今天是最后一日"
    return f"{here}，{rest}，最后一日是{long_day(counted.end)}{unsure}。"


def _view(app: App, connection: sa.Connection, row: Any, on: date | None) -> PublicationView:
    table = tables.publications
    later = connection.execute(sa.select(table.c.id, table.c.at, table.c.published).where(table.c.supersedes == row.id))
    after = later.first()
    known_by = look(app, connection, on).known_by
    if after is not None and known_by is not None and after.at > known_by:
        after = None
    why = sa.select(tables.ledger.c.why).where(tables.ledger.c.id == row.ledger_id)
    held = row.content
    differing = NO_DIFFERENCE
    if after is not None:
        state, text = "superseded", f"已由{long_day(after.published)}公布的替代，留着备查。"
    elif row.notice_id is not None:
        state, text = _of_notice(app, notice_view(app, row.notice_id, on), on)
    else:
        differing = _since(app, connection, row, on)
        state = "changed" if differing.count else "standing"
        then = "现在" if on is None else "那一天"
        text = f"公布以后，{differing.text}。" if differing.count else f"与{then}的名单一致。"
    return PublicationView(
        id=row.id,
        kind=row.kind,
        kind_name=PUBLISHED[row.kind].name,
        round_id=row.round_id,
        notice_id=row.notice_id,
        title=row.title,
        number=row.number,
        place=row.place,
        published=row.published,
        signed=row.signed,
        as_of=row.as_of,
        header=tuple(held["header"]),
        rows=tuple(tuple(each) for each in held["rows"]),
        fields=held["fields"],
        data_sha256=row.data_sha256,
        standard=loader.load(row.standard_id).name,
        who=row.who,
        at=row.at,
        why=connection.execute(why).scalar() or "",
        supersedes=row.supersedes,
        superseded_by=None if after is None else after.id,
        state=state,
        text=text,
        difference=differing,
    )


def _of_notice(app: App, seen: NoticeView, on: date | None) -> tuple[str, str]:
    """How the publication of a notice stands, and in words."""
    if seen.state == "withdrawn":
        return "withdrawn", "公示已经撤回，这次公布不再有效。网站上的请一并撤下。"
    today = on or app.clock.today()
    if today > seen.counted.end:
        return "over", f"公示期已满，最后一日是{long_day(seen.counted.end)}。"
    return "running", countdown(seen, today)


def _since(app: App, connection: sa.Connection, row: Any, on: date | None) -> Difference:
    """What of a list is not as it was made public."""
    held = row.content
    if row.round_id is None:
        newest = sa.select(tables.rounds.c.id).order_by(tables.rounds.c.year.desc()).limit(1)
        round_id = connection.execute(newest).scalar_one()
    else:
        round_id = row.round_id
    now = listing(app, round_id, kind_of(row.kind).listed, on).listed.rows
    return difference(held["header"], held["rows"], now)


def _to_publish(app: App, round_id: int) -> Iterator[ToPublish]:
    held = {each.of: each for each in of_round(app, round_id) if each.stands}
    for notice in notices_of(app, round_id):
        place = Place(kind_of_stage(notice.stage).code, round_id, notice.id)
        if notice.state == "withdrawn" or place in held:
            continue
        running = app.clock.today() <= notice.counted.end
        then = countdown(notice, app.clock.today()) if running else "公示期已满，还没有登记公布。"
        yield ToPublish(place, notice.name, then, len(notice.entries), urgent=running)
    for kind in PUBLISHED.values():
        if kind.stage or not kind.rounds:
            continue
        place = Place(kind.code, round_id)
        found = listing(app, round_id, kind.listed).listed.rows
        before = held.get(place)
        if before is None and found:
            yield ToPublish(place, kind.name, f"有 {len(found):,} 个，还没有公布。", len(found))
        elif before is not None and before.difference.count:
            text = f"公布以后，{before.difference.text}。"
            yield ToPublish(place, kind.name, text, len(found), supersedes=before.id)


def _rank(name: str) -> int:
    """Where a file stands among the others: documents first, the manifest last."""
    suffix = name.rpartition(".")[2]
    return _SUFFIXES.index(suffix) if suffix in _SUFFIXES else len(_SUFFIXES)


def _damage(app: App, sha256: str) -> str:
    try:
        app.snapshots.read(sha256)
    except Refused as refused:
        return str(refused)
    return ""


def choices(app: App, round_id: int) -> Sequence[tuple[Place, str]]:
    """Everything that can be made public of a round now, or of none, with what it is called."""
    found = [
        (Place(kind_of_stage(each.stage).code, round_id, each.id), each.name)
        for each in notices_of(app, round_id)
        if each.state != "withdrawn"
    ]
    lists_ = [each for each in PUBLISHED.values() if not each.stage]
    return [*found, *((Place(each.code, round_id if each.rounds else None), each.name) for each in lists_)]
