"""在线表格: cities report on shared online sheets; key, connection, ways, sheets, synchronising."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.services.online_setup import key_state
from core.views.online import online_view
from pages._parts.online_key import connection_part, key_part, tested
from pages._parts.online_sheets import sheets_part
from pages._parts.online_steps import parts, stages, strip
from pages._parts.online_sync import sync_part
from pages._parts.online_ways import ways_part
from pages._shell import open_page, the_round

desk = open_page(
    "在线表格",
    Permission.READ_ROUND,
    "请各市在 Google 在线表格中填报：市里改一格，同步一次，几分钟后就在同一个表格里看到反馈。"
    "同一轮次里，有的市可以用在线表格，有的市用共享文件夹。",
)
chosen = the_round(desk)
key, seen = key_state(desk.app), online_view(desk.app, chosen.id)
st.subheader(f"{chosen.title}创建轮次", anchor=False)
if not key.email and not key.problem:
    st.info("不用在线表格也可以：各市照旧用共享文件夹中的工作簿，其他页面都不受影响。要用，请从第 ① 步开始。")
where = stages(key, tested(chosen.id), seen)
strip(where)
found = parts(where)
with found[0]:
    key_part(desk, key)
with found[1]:
    connection_part(desk, chosen, key)
with found[2]:
    ways_part(desk, chosen, seen)
with found[3]:
    sheets_part(desk, chosen, key, seen)
with found[4]:
    sync_part(desk, chosen, key, seen)
