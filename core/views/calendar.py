"""Read models of 工作日历: a year day by day, the overrides entered, and the end of a period counted both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa

from core.bootstrap import App
from core.services.arrangement import KINDS
from core.services.counting import calendar
from core.store import tables
from core.views.remembering import remember
from core.working_days.calendar import KNOWN_YEARS, Calendar, CalendarDay, Counted, DayKind
from core.working_days.periods import long_day

YEARS_AHEAD = 2  # shown beyond this year or the last known one

Source = Literal["official", "entered", "assumed"]
SOURCES: dict[Source, str] = {
    "official": "国务院安排",
    "entered": "省厅录入",
    "assumed": "按法定节假日推算（暂定）",
}


@dataclass(frozen=True, slots=True)
class DayView:
    """A day as a calendar shows it. `document` says where it comes from, in a sentence or a document's name.

    `ordinary`: nothing was entered for it but that it is what it would be anyway.
    """

    day: date
    working: bool
    provisional: bool
    kind: DayKind
    name: str
    source: Source
    document: str
    ordinary: bool = True

    @property
    def text(self) -> str:
        """`2026年2月14日（周六）　工作日（春节调休上班）　国务院安排`: all that is known of the day."""
        state = "工作日" if self.working else "休息"
        named = f"{state}（{self.name}）" if self.name else state
        detail = f"{SOURCES[self.source]}：{self.document}" if self.source == "entered" else SOURCES[self.source]
        return f"{long_day(self.day)}　{named}　{detail}"


@dataclass(frozen=True, slots=True)
class YearView:
    """A year: its days, and how many of them are what; `entered` counts those that are not ordinary."""

    year: int
    days: tuple[DayView, ...]
    working: int
    resting: int
    makeup: int
    provisional: int
    entered: int
    source: str


@dataclass(frozen=True, slots=True)
class BothEnds:
    """The end of a period of working days: with the first day not counted (民法典 第二百零一条), and counted."""

    without_start: Counted
    with_start: Counted


def calendar_years(app: App) -> range:
    """The years that a calendar offers: from the first known one to a little after today."""
    return range(KNOWN_YEARS.start, max(app.clock.today().year, KNOWN_YEARS[-1]) + YEARS_AHEAD + 1)


def year_view(app: App, year: int) -> YearView:
    """Every day of a year with its source, and the year's totals. Remembered: callers change nothing in it."""

    def ask(connection: sa.Connection) -> YearView:
        table = tables.calendar_overrides
        within = table.c.day.between(date(year, 1, 1), date(year, 12, 31))
        found = connection.execute(sa.select(table).where(within, table.c.ended_at.is_(None)))
        held = {row.day: row for row in found}
        plain = Calendar()
        days = tuple(_shown(one, held.get(one.day), plain) for one in calendar(app).year_days(year))
        return YearView(
            year,
            days,
            working=sum(one.working for one in days),
            resting=sum(not one.working for one in days),
            makeup=sum(one.kind == "makeup" for one in days),
            provisional=sum(one.provisional for one in days),
            entered=sum(not one.ordinary for one in days),
            source=_year_source(days),
        )

    return remember(app, ("calendar", year), ask)


def gap(app: App) -> str:
    """What waits: the years from now to the next that still rest on assumption, in a sentence; '' where none does."""
    today = app.clock.today().year
    open_years = [year for year in (today, today + 1) if year_view(app, year).provisional]
    if not open_years:
        return f"{today}年和{today + 1}年的安排均已确定。"
    named = "、".join(f"{year}年" for year in open_years)
    return f"{named}安排尚未公布，涉及日期按暂定计算；公布后请管理员录入。"


def both_ends(app: App, start: date, days: int) -> BothEnds:
    """The last day of a period of `days` working days from `start`, counted both ways. Refused as the calendar does."""
    counting = calendar(app)
    return BothEnds(counting.end_of_period(start, days, False), counting.end_of_period(start, days, True))


def overrides_frame(app: App) -> pd.DataFrame:
    """Overrides by day, standing ones first: 日期, 录为, 说明, 文号或文件, 录入, 状态.

    Plain values beside them: id, version, year, standing, and ordinary, which marks the days that an arrangement
    of a whole year settled as they would be anyway. Read afresh: people act on it.
    """
    table, ledger, plain = tables.calendar_overrides, tables.ledger, Calendar()
    by_day = sa.select(table).order_by(table.c.ended_at.is_not(None), table.c.day, table.c.id)
    endings = sa.select(ledger).where(ledger.c.action == "calendar.ended")
    with app.reader.connect() as connection:
        rows = list(connection.execute(by_day))
        ended = {row.subject_id: row for row in connection.execute(endings)}
    return pd.DataFrame(
        {
            "日期": [long_day(row.day) for row in rows],
            "录为": [KINDS[row.kind] for row in rows],
            "说明": [row.note for row in rows],
            "文号或文件": [row.document for row in rows],
            "录入": [f"{row.who} {row.at:%Y-%m-%d %H:%M}" for row in rows],
            "状态": [_state(row, ended) for row in rows],
            "id": [row.id for row in rows],
            "version": [row.version for row in rows],
            "standing": [row.ended_at is None for row in rows],
            "year": [row.day.year for row in rows],
            "ordinary": [_ordinary(row, plain) for row in rows],
        }
    )


def _state(row: Any, ended: dict[str, Any]) -> str:
    if row.ended_at is None:
        return "有效"
    by = ended[str(row.id)]
    return f"已终止：{by.who} {by.at:%Y-%m-%d %H:%M}，{by.why}"


def _ordinary(held: Any, plain: Calendar) -> bool:
    return not held.note and (held.kind == "work") == plain.is_working_day(held.day).working


def _shown(one: CalendarDay, held: Any, plain: Calendar) -> DayView:
    if held is None:
        source: Source = "assumed" if one.provisional else "official"
        return DayView(one.day, one.working, one.provisional, one.kind, one.name, source, one.source)
    kind: DayKind = "holiday" if held.note and not one.working else one.kind
    name, ordinary = _name(kind, held.note), _ordinary(held, plain)
    return DayView(one.day, one.working, one.provisional, kind, name, "entered", one.source, ordinary)


def _name(kind: DayKind, note: str) -> str:
    if kind == "makeup":
        return note if "班" in note else f"{note}调休上班"
    return note or ("放假" if kind == "holiday" else "")


def _year_source(days: tuple[DayView, ...]) -> str:
    """Where the ordinary days come from: the year's own notice, or what stands in for it."""
    return next(one.document for one in days if one.ordinary and one.kind in ("workday", "weekend"))
