"""Opening the database: SQLite in a file by default, PostgreSQL by URL; one code path above it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from core.errors import Refused

BUSY_SECONDS = 15
_decode: Final = json.JSONDecoder().raw_decode


def open_engines(url: str) -> tuple[sa.Engine, sa.Engine]:
    """The engine to write with and the one to read with.

    On SQLite the first begins each transaction with BEGIN IMMEDIATE: a read followed by a write in one
    transaction otherwise loses updates without an error. Readers never wait for it (WAL).
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise Refused("SHIFAN_DATABASE_URL 写得不对，应如 postgresql+psycopg://用户:口令@主机/库名。") from None
    if parsed.get_backend_name() == "postgresql":
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        return engine, engine
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise Refused("只支持 SQLite 文件或 PostgreSQL，请检查 SHIFAN_DATABASE_URL。")
    Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "json_deserializer": _read_json}
    writer, reader = (sa.create_engine(parsed, **options) for _ in range(2))
    for engine in (writer, reader):
        sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(writer, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    sa.event.listen(reader, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return writer, reader


def _read_json(text: str) -> Any:
    """`json.loads`, in half the time for the small texts that the store keeps: they have no blanks around them."""
    value, end = _decode(text)
    return value if end == len(text) else json.loads(text)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the listeners above begin transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
