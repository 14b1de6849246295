"""公示与异议: what is published, what is objected to it, and who is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import streamlit as st

from core import views
from core.accounts import Permission
from core.services.notices import STAGES
from core.views import NoticeForm, NoticeView
from core.views.selection import selection_view
from pages._parts.as_of import as_of
from pages._parts.filters import in_address, segments
from pages._parts.linked import linked
from pages._parts.notice import list_html, show_notice
from pages._parts.notice_new import open_one
from pages._parts.tables import empty
from pages._shell import Desk, open_page, the_round

LONGEST = 9  # digits of a number in the address
WAYS = {"creation": "创建公示", "recognition": "认定公示"}

desk = open_page(
    "公示与异议",
    Permission.READ_CASES,
    "登记公示，登记和核查异议；公示期满，没有异议或者异议不属实的，在这里确认。",
)


def overview(desk: Desk) -> None:
    """The steps of a stage in a round, opened where the work is."""
    chosen = the_round(desk)
    bar = st.columns([1.35, 3, 1.1], vertical_alignment="bottom")
    with bar[0]:
        stage = segments("哪一种公示", "stage", WAYS)
    on = as_of(desk, bar[2])
    found = tuple(each for each in views.notices_of(desk.app, chosen.id, on) if each.stage == stage)
    if on is not None:
        _list(found, stage, on)
        return
    form = views.notice_form(desk.app, chosen.id, stage)
    with bar[1]:
        step = _step(_steps(form, found), _begin(form, found))
    if stage == "creation" and (left := selection_view(desk.app, chosen.id).waiting):
        st.page_link("selection.py", label=f"还有 {left:,} 个申报等待选定，去拟创建对象选定 →")
    if step == "open":
        open_one(desk, chosen, stage, form)
    else:
        _list(found, stage, None)


def _steps(form: NoticeForm, found: tuple[NoticeView, ...]) -> Mapping[str, str]:
    """What is done one after the other, with how much of it waits."""
    going = sum(each.state in ("running", "over") for each in found)
    return {
        "open": f"待公示 {len(form.waiting):,}",
        "notices": f"公示和异议（在办 {going:,}）",
    }


def _begin(form: NoticeForm, found: tuple[NoticeView, ...]) -> str:
    """Where the work is: a notice that goes on, else one to open."""
    going = any(each.state in ("running", "over") for each in found)
    return "open" if form.waiting and not going else "notices"


def _step(options: Mapping[str, str], begin: str) -> str:
    """The step in the address; it always stands there, for where the work is changes by what is done."""
    return in_address(
        "step",
        lambda text: text if text in options else begin,
        str,
        lambda key: (
            st.segmented_control(
                "办到哪一步",
                list(options),
                format_func=options.get,
                key=key,
                required=True,
                label_visibility="collapsed",
            )
            or begin
        ),
    )


def _list(found: tuple[NoticeView, ...], stage: str, on: date | None) -> None:
    if not found:
        then = "那一天还没有" if on else "还没有"
        empty(f"{then}{STAGES[stage].name}。{'请换一天查看。' if on else '到“待公示”登记一次公示，这里逐次列出。'}")
        return
    st.write(f"共 {len(found):,} 次，新的在前。点公示首日打开，登记异议、确认都在里面。")
    opened = linked(list_html(found, on), "notices")
    if opened:
        st.query_params["notice"] = opened
        st.rerun()


asked = st.query_params.get("notice", "")
if asked.isdecimal() and len(asked) <= LONGEST:
    show_notice(desk, int(asked))
else:
    overview(desk)
