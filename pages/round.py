"""年度轮次: the settings of a year, the recommenders and their quotas, the workbooks to send out."""

from __future__ import annotations

import streamlit as st

from core import views
from core.accounts import Permission
from pages._parts.round_contact import contact_form
from pages._parts.round_forms import new_round, recommenders_table, settings_form, show_settings, templates
from pages._shell import open_page, the_round

desk = open_page(
    "年度轮次", Permission.READ_ROUND, "确定一年的通知、标准、截止日、推荐单位和名额，并生成发给各市的推荐工作簿。"
)
may_change = desk.may(Permission.MANAGE_ROUND)
if not views.rounds(desk.app) and may_change:
    new_round(desk)
    st.stop()
chosen = the_round(desk)
st.subheader(f"{chosen.title}创建轮次", anchor=False)
show_settings(chosen)
names = ["推荐单位和名额", "推荐工作簿", "联系方式"] + (["修改设置", "建立新轮次"] if may_change else [])
tabs = dict(zip(names, st.tabs(names), strict=True))
with tabs["推荐单位和名额"]:
    recommenders_table(desk, chosen)
with tabs["推荐工作簿"]:
    templates(desk, chosen)
with tabs["联系方式"]:
    contact_form(desk, chosen)
if may_change:
    with tabs["修改设置"]:
        settings_form(desk, chosen)
    with tabs["建立新轮次"]:
        new_round(desk)
