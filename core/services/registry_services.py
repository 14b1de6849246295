"""What the registry tells of an object beside its life: the services of a platform, the leading industry of a base.

From the newest application taken in that says so (核定值 first), whichever case it is tied to (core/services/basis).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from core.applications import KINDS
from core.records import with_verified
from core.services.basis import FIRST, resting_on
from core.services.case_files import CaseFile, in_batches
from core.services.matching import Wanted, match
from core.standards import loader
from core.store.queries import Held, held_applications, standing_verified, text_of
from core.store.tables import rounds

_SERVICES: Final = ("平台指标", "服务内容")
_INDUSTRY: Final = ("基地指标", "主导产业名称")
_COUNTED: Final = ("", "kept")  # what became of a row: one that disappeared waits for a person to decide on it


@dataclass(frozen=True, slots=True)
class Told:
    """`services`: items of 附件1, in its order. `industry`: as the base calls it. Empty where nothing is told."""

    services: tuple[str, ...] = ()
    industry: str = ""


def told_of(
    connection: sa.Connection, files: Sequence[CaseFile], known_by: datetime | None = None
) -> Mapping[int, Told]:
    """What the applications of some cases tell, by number of case; `known_by`: as they were held at that moment."""
    opened = {file.application_id: file.id for file in files if file.application_id is not None}
    used = {number: case for number, (case, _) in resting_on(files).items()}
    wanted = {file.id for file in files}
    found: dict[int, Told] = {}
    years = sa.select(rounds.c.id, rounds.c.standard_id).order_by(rounds.c.year)
    for round_ in connection.execute(years).all():
        items = [item for each in loader.load(round_.standard_id).items.values() for item in each]
        held = [
            each for each in held_applications(connection, round_.id, known_by=known_by) if each.withdrawal in _COUNTED
        ]
        cases = _cases(connection, held, opened, used)
        told = zip(cases, _told(connection, held, items, known_by), strict=True)
        # a later one that says nothing, or nothing that can be read, takes nothing away
        found |= {case: each for case, each in told if case in wanted and each != Told()}
    return found


def _cases(
    connection: sa.Connection, held: Sequence[Held], opened: Mapping[int, int], used: Mapping[int, int]
) -> list[int]:
    """The case of each application; 0 where it is of none. A 创建申报 is of the case that it opened."""
    asked = [
        Wanted(
            each.city,
            text_of(each, "平台（基地）名称"),
            KINDS.get(text_of(each, "类型"), ""),
            text_of(each, "统一社会信用代码"),
        )
        for each in held
    ]
    found = []
    for each, matched in zip(held, match(connection, asked), strict=True):
        number = each.application_id
        if text_of(each, "申报类别") == FIRST:
            found.append(opened.get(number, 0))
        else:
            found.append(used.get(number) or matched.case_id or 0)
    return found


def _told(
    connection: sa.Connection, held: Sequence[Held], items: Sequence[str], known_by: datetime | None
) -> Iterable[Told]:
    verified: dict[int, Sequence[Any]] = {}
    for some in in_batches([each.application_id for each in held]):
        verified |= standing_verified(connection, some, known_by)
    for each in held:
        values = {(row.sheet, row.column): row.value for row in verified.get(each.application_id, ())}
        record = with_verified(each.record, values) if values else each.record
        listed, industry = _value(record, _SERVICES), _value(record, _INDUSTRY)
        services = tuple(one for one in items if one in listed) if isinstance(listed, list) else ()
        yield Told(services, industry if isinstance(industry, str) else "")


def _value(record: Mapping[str, Any], where: tuple[str, str]) -> Any:
    """A value as the record keeps it; None where it is not there or wrong."""
    sheet, column = where
    lines = record["rows"].get(sheet) or [{"fields": {}}]
    written = lines[0]["fields"].get(column)
    return None if written is None else written[3]
