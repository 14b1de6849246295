"""The unit of work: one use case, one transaction, one ledger entry. Rolled back unless it ends well."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from core.accounts import Actor
from core.clock import Clock
from core.errors import Stale
from core.store.tables import ledger


@dataclass(frozen=True, slots=True)
class Entry:
    """What the ledger says of an act: `what` is a sentence for people, `details` the figures behind it."""

    action: str
    subject_kind: str
    subject_id: str | int
    subject: str
    what: str
    why: str = ""
    round_id: int | None = None
    based_on: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Unit:
    """An open unit of work. `ledger_id` is the number that its entry will have."""

    connection: sa.Connection
    actor: Actor
    now: datetime
    program: str
    ledger_id: int = 0
    _previous_hash: str = ""
    _recorded: bool = False

    def execute(self, statement: sa.Executable, rows: Any = None) -> sa.CursorResult[Any]:
        """Runs one statement inside the unit."""
        return self.connection.execute(statement, rows)

    def insert(self, table: sa.Table, **values: Any) -> int:
        """Adds one row and gives its id."""
        key = self.connection.execute(table.insert().values(**values)).inserted_primary_key
        return int(key[0]) if key else 0

    def update_version(
        self,
        table: sa.Table,
        where: sa.ColumnElement[bool],
        version: int,
        subject: tuple[str, str | int, str],
        part: str = "",
        **values: Any,
    ) -> None:
        """Changes one row if it still has the version that the person had in front of them.

        `subject` is the kind, id and name that the ledger knows it by; `part` the key in an entry's details where
        one entry tells of several rows. Raises Stale, which names who came first.
        """
        done = self.connection.execute(
            table.update().where(where, table.c.version == version).values(**values, version=table.c.version + 1)
        )
        if done.rowcount != 1:
            kind, number, name = subject
            query = sa.select(ledger.c.who, ledger.c.at, ledger.c.details).order_by(ledger.c.id.desc())
            theirs = query.where(ledger.c.subject_kind == kind, ledger.c.subject_id == str(number))
            # closed at once: half read, it would hold its connection's view of the store as long as somebody keeps
            # the refusal, and whoever wrote next on that connection would find the database locked
            with self.connection.execute(theirs) as entries:
                last = next((entry for entry in entries if not part or part in entry.details), None)
            raise came_first(name, last)

    def record(self, entry: Entry) -> int:
        """Writes the one ledger entry of this unit and gives its number."""
        if self._recorded:
            raise RuntimeError("one unit of work writes one ledger entry")
        row = {
            "id": self.ledger_id,
            "at": self.now,
            "account_id": self.actor.id,
            "who": self.actor.name,
            "role": self.actor.role.value,
            "action": entry.action,
            "round_id": entry.round_id,
            "subject_kind": entry.subject_kind,
            "subject_id": str(entry.subject_id),
            "subject": entry.subject,
            "what": entry.what,
            "details": dict(entry.details),
            "why": entry.why,
            "based_on": entry.based_on,
            "program": self.program,
        }
        self.connection.execute(ledger.insert().values(**row, hash=entry_hash(row, self._previous_hash)))
        self._recorded = True
        return self.ledger_id


def came_first(name: str, entry: Any) -> Stale:
    """What is raised where somebody else has changed a thing; `entry` is theirs in the ledger, None if unknown."""
    first = f"{entry.who}于{entry.at:%Y-%m-%d %H:%M}" if entry else "他人"
    return Stale(f"{name}已由{first}修改，您的改动没有写入。请刷新页面，核对后再办。")


def entry_hash(row: Mapping[str, Any], previous: str) -> str:
    """SHA-256 over an entry's columns and the hash of the entry before it."""
    plain = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}
    text = json.dumps([previous, plain], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def unit_of_work(writer: sa.Engine, clock: Clock, actor: Actor, program: str) -> Iterator[Unit]:
    """Opens a unit. It commits if the block ends and an entry was recorded; otherwise nothing happened."""
    with writer.begin() as connection:
        if writer.dialect.name == "postgresql":
            # SQLite's BEGIN IMMEDIATE lets one writer in at a time; this does the same for the ledger's chain
            connection.execute(sa.text("LOCK TABLE ledger IN EXCLUSIVE MODE"))
        last = connection.execute(sa.select(ledger.c.id, ledger.c.hash).order_by(ledger.c.id.desc()).limit(1)).first()
        unit = Unit(connection, actor, clock.now(), program)
        unit.ledger_id = 1 if last is None else last.id + 1
        unit._previous_hash = "" if last is None else last.hash
        yield unit
        if not unit._recorded:
            raise RuntimeError("a unit of work without a ledger entry")
