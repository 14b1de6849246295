"""One application and all that its experts said: scores, spread, comments, how the score comes about, giving back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape

import streamlit as st

from core.accounts import Permission
from core.scoring.method import method
from core.scoring.results import MARKS, Summary
from core.scoring.settings import AGGREGATIONS
from core.scoring.shown import Exact, shown, shown_root
from core.services import scoring
from core.services.panel import STATES, PanelExpert
from core.views.scores import ScoreCell, ScoreRow, ScoresView
from pages._parts.dossier import decision_link
from pages._parts.forms import act, pin, reason_form, unpin
from pages._parts.score_tables import MISSING, passed_text, spread_texts
from pages._parts.tables import Html, empty, facts, show_table
from pages._parts.words import moment
from pages._shell import Desk

KINDS = {"platform": "平台", "base": "基地"}
VIA = {"app": "在线填写", "workbook": "评分工作簿"}


def show_one(desk: Desk, view: ScoresView, number: int, order: Sequence[int]) -> None:
    """The application with this number; `order`: those that were shown, to go from one to the next."""
    row = view.rows.get(number)
    if row is None:
        _back()
        empty("没有这个申报，或者它没有达标、也没有分派给专家。")
        return
    known = {one.code: one for one in view.panel.experts.values()}
    _head(row, order)
    _facts(view, row)
    decision_link(desk, number)
    if row.result.marks:
        apart = "，".join(MARKS[mark] for mark in row.result.marks)
        st.warning(f"{apart}。请看各位专家的评语，判断是否请专家复议；程序不改分。")
    if not row.complete:
        st.info(row.result.gap)
    _scores(view, row, known)
    _states(view, row, known)
    _comments(view, row, known)
    _method(view, row)
    if desk.may(Permission.MANAGE_SCORING):
        _reopening(desk, row, known)


def _back() -> None:
    if st.button("← 回到评分表", key="scores-back"):
        st.query_params.pop("scored", None)
        st.rerun()


def _head(row: ScoreRow, order: Sequence[int]) -> None:
    number = row.subject.id
    place = order.index(number) if number in order else None
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        _back()
    bar.html(f'<h2 class="sf-name">{escape(row.subject.name or "（未填名称）")}</h2>', width="stretch")
    for label, step in (("上一个", -1), ("下一个", 1)):
        there = None if place is None or not 0 <= place + step < len(order) else order[place + step]
        if bar.button(label, disabled=there is None, key=f"scores-step-{step}"):
            st.query_params["scored"] = str(there)
            st.rerun()


def _facts(view: ScoresView, row: ScoreRow) -> None:
    settings = view.settings
    spread, deviation = spread_texts(row.result)
    told = {
        "地区": row.subject.city,
        "编号": row.subject.key,
        "类型": KINDS[row.subject.kind],
        "运营主体": row.subject.subject.operator,
        "得分": view.aggregate_text(row) or MISSING,
        "极差": spread,
        "标准差": deviation,
        "已交": f"{len(row.result.handed_in)} / {max(row.result.asked, len(row.result.assigned))} 位专家",
    }
    if settings.pass_line is not None:
        told["合格线"] = f"{shown(settings.pass_line)}　{passed_text(row.result.passed)}"
    if settings.grades is not None:
        told["等次"] = row.grade or MISSING
    if not row.subject.eligible:
        told["审核结论"] = "不是“达标”，按规定不进入评审"
    facts(told)


def _named(expert: PanelExpert) -> str:
    return f"{expert.code} {expert.name}"


def _scores(view: ScoresView, row: ScoreRow, known: Mapping[str, PanelExpert]) -> None:
    """The six indicators by expert, with what they come to; below them the totals."""
    settings, codes = view.settings, row.result.handed_in
    st.subheader("各项指标的评分", anchor=False)
    if not codes:
        empty("还没有专家交评分。")
        return
    heads = ["指标", "权重", "满分", *(_named(known[code]) for code in codes), "合成", "极差", "标准差"]
    lines = [
        [
            view.panel.rubric.names[code],
            f"{settings.weights[code].normalize():f}",
            f"{settings.scale_of(code).top.normalize():f}",
            *_figures(row.result.indicators[code], codes),
        ]
        for code in settings.weights
    ]
    whole = _figures(row.result.total, codes, view.aggregate_text(row))
    total = [Html("<b>总分</b>"), "100", "100", *(Html(f"<b>{escape(text)}</b>") for text in whole)]
    show_table(heads, [*lines, total], numeric=heads[1:])


def _figures(made: Summary, codes: Sequence[str], aggregate: str = "") -> list[str]:
    return [
        *(shown(made.by_expert[code]) for code in codes),
        aggregate or _shown(made.aggregate),
        _shown(made.range),
        MISSING if made.variance is None else shown_root(made.variance),
    ]


def _shown(value: Exact | None) -> str:
    return MISSING if value is None else shown(value)


def _states(view: ScoresView, row: ScoreRow, known: Mapping[str, PanelExpert]) -> None:
    """Who scores it and how far each is; who is recused or was taken off it."""
    number = row.subject.id
    recused = view.recused(number)
    lines = [
        [
            _named(known[cell.code]),
            "回避" if cell.recused else STATES[cell.assigned.state],
            _said(cell, recused.get(cell.code, "")),
        ]
        for cell in row.cells
    ]
    lines += [
        [_named(known[each.code]), "已撤回分派", each.end_reason]
        for each in view.panel.ended
        if each.application_id == number
    ]
    gone = {cell.code for cell in row.cells} | {each.code for each in view.panel.ended if each.application_id == number}
    lines += [[_named(known[code]), "回避", why] for code, why in recused.items() if code not in gone]
    if lines:
        st.subheader("评审专家", anchor=False)
        show_table(["专家", "情况", "说明"], lines, nowrap=["专家", "情况"])


def _said(cell: ScoreCell, recused: str) -> str:
    if recused:
        return recused
    if cell.total is None:
        return ""
    return f"{moment(cell.assigned.at)} 提交（{VIA.get(cell.assigned.via, cell.assigned.via)}）"


def _comments(view: ScoresView, row: ScoreRow, known: Mapping[str, PanelExpert]) -> None:
    sheets = {cell.code: sheet for cell in row.cells if cell.total is not None and (sheet := cell.assigned.sheet)}
    lines = [
        [name if first else "", _named(known[code]), text]
        for indicator, name in view.panel.rubric.names.items()
        for first, (code, text) in _first(
            [(code, sheet.comments.get(indicator, "").strip()) for code, sheet in sheets.items()]
        )
    ]
    if lines:
        st.subheader("专家的评语", anchor=False)
        show_table(["指标", "专家", "评语"], lines, nowrap=["指标", "专家"])


def _first(said: Sequence[tuple[str, str]]) -> list[tuple[bool, tuple[str, str]]]:
    """Those who said something, each with whether it is the first: the indicator is named once."""
    return [(place == 0, one) for place, one in enumerate([one for one in said if one[1]])]


def _method(view: ScoresView, row: ScoreRow) -> None:
    with st.expander("得分怎样得来", key=f"scores-method-{row.subject.id}"):
        st.write(f"本轮的合成办法：{AGGREGATIONS[view.settings.aggregation]}（{view.panel.document}）。")
        if said := _reckoned(view, row):
            st.write(said)
        for text in method().of_score(view.settings):
            st.write(text)


def _reckoned(view: ScoresView, row: ScoreRow) -> str:
    """The sum with this application's own figures; '' while a score is missing."""
    whole = row.result.total
    if whole.aggregate is None:
        return ""
    kept: list[Fraction] = [total for code, total in whole.by_expert.items() if code not in whole.dropped]
    figures = "、".join(shown(total) for total in kept)
    left_out = "".join(f"去掉{code}的 {shown(whole.by_expert[code])}；" for code in whole.dropped)
    score = view.aggregate_text(row)
    return f"本申报：{left_out}计入的总分是 {figures}，得分 {score}（用未取舍的数计算，显示时取两位小数）。"


def _reopening(desk: Desk, row: ScoreRow, known: Mapping[str, PanelExpert]) -> None:
    handed_in = {cell.code: cell.assigned for cell in row.cells if cell.total is not None}
    if not handed_in:
        return
    number = row.subject.id
    with st.expander("退回重评", key=f"scores-reopening-{number}"):
        code = st.selectbox(
            "退回哪位专家的评分", list(handed_in), format_func=lambda code: _named(known[code]), key=f"reopen-{number}"
        )
        one = handed_in[code]
        name = f"reopen-{one.id}"
        seen = pin(name, lambda: one.number)
        says = (
            f"退回后，{_named(known[code])}对这项申报的评分不再计入，"
            "专家在原来的评分上修改后重新提交；原来的评分留存备查。"
        )
        why = reason_form(f"{name}-{seen}", says, "退回重评", primary=False, hint="如：与其他专家分歧较大，请复议")
    if why is not None:

        def work() -> str:
            unpin(name)
            scoring.reopen(desk.app, desk.actor, one.id, seen, why)
            return f"已把{_named(known[code])}对“{row.subject.name}”的评分退回重评。"

        act(work)
