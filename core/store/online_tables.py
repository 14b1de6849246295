"""The tables of online sheets: which source a recommender's workbook has, and the diary of what was synchronised."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.metadata import metadata

# Where the workbook of a recommender stands; one without a row has it in the shared folder.
book_sources = sa.Table(
    "book_sources",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("city", sa.String(32), primary_key=True),
    # folder, online
    sa.Column("kind", sa.String(8), nullable=False, server_default="folder"),
    # what the service knows the spreadsheet by; '' until it is made or named
    sa.Column("spreadsheet_id", sa.String(128), nullable=False, server_default=""),
    sa.Column("title", sa.Text, nullable=False, server_default=""),
    sa.Column("link", sa.Text, nullable=False, server_default=""),
    # whom the spreadsheet is shared with as editor
    sa.Column("email", sa.String(254), nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# How a round uses online sheets: the folder that they are made in, and how often they are synchronised.
online_rounds = sa.Table(
    "online_rounds",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("drive_folder", sa.String(128), nullable=False, server_default=""),
    # every so many minutes; 0 is on demand only
    sa.Column("minutes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# The diary of synchronising. What was taken in stands in the ledger; this is when it was tried, and what came of it.
sync_runs = sa.Table(
    "sync_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    # demand, schedule, command
    sa.Column("trigger", sa.String(16), nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("started_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    # running, done, failed
    sa.Column("state", sa.String(16), nullable=False),
    # why it failed as a whole; '' where it did not
    sa.Column("sentence", sa.Text, nullable=False, server_default=""),
    # by recommender: what became of its spreadsheet
    sa.Column("books", sa.JSON, nullable=False),
    # requests, every try counted
    sa.Column("reads", sa.Integer, nullable=False, server_default="0"),
    sa.Column("writes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("drive", sa.Integer, nullable=False, server_default="0"),
    sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
)

# Who synchronises right now, over all processes; one that died holds it no longer than until its time is up.
sync_leases = sa.Table(
    "sync_leases",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("holder", sa.String(64), nullable=False),
    # seconds since 1970 by the machine's clock, not the day that the office works on
    sa.Column("until", sa.BigInteger, nullable=False),
)
