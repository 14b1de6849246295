"""The coloured matrix of applications by criteria."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd
import streamlit as st

from core.standards.edition import Criterion
from pages._parts.linked import link
from pages._parts.words import VERDICT_WORDS, badge


def matrix_html(frame: pd.DataFrame, criteria: Mapping[str, Criterion], *, highlight: str = "") -> str:
    """A row an application, a narrow column a criterion. `highlight` is the criterion that is filtered by."""
    heads = "".join(_head(one, chosen=code == highlight) for code, one in criteria.items())
    names = {code: one.name for code, one in criteria.items()}
    body = []
    for row in frame.itertuples(name=None):
        number, facts = row[0], dict(zip(frame.columns, row[1:], strict=True))
        pending = ' <span class="sf-state sf-tone-warn">撤回待确认</span>' if facts["撤回"] == "pending" else ""
        cells = "".join(_cell(number, code, names[code], facts[code]) for code in criteria)
        body.append(
            f'<tr><td class="nowrap">{escape(facts["地区"])}</td><td class="nowrap soft">{escape(facts["编号"])}</td>'
            f"<td>{link(facts['名称'] or '（未填名称）', str(number), f'?app={number}')}{pending}</td>"
            f'<td class="nowrap soft">{escape(facts["申报类别"])}</td><td>{badge(facts["结论"])}</td>{cells}</tr>'
        )
    return (
        '<div class="sf-wrap"><table class="sf sf-matrix"><thead><tr><th>地区</th><th>编号</th><th>名称</th>'
        f"<th>类别</th><th>结论</th>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _head(one: Criterion, *, chosen: bool) -> str:
    css, tip = "c on" if chosen else "c", escape(f"{one.name}（{one.clause}）")
    return f'<th class="{css}" scope="col" title="{tip}">{escape(one.short)}</th>'


def _cell(number: int, code: str, name: str, verdict: object) -> str:
    if not isinstance(verdict, str):
        return '<td class="c"></td>'
    word, mark = VERDICT_WORDS[verdict]
    go = f"{number}/{code}"
    return f'<td class="c sf-{verdict}">{link(mark, go, f"?app={number}&item={code}", tip=f"{name}：{word}")}</td>'


def legend() -> None:
    """What the marks mean."""
    st.html(f'<p class="sf-legend">{" ".join(badge(code) for code in VERDICT_WORDS)} 空格：这项指标不作要求</p>')
