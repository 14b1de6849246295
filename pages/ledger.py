"""操作留痕: who did what, when, why."""

from __future__ import annotations

import io

import pandas as pd
import streamlit as st

from core import views
from core.accounts import Permission
from pages._parts.tables import empty, page_of, show_frame
from pages._shell import open_page

SHOWN_MOST = 2000
PAGE = 50

desk = open_page(
    "操作留痕", Permission.READ_LEDGER, "每一次办理都在这里：谁、何时、办了什么、为什么。只增不改，可筛选、可导出。"
)
actions = views.ledger_actions()
one, two, three, four, five = st.columns([1.1, 1.1, 1, 1, 1.6])
who = one.text_input("办理人", key="who", bind="query-params")
action = two.selectbox(
    "事项", ["", *actions], format_func=lambda code: actions.get(code, "全部"), key="action", bind="query-params"
)
since = three.date_input("起始日期", None, format="YYYY-MM-DD", key="since", bind="query-params")
until = four.date_input("截止日期", None, format="YYYY-MM-DD", key="until", bind="query-params")
text = five.text_input("内容、对象或理由中含有", key="text", bind="query-params")
frame = views.ledger(
    desk.app, who=who.strip(), action=action, since=since, until=until, text=text.strip(), limit=SHOWN_MOST
)


def as_csv(shown: pd.DataFrame) -> bytes:
    """The filtered entries for a spreadsheet: UTF-8 with a mark, no cell that starts a formula."""
    text_columns = shown.select_dtypes(exclude=["number", "datetime"]).columns
    safe = shown.assign(**{name: shown[name].map(without_formula) for name in text_columns})
    out = io.StringIO()
    safe.to_csv(out, index=False, lineterminator="\r\n", date_format="%Y-%m-%d %H:%M:%S")
    return out.getvalue().encode("utf-8-sig")


def without_formula(value: str) -> str:
    """An apostrophe before what a spreadsheet would take for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")) else value


if frame.empty:
    empty("没有符合条件的留痕。请放宽筛选条件。")
    st.stop()
left, right = st.columns([4, 1], vertical_alignment="center")
more = f"，只列最近 {SHOWN_MOST:,} 条" if len(frame) == SHOWN_MOST else ""
left.write(f"共 {len(frame):,} 条{more}。")
right.download_button(
    "导出（表格文件）", lambda: as_csv(frame), file_name="操作留痕.csv", mime="text/csv", on_click="ignore"
)
rows = page_of(len(frame), size=PAGE, key="page-of-ledger")
show_frame(frame.iloc[rows], numeric=["序号"], nowrap=["时间", "办理人", "角色", "事项"])
