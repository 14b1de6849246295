"""名单: lists for publication, in official order, never a rank."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.accounts import Permission
from core.services import lists as service
from core.services.lists import KINDS
from core.views import RoundView
from core.views.lists import listing, unfit
from pages._catalog import PAGES
from pages._parts.as_of import as_of
from pages._parts.filters import segments
from pages._parts.tables import empty, page_of, show_table
from pages._shell import Desk, open_page, the_round

NARROW = {"序号", "地区", "类型", "复核结果"}  # columns that no line is broken in
FILES = {
    "xlsx": ("下载表格（xlsx）", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": ("下载文稿（docx）", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("下载文本（csv）", "text/csv"),
    "manifest.json": ("下载校验清单", "application/json"),
}
PAGE = 50
MOST = 10  # places told at once that stop a download


def downloads(desk: Desk, chosen: RoundView, kind: str, on: date | None) -> None:
    """A button for each form of the list; every download is noted in the ledger."""
    fetch = partial(service.download, desk.app, desk.actor, chosen.id, kind)
    stem = service.file_stem(chosen.year, kind, on)
    for column, (suffix, (label, mime)) in zip(st.columns(5), FILES.items(), strict=False):
        column.download_button(
            label,
            lambda suffix=suffix: fetch(suffix, on)[1],
            file_name=f"{stem}.{suffix}",
            mime=mime,
            on_click="ignore",
            key=f"get-{suffix}",
        )


desk = open_page(
    "名单", Permission.READ_LISTS, "本年度的各份名单，按公布的次序列出，供核对和导出。名单不含分数、名次和电话。"
)
chosen = the_round(desk)
# the page's name says 名单 already: all kinds stand in one row of a narrow window
kind = segments("名单种类", "list", {code: name.removesuffix("名单") for code, name in KINDS.items()})
left, right = st.columns([4, 1], vertical_alignment="bottom")
on = as_of(desk, right)
found = listing(desk.app, chosen.id, kind, on)
if not found.listed.rows:
    way = next((each for each in PAGES if each.path == found.page and each.open_to(desk.actor)), None)
    empty(found.empty, page=way.file if way else "", label=f"去{way.title}" if way else "")
    st.stop()
left.subheader(found.listed.title, anchor=False)
st.write(f"共 {len(found.listed.rows):,} 个，{found.source}按行政区划排列，排名不分先后。")
if desk.may(Permission.EXPORT_LISTS):
    if told := unfit(desk.app, chosen.id, kind, on):
        more = f"另外还有 {len(told) - MOST:,} 处。" if len(told) > MOST else ""
        st.error(f"名单里有不能对外公开的内容，改好以后才能下载：{''.join(told[:MOST])}{more}")
    else:
        downloads(desk, chosen, kind, on)
rows = page_of(len(found.listed.rows), size=PAGE, key="page-of-list")
heads = list(found.listed.header)
show_table(heads, found.listed.rows[rows], numeric=["序号"], nowrap=[each for each in heads[1:] if each in NARROW])
