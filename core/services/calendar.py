"""Use cases of 工作日历: official overrides of working days, and the calendar that everything counts with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from core.accounts import Actor, Permission
from core.bootstrap import App
from core.errors import Refused
from core.services.accounts import required_reason
from core.services.arrangement import KINDS, DayOverride
from core.services.counting import Lives, standing_overrides
from core.services.projection import Moved, recount
from core.store.queries import one
from core.store.tables import calendar_overrides
from core.store.unit import Entry, Unit
from core.working_days.calendar import KNOWN_YEARS, SATURDAY, Calendar, Override
from core.working_days.periods import long_day
from core.working_days.statutory import statutory

FIRST_YEAR, LAST_YEAR = 2000, 2100
SUBJECT: Final = "工作日历"
NAMED: Final = 3  # days told by name in a sentence


@dataclass(frozen=True, slots=True)
class SetResult:
    """How many days were entered, how many ordinary days of a whole year were settled beside them, what moved."""

    entered: int
    settled: int
    moved: tuple[Moved, ...] = ()


def set_overrides(
    app: App, actor: Actor, rows: Sequence[DayOverride], why: str, *, whole_year: int | None = None
) -> SetResult:
    """Enters days of an official arrangement in one act: all of them or none, every objection told at once.

    `whole_year` says that `rows` are all that the arrangement of that year changes: its other days, provisional
    until now, are settled as Monday to Friday under the same document. Refused: no day, no document, a day
    twice or already entered, and a day that is certainly so anyway.
    """
    actor.require(Permission.MANAGE_CALENDAR)
    why = required_reason(why)
    rows = [replace(row, document=row.document.strip(), note=row.note.strip()) for row in rows]
    _check(rows, whole_year)
    with app.unit(actor) as unit:
        standing = {row.day: row for row in standing_overrides(unit.connection)}
        now = Calendar(standing.values())
        problems = [problem for row in rows if (problem := _objection(row, standing, now))]
        if problems:
            raise Refused("".join(problems))
        spoken = {*standing, *(row.day for row in rows)}
        settled = [] if whole_year is None else _ordinary(whole_year, spoken, rows[0])
        shared = {"who": actor.name, "at": unit.now}
        unit.execute(
            calendar_overrides.insert(),
            [
                {"day": row.day, "kind": row.kind, "document": row.document, "note": row.note, **shared}
                for row in [*rows, *settled]
            ],
        )
        years = "、".join(f"{year}年" for year in sorted({row.day.year for row in rows}))
        what = f"录入{years}工作日安排 {len(rows)} 天：{_named(rows)}"
        if whole_year is not None:
            what += f"；{whole_year}年其余 {len(settled)} 天按周一至周五确定"
        details: dict[str, Any] = {
            "days": [[row.day.isoformat(), row.kind, row.note] for row in rows],
            "documents": sorted({row.document for row in rows}),
            "whole_year": whole_year,
            "settled": len(settled),
        }
        moved = _recounted(unit, details)
        what += moved_sentence(moved)
        unit.record(Entry("calendar.set", "calendar", rows[0].day.year, SUBJECT, what, why, details=details))
    return SetResult(len(rows), len(settled), tuple(moved))


def end_override(app: App, actor: Actor, override_id: int, version: int, why: str) -> tuple[Moved, ...]:
    """Ends a standing override: the day counts again as the calendar has it. The override itself stays on file.

    Gives the deadlines that moved.
    """
    actor.require(Permission.MANAGE_CALENDAR)
    why = required_reason(why)
    table = calendar_overrides
    with app.unit(actor) as unit:
        held = one(unit.connection, sa.select(table).where(table.c.id == override_id), "没有这一天的安排。")
        name = f"{long_day(held.day)}的安排"
        subject = ("calendar_override", override_id, name)
        unit.update_version(table, table.c.id == override_id, version, subject, ended_at=unit.now)
        if held.ended_at is not None:
            raise Refused(f"{name}已经终止，无需再办。")
        what = f"终止{name}：{KINDS[held.kind]}（{held.document}）"
        details: dict[str, Any] = {"day": held.day.isoformat(), "kind": held.kind, "document": held.document}
        moved = _recounted(unit, details)
        what += moved_sentence(moved)
        unit.record(
            Entry("calendar.ended", "calendar_override", override_id, SUBJECT, what, why, None, version, details)
        )
    return tuple(moved)


def moved_sentence(moved: Sequence[Moved]) -> str:
    """`；3 个对象的期限因此变动：“甲平台”2027年1月5日（周二）→2027年1月6日（周三）……`; '' where none moved."""
    if not moved:
        return ""
    told = [
        f"“{one.name}”{long_day(one.before)}→{long_day(one.after)}"
        if one.before != one.after
        else f"“{one.name}”{long_day(one.after)}不变，{'仍属暂定' if one.provisional else '不再是暂定'}"
        for one in moved[:NAMED]
    ]
    return f"；{len(moved)} 个对象的期限因此变动：{'、'.join(told)}{'等' if len(moved) > NAMED else ''}"


def _recounted(unit: Unit, details: dict[str, Any]) -> list[Moved]:
    """Computes the deadlines again that rest on the calendar, as it is after what this unit wrote."""
    moved = recount(unit, Lives(Calendar(standing_overrides(unit.connection))))
    details["moved"] = [
        [one.case_id, one.deadline, one.before.isoformat(), one.after.isoformat(), one.provisional] for one in moved
    ]
    return moved


def _check(rows: Sequence[DayOverride], whole_year: int | None) -> None:
    """What can be told without the store."""
    if not rows:
        raise Refused("没有写明任何日期，请先逐行写明日期和休、班。")
    if not all(row.document for row in rows):
        raise Refused("请写明文号或文件名称，如 国办发明电〔2024〕12号。")
    problems = []
    seen: set[date] = set()
    for row in rows:
        if row.kind not in KINDS:
            problems.append(f"{long_day(row.day)}请写明休息还是上班。")
        if not FIRST_YEAR <= row.day.year <= LAST_YEAR:
            problems.append(f"{long_day(row.day)}的年份不对，请核对。")
        if row.day in seen:
            problems.append(f"{long_day(row.day)}写了不止一次，请只留一行。")
        seen.add(row.day)
    if whole_year is not None:
        if whole_year in KNOWN_YEARS:
            problems.append(f"{whole_year}年的放假安排程序中已有，请只录入有变动的日期。")
        elif not any(row.day.year == whole_year for row in rows):
            problems.append(f"所列日期没有一天在{whole_year}年，请核对年份。")
        if len({row.document for row in rows}) > 1:
            problems.append("全年安排请只写一个文件。")
    if problems:
        raise Refused("".join(problems))


def _objection(row: DayOverride, standing: dict[date, Override], now: Calendar) -> str:
    held = standing.get(row.day)
    if held is not None:
        entered = f"{long_day(row.day)}已按“{held.document}”录为{KINDS[held.kind]}"
        return f"{entered}；如有变动，请先终止原来的安排，再录入新的。"
    working, provisional = now.is_working_day(row.day)
    if not provisional and working == (row.kind == "work"):
        return f"{long_day(row.day)}本来就是{'工作日' if working else '休息日'}，不用录入。"
    return ""


def _ordinary(year: int, spoken: set[date], like: DayOverride) -> list[DayOverride]:
    """The days of a year that nobody spoke of. A holiday by law among them is a line forgotten, and refused."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=ahead) for ahead in range((date(year + 1, 1, 1) - first).days)]
    left = [day for day in days if day not in spoken]
    fixed = statutory().fixed
    forgotten = [day for day in left if (day.month, day.day) in fixed and day.weekday() < SATURDAY]
    if forgotten:
        named = "、".join(f"{long_day(day)}{fixed[day.month, day.day].name}" for day in forgotten)
        raise Refused(f"全年安排中没有写法定节假日：{named}。请补上再保存。")
    return [DayOverride(day, "work" if day.weekday() < SATURDAY else "rest", like.document) for day in left]


def _named(rows: Sequence[DayOverride]) -> str:
    first = "、".join(f"{long_day(row.day)}{KINDS[row.kind]}" for row in rows[:NAMED])
    rest = "等" if len(rows) > NAMED else ""
    documents = "、".join(sorted({row.document for row in rows}))
    return f"{first}{rest}（{documents}）"
