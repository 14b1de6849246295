"""What is still to be made public, and the notices that run; each with the way to what is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.accounts import Permission
from core.views import RoundView
from core.views.publications import PublicationView, ToPublish, choices
from pages._parts.linked import link, linked
from pages._parts.publication_new import ask_for, read_place, written
from pages._parts.tables import empty
from pages._shell import Desk

HEADS = ("", "公布什么", "个数", "情况", "办理")


def show_waiting(desk: Desk, chosen: RoundView, waiting: Sequence[ToPublish], found: Sequence[PublicationView]) -> None:
    """Running notices with their countdown, then what waits; for those who may only read, without the acts."""
    acts = desk.may(Permission.RUN_NOTICES)
    for each in found:
        if each.state == "running":
            st.html(
                f'<div class="sf-line"><span class="sf-state sf-tone-act">● 公示中</span> '
                f"<b>{escape(each.title)}</b><span>{escape(each.text)}</span></div>"
            )
    st.subheader(f"待公布 {len(waiting):,} 项", anchor=False)
    if waiting:
        clicked = linked(_table(waiting, acts=acts), "to-publish")
        if clicked and (place := read_place(clicked)) is not None:
            ask_for(place)
    else:
        empty(f"{chosen.title}该公布的都已登记公布。有了新的公示、确定或者认定，会列在这里。")
    if acts:
        _others(desk, chosen, waiting)


def _table(waiting: Sequence[ToPublish], *, acts: bool) -> str:
    heads = HEADS if acts else HEADS[:-1]
    top = "".join(f'<th class="{"num" if head == "个数" else ""}" scope="col">{head}</th>' for head in heads)
    body = "".join(_row(each, acts=acts) for each in waiting)
    table = f'<table class="sf sf-waiting"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _row(each: ToPublish, *, acts: bool) -> str:
    tone, word = ("bad", "先办") if each.urgent else ("act", "待办")
    cells = [
        f'<td class="nowrap"><span class="sf-state sf-tone-{tone}">{word}</span></td>',
        f"<td>{escape(each.called)}</td>",
        f'<td class="num">{each.count:,}</td>',
        f"<td>{escape(each.text)}</td>",
    ]
    if acts:
        go = written(each.place)
        label = "登记公布 →" if each.supersedes is None else "重新公布 →"
        cells.append(f'<td class="nowrap">{link(label, go, f"?publish={go}")}</td>')
    return f"<tr>{''.join(cells)}</tr>"


def _others(desk: Desk, chosen: RoundView, waiting: Sequence[ToPublish]) -> None:
    """What does not wait, but may be made public all the same."""
    shown = {each.place for each in waiting}
    rest = {written(place): name for place, name in choices(desk.app, chosen.id) if place not in shown}
    if not rest:
        return
    with st.expander("登记别的公布"):
        left, right = st.columns([4, 1], vertical_alignment="bottom")
        go = left.selectbox("公布什么", list(rest), format_func=rest.__getitem__, key=f"other-{chosen.id}")
        if right.button("登记公布", key="open-other", width="stretch") and (place := read_place(go)) is not None:
            ask_for(place)
