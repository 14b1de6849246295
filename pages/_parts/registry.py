"""The public registry in the app: its groups, its lines, and one object as the public sees it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from core.accounts import Permission
from core.views.registry import Registered, RegistryFilter, RegistryView, groups, registry_view
from pages._parts.as_of import as_of
from pages._parts.linked import link
from pages._parts.tables import empty, facts, show_table
from pages._parts.words import day, short_day
from pages._shell import Desk

HEADS = ("地区", "名称", "类型", "运营主体", "状态", "确定、认定日期", "服务内容、主导产业")
NARROW = ("类型", "运营主体")  # left out on a narrow screen
TONES = {"recognized": "good", "creating": "none", "rectifying": "warn", "revoked": "bad"}


def tally_html(seen: RegistryView, wanted: RegistryFilter) -> str:
    """How many there are of each group; each is a filter."""
    counts = seen.counts(wanted)
    tiles = [_tile("全部", "", sum(counts.values()), wanted.group)]
    tiles += [_tile(each.name, each.code, counts[each.code], wanted.group) for each in groups()]
    return f'<div class="sf-tally">{"".join(tiles)}</div>'


def _tile(name: str, code: str, count: int, chosen: str) -> str:
    on = " on" if code == chosen else ""
    return f'<div class="sf-tile{on}">{link(f"{name} {count:,}", code, f"?group={code}")}</div>'


def list_html(objects: Sequence[Registered]) -> str:
    """A line an object; the name opens it."""
    top = "".join(f'<th class="{"opt" if head in NARROW else ""}" scope="col">{head}</th>' for head in HEADS)
    body = "".join(_line(each) for each in objects)
    table = f'<table class="sf sf-cases"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="sf-wrap">{table}</div>'


def _line(each: Registered) -> str:
    former = "".join(f'<br><span class="soft">曾用名称：{escape(one.name)}</span>' for one in each.former)
    days = ((each.created, "确定"), (each.recognized, "认定"), (each.revoked, "撤销"))
    told = "<br>".join(f'<span class="nowrap">{short_day(one)}{what}</span>' for one, what in days if one)
    cells = (
        f'<td class="nowrap">{escape(each.city)}</td>',
        f"<td>{link(each.name, each.id, f'?object={each.id}')}{former}</td>",
        f'<td class="nowrap opt">{each.kind_word}</td>',
        f'<td class="opt">{escape(each.operator)}</td>',
        f"<td>{_status(each)}</td>",
        f"<td>{told}</td>",
        f"<td>{escape('、'.join(each.services) or each.industry)}</td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _status(each: Registered) -> str:
    return f'<span class="sf-state sf-tone-{TONES[each.group]}">{escape(each.status)}</span>'


def show_one(desk: Desk, id_: str) -> None:
    """One object as the public sees it, and the way to its file in the house."""
    bar = st.columns([5, 1.3], vertical_alignment="bottom")
    title = bar[0].container(horizontal=True, vertical_alignment="center")
    with title:
        if st.button("← 回到名录", key="back"):
            st.query_params.pop("object", None)
            st.rerun()
    on = as_of(desk, bar[1])
    each = registry_view(desk.app, on).one(id_)
    if each is None:
        empty(f"名录里没有编号“{id_}”的对象，可能已经不对外公开，也可能那一天还没有列入。请回到名录重新选择。")
        return
    title.html(f'<h2 class="sf-name">{escape(each.name)} {_status(each)}</h2>', width="stretch")
    facts(
        {
            "名录编号": each.id,
            "曾用名称": "；".join(f"{one.name}（至{short_day(one.until)}）" for one in each.former) or None,
            "地区": each.city,
            "类型": each.kind_word + (f"（{each.category}）" if each.category else ""),
            "运营主体": each.operator or None,
            **({"主导产业": each.industry or None} if each.kind == "base" else {}),
        }
    )
    if each.kind != "base":
        facts({"服务内容": "、".join(each.services) or None})
    st.subheader("公开的经过", anchor=False)
    rows = [(day(step.day), step.text, step.document) for step in each.history]
    show_table(["日期", "事项", "公布文号"], rows, nowrap=["日期"])
    if desk.may(Permission.READ_CASES):
        where = {"case": str(each.number)}
        st.page_link("cases.py", label="创建对象中的档案（内部）→", query_params=where, width="content")
