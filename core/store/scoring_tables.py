"""The tables of scoring: what a round decided about it, who scores what, the sheets, and drafts of the selection."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.metadata import metadata

# What the round decided (core/scoring/settings_document). It can be changed until the first score is given.
scoring_settings = sa.Table(
    "scoring_settings",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
    # the document that decides it: 本年度工作方案
    sa.Column("document", sa.String(128), nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# People who score, over all rounds. Without an account they score by workbook.
experts = sa.Table(
    "experts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), unique=True),
    # what stands for the name where names are not shown
    sa.Column("code", sa.String(16), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    # where the person works and has posts, and what the person knows: lists of texts
    sa.Column("units", sa.JSON, nullable=False),
    sa.Column("city", sa.String(32), nullable=False, server_default=""),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# Who is asked to score in a round.
panel_members = sa.Table(
    "panel_members",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("expert_id", sa.ForeignKey("experts.id"), primary_key=True, index=True),
)

# What somebody decided about an expert and an application. Ended, never removed.
recusals = sa.Table(
    "recusals",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    sa.Column("expert_id", sa.ForeignKey("experts.id"), nullable=False, index=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    # declared (by the expert), pinned (by staff), set_aside (staff looked at a hint: there is no conflict)
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    # at most one of each kind standing for a pair
    sa.Index(
        "uq_recusals_standing",
        "application_id",
        "expert_id",
        "kind",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

# Who is to score what. Ended, never removed: its sheets stay with it.
assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("expert_id", sa.ForeignKey("experts.id"), nullable=False, index=True),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    # when the expert, at first sight, said that there is no conflict; before it no content is shown
    sa.Column("cleared_at", sa.DateTime),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("end_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    # at most one standing for a pair
    sa.Index(
        "uq_assignments_standing",
        "application_id",
        "expert_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

# What an expert has typed and not handed in. No act yet, so not in the ledger.
score_drafts = sa.Table(
    "score_drafts",
    metadata,
    sa.Column("assignment_id", sa.ForeignKey("assignments.id"), primary_key=True),
    # by indicator under "scores" (texts of numbers), "comments" and "counts"; what is not typed yet is not there
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# Sheets as they were handed in, and that they were opened again: added to, never changed. The newest entry holds.
score_entries = sa.Table(
    "score_entries",
    metadata,
    sa.Column("assignment_id", sa.ForeignKey("assignments.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    # submitted, reopened
    sa.Column("kind", sa.String(16), nullable=False),
    # as in score_drafts; {} where reopened
    sa.Column("content", sa.JSON, nullable=False),
    # app, workbook
    sa.Column("via", sa.String(16), nullable=False),
    sa.Column("why", sa.Text, nullable=False, server_default=""),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ledger_id", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Scoring workbooks as they came back from experts; the bytes are in the snapshots.
score_books = sa.Table(
    "score_books",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    sa.Column("expert_id", sa.ForeignKey("experts.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    # taken, undone
    sa.Column("state", sa.String(16), nullable=False),
    # what it changed: under "entries" by assignment the number of the entry that held before (0: none) and of its own,
    # under "recusals" by assignment the recusal that ended it, under "cleared" the assignments it was first seen by
    sa.Column("changed", sa.JSON, nullable=False),
    sa.Column("errors", sa.JSON, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# Proposals for the list that somebody works on; nothing holds before it is applied.
selection_drafts = sa.Table(
    "selection_drafts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    sa.Column("owner_id", sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    # by application: outcome, code of the reason, free words
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)
