"""The table in which people choose who is listed; what is picked is kept in their draft as they work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.accounts import Permission
from core.bootstrap import App
from core.errors import Refused
from core.services import selection_drafts as service
from core.services.selection import LONGEST
from core.services.selection_drafts import EQUALS, Draft, Picked, plain
from core.standards.rubric import OUTCOMES, Outcome
from core.views.checks import KIND_WORDS
from core.views.selection import BELOW, SelectionRow, SelectionView, selection_view, status_word
from pages._parts.review_form import clock_time
from pages._parts.selection_drafts import Opened, choose_draft
from pages._parts.words import VERDICT_WORDS
from pages._shell import Desk, current_actor

ASSETS = Path(__file__).parent.parent / "assets"


@cache
def _component() -> Any:
    style, script = ((ASSETS / name).read_text("utf-8") for name in ("selection.css", "selection.js"))
    return st.components.v2.component("shifan_selection", css=style, js=script, isolate_styles=False)


@st.fragment
def selection_table(desk: Desk, round_id: int, opened: Opened) -> None:
    """The drafts and, of the opened one, all candidates. Runs by itself at every saving, so that nothing else waits."""
    actor = current_actor()
    seen = selection_view(desk.app, round_id)
    found = service.drafts(desk.app, actor, round_id)
    choose_draft(desk, found, opened)
    held = next((one for one in found if one.id == opened.draft), None)
    acts = actor.may(Permission.ACT_ON_CASES) and (held is None or held.own) and bool(seen.waiting)
    key = f"selection-{round_id}-{opened.epoch}"

    def hear() -> None:
        sent = st.session_state[key].picked
        if sent is not None:
            _save(desk, round_id, opened, sent)

    told = table_data(desk, seen, held, acts=acts)
    told["stamp"] = f"{opened.epoch}-{acts}-{told['stamp']}"
    told["mark"] = opened.mark
    told["saved"] = "" if held is None else f"“{held.name}”　{clock_time(desk.app, held.at)} 已保存"
    if opened.problem:
        st.error(opened.problem)
        told["saved"] = "没有保存"
    _component()(data=told, key=key, on_picked_change=hear)


def _save(desk: Desk, round_id: int, opened: Opened, sent: Mapping[str, Any]) -> None:
    """Keeps what is picked; what is wrong is told above the table, and what is picked stays where it is."""
    opened.mark = int(sent["mark"])
    picked = {
        int(number): Picked(**{name: str(one.get(name, "")) for name in ("outcome", "reason", "words", "equal")})
        for number, one in sent["picked"].items()
        if number.isdecimal()
    }
    try:
        held = service.save(desk.app, current_actor(), round_id, picked, draft_id=opened.draft, version=opened.version)
    except Refused as refused:
        opened.problem = str(refused)
        return
    opened.draft, opened.version, opened.problem = held.id, held.version, ""


def table_data(desk: Desk, seen: SelectionView, held: Draft | None, *, acts: bool) -> dict[str, Any]:
    """What the table shows, as the browser gets it."""
    return {
        **_rows(desk.app, seen),
        "acts": acts,
        "longest": LONGEST,
        "equals": EQUALS,
        "quotas": [asdict(one) for one in seen.quotas],
        "picked": {} if held is None else {str(number): plain(one) for number, one in held.picked.items()},
    }


def _rows(app: App, seen: SelectionView) -> dict[str, Any]:
    """What stays the same as long as the view does. What many rows share (`kinds`) is told once."""
    known: tuple[SelectionView, dict[str, Any]] | None = app.remembered.get("selection table")
    if known is not None and known[0] is seen:
        return known[1]
    kinds: dict[str, int] = {}
    rows = [_row(each, kinds) for each in seen.rows]
    reasons = [
        {"code": one.code, "of": one.of, "text": one.text, "clause": one.clause, "words": one.words}
        for one in seen.ground.rubric.reasons
    ]
    made = {"rows": rows, "kinds": [json.loads(kind) for kind in kinds], "reasons": reasons}
    made["stamp"] = hashlib.sha256(json.dumps(made).encode()).hexdigest()
    app.remembered["selection table"] = (seen, made)
    return made


def _row(each: SelectionRow, kinds: dict[str, int]) -> dict[str, Any]:
    of = each.candidate
    word, mark = VERDICT_WORDS.get(of.verdict, ("未审核", "?"))
    kind = {
        "reasons": each.reasons,
        "first": {outcome: _first(each, outcome) for outcome in OUTCOMES},
        "shut": {outcome: _shut(each, outcome) for outcome in OUTCOMES},
        "supports": [asdict(one) for one in each.supports],
        "kind": KIND_WORDS[of.kind],
        "verdict": of.verdict if of.verdict in VERDICT_WORDS else "review",
        "word": word,
        "mark": mark,
        "status": status_word(of),
        "waits": of.waits,
    }
    return {
        "id": each.id,
        "as": kinds.setdefault(json.dumps(kind, ensure_ascii=False), len(kinds)),
        "city": of.city,
        "name": of.name,
        "number": of.number,
        "operator": of.operator,
        "case": of.case_id if of.case_id and not of.waits else 0,
        "group": each.group,
        "score": each.score,
        "gap": each.gap,
        "marks": each.marks,
    }


def _first(each: SelectionRow, outcome: Outcome) -> str:
    """The reason that stands there first; nothing is said for those who could have been listed and are not."""
    reasons = each.reasons[outcome]
    if not reasons or (outcome == "not_selected" and each.candidate.verdict == "pass" and each.group != BELOW):
        return ""
    return reasons[0]


def _shut(each: SelectionRow, outcome: Outcome) -> str:
    """Why an outcome cannot be chosen."""
    if each.reasons[outcome]:
        return ""
    if each.candidate.verdict not in ("pass", "fail", "missing"):
        return "条件审核还没有办完，先到“条件审核”中办完"
    return "专家评分没有交齐" if each.gap else "审核结论不是“达标”，不能列为拟创建对象"
