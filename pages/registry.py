"""名录: who is recognised, creating, under rectification or revoked, in the words that the public reads."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.accounts import Permission
from core.services import registry as service
from core.standards.recommenders import recommenders
from core.views.checks import KIND_WORDS
from core.views.registry import RegistryFilter, RegistryView, groups, registry_view
from pages._parts.as_of import as_of
from pages._parts.filters import choice, typed
from pages._parts.linked import linked
from pages._parts.registry import list_html, show_one, tally_html
from pages._parts.tables import empty
from pages._shell import Desk, open_page

SIZE = 20
MOST = 10  # places told at a time
ALL = {"": "全部"}

desk = open_page(
    "名录",
    Permission.READ_LISTS,
    "社会公众查询的名录（第九条）：现有哪些省级示范平台（基地）和创建对象。这里看到的就是对外公开的，可以导出成网站。",
)


def overview(desk: Desk) -> None:
    """The filters, how many there are of each group, a page of the list, and the ways out."""
    boxes = st.columns([1.8, 1, 0.8, 1, 1.4])
    with boxes[0]:
        text = typed("查找", "text", hint="名称、曾用名、运营主体、服务内容")
    with boxes[1]:
        city = choice("地区", "city", ALL | {each.name: each.name for each in recommenders()})
    with boxes[2]:
        kind = choice("类型", "kind", ALL | KIND_WORDS)
    year = boxes[3].container()
    on = as_of(desk, boxes[4])
    with st.spinner("正在汇集名录……"):
        seen = registry_view(desk.app, on)
    with year:
        asked = choice("确定或认定年份", "year", ALL | {str(each): f"{each}年" for each in seen.years})
    wanted = RegistryFilter(text, city, kind, _asked_group(), asked)
    clicked = linked(tally_html(seen, wanted), "tally")
    if clicked is not None:
        st.query_params["group"] = clicked
        st.rerun()
    _downloads(desk, seen, on)
    _list(seen, wanted, on)


def _downloads(desk: Desk, seen: RegistryView, on: date | None) -> None:
    """The whole registry as files, whatever is searched for; every download is noted in the ledger."""
    if not seen.registry.objects or not desk.may(Permission.EXPORT_LISTS):
        return
    if seen.unfit:
        told = "".join(seen.unfit[:MOST]) + (
            f"另外还有 {len(seen.unfit) - MOST:,} 处。" if len(seen.unfit) > MOST else ""
        )
        st.error(f"名录里有不能对外公开的内容，更正以前不能下载：{told}请到“创建对象”更正。")
        return
    stem = service.file_stem(on)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            "下载名录网站（压缩包）",
            partial(_content, desk, "archive", on),
            file_name=f"{stem}.zip",
            mime="application/zip",
            on_click="ignore",
            key="get-registry-site",
            help="解压后整个文件夹放到网站上，或者直接打开 index.html。不用服务器，也不连外网",
        )
        st.download_button(
            "下载名录表格（csv）",
            partial(_content, desk, "table", on),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
            key="get-registry-table",
        )
        st.caption("下载的是全部名录，与筛选条件无关。")


def _content(desk: Desk, form: str, on: date | None) -> bytes:
    return (service.archive if form == "archive" else service.table)(desk.app, desk.actor, on)[1]


def _list(seen: RegistryView, wanted: RegistryFilter, on: date | None) -> None:
    """A page of what fits, or why there is nothing."""
    found = seen.found(wanted)
    if not found:
        _nothing(wanted, on)
        return
    pages = -(-len(found) // SIZE)
    bar = st.columns([2, 3], vertical_alignment="center")
    bar[0].write(f"共 {len(found):,} 个，按行政区划排列，排名不分先后。点名称看公开的经过。")
    first = _first(wanted, on, pages, bar[1])
    clicked = linked(list_html(found[first : first + SIZE]), "registry")
    if clicked:
        st.query_params["object"] = clicked
        st.rerun()


def _first(wanted: RegistryFilter, on: date | None, pages: int, box: st.delta_generator.DeltaGenerator) -> int:
    """The index of the first line to show, by the page in the address; another filter begins on the first page."""
    before = st.session_state.get("registry-asked", (wanted, on))
    st.session_state["registry-asked"] = (wanted, on)
    if before != (wanted, on):
        st.query_params.pop("page", None)
    if pages == 1:
        return 0
    text = st.query_params.get("page", "")
    asked = min(int(text), pages) if text.isdigit() and int(text) else 1
    number = box.pagination(pages, default=asked, key=f"page-of-registry-{wanted}-{on}")
    if number > 1:
        st.query_params["page"] = str(number)
    else:
        st.query_params.pop("page", None)
    return int(number - 1) * SIZE


def _asked_group() -> str:
    """The group in the address; anything else is left out of it."""
    asked = st.query_params.get("group", "")
    if asked not in {each.code for each in groups()}:
        asked = ""
    if not asked:
        st.query_params.pop("group", None)
    return asked


def _nothing(wanted: RegistryFilter, on: date | None) -> None:
    if wanted != RegistryFilter():
        empty("没有符合条件的。请换一个词，或者放宽筛选条件。")
    elif on:
        empty("那一天名录里还没有对象。请换一天查看。")
    elif desk.may(Permission.ACT_ON_CASES):
        empty(
            "名录还是空的。公示期满确定创建对象后会列在这里；往年已认定的，在“存量建档”登记后也列在这里。",
            page="cohort.py",
            label="去存量建档",
        )
    else:
        empty("名录还是空的。公示期满确定创建对象、登记往年已认定的对象以后，会列在这里。")


chosen = st.query_params.get("object", "")
if chosen:
    show_one(desk, chosen)
else:
    overview(desk)
