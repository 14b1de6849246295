"""Triggers by which the database itself keeps tables append-only, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping

from alembic import op


def guard(tables: Mapping[str, tuple[str, ...]]) -> None:
    """Guards tables, given with the columns of their keys. On PostgreSQL `refuse_change()` must be there."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, key in tables.items():
        if not sqlite:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        same = " AND ".join(f"{column} = NEW.{column}" for column in key)
        # REPLACE deletes without asking the trigger of DELETE, so a row that is there is refused before it
        there = f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
        for act, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", there)):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table}{when} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
