"""The acts of 推荐接收: compare, take in, undo, decide on what came late or disappeared, answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.services import intake as service
from core.services.intake import Outcome
from core.services.intake_books import Preview
from core.services.received import received
from core.views import CityState, FolderView, RoundView
from pages._parts.difference import Shown, show_preview, slim
from pages._parts.forms import act, flash, flips_text, reason_form
from pages._parts.intake_states import way_of
from pages._parts.online_sync import last_run_line, synchronise
from pages._parts.tables import show_table
from pages._parts.watching import watch
from pages._parts.words import moment
from pages._shell import Desk

SEEN = "previews"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DONE = "outcomes"


def compare_and_take_in(desk: Desk, chosen: RoundView, seen: FolderView) -> None:
    """Step one reads and compares, step two takes in exactly what was shown. Online sheets may go both in one."""
    _show_outcomes()
    held: list[Shown] = st.session_state.get(SEEN, [])
    if not held:
        _begin(desk, chosen, seen)
        return
    st.subheader("受理前请核对：与已受理内容的差异", anchor=False)
    for each in held:
        show_preview(each)
    good = [each.preview for each in held if each.preview.problem is None]
    _take_in_form(desk, chosen, good)
    if st.button("先不受理，收起", key="put-away"):
        st.session_state.pop(SEEN, None)
        st.rerun()


def _begin(desk: Desk, chosen: RoundView, seen: FolderView) -> None:
    """The ways to begin: compare what waits; synchronise the online sheets, or compare them first."""
    waiting = [each.city for each in seen.cities if each.state in ("ready", "changed")]
    online = [each.city for each in seen.cities if each.link]
    row = st.container(horizontal=True)
    if waiting and row.button(f"读取并比较 {len(waiting)} 本待受理的工作簿", type="primary", key="compare"):
        act(lambda: _compare(desk, chosen, waiting, online))
    if online:
        kind: Literal["primary", "secondary"] = "secondary" if waiting else "primary"
        if row.button(f"同步在线表格（{len(online)} 个）", type=kind, key="synchronise"):
            act(lambda: _synchronise(desk, chosen))
        if row.button("在线表格先比较、再受理", key="compare-online"):
            act(lambda: _compare(desk, chosen, online, online))
        st.caption(last_run_line(desk, chosen))


def _compare(desk: Desk, chosen: RoundView, cities: Sequence[str], online: Sequence[str]) -> None:
    """Reads and compares. A file that was only saved anew is taken in too, so that it is no new version any more."""
    found = watch("正在读取工作簿", lambda tell: service.preview(desk.app, chosen.id, cities, progress=tell))
    st.session_state.pop(DONE, None)
    plain = [each for each in found if each.city in online and each.problem is None]
    same = [each for each in plain if not each.changes]
    blank = [each for each in plain if each.based_on is None and not (each.application_count or each.errors)]
    st.session_state[SEEN] = [slim(each) for each in found if each not in same and each not in blank]
    missing = [city for city in cities if city not in {each.city for each in found}]
    if missing:
        flash("warning", f"{'、'.join(missing)}的表格没有读到，原因请看“说明”一列；没有写的，同步一次就会写明。")
    if blank:
        flash("info", f"{'、'.join(each.city for each in blank)}的在线表格还没有填报。")
    if same:
        flash("info", f"{'、'.join(each.city for each in same)}的在线表格与已受理的内容一致，无需受理。")


def _synchronise(desk: Desk, chosen: RoundView) -> None:
    st.session_state.pop(DONE, None)
    result = synchronise(desk, chosen)
    st.session_state[DONE] = (result.sentence, list(result.outcomes))


def _take_in_form(desk: Desk, chosen: RoundView, good: Sequence[Preview]) -> None:
    if not good:
        st.info("没有可以受理的工作簿。")
        return
    cities = [each.city for each in good]
    late = [each.city for each in good if each.late]
    with st.form("take-in"):
        picked = st.pills("受理哪些市（点一下取消或选中）", cities, selection_mode="multi", default=cities)
        says = f"将受理 {len(cities)} 本工作簿，逐本整本受理，并把问题写回各市工作簿的“审核反馈”。受理后可以整本撤销。"
        st.write(says + (f"已过截止日，{'、'.join(late)}的改动先登记，由您另行决定是否受理。" if late else ""))
        why = st.text_input("说明（可不填）", placeholder="例如：第一批受理", max_chars=500)
        pressed = st.form_submit_button("受理所选", type="primary")
    if pressed:
        expected = {each.city: each.sha256 for each in good}

        def work() -> None:
            if not picked:
                raise Refused("还没有选择市。请至少选中一个再受理。")
            done = watch(
                "正在受理",
                lambda tell: service.take_in(
                    desk.app, desk.actor, chosen.id, picked, expected=expected, why=why, progress=tell
                ),
            )
            good = sum(each.ok for each in done)
            said = f"办理完毕：{good} 本已受理或登记，{len(done) - good} 本没有受理。"
            st.session_state[DONE] = (said, done)
            st.session_state.pop(SEEN, None)

        act(work)


def _show_outcomes() -> None:
    """What the last taking-in did, until something else is begun."""
    said, done = st.session_state.get(DONE, ("", []))
    if not said:
        return
    (st.success if all(each.ok for each in done) else st.warning)(said)
    show_table(
        ["推荐单位", "结果", "反馈"],
        [[each.city, f"{each.sentence}{flips_text(each.flips)}", each.feedback_sentence] for each in done],
        nowrap=["推荐单位"],
    )
    if st.button("知道了", key="outcomes-read"):
        st.session_state.pop(DONE, None)
        st.rerun()


def late_ones(desk: Desk, late: Sequence[CityState]) -> None:
    """Workbooks that came after the deadline wait for a person."""
    for each in late:
        with st.expander(f"{each.city}逾期报送，待决定是否受理", expanded=True):
            one, two = st.columns(2)
            with one:
                why = reason_form(f"accept-{each.held_id}", "同意后，这次报送的内容生效并重新审核。", "同意受理")
                if why is not None:
                    act(lambda each=each, why=why: _said(service.accept_held(desk.app, desk.actor, each.held_id, why)))
            with two:
                why = reason_form(
                    f"decline-{each.held_id}",
                    "不受理时，仍按原来的内容审核；报来的文件保存备查。",
                    "不予受理",
                    primary=False,
                )
                if why is not None:
                    act(lambda each=each, why=why: _said(service.decline_held(desk.app, desk.actor, each.held_id, why)))


def withdrawals(gone: pd.DataFrame) -> None:
    """Applications that disappeared from a workbook."""
    if gone.empty:
        return
    with st.expander(f"{len(gone)} 个申报已不在市里的工作簿中，待确认是否撤回", expanded=False):
        for row in gone.itertuples():
            st.page_link(
                "checks.py", label=f"{row.地区} {row.编号} {row.名称}：去确认", query_params={"app": str(row.id)}
            )


def city_detail(desk: Desk, chosen: RoundView, each: CityState) -> None:
    """One recommender: where the feedback went, sending it again, undoing the newest intake."""
    st.subheader(each.city, anchor=False)
    if each.taken_at:
        way = way_of(each)
        sent = f"反馈{way}：{each.feedback_name}" if way else "反馈尚未送出"
        st.write(f"{moment(each.taken_at)} 受理，{each.applications} 个申报。{sent}。")
    if each.intake_id is not None:
        newest = each.held_id or each.intake_id
        _errors(desk, newest)
        st.download_button(
            "下载收到的原件",
            lambda: received(desk.app, desk.actor, newest)[1],
            file_name=each.received_name,
            mime=XLSX,
            on_click="ignore",
            help="受理时保存的内容，市里此后的改动不在其中。",
        )
    if not desk.may(Permission.TAKE_IN) or each.intake_id is None:
        return
    one, two = st.columns(2)
    with one, st.form(f"feedback-{each.city}"):
        beside = "" if each.link else "工作簿正被打开时，另存一份在旁边。"
        st.write(f"按目前的审核结论和认定，把问题重新写入“审核反馈”。{beside}")
        if st.form_submit_button("重新反馈"):

            def send() -> None:
                for sent in service.send_feedback(desk.app, desk.actor, chosen.id, [each.city]):
                    flash("success", f"{sent.city}：{sent.sentence}")

            act(send)
    with two:
        why = reason_form(
            f"undo-{each.intake_id}", f"整本撤销{each.city}最近一次受理，恢复到此前的内容。", "撤销受理", primary=False
        )
        if why is not None:
            act(lambda: _said(service.undo(desk.app, desk.actor, each.intake_id or 0, why)))


def _errors(desk: Desk, intake_id: int) -> None:
    """What the city has been told of its workbook, cell by cell."""
    found = views.intake_errors(desk.app, intake_id)
    if found.empty:
        st.caption("工作簿没有填报问题。")
        return
    with st.expander(f"填报问题 {len(found)} 处"):
        words = {"error": "须改正", "warning": "请核对"}
        show_table(
            ["工作表", "单元格", "级别", "问题"],
            [[row["工作表"], row["单元格"], words[row["级别"]], row["问题"]] for row in found.to_dict("records")],
        )


def _said(outcome: Outcome) -> str:
    return outcome.sentence + flips_text(outcome.flips)
