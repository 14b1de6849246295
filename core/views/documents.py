"""Read models of 发文: what a document would say, what stands in its way, and the template it is made with."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.publication.documents.kinds import words
from core.services import documents
from core.services.document_facts import NotYet, gathered
from core.services.document_templates import OwnTemplate, kind_of, own_template
from core.services.documents import Document
from core.services.notice_rows import notice_name, stage_of
from core.store import tables
from core.views.remembering import remember

SHORT: Mapping[str, str] = {code: kind.short for code, kind in words().kinds.items()}


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """What the form of a document begins with. `notices`: those it can be of, newest first, at the end those
    taken back; {} where it is of none.

    `number` and `signed` are what was registered already. `refusal`: why it cannot be made, '' where it can; `page`
    is the address of the page where that is put right.
    """

    notices: Mapping[int, str]
    number: str
    signed: date | None
    refusal: str
    page: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as it would go out: `bodies` holds its text by file, without tables; `problems` what forbids it."""

    document: Document
    bodies: Mapping[str, str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a kind's templates: what it is, and whether a template must have it."""

    name: str
    meaning: str
    required: bool


def document_form(app: App, round_id: int, kind: str, notice_id: int | None, on: date | None = None) -> DocumentForm:
    """What to begin with; without `notice_id` the newest notice is meant. Remembered: callers change nothing in it."""
    held = kind_of(kind)

    def ask(connection: sa.Connection) -> DocumentForm:
        shown = _notices(connection, round_id, held.stage) if held.stage else {}
        meant = notice_id if notice_id in shown else next(iter(shown), None)
        if held.stage and meant is None:
            return DocumentForm({}, "", None, f"本年度还没有登记{held.name}。请先在“公示与异议”登记。", "notices")
        try:
            source = gathered(app, held, round_id, meant, on)
        except Refused as refused:
            return DocumentForm(shown, "", None, str(refused), refused.page if isinstance(refused, NotYet) else "")
        return DocumentForm(shown, source.number, source.signed, "", "")

    return remember(app, ("document-form", round_id, kind, notice_id, on, app.clock.today()), ask)


def document_preview(
    app: App,
    round_id: int,
    kind: str,
    *,
    notice_id: int | None = None,
    number: str = "",
    signed: date | None = None,
    on: date | None = None,
) -> Preview:
    """A document with what forbids it. Refused as `core.services.documents.build` says. Remembered."""

    def ask(_: sa.Connection) -> Preview:
        made = documents.build(
            app, kind, round_id=round_id, notice_id=notice_id, number=number, signed=signed, as_of=on
        )
        bodies = {name: _body(data) for name, data in made.files.items()}
        return Preview(made, bodies, tuple(str(each) for each in documents.problems(made)))

    return remember(app, ("document", round_id, kind, notice_id, number, signed, on, app.clock.today()), ask)


def template_in_use(app: App, kind: str) -> OwnTemplate | None:
    """The office's own template of a kind; None where ours is used."""
    return own_template(app, kind)


def template_fields(kind: str) -> tuple[FieldView, ...]:
    """The fields that a template of a kind must and may have; of its rows the columns."""
    held, said = kind_of(kind), words().fields
    found = [FieldView(name, said[name], name in held.required) for name in held.fields]
    rows = [FieldView(f"行.{column.field}", f"名单的“{column.head}”一列", True) for column in held.columns]
    return (*found, *rows)


def _notices(connection: sa.Connection, round_id: int, stage: str) -> dict[int, str]:
    query = sa.select(tables.notices, tables.rounds.c.year).join(tables.rounds)
    query = query.where(tables.notices.c.round_id == round_id, tables.notices.c.stage == stage)
    rows = connection.execute(query.order_by(tables.notices.c.id.desc())).all()
    gone = sa.select(tables.ledger.c.subject_id).where(tables.ledger.c.action == "notice.withdrawn")
    withdrawn = {int(number) for number in connection.execute(gone).scalars()}
    named = {row.id: notice_name(stage_of(row.stage), row.year, row.published) for row in rows}
    live = {number: name for number, name in named.items() if number not in withdrawn}
    return live | {number: f"{name}（已撤回）" for number, name in named.items() if number in withdrawn}


def _body(data: bytes) -> str:
    from docx import Document as Opened

    return "\n".join(paragraph.text for paragraph in Opened(io.BytesIO(data)).paragraphs)
