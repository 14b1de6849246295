"""A year as twelve small months: what kind a day is stands in a word beside its number, its colour and its border."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby

from core.views import DayView
from pages._parts.words import WEEKDAYS

MARKS = {"holiday": "休", "makeup": "班"}
LEGEND = (
    ("holiday", "休", "法定节假日放假"),
    ("makeup", "班", "调休上班"),
    ("weekend", "", "周末休息"),
    ("entered", "", "省厅录入"),
    ("provisional", "", "暂定"),
    ("today", "", "今日"),
)


def year_html(days: Sequence[DayView], today: date) -> str:
    """The twelve months; every day tells the rest when pointed at."""
    months = (_month(number, list(held), today) for number, held in groupby(days, lambda one: one.day.month))
    return f'<div class="sf-year">{"".join(months)}</div>'


def legend_html() -> str:
    """What the marks mean."""
    items = "".join(
        f'<span><b class="sf-day {kind}">8{f"<i>{mark}</i>" if mark else ""}</b> {escape(text)}</span>'
        for kind, mark, text in LEGEND
    )
    return f'<div class="sf-key">{items}</div>'


def _month(number: int, days: Sequence[DayView], today: date) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in WEEKDAYS)
    cells = ["<td></td>"] * days[0].day.weekday() + [_cell(one, today) for one in days]
    cells += ["<td></td>"] * (-len(cells) % len(WEEKDAYS))
    weeks = (cells[at : at + len(WEEKDAYS)] for at in range(0, len(cells), len(WEEKDAYS)))
    rows = "".join(f"<tr>{''.join(week)}</tr>" for week in weeks)
    return f"<table><caption>{number}月</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(one: DayView, today: date) -> str:
    classes = ["sf-day", one.kind]
    if not one.ordinary:
        classes.append("entered")
    if one.provisional:
        classes.append("provisional")
    if one.day == today:
        classes.append("today")
    mark = f"<i>{MARKS[one.kind]}</i>" if one.kind in MARKS else ""
    return f'<td title="{escape(one.text)}"><b class="{" ".join(classes)}">{one.day.day}{mark}</b></td>'
