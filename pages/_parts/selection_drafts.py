"""The drafts of a selection: which one is open, and what may be done with it; two of them held side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import selection_drafts as service
from core.services.selection_drafts import Draft, Picked
from core.services.selection_rules import WORDS
from core.views.selection import SelectionView
from pages._parts.forms import act
from pages._parts.tables import Html, cell, empty, show_table
from pages._shell import Desk

NEW = "（新方案）"
KEY = "selection-draft"


@dataclass(slots=True)
class Opened:
    """The draft that a person works on: kept in the session, so that a save elsewhere is noticed.

    `epoch` counts how often another one was opened: the table is made anew then, and only then. `mark` is the number
    that the table gave to what it sent last.
    """

    draft: int | None = None
    version: int = 0
    epoch: int = 0
    mark: int = 0
    problem: str = ""

    def turn_to(self, draft: Draft | None) -> None:
        """Opens a draft, or a new one."""
        self.draft = None if draft is None else draft.id
        self.version = 0 if draft is None else draft.version
        self.epoch += 1
        self.problem = ""


def open_draft(desk: Desk, round_id: int, found: Sequence[Draft]) -> Opened:
    """The draft that is being worked on: the one opened before, else the person's newest, else a new one."""
    with desk.app.lock:
        # one for as long as the session lasts: while a page is still being drawn, the table of the drawing before it
        # saves into the same, and nobody works on in a second draft
        kept: dict[int, Opened] = st.session_state.setdefault("selection-opened", {})
        opened = kept.setdefault(round_id, Opened())
    if opened.draft is not None and all(one.id != opened.draft for one in found):
        found = service.drafts(desk.app, desk.actor, round_id)  # begun a moment ago, or gone
    if not opened.epoch or (opened.draft is not None and all(one.id != opened.draft for one in found)):
        own = [one for one in found if one.own]
        readers = [] if desk.may(Permission.ACT_ON_CASES) else list(found)
        opened.turn_to((own or readers or [None])[-1])
    return opened


def choose_draft(desk: Desk, found: Sequence[Draft], opened: Opened) -> None:
    """The select box of drafts with what may be done with the chosen one."""
    known = {one.id: one for one in found}
    may = desk.may(Permission.ACT_ON_CASES)
    options = [*known, *([0] if may else [])]
    if not options:
        st.write("还没有共享的选定方案。")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    # A key of its own for each draft, heard only while that draft is open: what is sent before the browser knows of a
    # draft that was just begun still carries the former box, which Streamlit takes for one that has changed. Followed,
    # it would have the person work on in one draft more.
    shown = opened.draft or 0
    key = f"{KEY}-{shown}"
    st.session_state[key] = shown

    def turn() -> None:
        if (opened.draft or 0) == shown != st.session_state[key]:
            opened.turn_to(known.get(st.session_state[key]))

    left.selectbox("选定方案", options, format_func=lambda number: _called(known.get(number)), key=key, on_change=turn)
    held = known.get(opened.draft or 0)
    if held is None or not may:
        return
    with right, st.popover("方案的名称、共享、复制、删除"):
        _manage(desk, held, opened)


def _manage(desk: Desk, held: Draft, opened: Opened) -> None:
    app, actor = desk.app, desk.actor

    def turn_to(draft: Draft | None, said: str) -> str:
        opened.turn_to(draft)
        return said

    if held.own:
        with st.form(f"selection-manage-{held.id}-{held.version}", border=False):
            name = st.text_input("名称", held.name, max_chars=32)
            shared = st.checkbox("共享给省厅其他人查看", held.shared)
            if st.form_submit_button("保存名称和共享"):

                def change() -> str:
                    made = service.change(app, actor, held.id, opened.version, name=name, shared=shared)
                    return turn_to(made, f"“{made.name}”已保存，{'其他人可以查看' if shared else '只有您自己看得到'}。")

                act(change)
    if st.button("复制成新的方案"):

        def copy() -> str:
            made = service.copy(app, actor, held.id)
            return turn_to(made, f"已复制为“{made.name}”，下面改的是它。")

        act(copy)
    if held.own and st.button("删除这份方案"):

        def discard() -> str:
            service.discard(app, actor, held.id, opened.version)
            return turn_to(None, f"“{held.name}”已删除。")

        act(discard)


def compare_drafts(desk: Desk, seen: SelectionView, found: Sequence[Draft]) -> None:
    """Two drafts side by side: only where they differ, in official order."""
    if len(found) < 2:
        empty("要有两份方案才能比较。可以复制一份再改，或者请同事把他的方案共享出来。")
        return
    known = {one.id: one for one in found}
    left, right = st.columns(2)
    one = left.selectbox("方案一", list(known), format_func=lambda number: _called(known[number]), key="compare-one")
    rest = [number for number in known if number != one]
    other = right.selectbox("方案二", rest, format_func=lambda number: _called(known[number]), key="compare-two")
    try:
        differing = {each.application_id: each for each in service.compare(desk.app, desk.actor, one, other)}
    except Refused as refused:
        st.error(str(refused))
        return
    rows = [row for row in seen.rows if row.id in differing]
    if not rows:
        st.write("两份方案完全相同。")
        return
    st.write(f"两份方案有 {len(rows):,} 个申报选得不同，其余相同。")
    heads = ("地区", "名称", known[one].name, known[other].name if known[other].name != known[one].name else "方案二")
    shown = (
        (row.candidate.city, row.candidate.name, _picked(seen, each.first), _picked(seen, each.second))
        for row in rows
        for each in (differing[row.id],)
    )
    show_table(heads, shown, nowrap=("地区",))


def _picked(seen: SelectionView, one: Picked) -> Html:
    reason = seen.ground.rubric.reason(one.reason)
    words = [WORDS[one.choice.outcome] if one.choice else "未定", reason.text if reason else "", one.words, one.equal]
    return Html("<br>".join(cell(text) for text in words if text))


def _called(held: Draft | None) -> str:
    if held is None:
        return NEW
    if held.own:
        return f"{held.name}{'（已共享）' if held.shared else ''}"
    return f"{held.owner}的“{held.name}”"
