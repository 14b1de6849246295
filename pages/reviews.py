"""我的评审: an expert's own sheets as cards, and one of them: first the question of conflicts, then facts and form."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.views.my_reviews import FirstSight, my_sheet
from pages._parts.review_cards import show_cards
from pages._parts.review_sheet import show_sheet
from pages._parts.review_sight import show_sight
from pages._shell import Desk, open_page

desk = open_page("我的评审", Permission.SCORE, "分派给您评审的申报：逐个打开，说明有无利害关系，打分，提交。")


def one(desk: Desk, number: int) -> None:
    """The sheet with this number, or the one sentence for everything that is not one's own."""
    try:
        seen = my_sheet(desk.app, desk.actor, number)
    except Refused as refused:
        st.error(str(refused))
        back()
        return
    if isinstance(seen, FirstSight):
        back()
        show_sight(desk, seen)
    else:
        show_sheet(desk, seen, back)


def back() -> None:
    """The way to the cards."""
    if st.button("← 回到我的评审", key="back"):
        st.query_params.pop("sheet", None)
        st.rerun()


asked = st.query_params.get("sheet", "")
if asked.isdecimal() and asked.isascii():
    one(desk, int(asked))
else:
    show_cards(desk)
