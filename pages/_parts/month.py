"""Deadlines in a month: what ends on which day, with the days of rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import streamlit as st

from core.views import DayView, DueRow
from core.working_days.calendar import SATURDAY
from core.working_days.periods import add_months, read_day
from pages._parts.due import MARKS, left_text
from pages._parts.ways import way
from pages._parts.words import WEEKDAYS, this_day
from pages._parts.year import MARKS as REST_MARKS

PARAM = "m"
SHOWN = 4  # lines of one day
YEARS = range(2000, 2101)


def chosen_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month that the address says, this month without one; and the way to others."""
    first = read_day(f"{st.query_params.get(PARAM, '')}-01") or today.replace(day=1)
    first = first if first.year in YEARS else today.replace(day=1)
    before, here, after, name, _ = st.columns([1, 1, 1, 2, 4], vertical_alignment="center")
    before.button("‹ 上个月", on_click=_turn, args=(add_months(first, -1), today), width="stretch")
    here.button("本月", on_click=_turn, args=(today, today), width="stretch")
    after.button("下个月 ›", on_click=_turn, args=(add_months(first, 1), today), width="stretch")
    name.html(f'<h3 class="sf-name">{first.year}年{first.month}月</h3>')
    return first, add_months(first, 1) - timedelta(days=1)


def _turn(to: date, today: date) -> None:
    if (to.year, to.month) == (today.year, today.month):
        st.query_params.pop(PARAM, None)
    else:
        st.query_params[PARAM] = f"{to.year:04d}-{to.month:02d}"


def month_html(rows: Sequence[DueRow], first: date, today: date, days: Mapping[date, DayView], on: date | None) -> str:
    """The month, for `linked`. `days` tells of rest and make-up days where they are known; `on` is a past day."""
    held: dict[date, list[DueRow]] = defaultdict(list)
    for row in rows:
        if row.day is not None:
            held[row.day].append(row)
    last = add_months(first, 1) - timedelta(days=1)
    cells = ["<td></td>"] * first.weekday()
    for number in range(last.day):
        one = first + timedelta(days=number)
        lines = [_line(row, on) for row in held[one]]
        mark = f"　{this_day(on is not None)}" if one == today else ""
        cells.append(_cell(one, lines, mark, days.get(one)))
    cells += ["<td></td>"] * (-len(cells) % len(WEEKDAYS))
    weeks = (cells[at : at + len(WEEKDAYS)] for at in range(0, len(cells), len(WEEKDAYS)))
    heads = "".join(f'<th scope="col">周{name}</th>' for name in WEEKDAYS)
    body = "".join(f"<tr>{''.join(week)}</tr>" for week in weeks)
    return f'<table class="sf-month"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _cell(day: date, lines: Sequence[str], today: str, known: DayView | None) -> str:
    kind = known.kind if known is not None else "weekend" if day.weekday() >= SATURDAY else "workday"
    classes = [kind] + ["today"] * bool(today)
    mark = f"<i>{REST_MARKS[kind]}</i>" if kind in REST_MARKS else ""
    more = f"<small>另有 {len(lines) - SHOWN} 项，见列表</small>" if len(lines) > SHOWN else ""
    head = f"<b>{day.day}{mark}{today}</b>"
    return f'<td class="{" ".join(classes)}">{head}{"".join(lines[:SHOWN])}{more}</td>'


def _line(row: DueRow, on: date | None) -> str:
    sure = "（暂定）" if row.provisional else ""
    tip = f"{row.name}：{row.subject}{sure}，{row.acts}，{left_text(row, on)}"
    css = f"sf-due {row.state}" + (" provisional" if row.provisional else "")
    return way(f"{MARKS[row.state]} {row.name} {row.subject}{sure}", row.link, on, css=css, tip=tip)
