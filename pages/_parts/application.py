"""One application in full: findings on the left, the chosen one with its acts on the right."""

from __future__ import annotations

from html import escape

import streamlit as st

from core import views
from core.accounts import Permission
from core.errors import Refused
from core.services import intake as intake_service
from core.services import review as service
from core.views import ApplicationView, FindingView
from pages._parts.application_acts import finding_acts
from pages._parts.dossier import decision_link
from pages._parts.forms import act, reason_form, shown_version
from pages._parts.linked import link, linked
from pages._parts.tables import empty, facts, show_table
from pages._parts.words import badge, moment, verdict_word
from pages._shell import Desk

KINDS = {"platform": "平台", "base": "基地"}


def show_application(desk: Desk, number: int) -> None:
    """The application with this number, or the sentence that says why it cannot be shown."""
    try:
        seen = views.application_view(desk.app, number)
    except Refused as refused:
        st.error(str(refused))
        _back()
        return
    version = shown_version(f"application-{number}", seen.version)
    _head(desk, seen)
    if seen.withdrawal == "pending":
        _withdrawal(desk, seen, version)
    chosen = _chosen(seen)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        target = linked(_findings_html(seen, chosen), "findings")
        if target:
            st.query_params["item"] = target
            st.rerun()
    with right:
        _finding(desk, seen, chosen, version)
    _rest(desk, seen)


def _back() -> None:
    if st.button("← 回到矩阵", key="back"):
        for name in ("app", "item"):
            st.query_params.pop(name, None)
        st.rerun()


def _head(desk: Desk, seen: ApplicationView) -> None:
    order = st.session_state.get("shown-applications") or _official_order(desk, seen)
    place = order.index(seen.id) if seen.id in order else None
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        _back()
    bar.html(f'<h2 class="sf-name">{escape(seen.name or "（未填名称）")} {badge(seen.verdict)}</h2>', width="stretch")
    for label, step in (("上一个", -1), ("下一个", 1)):
        there = None if place is None or not 0 <= place + step < len(order) else order[place + step]
        if bar.button(label, disabled=there is None, key=f"step-{step}"):
            st.query_params["app"] = str(there)
            st.rerun()
    facts(
        {
            "地区": seen.city,
            "编号": seen.number,
            "类别": "，".join(part for part in (KINDS[seen.kind], seen.category, seen.application) if part),
            "运营主体": seen.operator,
        }
    )
    for text in seen.preferences:
        st.caption(text)
    _case(desk, seen)


def _case(desk: Desk, seen: ApplicationView) -> None:
    """Ways to the case that the application is of, or why it cannot be told, and to its 申报办理卷."""
    found = views.case_of(desk.app, seen.id)
    ways = st.container(horizontal=True)
    if found.sentence:
        st.warning(f"还没有对应的创建对象：{found.sentence}")
    elif found.case_id is not None:
        with ways:
            label = f"对应的创建对象：{found.name} →"
            st.page_link("cases.py", label=label, query_params={"case": str(found.case_id)}, width="content")
    with ways:
        decision_link(desk, seen.id)


def _official_order(desk: Desk, seen: ApplicationView) -> list[int]:
    """Who comes before and after where one arrived by a link, not from the matrix."""
    return [int(number) for number in views.application_matrix(desk.app, seen.round_id, seen.kind).index]


def _withdrawal(desk: Desk, seen: ApplicationView, version: int) -> None:
    st.warning("市里最近一次报送的工作簿里已经没有这个申报，请确认是否撤回。确认前仍按上次报送的内容审核。")
    if not desk.may(Permission.TAKE_IN):
        return
    for column, withdrawn, says, button in zip(
        st.columns(2),
        (True, False),
        (
            "确认撤回后，这个申报不再审核，也不进入名单；报送过的内容仍保存。",
            "保留后，这个申报按上次报送的内容继续审核。",
        ),
        ("确认撤回", "保留申报"),
        strict=True,
    ):
        with column:
            why = reason_form(f"withdraw-{seen.id}-{withdrawn}", says, button, primary=withdrawn)
        if why is not None:

            def work(withdrawn: bool = withdrawn, why: str = why, button: str = button) -> str:
                intake_service.decide_withdrawal(desk.app, desk.actor, seen.id, version, withdrawn=withdrawn, why=why)
                return f"{button}：已办理。"

            act(work)


def _chosen(seen: ApplicationView) -> FindingView:
    """The finding asked for in the address, else the first that waits for a person, else the first that fails."""
    asked = st.query_params.get("item", "")
    for each in seen.findings:
        if each.criterion == asked:
            return each
    for verdict in ("review", "missing", "fail"):
        for each in seen.findings:
            if each.verdict == verdict:
                return each
    return seen.findings[0]


def _findings_html(seen: ApplicationView, chosen: FindingView) -> str:
    rows = []
    for each in seen.findings:
        settled = ' <span class="soft" title="人工认定">（人工）</span>' if each.settled else ""
        verified = ' <span class="soft">核</span>' if any(value.verified for value in each.values) else ""
        rows.append(
            f'<tr class="{"on" if each is chosen else ""}">'
            f"<td>{link(each.name, each.criterion, f'?app={seen.id}&item={each.criterion}')}</td>"
            f'<td class="nowrap">{badge(each.verdict)}{settled}</td>'
            f'<td class="num">{escape(each.value)}{verified}</td><td>{escape(each.required)}</td>'
            f'<td class="nowrap opt">{escape(each.margin)}</td></tr>'
        )
    heads = "<th>指标</th><th>结论</th><th class='num'>数值</th><th>要求</th><th class='opt'>差距</th>"
    return (
        f'<div class="sf-wrap"><table class="sf sf-tight"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _finding(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int) -> None:
    st.html(f'<h3 class="sf-name">{escape(chosen.name)} {badge(chosen.verdict)}</h3>')
    st.text(chosen.message)
    st.caption(f"{chosen.clause}：{chosen.gist}" if chosen.gist else chosen.clause)
    if chosen.determined_by:
        st.text(f"人工认定：{chosen.determined_by}")
    if chosen.values:
        show_table(
            ["来自", "单元格", "填报值", "核定值"],
            [
                [f"{value.sheet}\n{value.column}", value.cell, _reported(value.reported, value.error), value.verified]
                for value in chosen.values
            ],
            nowrap=["单元格"],
        )
    for value in chosen.values:
        if value.verified_by:
            st.caption(f"“{value.column}”核定：{value.verified_by}")
        if value.history:
            told = " → ".join(f"{text or '（空）'}（{moment(at)}）" for at, text in value.history)
            st.caption(f"“{value.column}”历次填报：{told}")
    finding_acts(desk, seen, chosen, version)


def _reported(text: str, error: str) -> str:
    return f"{text or '（空）'}\n填写有误" if error else text


def _rest(desk: Desk, seen: ApplicationView) -> None:
    errors, notes, flips, sent = st.tabs(
        [
            f"填报问题 {len(seen.errors)}",
            f"备注 {len(seen.notes)}",
            f"结论变化 {len(seen.flips)}",
            f"报送内容（{len(seen.versions)} 次）",
        ]
    )
    with errors:
        if seen.errors:
            levels = {"error": "须改正", "warning": "请核对"}
            show_table(
                ["工作表", "单元格", "列", "级别", "问题"],
                [[e["sheet"], e["cell"], e["column"], levels[e["level"]], e["message"]] for e in seen.errors],
                nowrap=["工作表", "单元格", "级别"],
            )
        else:
            empty("这个申报没有填报问题。")
    with notes:
        if seen.notes:
            show_table(["时间", "办理人", "备注"], seen.notes, nowrap=["时间", "办理人"])
        if desk.may(Permission.DECIDE):
            with st.form(f"note-{seen.id}", clear_on_submit=True):
                text = st.text_area("新备注", height=80, max_chars=2000)
                if st.form_submit_button("添加备注"):

                    def work() -> str:
                        service.add_note(desk.app, desk.actor, seen.id, text)
                        return "备注已添加。"

                    act(work)
        elif not seen.notes:
            empty("还没有备注。")
    with flips:
        if seen.flips:
            rows = [[at, name, verdict_word(before), verdict_word(after)] for at, name, before, after in seen.flips]
            show_table(["时间", "指标", "原结论", "新结论"], rows, nowrap=["时间"])
        else:
            empty("受理以来结论没有变化。")
    with sent:
        st.caption("；".join(f"{moment(at)} {name}" for at, name in seen.versions))
        facts(dict(seen.facts))
