"""Read-only tables as plain HTML: they print, copy and read aloud, and have no words that are not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages._parts.words import day, moment


@dataclass(frozen=True, slots=True)
class Html:
    """Text that is already safe HTML; everything else is escaped."""

    text: str


def cell(value: Any) -> str:
    """One value as HTML: figures with thousands separators, days and times in full, text escaped."""
    if isinstance(value, Html):
        return value.text
    if value is None or (not isinstance(value, str | bool) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return f"{value:,}"
    return escape(str(value)).replace("\n", "<br>")


def table_html(
    heads: Sequence[str], rows: Iterable[Sequence[Any]], *, numeric: Sequence[str] = (), nowrap: Sequence[str] = ()
) -> str:
    """A table's HTML. Columns named in `numeric` are right-aligned, those in `nowrap` keep to one line."""
    classes = ["num" if head in numeric else "nowrap" if head in nowrap else "" for head in heads]
    top = "".join(
        f'<th class="{one}" scope="col">{escape(head)}</th>' for head, one in zip(heads, classes, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f'<td class="{one}">{cell(value)}</td>' for value, one in zip(row, classes, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="sf-wrap"><table class="sf"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def show_table(heads: Sequence[str], rows: Iterable[Sequence[Any]], **options: Any) -> None:
    """Shows a table; see `table_html`."""
    st.html(table_html(heads, rows, **options))


def show_frame(
    frame: pd.DataFrame, *, render: Mapping[str, Callable[[Any], Any]] | None = None, **options: Any
) -> None:
    """Shows a data frame's columns in their order. `render` turns a column's values into what is shown."""
    render = render or {}
    heads = [str(column) for column in frame.columns]
    turns = [render.get(head) for head in heads]
    rows = (
        [value if turn is None else turn(value) for value, turn in zip(row, turns, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    )
    show_table(heads, rows, **options)


def page_of(total: int, *, size: int, key: str) -> slice:
    """Offers pages where there are more than `size` rows, and gives the rows of the chosen one."""
    pages = max(1, -(-total // size))
    if pages == 1:
        return slice(0, total)
    number = st.pagination(pages, key=key)
    return slice((number - 1) * size, number * size)


def empty(text: str, *, page: str = "", label: str = "") -> None:
    """An empty state: what to do, and the way there."""
    st.html(f'<div class="sf-empty">{escape(text)}</div>')
    if page:
        st.page_link(page, label=label)


def facts(pairs: Mapping[str, Any]) -> None:
    """A few labelled values in columns."""
    items = "".join(f"<div><span>{escape(name)}</span>{cell(value) or '—'}</div>" for name, value in pairs.items())
    st.html(f'<div class="sf-facts">{items}</div>')
