"""The forms of 年度轮次."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from core import views
from core.accounts import Permission
from core.services import rounds as service
from core.services.rounds import OVER_QUOTA, RecommenderChange
from core.standards import loader
from core.views import RoundView
from pages._parts.forms import act, flips_text, pin, unpin
from pages._parts.tables import facts, show_frame
from pages._parts.words import day
from pages._shell import Desk

COUNT_START = {None: "尚未确定", False: "公布当日不计入", True: "公布当日计入"}


def show_settings(chosen: RoundView) -> None:
    """The round's settings at a glance; what is still open says so."""
    unset = "尚未填写"
    facts(
        {
            "通知文号": chosen.notice_number or unset,
            "通知日期": day(chosen.notice_date) or unset,
            "报送截止日": day(chosen.deadline) or unset,
            "审核基准日": day(chosen.reference_day)
            or (f"同截止日 {day(chosen.deadline)}" if chosen.deadline else "按当日"),
            "公示期": COUNT_START[chosen.count_start],
            "超出名额": OVER_QUOTA[chosen.over_quota],
            "采用标准": loader.load(chosen.standard_id).name,
            "共享文件夹": chosen.folder or unset,
        }
    )


def new_round(desk: Desk) -> None:
    """A form for the round of a year."""
    st.write("一年一个轮次。建立后自动列入 14 个市和沈抚示范区，名额默认不限，可随时修改。")
    with st.form("new-round"):
        left, _ = st.columns([1, 2])
        year = left.number_input("年度", 2000, 2100, desk.app.clock.today().year, step=1, format="%d")
        values = _fields({"standard_id": loader.default(), "over_quota": "warn"}, "new")
        if st.form_submit_button("建立轮次", type="primary"):

            def work() -> str:
                service.open_round(desk.app, desk.actor, year=int(year), **values)
                return f"已建立{year}年度轮次。下一步：核对推荐单位和名额，再生成推荐工作簿。"

            act(work)


def settings_form(desk: Desk, chosen: RoundView) -> None:
    """Change of settings; what was judged is judged again."""
    name = f"round-{chosen.id}"
    held = pin(name, lambda: chosen)
    with st.form(f"{name}-{held.version}"):
        values = _fields({field: getattr(held, field) for field in _FIELDS}, f"{name}-{held.version}")
        st.write("保存后，已受理的申报按新设置重新审核，结论有变化的会逐一列出。")
        why = st.text_input("理由（必填）", placeholder="例如：按年度通知确定截止日", max_chars=500)
        if st.form_submit_button("保存设置", type="primary"):

            def work() -> str:
                flips = service.change_round(desk.app, desk.actor, held.id, held.version, **values, why=why)
                unpin(name)
                return f"设置已保存。{flips_text(flips)}"

            act(work)


_FIELDS = (
    "notice_number",
    "notice_date",
    "deadline",
    "reference_day",
    "standard_id",
    "count_start",
    "over_quota",
    "folder",
)


def _fields(held: dict[str, Any], key: str) -> dict[str, Any]:
    one, two, three = st.columns(3)
    picked: dict[str, Any] = {
        "notice_number": one.text_input("通知文号", held.get("notice_number", ""), max_chars=64, key=f"{key}-number"),
    }
    for column, field, label, tip in (
        (two, "notice_date", "通知日期", None),
        (three, "deadline", "报送截止日", "截止日之后的改动先登记，由经办人决定是否受理"),
        (one, "reference_day", "审核基准日", "运营年限等按这一天计算；不填时同报送截止日"),
    ):
        picked[field] = column.date_input(label, held.get(field), format="YYYY-MM-DD", key=f"{key}-{field}", help=tip)
    editions = list(loader.available())
    picked["standard_id"] = two.selectbox(
        "采用标准",
        editions,
        editions.index(held["standard_id"]),
        format_func=lambda one: loader.load(one).name,
        key=f"{key}-standard",
    )
    picked["over_quota"] = three.selectbox(
        "超出推荐名额时", list(OVER_QUOTA), list(OVER_QUOTA).index(held["over_quota"]), format_func=OVER_QUOTA.get,
        key=f"{key}-over",
    )  # fmt: skip
    picked["count_start"] = one.selectbox(
        "公示期起算", list(COUNT_START), list(COUNT_START).index(held.get("count_start")),
        format_func=COUNT_START.get, key=f"{key}-count", help="公示公告发布当日是否算作第一个工作日；公示前必须确定",
    )  # fmt: skip
    picked["folder"] = two.text_input(
        "共享文件夹（完整路径）",
        held.get("folder", ""),
        key=f"{key}-folder",
        help="各市工作簿所在的文件夹，服务器能读写",
    )
    return picked


def recommenders_table(desk: Desk, chosen: RoundView) -> None:
    """推荐单位: whoever takes part, how many each may recommend; saved only on the button, conflicts told by name."""
    frame = views.recommenders_frame(desk.app, chosen.id)
    if not desk.may(Permission.MANAGE_ROUND):
        show_frame(frame.drop(columns="version"), render={"推荐名额": _quota_words}, numeric=["推荐名额"])
        return
    name = f"recommenders-{chosen.id}"
    held = pin(name, lambda: frame)
    number = st.session_state.setdefault(f"{name}-number", 0)
    bar = st.container()
    edited = st.data_editor(
        held.drop(columns="version"),
        key=f"{name}-{number}",
        on_change="ignore",
        hide_index=True,
        disabled=["推荐单位"],
        height="content",
        row_height=28,
        placeholder="",
        column_config={
            "推荐单位": st.column_config.TextColumn(pinned=True, width=140),
            "参加": st.column_config.CheckboxColumn(width=70),
            "推荐名额": st.column_config.NumberColumn(min_value=0, step=1, width=100, help="留空表示不限名额"),
            "联系人": st.column_config.TextColumn(max_chars=128, help="只供省厅内部联系，不进入任何名单"),
        },
    )
    left, right = bar.columns([4, 1], vertical_alignment="bottom")
    why = left.text_input("理由（必填）", placeholder="例如：按通知下达名额", key=f"{name}-why", max_chars=500)
    if right.button("保存推荐单位", type="primary", key=f"{name}-save"):
        changes = changed_rows(held, edited)

        def work() -> str:
            result = service.set_recommenders(desk.app, desk.actor, chosen.id, changes, why)
            unpin(name)
            st.session_state[f"{name}-number"] = number + 1
            return f"已保存 {result.saved} 家。" + "".join(result.conflicts)

        act(work)


def changed_rows(held: pd.DataFrame, edited: pd.DataFrame) -> list[RecommenderChange]:
    """The lines that differ from what the person began with, with the version they began with."""
    changes = []
    for row in held.index:
        old, new = held.loc[row], edited.loc[row]
        before = (bool(old["参加"]), _quota(old["推荐名额"]), old["联系人"])
        after = (bool(new["参加"]), _quota(new["推荐名额"]), str(new["联系人"] or ""))
        if before != after:
            changes.append(RecommenderChange(str(old["推荐单位"]), int(old["version"]), *after))
    return changes


def _quota(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _quota_words(value: Any) -> str:
    return "不限" if _quota(value) is None else str(value)


def templates(desk: Desk, chosen: RoundView) -> None:
    """The workbooks to send out: as one zip, or into the shared folder."""
    st.write("每个参加的推荐单位一本，已带好年度、城市、下拉选项和填报说明。文件夹里已有的同名文件不会被覆盖。")
    app, round_id = desk.app, chosen.id
    one, two, _ = st.columns([1, 1, 2])
    one.download_button(
        "下载全部（压缩包）",
        lambda: service.template_zip(app, round_id),
        file_name=f"{chosen.year}年度推荐工作簿.zip",
        mime="application/zip",
        on_click="ignore",
    )
    if desk.may(Permission.MANAGE_ROUND) and two.button("放入共享文件夹", disabled=not chosen.folder):

        def work() -> str:
            with st.spinner("正在生成…"):
                made = service.templates_into_folder(app, desk.actor, round_id)
            kept = f"；已有 {len(made.kept)} 本，未动" if made.kept else ""
            return f"已放入 {len(made.made)} 本{kept}。"

        act(work)
    if not chosen.folder:
        st.caption("还没有填写共享文件夹，请先在“修改设置”中填写。")
    st.page_link("online.py", label="也可以请各市在 Google 在线表格中填报，一个市一个，自动同步：去在线表格 →")
