"""拟创建对象选定: people choose who is listed, each with a reason, in drafts that can be shared and compared."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.services.selection_drafts import drafts
from core.views.selection import selection_view
from pages._parts.filters import segments
from pages._parts.selection_apply import apply_draft
from pages._parts.selection_drafts import choose_draft, compare_drafts, open_draft
from pages._parts.selection_table import selection_table
from pages._parts.tables import empty
from pages._shell import open_page, the_round

INTERNAL = (
    "得分仅供内部使用，不对外公布，不排名次。申报始终按行政区划和名称排列，不按得分排列（第八条）；同等条件由人标明。"
)

desk = open_page(
    "拟创建对象选定",
    Permission.READ_CASES,
    "逐个决定哪些申报列为拟创建对象，写明理由；核对无误后一次登记，再去公示。",
)
chosen = the_round(desk)
seen = selection_view(desk.app, chosen.id)
if not seen.rows:
    empty("还没有受理创建申报。各市报来的工作簿受理后，这里逐个列出。", page="intake.py", label="去推荐接收")
    st.stop()
found = drafts(desk.app, desk.actor, chosen.id)
opened = open_draft(desk, chosen.id, found)
may = desk.may(Permission.ACT_ON_CASES) and bool(seen.waiting)
steps = {"pick": "逐个选定" if may else "查看选定", **({"apply": "核对并登记"} if may else {}), "compare": "比较方案"}
step = segments("办到哪一步", "step", steps)
if step == "compare":
    compare_drafts(desk, seen, found)
    st.stop()
if step == "apply":
    choose_draft(desk, found, opened)
    apply_draft(desk, chosen, seen, next((one for one in found if one.id == opened.draft), None), opened)
    st.stop()
if not seen.waiting:
    st.write(f"{len(seen.rows):,} 个创建申报都已办理，没有等待选定的。接下来开始公示。")
    st.page_link("notices.py", label="去公示与异议 →")
elif not seen.passing:
    st.warning(f"等待选定的 {seen.waiting:,} 个申报，条件审核或者专家评审都还没有办完，现在没有可以列入的。")
    st.page_link("checks.py", label="去条件审核 →")
st.caption(INTERNAL if seen.scored else "本轮没有在工作台里评审打分。申报按行政区划和名称排列；同等条件由人标明。")
selection_table(desk, chosen.id, opened)
