"""Applying a selection: what it comes to is shown in full, and then it is entered in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.errors import Refused
from core.services import selection as service
from core.services.selection import LONGEST
from core.services.selection_drafts import Draft
from core.services.selection_rules import Choice, Weighed, weigh
from core.views import RoundView
from core.views.checks import KIND_WORDS
from core.views.selection import SelectionView
from pages._parts.as_of import EARLIEST
from pages._parts.forms import act, shown_version
from pages._parts.selection_drafts import Opened
from pages._parts.tables import empty, show_table
from pages._shell import Desk


def apply_draft(desk: Desk, chosen: RoundView, seen: SelectionView, held: Draft | None, opened: Opened) -> None:
    """The consequences of a draft, and the act."""
    if held is None or not held.own:
        empty("登记的是您自己的方案。请先在“逐个选定”里选，或者把同事的方案复制一份。")
        return
    version = shown_version(f"selection-{held.id}", held.version)
    waiting = {row.id for row in seen.rows if row.candidate.waits}
    choices = {number: one for number, one in held.choices().items() if number in waiting}
    open_ = [row.id for row in seen.rows if row.id in waiting and row.id not in choices]
    key = f"selection-apply-{chosen.id}-{opened.epoch}"
    told = st.container()
    left = bool(open_) and st.checkbox(
        f"没有选定的 {len(open_):,} 个留待以后，这次不办", key=f"{key}-left"
    )  # fmt: skip
    weighed = weigh(seen.ground, choices, open_ if left else ())
    with told:
        _summary(weighed, held)
    _consequences(seen, weighed, choices)
    if weighed.problems:
        return
    with st.form(key):
        one, two, three = st.columns([1, 1.6, 2.4])
        today = desk.app.clock.today()
        day = one.date_input(
            "选定日期（必填）", today, min_value=EARLIEST, max_value=today, format="YYYY-MM-DD", key=f"{key}-day"
        )
        minutes = two.text_input(
            "依据文件（必填）", max_chars=128, key=f"{key}-minutes", placeholder="例如：虚构厅务会议纪要〔2026〕3号"
        )
        why = three.text_input(
            "总的理由（必填）",
            max_chars=LONGEST,
            key=f"{key}-why",
            placeholder="例如：按创建标准和创建方案评价择优确定",
        )
        later_why = ""
        if left:
            later_why = st.text_input("留待以后的理由（必填）", max_chars=LONGEST, key=f"{key}-later")
        pressed = st.form_submit_button(_button(weighed), type="primary")
    if pressed:

        def work() -> str:
            if day is None:
                raise Refused("请选选定日期。")
            made = service.decide(
                desk.app, desk.actor, chosen.id,
                day=day, choices=choices, minutes=minutes, why=why,
                later=open_ if left else (), later_why=later_why, draft=(held.id, version),
            )  # fmt: skip
            opened.epoch += 1
            # who waits for a notice has changed by this, and not by somebody else
            st.session_state["notice-done"] = st.session_state.get("notice-done", 0) + 1
            return made.sentence + ("接下来到“公示与异议”开始公示。" if made.selected else "")

        act(work)


def _button(weighed: Weighed) -> str:
    parts = [f"列入 {len(weighed.selected):,} 个", f"不列入 {len(weighed.declined):,} 个"]
    parts += [f"留待以后 {len(weighed.later):,} 个"] if weighed.later else []
    return f"登记选定结果：{'，'.join(parts)}"


def _summary(weighed: Weighed, held: Draft) -> None:
    """How many would be what, what stands in the way, and what to look at."""
    counts = [f"列入 {len(weighed.selected):,} 个", f"不列入 {len(weighed.declined):,} 个"]
    counts.append(f"没有选定 {len(weighed.forgotten) + len(weighed.later):,} 个")
    st.write(f"按“{held.name}”登记的结果：{'，'.join(counts)}。理由要答复申报单位，不写得分和名次。")
    if weighed.problems:
        st.error("还不能登记：\n\n" + "\n".join(f"- {text}" for text in weighed.problems))
    for text in weighed.cautions:
        st.warning(text)


def _consequences(seen: SelectionView, weighed: Weighed, choices: Mapping[int, Choice]) -> None:
    """Who would be what, with the reason as it is answered; no score stands in it."""
    parts: Sequence[tuple[str, Sequence[int], bool]] = (
        ("列为拟创建对象", weighed.selected, True),
        ("不列入", weighed.declined, True),
        ("留待以后", weighed.later, False),
        ("没有选定", tuple(each.application_id for each in weighed.forgotten), False),
    )
    for title, numbers, reasons in parts:
        if not numbers:
            continue
        with st.expander(f"{title} {len(numbers):,} 个", expanded=len(numbers) <= 20):
            heads = ("地区", "名称", "类型", *(("理由",) if reasons else ()))
            show_table(heads, [_line(seen, number, choices) for number in numbers], nowrap=("地区", "类型"))


def _line(seen: SelectionView, number: int, choices: Mapping[int, Choice]) -> tuple[Any, ...]:
    of = next(row.candidate for row in seen.rows if row.id == number)
    base = (of.city, of.name, KIND_WORDS[of.kind])
    choice = choices.get(number)
    reason = None if choice is None else seen.ground.rubric.reason(choice.reason)
    if choice is None:
        return base
    return (*base, reason.written(choice.words.strip()) if reason else "（还没有选理由）")
