"""专家评审, the tab 评分工作簿: made for experts without access, and taken in when they come back."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import scoring_books as service
from core.services.panel import Panel
from core.services.score_book_files import Terms, archive_name, book_name
from core.services.score_book_reading import CHANGES, BookPreview, Cell, RowChange
from core.views import RoundView
from core.views.scoring_books import BookExpert, TakenBook, book_experts, taken_books
from pages._parts.cell_errors import show_errors
from pages._parts.forms import act, reason_form
from pages._parts.tables import Html, empty, page_of, show_table
from pages._parts.words import moment
from pages._shell import Desk

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 40
SHORT = 6
EXPERTS = 10  # in sight above what is done with their workbooks
SEEN = "score-books-seen"


def show_books(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """Shows the tab."""
    if seen.settings is None:
        empty("还没有定评审设置，不能制作评分工作簿。请先在“评审设置”中确定。")
        return
    found = book_experts(desk.app, chosen.id)
    if not found:
        empty("还没有分派。请先在“分派”中把达标的申报派给专家，再给不能登录的专家制作评分工作簿。")
    else:
        st.caption("不能登录工作台的专家，用工作簿评分：下载后发给本人，填好收回，在这里上传、核对、受理。")
        _who(found)
    if desk.may(Permission.MANAGE_SCORING) and found:
        left, right = st.columns(2, gap="large")
        with left:
            _make(desk, chosen, seen, found)
        with right:
            books = _uploaded(desk, chosen)
        for number, (preview, data) in enumerate(books):
            _book(desk, chosen, preview, data, number)
    _taken(desk, taken_books(desk.app, chosen.id))


def _who(found: Sequence[BookExpert]) -> None:
    rows = page_of(len(found), size=EXPERTS, key="page-of-score-book-experts")
    show_table(
        ["编号", "专家", "工作单位", "怎样评分", "应评", "已交", "未交"],
        [
            [
                each.expert.code,
                each.expert.name,
                "、".join(each.expert.expert.units),
                "可以登录评分，也可以用工作簿" if each.signs_in else "用工作簿",
                each.assigned,
                each.handed,
                each.assigned - each.handed,
            ]
            for each in found[rows]
        ],
        numeric=["应评", "已交", "未交"],
        nowrap=["编号", "专家"],
    )


def _make(desk: Desk, chosen: RoundView, seen: Panel, found: Sequence[BookExpert]) -> None:
    st.subheader("1 下载评分工作簿", anchor=False)
    named = {each.expert.id: f"{each.expert.code} {each.expert.name}" for each in found}
    without = [each.expert.id for each in found if not each.signs_in]
    whom = st.multiselect(
        "发给哪些专家",
        list(named),
        format_func=lambda number: named[number],
        placeholder=f"没有账户的 {len(without):,} 位专家" if without else "请选择",
        key="score-books-whom",
    )
    whom = whom or without
    left, right = st.columns(2)
    until = left.date_input("请专家在哪天前交回（选填）", value=None, format="YYYY-MM-DD", key="score-books-until")
    send = right.text_input("交回方式（选填）", placeholder="例如：发至某某邮箱", max_chars=200, key="score-books-send")
    terms = Terms(until, send)
    if not whom:
        st.caption("各位专家都有账户。要用工作簿的，选定专家后下载。")
    elif len(whom) == 1:
        st.download_button(
            f"下载 {named[whom[0]]} 的评分工作簿",
            lambda: service.build_book(desk.app, desk.actor, chosen.id, whom[0], terms)[1],
            book_name(seen, seen.experts[whom[0]]),
            XLSX,
            on_click="ignore",
            type="primary",
        )
    else:
        st.download_button(
            f"下载 {len(whom)} 位专家的评分工作簿（压缩包）",
            lambda: service.archive(desk.app, desk.actor, chosen.id, whom, terms)[1],
            archive_name(seen),
            "application/zip",
            on_click="ignore",
            type="primary",
        )
    st.caption("每本只有这位专家应评的申报，不含应当回避的。工作簿按下载时的分派制作，改派以后请重新下载。")


def _uploaded(desk: Desk, chosen: RoundView) -> list[tuple[BookPreview, bytes]]:
    """The workbooks that were uploaded, each read and compared once."""
    st.subheader("2 上传收回的工作簿", anchor=False)
    files = st.file_uploader(
        "选择专家填好的工作簿，可以一次选多本",
        key="score-books-files",
        accept_multiple_files=True,
        help="上传后先核对、不受理；核对无误，点“受理评分”才生效",
    )
    held: dict[str, BookPreview] = st.session_state.setdefault(SEEN, {})
    for gone in set(held) - {each.file_id for each in files}:
        del held[gone]
    for each in files:
        if each.file_id not in held:
            with st.spinner(f"正在读取并核对“{each.name}”，请稍候…"):
                held[each.file_id] = service.preview(desk.app, desk.actor, chosen.id, each.name, each.getvalue())
    return [(held[each.file_id], each.getvalue()) for each in files]


def _book(desk: Desk, chosen: RoundView, seen: BookPreview, data: bytes, number: int) -> None:
    """One workbook: what is wrong with it, what it would change, and the button."""
    with st.container(border=True):
        whose = "" if seen.expert is None else f"{seen.expert.code} {seen.expert.name}：{seen.counts}"
        st.html(f'<div class="sf-line"><b>{escape(seen.name)}</b><span>{escape(whose)}</span></div>')
        for notice in seen.notices:
            st.info(notice)
        if seen.wrong:
            rest = "没有问题的各行也先不受理。" if seen.rows else ""
            st.error(f"有 {len(seen.wrong):,} 处须改正，改好之前不能受理。请专家改好后重新上传。{rest}")
        elif seen.obstacle:
            (st.error if seen.problem else st.info)(seen.obstacle)
        if seen.errors:
            show_errors(seen.errors, f"page-of-score-errors-{number}")
        if seen.rows:
            _rows(seen, number)
        if not seen.obstacle:
            _confirm(desk, chosen, seen, data, number)


def _rows(seen: BookPreview, number: int) -> None:
    rows = page_of(len(seen.rows), size=PAGE, key=f"page-of-score-book-{number}")
    show_table(
        ["推荐地区", "平台（基地）名称", "类型", "办理", "内容（原来 → 现在）"],
        [
            [each.subject.city, each.subject.name, _kind(each), CHANGES[each.change], Html(_change(each))]
            for each in seen.rows[rows]
        ],
        nowrap=["推荐地区", "类型", "办理"],
    )
    if seen.empty:
        st.caption(f"没有填的 {len(seen.empty):,} 项，不变：{'、'.join(seen.empty)}。")
    if seen.drafts:
        st.warning(f"专家在工作台里填了一部分、还没有提交：{'、'.join(seen.drafts)}。受理后以工作簿为准。")


def _kind(each: RowChange) -> str:
    return "平台" if each.subject.kind == "platform" else "基地"


def _change(each: RowChange) -> str:
    said = "；".join(_cell(one, each) for one in each.cells)
    held = each.change == "recused" and each.number and each.assigned and each.assigned.sheet
    return f"{said}（已交的评分不再计入）" if held else said


def _cell(one: Cell, each: RowChange) -> str:
    new = f"<ins>{escape(one.new) or '（空）'}</ins>"
    old = f"<del>{escape(one.old) or '（空）'}</del> → " if each.change == "changed" else ""
    said = f"{escape(one.column)} {old}{new}"
    # a score stays on one line with what it was; a comment may be long
    return f'<span class="nowrap">{said}</span>' if max(len(one.old), len(one.new)) <= SHORT else said


def _confirm(desk: Desk, chosen: RoundView, seen: BookPreview, data: bytes, number: int) -> None:
    changed = len(seen.overriding)
    with st.form(f"score-book-{number}", border=False):
        why = ""
        if changed:
            why = st.text_input(
                f"理由（必填）：{changed:,} 项评分已经受理，要按工作簿改动",
                placeholder="例如：专家书面更正",
                max_chars=500,
            )
        pressed = st.form_submit_button("受理评分", type="primary", key=f"score-book-take-{number}")
    if not pressed:
        return

    def work() -> str:
        try:
            done = service.take_in(desk.app, desk.actor, chosen.id, seen.name, data, seen.based_on, why)
        except Refused:
            forget()  # what stood against it shows in the table
            raise
        forget()
        return f"已受理“{done.name}”：{done.counts}。"

    act(work)


def forget() -> None:
    """Lets the workbooks be compared anew: what stands has changed."""
    st.session_state.pop(SEEN, None)


def _taken(desk: Desk, found: Sequence[TakenBook]) -> None:
    if not found:
        return
    st.subheader("受理过的工作簿", anchor=False)
    rows = page_of(len(found), size=PAGE, key="page-of-score-books")
    show_table(
        ["时间", "办理人", "专家", "工作簿", "内容", "理由", "现在"],
        [_line(each) for each in found[rows]],
        nowrap=["时间", "办理人", "专家"],
    )
    standing = {each.id: each for each in found if each.undone is None}
    if not standing or not desk.may(Permission.MANAGE_SCORING):
        return
    with st.expander("撤销一次受理"):
        number = st.selectbox(
            "撤销哪一次",
            list(standing),
            index=None,
            format_func=lambda one: f"{moment(standing[one].at)}　{standing[one].file}　{standing[one].who}",
            placeholder="请选择",
            key="score-book-back",
        )
        if number is not None:
            _take_back(desk, standing[number])


def _line(each: TakenBook) -> list[Any]:
    now = "有效"
    if each.undone is not None:
        at, who, why = each.undone
        now = f"已撤销：{who}，{moment(at)}，{why}"
    return [each.at, each.who, f"{each.code} {each.name}", each.file, each.did, each.why, now]


def _take_back(desk: Desk, each: TakenBook) -> None:
    why = reason_form(
        f"score-book-back-{each.id}",
        "撤销后，这本工作簿办过的各项恢复为受理前的情况：原来有评分的恢复原来的评分，原来没有的退回重评，"
        "申请的回避解除、恢复分派。其中任何一项后来又有办理的，不能整本撤销。",
        "撤销受理",
        primary=False,
        hint="例如：上传了旧的文件",
    )
    if why is not None:

        def work() -> str:
            forget()
            service.take_back(desk.app, desk.actor, each.id, each.version, why)
            return f"已撤销受理“{each.file}”，各项恢复为受理前的情况。"

        act(work)
