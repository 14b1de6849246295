"""The form of an expert's sheet: what is typed is kept by itself; handing in asks once more and locks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from core.accounts import Actor
from core.bootstrap import App
from core.errors import Refused, Stale
from core.scoring.typed import COMMENTS, COUNTS, LONGEST, SCORES
from core.services import scoring
from core.services.accounts import actor_of
from core.views.my_reviews import Box, FirstSight, SheetView, check_typed, my_sheet
from pages._parts.forms import flash
from pages._parts.words import short_day
from pages._process import sentence_for
from pages._shell import Desk, current_actor, session_token

ASSETS = Path(__file__).parent.parent / "assets"
SIGNED_OUT = "登录已失效，没有保存。所填内容还留在本窗口，请不要关闭；刷新页面重新登录后再打开这份评审，会自动找回。"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message of the form. `kind`: save, check (save and say what is wrong), submit."""

    mark: str
    kind: str
    texts: Mapping[str, Any]
    version: int
    settings: int


@cache
def _component() -> Any:
    style, script = ((ASSETS / name).read_text("utf-8") for name in ("review.css", "review.js"))
    return st.components.v2.component("shifan_review", css=style, js=script, isolate_styles=False)


@st.fragment
def review_form(desk: Desk, number: int) -> None:
    """The form of an own sheet that is not handed in. Runs by itself at every saving, so that nothing else waits."""
    actor = current_actor()
    key, kept = f"review-{number}", f"review-answer-{number}"
    try:
        seen = my_sheet(desk.app, actor, number)
    except Refused:
        st.rerun(scope="app")
    if isinstance(seen, FirstSight) or seen.state == "submitted":
        st.rerun(scope="app")
    told = {
        "html": _html(seen),
        "account": actor.id,
        "sheet": number,
        "version": seen.version,
        "settings": seen.settings_version,
        "texts": seen.texts,
        "saved": clock_time(desk.app, seen.at),
        "notes": dict(seen.notes),
        "total": seen.total,
        "answer": st.session_state.get(kept),
    }

    def hear() -> None:
        message = st.session_state[key].sent
        if isinstance(message, dict) and set(message) == set(_Sent.__slots__):
            st.session_state[kept] = _answer(desk.app, number, _Sent(**message))

    _component()(data=told, key=key, on_sent_change=hear)


def clock_time(app: App, at: datetime | None) -> str:
    """`10:21`, with the day where it was not today; '' for none."""
    if at is None:
        return ""
    return f"{at:%H:%M}" if at.date() == app.clock.today() else f"{short_day(at.date())} {at:%H:%M}"


def _answer(app: App, number: int, sent: _Sent) -> dict[str, Any]:
    """What becomes of a message, for the form to show. Nothing is raised: the form keeps what is typed."""
    told: dict[str, Any] = {"mark": sent.mark, "kept": False, "stale": False, "problems": {}}
    actor = actor_of(app, session_token())
    if actor is None or actor.must_change:
        return told | {"sentence": SIGNED_OUT}
    try:
        version = scoring.save_draft(app, actor, number, sent.texts, sent.version, sent.settings)
        told |= {"kept": True} | _checked(app, actor, number, sent.texts)
        if sent.kind == "submit" and not told["problems"]:
            scoring.submit(app, actor, number, sent.texts, version, sent.settings)
            flash("success", "评审已提交，内容已经锁定。")
            return told
        return told | {"version": version, "saved": clock_time(app, app.clock.now())}
    except Stale as stale:
        try:
            seen = my_sheet(app, actor, number)
        except Refused as refused:
            return told | {"kept": False, "sentence": str(refused)}
        if isinstance(seen, FirstSight) or seen.settings_version != sent.settings:
            return told | {"kept": False, "sentence": str(stale)}
        theirs = {"version": seen.version, "texts": seen.texts, "saved": clock_time(app, seen.at)}
        return told | {"kept": False, "stale": True, "notes": dict(seen.notes), "total": seen.total} | theirs
    except Exception as error:  # noqa: BLE001 - whatever happened, what is typed must stay where it is
        return told | {"kept": False, "sentence": sentence_for(error)}


def _checked(app: App, actor: Actor, number: int, texts: Mapping[str, Any]) -> dict[str, Any]:
    found = check_typed(app, actor, number, texts)
    problems = {code: list(some) for code, some in found.problems.items()}
    return {"problems": problems, "notes": dict(found.notes), "total": found.total}


def _html(seen: SheetView) -> str:
    boxes = "".join(_indicator(place, each, seen) for place, each in enumerate(seen.boxes, start=1))
    return (
        '<section class="sf-rv" aria-label="评分">'
        '<p class="sf-rv-status" role="status" data-status></p>'
        '<p class="sf-rv-warning" role="alert" data-warning hidden></p>'
        f"{_conflict_html()}{boxes}"
        '<div class="sf-rv-end"><p>加权总分（满分 100）<b data-total></b>'
        "<small>各项都打了分才算得出，只有您自己看得到。</small></p>"
        '<button type="button" class="sf-rv-go" data-do="check">提交评审</button></div>'
        '<div class="sf-rv-sure" role="alertdialog" aria-label="确认提交" data-sure hidden>'
        "<p>提交后锁定，不能自行修改；确需修改的，由省厅经办退回。加权总分 <b data-sure-total></b>，确认提交？</p>"
        '<button type="button" class="sf-rv-go" data-do="submit">确认提交</button>'
        '<button type="button" data-do="wait">再看看</button></div></section>'
    )


def _conflict_html() -> str:
    return (
        '<div class="sf-rv-conflict" role="alertdialog" aria-label="两个窗口的内容不同" data-conflict hidden>'
        "<p>这份评审在另一个窗口改过，与本窗口所填不同。哪一份都没有被覆盖，请选用其中一份：</p>"
        '<div class="sf-wrap"><table class="sf"><thead><tr><th scope="col">项目</th><th scope="col">本窗口</th>'
        '<th scope="col" data-theirs></th></tr></thead><tbody data-rows></tbody></table></div>'
        '<button type="button" data-do="mine">用本窗口的</button>'
        '<button type="button" data-do="take">用另一个窗口的</button></div>'
    )


def _indicator(place: int, box: Box, seen: SheetView) -> str:
    points = "".join(f"<li>{escape(point)}</li>" for point in box.points)
    parts = [_line(box, SCORES, "得分", box.scale)]
    if box.count:
        parts.append(_line(box, COUNTS, f"{box.count}（条）", f"附件3 要求{box.least}；不填不影响提交"))
    if seen.comments:
        parts.append(_comment(box))
    return (
        f"<fieldset><legend>{place} {escape(box.name)} <small>权重 {escape(box.weight)}，{escape(box.clause)}</small>"
        f"</legend><p>{escape(box.looks)}</p><ul>{points}</ul>{''.join(parts)}"
        f'<p class="sf-rv-note" data-note="{box.code}"></p>'
        f'<p class="sf-rv-error" id="sf-rv-error-{box.code}" role="alert" data-error="{box.code}"></p></fieldset>'
    )


def _line(box: Box, part: str, label: str, hint: str) -> str:
    name = f"sf-rv-{part}-{box.code}"
    return (
        f'<div class="sf-rv-line"><label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" type="text" inputmode="decimal" autocomplete="off" maxlength="{LONGEST[part]}"'
        f' data-part="{part}" data-code="{box.code}" aria-label="{escape(f"{box.name}：{label}")}"'
        f' aria-describedby="{name}-hint sf-rv-error-{box.code}"><small id="{name}-hint">{escape(hint)}</small></div>'
    )


def _comment(box: Box) -> str:
    name = f"sf-rv-{COMMENTS}-{box.code}"
    return (
        f'<div class="sf-rv-line sf-rv-comment"><label for="{name}">评语（必填）</label>'
        f'<textarea id="{name}" rows="2" maxlength="{LONGEST[COMMENTS]}" data-part="{COMMENTS}" data-code="{box.code}"'
        f' aria-label="{escape(f"{box.name}：评语")}" aria-describedby="sf-rv-error-{box.code}"></textarea></div>'
    )
