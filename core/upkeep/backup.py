"""Saves the store and the bytes received into one file, while others may go on working."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import FileRefused, Refused, system_reason
from core.intake.durable import settle
from core.store.schema import revision
from core.store.tables import ledger
from core.upkeep.archive import Manifest, TableOf, Writer, member_of
from core.upkeep.rows import lines_of, one_moment, saved_tables


@dataclass(frozen=True, slots=True)
class Saved:
    """A backup that was made. `left_out` says which bytes received could not be saved, and why."""

    file: Path
    size: int
    manifest: Manifest
    left_out: tuple[str, ...]


def backup(app: App, file: Path) -> Saved:
    """Writes a backup that only its owner may read. Raises Refused; a file that is there is never replaced.

    Passwords are in it as hashes, sign-ins are not. It is written beside its name and renamed when whole.
    """
    _refuse_taken(file)
    if not file.parent.is_dir():
        raise FileRefused(str(file), "folder", "找不到要存放的文件夹，没有备份。请先建好文件夹或挂上备份盘。")
    try:
        handle, name = tempfile.mkstemp(prefix=f"{file.name}.", suffix=".partial", dir=file.parent)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as opened:
                manifest, left_out = _write(app, opened)
                opened.flush()
                os.fsync(opened.fileno())
            _refuse_taken(file)
            partial.replace(file)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise FileRefused(str(file), "unwritable", f"没有备份成，{system_reason(error)}。") from error
    settle(file.parent)
    return Saved(file, file.stat().st_size, manifest, tuple(left_out))


def _refuse_taken(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise FileRefused(str(file), "taken", "文件已经存在，为免覆盖没有备份。请换一个文件名或先移走它。")


def _write(app: App, opened: IO[bytes]) -> tuple[Manifest, list[str]]:
    with Writer(opened) as writer:
        with one_moment(app) as connection:
            newest = sa.select(ledger.c.id, ledger.c.hash).order_by(ledger.c.id.desc()).limit(1)
            head = connection.execute(newest).first()
            if head is None:
                raise Refused("这里还没有任何数据，没有备份。请检查 SHIFAN_HOME 和 SHIFAN_DATABASE_URL 是否写对。")
            form = str(revision(connection))
            tables = tuple(_save(writer, connection, table) for table in saved_tables())
        # bytes are kept before the store refers to them: taken after the tables, none that they name is missing
        left_out = []
        for sha256 in app.snapshots.all():
            try:
                writer.snapshot(sha256, app.snapshots.read(sha256))
            except Refused as refused:
                left_out.append(str(refused))
        made_at = app.clock.now().isoformat()
        manifest = Manifest(app.program, made_at, form, head.id, head.hash, tables, writer.members)
        writer.manifest(manifest)
    return manifest, left_out


def _save(writer: Writer, connection: sa.Connection, table: sa.Table) -> TableOf:
    rows = writer.lines(member_of(table.name), lines_of(connection, table))
    return TableOf(table.name, tuple(table.columns.keys()), rows)
