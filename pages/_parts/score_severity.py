"""How severe experts are, beside the mean of what they gave: figures, and a dot with its error as a bar."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.scoring.method import method
from core.scoring.shown import shown
from core.views.scores import ExpertSeverity, severity_view
from pages._parts.linked import linked
from pages._parts.tables import Html, empty, table_html
from pages._shell import Desk

HIGH = 24  # pixels of a row of the picture
ERRORS = 2  # the bar reaches as many standard errors to both sides (core/scoring/method.toml)
LEAST = 1.0  # points: a scale is never narrower


def show_severity(desk: Desk, round_id: int) -> None:
    """The table by code, the sentence where groups cannot be compared, and the method in words."""
    found = severity_view(desk.app, round_id)
    if not found.experts:
        empty("还没有专家交评分，无从估计。")
        return
    if not found.comparable:
        groups = "；".join(f"第{number}组 {'、'.join(codes)}" for number, codes in enumerate(found.groups, start=1))
        st.warning(f"专家分成 {len(found.groups)} 组，组与组之间没有共同评过的申报，宽严只能在组内比较：{groups}。")
    widest = max((_reach(one) for one in found.experts), default=LEAST)
    rows = [
        [
            one.expert.code,
            one.expert.name,
            one.severity.scored,
            shown(one.mean),
            _signed(one.severity.shift),
            "—" if one.severity.error is None else f"{one.severity.error:.2f}",
            Html(_dot(one, max(widest, LEAST))),
            f"第{one.severity.group + 1}组",
            "评得少，只作参考" if one.severity.few else "",
        ]
        for one in found.experts
    ]
    heads = ["编号", "专家", "已评", "原始平均分", "宽严", "标准误", "偏严 ← 0 → 偏宽", "组", "提示"]
    numeric = ["已评", "原始平均分", "宽严", "标准误"]
    if found.comparable:
        heads = [head for head in heads if head != "组"]
        rows = [[*row[:7], row[8]] for row in rows]
    html = table_html(heads, rows, numeric=numeric, nowrap=["编号", "专家", "组"])
    linked(html.replace('class="sf"', 'class="sf sf-severity"', 1), "severity")  # st.html would take the pictures out
    st.html(
        f'<p class="sf-legend">圆点是宽严的估计，横线是上下 {ERRORS} 倍标准误；横线跨过 0 的，不能说偏宽或偏严。</p>'
    )
    for text in method().of_severity:
        st.caption(text)


def _signed(shift: float | None) -> str:
    return "—" if shift is None else f"{shift:+.2f}"


def _reach(one: ExpertSeverity) -> float:
    shift, error = one.severity.shift, one.severity.error
    return 0.0 if shift is None else abs(shift) + ERRORS * (error or 0.0)


def _dot(one: ExpertSeverity, widest: float) -> str:
    shift = one.severity.shift
    if shift is None:
        return '<span class="soft">没有和别人共同评过的申报，无从比较</span>'

    def share(value: float) -> str:
        return f"{50 + 48 * value / widest:.2f}%"

    middle, error = HIGH / 2, ERRORS * (one.severity.error or 0.0)
    said = f"{one.expert.code} {one.expert.name}：宽严 {_signed(shift)}"
    return (
        f'<svg role="img" aria-label="{escape(said)}" width="100%" height="{HIGH}">'
        f'<line x1="50%" x2="50%" y1="0" y2="{HIGH}" stroke="#8a97a5" stroke-dasharray="3 2"></line>'
        f'<line x1="{share(shift - error)}" x2="{share(shift + error)}" y1="{middle}" y2="{middle}"'
        ' stroke="#1b5a96" stroke-width="2"></line>'
        f'<circle cx="{share(shift)}" cy="{middle}" r="5" fill="#1b5a96"></circle></svg>'
    )
