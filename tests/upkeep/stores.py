"""Stores with something in every table, and backups made over by hand."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.bootstrap import App, build
from core.clock import Clock
from core.settings import Settings
from core.store.tables import metadata
from core.upkeep.archive import MANIFEST
from core.upkeep.restore import restore
from core.upkeep.rows import UNSAVED
from core.upkeep.verify import verify
from tests.office import TODAY, Dump, Worlds, dump

Members = dict[str, bytes]
ODD = "虚构“引号”\\ \n第二行\u2028\t😀 é ' \" ％"


def fill(app: App) -> None:
    """Puts one made-up row into each table that has none, so that every column of the store is met."""
    with app.writer.begin() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one():
                continue
            serial = table.autoincrement_column
            values = {column.name: _made_up(connection, column) for column in table.columns if column is not serial}
            connection.execute(table.insert().values(values))


def _made_up(connection: sa.Connection, column: sa.Column[Any]) -> Any:
    for key in column.foreign_keys:
        return connection.execute(sa.select(sa.func.min(key.column))).scalar_one()
    if isinstance(column.type, sa.JSON):
        return {"数": [1, 0.1, 1e30, None, True, ""], ODD: ODD}
    if isinstance(column.type, sa.String):
        return ODD[: column.type.length]
    made: dict[type, Any] = {int: 1, bool: True, date: date(2028, 2, 29), datetime: datetime(2026, 5, 20, 7, 8)}  # noqa: DTZ001
    return made[column.type.python_type]


def settings_for(worlds: Worlds, backend: str, home: Path) -> Settings:
    """An empty place: a home that is not there yet, a database without tables."""
    settings = worlds.settings(backend, "", home)
    home.rmdir()
    return settings


def brought_back(worlds: Worlds, backend: str, file: Path, home: Path) -> App:
    """The program on a store that a backup was restored into; the caller closes it."""
    settings = settings_for(worlds, backend, home)
    restore(settings, file)
    return build(settings, Clock(TODAY))


def saved_part(app: App) -> Dump:
    """What a backup is to keep: every row of every table but the sign-ins and who synchronises."""
    return {name: rows for name, rows in dump(app).items() if name not in UNSAVED}


def kept(app: App) -> dict[str, bytes]:
    """The bytes received, by hash."""
    return {sha256: app.snapshots.read(sha256) for sha256 in app.snapshots.all()}


def members(file: Path) -> Members:
    """The members of a backup."""
    with zipfile.ZipFile(file) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def pack(file: Path, parts: Members) -> Path:
    """Writes a zip of these members."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return file


def made_over(file: Path, target: Path, change: Callable[[Members, dict[str, Any]], None]) -> Path:
    """A backup with other members or another manifest, whose hashes are right again."""
    parts = members(file)
    manifest = json.loads(parts.pop(MANIFEST))
    change(parts, manifest)
    manifest["members"] = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    return pack(target, parts | {MANIFEST: json.dumps(manifest).encode()})


def problems(app: App) -> list[str]:
    """Everything that is wrong with a store."""
    return [problem for result in verify(app) for problem in result.problems]
