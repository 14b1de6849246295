"""The tables of the store. Times are Shanghai local time without a zone (core/clock.py)."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.case_tables import (
    case_baselines,
    case_events,
    case_names,
    case_notes,
    cases,
    change_reports,
    feeds,
    notice_entries,
    notices,
    objections,
    standings,
)
from core.store.metadata import metadata
from core.store.online_tables import book_sources, online_rounds, sync_leases, sync_runs
from core.store.publication_tables import document_templates, publication_files, publications, round_contacts
from core.store.scoring_tables import (
    assignments,
    experts,
    panel_members,
    recusals,
    score_books,
    score_drafts,
    score_entries,
    scoring_settings,
    selection_drafts,
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("unit", sa.String(128), nullable=False, server_default=""),
    sa.Column("password_hash", sa.String(255), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("must_change", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("created_at", sa.DateTime, nullable=False),
    # the last ledger entry this person had in front of them, and the one of the visit before
    sa.Column("seen_ledger_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("seen_before_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("seen_at", sa.DateTime),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("expires_at", sa.DateTime, nullable=False),
)

rounds = sa.Table(
    "rounds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("year", sa.Integer, nullable=False, unique=True),
    sa.Column("notice_number", sa.String(64), nullable=False, server_default=""),
    sa.Column("notice_date", sa.Date),
    sa.Column("standard_id", sa.String(64), nullable=False),
    sa.Column("deadline", sa.Date),
    # the day that 运营年限 and dated thresholds are judged on (第五条（一）1)
    sa.Column("reference_day", sa.Date),
    # None until somebody chooses: notices cannot be opened before that
    sa.Column("count_start", sa.Boolean),
    sa.Column("over_quota", sa.String(8), nullable=False, server_default="warn"),
    sa.Column("folder", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

recommenders = sa.Table(
    "recommenders",
    metadata,
    sa.Column("round_id", sa.ForeignKey("rounds.id"), primary_key=True),
    sa.Column("city", sa.String(32), primary_key=True),
    sa.Column("taking_part", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("quota", sa.Integer),
    sa.Column("contact", sa.String(128), nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

intakes = sa.Table(
    "intakes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False),
    sa.Column("city", sa.String(32), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("snapshot", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("taken_at", sa.DateTime, nullable=False),
    # effective, held (arrived after the deadline), undone, declined
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("errors", sa.JSON, nullable=False),
    # 编号 that stand in the workbook but whose row cannot be judged: not gone, their last version holds
    sa.Column("unjudged", sa.JSON, nullable=False),
    # '' (still to send), in_book, beside, unchanged
    sa.Column("feedback_way", sa.String(16), nullable=False, server_default=""),
    sa.Column("feedback_name", sa.Text, nullable=False, server_default=""),
    sa.Column("feedback_at", sa.DateTime),
    # SHA-256 of the workbook as last known with this content: after the feedback, or saved anew by the city;
    # '' where the feedback names cells of another version (still to send again)
    sa.Column("feedback_snapshot", sa.String(64), nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Index("ix_intakes_round_city", "round_id", "city"),
)

applications = sa.Table(
    "applications",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False),
    sa.Column("city", sa.String(32), nullable=False),
    sa.Column("key", sa.String(128), nullable=False),
    # a person's decision about a row that disappeared: '' , withdrawn, kept; and the intake it was decided on
    sa.Column("withdrawal", sa.String(16), nullable=False, server_default=""),
    sa.Column("withdrawal_intake_id", sa.Integer, nullable=False, server_default="0"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.UniqueConstraint("round_id", "city", "key", name="uq_applications_identity"),
)

# What each intake held of each application: added to, never changed.
submissions = sa.Table(
    "submissions",
    metadata,
    sa.Column("intake_id", sa.ForeignKey("intakes.id"), primary_key=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), primary_key=True, index=True),
    sa.Column("record", sa.JSON, nullable=False),
)

verified_values = sa.Table(
    "verified_values",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("sheet", sa.String(32), nullable=False),
    sa.Column("column", sa.String(64), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
)

determinations = sa.Table(
    "determinations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("criterion", sa.String(64), nullable=False),
    # one condition of a criterion that has several (第五条), else ''
    sa.Column("item", sa.String(32), nullable=False, server_default=""),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

# One line each time an application was judged with another result than before; the newest counts.
assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False, index=True),
    sa.Column("ledger_id", sa.Integer, nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("standard_id", sa.String(64), nullable=False),
    sa.Column("standard_sha256", sa.String(64), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("verdict", sa.String(8), nullable=False),
    sa.Column("findings", sa.JSON, nullable=False),
    sa.Column("errors", sa.JSON, nullable=False),
    sa.Column("flips", sa.JSON, nullable=False),
)

# Days that an official document makes rest or working days, whatever the library says. Ended, never removed.
calendar_overrides = sa.Table(
    "calendar_overrides",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    # rest, work
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    # at most one standing a day
    sa.Index(
        "uq_calendar_overrides_standing",
        "day",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("account_id", sa.Integer),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("action", sa.String(64), nullable=False, index=True),
    sa.Column("round_id", sa.Integer),
    sa.Column("subject_kind", sa.String(32), nullable=False),
    sa.Column("subject_id", sa.String(64), nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("based_on", sa.Integer),
    sa.Column("program", sa.String(32), nullable=False),
    # SHA-256 over the entry and the hash before it: a changed or missing entry shows
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Index("ix_ledger_subject", "subject_kind", "subject_id"),
)

APPEND_ONLY = (
    "ledger",
    "submissions",
    "case_events",
    "case_baselines",
    "notice_entries",
    "change_reports",
    "score_entries",
    "publications",
    "publication_files",
)

__all__ = [
    "APPEND_ONLY",
    "accounts",
    "applications",
    "assessments",
    "assignments",
    "book_sources",
    "calendar_overrides",
    "case_baselines",
    "case_events",
    "case_names",
    "case_notes",
    "cases",
    "change_reports",
    "determinations",
    "document_templates",
    "experts",
    "feeds",
    "intakes",
    "ledger",
    "metadata",
    "notes",
    "notice_entries",
    "notices",
    "objections",
    "online_rounds",
    "panel_members",
    "publication_files",
    "publications",
    "recommenders",
    "recusals",
    "round_contacts",
    "rounds",
    "score_books",
    "score_drafts",
    "score_entries",
    "scoring_settings",
    "selection_drafts",
    "sessions",
    "standings",
    "submissions",
    "sync_leases",
    "sync_runs",
    "verified_values",
]
