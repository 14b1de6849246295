"""The own sheets as cards, with how many are handed in."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.views.my_reviews import Card, RoundCards, my_cards
from pages._parts.linked import link, linked
from pages._parts.review_form import clock_time
from pages._parts.tables import empty
from pages._shell import Desk

TONES = {"unseen": "none", "open": "act", "submitted": "good", "reopened": "bad"}


def show_cards(desk: Desk) -> None:
    """Every own sheet, the newest round first; a click opens it."""
    held = my_cards(desk.app, desk.actor)
    if not held:
        empty("目前没有分配给您的评审任务。分派以后，这里逐个列出。")
        return
    for each in held:
        opened = linked(_round_html(desk, each), f"cards-{each.year}")
        if opened:
            st.query_params["sheet"] = opened
            st.rerun()


def _round_html(desk: Desk, held: RoundCards) -> str:
    total = len(held.cards)
    cards = "".join(_card_html(desk, each) for each in held.cards)
    return (
        f'<h2 class="sf-name">{held.year}年度　已交 {held.done} / {total}</h2>'
        f'<progress class="sf-progress" max="{total}" value="{held.done}" aria-label="已交 {held.done} / {total}">'
        f'</progress><p class="sf-legend">按行政区划排列。点名称打开；没有提交以前，随时可以离开，填过的内容都在。</p>'
        f'<div class="sf-cards">{cards}</div>'
    )


def _card_html(desk: Desk, each: Card) -> str:
    at = clock_time(desk.app, each.at)
    said = {
        "unseen": "打开后先说明有无利害关系",
        "open": f"已打 {each.filled} / {each.asked} 项" + (f"，{at} 保存" if at else ""),
        "submitted": f"{at} 提交",
        "reopened": "经办退回，请修改后再提交",
    }[each.state]
    return (
        f'<div class="sf-tile"><b>{link(each.name, str(each.id), f"?sheet={each.id}")}</b>'
        f"<small>{escape(each.city)}，{each.kind}</small>"
        f'<span class="sf-state sf-tone-{TONES[each.state]}">{each.word}</span><small>{escape(said)}</small></div>'
    )
