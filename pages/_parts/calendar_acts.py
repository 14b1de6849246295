"""What 管理员 does on 工作日历: enters an arrangement, ends a day of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import views
from core.services import calendar as service
from core.services.arrangement import read_lines
from core.services.projection import Moved
from pages._parts.forms import act, pin, reason_form, unpin
from pages._shell import Desk

LINES = "2027-01-01 休 元旦\n2027-10-01 至 2027-10-07 休 国庆节\n2027-10-09 班"
PINNED, MOVED = "calendar-overrides", "moved-deadlines"


def enter_arrangement(desk: Desk) -> None:
    """A form for one document: all its days at once, saved on the button only."""
    number = st.session_state.setdefault("new-arrangement", 0)
    year = desk.app.clock.today().year
    unsettled = [one for one in (year, year + 1, year + 2) if views.year_view(desk.app, one).provisional]
    st.write(
        "一个文件一次录完：一行写一天或连续几天，注明“休”或“班”，后面可写节日名称。"
        "录入的安排优先于程序自带的安排；只写与平常不同的日子，原来就是休息或上班的不用写。"
    )
    with st.form(f"arrangement-{number}"):
        left, right = st.columns(2)
        document = left.text_input(
            "文号或文件名称（必填）",
            placeholder="例如：国办发明电〔2024〕12号",
            max_chars=200,
            key=f"document-{number}",
        )
        whole = left.selectbox(
            "范围",
            [0, *unsettled],
            format_func=lambda one: (
                "只录入所列日期" if not one else f"{one}年全年安排，其余日期按周一至周五确定、不再暂定"
            ),
            key=f"whole-{number}",
        )
        why = left.text_input(
            "理由（必填）", placeholder="例如：国务院办公厅已发布通知", max_chars=500, key=f"why-{number}"
        )
        lines = right.text_area("日期（逐行填写）", placeholder=LINES, height=200, key=f"lines-{number}")
        pressed = st.form_submit_button("保存安排", type="primary")
    if pressed:

        def work() -> str:
            done = service.set_overrides(
                desk.app, desk.actor, read_lines(lines, document), why, whole_year=whole or None
            )
            unpin(PINNED)
            st.session_state["new-arrangement"] = number + 1
            settled = f"，{whole}年其余 {done.settled} 天已按周一至周五确定" if whole else ""
            return f"已录入 {done.entered} 天{settled}。{_told(done.moved)}"

        act(work)


def _told(moved: Sequence[Moved]) -> str:
    """Keeps what moved for `show_moved` until another page is opened, and says how many."""
    st.session_state["pins"][MOVED] = moved
    return f"{len(moved):,} 个对象的期限因此变动，见下表。" if moved else "没有对象的期限因此变动。"


def end_day(desk: Desk) -> None:
    """Ends one entered day with a reason."""
    frame = pin(PINNED, lambda: views.overrides_frame(desk.app))
    held = {row["id"]: row for row in frame[frame["standing"]].to_dict("records")}
    if not held:
        st.write("没有有效的录入，无需终止。")
        return
    chosen = st.selectbox(
        "终止哪一天",
        list(held),
        index=None,
        format_func=lambda number: f"{held[number]['日期']}　{held[number]['录为']}",
        placeholder="请选择",
    )
    if chosen is None:
        return
    row = held[chosen]
    why = reason_form(
        f"end-{chosen}",
        f"终止后，{row['日期']}不再按“{row['文号或文件']}”{row['录为']}，改按程序自带的安排计算；原录入仍留在下表。",
        "终止",
        hint="例如：安排有调整",
    )
    if why is not None:

        def work() -> str:
            unpin(PINNED)
            moved = service.end_override(desk.app, desk.actor, int(chosen), int(row["version"]), why)
            return f"已终止{row['日期']}的安排。{_told(moved)}"

        act(work)
