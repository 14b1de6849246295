"""What a publication is made of, as things are now: its list, what its document says, and the files of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App
from core.errors import Refused
from core.publication.documents.wording import bracketed
from core.publication.lists import PublicList
from core.services import documents, lists
from core.services.case_files import case_files
from core.services.counting import calendar
from core.services.document_facts import gathered
from core.services.document_templates import kind_of as document_kind
from core.services.notice_rows import frozen_entries, frozen_list, notice_name, opening, stage_of
from core.services.publication_rows import Place, kind_of
from core.store.queries import one
from core.store.tables import notices, rounds
from core.working_days.calendar import Due

_NO_NOTICE: Final = "没有这次公示，请回到列表重新选择。"


@dataclass(frozen=True, slots=True)
class Under:
    """The notice that a publication is of: its days, and whether it was taken back."""

    name: str
    published: date
    signed: date
    last: Due
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Content:
    """What would be made public. `empty`: why its list has no lines ('' if it has); `page`: where to get some."""

    place: Place
    round_id: int
    listed: PublicList
    standard_id: str
    empty: str
    page: str
    notice: Under | None

    @property
    def title(self) -> str:
        """What the list is called."""
        return self.listed.title

    def plain(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """As the store keeps it; `fields` is what a document was filled with, {} where there is none."""
        return {
            "list": self.listed.kind,
            "year": self.listed.year,
            "header": list(self.listed.header),
            "rows": [list(row) for row in self.listed.rows],
            "fields": dict(fields),
        }


@dataclass(frozen=True, slots=True)
class Papers:
    """The files of a publication, and what its document says of itself; without one what was given.

    `phones`: the office's own, which stand in the document.
    """

    title: str
    number: str
    signed: date | None
    fields: Mapping[str, Any]
    files: dict[str, bytes]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """The number and the day that were registered already; `problem`: why the document cannot be made as things are."""

    number: str
    signed: date | None
    problem: str
    warnings: tuple[str, ...]


def content(app: App, place: Place) -> Content:
    """What a publication would hold now. Refused for a kind, a round or a notice that there is not."""
    kind = kind_of(place.kind)
    with app.reader.connect() as connection:
        if kind.stage:
            return _of_notice(app, connection, place)
        if (place.round_id is None) == kind.rounds or place.notice_id is not None:
            per = "按年度轮次" if kind.rounds else "不分年度轮次"
            raise Refused(f"“{kind.name}”{per}公布，请刷新页面后重新选择。")
        number = _newest_round(connection) if place.round_id is None else place.round_id
    found = lists.listing(app, number, kind.listed)
    with app.reader.connect() as connection:
        held = one(connection, sa.select(rounds).where(rounds.c.id == number), "没有这个年度轮次。")
    # what is of no year is of a day, and says so
    listed = found.listed if place.round_id is not None else replace(found.listed, as_of=app.clock.today())
    return Content(place, number, listed, held.standard_id, found.empty, found.page, None)


def papers(app: App, actor: Actor, made: Content, *, number: str, signed: date | None, document: bool) -> Papers:
    """What is put on the website and on paper: the list in every form with its manifest, and its document.

    Refused where the document cannot be made, as `core.services.documents.build` says.
    """
    kind = kind_of(made.place.kind)
    written = lists.files_of(made.listed, lists.file_stem(made.listed.year, made.listed.kind))
    if not document or not kind.document:
        return Papers(made.title, bracketed(number), signed, {}, _described(app, actor, made, written), ())
    built = documents.build(
        app, kind.document, round_id=made.round_id, notice_id=made.place.notice_id, number=number, signed=signed
    )
    if built.rows != made.listed.rows:
        raise Refused("公文所附的名单与要公布的名单不一致，没有公布。请刷新页面后再办；仍不一致的，请联系管理员。")
    files = _described(app, actor, made, written | built.files)
    return Papers(built.title, built.number, built.signed, built.fields, files, built.phones)


def suggested(app: App, made: Content) -> Suggested:
    """What the form of a publication begins with, and what its document wants first."""
    kind = kind_of(made.place.kind)
    if not kind.document:
        return Suggested("", None, "", ())
    try:
        found = gathered(app, document_kind(kind.document), made.round_id, made.place.notice_id, None)
    except Refused as refused:
        return Suggested("", None, str(refused), ())
    return Suggested(bracketed(found.number), found.signed, "", found.warnings)


def _described(app: App, actor: Actor, made: Content, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files, and the manifest that holds them together."""
    at = app.clock.now().isoformat()
    return files | lists.described(app, made.round_id, made.listed, files, None, who=actor.name, at=at)


def _of_notice(app: App, connection: sa.Connection, place: Place) -> Content:
    """The list as the notice froze it; who was confirmed or left since changes nothing of it."""
    query = sa.select(notices, rounds.c.year, rounds.c.standard_id)
    held = one(connection, query.join(rounds).where(notices.c.id == place.notice_id), _NO_NOTICE)
    stage = stage_of(held.stage)
    if (kind_of(place.kind).stage, place.round_id) != (held.stage, held.round_id):
        raise Refused(_NO_NOTICE)
    entries = frozen_entries(connection, held.id)
    cases = case_files(connection, [each.case_id for each in entries])
    withdrawn = all(opening(file.counted(), held.id) is None for file in cases)
    last = calendar(app).last_day(held.published, held.days, held.count_start)
    name = notice_name(stage, held.year, held.published)
    under = Under(name, held.published, held.signed, last, withdrawn)
    listed = frozen_list(stage, held.year, entries)
    return Content(place, held.round_id, listed, held.standard_id, "", "notices", under)


def _newest_round(connection: sa.Connection) -> int:
    query = sa.select(rounds.c.id).order_by(rounds.c.year.desc()).limit(1)
    return int(one(connection, query, "还没有年度轮次。请先在“年度轮次”中建立。").id)
