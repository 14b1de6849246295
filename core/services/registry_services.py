"""What the registry tells of an object beside its life: the services of a platform, the leading industry of a base.

From the newest application taken in that says so (核定值 first), whichever case it is tied to (core/services/basis).
What was submitted never changes: the cells that are needed are read once a process, for records are long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.records import APPLICANTS, with_verified
from core.services.basis import FIRST, resting_on
from core.services.case_files import CaseFile, in_batches
from core.services.matching import Wanted, match
from core.standards import loader
from core.store.queries import HeldVersion, held_versions, standing_verified
from core.store.tables import rounds, submissions

# the cells that are read: which application it is, whose, and what it tells
_APPLICATION: Final = (APPLICANTS, "申报类别")
_KIND: Final = (APPLICANTS, "类型")
_NAME: Final = (APPLICANTS, "平台（基地）名称")
_CODE: Final = (APPLICANTS, "统一社会信用代码")
_SERVICES: Final = ("平台指标", "服务内容")
_INDUSTRY: Final = ("基地指标", "主导产业名称")
_READ: Final = (_APPLICATION, _KIND, _NAME, _CODE, _SERVICES, _INDUSTRY)
_VALUE: Final = 3  # the place of a cell's value in a record (core/records)
_COUNTED: Final = ("", "kept")  # what became of a row: one that disappeared waits for a person to decide on it
_STREAMED: Final = 50  # records held at a time
Cells = Mapping[tuple[str, str], Any]
Known = dict[tuple[int, int], Cells]


@dataclass(frozen=True, slots=True)
class Told:
    """`services`: items of 附件1, in its order. `industry`: as the base calls it. Empty where nothing is told."""

    services: tuple[str, ...] = ()
    industry: str = ""


def told_of(
    connection: sa.Connection, files: Sequence[CaseFile], known: Known, known_by: datetime | None = None
) -> Mapping[int, Told]:
    """What the applications of some cases tell, by number of case; `known_by`: as they were held at that moment.

    `known`: what has been read of submissions before, by intake and application; what is read now is added.
    """
    opened = {file.application_id: file.id for file in files if file.application_id is not None}
    used = {number: case for number, (case, _) in resting_on(files).items()}
    wanted = {file.id for file in files}
    found: dict[int, Told] = {}
    years = sa.select(rounds.c.id, rounds.c.standard_id).order_by(rounds.c.year)
    for round_ in connection.execute(years).all():
        items = [item for each in loader.load(round_.standard_id).items.values() for item in each]
        held = [each for each in held_versions(connection, round_.id, known_by=known_by) if each.withdrawal in _COUNTED]
        read = list(_cells(connection, held, known, known_by))
        told = zip(_cases(connection, held, read, opened, used), (_told(each, items) for each in read), strict=True)
        # a later one that says nothing, or nothing that can be read, takes nothing away
        found |= {case: each for case, each in told if case in wanted and each != Told()}
    return found


def _cases(
    connection: sa.Connection,
    held: Sequence[HeldVersion],
    read: Sequence[Cells],
    opened: Mapping[int, int],
    used: Mapping[int, int],
) -> list[int]:
    """The case of each application; 0 where it is of none. A 创建申报 is of the case that it opened."""
    found = [
        opened.get(each.application_id, 0) if cells[_APPLICATION] == FIRST else used.get(each.application_id)
        for each, cells in zip(held, read, strict=True)
    ]
    unknown = [place for place, case in enumerate(found) if case is None]
    asked = [
        Wanted(held[at].city, read[at][_NAME] or "", KINDS.get(read[at][_KIND] or "", ""), str(read[at][_CODE] or ""))
        for at in unknown
    ]
    for place, matched in zip(unknown, match(connection, asked), strict=True):
        found[place] = matched.case_id
    return [case or 0 for case in found]


def _told(cells: Cells, items: Sequence[str]) -> Told:
    listed, industry = cells[_SERVICES], cells[_INDUSTRY]
    services = tuple(one for one in items if one in listed) if isinstance(listed, list) else ()
    return Told(services, industry if isinstance(industry, str) else "")


def _cells(
    connection: sa.Connection, held: Sequence[HeldVersion], known: Known, known_by: datetime | None
) -> Iterator[Cells]:
    """The cells of each application that are read, with 核定值 in their places."""
    for some in in_batches(held):
        verified = standing_verified(connection, [each.application_id for each in some], known_by)
        keys = [(each.intake_id, each.application_id) for each in some]
        # a 核定值 can change how another cell is read: then the whole record is asked for
        whole = dict(_records(connection, [key for key in keys if key[1] in verified]))
        for key, record in _records(connection, [key for key in keys if key not in known and key not in whole]):
            known[key] = _of_record(record)
        for key in keys:
            if key in whole:
                values = {(row.sheet, row.column): row.value for row in verified[key[1]]}
                yield _of_record(with_verified(whole[key], values))
            else:
                yield known[key]


def _records(
    connection: sa.Connection, keys: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], dict[str, Any]]]:
    """The records of some versions, a few held at a time: with their rosters they are long."""
    if keys:
        table = submissions.c
        query = sa.select(submissions).where(sa.tuple_(table.intake_id, table.application_id).in_(keys))
        for row in connection.execute(query, execution_options={"yield_per": _STREAMED}):
            yield (row.intake_id, row.application_id), row.record


def _of_record(record: Mapping[str, Any]) -> Cells:
    found: dict[tuple[str, str], Any] = {}
    for where in _READ:
        lines = record["rows"].get(where[0]) or [{"fields": {}}]
        cell = lines[0]["fields"].get(where[1])
        found[where] = None if cell is None else cell[_VALUE]
    return found
