"""Lines that lead to another page: shown as links where the page is there, as plain text where it is not."""

from __future__ import annotations

from datetime import date
from html import escape
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core.views.due_rows import Link
from pages._catalog import PAGES
from pages._parts.as_of import PARAM
from pages._parts.linked import link

FILES = {entry.path: entry.file for entry in PAGES}


def way(text: str, where: Link, on: date | None = None, *, css: str = "", tip: str = "") -> str:
    """The HTML of a link to a page, for `linked`; `follow` takes what that gives. `on`: the past day to look at."""
    page, query = where
    query = query if on is None else (*query, (PARAM, on.isoformat()))
    if page not in FILES:
        return f'<span class="{css}" title="{escape(tip)}">{escape(text)}</span>'
    target = f"/{page}?{urlencode(query)}"
    return link(text, target, target, css=css, tip=tip)


def follow(clicked: str | None) -> None:
    """Opens the page of a link that was clicked."""
    if clicked:
        page, _, query = clicked.removeprefix("/").partition("?")
        st.switch_page(FILES[page], query_params=parse_qsl(query))
