"""The days of a public notice as a small picture, and its last day counted both ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from html import escape

from core import views
from core.bootstrap import App
from core.views import DayView
from core.working_days.calendar import Counted
from pages._parts.words import PROVISIONAL, WEEKDAYS, day, short_day, this_day
from pages._parts.year import MARKS

ONE_DAY = timedelta(days=1)
LONGEST = 62  # days drawn; a longer notice is told in words alone


def days_html(app: App, counted: Counted, today: date, *, past: bool = False) -> str:
    """Every day from the first to the last: which of them count, which are days of rest, and where today stands.

    `past`: what kind of day the others are is known of today only, so that they are plain then. '' where too long.
    """
    if (counted.end - counted.start).days >= LONGEST:
        return ""
    known = {} if past else _known(app, counted)
    cells = "".join(_cell(one, counted, today, known.get(one), past=past) for one in _days(counted))
    said = f"公示首日{short_day(counted.start)}，最后一日{short_day(counted.end)}"
    said += f"，共 {len(counted.working_days)} 个工作日"
    return f'<div class="sf-strip" role="img" aria-label="{said}">{cells}</div>'


def ends_html(both: tuple[Counted, Counted], count_start: bool, more: Mapping[str, str] | None = None) -> str:
    """The last day with the first day not counted, and counted; the rule in force is marked.

    `more`: further lines, a name and what is said of it, already safe HTML.
    """
    lines = []
    for with_start, (name, counted) in enumerate(zip(("首日不计入", "首日计入"), both, strict=True)):
        mine = bool(with_start) == count_start
        sure = f" {PROVISIONAL}" if counted.provisional else ""
        until = f"{day(counted.end)}{sure}"
        rule = '<span class="sf-state sf-tone-good">✓ 本轮次采用</span>' if mine else "<span></span>"
        lines.append(f"<span>{name}</span>{f'<b>{until}</b>' if mine else f'<span>{until}</span>'}{rule}")
    lines += [f'<span>{name}</span><span class="rest">{text}</span>' for name, text in (more or {}).items()]
    return f'<div class="sf-ends">{"".join(lines)}</div>'


def _days(counted: Counted) -> Iterator[date]:
    one = counted.start
    while one <= counted.end:
        yield one
        one += ONE_DAY


def _known(app: App, counted: Counted) -> dict[date, DayView]:
    years = {counted.start.year, counted.end.year}
    return {one.day: one for year in sorted(years) for one in views.year_view(app, year).days}


def _cell(one: date, counted: Counted, today: date, known: DayView | None, *, past: bool) -> str:
    place = counted.working_days.index(one) + 1 if one in counted.working_days else 0
    kind = "counted" if place else "first" if one == counted.start else "rest"
    classes = [kind] + ["today"] * (one == today) + ["provisional"] * bool(known and known.provisional)
    mark = f"<i>{MARKS[known.kind]}</i>" if known and known.kind in MARKS else ""
    names = {"首日": counted.start, "最后一日": counted.end, this_day(past): today}
    said = "，".join(name for name, meant in names.items() if meant == one)
    return (
        f'<div class="{" ".join(classes)}" title="{escape(known.text if known else day(one))}">'
        f"<small>周{WEEKDAYS[one.weekday()]}{mark}</small><b>{one.month}月{one.day}日</b>"
        f"<small>{f'第 {place} 个' if place else '不计'}</small><small><u>{said or '&nbsp;'}</u></small></div>"
    )
