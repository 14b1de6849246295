"""专家评审, the tab 评审设置: what the round decided about scoring, and the form that decides it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.accounts import Permission
from core.scoring.settings import (
    AGGREGATIONS,
    COMMENTS,
    NAMES,
    OPEN,
    VISIBILITIES,
    ScoringSettings,
    cautions,
)
from core.services.panel import Panel
from core.services.scoring_settings import LOCKED
from core.standards.rubric import Rubric
from core.views import RoundView
from core.views.panel import settings_origin
from pages._parts.panel_settings_form import settings_form
from pages._parts.tables import empty, show_table
from pages._parts.words import moment
from pages._shell import Desk

SAME_CITY = {True: "同市专家回避", False: "同市专家不因同市回避"}
UNSET = "不设"


def show_settings(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """What holds, and the form while it can still be changed."""
    st.html(f'<div class="sf-line"><span class="sf-state sf-tone-none">说明</span>{OPEN}</div>')
    may = desk.may(Permission.MANAGE_SCORING)
    if seen.settings is None:
        if may:
            st.write("以下各项都定了，才能分派和打分；没有一项是预先选好的。第一位专家打分以后，不能再改。")
            settings_form(desk, chosen, seen)
        else:
            empty(f"{chosen.title}还没有定评审设置。")
        return
    _since(desk, chosen, seen)
    show_decided(seen.settings, seen.rubric)
    for said in cautions(seen.settings):
        st.warning(said)
    if may and not seen.locked:
        with st.expander("修改评审设置"):
            st.write("还没有专家打分，可以修改。改了同市回避或者专家人数的，请再到“分派”核对。")
            settings_form(desk, chosen, seen)


def _since(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    origin = settings_origin(desk.app, chosen.id)
    said = f"依据文件：{seen.document}。"
    if origin is not None:
        said = f"{origin.who}于{moment(origin.at)}确定。{said}理由：{origin.why}。"
    state, tone = ("已锁定", "warn") if seen.locked else ("可以修改", "good")
    more = f" {LOCKED}" if seen.locked else ""
    st.html(
        f'<div class="sf-line"><span class="sf-state sf-tone-{tone}">{state}</span>{escape(said)}{escape(more)}</div>'
    )


def show_decided(settings: ScoringSettings, rubric: Rubric) -> None:
    """The settings as two tables: the indicators, and everything else."""
    left, right = st.columns([5, 6], gap="small")
    with left:
        rows = [
            [name, f"{settings.weights[code].normalize():f}", settings.scale_of(code).text]
            for code, name in rubric.names.items()
        ]
        rows.append(["合计", f"{sum(settings.weights.values()).normalize():f}", ""])
        show_table(["指标（附件3）", "权重", "打分范围"], rows, numeric=["权重"], nowrap=["指标（附件3）"])
    with right:
        show_table(["设置", "本轮的规定"], _others(settings), nowrap=["设置"])


def _others(settings: ScoringSettings) -> list[list[str]]:
    """Each setting but weights and scales in words."""
    grades = settings.grades
    trim = settings.trim_from
    said = {
        "experts": f"{settings.experts} 位",
        "aggregation": AGGREGATIONS[settings.aggregation] + (f"，满 {trim} 位专家起去掉" if trim else ""),
        "pass_line": UNSET if settings.pass_line is None else f"{settings.pass_line:f} 分，达到即为合格",
        "grades": UNSET if grades is None else "；".join(f"{one.name} {one.start:f} 分起" for one in grades),
        "same_city": SAME_CITY[settings.same_city],
        "comments": COMMENTS[settings.comments],
        "visibility": VISIBILITIES[settings.visibility],
        "range_mark": UNSET if settings.range_mark is None else f"相差 {settings.range_mark:f} 分及以上时提示",
        "deviation_mark": UNSET if settings.deviation_mark is None else f"{settings.deviation_mark:f} 分及以上时提示",
    }
    return [[NAMES[key], text] for key, text in said.items()]
