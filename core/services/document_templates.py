"""Use cases of the documents' templates: the office may put its own in the place of ours, and go back any time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused, Stale
from core.publication.documents.kinds import Kind, words
from core.publication.documents.template import template
from core.services.accounts import required_reason
from core.services.template_reading import read_template
from core.services.uploads import called
from core.store.tables import document_templates, ledger
from core.store.unit import Entry, came_first


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """A template of the office's own that stands in the place of ours. `id` goes back with every act."""

    id: int
    file_name: str
    sha256: str
    who: str
    at: datetime


def kind_of(code: str) -> Kind:
    """A kind of document; Refused where there is none of that name."""
    kinds = words().kinds
    if code not in kinds:
        raise Refused(f"没有“{code}”这种发文。可以用的有：{'、'.join(kind.name for kind in kinds.values())}。")
    return kinds[code]


def own_template(app: App, kind: str) -> OwnTemplate | None:
    """The office's own template of a kind; None where ours is used."""
    with app.reader.connect() as connection:
        return _own(_standing(connection, kind_of(kind).code))


def template_of(app: App, kind: Kind) -> tuple[bytes, str]:
    """The template that a kind of document is made with, and its SHA-256; '' for ours."""
    own = own_template(app, kind.code)
    return (template(kind), "") if own is None else (app.snapshots.read(own.sha256), own.sha256)


def template_file(app: App, actor: Actor, kind: str, *, ours: bool = False) -> tuple[str, bytes]:
    """The template as a file, by name: the one in use, or `ours`. It holds nothing of the store."""
    actor.require(Permission.EXPORT_LISTS)
    held = kind_of(kind)
    return f"模板-{held.name}.docx", template(held) if ours else template_of(app, held)[0]


def replace_template(app: App, actor: Actor, kind: str, name: str, data: bytes, seen: int | None, why: str) -> None:
    """Puts an uploaded docx in the place of the template in use; `seen`: the id of the own one that was, None: ours.

    Refused with everything that is wrong with it, or where it is the one in use already; Stale where somebody else
    has replaced it meanwhile. Documents made before stay as they are.
    """
    actor.require(Permission.RUN_NOTICES)
    why = required_reason(why)
    held = kind_of(kind)
    file_name = called(name, "模板.docx")
    read_template(held, file_name, data)
    sha256 = app.snapshots.keep(data)
    table = document_templates
    with app.unit(actor) as unit:
        before = _claimed(unit.connection, held, seen)
        if before is not None and before.sha256 == sha256:
            raise Refused(f"{file_name}就是现在用的模板，无需更换。")
        if before is not None:
            unit.update_version(table, table.c.id == before.id, before.version, _subject(held), ended_at=unit.now)
        values = {"file_name": file_name, "sha256": sha256, "size": len(data)}
        unit.insert(table, kind=held.code, who=actor.name, at=unit.now, **values)
        what = f"更换“{held.name}”的模板：{file_name}"
        unit.record(Entry("template.replaced", *_subject(held), what, why, None, seen, values))


def restore_template(app: App, actor: Actor, kind: str, seen: int, why: str) -> None:
    """Goes back to our own template; the office's stays on record. Refused and Stale as for replacing."""
    actor.require(Permission.RUN_NOTICES)
    why = required_reason(why)
    held, table = kind_of(kind), document_templates
    with app.unit(actor) as unit:
        before = _claimed(unit.connection, held, seen)
        if before is None:
            raise Refused(f"“{held.name}”用的就是自带的模板，无需再改。")
        unit.update_version(table, table.c.id == before.id, before.version, _subject(held), ended_at=unit.now)
        what = f"“{held.name}”改回自带的模板，停用{before.file_name}"
        details = {"file_name": before.file_name, "sha256": before.sha256}
        unit.record(Entry("template.restored", *_subject(held), what, why, None, seen, details))


def _subject(kind: Kind) -> tuple[str, str, str]:
    return "template", kind.code, f"“{kind.name}”的模板"


def _claimed(connection: sa.Connection, kind: Kind, seen: int | None) -> Any:
    """The own template that stands, if it is the one that the person had in front of them."""
    held = _standing(connection, kind.code)
    if (None if held is None else held.id) != seen:
        raise _first(connection, kind)
    return held


def _first(connection: sa.Connection, kind: Kind) -> Stale:
    """Who was quicker."""
    theirs = sa.select(ledger.c.who, ledger.c.at).where(
        ledger.c.subject_kind == "template", ledger.c.subject_id == kind.code
    )
    return came_first(_subject(kind)[2], connection.execute(theirs.order_by(ledger.c.id.desc()).limit(1)).first())


def _standing(connection: sa.Connection, code: str) -> Any:
    table = document_templates
    return connection.execute(sa.select(table).where(table.c.kind == code, table.c.ended_at.is_(None))).first()


def _own(row: Any) -> OwnTemplate | None:
    return None if row is None else OwnTemplate(row.id, row.file_name, row.sha256, row.who, row.at)
