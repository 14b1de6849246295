"""条件审核: applications by criteria at a glance, and one application in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd
import streamlit as st

from core import views
from core.accounts import Permission
from core.standards import loader
from pages._parts.application import show_application
from pages._parts.chart import show_distances
from pages._parts.filters import choice, segments
from pages._parts.linked import linked
from pages._parts.matrix import legend, matrix_html
from pages._parts.tables import empty, page_of
from pages._parts.words import VERDICT_WORDS
from pages._shell import Desk, open_page, the_round

PAGE = 20
KINDS = {"platform": "平台", "base": "基地"}

desk = open_page("条件审核", Permission.READ_CHECKS, "逐个申报、逐项指标对照标准，认定待定的项目，核定有出入的数值。")
chosen = the_round(desk)


def overview(desk: Desk) -> None:
    """The matrix of a kind with its filters, or the chart."""
    left, right = st.columns([1, 1])
    with left:
        kind = segments("类型", "kind", KINDS)
    with right:
        look = segments("看法", "look", {"matrix": "审核矩阵", "chart": "与标准的距离"})
    frame = views.application_matrix(desk.app, chosen.id, kind)
    if frame.empty:
        empty(f"还没有受理{KINDS[kind]}申报。", page="intake.py", label="去推荐接收")
        return
    edition = loader.load(chosen.standard_id)
    criteria = {one.code: one for one in edition.criteria if one.code in frame.columns}
    boxes = st.columns([1, 1, 1, 1, 1.3])
    with boxes[0]:
        city = choice("地区", "city", {"": "全部", **{name: name for name in frame["地区"].unique()}})
    with boxes[1]:
        application = choice("申报类别", "stage", {"": "全部", **{name: name for name in frame["申报类别"].unique()}})
    with boxes[2]:
        category = choice(
            "平台类别", "category", {"": "全部", **{name: name for name in frame["平台类别"].unique() if name}}
        )
    with boxes[3]:
        verdict = choice(
            "结论", "verdict", {"": "全部", **{code: f"{m} {w}" for code, (w, m) in VERDICT_WORDS.items()}}
        )
    with boxes[4]:
        criterion = choice(
            "看哪项指标的结论", "criterion", {"": "总的结论", **{c: one.name for c, one in criteria.items()}}
        )
    wanted = {"地区": city, "申报类别": application, "平台类别": category, criterion or "结论": verdict}
    # places, not a frame: copying thirty columns of texts to show twenty rows is what a click would wait for
    places = [place for place, fits in enumerate(_fitting(frame, wanted)) if fits]
    numbers = frame.index[places]
    if look == "chart":
        show_distances(views.distances(desk.app, chosen.id, kind), numbers, criteria)
        return
    st.session_state["shown-applications"] = numbers.tolist()
    verdicts = frame["结论"].tolist()
    counts = Counter(verdicts[place] for place in places)
    said = "，".join(f"{mark} {word} {counts[code]:,}" for code, (word, mark) in VERDICT_WORDS.items())
    st.write(f"共 {len(places):,} 个申报：{said}。点名称或任一格，打开这个申报。")
    if not places:
        empty("没有符合条件的申报。请放宽筛选条件。")
        return
    rows = page_of(len(places), size=PAGE, key="page-of-matrix")
    opened = linked(matrix_html(frame.iloc[places[rows]], criteria, highlight=criterion), "matrix")
    legend()
    if opened:
        number, _, item = opened.partition("/")
        st.query_params["app"] = number
        if item:
            st.query_params["item"] = item
        st.rerun()


def _fitting(frame: pd.DataFrame, wanted: Mapping[str, str]) -> Iterator[bool]:
    """Row by row, whether it has every value that is wanted ('' is any)."""
    columns = [(frame[column].tolist(), value) for column, value in wanted.items() if value]
    return (all(cells[place] == value for cells, value in columns) for place in range(len(frame)))


asked = st.query_params.get("app", "")
if asked.isdigit():
    show_application(desk, int(asked))
else:
    overview(desk)
