"""The tables of cases: what happened to each, where it stands, notices and objections, what cities reported."""

from __future__ import annotations

import sqlalchemy as sa

from core.store.metadata import metadata

# One platform or base for its whole life. What it was called at the start; what became of it is in case_events.
cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("category", sa.String(32), nullable=False, server_default=""),
    sa.Column("city", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False, server_default=""),
    sa.Column("uscc", sa.String(32), nullable=False, server_default=""),
    # the edition whose periods hold for it
    sa.Column("standard_id", sa.String(64), nullable=False),
    # the round and the 创建申报 it began with; None for one that was there before the store
    sa.Column("round_id", sa.ForeignKey("rounds.id"), index=True),
    sa.Column("application_id", sa.ForeignKey("applications.id"), unique=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# What happened to a case, as it was entered: added to, never changed. `number` counts from 1 in each case.
case_events = sa.Table(
    "case_events",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("ledger_id", sa.Integer, nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    # an event of core/lifecycle, `opened` (a state taken over), or `voided` (takes an entry back)
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    # the place among entries of the same day: its own number, or that of the entry it replaces
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("voids", sa.Integer),
    sa.Column("document", sa.String(128), nullable=False, server_default=""),
    sa.Column("why", sa.Text, nullable=False, server_default=""),
    sa.Column("data", sa.JSON(none_as_null=True)),
    sqlite_with_rowid=False,
)

# Where each case stands: computed from case_events, so that a page need not replay; `shifan verify` compares.
standings = sa.Table(
    "standings",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("city", sa.String(32), nullable=False),
    # the position of the city in official order
    sa.Column("place", sa.Integer, nullable=False),
    # in the order of its characters' codes, as lists are, whatever language the database speaks
    sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("uscc", sa.String(32), nullable=False),
    sa.Column("round_id", sa.Integer),
    sa.Column("status", sa.String(32)),
    sa.Column("since", sa.Date),
    # what the present period counts from, its last day, and whether that rests on days not arranged yet
    sa.Column("start", sa.Date),
    sa.Column("deadline", sa.String(32), nullable=False, server_default=""),
    sa.Column("due", sa.Date),
    sa.Column("provisional", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("open_objections", sa.Integer, nullable=False, server_default="0"),
    # in their order, joined by a comma, with one at each end
    sa.Column("flags", sa.String(128), nullable=False, server_default=""),
    sa.Column("standard_sha256", sa.String(64), nullable=False),
    # with the status, so that pages far behind are found in the index alone
    sa.Index("ix_standings_order", "place", "name", "case_id", "status"),
    sa.Index("ix_standings_status", "status", "place", "name", "case_id"),
    # with what deadlines are counted by
    sa.Index("ix_standings_due", "due", "deadline", "provisional"),
)

# Every name and code that a case has ever had: what a city writes is matched with it, and search finds it.
case_names = sa.Table(
    "case_names",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("uscc", sa.String(32), primary_key=True),
    sa.Index("ix_case_names_name", "name"),
    sa.Index("ix_case_names_uscc", "uscc"),
)

# The figures at creation (附件2：与创建时相比), frozen when the case was confirmed as a creation object.
case_baselines = sa.Table(
    "case_baselines",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("application_id", sa.ForeignKey("applications.id"), nullable=False),
    sa.Column("standard_id", sa.String(64), nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
)

case_notes = sa.Table(
    "case_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("document", sa.String(128), nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
)

# A public notice (第七条（二）、（四）). Its last day follows from published, days and count_start on the calendar.
notices = sa.Table(
    "notices",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("round_id", sa.ForeignKey("rounds.id"), nullable=False, index=True),
    # creation, recognition
    sa.Column("stage", sa.String(16), nullable=False),
    sa.Column("published", sa.Date, nullable=False),
    sa.Column("signed", sa.Date, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("count_start", sa.Boolean, nullable=False),
    # telephone, address and mailbox for objections, as the text of the notice gives them
    sa.Column("contact", sa.JSON, nullable=False),
    # SHA-256 of the frozen list
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("ledger_id", sa.Integer, nullable=False),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# The list of a notice as it was published: never changed.
notice_entries = sa.Table(
    "notice_entries",
    metadata,
    sa.Column("notice_id", sa.ForeignKey("notices.id"), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("division_code", sa.String(16), nullable=False),
    sa.Column("city", sa.String(32), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
)

objections = sa.Table(
    "objections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("notice_id", sa.ForeignKey("notices.id"), nullable=False, index=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    # 异议编号, as people cite it
    sa.Column("number", sa.String(32), nullable=False, unique=True),
    # named, unit, anonymous
    sa.Column("source", sa.String(16), nullable=False),
    sa.Column("from_name", sa.Text, nullable=False, server_default=""),
    sa.Column("contact", sa.Text, nullable=False, server_default=""),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("postmarked", sa.Date),
    sa.Column("received", sa.Date, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False, server_default=""),
    sa.Column("investigator", sa.String(64), nullable=False, server_default=""),
    # its entry in case_events; None where the case had been decided before it came
    sa.Column("filed_number", sa.Integer),
    # '' while open, upheld, unfounded
    sa.Column("finding", sa.String(16), nullable=False, server_default=""),
    sa.Column("finding_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Column("resolved", sa.Date),
    sa.Column("resolved_number", sa.Integer),
    sa.Column("who", sa.String(64), nullable=False),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)

# Rows of 变更报告 as each intake brought them (第十一条); those of a city's effective intake count.
change_reports = sa.Table(
    "change_reports",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("intake_id", sa.ForeignKey("intakes.id"), nullable=False, index=True),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("change", sa.String(16), nullable=False),
    sa.Column("occurred", sa.Date, nullable=False),
    sa.Column("reported", sa.Date, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    # 保留, 撤销
    sa.Column("opinion", sa.String(16), nullable=False),
)

# Private addresses of the calendar of deadlines: the token itself is shown once and not kept.
feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    # the filters of the page it was made on, as its address says them
    sa.Column("query", sa.Text, nullable=False, server_default=""),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("ended_at", sa.DateTime),
)
