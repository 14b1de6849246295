"""One sheet in full: what was reported and judged on the left, the form (or what was handed in) on the right."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from core.scoring.typed import COMMENTS, COUNTS, SCORES
from core.views.my_reviews import SheetView, my_facts
from core.views.review_facts import MATERIALS, Listed, ReviewFacts
from pages._parts.review_form import clock_time, review_form
from pages._parts.review_sight import decline
from pages._parts.tables import show_table, table_html
from pages._parts.words import badge
from pages._shell import Desk


def show_sheet(desk: Desk, seen: SheetView, back: Callable[[], None]) -> None:
    """The sheet with the ways from it."""
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        back()
    sight = seen.sight
    about = f"{sight.city}，{sight.kind}，{sight.operator}"
    bar.html(f'<h2 class="sf-name">{escape(sight.name)}<span class="soft">{escape(about)}</span></h2>', width="stretch")
    if seen.following and bar.button("下一份未交的 →", key="following"):
        st.query_params["sheet"] = str(seen.following)
        st.rerun()
    if seen.state == "reopened":
        st.warning(f"省厅经办退回了这份评审：{seen.why} 上次提交的内容已经填在下面，请修改后再提交。")
    left, right = st.columns([1, 1.05], gap="medium")
    with left:
        st.html(_facts_html(my_facts(desk.app, desk.actor, sight.id)))
    with right:
        if seen.state == "submitted":
            _handed_in(desk, seen)
        else:
            review_form(desk, sight.id)
            with st.expander("评审中发现与申报单位有利害关系的，在这里申请回避"):
                decline(desk, sight)


def _facts_html(known: ReviewFacts) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.name)}<small>{escape(each.clause)}</small></td>"
        f'<td class="nowrap">{badge(each.verdict)}</td>'
        f'<td class="num">{escape(each.value)}</td><td>{escape(each.required)}</td></tr>'
        for each in known.judgements
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("指标", "结论", "数值", "要求"))
    parts = [
        _part(
            "审核结论", f'<table class="sf sf-tight"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>', True
        )
    ]
    for sheet, figures in known.sheets:
        verified = any(each.verified for each in figures)
        names = ["项目", "填报值", "核定值"] if verified else ["项目", "填报值"]
        lines = ([each.column, each.reported or "（空）", each.verified][: len(names)] for each in figures)
        parts.append(_part(sheet, table_html(names, lines), sheet != MATERIALS))
    parts += [_list(each) for each in known.lists]
    return f'<div class="sf-rv-facts" tabindex="0" role="region" aria-label="申报情况">{"".join(parts)}</div>'


def _list(listed: Listed) -> str:
    return _part(f"{listed.sheet}（{len(listed.rows)} 行）", table_html(listed.heads, listed.rows), False)


def _part(title: str, html: str, opened: bool) -> str:
    return f"<details{' open' if opened else ''}><summary>{escape(title)}</summary>{html}</details>"


def _handed_in(desk: Desk, seen: SheetView) -> None:
    st.html(
        f'<p class="sf-legend"><span class="sf-state sf-tone-good">已交</span> {clock_time(desk.app, seen.at)} 提交，'
        "内容已经锁定。确需修改的，请与省厅经办联系，由经办退回重评。</p>"
    )
    heads = ["指标", "权重", "得分", "数出的条数"] + (["评语"] if seen.texts[COMMENTS] else [])
    rows = []
    for each in seen.boxes:
        held = [seen.texts[part].get(each.code, "") for part in (SCORES, COUNTS, COMMENTS)]
        rows.append([each.name, each.weight, *held][: len(heads)])
    show_table(heads, rows, numeric=["权重", "得分", "数出的条数"], nowrap=["指标"])
    st.html(f'<p class="sf-rv-own">加权总分（满分 100）：<b>{escape(seen.total)}</b></p>')
    if seen.others:
        st.subheader("其他专家的评分", anchor=False)
        codes = [each.code for each in seen.others]
        rows = [[each.name, *(other.scores.get(each.code, "") for other in seen.others)] for each in seen.boxes]
        rows.append(["总分", *(other.total for other in seen.others)])
        show_table(["指标", *codes], rows, numeric=codes, nowrap=["指标"])
