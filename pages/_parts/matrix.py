"""The coloured matrix of applications by criteria."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from core.standards.edition import Criterion
from pages._parts.linked import link
from pages._parts.words import VERDICT_WORDS, badge

HEAD = '<th>地区</th><th class="opt">编号</th><th>名称</th><th class="opt">类别</th><th>结论</th>'
PENDING = ' <span class="sf-state sf-tone-warn">撤回待确认</span>'
BADGES = {verdict: badge(verdict) for verdict in VERDICT_WORDS}


def matrix_html(frame: pd.DataFrame, criteria: Mapping[str, Criterion], *, highlight: str = "") -> str:
    """A row an application, a narrow column a criterion. `highlight` is the criterion that is filtered by."""
    heads = "".join(_head(one, chosen=code == highlight) for code, one in criteria.items())
    cells = {code: _cells(one) for code, one in criteria.items()}
    # column by column: a row of a frame of texts is slow to take apart
    columns = {name: frame[name].tolist() for name in frame.columns}
    body = "".join(_row(number, at, columns, cells) for at, number in enumerate(frame.index.tolist()))
    return (
        f'<div class="sf-wrap"><table class="sf sf-matrix"><thead><tr>{HEAD}{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(number: int, at: int, columns: Mapping[str, list[Any]], cells: Mapping[str, Mapping[str, str]]) -> str:
    name = columns["名称"][at] or "（未填名称）"
    pending = PENDING if columns["撤回"][at] == "pending" else ""
    verdicts = "".join(
        pieces[verdict].replace("#", str(number))
        if isinstance(verdict := columns[code][at], str)
        else '<td class="c"></td>'
        for code, pieces in cells.items()
    )
    return (
        f'<tr><td class="nowrap">{escape(columns["地区"][at])}</td>'
        f'<td class="nowrap soft opt">{escape(columns["编号"][at])}</td>'
        f'<td class="name">{link(name, str(number), f"?app={number}")}{pending}</td>'
        f'<td class="nowrap soft opt">{escape(columns["申报类别"][at])}</td>'
        f"<td>{BADGES[columns['结论'][at]]}</td>{verdicts}</tr>"
    )


def _head(one: Criterion, *, chosen: bool) -> str:
    css, tip = "c on" if chosen else "c", escape(f"{one.name}（{one.clause}）")
    return f'<th class="{css}" scope="col" title="{tip}">{escape(one.short)}</th>'


def _cells(one: Criterion) -> dict[str, str]:
    """The cell of a criterion by verdict; `#` stands for the application's number."""
    return {
        verdict: f'<td class="c sf-{verdict}">'
        + link(mark, f"#/{one.code}", f"?app=#&item={one.code}", tip=f"{one.name}：{word}")
        + "</td>"
        for verdict, (word, mark) in VERDICT_WORDS.items()
    }


def legend() -> None:
    """What the marks mean."""
    st.html(f'<p class="sf-legend">{" ".join(BADGES.values())} 空格：这项指标不作要求</p>')
