"""What can be looked at in the cases of a store: each stands where its entries lead, and no entry is not as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import sqlalchemy as sa

from core.bootstrap import App
from core.errors import Refused
from core.lifecycle.entries import Entry, fold
from core.lifecycle.replay import Stopped
from core.lifecycle.table import load
from core.services.case_files import CaseFile, bare_files, case_files, events_digest
from core.services.counting import Lives, standing_overrides
from core.services.notice_rows import notice_problems
from core.services.objection_rows import FILED, RESOLVED
from core.services.projection import names_of, standing_row
from core.standards import loader
from core.store.tables import case_events, case_names, notices, objections, standings
from core.upkeep.checks import Looked
from core.upkeep.rows import stream
from core.upkeep.vouched import Vouched
from core.working_days.calendar import Calendar
from core.working_days.periods import long_day

_COLUMNS: Final = tuple(column.name for column in standings.columns)
# what other data of the program moves; the server computes it again at its next start
_COUNTED: Final = {"due", "provisional", "standard_sha256"}
_ENTRIES: Final = Vouched(case_events, ("case_id", "number"), "events", "events_sha256", events_digest, name="办理经过")
_UNREADABLE: Final = (Refused, KeyError, TypeError, ValueError, AttributeError)


def histories(_app: App, connection: sa.Connection) -> Looked:
    """Every history holds by its own, and leads to what `standings` and `case_names` have of it."""
    looked = Looked()
    counting = Lives(Calendar(standing_overrides(connection)))
    stands = _InStep(stream(connection, sa.select(standings).order_by(standings.c.case_id)))
    names = _InStep(stream(connection, sa.select(case_names).order_by(case_names.c.case_id)))
    for file in bare_files(connection):
        looked.count += 1
        beside = (stands.of(file.id), names.of(file.id))
        try:
            looked.problems += _broken(file, counting)
            looked.problems += _astray(file, counting, *beside)
        except _UNREADABLE:
            looked.problems.append(f"{_called(file)}的办理经过读不出来")
    return looked


def entries(_app: App, connection: sa.Connection) -> Looked:
    """Every entry of a case is as the ledger has it; none is missing or strange."""
    return _ENTRIES.looked(connection)


def public_notices(_app: App, connection: sa.Connection) -> Looked:
    """Notices are as they were published, and each objection points at the entries of its case that it is."""
    looked = Looked()
    looked.count = connection.execute(sa.select(sa.func.count()).select_from(notices)).scalar_one()
    looked.problems += [each.rstrip("。") for each in notice_problems(connection)]
    filed = sa.select(objections).order_by(objections.c.case_id, objections.c.id)
    rows = list(stream(connection, filed))
    looked.count += len(rows)
    files = {file.id: file for file in case_files(connection, [row.case_id for row in rows])}
    for row in rows:
        looked.problems += _misplaced(row, files[row.case_id])
    looked.problems += _unpointed(connection)
    return looked


class _InStep:
    """Rows by case, read along with the cases themselves."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._groups = groupby(rows, itemgetter(0))
        self._number: int
        self._number, self._rows = next(self._groups, _NO_MORE)

    def of(self, case_id: int) -> list[Any]:
        """The rows of a case; to be asked for in the order of numbers."""
        while self._number and self._number < case_id:
            self._number, self._rows = next(self._groups, _NO_MORE)
        return list(self._rows) if self._number == case_id else []


_NO_MORE: Final[tuple[int, Iterator[Any]]] = (0, iter(()))


def _called(file: CaseFile) -> str:
    return f"第 {file.id} 号对象“{file.first.name}”"


def _broken(file: CaseFile, counting: Lives) -> Iterator[str]:
    """Gaps in the numbers, and what the table does not allow."""
    numbers = [one.number for one in file.entries]
    missing = sorted(set(range(1, max(numbers, default=1) + 1)) - set(numbers))
    if missing:
        yield f"{_called(file)}的办理经过第 {'、'.join(map(str, missing))} 条不在了"
    state = fold(counting.of(file.standard_id), file.counted())
    if isinstance(state, Stopped):
        entry = next(one for one in file.entries if one.number == state.problem.index + 1)
        event = f"{long_day(entry.day)}的“{load().events[entry.type]}”（第 {entry.number} 条）"
        yield f"{_called(file)}{event}不成立：{state.problem.sentence.rstrip('。')}"


def _astray(file: CaseFile, counting: Lives, stands: Sequence[Any], names: Sequence[Any]) -> Iterator[str]:
    """What is kept beside the history and is not what it leads to."""
    if not stands:
        yield f"表 standings 没有{_called(file)}"
    for held in stands:
        yield from _differing(file, held, standing_row(file, counting))
    if {(row.name, row.uscc) for row in names} != {(row["name"], row["uscc"]) for row in names_of(file)}:
        yield f"表 case_names 的{_called(file)}与办理经过不符"


def _differing(file: CaseFile, held: Any, meant: Mapping[str, Any]) -> Iterator[str]:
    wrong = [name for name, value in zip(_COLUMNS, held, strict=True) if value != meant[name]]
    if not wrong:
        return
    if held.standard_sha256 not in {loader.load(each).sha256 for each in loader.available()}:
        wrong = [name for name in wrong if name not in _COUNTED]
    if wrong:
        told = "，".join(f"{name} 是{_shown(getattr(held, name))}、应为{_shown(meant[name])}" for name in wrong)
        hint = "（升级程序后还没有启动过服务的，启动一次即可）" if set(wrong) <= _COUNTED else ""
        yield f"表 standings 的{_called(file)}与办理经过不符：{told}{hint}"


def _shown(value: object) -> str:
    return "空" if value is None or value == "" else f"“{value}”"


def _misplaced(row: Any, file: CaseFile) -> Iterator[str]:
    """What an objection says of its entries, and they do not say of it."""
    counted = {one.number: one for one in file.counted()}
    filed = row.filed_number is None or _is(counted.get(row.filed_number), FILED, row.id)
    if row.filed_number is not None and row.finding == "voided":
        filed = row.filed_number not in counted
    if not filed:
        yield f"{row.number}的登记（第 {row.filed_number} 条）与{_called(file)}的办理经过不符"
    found = counted.get(row.resolved_number or 0)
    if row.resolved_number is not None and not (
        _is(found, RESOLVED, row.id) and found is not None and found.upheld == (row.finding == "upheld")
    ):
        yield f"{row.number}的核查结论（第 {row.resolved_number} 条）与{_called(file)}的办理经过不符"


def _is(entry: Entry | None, type_: str, objection_id: int) -> bool:
    return entry is not None and entry.type == type_ and entry.data.get("objection_id") == objection_id


def _unpointed(connection: sa.Connection) -> Iterator[str]:
    """Entries of objections that stand, and no objection says are its own."""
    table, later = case_events, case_events.alias()
    voided = sa.exists().where(later.c.case_id == table.c.case_id, later.c.voids == table.c.number)
    pointers = {FILED: objections.c.filed_number, RESOLVED: objections.c.resolved_number}
    its_own = sa.or_(*(sa.and_(table.c.type == type_, column == table.c.number) for type_, column in pointers.items()))
    query = sa.select(table.c.case_id, table.c.number).where(
        table.c.type.in_(pointers), ~voided, ~sa.exists().where(objections.c.case_id == table.c.case_id, its_own)
    )
    for row in stream(connection, query.order_by(table.c.case_id, table.c.number)):
        yield f"{_ENTRIES.places([row])}是异议的，没有哪件异议与它对应"
