"""What stands in a workbook of former years, what its rows become, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.errors import Refused
from core.services import cohorts as service
from core.services.cohort_books import Conflict, Opening
from core.services.cohorts import CohortPreview
from core.services.due import KIND_WORDS
from core.views.cohorts import CohortImport
from pages._parts.cell_errors import show_errors
from pages._parts.forms import act, pin, reason_form, unpin
from pages._parts.linked import linked
from pages._parts.tables import Html, page_of, show_table, table_html
from pages._parts.ways import FILES, follow, way
from pages._parts.words import PROVISIONAL, moment, short_day
from pages._shell import Desk

PAGE = 50
DONE = "cohort-done"
HEADS = ["行", "推荐单位", "平台（基地）名称", "类型", "建档后的状态", "起始日期", "期限"]
OVERDUE = '<span class="sf-state sf-tone-bad">✗ 逾期 {:,} 天</span>'
Forget = Callable[[bool], None]


def show_wrong(seen: CohortPreview) -> bool:
    """Says everything that stands against a workbook. Gives whether it may come in, perhaps after a confirmation."""
    for notice in seen.notices:
        st.info(notice)
    obstacle = seen.obstacle(others=True)
    certain = len(seen.conflicts) - len(seen.doubts)
    if seen.wrong:
        rest = f"没有问题的 {len(seen.rows):,} 行也先不建档。" if seen.rows else ""
        st.error(f"有 {len(seen.wrong):,} 处须改正，改好之前不能建档。请在工作簿中全部改好，再上传一次。{rest}")
    elif obstacle and certain and obstacle != seen.before:
        st.error(f"有 {certain:,} 行是已有的创建对象，不能重复建档。请在工作簿中删去或改好，再上传一次。")
    elif obstacle:
        st.error(obstacle)
    if seen.errors:
        show_errors(seen.errors, "page-of-cohort-errors")
    if seen.conflicts and not (obstacle and obstacle == seen.before):
        if not obstacle:
            st.warning(f"有 {len(seen.doubts):,} 行与已有的创建对象相像，请逐行核对是不是同一个。")
        _conflicts(seen.conflicts)
    return not obstacle


def _conflicts(found: Sequence[Conflict]) -> None:
    rows = page_of(len(found), size=PAGE, key="page-of-cohort-conflicts")
    lines = [
        [
            each.row,
            "✗ 已有" if each.certain else "? 请确认",
            each.sentence.partition("：")[2],
            Html(way("查看已有的对象", ("cases", (("case", str(each.case_id)),)))),
        ]
        for each in found[rows]
    ]
    table = table_html(["行", "级别", "与已有的创建对象", "对象"], lines, numeric=["行"], nowrap=["级别", "对象"])
    follow(linked(table, "cohort-conflicts"))


def show_preview(seen: CohortPreview, today: date) -> None:
    """What the rows become: status, since when, and the deadline that runs."""
    late = [each for each in seen.rows if each.overdue]
    st.write(f"共 {len(seen.rows):,} 个：{seen.counts()}。" + (f"其中 {len(late):,} 个期限已过。" if late else ""))
    only = bool(late) and st.toggle("只看期限已过的", key="cohort-only-late")
    shown = late if only else list(seen.rows)
    rows = page_of(len(shown), size=PAGE, key=f"page-of-cohort-{only}")
    show_table(
        HEADS,
        [_line(each, today) for each in shown[rows]],
        numeric=["行"],
        nowrap=["推荐单位", "类型", "建档后的状态", "起始日期"],
    )


def _line(each: Opening, today: date) -> list[Any]:
    due = f'<span class="nowrap">{each.deadline}　{short_day(each.due)}</span>' if each.due else ""
    marks = [OVERDUE.format((today - each.due).days)] if each.due and each.overdue else []
    marks += [PROVISIONAL] if each.provisional else []
    row, kind = each.row, KIND_WORDS[each.row.kind]
    return [row.row, row.city, row.name, kind, each.status_name, short_day(each.since), Html(" ".join([due, *marks]))]


def confirm(desk: Desk, seen: CohortPreview, data: bytes, forget: Forget) -> None:
    """Asks for the reason, and where rows are in doubt for a word on them, and brings the objects in."""
    with st.form("cohort-import"):
        st.write(
            f"将为 {len(seen.rows):,} 个对象建档，一次全部办完，逐个进入“创建对象”，期限从填写的日期起算。"
            "建档后、还没有其他办理之前，可以整批撤销。"
        )
        doubts = len(seen.doubts)
        others = bool(doubts) and st.checkbox(f"已核对：上面标“请确认”的 {doubts:,} 行确实要建档，不是重复")
        why = st.text_input("理由（必填）", placeholder="例如：工作台启用，登记往年认定的平台（基地）", max_chars=500)
        pressed = st.form_submit_button(f"为 {len(seen.rows):,} 个对象建档", type="primary")
    if not pressed:
        return

    def work() -> None:
        given = {"expected_sha256": seen.sha256, "why": why, "others": others}
        try:
            with st.spinner("正在建档，请稍候…"):
                done = service.import_cohort(desk.app, desk.actor, data, seen.name, **given)
        except Refused:
            forget(False)  # what stood against it shows in the table
            raise
        forget(True)
        unpin(DONE)
        pin(DONE, lambda: done.sentence)

    act(work)


def show_done() -> None:
    """What the last import did, and where to go from there."""
    done = pin(DONE, str)
    if done:
        st.success(done)
        if "cases" in FILES:
            st.page_link(FILES["cases"], label="去“创建对象”查看")


def past_imports(desk: Desk, found: Sequence[CohortImport], forget: Forget) -> None:
    """The imports there have been, and taking one back."""
    if not found:
        return
    st.subheader("办过的建档", anchor=False)
    show_table(
        ["时间", "办理人", "工作簿", "个数", "理由", "现在"],
        [[each.at, each.who, each.file, each.count, each.why, _ended(each)] for each in found],
        numeric=["个数"],
        nowrap=["时间", "办理人"],
    )
    standing = {each.id: each for each in found if each.ended_at is None}
    if not standing:
        return
    with st.expander("整批撤销一次建档"):
        chosen = st.selectbox(
            "撤销哪一次",
            list(standing),
            index=None,
            format_func=lambda number: _named(standing[number]),
            placeholder="请选择",
            key="cohort-take-back",
        )
        if chosen is not None:
            _take_back(desk, standing[chosen], forget)


def _take_back(desk: Desk, each: CohortImport, forget: Forget) -> None:
    why = reason_form(
        f"cohort-back-{each.id}",
        f"撤销后，这 {each.count:,} 个对象不再列为创建对象，期限不再提示；工作簿和办理经过仍然保存。"
        "其中任何一个已有其他办理的，不能整批撤销。",
        "整批撤销",
        primary=False,
        hint="例如：日期填错，改好后重新建档",
    )
    if why is not None:

        def work() -> str:
            forget(False)
            with st.spinner("正在撤销，请稍候…"):
                done = service.take_back(desk.app, desk.actor, each.id, why)
            unpin(DONE)
            return done.sentence

        act(work)


def _ended(each: CohortImport) -> str:
    if each.ended_at is None:
        return "有效"
    return f"已撤销：{each.ended_by}，{moment(each.ended_at)}，{each.ended_why}"


def _named(each: CohortImport) -> str:
    return f"{moment(each.at)}　{each.file}　{each.count:,} 个　{each.who}"
