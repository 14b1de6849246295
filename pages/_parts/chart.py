"""How far applicants are from each threshold."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from core.standards.edition import Criterion
from pages._parts.tables import empty
from pages._parts.words import VERDICT_WORDS, verdict_word

COLOURS = {"pass": "#1d6f42", "fail": "#b3261e", "review": "#b07a00", "missing": "#56606b"}
SHAPES = {"pass": "circle", "fail": "cross", "review": "diamond", "missing": "square"}
FARTHEST = 2.0  # twice the threshold: what is beyond is drawn at the edge


def show_distances(frame: pd.DataFrame, applications: pd.Index, criteria: Mapping[str, Criterion]) -> None:
    """One mark an application and criterion, by its distance from the threshold as a share of it."""
    import altair as alt

    shown = frame[frame["application"].isin(applications)]
    if shown.empty:
        empty("所选申报还没有可以与标准比较的数值。请放宽筛选条件。")
        return
    order = [criteria[code].name for code in criteria if code in set(shown["criterion"])]
    data = pd.DataFrame(
        {
            "指标": shown["criterion"].map(lambda code: criteria[code].name),
            "距离": shown["margin"].astype(float).clip(-1, FARTHEST),
            "与标准相差": shown["margin"].map(lambda margin: f"{float(margin):+.1%}"),
            "结论": shown["verdict"].map(verdict_word),
            "地区": shown["地区"],
            "名称": shown["名称"],
        }
    )
    used = [code for code in VERDICT_WORDS if verdict_word(code) in set(data["结论"])]
    domain = [verdict_word(code) for code in used]
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=55, opacity=0.75)
        .encode(
            x=alt.X(
                "距离:Q",
                axis=alt.Axis(format="+.0%", title="与标准相差（正好达到为 0；超过两倍的画在右缘）", tickCount=9),
            ),
            y=alt.Y("指标:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, grid=True)),
            yOffset=alt.YOffset("jitter:Q"),
            color=alt.Color("结论:N", scale=alt.Scale(domain=domain, range=[COLOURS[code] for code in used])),
            shape=alt.Shape("结论:N", scale=alt.Scale(domain=domain, range=[SHAPES[code] for code in used])),
            tooltip=["地区", "名称", "指标", "与标准相差", "结论"],
        )
        .transform_calculate(jitter="random()")
    )
    line = alt.Chart(pd.DataFrame({"距离": [0.0]})).mark_rule(color="#1f2a36", strokeWidth=1.5).encode(x="距离:Q")
    st.altair_chart((points + line).properties(height=46 * len(order) + 60), width="stretch")
    st.caption("每个点是一个申报；竖线以左未达到标准，以右超出标准。只画有数值标准的指标，不用于排序。")
