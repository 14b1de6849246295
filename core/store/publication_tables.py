"""The tables of publication: what was made public and with which files, and the documents' templates."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.metadata import metadata

# Whom one reaches about what a round publishes, as its documents give it.
round_contacts = sa.Table(
    "round_contacts",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("unit", sa.String(128), nullable=False),
    sa.Column("phone", sa.String(128), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("mailbox", sa.String(128), nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# What was made public, as it was then: added to, never changed. A later one may stand in its place.
publications = sa.Table(
    "publications",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # a kind of document or of list (core/publication)
    sa.Column("kind", sa.String(32), nullable=False),
    # None for what is of no single round, as the list of all that are recognised
    sa.Column("round_id", sa.ForeignKey("rounds.id"), index=True),
    sa.Column("notice_id", sa.ForeignKey("notices.id"), index=True),
    sa.Column("title", sa.Text, nullable=False),
    # 发文字号, and where it was made public
    sa.Column("number", sa.String(128), nullable=False, server_default=""),
    sa.Column("place", sa.Text, nullable=False, server_default=""),
    sa.Column("published", sa.Date, nullable=False),
    sa.Column("signed", sa.Date),
    # the day whose state the data show
    sa.Column("as_of", sa.Date, nullable=False),
    # header and rows of the list and what the document's fields were filled with
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("data_sha256", sa.String(64), nullable=False),
    sa.Column("standard_id", sa.String(64), nullable=False),
    sa.Column("supersedes", sa.ForeignKey("publications.id"), unique=True),
    sa.Column("ledger_id", sa.Integer, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

# The files of a publication; their bytes are in the snapshots.
publication_files = sa.Table(
    "publication_files",
    metadata,
    sa.Column("publication_id", sa.ForeignKey("publications.id"), primary_key=True),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.Integer, nullable=False),
)

# Templates that the office put in the place of ours; the bytes are in the snapshots. Ended, never removed.
document_templates = sa.Table(
    "document_templates",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("file_name", sa.String(255), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    # at most one standing a kind of document
    sa.Index(
        "uq_document_templates_standing",
        "kind",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)
