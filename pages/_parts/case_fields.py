"""The fields of what is entered on a case: exactly what the transition table asks to be given, by its names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import streamlit as st

from core.lifecycle.table import load
from core.working_days.periods import read_day
from pages._parts.as_of import EARLIEST
from sheets_schema import schema

KEEP = {True: "保留", False: "撤销"}
REPORTS = "变更报告"
# what is asked besides by what a change is: code, label, the sheet's column that has the options
ALSO = {"change_reported": (("change", "变更类型"), ("opinion", "市级意见"))}
RENAMES = (("name", "新名称"), ("operator", "新运营主体"), ("uscc", "新统一社会信用代码"))


@dataclass(slots=True)
class Given:
    """What a person filled in."""

    day: date | None = None
    document: str = ""
    why: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def fields(
    key: str, event: str, given: Sequence[str], today: date, held: Mapping[str, Any] | None = None, *, choose: bool
) -> Given:
    """Draws the fields in the open form and gives what stands in them. `held`: what they begin with.

    `choose`: whether 保留或撤销 can be chosen; a correction cannot turn one into the other.
    """
    held, names = held or {}, load().given
    found = Given()
    for code in given:
        label, place = f"{names[code]}（必填）", f"{key}-{code}"
        match code:
            case "date":
                found.day = st.date_input(
                    label, held.get(code, today), min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=place
                )
            case "document":
                found.document = st.text_input(
                    label, held.get(code, ""), max_chars=128, key=place, placeholder="例如：虚构工信〔2026〕1号"
                )
            case "reason":
                found.why = st.text_area(label, held.get(code, ""), height=80, max_chars=1000, key=place)
            case "occurred":
                begun = read_day(held.get(code, ""))
                day = st.date_input(label, begun, min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=place)
                if day is not None:
                    found.data[code] = day.isoformat()
            case "evidence":
                found.data[code] = st.text_input(label, held.get(code, ""), max_chars=500, key=place)
            case "keep" if choose:
                kept = st.radio(label, list(KEEP), index=None, format_func=KEEP.get, horizontal=True, key=place)
                if kept is not None:
                    found.data[code] = kept
    for code, column in ALSO.get(event, ()):
        options = schema.load().sheet(REPORTS).column(column).options
        chosen = st.selectbox(
            column,
            options,
            options.index(held[code]) if held.get(code) in options else None,
            placeholder="请选择",
            key=f"{key}-{code}",
        )
        found.data[code] = chosen or ""
    if event == "change_decided":
        for code, label in RENAMES:
            found.data[code] = st.text_input(
                f"{label}（有变化才填）", held.get(code, ""), max_chars=100, key=f"{key}-{code}"
            )
    return found
