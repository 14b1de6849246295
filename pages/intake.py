"""推荐接收: where each workbook stands, what it would change, taking in, undoing, answering."""

from __future__ import annotations

import streamlit as st

from core import views
from core.accounts import Permission
from pages._parts.intake_acts import city_detail, compare_and_take_in, late_ones, withdrawals
from pages._parts.intake_states import city_table, summary
from pages._parts.linked import linked
from pages._parts.tables import empty
from pages._shell import open_page, the_round

desk = open_page("推荐接收", Permission.READ_INTAKE, "看各推荐单位的工作簿到了没有、改了什么，受理并把问题反馈回去。")
chosen = the_round(desk)
seen = views.folder_view(desk.app, chosen.id)
if seen.problem:
    st.error(seen.problem)
    if not seen.folder and all(each.source == "folder" for each in seen.cities):
        empty("填写共享文件夹后，这里会列出各市的工作簿。", page="round.py", label="去年度轮次填写")
        st.stop()
summary(desk, chosen, seen)
gone = views.pending_withdrawals(desk.app, chosen.id)
late = [each for each in seen.cities if each.held_id is not None]
if desk.may(Permission.TAKE_IN):
    compare_and_take_in(desk, chosen, seen)
    late_ones(desk, late)
    withdrawals(gone)
city = st.query_params.get("city", "")
clicked = linked(city_table(seen, city), "cities")
if clicked:
    st.query_params["city"] = clicked
    st.rerun()
for sentence in seen.others:
    st.warning(sentence)
picked = next((each for each in seen.cities if each.city == city), None)
if picked is not None:
    city_detail(desk, chosen, picked)
else:
    online = any(each.link for each in seen.cities)
    when = "在线表格的“文件时间”是上次同步的时间。" if online else ""
    st.caption(f"点城市名称，可查看这个市的问题、反馈去向，或撤销受理。{when}")
