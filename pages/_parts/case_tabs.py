"""What hangs on a case: figures, applications, objections, changes, notes, former names, what the ledger says."""

from __future__ import annotations

import streamlit as st

from core import views
from core.accounts import Permission
from core.lifecycle.table import load
from core.services import cases as service
from core.services.basis import Linked
from core.views.case import CaseView
from pages._parts.change_reports import HEADS, LATE, show_of_case, waiting_for
from pages._parts.forms import act
from pages._parts.linked import linked
from pages._parts.tables import Html, empty, show_table, table_html
from pages._parts.ways import follow, way
from pages._parts.words import badge, day
from pages._shell import Desk

ONLY_NOW = "查看以前的一天时不显示：这里只有现在的申报。"


def show_tabs(desk: Desk, seen: CaseView) -> None:
    """Each with how many there are."""
    applications = () if seen.past else views.linked_applications(desk.app, seen.id)
    names = {
        "创建时与现在": None,
        "关联申报": len(applications),
        "异议": len(seen.objections),
        "变更报告": len(seen.changes) + len(waiting_for(desk, seen)),
        "备注": len(seen.notes),
        "曾用名": len(seen.former),
        "操作留痕": len(seen.ledger),
    }
    tabs = st.tabs([name if count is None else f"{name} {count}" for name, count in names.items()])
    with tabs[0]:
        _figures(desk, seen)
    with tabs[1]:
        _applications(desk, seen, applications)
    with tabs[2]:
        _objections(seen)
    with tabs[3]:
        _changes(desk, seen)
    with tabs[4]:
        _notes(desk, seen)
    with tabs[5]:
        _former(seen)
    with tabs[6]:
        rows = [[number, at, who, what, why] for number, at, who, what, why in seen.ledger]
        show_table(["序号", "时间", "办理人", "内容", "理由"], rows, numeric=["序号"], nowrap=["时间", "办理人"])


def _figures(desk: Desk, seen: CaseView) -> None:
    if seen.past:
        empty(ONLY_NOW)
        return
    beside = views.baseline_beside_today(desk.app, seen.id)
    if beside.sentence:
        st.caption(beside.sentence)
    if not beside.rows:
        return
    now = f"{beside.newest.year}年度{beside.newest.application}" if beside.newest else "现在"
    then = f"创建时（{day(beside.frozen_on)}）" if beside.frozen_on else "创建时"
    show_table(
        ["数据", then, now, "变化"],
        [[each.column, each.at_creation, each.today, each.change] for each in beside.rows],
        numeric=[then, now],
    )


def _applications(desk: Desk, seen: CaseView, applications: tuple[Linked, ...]) -> None:
    if seen.past:
        empty(ONLY_NOW)
        return
    if not applications:
        empty("还没有与它对应的申报。验收、复核的申报受理后，按统一社会信用代码和名称自动对应。")
        return
    rows = []
    for one in applications:
        name = Html(way(one.name, ("checks", (("app", str(one.application_id)),))))
        used = f"已用于“{load().events[one.used]}”" if one.used else ""
        gone = "已撤回" if one.withdrawal == "withdrawn" else ""
        verdict = Html(badge(one.verdict)) if one.verdict else ""
        rows.append([f"{one.year}年度", one.city, one.number, name, one.application, verdict, used or gone])
        if desk.may(Permission.READ_SCORES):
            rows[-1].append(Html(way("办理卷", ("decision", (("application", str(one.application_id)),)))))
    heads = ["轮次", "地区", "编号", "名称", "申报类别", "结论", "用途"]
    heads += ["申报办理卷"] if desk.may(Permission.READ_SCORES) else []
    nowrap = ["轮次", "地区", "申报类别", "结论", "申报办理卷"]
    follow(linked(table_html(heads, rows, nowrap=nowrap), f"applications-{seen.id}"))


def _objections(seen: CaseView) -> None:
    if not seen.objections:
        empty("没有收到异议。")
        return
    rows = []
    for notice, one in seen.objections:
        number = Html(way(one.number, ("notices", (("notice", str(notice)),))))
        came = f"{day(one.received)}收到，{one.source}，{one.channel}"
        came += f"\n{day(one.postmarked)}寄出" if one.postmarked else ""
        outcome = (one.finding_name, day(one.resolved), one.finding_reason, one.sentence)
        rows.append([number, came, one.content, one.investigator or "还没有指定", "\n".join(filter(None, outcome))])
    heads = ["编号", "收到", "内容", "核查人", "结果"]
    follow(linked(table_html(heads, rows, nowrap=["编号", "核查人"]), f"objections-{seen.id}"))


def _changes(desk: Desk, seen: CaseView) -> None:
    shown = show_of_case(desk, seen)
    if not seen.changes:
        if not shown:
            empty("没有登记过重大变更。市里在工作簿的“变更报告”中报来的，受理后在这里登记。")
        return
    rows = []
    for reported, decided in seen.changes:
        told = dict(reported.details)
        outcome = "等待决定"
        if decided is not None:
            outcome = f"{dict(decided.details).get('保留或撤销', '')}\n{day(decided.day)}\n{decided.document}"
        rows.append(
            [
                told.get("变更类型", ""),
                told.get("变更发生日期", ""),
                day(reported.day),
                LATE if reported.late else "按期",
                told.get("市级意见", ""),
                told.get("依据材料", ""),
                outcome,
            ]
        )
    show_table([*HEADS, "决定"], rows, nowrap=HEADS[:-1])


def _notes(desk: Desk, seen: CaseView) -> None:
    if seen.notes:
        rows = [[at, who, document, text] for at, who, document, text in seen.notes]
        show_table(["时间", "办理人", "文号", "备注"], rows, nowrap=["时间", "办理人"])
    elif seen.past or not desk.may(Permission.ACT_ON_CASES):
        empty("还没有备注。")
    if seen.past or not desk.may(Permission.ACT_ON_CASES):
        return
    with st.form(f"case-note-{seen.id}", clear_on_submit=True):
        left, right = st.columns([1, 2])
        document = left.text_input("文号（没有就不填）", max_chars=128)
        text = right.text_area("新备注", height=80, max_chars=2000, placeholder="来往文件、电话等，不影响状态和期限")
        if st.form_submit_button("添加备注"):

            def work() -> str:
                service.add_note(desk.app, desk.actor, seen.id, text=text, document=document)
                return "备注已添加。"

            act(work)


def _former(seen: CaseView) -> None:
    if not seen.former:
        empty("没有更过名。")
        return
    rows = [
        [one.called.name, one.called.operator, one.called.uscc, day(one.until), one.document] for one in seen.former
    ]
    show_table(["名称", "运营主体", "统一社会信用代码", "使用到", "变更文号"], rows)
