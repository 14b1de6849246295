"""Alembic's entry: runs the migrations on the connection that core/store/schema.py hands over."""

from __future__ import annotations

from alembic import context

from core.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
