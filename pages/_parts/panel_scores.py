"""专家评审, the tab 进度与评分: who has handed in what, and what it comes to. Inside the house only."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import streamlit as st

from core.services.panel import STATES, Panel
from core.views import RoundView
from core.views.scores import ScoreRow, ScoresView, drafts, scores_view
from pages._parts.filters import choice, segments
from pages._parts.linked import linked
from pages._parts.score_one import show_one
from pages._parts.score_severity import show_severity
from pages._parts.score_tables import bar_html, dots_html, left_edge, matrix_html
from pages._parts.tables import Html, empty, page_of, show_table
from pages._shell import Desk

PAGE = 50
FEW = 2  # so many names are shown at once, more are folded
ORDER = "shown-scores"
INTERNAL = "仅供内部使用：不得公布得分，不得排名（第八条）。"
KINDS = {"": "全部", "platform": "平台", "base": "基地"}
ONLY = {"": "全部", "marks": "有分歧提示的", "gaps": "评分不齐的"}
LOOKS = {"matrix": "评分表", "dots": "看图", "progress": "专家进度", "severity": "专家宽严"}
MATRIX_KEY = (
    "—：还没有交；退回：退回重评；回避：不评这项申报，不计入。缺专家评分的不计算得分，写明缺几位。"
    "按行政区划排列，排名不分先后。"
)
DOTS_KEY = (
    "每个圆点是一位专家的总分，空心的按合成办法去掉、不计入；黑色竖线是得分，红色虚线是合格线。"
    "鼠标停在上面，显示是谁、多少分。按行政区划排列，不按得分排。"
)


def show_scores(desk: Desk, chosen: RoundView, _seen: Panel) -> None:
    """Shows the tab."""
    st.html(f'<div class="sf-banner" role="note">{INTERNAL}</div>')
    view = scores_view(desk.app, chosen.id)
    if view is None:
        empty("还没有定评审设置，不能打分。请先在“评审设置”中确定。")
        return
    asked = st.query_params.get("scored", "")
    if asked.isdigit():
        show_one(desk, view, int(asked), st.session_state.get(ORDER) or list(view.rows))
        return
    typed = drafts(desk.app, view)
    _overall(view, sum(typed.values()))
    if not any(row.cells for row in view.rows.values()):
        empty("还没有分派。请先在“分派”中把达标的申报派给专家。")
        return
    look = segments("看什么", "look", LOOKS)
    if look == "progress":
        _progress(view, typed)
    elif look == "severity":
        show_severity(desk, chosen.id)
    else:
        _applications(view, look)


def _overall(view: ScoresView, typed: int) -> None:
    states = view.states
    rows = view.rows.values()
    said = [
        f"评审中 {states['open']:,} 份（其中已起草 {typed:,} 份）",
        f"{STATES['reopened']} {states['reopened']:,} 份",
        f"{STATES['unseen']} {states['unseen']:,} 份",
        f"评分齐全的申报 {sum(row.complete for row in rows):,} / {len(rows):,} 个",
        f"有分歧提示的 {sum(bool(row.result.marks) for row in rows):,} 个",
    ]
    bar = bar_html(states["submitted"], sum(states.values()))
    st.html(
        f'<div class="sf-line"><b>已交评分</b> {bar} 份<span class="soft">{"；".join(map(escape, said))}</span></div>'
    )


def _progress(view: ScoresView, typed: dict[int, int]) -> None:
    rows = [
        [
            one.expert.code,
            one.expert.name,
            Html(bar_html(one.states["submitted"], one.assigned)),
            one.states["open"],
            typed.get(one.expert.id, 0),
            one.states["reopened"],
            one.states["unseen"],
            Html(_missing(one.missing)),
        ]
        for one in view.progress
    ]
    heads = ["编号", "专家", "已交 / 应评", "评审中", "其中已起草", "退回重评", "未开始", "还没有交的申报"]
    numeric = ["评审中", "其中已起草", "退回重评", "未开始"]
    show_table(heads, rows, numeric=numeric, nowrap=["编号", "专家", "已交 / 应评"])
    st.caption("专家按编号排列。回避的申报不计在内。“已起草”是专家已经填写、还没有提交的，工作人员看不到内容。")


def _missing(names: tuple[str, ...]) -> str:
    if len(names) <= FEW:
        return escape("、".join(names))
    listed = "".join(f"<li>{escape(name)}</li>" for name in names)
    return f"<details><summary>{len(names):,} 个</summary><ul>{listed}</ul></details>"


def _applications(view: ScoresView, look: str) -> None:
    rows = list(_wanted(view))
    st.session_state[ORDER] = [row.subject.id for row in rows]
    if not rows:
        empty("没有符合条件的申报。请放宽筛选条件。")
        return
    page = page_of(len(rows), size=PAGE, key="page-of-scores")
    st.write(f"共 {len(rows):,} 个申报。点名称打开，看各项指标的评分和评语。")
    html = matrix_html(view, rows[page]) if look == "matrix" else dots_html(view, rows[page], left_edge(rows))
    opened = linked(html, "scores")
    st.html(f'<p class="sf-legend">{MATRIX_KEY if look == "matrix" else DOTS_KEY}</p>')
    if opened:
        st.query_params["scored"] = opened
        st.rerun()


def _wanted(view: ScoresView) -> Iterator[ScoreRow]:
    """The applications that the filters let through, in official order."""
    boxes = st.columns(4)
    with boxes[0]:
        cities = dict.fromkeys(row.subject.city for row in view.rows.values())
        city = choice("地区", "city", {"": "全部", **{name: name for name in cities}})
    with boxes[1]:
        kind = choice("类型", "kind", KINDS)
    with boxes[2]:
        experts = {one.expert.code: f"{one.expert.code} {one.expert.name}" for one in view.progress if one.assigned}
        expert = choice("评审专家", "by", {"": "全部", **experts})
    with boxes[3]:
        only = choice("只看", "only", ONLY)
    return (
        row
        for row in view.rows.values()
        if (not city or row.subject.city == city)
        and (not kind or row.subject.kind == kind)
        and (not expert or any(cell.code == expert and not cell.recused for cell in row.cells))
        and (only != "marks" or row.result.marks)
        and (only != "gaps" or not row.complete)
    )
