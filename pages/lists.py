"""名单: lists for publication, in official order, never a rank."""

from __future__ import annotations

import streamlit as st

from core.accounts import Permission
from core.errors import Refused
from core.services import lists as service
from core.services.lists import CANDIDATES, KINDS
from pages._parts.filters import segments
from pages._parts.tables import empty, page_of, show_table
from pages._shell import open_page, the_round

HEADS = ["序号", "地区", "平台（基地）名称", "类型", "运营主体"]
FILES = {
    "xlsx": ("下载表格（xlsx）", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("下载文稿（docx）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("下载文本（csv）", "text/csv"),
    "manifest.json": ("下载校验清单", "application/json"),
}
PAGE = 50

desk = open_page(
    "名单", Permission.READ_LISTS, "结论为达标的申报，按公布的次序列出，供核对和导出。名单不含分数、名次和电话。"
)
chosen = the_round(desk)
kind = segments("名单种类", "list", {code: KINDS[code] for code in CANDIDATES})
try:
    listed = service.public_list(desk.app, chosen.id, kind)
except Refused as refused:
    st.error(str(refused))
    st.stop()
if not listed.rows:
    empty("还没有结论为达标的申报。请到“条件审核”逐项认定。", page="checks.py", label="去条件审核")
    st.stop()
st.subheader(listed.title, anchor=False)
st.write(f"共 {len(listed.rows):,} 个。按行政区划排列，排名不分先后。")
if desk.may(Permission.EXPORT_LISTS):
    app, actor, round_id = desk.app, desk.actor, chosen.id
    for column, (suffix, (label, mime)) in zip(st.columns(5), FILES.items(), strict=False):
        column.download_button(
            label,
            lambda suffix=suffix: service.download(app, actor, round_id, kind, suffix)[1],
            file_name=f"{listed.year}年度{KINDS[kind]}.{suffix}",
            mime=mime,
            on_click="ignore",
            key=f"get-{suffix}",
        )
rows = page_of(len(listed.rows), size=PAGE, key="page-of-list")
show_table(HEADS, listed.rows[rows], numeric=["序号"], nowrap=["地区", "类型"])
others = "、".join(title for code, title in KINDS.items() if code not in CANDIDATES)
st.caption(f"{others}：公示期满并确认之后才有。")
