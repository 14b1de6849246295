"""What was known on a past day: the day stands in the address, and every page that can look back asks it here."""

from __future__ import annotations

from datetime import date
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.working_days.periods import long_day, read_day
from pages._parts.filters import in_address
from pages._shell import Desk

PARAM = "on"
EARLIEST = date(2000, 1, 1)


def as_of(desk: Desk, box: DeltaGenerator | None = None) -> date | None:
    """Asks for which day a page is to be shown, in `box` or here; None for today. A past day is told of in a banner.

    What is shown for a past day is what had been entered by its end; acts are not to be offered then.
    """
    today = desk.app.clock.today()

    def read(text: str) -> date | None:
        day = read_day(text)
        return day if day is not None and EARLIEST <= day < today else None

    def draw(key: str) -> date | None:
        return (box or st).date_input(
            "查看哪一天的情况",
            key=key,
            min_value=EARLIEST,
            max_value=today,
            format="YYYY-MM-DD",
            help="不选就是今天。选以前的一天，只看那一天当天已经录入的内容，以后补录、更正和作废的不算在内",
        )

    day = read(_text(in_address(PARAM, read, lambda value: _text(value) if read(_text(value)) else "", draw)))
    if day is not None:
        _banner(day)
    return day


def _text(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _banner(day: date) -> None:
    left, right = st.columns([6, 1], vertical_alignment="center")
    says = f"以下是{long_day(day)}当天已知的情况，只能查看，不能办理。"
    left.html(f'<div class="sf-banner" role="note">{escape(says)}</div>')
    right.button("回到今天", key="back-to-today", on_click=lambda: st.query_params.pop(PARAM, None), width="stretch")
