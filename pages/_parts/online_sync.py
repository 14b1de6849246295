"""⑤ of 在线表格: the last run, the next, the ten before; and the act itself, which 推荐接收 has too."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from core.accounts import Permission
from core.services import online_sync as service
from core.services.online_setup import KeyState
from core.services.online_sync import SyncResult
from core.views import RoundView
from core.views.online import OnlineView, synchronising
from core.views.sync_runs import STATES, TRIGGERS, SyncRun, newest_runs
from pages._parts.forms import act, flash
from pages._parts.online_sheets import open_link
from pages._parts.tables import Html, show_table
from pages._parts.watching import watch
from pages._parts.words import moment
from pages._shell import Desk

RUNNING = "有人正在同步，或者定时同步正在进行，同一时间只能有一个。过一会儿刷新页面，就能看到结果。"


def synchronise(desk: Desk, chosen: RoundView) -> SyncResult:
    """Synchronises now, with progress. Raises Refused."""
    result = watch("正在同步在线表格", lambda tell: service.sync(desk.app, desk.actor, chosen.id, progress=tell))
    assert result is not None, "a run on demand is always due"
    return result


def sync_part(desk: Desk, chosen: RoundView, key: KeyState, seen: OnlineView) -> None:
    """How synchronising goes, and the button."""
    if seen.running:
        st.info(RUNNING)
    if desk.may(Permission.TAKE_IN) and seen.ready and key.email:
        if st.button(f"立即同步 {len(seen.ready)} 个在线表格", key="online-sync", type="primary"):
            act(lambda: _now(desk, chosen))
        st.caption("有改动的直接受理，并把问题写回各市的表格；过了截止日的先登记待定。与“推荐接收”中的同步是一回事。")
    elif not seen.ready:
        st.caption("建立表格之后才能同步。")
    st.write(_next(seen, desk.app.clock.now()))
    if seen.runs:
        last_run(seen, seen.runs[0])
    if len(seen.runs) > 1:
        st.write(f"**最近 {len(seen.runs)} 次**")
        rows = [
            [
                moment(run.started_at),
                f"{TRIGGERS[run.trigger]}（{run.who}）" if run.trigger != "schedule" else TRIGGERS[run.trigger],
                took(run),
                _result(run),
                run.sentence if run.state == "failed" else "、".join(book.city for book in run.books if not book.ok),
                spent(run),
            ]
            for run in seen.runs
        ]
        heads = ["开始时间", "方式", "用时", "结果", "原因或有问题的市", "请求次数"]
        show_table(heads, rows, nowrap=["开始时间", "方式", "用时", "结果", "请求次数"])


def _now(desk: Desk, chosen: RoundView) -> None:
    done = synchronise(desk, chosen)
    flash("success" if all(each.ok for each in newest_runs(desk.app, chosen.id)[0].books) else "warning", done.sentence)


def last_run_line(desk: Desk, chosen: RoundView) -> str:
    """How the newest run ended, in one line, for 推荐接收."""
    if synchronising(desk.app):
        return RUNNING
    runs = newest_runs(desk.app, chosen.id)
    if not runs:
        return "在线表格还没有同步过。同步时，有改动的直接受理，并把问题写回各市的表格。"
    return f"上次同步：{moment(runs[0].started_at)}，{_who(runs[0])}。{runs[0].sentence}"


def last_run(seen: OnlineView, run: SyncRun) -> None:
    """What the newest run did, sheet by sheet."""
    st.write(f"**上次：{moment(run.started_at)}**，{_who(run)}，{took(run)}。{run.sentence}")
    if run.books:
        links = {each.city: each.link for each in seen.cities}
        rows = [
            [
                book.city,
                Html(_mark("good", "✓ 正常") if book.ok else _mark("bad", "✗ 有问题")),
                book.sentence,
                book.feedback,
                open_link(links.get(book.city, "")),
            ]
            for book in run.books
        ]
        show_table(["推荐单位", "结果", "说明", "反馈", "表格"], rows, nowrap=["推荐单位", "结果", "表格"])
    st.caption(f"本次向 Google 请求：{spent(run)}。每分钟读、写各不超过 60 次，由程序控制，不会超。")


def took(run: SyncRun) -> str:
    """How long a run took."""
    if run.ended_at is None:
        return "还没有结束"
    seconds = max(int((run.ended_at - run.started_at).total_seconds()), 1)
    return f"用时 {seconds} 秒" if seconds < 60 else f"用时 {seconds // 60} 分 {seconds % 60} 秒"


def spent(run: SyncRun) -> str:
    """Requests of a run."""
    again = f"，其中重试 {run.retries}" if run.retries else ""
    return f"读 {run.reads}，写 {run.writes}，云端硬盘 {run.drive}{again}"


def _next(seen: OnlineView, now: datetime) -> str:
    if not seen.minutes:
        return "没有设定时同步，点按钮才同步。要定时同步，请在第 ③ 步设置。"
    if seen.next_at is None:
        return f"已设每 {seen.minutes} 分钟同步一次，建立表格之后开始。"
    at = "马上就开始" if seen.next_at <= now else f"下次 {moment(seen.next_at)}"
    return f"每 {seen.minutes} 分钟定时同步一次，{at}。"


def _who(run: SyncRun) -> str:
    return "定时同步" if run.trigger == "schedule" else f"{run.who}{TRIGGERS[run.trigger]}同步"


def _result(run: SyncRun) -> Html:
    bad = sum(not book.ok for book in run.books)
    if run.state == "done":
        return Html(_mark("bad", f"✗ {bad} 个有问题") if bad else _mark("good", f"✓ {STATES['done']}"))
    return Html(_mark("act" if run.state == "running" else "bad", STATES[run.state]))


def _mark(tone: str, text: str) -> str:
    return f'<span class="sf-state sf-tone-{tone}">{text}</span>'
