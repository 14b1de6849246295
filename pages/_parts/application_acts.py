"""What a person may do about a finding: determine it, verify a value, take either back."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.services import review as service
from core.views import ApplicationView, FindingView
from pages._parts.forms import act, flips_text, reason_form
from pages._parts.tables import show_table
from pages._parts.words import VERDICT_WORDS, verdict_word
from pages._shell import Desk

CHOICES = {"pass": "✓ 达标", "fail": "✗ 不达标"}


def finding_acts(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int) -> None:
    """The acts that fit the finding's state."""
    may = desk.may(Permission.DECIDE)
    if chosen.conditions and (chosen.open or chosen.settled):
        _conditions(desk, seen, chosen, version, may=may)
    elif may and chosen.open:
        _determine(desk, seen, chosen, version)
    if not may:
        return
    if chosen.settled and not chosen.conditions:
        with st.expander("取消人工认定"):
            why = reason_form(
                f"undo-{seen.id}-{chosen.criterion}", "取消后，这一项恢复为待认定。", "取消认定", primary=False
            )
            if why is not None:
                act(lambda: _ended(desk, seen, chosen, version, "", why))
    if any(value.can_be_verified for value in chosen.values):
        with st.expander("核定数值"):
            _verify(desk, seen, chosen, version)


def _determine(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int, item: str = "") -> None:
    with st.form(f"determine-{seen.id}-{chosen.criterion}-{item}"):
        verdict = st.radio("认定", list(CHOICES), index=None, format_func=CHOICES.get, horizontal=True)
        why = st.text_area("理由（必填）", height=80, max_chars=1000, placeholder="写明依据的材料和判断")
        if st.form_submit_button("保存认定", type="primary"):

            def work() -> str:
                flips = service.determine(
                    desk.app, desk.actor, seen.id, version,
                    criterion=chosen.criterion, item=item, verdict=verdict or "", why=why,
                )  # fmt: skip
                return f"已认定“{chosen.name}”{VERDICT_WORDS[verdict or 'pass'][0]}。{flips_text(flips)}"

            act(work)


def _ended(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int, item: str, why: str) -> str:
    flips = service.end_determination(
        desk.app, desk.actor, seen.id, version, criterion=chosen.criterion, item=item, why=why
    )
    return f"已取消认定，恢复为待认定。{flips_text(flips)}"


def _conditions(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int, *, may: bool) -> None:
    """第五条's conditions one by one: what is decided, and a form for the next."""
    decided = sum(bool(each.verdict) for each in chosen.conditions)
    st.write(f"逐条认定：{decided} / {len(chosen.conditions)} 条已认定。")
    if may:
        _next_condition(desk, seen, chosen, version)
    show_table(
        ["条款", "条件", "认定"],
        [
            [
                each.clause,
                each.text,
                f"{verdict_word(each.verdict)}\n{each.who}：{each.reason}" if each.verdict else "待认定",
            ]
            for each in chosen.conditions
        ],
        nowrap=["条款"],
    )


def _next_condition(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int) -> None:
    """The form for one condition; it moves on to the next open one by itself."""
    texts = {each.code: f"{each.clause} {each.text}" for each in chosen.conditions}
    waiting = [each.code for each in chosen.conditions if not each.verdict]
    start = list(texts).index(waiting[0]) if waiting else 0
    item = st.selectbox("认定哪一条", list(texts), start, format_func=texts.get, key=f"item-{seen.id}-{len(waiting)}")
    held = next(each for each in chosen.conditions if each.code == item)
    _determine(desk, seen, chosen, version, item)
    if held.verdict:
        why = reason_form(f"undo-{seen.id}-{item}", "取消后，这一条恢复为待认定。", "取消这一条的认定", primary=False)
        if why is not None:
            act(lambda: _ended(desk, seen, chosen, version, held.code, why))


def _verify(desk: Desk, seen: ApplicationView, chosen: FindingView, version: int) -> None:
    """核定值: stands beside the reported value and is judged in its place."""
    values = {f"{value.sheet}/{value.column}": value for value in chosen.values if value.can_be_verified}
    key = f"verify-{seen.id}-{chosen.criterion}"
    name = st.selectbox("核定哪个数", list(values), format_func=lambda one: values[one].column, key=f"{key}-which")
    value = values[name]
    with st.form(f"{key}-{name}"):
        st.caption(f"填报值：{value.reported or '（空）'}。填报值保留不动，核定值另存并用于审核。")
        text = st.text_input("核定值", value.verified, max_chars=200)
        evidence = st.text_input("核定依据（必填）", placeholder="例如：审计报告第 12 页", max_chars=300)
        why = st.text_input("理由（必填）", max_chars=500)
        if st.form_submit_button("保存核定值", type="primary"):

            def work() -> str:
                flips = service.verify_value(
                    desk.app, desk.actor, seen.id, version,
                    sheet=value.sheet, column=value.column, text=text, why=why, evidence=evidence,
                )  # fmt: skip
                return f"“{value.column}”已核定为 {text.strip()}。{flips_text(flips)}"

            act(work)
    if value.verified:
        why = reason_form(f"{key}-{name}-end", "取消核定值后，按填报值审核。", "取消核定值", primary=False)
        if why is not None:

            def end() -> str:
                flips = service.end_verified(
                    desk.app, desk.actor, seen.id, version, sheet=value.sheet, column=value.column, why=why
                )
                return f"已取消“{value.column}”的核定值。{flips_text(flips)}"

            act(end)
