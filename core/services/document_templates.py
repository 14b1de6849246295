"""Use cases of the documents' templates: the office may put its own in the place of ours, and go back any time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from core.bootstrap import App
from core.publication.documents.kinds import Kind
from core.publication.documents.template import template
from core.store.tables import document_templates


def template_of(app: App, kind: Kind) -> tuple[bytes, str]:
    """The template that a kind of document is made with, and its SHA-256; '' for ours."""
    with app.reader.connect() as connection:
        held = _standing(connection, kind.code)
    return (template(kind), "") if held is None else (app.snapshots.read(held.sha256), str(held.sha256))


def _standing(connection: sa.Connection, code: str) -> Any:
    """The office's own template of a kind; None where ours is used."""
    table = document_templates
    return connection.execute(sa.select(table).where(table.c.kind == code, table.c.ended_at.is_(None))).first()
