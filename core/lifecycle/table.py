"""The transition table: what may happen in which status, and what it leads to. Read from `transitions.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeVar, cast

from core.accounts import Role
from core.errors import StandardRefused
from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("transitions.toml")
START: Final = "start"

Effect = Literal["", "notice", "file", "resolve", "report", "decide"]
EFFECTS: Final = ("", "notice", "file", "resolve", "report", "decide")
CONDITIONS: Final = ("upheld", "keep")
NEEDS: Final = ("occurred",)

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Status:
    """Where a case can stand. `deadline` is shown while it does; it is as long as `periods` of the edition together."""

    code: str
    name: str
    public: str
    ended: bool
    deadline: str
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table. `to` equals `source` where the status stays; `source` is None before the first event."""

    source: str | None
    event: str
    to: str
    when: tuple[tuple[str, bool], ...]
    clause: str
    who: tuple[Role, ...]
    given: tuple[str, ...]
    needs: tuple[str, ...]
    name: str
    public: str
    effect: Effect
    late_after: str
    after_deadline: bool
    settled: bool
    restarts: bool
    keeps_start: bool


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole table: statuses by code, names by code, and the rows by (status, event)."""

    statuses: Mapping[str, Status]
    events: Mapping[str, str]
    deadlines: Mapping[str, str]
    flags: Mapping[str, str]
    given: Mapping[str, str]
    rows: Mapping[tuple[str | None, str], tuple[Transition, ...]]

    def possible(self, status: str | None) -> tuple[str, ...]:
        """The events that the table has a row for in a status, in its order."""
        return tuple(dict.fromkeys(event for source, event in self.rows if source == status))


@cache
def load() -> Lifecycle:
    """The table of the file beside this one, read once."""
    return read(FILE.read_bytes())


def read(content: bytes) -> Lifecycle:
    """The table from the bytes of a file; `StandardRefused` names file, key and reason."""
    try:
        top = Table(tomllib.loads(content.decode(), parse_float=Decimal), FILE.name)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StandardRefused(f"标准文件 {FILE.name}：不是正确的 TOML（{error}）。") from error
    deadlines, flags, given, events = (
        _keyed(top, key, lambda table: table.text("name")) for key in ("deadline", "flag", "given", "event")
    )
    statuses = _keyed(top, "status", lambda table: _status(table, deadlines))
    rows: dict[tuple[str | None, str], tuple[Transition, ...]] = {}
    for table in top.tables("transition"):
        for row in _transitions(table, statuses, events, given):
            key = (row.source, row.event)
            others = rows.get(key, ())
            if any(not row.when or not one.when or row.when == one.when for one in others):
                table.refuse("event", f"“{row.source or START}”的“{row.event}”已经有一行")
            rows[key] = (*others, row)
        table.done()
    top.done()
    return Lifecycle(statuses, events, deadlines, flags, given, rows)


def _keyed(top: Table, key: str, read_one: Callable[[Table], One]) -> dict[str, One]:
    found: dict[str, One] = {}
    for table in top.tables(key):
        code = table.text("code")
        if code in found or code == START:
            table.refuse("code", f"“{code}”重复")
        found[code] = read_one(table)
        table.done()
    return found


def _status(table: Table, deadlines: Mapping[str, str]) -> Status:
    deadline = table.text("deadline", "")
    periods = table.texts("periods") if table.has("periods") else ()
    if deadline and deadline not in deadlines:
        table.refuse("deadline", f"没有“{deadline}”这个期限")
    if bool(deadline) != bool(periods):
        table.refuse("periods", "期限和它的长短要一起写")
    ended = table.flag("ended", default=False)
    if ended and deadline:
        table.refuse("deadline", "终结的状态没有期限")
    return Status(table.text("code"), table.text("name"), table.text("public"), ended, deadline, periods)


def _transitions(
    table: Table, statuses: Mapping[str, Status], events: Mapping[str, str], given: Mapping[str, str]
) -> list[Transition]:
    sources = _among(table, "from", (START, *statuses))
    one = Transition(
        source=None,
        event=table.one_of("event", tuple(events)),
        to=table.one_of("to", tuple(statuses)) if table.has("to") else "",
        when=_when(table),
        clause=table.text("clause"),
        who=tuple(Role(role) for role in _among(table, "who", tuple(Role))),
        given=_among(table, "given", tuple(given)),
        needs=_among(table, "needs", NEEDS) if table.has("needs") else (),
        name=table.text("name"),
        public=table.text("public", blank=True),
        effect=cast(Effect, table.one_of("effect", EFFECTS, "")),
        late_after=table.text("late_after", ""),
        after_deadline=table.flag("after_deadline", default=False),
        settled=table.flag("settled", default=False),
        restarts=table.flag("restarts", default=False),
        keeps_start=table.flag("keeps_start", default=False),
    )
    for source in sources:
        if source == START:
            if not one.to:
                table.refuse("to", "第一个事件要写明转到哪里")
            continue
        if statuses[source].ended:
            table.refuse("from", f"“{source}”是终结的状态，之后不能再办理")
        if one.after_deadline and not statuses[source].deadline:
            table.refuse("after_deadline", f"“{source}”没有期限")
    return [replace(one, source=None if source == START else source, to=one.to or source) for source in sources]


def _among(table: Table, key: str, options: tuple[str, ...]) -> tuple[str, ...]:
    found = table.texts(key)
    for one in found:
        if one not in options:
            table.refuse(key, f"“{one}”不在可用的值里（{'、'.join(options)}）")
    if not found:
        table.refuse(key, "至少要写一个")
    return found


def _when(table: Table) -> tuple[tuple[str, bool], ...]:
    if not table.has("when"):
        return ()
    inner = table.table("when")
    found = tuple((key, inner.flag(key, default=False)) for key in CONDITIONS if inner.has(key))
    inner.done()
    return found
